//! `plimsoll build` and `plimsoll image NAME` with images that a real dockerd and buildah built, and with engines that are
//! none.
#![cfg(unix)]

use crate::dockerd::{Dockerd, cannot_run};
use crate::support::{Project, Run, command, finish};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

const TOKEN: &str = concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");

/// A base stage, one that is copied from, a build argument, and a secret that is deleted later.
const DOCKERFILE: &str = r#"FROM scratch AS build
COPY bin /bin
RUN busybox touch /built
FROM scratch AS base
COPY bin /bin
ARG NAME=app
RUN busybox mkdir -p /data/${NAME} && busybox chmod 777 /data/${NAME}
FROM base
ENV APP=/srv/app
COPY . ${APP}/
COPY --from=build /built /opt/
RUN busybox cp /bin/busybox /opt/tool && busybox chmod 4755 /opt/tool
RUN busybox rm ${APP}/token
CMD ["/bin/sh"]
"#;

const RULES: &str = "setuid-file,secret-in-layer,world-writable-file,context-clutter-in-image,image-not-of-dockerfile";

/// The rules that find something, and the lines where.
const FOUND: [(&str, u64); 4] =
    [("world-writable-file", 7), ("context-clutter-in-image", 10), ("secret-in-layer", 10), ("setuid-file", 12)];

fn run_at(project: &Project, socket: &Path, arguments: &[&str]) -> Run {
    let mut program = command(&project.path(), arguments);
    program.env("DOCKER_HOST", format!("unix://{}", socket.display()));
    finish(program.spawn().expect("the program starts"))
}

fn context(project: &Project) -> bool {
    let Some(busybox) = ["/bin/busybox", "/usr/bin/busybox"].into_iter().find(|path| Path::new(path).exists()) else {
        return false;
    };
    let program = std::fs::read(busybox).expect("busybox");
    project.write("context/bin/busybox", &program).write("context/bin/sh", &program);
    for name in ["bin/busybox", "bin/sh"] {
        let path = project.path().join("context").join(name);
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("its mode");
    }
    project.write("context/Dockerfile", DOCKERFILE).write("context/.git/HEAD", "ref: refs/heads/main\n");
    project.write("context/token", format!("TOKEN={TOKEN}\n"));
    true
}

/// What was found on the Dockerfile's lines, and how much was left to the image.
fn placed(run: &Run) -> (Vec<(String, u64)>, usize) {
    let findings = run.json()["findings"].as_array().expect("findings").clone();
    let of_file = |finding: &&serde_json::Value| finding["path"] == "context/Dockerfile";
    let place = |finding: &serde_json::Value| {
        let rule = finding["rule"].as_str().expect("a rule").to_owned();
        (rule, finding["start"]["line"].as_u64().expect("a line"))
    };
    let mut places: Vec<_> = findings.iter().filter(of_file).map(place).collect();
    places.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    let left = findings.iter().filter(|finding| !of_file(finding)).count();
    (places, left)
}

fn expected() -> Vec<(String, u64)> {
    FOUND.iter().map(|(rule, line)| ((*rule).to_owned(), *line)).collect()
}

#[test]
fn an_image_of_dockerd_stands_on_its_dockerfile() {
    if cannot_run() {
        return;
    }
    let project = Project::new();
    let dockerd = Dockerd::start("", "").expect("dockerd runs");
    assert!(context(&project), "busybox is there");
    let at = |name: &str| project.path().join(name).display().to_string();
    dockerd.docker(&["build", "-q", "--network", "none", "-t", "sample:1", &at("context")]).expect("an image");
    dockerd.docker(&["save", "-o", &at("saved.tar"), "sample:1"]).expect("an archive");
    let build = |image: &str| {
        let arguments = ["build", "context/Dockerfile", image, "--select", RULES, "--format", "json"];
        run_at(&project, &dockerd.socket(), &arguments).exits(1)
    };
    let of_archive = build("saved.tar");
    assert_eq!(placed(&of_archive), (expected(), 0), "{of_archive:?}");
    assert!(!of_archive.stdout.contains(TOKEN));
    let secret = of_archive.json()["findings"].as_array().expect("findings").clone();
    let secret = secret.iter().find(|finding| finding["rule"] == "secret-in-layer").expect("the secret").clone();
    assert_eq!(secret["related"][0]["start"]["line"], 13, "where it is deleted: {secret}");
    assert_eq!(placed(&build("sample:1")), (expected(), 0), "from the engine itself");
    // The same image by itself, from the archive and from the engine.
    let image = |image: &str| {
        let arguments = ["image", image, "--select", RULES, "--format", "json"];
        run_at(&project, &dockerd.socket(), &arguments).exits(1)
    };
    let (saved, named) = (image("saved.tar"), image("sample:1"));
    let rows = |run: &Run| -> Vec<String> {
        let findings = run.json()["findings"].as_array().expect("findings").clone();
        findings
            .iter()
            .map(|finding| format!("{} {} {}", finding["rule"], finding["message"], finding["image"]))
            .collect()
    };
    assert_eq!(rows(&saved), rows(&named));
    assert_eq!(named.json()["images"][0]["name"], "sample:1");
    run_at(&project, &dockerd.socket(), &["image", "sample:2"]).exits(2).stdout_has("there is no such image");
    // What is a path is a path.
    project.write("sample", "no image");
    run_at(&project, &dockerd.socket(), &["image", "sample"]).exits(2).stdout_has("no image: neither");
}

