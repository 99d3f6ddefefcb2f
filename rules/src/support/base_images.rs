//! What is known of common base images without asking a registry: the user that they run as, whether they set a
//! working directory, and whether they set variables.

use plimsoll_base::ImageReference;
use std::sync::LazyLock;

/// The user that a base image's containers run as where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// Root.
    Root,
    /// Root at first; the image's own entrypoint changes to another user.
    StepsDown,
    /// Another user.
    NonRoot,
    /// A Windows image, whose users are others.
    Windows,
    /// Not known.
    Unknown,
}

/// The user of a base image.
pub(crate) fn account(image: &ImageReference<'_>) -> Account {
    let tag = image.tag.unwrap_or("");
    let repository = image.repository;
    if is_windows(image) {
        return Account::Windows;
    }
    let says_so =
        |text: &str| ["nonroot", "non-root", "rootless", "unprivileged"].iter().any(|mark| text.contains(mark));
    if says_so(tag) || says_so(repository) {
        return Account::NonRoot;
    }
    if let Some(name) = mirrored_official(image) {
        return official_account(name);
    }
    let path = match image.registry_or_default() {
        "docker.io" => repository.to_owned(),
        registry => format!("{registry}/{repository}"),
    };
    if path.starts_with("mcr.microsoft.com/dotnet/") {
        return if tag.contains("chiseled") || tag.contains("distroless") { Account::NonRoot } else { Account::Root };
    }
    let begins = |table: &Table| table.iter().any(|prefix| path.starts_with(prefix));
    if begins(&NON_ROOT) {
        return Account::NonRoot;
    }
    if begins(&ROOT) {
        return Account::Root;
    }
    if listed(&STEPS_DOWN, &path) {
        return Account::StepsDown;
    }
    Account::Unknown
}

/// Whether the image surely sets no working directory (`Some(false)`) or surely sets one (`Some(true)`).
pub(crate) fn has_working_directory(image: &ImageReference<'_>) -> Option<bool> {
    if image.registry_or_default() == "docker.io" && image.repository == "oven/bun" {
        return Some(true);
    }
    let name = mirrored_official(image)?;
    let tag = image.tag.unwrap_or("");
    if listed(&OFFICIAL_WITH_WORKDIR, name) || tag.contains("onbuild") {
        return Some(true);
    }
    listed(&OFFICIAL_WITHOUT_WORKDIR, name).then_some(false)
}

/// Whether the image is one of Docker's official images that this module knows.
pub(crate) fn is_known_official(image: &ImageReference<'_>) -> bool {
    image.official().is_some_and(|name| official_account(name) != Account::Unknown)
}

/// Whether the image sets no variables but `PATH`.
pub(crate) fn has_bare_environment(image: &ImageReference<'_>) -> bool {
    mirrored_official(image)
        .is_some_and(|name| matches!(name, "alpine" | "debian" | "ubuntu" | "busybox" | "rockylinux" | "almalinux"))
}

/// Whether the image is one for Windows, by its name or tag.
pub(crate) fn is_windows(image: &ImageReference<'_>) -> bool {
    let tag = image.tag.unwrap_or("").to_ascii_lowercase();
    let marks = ["windowsservercore", "nanoserver", "servercore"];
    image.repository.contains("windows/")
        || marks.iter().any(|mark| tag.contains(mark) || image.repository.contains(mark))
}

/// The name of one of Docker's official images, pulled from Docker or from a public mirror of them.
fn mirrored_official<'a>(image: &ImageReference<'a>) -> Option<&'a str> {
    match image.registry {
        Some("public.ecr.aws") => image.repository.strip_prefix("docker/library/"),
        Some("mirror.gcr.io") => Some(image.repository.strip_prefix("library/").unwrap_or(image.repository)),
        _ => image.official(),
    }
}

fn official_account(name: &str) -> Account {
    if listed(&OFFICIAL_NON_ROOT, name) {
        Account::NonRoot
    } else if listed(&OFFICIAL_STEPS_DOWN, name) {
        Account::StepsDown
    } else if listed(&OFFICIAL_ROOT, name) || listed(&OFFICIAL_WITHOUT_WORKDIR, name) {
        Account::Root
    } else {
        Account::Unknown
    }
}

fn listed(table: &Table, name: &str) -> bool {
    table.binary_search(&name).is_ok()
}

/// Names, sorted. Written as words between blanks; those of images that are not official are the beginnings of names.
type Table = LazyLock<Vec<&'static str>>;

fn words(text: &'static str) -> Vec<&'static str> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_unstable();
    words
}

/// Official images that set another user.
static OFFICIAL_NON_ROOT: Table = LazyLock::new(|| {
    words(
        "
    adminer elasticsearch groovy haproxy jetty kibana logstash memcached odoo open-liberty rocket.chat solr
    sonarqube spark spiped varnish websphere-liberty
",
    )
});

