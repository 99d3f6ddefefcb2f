//! Which files are checked.

use super::support::{BAD, Project, no_git};
use std::fs;

#[test]
fn names_in_folders() {
    let project = Project::new();
    for name in [
        "Dockerfile",
        "a/dockerfile",
        "a/Dockerfile.dev",
        "b/app.Dockerfile",
        "b/Containerfile",
        ".devcontainer/Dockerfile",
    ] {
        project.write(name, BAD);
    }
    for name in [
        "Dockerfile.dockerignore",
        "a/Dockerfile.md",
        "Dockerfile.j2",
        "b/README",
        ".git/Dockerfile",
        "a/.git/Dockerfile",
    ] {
        project.write(name, BAD);
    }
    let all = [
        ".devcontainer/Dockerfile",
        "Dockerfile",
        "a/Dockerfile.dev",
        "a/dockerfile",
        "b/Containerfile",
        "b/app.Dockerfile",
    ];
    assert_eq!(project.found(&[]), all);
    assert_eq!(project.found(&["."]), all);
    assert_eq!(project.found(&["./a/", "b"]), all[2..]);
}

#[test]
fn a_named_file_is_checked_whatever_its_name() {
    if no_git() {
        return;
    }
    let project = Project::with("build.txt", BAD);
    project.write("Dockerfile.j2", BAD).write(".gitignore", "*").git(&["init", "-q"]);
    assert_eq!(project.found(&["./build.txt", "Dockerfile.j2"]), ["Dockerfile.j2", "build.txt"]);
}

#[test]
fn a_file_named_twice_is_checked_once() {
    let project = Project::with("a/Dockerfile", BAD);
    let full = project.path().join("a/Dockerfile");
    let run = project.lint(&[
        "--format",
        "json",
        "a/Dockerfile",
        ".",
        "./a/../a/Dockerfile",
        "a",
        &full.to_string_lossy(),
        "a/*",
    ]);
    assert_eq!(run.paths().len(), 1, "{run:?}");
    assert_eq!(run.json()["summary"]["inputs"], 1);
}

#[test]
fn bare_without_dockerfiles_is_a_note() {
    let project = Project::with("README", "");
    for arguments in [&[][..], &["lint"], &["--quiet"]] {
        let run = project.run(arguments).exits(0);
        assert_eq!(run.stderr.contains("no Dockerfile or Compose file here"), arguments != ["--quiet"], "{run:?}");
    }
    project.run(&["lint", "."]).exits(2).stdout_has("no Dockerfile or Compose file in this folder");
}

#[test]
fn gitignore_as_git_has_it() {
    if no_git() {
        return;
    }
    let project = Project::new();
    for name in [
        "Dockerfile",
        "dist/Dockerfile",
        "old.Dockerfile",
        "sub/build/Dockerfile",
        "sub/keep/Dockerfile",
        "local/Dockerfile",
    ] {
        project.write(name, BAD);
    }
    project.write(".gitignore", "dist/\nold.*\n").write("sub/.gitignore", "*\n!keep\n!keep/**\n");
    // Outside of a repository such a file means nothing.
    assert_eq!(project.found(&["."]).len(), 6);
    project.git(&["init", "-q"]).write(".git/info/exclude", "/local\n");
    assert_eq!(project.found(&["."]), ["Dockerfile", "sub/keep/Dockerfile"]);
    // From below, what stands above still holds; a folder that is named is searched though ignored.
    assert_eq!(project.found(&["sub"]), ["sub/keep/Dockerfile"]);
    assert_eq!(project.found(&["dist"]), ["dist/Dockerfile"]);
}

#[test]
fn tracked_files_are_checked_though_ignored() {
    if no_git() {
        return;
    }
    let project = Project::new();
    for name in ["dist/Dockerfile", "dist/other.txt", "dist/gone/Dockerfile", "dist/x/Dockerfile"] {
        project.write(name, BAD);
    }
    project.git(&["init", "-q"]).git(&["add", "-A"]).write(".gitignore", "dist\n").write("dist/new/Dockerfile", BAD);
    fs::remove_dir_all(project.path().join("dist/gone")).expect("removed");
    let tracked = ["dist/Dockerfile", "dist/x/Dockerfile"];
    assert_eq!(project.found(&["."]), tracked);
    assert_eq!(project.found(&["dist/x"]), tracked[1..]);
    assert_eq!(project.found(&["**/x/*"]), tracked[1..]);
    // In a repository of its own inside of the folder as well, and in a worktree.
    project.git(&["commit", "-q", "-m", "first"]).git(&["worktree", "add", "-q", "tree"]);
    project.write("tree/.gitignore", "dist\n");
    assert!(project.path().join("tree/.git").is_file());
    assert_eq!(
        project.found(&["tree"]),
        ["tree/dist/Dockerfile", "tree/dist/gone/Dockerfile", "tree/dist/x/Dockerfile"]
    );
    assert_eq!(project.found(&["."]).len(), 5);
}

