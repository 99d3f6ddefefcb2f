//! Packages of rpm, as rpm itself writes its database, and as Berkeley DB's own tools write one.
#![allow(clippy::print_stdout, reason = "says what is skipped")]

use crate::support::scan_file;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const SPEC: &str = "Name: tool\nVersion: 1.2\nRelease: 3\nEpoch: 2\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
%description\nx\n%install\nmkdir -p %{buildroot}/usr/share/tool\n\
echo 'key = ghp_TOKEN' > %{buildroot}/usr/share/tool/example\n\
for i in $(seq 300); do echo $i > %{buildroot}/usr/share/tool/file-with-a-long-name-$i; done\n\
%files\n/usr/share/tool\n";

#[test]
fn a_database_that_rpm_wrote() {
    if let Some(system) = System::install(&[]) {
        system.check();
    }
}

#[test]
fn a_database_in_berkeley_db() {
    let Some(system) = System::install(&["db5.3_load"]) else { return };
    let headers = system.run("rpmdb", &[&system.database()[..], &["--exportdb".into()]].concat());
    // Each header begins with a mark, which the database leaves out.
    let header = headers.strip_prefix(b"\x8e\xad\xe8\x01\0\0\0\0").expect("a header");
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    let folder = system.at("root/var/lib/rpm");
    for (order, page) in [("1234", "4096"), ("4321", "4096"), ("1234", "512"), ("4321", "65536")] {
        fs::remove_dir_all(&folder).expect("the folder");
        fs::create_dir(&folder).expect("a folder");
        let mut dump =
            format!("VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder={order}\ndb_pagesize={page}\nHEADER=END\n");
        let mut record = |key: u32, value: &[u8]| {
            let _ = writeln!(dump, " {}\n {}", hex(&key.to_ne_bytes()), hex(value));
        };
        // Under 0 stands the next number; the others are none that make sense, in many buckets.
        record(0, &300_u32.to_ne_bytes());
        record(1, header);
        for key in 2..300 {
            record(key, &[key as u8; 64]);
        }
        fs::write(system.at("dump"), dump + "DATA=END\n").expect("a dump");
        system.run("db5.3_load", &["-f", "dump", "root/var/lib/rpm/Packages"]);
        system.check();
    }
}

/// A root file system in which rpm has installed a package.
struct System(tempfile::TempDir);

impl System {
    /// `None`, and a word about it, where a program is missing.
    fn install(programs: &[&str]) -> Option<Self> {
        for program in ["rpm", "rpmbuild"].iter().chain(programs) {
            if !std::env::var("PATH")
                .unwrap_or_default()
                .split(':')
                .any(|folder| Path::new(folder).join(program).exists())
            {
                assert!(std::env::var("CI").as_deref() != Ok("true"), "no {program}");
                println!("skipped: no {program}");
                return None;
            }
        }
        let system = Self(tempfile::tempdir().expect("a folder"));
        fs::write(system.at("tool.spec"), SPEC.replace("TOKEN", &token())).expect("a spec");
        let (top, out) = (format!("_topdir {}", system.at("top")), format!("_rpmdir {}", system.at("out")));
        system.run("rpmbuild", &["-bb", "--quiet", "--define", &top, "--define", &out, "tool.spec"]);
        fs::create_dir(system.at("root")).expect("a folder");
        system.run("rpm", &[&system.database()[..], &["--initdb".into()]].concat());
        let package = "out/noarch/tool-1.2-3.noarch.rpm";
        system.run(
            "rpm",
            &[&system.database()[..], &["-i", "--nodeps", "--force-debian", package].map(String::from)].concat(),
        );
        fs::write(system.at("root/usr/share/tool/mine"), format!("key = ghp_{}\n", token()))
            .expect("a file of no package");
        Some(system)
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn database(&self) -> [String; 4] {
        ["--root".into(), self.at("root"), "--define".into(), "_dbpath /var/lib/rpm".into()]
    }

    fn run<T: AsRef<OsStr>>(&self, program: &str, arguments: &[T]) -> Vec<u8> {
        let output =
            Command::new(program).args(arguments).current_dir(self.0.path()).env("HOME", self.0.path()).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The package is told, and what it brought with it counts less than what stands beside it.
    fn check(&self) {
        self.run("tar", &["-C", "root", "-cf", "layer.tar", "."]);
        let image = scan_file(&fs::read(self.at("layer.tar")).expect("the layer")).image();
        let packages: Vec<_> = image.packages().map(|(_, package)| package.clone()).collect();
        assert_eq!(packages.len(), 1, "{packages:?}");
        let package = &packages[0];
        assert_eq!((package.ecosystem.name(), &*package.name, &*package.version), ("rpm", "tool", "2:1.2-3"));
        assert_eq!(package.architecture.as_deref(), Some("noarch"));
        let entry = |path: &str| image.file(path).expect("the file");
        assert!(entry("usr/share/tool/file-with-a-long-name-300").is_package_path());
        let (example, mine) = (entry("usr/share/tool/example"), entry("usr/share/tool/mine"));
        assert_eq!((example.secrets().count(), mine.secrets().count()), (1, 1));
        assert_eq!((example.is_package_file(), mine.is_package_file()), (true, false));
    }
}

/// A GitHub token without its start.
fn token() -> String {
    ["wWPw5k4aXcaT4fNP0UcnZw", "JUVFk6LO0pINUx"].concat()
}