#[test]
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
fn an_image_of_buildah_stands_on_its_dockerfile() {
    let project = Project::new();
    let is_there = Command::new("buildah").arg("--version").output().is_ok();
    if !is_there || !context(&project) {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no buildah or no busybox");
        println!("skipped: no buildah or no busybox");
        return;
    }
    let buildah = |arguments: &[&str]| {
        let at = |name: &str| project.path().join(name).display().to_string();
        let output = Command::new("buildah")
            .args(["--root", &at("root"), "--runroot", &at("run"), "--storage-driver", "vfs"])
            .args(arguments)
            .current_dir(project.path())
            .output()
            .expect("buildah runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    buildah(&["bud", "--isolation", "chroot", "--layers", "-t", "sample", "context"]);
    let forms: [(&str, &[&str]); 4] = [
        ("oci-archive:oci.tar:sample", &[]),
        ("docker-archive:docker.tar:sample:1", &[]),
        ("oci:zstd", &["--compression-format", "zstd"]),
        ("dir:directory", &["--compression-format", "gzip"]),
    ];
    let mut reports = Vec::new();
    for (form, options) in forms {
        buildah(&[&["push"], options, &["sample", form]].concat());
        let path = form.split(':').nth(1).expect("a path");
        let arguments = ["build", "context/Dockerfile", path, "--select", RULES, "--format", "json"];
        let run = project.run(&arguments).exits(1);
        assert_eq!(placed(&run), (expected(), 0), "{form}: {run:?}");
        reports.push(placed(&run));
    }
    // Without --layers all instructions make one layer, so that none can be told; that is said.
    buildah(&["bud", "--isolation", "chroot", "-t", "flat", "context"]);
    buildah(&["push", "flat", "oci-archive:flat.tar:flat"]);
    let arguments = ["build", "context/Dockerfile", "flat.tar", "--select", RULES, "--format", "json"];
    let run = project.run(&arguments).exits(1);
    let (places, left) = placed(&run);
    assert!(places.iter().any(|(rule, _)| rule == "image-not-of-dockerfile"), "{run:?}");
    assert!(left > 0, "{run:?}");
}

#[test]
fn engines_that_are_none() {
    let project = Project::new();
    let none = project.path().join("none.sock");
    let run = run_at(&project, &none, &["image", "app:1"]).exits(2);
    assert!(
        run.stdout.contains("app:1: no such file or folder; as an image's name: no engine listens here"),
        "{run:?}"
    );
    // A Dockerfile is linted without its image.
    project.write("Dockerfile", "FROM scratch\nADD app.conf /etc/app.conf\n");
    let arguments = ["build", "Dockerfile", "app:1", "--select", "copy-not-add", "--format", "json"];
    let run = run_at(&project, &none, &arguments).exits(2);
    assert_eq!((run.paths(), run.errors().len()), (vec!["Dockerfile".to_owned()], 1), "{run:?}");
    let run = run_at(&project, &none, &["build", "missing", "app:1", "--format", "json"]).exits(2);
    assert_eq!(run.errors().len(), 2, "{run:?}");
    run_at(&project, &none, &["build", "-", "-"]).exits(2).stderr_has("not both");
    for (at, answer) in
        ["", "HTTP/1.0 500 no\r\n\r\n{\"message\": \"\x1b[31mdisk\\nfull\"}", "HTTP/1.0 200 OK\r\n\r\nno archive"]
            .into_iter()
            .enumerate()
    {
        let socket = project.path().join(format!("{at}.sock"));
        let listener = UnixListener::bind(&socket).expect("a socket");
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 512]);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let run = run_at(&project, &socket, &["image", "app:1"]).exits(2);
        assert!(!run.stdout.contains('\x1b'), "{run:?}");
    }
}

#[test]
fn a_bar_for_who_waits_at_a_terminal() {
    let project = Project::with("layer.tar", crate::image::archive("a", b"1"));
    let run = |arguments: &str| {
        let program = env!("CARGO_BIN_EXE_plimsoll");
        let line =
            format!("(head -c 600 layer.tar; sleep 1.3; tail -c +601 layer.tar) | {program} image - {arguments}");
        // `script` gives the program a terminal.
        let output = Command::new("script")
            .args(["-qec", &format!("sh -c '{line} >out'"), "/dev/null"])
            .current_dir(project.path())
            .env("HOME", project.path())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("script runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let shown = run("");
    assert!(shown.contains("<stdin> 0 MB") && shown.ends_with("\r\x1b[2K"), "{shown:?}");
    assert_eq!(run("--quiet"), "");
    assert!(!project.read("out").contains('\x1b'));
    // Where standard error is no terminal there is none.
    let run = project.run_with_stdin(&["image", "-"], &crate::image::archive("a", b"1")).exits(0);
    assert!(run.stderr.starts_with("note: standard input is read once") && run.stderr.lines().count() == 1, "{run:?}");
}
