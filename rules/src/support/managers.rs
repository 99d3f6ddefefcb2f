//! What is known of each package manager.

use crate::support::packages::Manager;

const NONE: Manager = Manager { programs: &[], short: "", long: &[], single_dash: false, install: &[], remove: &[] };

const DNF_LONG: &[&str] = &[
    "advisory",
    "advisories",
    "bz",
    "bzs",
    "color",
    "comment",
    "config",
    "cve",
    "cves",
    "debuglevel",
    "destdir",
    "disable",
    "disableexcludes",
    "disableplugin",
    "disablerepo",
    "downloaddir",
    "enable",
    "enableplugin",
    "enablerepo",
    "errorlevel",
    "exclude",
    "excludepkgs",
    "forcearch",
    "installroot",
    "randomwait",
    "releasever",
    "repo",
    "repofrompath",
    "repoid",
    "rpmverbosity",
    "sec-severity",
    "setopt",
];

/// Debian and Ubuntu.
pub(crate) static APT: Manager = Manager {
    programs: &["apt-get", "apt", "aptitude"],
    short: "acotP",
    long: &["build-profiles", "config-file", "default-release", "host-architecture", "option", "target-release"],
    install: &["install", "reinstall", "satisfy"],
    remove: &["remove", "purge", "autoremove", "autopurge"],
    ..NONE
};

/// Alpine and Wolfi.
pub(crate) static APK: Manager = Manager {
    programs: &["apk"],
    short: "Xpt",
    long: &[
        "arch",
        "cache-dir",
        "cache-max-age",
        "keys-dir",
        "progress-fd",
        "repositories-file",
        "repository",
        "root",
        "timeout",
        "virtual",
        "wait",
    ],
    install: &["add"],
    remove: &["del"],
    ..NONE
};

/// Red Hat up to 7, and the name by which later ones still know `dnf`.
pub(crate) static YUM: Manager = Manager {
    programs: &["yum"],
    short: "Rcdex",
    long: DNF_LONG,
    install: &["install", "reinstall", "localinstall", "groupinstall"],
    remove: &["remove", "erase", "autoremove"],
    ..NONE
};

/// Fedora and Red Hat from 8.
pub(crate) static DNF: Manager = Manager {
    programs: &["dnf", "microdnf", "dnf5", "tdnf"],
    short: "Rcdex",
    long: DNF_LONG,
    install: &["install", "in", "reinstall", "rei", "localinstall", "groupinstall"],
    remove: &["remove", "rm", "erase", "autoremove"],
    ..NONE
};

/// SUSE.
pub(crate) static ZYPPER: Manager = Manager {
    programs: &["zypper"],
    short: "CDRcprt",
    long: &[
        "cache-dir",
        "config",
        "from",
        "installroot",
        "pkg-cache-dir",
        "plus-content",
        "plus-repo",
        "raw-cache-dir",
        "releasever",
        "repo",
        "reposd-dir",
        "root",
        "solv-cache-dir",
        "type",
    ],
    install: &["install", "in"],
    remove: &["remove", "rm"],
    ..NONE
};

/// Python. Long flags are those of `pip install` and the general ones.
pub(crate) static PIP: Manager = Manager {
    programs: &["pip", "pipx"],
    short: "Ccefirt",
    long: &[
        "abi",
        "build",
        "build-constraint",
        "cache-dir",
        "cert",
        "client-cert",
        "config-settings",
        "constraint",
        "editable",
        "exists-action",
        "extra-index-url",
        "find-links",
        "global-option",
        "group",
        "implementation",
        "index-url",
        "install-option",
        "keyring-provider",
        "log",
        "log-file",
        "no-binary",
        "only-binary",
        "pip-args",
        "platform",
        "prefix",
        "progress-bar",
        "proxy",
        "pypi-url",
        "python",
        "python-version",
        "report",
        "requirement",
        "requirements-from-script",
        "resume-retries",
        "retries",
        "root",
        "root-user-action",
        "src",
        "suffix",
        "target",
        "timeout",
        "trusted-host",
        "upgrade-strategy",
        "uploaded-prior-to",
        "use-deprecated",
        "use-feature",
    ],
    install: &["install"],
    ..NONE
};

/// Node.js.
pub(crate) static NPM: Manager = Manager {
    programs: &["npm"],
    short: "Cw",
    long: &[
        "audit-level",
        "before",
        "cache",
        "cpu",
        "globalconfig",
        "https-proxy",
        "include",
        "install-strategy",
        "libc",
        "location",
        "loglevel",
        "maxsockets",
        "network-timeout",
        "noproxy",
        "omit",
        "only",
        "os",
        "prefix",
        "proxy",
        "registry",
        "scope",
        "script-shell",
        "tag",
        "userconfig",
        "workspace",
    ],
    install: &["install", "i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall", "add"],
    ..NONE
};

/// Node.js too.
pub(crate) static YARN: Manager = Manager {
    programs: &["yarn", "yarnpkg"],
    long: &[
        "cache-folder",
        "cwd",
        "global-folder",
        "https-proxy",
        "link-folder",
        "modules-folder",
        "mutex",
        "network-concurrency",
        "network-timeout",
        "preferred-cache-folder",
        "prefix",
        "proxy",
        "registry",
        "use-yarnrc",
    ],
    install: &["install", "add"],
    ..NONE
};

/// Ruby.
pub(crate) static GEM: Manager = Manager {
    programs: &["gem"],
    short: "BPginspv",
    long: &[
        "bindir",
        "build-root",
        "bulk-threshold",
        "config-file",
        "document",
        "file",
        "http-proxy",
        "install-dir",
        "platform",
        "source",
        "target-rbconfig",
        "trust-policy",
        "version",
        "without",
    ],
    install: &["install", "i"],
    ..NONE
};

/// Go.
pub(crate) static GO: Manager = Manager {
    programs: &["go"],
    long: &[
        "C",
        "asmflags",
        "buildmode",
        "compiler",
        "covermode",
        "coverpkg",
        "exec",
        "gccgoflags",
        "gcflags",
        "installsuffix",
        "ldflags",
        "mod",
        "modfile",
        "o",
        "overlay",
        "p",
        "pgo",
        "pkgdir",
        "tags",
        "toolexec",
    ],
    single_dash: true,
    install: &["install", "get", "run"],
    ..NONE
};

/// The managers that install programs and libraries of a distribution.
static SYSTEM: [&Manager; 5] = [&APT, &APK, &YUM, &DNF, &ZYPPER];

/// The distribution's manager of that name.
pub(crate) fn of_distribution(program: &str) -> Option<&'static Manager> {
    SYSTEM.into_iter().find(|manager| manager.programs.contains(&program))
}
