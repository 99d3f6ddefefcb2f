//! How layers lie over each other.

use crate::support::{scan_file, scan_stream};
use plimsoll_image::fixtures::{ImageWriter, TarWriter};
use plimsoll_image::{Image, IssueKind, Kind, State};

fn image(layers: &[&mut TarWriter]) -> Image {
    let mut image = ImageWriter::new("app:1");
    for (number, layer) in layers.iter().enumerate() {
        image.layer(&format!("RUN step {number}"), layer.finish());
    }
    let archive = image.docker_archive();
    scan_file(&archive).image()
}

/// The state of each version of a path, by layer.
fn states(image: &Image, path: &str) -> Vec<(usize, State)> {
    image.entries().filter(|entry| entry.path() == path).map(|entry| (entry.layer(), entry.state())).collect()
}

#[test]
fn whiteouts_delete() {
    let image = image(&[
        TarWriter::new().file("a", b"1").folder("d").file("d/x", b"2").file("d/y/z", b"33"),
        TarWriter::new().whiteout("a").whiteout("d"),
        TarWriter::new().file("a", b"4"),
    ]);
    assert_eq!(states(&image, "a"), [(0, State::Deleted { by: 1 }), (2, State::Present)]);
    assert_eq!(states(&image, "d/y/z"), [(0, State::Deleted { by: 1 })]);
    assert!(image.file("/d").is_none());
    assert_eq!((image.size(), image.waste(), image.layers[0].waste), (5, 4, 4));
    assert_eq!(image.created_by(1), Some("RUN step 1"));
}

#[test]
fn opaque_folders_hide_what_is_below_only() {
    let image = image(&[
        TarWriter::new().file("d/old", b"1").file("e", b"1"),
        // The mark may stand after the entries that it does not concern.
        TarWriter::new().file("d/new", b"1").opaque("d"),
    ]);
    assert_eq!(states(&image, "d/old"), [(0, State::Deleted { by: 1 })]);
    assert_eq!(states(&image, "d/new"), [(1, State::Present)]);
    assert_eq!(states(&image, "e"), [(0, State::Present)]);
}

#[test]
fn a_whiteout_spares_its_own_layer() {
    let image = image(&[TarWriter::new().file("a", b"1"), TarWriter::new().file("a", b"2").whiteout("a")]);
    assert_eq!(states(&image, "a"), [(0, State::Deleted { by: 1 }), (1, State::Present)]);
}

#[test]
fn a_file_in_place_of_a_folder_replaces_all_of_it() {
    let image = image(&[
        TarWriter::new().folder("d").file("d/x", b"1").file("d/y/z", b"1"),
        TarWriter::new().symlink("d", "elsewhere"),
    ]);
    assert_eq!(states(&image, "d"), [(0, State::Replaced { by: 1 }), (1, State::Present)]);
    assert_eq!(states(&image, "d/y/z"), [(0, State::Replaced { by: 1 })]);
}

#[test]
fn a_folder_over_a_folder_keeps_what_is_in_it() {
    let image = image(&[
        TarWriter::new().folder("d").file("d/x", b"1"),
        TarWriter::new().folder("d").mode(0o700).file("d/y", b"1"),
    ]);
    assert_eq!(states(&image, "d/x"), [(0, State::Present)]);
    assert_eq!(image.file("d").map(|folder| folder.mode()), Some(0o700));
}

#[test]
fn a_folder_listed_again_is_that_of_the_layer_that_had_it_first() {
    let image = image(&[
        TarWriter::new().folder("d").mode(0o777).file("d/x", b"1"),
        TarWriter::new().folder("d").mode(0o777).file("d/y", b"1"),
        TarWriter::new().folder("d").mode(0o755),
        TarWriter::new().folder("d").mode(0o777),
    ]);
    let replaced = |by| State::Replaced { by };
    assert_eq!(states(&image, "d"), [(0, replaced(2)), (1, replaced(1)), (2, replaced(3)), (3, State::Present)]);
    assert!(image.file("d/x").is_some() && image.file("d/y").is_some());
}