/// Official images whose entrypoint starts as root and changes to another user.
static OFFICIAL_STEPS_DOWN: Table = LazyLock::new(|| {
    words(
        "
    cassandra consul couchdb flink ghost influxdb mariadb mongo mysql neo4j percona postgres rabbitmq redis
    redmine storm telegraf vault znc zookeeper
",
    )
});

/// Official images that run as root and set a working directory.
static OFFICIAL_ROOT: Table = LazyLock::new(|| {
    words(
        "
    caddy composer dart drupal golang gradle httpd joomla matomo mediawiki nextcloud php phpmyadmin tomcat tomee
    traefik wordpress
",
    )
});

/// Official images that set a working directory.
static OFFICIAL_WITH_WORKDIR: Table = LazyLock::new(|| {
    words(
        "
    adminer caddy composer dart drupal elasticsearch flink ghost golang gradle httpd jetty joomla kibana logstash
    matomo mediawiki neo4j nextcloud php phpmyadmin redis redmine solr sonarqube spark storm tomcat tomee varnish
    wordpress zookeeper
",
    )
});

/// Official images that run as root (those of databases aside, see above) and set no working directory.
static OFFICIAL_WITHOUT_WORKDIR: Table = LazyLock::new(|| {
    words(
        "
    almalinux alpine alt amazoncorretto amazonlinux archlinux bash buildpack-deps busybox cassandra centos clojure
    couchdb debian docker eclipse-temurin elixir erlang fedora gcc haskell ibm-semeru-runtimes ibmjava jruby julia
    mariadb maven mongo mono mysql nginx node openjdk opensuse oraclelinux perl photon postgres pypy python r-base
    rabbitmq rockylinux ruby rust sapmachine swift ubuntu
",
    )
});

/// Other images that set another user.
static NON_ROOT: Table = LazyLock::new(|| {
    words(
        "
    apache/airflow apache/druid apache/kafka apache/nifi apache/spark apache/superset apache/zeppelin bitnami/
    bitnamilegacy/ bitnamisecure/ cgr.dev/chainguard/ chainguard/ cimg/ circleci/ confluentinc/ docker.elastic.co/
    ghcr.io/actions/actions-runner gitpod/workspace- grafana/grafana grafana/loki grafana/mimir grafana/tempo
    jboss/ jenkins/ jupyter/ opensearchproject/ payara/ prom/ public.ecr.aws/bitnami/ public.ecr.aws/lambda/
    quay.io/jupyter/ quay.io/keycloak/keycloak quay.io/prometheus/ quay.io/sclorg/ quay.io/wildfly/
    registry.access.redhat.com/ubi8/dotnet registry.access.redhat.com/ubi8/go-toolset
    registry.access.redhat.com/ubi8/httpd registry.access.redhat.com/ubi8/nginx
    registry.access.redhat.com/ubi8/nodejs registry.access.redhat.com/ubi8/openjdk
    registry.access.redhat.com/ubi8/php registry.access.redhat.com/ubi8/python
    registry.access.redhat.com/ubi8/ruby registry.access.redhat.com/ubi9/dotnet
    registry.access.redhat.com/ubi9/go-toolset registry.access.redhat.com/ubi9/httpd
    registry.access.redhat.com/ubi9/nginx registry.access.redhat.com/ubi9/nodejs
    registry.access.redhat.com/ubi9/openjdk registry.access.redhat.com/ubi9/php
    registry.access.redhat.com/ubi9/python registry.access.redhat.com/ubi9/ruby sclorg/ selenium/ trinodb/trino
",
    )
});

/// Other images that run as root.
static ROOT: Table = LazyLock::new(|| {
    words(
        "
    azul/zulu-openjdk bellsoft/ container-registry.oracle.com/ crystallang/crystal denoland/deno
    dunglas/frankenphp gcr.io/distroless/ ghcr.io/astral-sh/uv ghcr.io/graalvm/ hashicorp/terraform nixos/nix
    nvidia/cuda nvcr.io/nvidia/cuda oven/bun quay.io/centos/ quay.io/fedora/ redhat/ubi
    registry.access.redhat.com/ubi7/ubi registry.access.redhat.com/ubi8/ubi registry.access.redhat.com/ubi9/ubi
    registry.access.redhat.com/ubi10/ubi registry.fedoraproject.org/fedora sbtscala/scala-sbt
",
    )
});

/// Other images whose entrypoint starts as root and changes to another user.
static STEPS_DOWN: Table = LazyLock::new(|| {
    words(
        "
    hashicorp/consul hashicorp/vault postgis/postgis timescale/timescaledb
",
    )
});
