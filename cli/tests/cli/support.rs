//! A folder to run the program in, and what came of it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// One finding, with a safe fix, of a rule that every test here selects: what other rules say does not matter.
pub(crate) const BAD: &str = "FROM scratch\nADD app.conf /etc/app.conf\n";
/// The same without the finding.
pub(crate) const GOOD: &str = "FROM scratch\nCOPY app.conf /etc/app.conf\n";
/// The rule, by an id that users know it by.
pub(crate) const RULE: &str = "DL3020";

/// A folder of its own.
pub(crate) struct Project {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with one file of that content.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let project = Self::new();
        project.write(name, content);
        project
    }

    /// The folder, without links.
    pub(crate) fn path(&self) -> PathBuf {
        fs::canonicalize(self.folder.path()).expect("the folder")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, content).expect("the file is written");
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("the file is read")
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(command(&self.path(), arguments).spawn().expect("the program starts"))
    }

    /// Runs it with only the one rule, so that findings are known.
    pub(crate) fn lint(&self, arguments: &[&str]) -> Run {
        self.run(&[&["lint", "--select", RULE], arguments].concat())
    }

    pub(crate) fn run_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        let mut child = command(&self.path(), arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(stdin).expect("standard input is read");
        finish(child)
    }

    /// The findings' paths, each once, in the report's order.
    pub(crate) fn found(&self, arguments: &[&str]) -> Vec<String> {
        let run = self.lint(&[&["--format", "json"], arguments].concat());
        let mut paths = run.paths();
        paths.dedup();
        paths
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> &Self {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(self.path())
            .env("HOME", self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }
}

/// Whether git is missing: a test then says so and checks nothing, unless `CI=true` wants every test.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn no_git() -> bool {
    let missing = Command::new("git").arg("--version").output().is_err();
    if missing {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "git is missing");
        println!("skipped: git is missing");
    }
    missing
}

impl Run {
    /// The report in JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The paths of the findings in a JSON report.
    pub(crate) fn paths(&self) -> Vec<String> {
        let findings = self.json()["findings"].as_array().expect("findings").clone();
        findings.iter().map(|finding| finding["path"].as_str().expect("a path").to_owned()).collect()
    }

    /// The rows of errors in a JSON report, as `path:line: message`.
    pub(crate) fn errors(&self) -> Vec<String> {
        let row = |error: &serde_json::Value| {
            let line = error["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
            format!(
                "{}{line}: {}",
                error["path"].as_str().unwrap_or_default(),
                error["message"].as_str().unwrap_or_default()
            )
        };
        self.json()["errors"].as_array().expect("errors").iter().map(row).collect()
    }

    /// The same run, which must have ended with that code.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    pub(crate) fn stdout_has(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no {text:?} in standard output: {self:?}");
        self
    }

    pub(crate) fn stderr_is(self, text: &str) -> Self {
        assert_eq!(self.stderr, text, "{self:?}");
        self
    }

    pub(crate) fn stderr_has(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} in standard error: {self:?}");
        self
    }
}

/// The program in a folder, with an environment that changes nothing.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for the program, which must not take long: a run that blocks is killed and fails the test.
pub(crate) fn finish(mut child: std::process::Child) -> Run {
    let id = child.id();
    let (send, receive) = std::sync::mpsc::channel();
    let guard = std::thread::spawn(move || {
        let start = Instant::now();
        let ended = receive.recv_timeout(Duration::from_mins(1)).is_ok();
        if !ended {
            let _ = Command::new("kill").arg(id.to_string()).status();
        }
        (ended, start.elapsed())
    });
    drop(child.stdin.take());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    let _ = send.send(());
    let (ended, time) = guard.join().expect("the guard ends");
    assert!(ended, "the program blocked for {time:?}");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Run { code: status.code().expect("an exit code"), stdout: text(stdout), stderr: text(stderr) }
}
