//! A dockerd of our own: in a network of its own, with a copy of /etc of its own, so that no test changes the machine
//! or meets another one.

use crate::support::{Project, Run, command, finish};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A daemon that runs until it is dropped.
pub(crate) struct Dockerd {
    process: Child,
    pub(crate) folder: Project,
}

/// Why daemons cannot run here; with `CI=true` they must.
pub(crate) fn cannot_run() -> bool {
    let missing = ["dockerd", "docker", "busybox", "unshare", "nsenter", "openssl"].into_iter().find(|program| {
        let ran = Command::new(program).arg("--help").stdin(Stdio::null()).output();
        ran.is_err()
    });
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if missing.is_none() && is_root {
        return false;
    }
    let why = missing.map_or("not root".to_owned(), |program| format!("no {program}"));
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "the tests of a live engine cannot run: {why}");
    // The harness shows it with --nocapture; scripts/test says it in any case.
    let _ = writeln!(std::io::stderr(), "skipped: the test of a live engine ({why})");
    true
}

/// Splits a command line at blanks; what stands in `'` stays together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// What the daemon's /etc has besides the machine's, and what its tests are given.
const PREPARE: &str = r#"
set -e
chmod 0711 .
cp -a /etc etc
mkdir -p etc/docker tls
rm -f etc/docker/daemon.json
echo 'mapped:x:7777:7777::/:/bin/false' >> etc/passwd
echo 'mapped:x:7777:' >> etc/group
grep -q '^docker:' etc/group || echo 'docker:x:997:' >> etc/group
echo 'mapped:100000:65536' >> etc/subuid
echo 'mapped:100000:65536' >> etc/subgid
ln -s /etc link
echo '{"defaultAction": "SCMP_ACT_ALLOW"}' > seccomp.json
"#;

