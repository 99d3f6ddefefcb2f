//! Packages of rpm, as rpm itself writes its database.
#![allow(clippy::print_stdout, reason = "says what is skipped")]

use crate::support::scan_file;
use std::fs;
use std::process::Command;

const SPEC: &str = "Name: tool\nVersion: 1.2\nRelease: 3\nEpoch: 2\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
%description\nx\n%install\nmkdir -p %{buildroot}/usr/share/tool\n\
echo 'key = ghp_TOKEN' > %{buildroot}/usr/share/tool/example\n\
for i in $(seq 300); do echo $i > %{buildroot}/usr/share/tool/file-with-a-long-name-$i; done\n\
%files\n/usr/share/tool\n";

#[test]
fn a_database_that_rpm_wrote() {
    let has = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    if !has("rpm") || !has("rpmbuild") {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no rpm");
        println!("skipped: no rpm");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let run = |program: &str, arguments: &[&str]| {
        let output =
            Command::new(program).args(arguments).current_dir(folder.path()).env("HOME", folder.path()).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let token = ["wWPw5k4aXcaT4fNP0UcnZw", "JUVFk6LO0pINUx"].concat();
    fs::write(at("tool.spec"), SPEC.replace("TOKEN", &token)).expect("a spec");
    let (top, out) = (format!("_topdir {}", at("top")), format!("_rpmdir {}", at("out")));
    run("rpmbuild", &["-bb", "--quiet", "--define", &top, "--define", &out, "tool.spec"]);
    fs::create_dir(at("root")).expect("a folder");
    let database = ["--root", &at("root"), "--define", "_dbpath /var/lib/rpm"];
    run("rpm", &[&database[..], &["--initdb"]].concat());
    let package = at("out/noarch/tool-1.2-3.noarch.rpm");
    run("rpm", &[&database[..], &["-i", "--nodeps", "--force-debian", &package]].concat());
    fs::write(at("root/usr/share/tool/mine"), format!("key = ghp_{token}\n")).expect("a file of no package");
    run("tar", &["-C", "root", "-cf", "layer.tar", "."]);

    let image = scan_file(&fs::read(at("layer.tar")).expect("the layer")).image();
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