#[test]
fn paths_lead_through_links_of_lower_layers() {
    let image = image(&[
        TarWriter::new().folder("usr/lib").symlink("lib", "usr/lib").symlink("out", "/../../usr"),
        TarWriter::new().file("lib/a.so", b"1").file("out/b", b"1"),
        TarWriter::new().whiteout("lib/a.so"),
    ]);
    assert_eq!(states(&image, "lib/a.so"), [(1, State::Deleted { by: 2 })]);
    assert_eq!(image.file("/usr/b").map(|entry| entry.path()).as_deref(), Some("out/b"));
    assert_eq!(image.file("lib").map(|entry| entry.path()).as_deref(), Some("usr/lib"));
    assert_eq!(image.link("lib").map(|entry| entry.kind()), Some(Kind::Symlink));
}

#[test]
fn link_loops_end() {
    let image = image(&[
        TarWriter::new().symlink("a", "b").symlink("b", "a").symlink("self", "self"),
        TarWriter::new().file("a/x", b"1").file("self/y", b"1"),
    ]);
    assert!(image.issues.iter().any(|issue| issue.kind == IssueKind::LinkLoop && issue.layer == Some(1)));
    assert!(image.file("b/x").is_some(), "the file itself is there");
}

#[test]
fn hard_links_share_content() {
    let image = image(&[
        TarWriter::new().file("secret", b"0123456789").hard_link("alias", "secret"),
        TarWriter::new().whiteout("secret"),
        TarWriter::new().hard_link("late", "alias").hard_link("dangling", "secret"),
    ]);
    assert_eq!(states(&image, "secret"), [(0, State::Deleted { by: 1 })]);
    let late = image.file("late").expect("the link");
    assert_eq!((late.kind(), late.size(), late.content().path()), (Kind::HardLink, 0, "secret".to_owned()));
    assert_eq!(image.waste(), 0, "the bytes are still reached by another name");
    let dangling: Vec<_> = image.issues.iter().filter(|issue| issue.kind == IssueKind::DanglingHardLink).collect();
    assert_eq!(dangling.len(), 1);
    assert_eq!((dangling[0].layer, dangling[0].subject.as_str()), (Some(2), "dangling"));
}

#[test]
fn the_same_path_twice_in_a_layer() {
    let image = image(&[TarWriter::new().file("a", b"first").file("a", b"last!!")]);
    assert_eq!(states(&image, "a"), [(0, State::Replaced { by: 0 }), (0, State::Present)]);
    assert_eq!(image.waste(), 5);
}

#[test]
fn entries_have_what_their_headers_say() {
    let long = format!("{}/file", "long/".repeat(40));
    let mut tar = TarWriter::new();
    tar.file("bin/su", b"\x7fELF").mode(0o4755).owner(0, 42);
    tar.file_with_capability("bin/ping", b"\x7fELF", 13);
    tar.file(&long, b"x");
    tar.pax(&[("path", "p\u{e4}x".as_bytes()), ("uid", b"3000000"), ("size", b"3")]).file("ignored", b"abc");
    tar.member(b"dev/null", b'3', 0o666, "", b"").member(b"pipe", b'6', 0o600, "", b"");
    tar.member(b"not-utf8-\xff", b'0', 0o644, "", b"x");
    let image = image(&[&mut tar]);
    let su = image.file("bin/su").expect("su");
    assert_eq!((su.mode(), su.uid(), su.gid(), su.size()), (0o4755, 0, 42, 4));
    let names = image.file("bin/ping").and_then(|ping| ping.capabilities()).map(plimsoll_image::Capabilities::names);
    assert_eq!(names, Some(vec!["cap_net_raw".to_owned()]));
    assert!(image.file(&long).is_some());
    assert_eq!(image.file("päx").map(|entry| (entry.uid(), entry.size())), Some((3_000_000, 3)));
    assert_eq!(image.file("dev/null").map(|entry| entry.kind()), Some(Kind::CharacterDevice));
    assert_eq!(image.file("pipe").map(|entry| entry.kind()), Some(Kind::Fifo));
    assert!(image.entries().any(|entry| entry.path() == "not-utf8-%FF"));
}

