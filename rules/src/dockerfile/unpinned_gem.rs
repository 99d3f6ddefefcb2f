use crate::prelude::*;
use crate::support::managers::GEM;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags gems that `gem install` is given without a version.
    ///
    /// ## Why is this bad?
    /// RubyGems installs the newest version at the time of the build. A new major version, or one that somebody
    /// published with a stolen token, gets into the image unseen.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM ruby:3.4
    /// RUN gem install rails
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM ruby:3.4
    /// RUN gem install rails:8.0.2
    /// ```
    ///
    /// ## Notes
    /// `--version` counts too. hadolint takes the word behind any flag for its value, and so misses
    /// `gem install --no-document rails`; such findings do not carry its id.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3028"],
    fixable: false,
    check: Command(["gem"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    // What stands behind `--` is for the build of native extensions.
    let end = cmd.args().iter().position(|arg| arg.text == "--").unwrap_or(cmd.args().len());
    let args = cmd.args().get(..end).unwrap_or_default();
    let Some(call) = GEM.call(args).filter(|call| call.is(GEM.install)) else { return };
    let has_version = args.iter().any(|arg| arg.text.starts_with("--version")) || GEM.short(args, 'v') > 0;
    if has_version {
        return;
    }
    let loose = |word: &shell::Word<'_>| !word.text.starts_with('-') && !is_pinned(&word.text);
    let verb = call.verb.span;
    let hadolint = args.windows(2).any(|pair| match pair {
        [before, word] => !before.text.starts_with('-') && word.span != verb && loose(word),
        _ => false,
    });
    if let Some(finding) = unpinned(cx, &cmd, call.operands, is_pinned).report(cx, &cmd, "gem") {
        finding.only_aliases(|_| hadolint);
    }
}

/// `rails:8.0.2`, `rails:'~> 8.0'`; a gem in a file is what it is.
fn is_pinned(gem: &str) -> bool {
    gem.contains(':') || gem.ends_with(".gem")
}
