use crate::prelude::*;
use crate::support::base_images::{Account, account};
use crate::support::users;

rule! {
    /// ## What it does
    /// Flags images that set no `USER` and whose base runs as root.
    ///
    /// ## Why is this bad?
    /// Without `USER` the process runs as root: whoever breaks into it owns everything in the container, and stands one
    /// kernel or configuration mistake away from owning the host. Most services need no root: they can listen on low
    /// ports without it since Docker 20.10.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:24
    /// COPY . /srv
    /// CMD ["node", "/srv/server.js"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24
    /// COPY . /srv
    /// USER node
    /// CMD ["node", "/srv/server.js"]
    /// ```
    ///
    /// ## Notes
    /// Only the stage that the build gives counts, with those that it is built from. A warning where the base is known
    /// to run as root; an info where it is not known, or where the image seems to give up root when it starts (`gosu`,
    /// `su-exec`, `setpriv`, ...). Nothing is said where the base is known to run as somebody else, and of Windows images.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0002", "CKV_DOCKER_3", "CIS-DI-0001", "4.1"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let Some(stage) = cx.facts.final_stage() else { return };
    if users::last_user(cx.facts, stage.index()).is_some() {
        return;
    }
    let base = cx.facts.root_base(stage.index());
    let (account, name) = match base {
        Some(Base::Image(image)) => {
            (ImageReference::parse(image).map_or(Account::Unknown, |i| account(&i)), Some(image))
        }
        Some(Base::Scratch) => (Account::Root, None),
        _ => (Account::Unknown, None),
    };
    let account = match account {
        Account::Root if users::steps_down(cx.facts, stage.index()) => Account::StepsDown,
        known => known,
    };
    let message = match (account, name) {
        (Account::Root, _) => "no `USER`: the image runs as root".to_owned(),
        (Account::StepsDown, _) => "no `USER`: the image starts as root".to_owned(),
        (_, Some(name)) => format!("no `USER`: the image runs as root unless `{name}` says otherwise"),
        (_, None) => "no `USER`: the image runs as root unless its base says otherwise".to_owned(),
    };
    // A root file system to build upon: its users are for the images that are built on it to choose.
    let only_files = base == Some(&Base::Scratch)
        && !cx.facts.lineage(stage.index()).any(|fact| {
            fact.instructions.iter().any(|i| matches!(i.keyword_kind(), Keyword::Cmd | Keyword::Entrypoint))
        });
    let finding = cx.report(stage.stage.base.span, message);
    match account {
        Account::Root => {}
        Account::StepsDown | Account::Unknown => {
            finding.severity(Severity::Info).confidence(Confidence::Medium);
        }
        Account::NonRoot | Account::Windows => {
            finding.severity(Severity::Info).confidence(Confidence::Low).quiet();
            finding.without_aliases(&["CIS-DI-0001", "4.1"]);
        }
    }
    if only_files {
        finding.quiet();
    }
}