#[test]
fn texts_are_kept_without_password_hashes() {
    let shadow = "root:$6$salt$hash:19000:0:99999:7:::\nnobody:*:19000::::::\nempty::::::::\n";
    let image = image(&[
        TarWriter::new().file("etc/shadow", shadow.as_bytes()).file("etc/passwd", b"root:x:0:0::/root:/bin/sh\n"),
        TarWriter::new().file("usr/lib/os-release", b"ID=debian\n").symlink("etc/os-release", "../usr/lib/os-release"),
    ]);
    assert_eq!(image.text("/etc/shadow").map(|text| text.contains("hash")), Some(false));
    assert_eq!(image.text("etc/shadow").and_then(|text| text.lines().next_back()), Some("empty::::::::"));
    assert_eq!(image.text("etc/os-release"), Some("ID=debian\n"));
}

#[test]
fn packages_and_their_files() {
    let status = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.1)\nVersion: 2.41-12\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n";
    let apk = "C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\no:musl\nF:lib\nR:ld-musl.so\n\n";
    let image = image(&[TarWriter::new()
        .file("var/lib/dpkg/status", status.as_bytes())
        .file("lib/apk/db/installed", apk.as_bytes())
        .file(
            "usr/lib/python3/dist-packages/x-1.dist-info/METADATA",
            b"Metadata-Version: 2.1\nName: x\nVersion: 1.0\n\nName: no\n",
        )
        .file("app/node_modules/@a/b/package.json", br#"{"name":"@a/b","version":"3.2.1","main":"x"}"#)
        .file("app/package.json", br#"{"name":"app","version":"1.0.0"}"#)]);
    let mut packages: Vec<String> = image
        .packages()
        .map(|(_, package)| format!("{}:{}={}", package.ecosystem.name(), package.name, package.version))
        .collect();
    packages.sort();
    assert_eq!(packages, ["apk:musl=1.2.5-r0", "deb:libc6=2.41-12", "npm:@a/b=3.2.1", "pypi:x=1.0"]);
}

#[test]
fn secrets_are_known_as_their_package_s_own() {
    let token = ["ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].concat();
    let content = format!("token = {token}\n");
    let record = "x/own.py,sha256=PLACEHOLDER,47\n";
    let digest = plimsoll_image::Digest::sha256(content.as_bytes()).hex();
    let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).expect("hex")).collect();
    let record = record.replace("PLACEHOLDER", &base64(&bytes));
    let mut archive = ImageWriter::new("app:1");
    archive.layer(
        "COPY . .",
        TarWriter::new()
            .file("lib/x/own.py", content.as_bytes())
            .file("lib/x/other.py", content.as_bytes())
            .file("lib/x-1.dist-info/RECORD", record.as_bytes())
            .finish(),
    );
    let image = scan_stream(&archive.docker_archive_25()).image();
    let found: Vec<_> = image
        .secrets()
        .map(|(entry, secret)| (entry.path(), secret.kind.id, secret.line, entry.is_package_file()))
        .collect();
    assert_eq!(
        found,
        [("lib/x/own.py".to_owned(), "github-token", 1, true), ("lib/x/other.py".to_owned(), "github-token", 1, false)]
    );
}

/// Without padding, as RECORD has it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit = |bits: u32| char::from(DIGITS[(bits & 63) as usize]);
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        text.extend((0..=chunk.len()).map(|at| digit(bits >> (18 - 6 * at))));
    }
    text
}

#[test]
fn a_byte_that_is_no_utf_8_hides_no_account() {
    let image = image(&[TarWriter::new().file("etc/passwd", b"app:x:0:0::/:/bin/sh\na:x:1:1:\xe9:/:/bin/sh\n")]);
    assert_eq!(image.text("etc/passwd"), Some("app:x:0:0::/:/bin/sh\na:x:1:1:\u{fffd}:/:/bin/sh\n"));
}
