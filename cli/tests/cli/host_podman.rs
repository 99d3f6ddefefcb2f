//! podman through its socket: the containers of testdata/host/podman.txt, made anew.
#![cfg(unix)]

use crate::host_scenarios::{answers, compare, rows};
use crate::support::{Project, command, finish};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A service of podman with a storage of its own.
struct Podman {
    service: Child,
    folder: Project,
}

impl Podman {
    fn command(folder: &Project) -> Command {
        let at = |name: &str| folder.path().join(name).display().to_string();
        let mut command = Command::new("podman");
        command.args(["--root", &at("root"), "--runroot", &at("run"), "--storage-driver", "vfs"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) {
        let output =
            Self::command(&self.folder).args(arguments).stderr(Stdio::piped()).output().expect("podman starts");
        assert!(output.status.success(), "podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.service.id().to_string()).status();
        let _ = self.service.wait();
    }
}

#[test]
fn podman_answers_as_the_table_says() {
    let is_there = Command::new("podman").arg("--version").output().is_ok();
    if crate::dockerd::cannot_run() || !is_there {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "podman is missing");
        return;
    }
    let folder = Project::with("image/bin/sh", "");
    let socket = folder.path().join("p.sock");
    let service = Podman::command(&folder)
        .args(["system", "service", "--time=0", &format!("unix://{}", socket.display())])
        .stderr(Stdio::null())
        .spawn()
        .expect("podman starts");
    let podman = Podman { service, folder };
    let at = |name: &str| podman.folder.path().join(name).display().to_string();
    let tar = Command::new("tar").args(["-C", &at("image"), "-cf", &at("image.tar"), "."]).status();
    assert!(tar.expect("tar runs").success());
    podman.run(&["import", "-c", "CMD [\"sh\"]", &at("image.tar"), "localhost/box:1"]);
    let start = Instant::now();
    while !socket.exists() {
        assert!(start.elapsed() < Duration::from_mins(1), "podman does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    let rows = rows("podman.txt");
    for row in rows.iter().filter(|row| row[0] != "host") {
        let options = row[1].replace("/srv/podman", &podman.folder.path().display().to_string());
        let options: Vec<&str> = options.split_whitespace().collect();
        podman.run(&[&["create", "--name", &row[0]], &options[..], &["localhost/box:1"]].concat());
    }
    let mut program = command(&podman.folder.path(), &["host", "--preset", "all", "--format", "json"]);
    program.env("DOCKER_HOST", format!("unix://{}", socket.display()));
    let run = finish(program.spawn().expect("the program starts")).exits(1);
    assert!(run.errors().is_empty(), "{:?}", run.errors());
    let mut wrong = String::new();
    for row in &rows {
        let is_target = |target: &str| match row[0].as_str() {
            "host" => !target.starts_with("container:") && !target.starts_with("image:"),
            name => target == format!("container:{name}"),
        };
        compare(&row[0], &run.json(), is_target, &answers(&row[2]), &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}
