//! Commands behind other commands.
#![allow(clippy::unwrap_used, reason = "tests may")]

use plimsoll_shell::{Dialect, parse};

/// The commands as `wrapper: name arg arg`.
fn commands(text: &str) -> Vec<String> {
    let script = parse(text, Dialect::Posix).unwrap_or_else(|| panic!("does not parse: {text}"));
    let mut all = Vec::new();
    for command in &script.commands {
        assert!(command.name.span.text(text).contains(&*command.name.text), "{command:?}");
        let mut words = vec![&*command.name.text];
        words.extend(command.args.iter().map(|arg| &*arg.text));
        let wrapper = command.wrapper.map_or(String::new(), |wrapper| format!("{wrapper}: "));
        all.push(format!("{wrapper}{}", words.join(" ")));
    }
    all
}

/// Holds that the wrapper, with its arguments, runs the rest: `|` stands between them.
fn runs(wrapper: &str, text: &str) {
    let (own, behind) = text.split_once(" | ").unwrap();
    let whole = format!("{own} {behind}");
    assert_eq!(commands(&whole), [whole.clone(), format!("{wrapper}: {behind}")]);
}

#[test]
fn flags_and_operands_of_wrappers_are_skipped() {
    runs("sudo", "sudo | apt-get install -y curl");
    runs("sudo", "sudo -E -u root -g=x -Hn --user me --preserve-env=A -- | apt-get update");
    runs("sudo", "sudo A=1 -u root B=2 | make install");
    runs("env", "env -i -u HOME A=1 B= | make -j A=2");
    runs("env", "env - PATH=/bin | ls");
    runs("exec", "exec -a name | nginx -g daemon");
    runs("command", "command -p | ls -v");
    runs("builtin", "builtin | cd /x");
    runs("nohup", "nohup | server --flag");
    runs("nice", "nice -n 10 | make");
    runs("nice", "nice -10 | make");
    runs("ionice", "ionice -c2 -n 7 | make");
    runs("timeout", "timeout -s KILL --kill-after=5 -k 5 30s | wget -q url");
    runs("eatmydata", "eatmydata | apt-get install x");
    runs("xargs", "xargs -0 -r -n 1 -P4 -I {} | rm -rf {}");
    runs("gosu", "gosu nobody | id");
    runs("su-exec", "su-exec nobody:nogroup | id");
    runs("setpriv", "setpriv --reuid 1000 --init-groups --regid=1000 | id");
    runs("chroot", "chroot --userspec=a:b /mnt | apt-get update");
    runs("unshare", "unshare -rm --map-user 0 | id");
    runs("fakeroot", "fakeroot -s state -- | make install");
    runs("doas", "doas -u root -n | id");
    runs("strace", "strace -f -e trace=open -o log | id");
    runs("stdbuf", "stdbuf -o0 -e L | id");
    runs("runuser", "runuser -u www -- | php x");
    runs("busybox", "busybox | wget url");
    runs("flock", "flock -w 10 /lock | id");
    runs("time", "/usr/bin/time -f %e -v | id");
    runs("sudo", "/usr/bin/sudo | id");
    runs("xvfb-run", "xvfb-run -a -s -screen | npm test");
}

#[test]
fn wrappers_that_run_nothing() {
    for text in ["sudo", "sudo -l x", "command -v curl", "command -V x", "exec", "env A=1", "env -S 'a b'", "timeout 5"]
    {
        assert_eq!(commands(text).len(), 1, "{text}");
    }
    assert_eq!(commands("sudoedit x; \"$SUDO\" y").len(), 2);
}

#[test]
fn wrappers_behind_wrappers() {
    let expected = ["sudo env A=1 nice ls -l", "sudo: env A=1 nice ls -l", "env: nice ls -l", "nice: ls -l"];
    assert_eq!(commands("sudo env A=1 nice ls -l"), expected);
    let found = commands("find . -name x -exec chmod 1 {} \\; -o -execdir sh -c 'a $0' {} +");
    let expected = [
        "find . -name x -exec chmod 1 {} ; -o -execdir sh -c a $0 {} +",
        "find: chmod 1 {}",
        "find: sh -c a $0 {}",
        "sh: a $0",
    ];
    assert_eq!(found, expected);
    // Not without end.
    assert_eq!(commands(&"sudo ".repeat(100)).len(), 9);
}

#[test]
fn scripts_of_other_shells() {
    assert_eq!(commands("sh -c 'a; b | c'"), ["sh -c a; b | c", "sh: a", "sh: b", "sh: c"]);
    assert_eq!(
        commands("bash -euxo pipefail -c \"a && b\" x"),
        ["bash -euxo pipefail -c a && b x", "bash: a", "bash: b"]
    );
    assert_eq!(commands("/bin/bash --norc -lc a"), ["/bin/bash --norc -lc a", "bash: a"]);
    assert_eq!(commands("sh -c 'sh -c \"b c\"'"), ["sh -c sh -c \"b c\"", "sh: sh -c b c", "sh: b c"]);
    assert_eq!(commands("sudo sh -c 'a'"), ["sudo sh -c a", "sudo: sh -c a", "sh: a"]);
    assert_eq!(commands("su - me -s /bin/bash -c 'a'"), ["su - me -s /bin/bash -c a", "su: a"]);
    assert_eq!(commands("su -c \"a $X\" me"), ["su -c a $X me", "su: a $X"]);
    // What the inner shell sees is not what stands there.
    for text in ["sh -c \"a \\$X\"", "sh -c a\" b\"", "sh -c $X", "sh script -c a", "sh -c 'if'", "bash --version"] {
        assert_eq!(commands(text).len(), 1, "{text}");
    }
    assert_eq!(commands("sh -c \"$(a)\""), ["sh -c $(a)", "a"]);
}

#[test]
fn circumstances_of_inner_scripts() {
    let text = "if x; then sh -c 'a && (b)' | y; fi";
    let script = parse(text, Dialect::Posix).unwrap();
    let found: Vec<_> = script
        .commands
        .iter()
        .map(|it| (it.span.text(text), it.subshells, it.conditional, it.pipeline, it.list))
        .collect();
    let expected = [
        ("x", 0, 0, None, 1),
        ("sh -c 'a && (b)'", 0, 1, Some((0, 0)), 2),
        ("a", 1, 1, Some((0, 0)), 3),
        ("b", 2, 1, Some((0, 0)), 4),
        ("y", 0, 1, Some((0, 1)), 2),
    ];
    assert_eq!(found, expected);
}

#[test]
fn heredocs_that_feed_shells() {
    assert_eq!(commands("bash <<EOF\na $X\nb\nEOF\nc"), ["bash", "bash: a $X", "bash: b", "c"]);
    assert_eq!(
        commands("sudo sh -e <<'EOF'\na \\$X $(b)\nEOF\n"),
        ["sudo sh -e", "sudo: sh -e", "sh: a $X $(b)", "sh: b"]
    );
    assert_eq!(commands("<<EOF bash -s x\na\nEOF\n"), ["bash -s x", "bash: a"]);
    // The heredoc is no script, or not what the shell sees.
    assert_eq!(commands("sh script <<EOF\na\nEOF\n").len(), 1);
    assert_eq!(commands("cat <<EOF\na\nEOF\n").len(), 1);
    assert_eq!(commands("bash <<EOF\necho \\$X\nEOF\n").len(), 1);
    assert_eq!(commands("bash 3<<EOF\na\nEOF\n").len(), 1);
}
