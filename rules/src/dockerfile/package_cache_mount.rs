use crate::prelude::*;
use crate::support::cleanup;
use crate::support::managers::{APK, APT, DNF, GEM, GO, NPM, PIP, YARN, YUM, ZYPPER};
use crate::support::packages::{Call, Manager};
use crate::support::python::pip_args;

rule! {
    /// ## What it does
    /// Flags commands that fetch packages in a `RUN` without a cache mount on their manager's cache.
    ///
    /// ## Why is this bad?
    /// Whenever such a `RUN` runs again, it fetches everything anew. A cache mount keeps what was fetched from build to
    /// build, and out of the image, so nothing has to be cleaned up either.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// RUN pip install --no-cache-dir -r requirements.txt
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
    /// ```
    ///
    /// ## Notes
    /// In no preset but `all`: cache mounts need BuildKit, and runners that start empty gain nothing from them. A mount
    /// counts where it covers one of the manager's folders or has the manager's name in its target.
    category: Size, severity: Style, confidence: Medium, since: "0.1.0",
    presets: [],
    aliases: [],
    fixable: false,
    check: Script(check),
}

/// What fetches packages, and where it keeps them.
struct Fetcher {
    /// The programs.
    programs: &'static [&'static str],
    /// How their command lines are read.
    manager: &'static Manager,
    /// The subcommands that fetch; none means that the bare program does too.
    verbs: &'static [&'static str],
    /// Where the packages are kept; a mount has to cover one of these.
    folders: &'static [&'static str],
}

static FETCHERS: &[Fetcher] = &[
    Fetcher { programs: &["apt-get", "apt"], manager: &APT, verbs: APT.install, folders: &["/var/cache/apt"] },
    Fetcher {
        programs: APK.programs,
        manager: &APK,
        verbs: APK.install,
        folders: &["/var/cache/apk", "/etc/apk/cache"],
    },
    Fetcher {
        programs: YUM.programs,
        manager: &YUM,
        verbs: YUM.install,
        folders: &["/var/cache/yum", "/var/cache/dnf"],
    },
    Fetcher {
        programs: DNF.programs,
        manager: &DNF,
        verbs: DNF.install,
        folders: &["/var/cache/dnf", "/var/cache/libdnf5"],
    },
    Fetcher { programs: ZYPPER.programs, manager: &ZYPPER, verbs: ZYPPER.install, folders: &["/var/cache/zypp"] },
    Fetcher { programs: NPM.programs, manager: &NPM, verbs: &["install", "i", "ci"], folders: &["/root/.npm"] },
    Fetcher {
        programs: &["pnpm"],
        manager: &NPM,
        verbs: &["install", "i", "fetch"],
        folders: &["/root/.local/share/pnpm/store"],
    },
    Fetcher {
        programs: YARN.programs,
        manager: &YARN,
        verbs: YARN.install,
        folders: &["/usr/local/share/.cache/yarn", "/root/.yarn"],
    },
    Fetcher {
        programs: GEM.programs,
        manager: &GEM,
        verbs: GEM.install,
        folders: &["/usr/local/bundle/cache", "/root/.gem"],
    },
    Fetcher { programs: &["bundle"], manager: &GEM, verbs: &["install"], folders: &["/usr/local/bundle/cache"] },
    Fetcher {
        programs: GO.programs,
        manager: &GO,
        verbs: &["install", "get", "build", "mod"],
        folders: &["/go/pkg/mod"],
    },
    Fetcher {
        programs: &["cargo"],
        manager: &NPM,
        verbs: &["build", "install", "fetch"],
        folders: &["/usr/local/cargo/registry"],
    },
    Fetcher {
        programs: &["composer"],
        manager: &NPM,
        verbs: &["install", "update", "require"],
        folders: &["/root/.composer/cache", "/tmp/cache"],
    },
    Fetcher { programs: &["mvn"], manager: &NPM, verbs: &["package", "install", "verify"], folders: &["/root/.m2"] },
];

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, command) in script.commands().iter().enumerate() {
        let cmd = Cmd { script, index, command };
        let Some((call, folders)) = fetches(&cmd) else { continue };
        let Some(&folder) = folders.first().filter(|folder| !seen.contains(folder)) else { continue };
        // One finding for each cache of the `RUN` is enough.
        seen.push(folder);
        let name = folder.rsplit('/').next().unwrap_or(folder).trim_start_matches('.');
        let mounted = folders.iter().any(|folder| cleanup::mounted(&script.at, folder));
        if !mounted && !cleanup::mounted_like(&script.at, name) {
            let message = format!("`{}` without a cache mount on `{folder}`", call.shown(&cmd));
            cx.report(call.place(&cmd), message);
        }
    }
}

/// The call, where it fetches packages, and the folders that keep them.
fn fetches<'c>(cmd: &Cmd<'c>) -> Option<(Call<'c, 'c>, &'static [&'static str])> {
    if let Some(args) = pip_args(cmd) {
        let call = PIP.call(args).filter(|call| call.is(&["install", "wheel", "download"]))?;
        return Some((call, &["/root/.cache/pip"]));
    }
    let name = &*cmd.command.name.text;
    let fetcher = FETCHERS.iter().find(|fetcher| fetcher.programs.contains(&name))?;
    let call = fetcher.manager.call(cmd.args()).filter(|call| call.is(fetcher.verbs))?;
    Some((call, fetcher.folders))
}
