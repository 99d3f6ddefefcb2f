//! A small report made by hand, and rules of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use plimsoll_base::{LineIndex, Span};
use plimsoll_engine::{
    Category, Confidence, Edit, FileReport, Finding, Fix, Input, InputError, InputKind, OwnPreset, PeerPreset, Peers,
    Preset, Report, RuleMeta, Severity, Status, Suppressed, SuppressedBy,
};
use std::io;

pub(crate) static COPY_NOT_ADD: RuleMeta = RuleMeta {
    id: "copy-not-add",
    doc: concat!(
        " ## What it does\n Flags `ADD` where `COPY` serves.\n\n",
        " ## Why is this bad?\n `ADD` may unpack or download, e.g. an archive, by the look of its\n",
        " source. `COPY` only copies.\n\n",
        " ## Example\n ```dockerfile,finding\n FROM alpine:3.20\n ADD app.conf /etc/app.conf\n ```\n Use instead:\n",
        " ```dockerfile,clean\n FROM alpine:3.20\n COPY app.conf \\\n   /etc/app.conf\n ```\n\n",
        " ## Fix\n - Replaces the keyword, and it takes a rather long sentence to say so in a list item here.\n - Else nothing.\n",
    ),
    input: Input::Dockerfile,
    category: Category::Style,
    severity: Severity::Warning,
    confidence: Confidence::High,
    presets: &[OwnPreset::Recommended, OwnPreset::Cis],
    since: "0.1.0",
    status: Status::Stable,
    aliases: &["DL3020", "DS-0005", "CKV_DOCKER_4", "CIS-DI-0009", "4.9"],
    fixable: true,
};

pub(crate) static ROOT_USER: RuleMeta = RuleMeta {
    id: "root-user",
    doc: " ## What it does\n Flags a final `USER` that is root | 0.\n\n ## Why is this bad?\n Root is root.\n",
    input: Input::Dockerfile,
    category: Category::Security,
    severity: Severity::Error,
    confidence: Confidence::Medium,
    presets: &[],
    since: "0.1.0",
    status: Status::Preview,
    aliases: &["DL3002", "SecretsUsedInArgOrEnv", "SC2086"],
    fixable: false,
};

pub(crate) static LONG_RUN: RuleMeta = RuleMeta {
    id: "long-run",
    doc: " ## What it does\n Flags long commands.\n\n ## Why is this bad?\n They are long.\n",
    input: Input::Dockerfile,
    category: Category::Size,
    severity: Severity::Info,
    confidence: Confidence::Low,
    presets: &[],
    since: "0.1.0",
    status: Status::Stable,
    aliases: &[],
    fixable: true,
};

pub(crate) const PEERS: Peers = Peers {
    presets: &[PeerPreset {
        preset: Preset::Hadolint,
        checks: &[("DL3020", Severity::Error), ("DL3999", Severity::Info)],
    }],
    groups: &[],
};

pub(crate) static RULES: [&RuleMeta; 3] = [&COPY_NOT_ADD, &LONG_RUN, &ROOT_USER];

/// Every kind of row that a report can have.
pub(crate) fn report() -> Report {
    let source = concat!(
        "\u{feff}# syntax=docker/dockerfile:1\r\n",
        "FROM ubuntu AS build\n",
        "\tADD  /tmp/é漢.conf /etc/ # keep\n",
        "RUN apt-get update && \\\n",
        "    apt-get install curl && \\\n",
        "    rm -rf /tmp/x\n",
        "USER root\n",
    );
    let span = |words: &str| {
        let start = source.find(words).expect("words of the source");
        Span::from(start..start + words.len())
    };

    let mut add = Finding::new(&COPY_NOT_ADD, span("ADD"), "`ADD` used for a local file");
    add.without_aliases(&["4.9"]);
    add.fix(Fix::safe("replace `ADD` with `COPY`", Edit::replace(span("ADD"), "COPY")));
    let mut name = Finding::new(&COPY_NOT_ADD, span("漢.conf"), "[odd](name) of 100 %: a, b");
    name.severity(Severity::Style).confidence(Confidence::Low);
    name.only_aliases(|_| false);
    name.related(span("ubuntu"), "the base is named here").related(span("root"), "and used here");
    let mut run = Finding::new(
        &LONG_RUN,
        span("apt-get update && \\\n    apt-get install curl && \\\n    rm -rf /tmp/x\n"),
        "long",
    );
    run.fix(Fix::unsafe_(
        "say yes and tidy up",
        vec![Edit::insert(span("curl").start, "-y "), Edit::delete(span(" && \\\n    rm -rf /tmp/x"))],
    ));
    let mut user = Finding::new(&ROOT_USER, span("root"), "the image runs as root");
    user.related(span("ubuntu"), "the base's user is root too");
    user.fix(Fix::unsafe_("name another user", Edit::replace(span("root"), "10001")));

    let mut findings = vec![add, name, run, user];
    for (finding, fingerprint) in findings.iter_mut().zip(["00aa", "11bb", "22cc", ""]) {
        fingerprint.clone_into(&mut finding.fingerprint);
    }
    let suppressed = vec![
        Suppressed {
            rule: "root-user",
            span: span("USER"),
            by: SuppressedBy::Comment,
            reason: Some("a builder".to_owned()),
            expires: Some("2030-01-31".to_owned()),
        },
        Suppressed { rule: "not-active", span: span("FROM"), by: SuppressedBy::Config, reason: None, expires: None },
    ];
    let error = |path: &str, line, message: &str| InputError {
        path: path.to_owned(),
        line,
        column: None,
        message: message.to_owned(),
    };
    Report {
        files: vec![
            file("app/100%, a:b/Dockerfile", source, findings, suppressed),
            file("clean/Dockerfile", "FROM scratch\n", Vec::new(), Vec::new()),
        ],
        errors: vec![
            error("", None, "unknown rule `DL9`"),
            error("bin/Dockerfile", None, "not UTF-8: byte 0xff at 12"),
            error("plimsoll.toml", Some(7), "unknown key `selct`, did you mean `select`?"),
        ],
        ..Report::default()
    }
}

pub(crate) fn file(path: &str, source: &str, findings: Vec<Finding>, suppressed: Vec<Suppressed>) -> FileReport {
    FileReport {
        path: path.to_owned(),
        kind: InputKind::Text,
        source: source.to_owned(),
        lines: LineIndex::new(source),
        findings,
        suppressed,
    }
}

/// What a format writes.
pub(crate) fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}