const CERTIFICATES: &str = r"
set -e
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout tls/key.pem -out tls/cert.pem -days 2 2>/dev/null
cp tls/cert.pem tls/ca.pem
chmod 0644 tls/*.pem
chmod 0400 tls/key.pem
";

const START: &str = r#"ip link set lo up; mount --bind "$1/etc" /etc; shift; exec dockerd "$@""#;

impl Dockerd {
    /// Starts one with that command line and daemon.json, in which `$DIR` is its folder. An error is what it said.
    pub(crate) fn start(arguments: &str, config: &str) -> Result<Self, String> {
        let folder = Project::new();
        let path = folder.path();
        let at = |name: &str| path.join(name).display().to_string();
        shell(&path, PREPARE);
        let own = |text: &str| text.replace("$DIR", &path.display().to_string());
        if arguments.contains("tls") || config.contains("tls") {
            shell(&path, CERTIFICATES);
        }
        if arguments.contains("authorization") {
            allow_all(&folder);
        }
        let mut all = words(&own(arguments));
        if !config.is_empty() {
            folder.write("daemon.json", own(config));
            all.extend(["--config-file".to_owned(), at("daemon.json")]);
        }
        if !arguments.contains("-H") && !config.contains("\"hosts\"") {
            all.extend(["-H".to_owned(), format!("unix://{}", at("s"))]);
        }
        let process = Command::new("unshare")
            .args(["--net", "--mount", "sh", "-c", START, "sh", &path.display().to_string()])
            .args(["--data-root", &at("data"), "--exec-root", &at("exec"), "-p", &at("pid")])
            .args(["--storage-driver", "vfs"])
            .args(all)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(path.join("log")).expect("a log"))
            .spawn()
            .expect("unshare starts");
        let mut dockerd = Self { process, folder };
        let start = Instant::now();
        while dockerd.docker(&["version"]).is_err() {
            let ended = dockerd.process.try_wait().expect("a state").is_some();
            if ended || start.elapsed() > Duration::from_mins(1) {
                return Err(dockerd.folder.read("log"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(dockerd)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path()
    }

    /// Runs the client; an error is what it said.
    pub(crate) fn docker(&self, arguments: &[&str]) -> Result<(), String> {
        let mut client = Command::new("docker");
        client.args(arguments).env("DOCKER_HOST", self.address()).env("DOCKER_BUILDKIT", "0");
        said(client.stdin(Stdio::null()).output().expect("docker starts"))
    }

    /// Runs a command where the daemon is: in its network, with its /etc.
    pub(crate) fn inside(&self, words: &[String]) -> Result<(), String> {
        let mut command = self.enter();
        command.args(words).env("DOCKER_HOST", self.address()).stdin(Stdio::null());
        said(command.output().expect("nsenter starts"))
    }

    /// Runs `plimsoll host` there.
    pub(crate) fn host(&self, arguments: &[&str]) -> Run {
        let mut plain = command(&self.path(), &[&["host"], arguments].concat());
        self.run(plain.env("DOCKER_HOST", self.address()))
    }

    /// Runs a program there, as the command says.
    pub(crate) fn run(&self, plain: &Command) -> Run {
        let mut command = self.enter();
        let folder = plain.get_current_dir().map_or_else(|| self.path(), std::path::Path::to_path_buf);
        command.arg("env").arg(format!("--chdir={}", folder.display())).arg(plain.get_program()).args(plain.get_args());
        command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        finish(command.spawn().expect("the program starts"))
    }

    /// Makes the image `box:1`: busybox, a user, and programs that do as if.
    pub(crate) fn make_image(&self) {
        let busybox = Command::new("sh").args(["-c", "command -v busybox"]).output().expect("sh runs").stdout;
        let busybox = fs::read(String::from_utf8_lossy(&busybox).trim()).expect("busybox");
        let folder = &self.folder;
        folder
            .write("image/bin/busybox", busybox)
            .write("image/bin/down", "#!/bin/sh\nexec su app -s /bin/sh -c 'exec sleep 1000'\n")
            .write("image/bin/apt-get", "#!/bin/sh\nexit 0\n")
            .write("image/etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")
            .write("image/etc/group", "root:x:0:\napp:x:1000:\naudio:x:29:\ndocker:x:997:\n");
        // What runs as an SSH server shows by its name, and does nothing.
        folder.write("image/usr/sbin/sshd.c", "#include <unistd.h>\nint main(void) { for (;;) pause(); }\n");
        folder.write("image/bin/serve", "#!/bin/sh\nexec /usr/sbin/sshd -D\n");
        shell(
            &self.path().join("image/usr/sbin"),
            "cc -static -Os -o sshd sshd.c && rm sshd.c && chmod 0755 ../../bin/serve",
        );
        let bin = self.path().join("image/bin");
        for name in ["busybox", "down", "apt-get"] {
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).expect("a mode");
        }
        for name in ["sh", "sleep", "su"] {
            symlink("busybox", bin.join(name)).expect("a link");
        }
        let at = |name: &str| self.path().join(name).display().to_string();
        let tar = Command::new("tar").args(["-C", &at("image"), "-cf", &at("image.tar"), "."]).status();
        assert!(tar.expect("tar runs").success());
        self.docker(&["import", "-c", "CMD [\"sleep\", \"1000\"]", &at("image.tar"), "box:1"]).expect("an image");
    }

    fn address(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Its socket, which is to be reached from everywhere.
    pub(crate) fn socket(&self) -> PathBuf {
        self.path().join("s")
    }

    fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--net", "--mount", "--target", &self.process.id().to_string()]);
        command
    }
}

impl Drop for Dockerd {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn shell(folder: &std::path::Path, script: &str) {
    let output = Command::new("sh").args(["-c", script]).current_dir(folder).output().expect("sh runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn said(output: Output) -> Result<(), String> {
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// An authorization plugin that lets everything through.
fn allow_all(folder: &Project) {
    let socket = folder.path().join("allow.sock");
    folder.write("etc/docker/plugins/allow.spec", format!("unix://{}", socket.display()));
    let listener = std::os::unix::net::UnixListener::bind(socket).expect("a socket");
    let answer = |mut stream: std::os::unix::net::UnixStream| {
        let mut request = vec![0; 1 << 16];
        let count = std::io::Read::read(&mut stream, &mut request).unwrap_or_default();
        let activates = request[..count].windows(8).any(|window| window == b"Activate");
        let body = if activates { r#"{"Implements": ["authz"]}"# } else { r#"{"Allow": true}"# };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1.1+json\r\nConnection: close\r\n";
        let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
    };
    std::thread::spawn(move || {
        listener.incoming().flatten().for_each(|stream| drop(std::thread::spawn(move || answer(stream))));
    });
}