#[test]
fn globs() {
    let project = Project::new();
    for name in
        ["a/one.conf", "a/two.conf", "a/deep/three.conf", "svc/x/Dockerfile", "svc/x/other", "svc/y/sub/Dockerfile"]
    {
        project.write(name, BAD);
    }
    assert_eq!(project.found(&["a/*.conf"]), ["a/one.conf", "a/two.conf"]);
    assert_eq!(project.found(&["./a/**/*.conf"]), ["a/deep/three.conf", "a/one.conf", "a/two.conf"]);
    assert_eq!(project.found(&["svc/*"]), ["svc/x/Dockerfile", "svc/y/sub/Dockerfile"]);
    let full = project.path().join("a/t*");
    assert_eq!(project.found(&[&full.to_string_lossy()]), [project.path().join("a/two.conf").to_string_lossy()]);
    // A file whose name looks like a pattern is that file.
    project.write("[x]", BAD);
    assert_eq!(project.found(&["[x]"]), ["[x]"]);
}

#[cfg(unix)]
#[test]
fn links() {
    use std::os::unix::fs::symlink;
    let outside = Project::with("Dockerfile", BAD);
    let project = Project::with("images/base.txt", BAD);
    project.write("real/Dockerfile", BAD);
    let link = |target: &str, name: &str| symlink(target, project.path().join(name)).expect("a link");
    link("images/base.txt", "Dockerfile");
    link("real/Dockerfile", "Dockerfile.same");
    link(&outside.path().join("Dockerfile").to_string_lossy(), "Dockerfile.outside");
    link("nowhere", "Dockerfile.broken");
    link("Dockerfile.loop", "Dockerfile.loop");
    link("real", "Dockerfile.folder");
    link(".", "circle");
    // Inside the folder only, and under the file's own name where it has been found.
    assert_eq!(project.found(&["."]), ["Dockerfile", "real/Dockerfile"]);
    let run = project.lint(&["."]).exits(1);
    for note in [
        "note: Dockerfile.broken is not checked: a link that leads nowhere",
        "note: Dockerfile.loop is not checked: a link that leads nowhere",
        "note: Dockerfile.outside is not checked: a link that leads out of the folder",
    ] {
        assert!(run.stderr.lines().any(|line| line == note), "{run:?}");
    }
    assert_eq!(run.stderr.lines().count(), 3, "{run:?}");
    project.lint(&["--exclude", "*.broken", "--exclude", "*.loop", "--exclude", "*.outside", "."]).stderr_is("");
    // A link that is named is followed.
    assert_eq!(project.found(&["Dockerfile.outside"]), ["Dockerfile.outside"]);
    assert_eq!(project.found(&["circle/real"]), ["circle/real/Dockerfile"]);
}

#[test]
fn standard_input() {
    let project = Project::new();
    let lint = ["lint", "--select", "DL3020", "--format", "json"];
    let run = project.run_with_stdin(&[&lint[..], &["-"]].concat(), BAD.as_bytes()).exits(1);
    assert_eq!(run.paths(), ["<stdin>"]);
    project.write("sub/plimsoll.toml", "ignore = [\"DL3020\"]\nexclude = [\"gen\"]\n");
    let named =
        |name: &str| project.run_with_stdin(&[&lint[..], &["-", "--stdin-filename", name]].concat(), BAD.as_bytes());
    assert_eq!(named("x/Dockerfile").exits(1).paths(), ["x/Dockerfile"]);
    named("sub/Dockerfile").exits(0);
    assert_eq!(named("sub/gen/Dockerfile").exits(0).json()["summary"]["inputs"], 0);
    let run = project.run_with_stdin(&[&lint[..], &["-"]].concat(), b"FROM a\n\xff").exits(2);
    assert_eq!(run.errors(), ["<stdin>:2: not UTF-8: byte 0xff at offset 7"]);
}
