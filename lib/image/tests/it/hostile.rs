//! Archives that are broken, or made to fool a reader: nothing panics, nothing is silently skipped, memory is bounded.

use crate::support::{Files, Scan, scan, scan_file, scan_stream};
use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll_image::fixtures::{ImageWriter, TarWriter, archive, blob_path, descriptor, index, oci_layout};
use plimsoll_image::{Digest, ErrorKind, Input, IssueKind, LayerStatus, Limit, Limits, Options};
use std::collections::BTreeMap;
use std::io::Write;

/// An image with a sound layer and one that holds these bytes.
fn beside_sound(stored: &[u8]) -> Vec<u8> {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN sound", TarWriter::new().file("sound", b"1").finish());
    image.stored_layer("RUN hostile", Digest::sha256(stored), stored.to_vec(), "application/x");
    image.docker_archive_25()
}

/// The only error of an image whose hostile layer cannot be read; the sound one was.
fn layer_error(stored: &[u8]) -> ErrorKind {
    layer_error_within(stored, Limits::default())
}

fn layer_error_within(stored: &[u8], limits: Limits) -> ErrorKind {
    let bytes = beside_sound(stored);
    let mut kinds = Vec::new();
    for input in [Input::File(&bytes), Input::Stream(Box::new(bytes.as_slice()))] {
        let Scan { images, errors } = scan(input, Options::default(), limits.clone());
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].blob().is_some(), "the error names the blob: {errors:?}");
        assert_eq!((images.len(), images[0].layers[1].status), (1, LayerStatus::Unreadable));
        assert!(images[0].file("sound").is_some() && !images[0].is_complete());
        kinds.push(errors[0].kind());
    }
    assert_eq!(kinds[0], kinds[1], "a stream says the same");
    kinds[0]
}

/// What is wrong with an image of which everything can be read.
fn issues(bytes: &Vec<u8>) -> Vec<IssueKind> {
    let scanned = scan_file(bytes);
    assert_eq!(scanned.errors, []);
    let of = |scanned: &Scan| -> Vec<IssueKind> {
        scanned.images.iter().flat_map(|image| image.issues.iter().map(|issue| issue.kind)).collect()
    };
    let found = of(&scanned);
    assert_eq!(of(&scan_stream(bytes)), found, "a stream says the same");
    found
}

fn layer_issues(layer: &[u8]) -> Vec<IssueKind> {
    issues(&beside_sound(layer))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn names_stay_inside_the_root() {
    let mut tar = TarWriter::new();
    tar.file("../../etc/passwd", b"x").file("/abs", b"x").file("a/../../b", b"x").file("./././c", b"x");
    let bytes = beside_sound(&tar.finish());
    let image = scan_file(&bytes).image();
    let paths: Vec<_> = image.entries().map(|entry| entry.path()).collect();
    assert_eq!(paths, ["sound", "etc/passwd", "abs", "b", "c"]);
    assert_eq!(issues(&bytes), [IssueKind::UnsafePath, IssueKind::UnsafePath]);
}

#[test]
fn odd_whiteouts() {
    let mut tar = TarWriter::new();
    tar.file(".wh.", b"").file(".wh...", b"").file("d/.wh..", b"").file(".wh..wh.plnk", b"").file(".wh..wh..opq", b"");
    let image = scan_file(&beside_sound(&tar.finish())).image();
    assert!(image.file("sound").is_none(), "an opaque root hides all");
    assert_eq!(image.entries().filter(|entry| entry.layer() == 1).count(), 4);
}

#[test]
fn absurd_paths() {
    let deep = "d/".repeat(2000);
    let mut tar = TarWriter::new();
    tar.file(&format!("{deep}f"), b"x").file(&format!("{deep}g"), b"x");
    assert_eq!(layer_issues(&tar.finish()), []);
    assert_eq!(layer_error(&TarWriter::new().file(&"x".repeat(5000), b"").finish()), ErrorKind::Corrupt);
    let long = "t".repeat(5000);
    assert_eq!(layer_error(&TarWriter::new().hard_link("l", &long).finish()), ErrorKind::Corrupt);
    assert_eq!(layer_issues(&TarWriter::new().symlink("l", &long).file("l/x", b"").finish()), []);
    // Control characters and marks of direction are names like others; reports make them harmless.
    assert_eq!(layer_issues(&TarWriter::new().file("a\n::warning::\u{202e}b\u{1b}[31m", b"").finish()), []);
}

#[test]
fn links_that_lead_nowhere() {
    let mut chain = TarWriter::new();
    for step in 0..50 {
        chain.symlink(&format!("l{step}"), &format!("l{}", step + 1));
    }
    chain.folder("l50");
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN links", chain.finish());
    image.layer("RUN use", TarWriter::new().file("l0/x", b"").file("l20/y", b"").finish());
    assert_eq!(issues(&image.docker_archive()), [IssueKind::LinkLoop]);
    // Hard links to themselves, to each other, to folders, to what is not there.
    let mut tar = TarWriter::new();
    tar.hard_link("a", "a").hard_link("b", "c").hard_link("c", "b").folder("d").hard_link("e", "d").hard_link("f", "");
    assert!(layer_issues(&tar.finish()).iter().all(|kind| *kind == IssueKind::DanglingHardLink));
}

#[test]
fn a_damaged_layer_keeps_what_came_before() {
    let mut layer = TarWriter::new();
    let secret = concat!("token = ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");
    layer.file("key", secret.as_bytes()).file("big", &[b'x'; 3000]).file("last", b"1");
    let layer = layer.finish();
    let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = layer.clone();
        change(&mut bytes);
        let mut image = ImageWriter::new("app:1");
        image.layer("RUN x", bytes);
        scan_file(&image.docker_archive())
    };
    let last = layer.windows(5).position(|name| name == b"last\0").expect("the header");
    for scanned in [damaged(&|bytes| bytes[last] = b'L'), damaged(&|bytes| bytes.truncate(last - 1000))] {
        assert_eq!(scanned.errors.len(), 1, "{:?}", scanned.errors);
        let image = &scanned.images[0];
        assert_eq!((image.secrets().count(), image.layers[0].status), (1, LayerStatus::Unreadable));
        assert!(image.file("key").is_some() && image.issues.is_empty(), "{:?}", image.issues);
    }
}

#[test]
fn many_links_cost_little() {
    // Each look-up of a folder goes through the longest chain of the longest targets that is allowed.
    let mut chain = TarWriter::new();
    let filler = "./".repeat(1500);
    for step in 0..39 {
        chain.symlink(&format!("l{step}"), &format!("{filler}l{}", step + 1));
    }
    chain.folder("l39");
    let mut users = TarWriter::new();
    for number in 0..2000 {
        users.file(&format!("l0/d{number}/x"), b"").whiteout(&format!("l0/gone{number}"));
    }
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN links", chain.finish()).layer("RUN use", users.finish());
    assert_eq!(scan_file(&image.docker_archive()).image().entries().count(), 2040);
}

#[test]
fn bombs() {
    let zeros = vec![0; 300 << 20];
    for bomb in [gzip(&zeros), zstd(&zeros)] {
        assert_eq!(layer_error(&bomb), ErrorKind::Limit(Limit::Ratio));
        // The outer coding of an archive counts as well.
        let errors = scan_file(&bomb).errors;
        assert_eq!(errors[0].kind(), ErrorKind::Limit(Limit::Ratio), "{errors:?}");
        let patient = Limits { ratio: u64::MAX, ..Limits::default() };
        let scanned = scan(Input::File(&beside_sound(&bomb)), Options::default(), patient);
        assert_eq!(scanned.errors, []);
    }
    let small = Limits { bytes: 100 << 10, ..Limits::default() };
    let layer = TarWriter::new().file("big", &vec![0; 200 << 10]).finish();
    let bytes = beside_sound(&gzip(&layer));
    let errors = scan(Input::File(&bytes), Options::default(), small).errors;
    assert_eq!(errors[0].kind(), ErrorKind::Limit(Limit::Bytes));
    assert!(errors[0].to_string().contains("--max-bytes"), "{errors:?}");
}

#[test]
fn too_many_entries() {
    let mut tar = TarWriter::new();
    for number in 0..200 {
        tar.file(&format!("f{number}"), b"");
    }
    let few = Limits { entries: 100, ..Limits::default() };
    assert_eq!(layer_error_within(&tar.finish(), few.clone()), ErrorKind::Limit(Limit::Entries));
    // Folders that only paths imply take memory too.
    let implied = TarWriter::new().file(&format!("{}x", "d/".repeat(200)), b"").finish();
    assert_eq!(layer_error_within(&implied, few.clone()), ErrorKind::Limit(Limit::Entries));
    let status = "Package: p\nVersion: 1\n\n".repeat(200);
    let packages = TarWriter::new().file("var/lib/dpkg/status", status.as_bytes()).finish();
    assert_eq!(layer_error_within(&packages, few), ErrorKind::Limit(Limit::Entries));
}

#[test]
fn giant_headers() {
    for kind in [b'x', b'L', b'K', b'g'] {
        let announced = TarWriter::new().header(b"h", kind, 0, b"", 1 << 30).finish();
        assert_eq!(layer_error(&announced), ErrorKind::Limit(Limit::Header));
    }
    let mut chained = TarWriter::new();
    for _ in 0..20 {
        chained.pax(&[("comment", &vec![b'x'; 100 << 10])]);
    }
    assert_eq!(layer_error(&chained.file("f", b"").finish()), ErrorKind::Limit(Limit::Header));
    let xattr = vec![b'x'; 60 << 10];
    let sound = TarWriter::new().pax(&[("SCHILY.xattr.user.big", &xattr)]).file("f", b"").finish();
    assert_eq!(layer_issues(&sound), []);
}

#[test]
fn malformed_headers() {
    let malformed: [&[u8]; 6] =
        [b"", b"5 a=\n", b"99 path=x\n", b"x path=y\n", b"10 path\n\n\n\n", b"18446744073709551616 a=b\n"];
    for records in malformed {
        let mut tar = TarWriter::new();
        tar.member(b"PaxHeaders/x", b'x', 0, "", records).file("f", b"");
        let bytes = beside_sound(&tar.finish());
        assert!(scan_file(&bytes).errors.len() <= 1);
    }
    assert_eq!(layer_error(&TarWriter::new().pax(&[("size", b"-1")]).file("f", b"").finish()), ErrorKind::Corrupt);
    assert_eq!(layer_error(&TarWriter::new().pax(&[("uid", b"1.5")]).file("f", b"").finish()), ErrorKind::Corrupt);
    for (at, value) in [(124, &b"zzzzzzzzzzz"[..]), (124, &[0xff; 12]), (108, b"9999999"), (124, &[0xbf; 12])] {
        assert_eq!(layer_error(&TarWriter::new().file("f", b"").field(at, value).finish()), ErrorKind::Corrupt);
    }
    let mut broken = TarWriter::new().file("a", b"1").file("b", b"2").finish();
    broken[1024 + 3] ^= 1;
    assert_eq!(layer_error(&broken), ErrorKind::Corrupt);
}

#[test]
fn lying_sizes() {
    let beyond = TarWriter::new().file("f", b"x").field(124, b"00077777777\0").finish();
    assert_eq!(layer_error(&beyond), ErrorKind::Truncated);
    let mut largest = vec![0x80, 0, 0, 0, 0x7f];
    largest.resize(12, 0xff);
    assert_eq!(layer_error(&TarWriter::new().file("f", b"x").field(124, &largest).finish()), ErrorKind::Truncated);
    let two = TarWriter::new().pax(&[("size", b"3")]).file("f", b"abcdef").finish();
    assert_eq!(layer_issues(&two), [IssueKind::AmbiguousSize]);
    // A folder or link with a size has no content: what follows is the next header.
    let folder = TarWriter::new().folder("d").field(124, b"00000001000\0").file("after", b"x").finish();
    let image = scan_file(&beside_sound(&folder)).image();
    assert!(image.file("after").is_some());
}

#[test]
fn sparse_files() {
    let mut tar = TarWriter::new();
    // GNU's old form: one stored piece of a file that claims 8 EiB.
    tar.member(b"huge", b'S', 0o644, "", &[b'x'; 512]);
    tar.field(386, b"00000000000\0").field(398, b"00000001000\0");
    let mut size = vec![0x80, 0, 0, 0, 0x7f];
    size.resize(12, 0xff);
    tar.field(483, &size);
    // The newer form, with a map that announces more numbers than there are.
    tar.pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.name", b"etc/passwd"), ("GNU.sparse.realsize", b"20")]);
    tar.file("GNUSparseFile.0/passwd", &[&b"1\n10\n4\n"[..], &[0; 505], b"root"].concat());
    let image = scan_file(&beside_sound(&tar.finish())).image();
    assert_eq!(image.file("huge").map(|entry| entry.size()), Some(0x7fff_ffff_ffff_ffff));
    assert_eq!(image.file("etc/passwd").map(|entry| entry.size()), Some(20));
    assert_eq!(image.text("etc/passwd"), Some("\0\0\0\0\0\0\0\0\0\0root\0\0\0\0\0\0"));
    for map in [&b"99999999999999999999\n"[..], b"-1\n", b"3\n1\n", b"x"] {
        let mut tar = TarWriter::new();
        tar.pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.realsize", b"20")]);
        tar.file("f", &[map, &vec![0; 512 - map.len()]].concat());
        assert_eq!(layer_error(&tar.finish()), ErrorKind::Corrupt);
    }
    let outside = "4611686018427387904,4,18446744073709551615,1";
    let mut tar = TarWriter::new();
    tar.pax(&[("GNU.sparse.map", outside.as_bytes()), ("GNU.sparse.size", b"30")]).file("etc/group", b"abcde");
    assert_eq!(layer_issues(&tar.finish()), []);
}

#[test]
fn wrong_digests() {
    let mut image = ImageWriter::new("app:1");
    let layer = TarWriter::new().file("a", b"1").finish();
    image.stored_layer("RUN x", Digest::sha256(b"something else"), layer, "application/x");
    assert_eq!(issues(&image.docker_archive()), [IssueKind::DigestMismatch], "the diff ID");
    let image_of = |change: fn(&mut (String, Vec<u8>))| {
        let mut image = ImageWriter::new("app:1");
        image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
        let mut files = image.oci_layout();
        files.iter_mut().for_each(change);
        archive(&files)
    };
    let manifest = image_of(|(name, content)| {
        if name.starts_with("blobs/") && content.starts_with(b"{\"schemaVersion") {
            content.push(b' ');
        }
    });
    // Its hash, and its size.
    assert_eq!(issues(&manifest), [IssueKind::DigestMismatch; 2]);
    let config = image_of(|(_, content)| {
        if content.starts_with(b"{\"architecture") {
            *content = String::from_utf8_lossy(content).replace("amd64", "arm64").into_bytes();
        }
    });
    assert_eq!(issues(&config), [IssueKind::DigestMismatch]);
    let layer = image_of(|(_, content)| {
        if content.starts_with(b"a\0") {
            content[512] = b'2';
        }
    });
    assert_eq!(issues(&layer), [IssueKind::DigestMismatch], "the digest, which is the diff ID");
    let unverified = Options { verify: false, ..Options::default() };
    let image = scan(Input::File(&layer), unverified, Limits::default()).image();
    assert_eq!(image.issues, []);
}

#[test]
fn indexes_in_circles_and_in_depth() {
    // With a wrong digest an index can name itself.
    let digest = Digest::sha256(b"round");
    let round = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"{digest}","size":1}}]}}"#
    );
    let files = [
        ("index.json".to_owned(), round.clone().into_bytes()),
        (format!("blobs/sha256/{}", digest.hex()), round.into_bytes()),
    ];
    let scanned = scan_file(&archive(&files));
    assert_eq!((scanned.images.len(), scanned.errors.len()), (0, 1));

    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    let nested = |levels: usize| {
        let mut files = image.blobs();
        let mut top = index(&[image.descriptor()]);
        for _ in 0..levels {
            files.push((blob_path(&top), top.clone()));
            top = index(&[descriptor("application/vnd.oci.image.index.v1+json", &top, "")]);
        }
        files.push(("index.json".to_owned(), top));
        archive(&files)
    };
    assert_eq!(scan_file(&nested(5)).image().name, "app:1");
    let errors = scan_file(&nested(12)).errors;
    assert_eq!(errors[0].kind(), ErrorKind::Limit(Limit::Depth));
}

#[test]
fn one_document_with_two_meanings() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    let both = String::from_utf8(image.manifest_json()).expect("JSON").replacen('{', "{\"manifests\":[],", 1);
    let mut files = image.blobs();
    files.push((blob_path(both.as_bytes()), both.clone().into_bytes()));
    files.push(("index.json".to_owned(), index(&[descriptor("", both.as_bytes(), "")])));
    assert_eq!(issues(&archive(&files)), [IssueKind::TwoReadings]);
}

#[test]
fn two_images_for_two_readers() {
    let mut good = ImageWriter::new("app:1");
    good.layer("RUN good", TarWriter::new().file("good", b"1").finish());
    let mut evil = ImageWriter::new("app:1");
    evil.layer("RUN evil", TarWriter::new().file("evil", b"1").finish());
    let mut files = oci_layout(&[&evil]);
    files.extend(good.blobs());
    let layer = TarWriter::new().file("good", b"1").finish();
    let manifest = format!(
        r#"[{{"Config":"{}","RepoTags":["app:1"],"Layers":["{}"]}}]"#,
        blob_path(&good.config_json()),
        blob_path(&layer)
    );
    files.push(("manifest.json".to_owned(), manifest.into_bytes()));
    let bytes = archive(&files);
    assert_eq!(issues(&bytes), [IssueKind::TwoReadings]);
    assert_eq!(scan_file(&bytes).images.len(), 2, "both are scanned");
    // The same configuration with other layers is another image too.
    let mut files = oci_layout(&[&good]);
    let other = TarWriter::new().file("other", b"1").finish();
    files.push((blob_path(&other), other.clone()));
    let manifest = format!(
        r#"[{{"Config":"{}","RepoTags":["app:1"],"Layers":["{}"]}}]"#,
        blob_path(&good.config_json()),
        blob_path(&other)
    );
    files.push(("manifest.json".to_owned(), manifest.into_bytes()));
    let found = issues(&archive(&files));
    assert!(found.contains(&IssueKind::TwoReadings) && found.contains(&IssueKind::DigestMismatch), "{found:?}");
}

#[test]
fn duplicate_members() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    let mut files = image.oci_layout();
    files.insert(0, ("index.json".to_owned(), b"{}".to_vec()));
    files.insert(0, ("./index.json".to_owned(), b"{}".to_vec()));
    assert_eq!(issues(&archive(&files)), [IssueKind::DuplicateMember]);
}

#[test]
fn ambiguous_keys() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    image.config(r#""User":"app","user":"root","Labels":{"a":"1","A":"2"}"#);
    assert_eq!(issues(&image.docker_archive()), [IssueKind::AmbiguousKey]);
    image.config(r#""User":"app","User":"root""#);
    let scanned = scan_file(&image.docker_archive()).image();
    assert_eq!(scanned.config.and_then(|config| config.user).as_deref(), Some("root"), "as Go reads it");
}

#[test]
fn bytes_after_the_end() {
    let mut hidden = TarWriter::new().file("a", b"1").finish();
    hidden.extend(TarWriter::new().file("hidden", b"1").finish());
    assert_eq!(layer_issues(&hidden), [IssueKind::TrailingData]);
    let layer = TarWriter::new().file("a", b"1").finish();
    for mut stored in [gzip(&layer), zstd(&layer)] {
        stored.extend([0; 100]);
        let mut image = ImageWriter::new("app:1");
        image.stored_layer("RUN x", Digest::sha256(&layer), stored.clone(), "application/x");
        assert_eq!(issues(&image.docker_archive()), [], "padding");
        stored.extend(b"hidden");
        let mut image = ImageWriter::new("app:1");
        image.stored_layer("RUN x", Digest::sha256(&layer), stored, "application/x");
        assert_eq!(issues(&image.docker_archive()), [IssueKind::TrailingData]);
    }
    let mut outer = beside_sound(&layer);
    outer.extend(TarWriter::new().file("manifest.json", b"[]").finish());
    assert_eq!(issues(&outer), [IssueKind::TrailingData]);
    // One empty block ends an archive for some readers and is passed by others.
    let mut single = TarWriter::new().file("a", b"1").finish();
    single.truncate(1024 + 512);
    single.extend(TarWriter::new().file("b", b"1").finish());
    assert_eq!(layer_issues(&single), [IssueKind::TrailingData]);
}

#[test]
fn zstd_frames() {
    let layer = TarWriter::new().file("a", &[b'x'; 5000]).finish();
    let skippable = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
    let stored = [&skippable, &zstd(&layer[..1000]), &skippable, &zstd(&layer[1000..]), &skippable[..]].concat();
    let mut image = ImageWriter::new("app:1");
    image.stored_layer("RUN x", Digest::sha256(&layer), stored, "application/x");
    assert_eq!(scan_file(&image.docker_archive()).image().issues, []);
    // Frames that ask for a window of 16 MiB, with so many blocks of 128 KiB of zeros each: a short one needs no more
    // than it holds.
    let frame = |blocks: usize| {
        let last = |at| u32::to_le_bytes(u32::from(at == blocks) | 1 << 1 | (128 << 10) << 3);
        let blocks = (1..=blocks).flat_map(|at| [&last(at)[..3], &[0]].concat());
        [0x28, 0xb5, 0x2f, 0xfd, 0x00, 14 << 3].into_iter().chain(blocks).collect::<Vec<u8>>()
    };
    let ratio = u64::MAX;
    let read = |frame: &[u8], zstd_window| {
        let limits = Limits { zstd_window, ratio, ..Limits::default() };
        scan(Input::File(&beside_sound(frame)), Options::default(), limits).errors
    };
    assert_eq!(read(&frame(60), 8 << 20), []);
    assert_eq!(read(&frame(100), 8 << 20)[0].kind(), ErrorKind::Limit(Limit::ZstdWindow));
    assert_eq!(read(&frame(100), 16 << 20), []);
    // And one that asks for a window of 1 TiB.
    let largest = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 30 << 3, 1, 0, 0];
    assert_eq!(layer_error(&largest), ErrorKind::Limit(Limit::ZstdWindow));
    assert_eq!(layer_error(&skippable[..9]), ErrorKind::Truncated);
    assert_eq!(layer_error(&[0x28, 0xb5, 0x2f, 0xfd]), ErrorKind::Truncated);
    let mut flipped = zstd(&layer);
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    assert_eq!(layer_error(&flipped), ErrorKind::Corrupt, "the checksum");
}

#[test]
fn documents_that_are_none() {
    let with = |name: &str, content: &[u8]| {
        let mut image = ImageWriter::new("app:1");
        image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
        let mut files = image.oci_layout();
        files.retain(|(file, _)| file != name);
        files.push((name.to_owned(), content.to_vec()));
        archive(&files)
    };
    for bytes in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"{\"manifests\":{}}",
        b"{\"manifests\":[1,null,{}]}",
        b"\xff",
        &vec![b'['; 100_000],
    ] {
        for scanned in [scan_file(&with("index.json", bytes)), scan_stream(&with("index.json", bytes))] {
            assert!(scanned.images.is_empty() && !scanned.errors.is_empty(), "{scanned:?}");
        }
    }
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(5 << 20));
    assert_eq!(scan_file(&with("index.json", large.as_bytes())).errors[0].kind(), ErrorKind::Limit(Limit::Json));
    let many = format!("{{\"x\":[{}0]}}", "0,".repeat(1 << 20));
    assert_eq!(scan_file(&with("index.json", many.as_bytes())).errors[0].kind(), ErrorKind::Limit(Limit::Json));
    let secret = format!("{{\"x\":{}}}", "hunter2-not-json");
    let error = scan_file(&with("index.json", secret.as_bytes())).errors[0].to_string();
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn references_that_lead_out() {
    let index =
        r#"{"manifests":[{"digest":"sha256:../../../../etc/passwd","size":1},{"digest":"md5:00"},{"digest":1}]}"#;
    let scanned = scan_file(&archive(&[("index.json".to_owned(), index.as_bytes().to_vec())]));
    assert_eq!((scanned.images.len(), scanned.errors.len()), (0, 3), "{scanned:?}");

    /// A folder that refuses any path that could lead out of it.
    struct Strict(Files);
    impl plimsoll_image::Folder for Strict {
        fn open(&self, path: &str) -> std::io::Result<Option<Box<dyn plimsoll_image::ReadAt>>> {
            assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
            self.0.open(path)
        }
    }
    let manifest = br#"[{"Config":"../../../etc/passwd","RepoTags":null,"Layers":["/etc/shadow","a/../../b",""]}]"#;
    let files = Files(BTreeMap::from([("manifest.json".to_owned(), manifest.to_vec())]));
    let scanned = scan(Input::Folder(&Strict(files)), Options::default(), Limits::default());
    assert!(scanned.errors.iter().all(|error| error.kind() == ErrorKind::Missing), "{scanned:?}");
}

#[test]
fn links_between_layers() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    let layer = TarWriter::new().file("a", b"1").finish();
    let with_layer = |write: &dyn Fn(&mut TarWriter)| {
        let config = image.config_json();
        let name = format!("{}.json", Digest::sha256(&config).hex());
        let first = "1".repeat(64);
        let manifest = format!(r#"[{{"Config":"{name}","RepoTags":["app:1"],"Layers":["{first}/layer.tar"]}}]"#);
        let mut tar = TarWriter::new();
        tar.file(&name, &config);
        write(&mut tar);
        tar.file("manifest.json", manifest.as_bytes()).finish()
    };
    let (first, second) = ("1".repeat(64), "2".repeat(64));
    let linked = with_layer(&|tar| {
        tar.symlink(&format!("{first}/layer.tar"), &format!("../{second}/layer.tar"));
        tar.file(&format!("{second}/layer.tar"), &layer);
    });
    for scanned in [scan_file(&linked), scan_stream(&linked)] {
        assert_eq!(scanned.image().entries().count(), 1);
    }
    let round = with_layer(&|tar| {
        tar.symlink(&format!("{first}/layer.tar"), "layer.tar");
    });
    assert_eq!(scan_file(&round).errors[0].kind(), ErrorKind::Corrupt);
    let out = with_layer(&|tar| {
        tar.symlink(&format!("{first}/layer.tar"), "/etc/passwd");
    });
    assert_eq!(scan_file(&out).errors[0].kind(), ErrorKind::Missing);
}

#[test]
fn layers_that_are_not_there() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN base", TarWriter::new().file("a", b"1").finish());
    let foreign = TarWriter::new().file("windows", b"1").finish();
    let media = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    image.stored_layer("RUN foreign", Digest::sha256(&foreign), foreign.clone(), media);
    let mut files = image.oci_layout();
    files.retain(|(name, _)| *name != blob_path(&foreign));
    let bytes = archive(&files);
    assert_eq!(issues(&bytes), [IssueKind::AbsentLayer]);
    assert_eq!(scan_file(&bytes).images[0].layers[1].status, LayerStatus::Absent);
    // Any other layer should be there.
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN base", TarWriter::new().file("a", b"1").finish()).layer("RUN lost", foreign.clone());
    let mut files = image.oci_layout();
    files.retain(|(name, _)| *name != blob_path(&foreign));
    let scanned = scan_file(&archive(&files));
    assert_eq!(scanned.errors[0].kind(), ErrorKind::Missing);
    assert!(scanned.images[0].file("a").is_some());
}

#[test]
fn histories_that_do_not_fit() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    image.more = r#","history":[{"created_by":"one"},{"created_by":"two"}]"#.to_owned();
    let found = issues(&image.docker_archive());
    assert!(found.contains(&IssueKind::HistoryMismatch), "{found:?}");
    assert!(scan_file(&image.docker_archive()).images[0].created_by(0).is_none());
    image.more = r#","rootfs":{"diff_ids":[]}"#.to_owned();
    assert!(issues(&image.docker_archive()).contains(&IssueKind::DigestMismatch));
    image.more = r#","rootfs":{"diff_ids":["nonsense"]}"#.to_owned();
    assert_eq!(scan_file(&image.docker_archive()).errors[0].kind(), ErrorKind::Corrupt);
}

#[test]
fn layers_that_are_none() {
    assert_eq!(layer_error(b"\xfd7zXZ\0\0"), ErrorKind::Unsupported);
    assert_eq!(layer_error(b"BZh91AY"), ErrorKind::Unsupported);
    assert_eq!(layer_error(b"{\"in-toto\":true}"), ErrorKind::Corrupt);
    let gzipped = gzip(&TarWriter::new().file("a", &[b'x'; 5000]).finish());
    assert_eq!(layer_error(&gzipped[..gzipped.len() - 9]), ErrorKind::Truncated);
    assert_eq!(layer_error(&[&gzipped[..40], &[0x55; 100]].concat()), ErrorKind::Corrupt);
    assert_eq!(
        layer_error(&gzip(b"not a tar but text, long enough for a header".repeat(20).as_slice())),
        ErrorKind::Corrupt
    );
}

#[test]
fn inputs_that_are_none() {
    for bytes in [&b""[..], b"x", b"FROM alpine\n", &[0xff; 600], b"\x1f\x8b", b"\x1f\x8b\x08\0", b"{}", &[b'x'; 5000]]
    {
        let bytes = bytes.to_vec();
        for scanned in [scan_file(&bytes), scan_stream(&bytes)] {
            assert!(scanned.images.iter().all(|image| image.entries().count() == 0));
            assert!(!scanned.errors.is_empty(), "{bytes:?}");
        }
    }
}

#[test]
fn truncations() {
    let mut image = ImageWriter::new("app:1");
    image.layer("RUN a", TarWriter::new().file("a", &[b'a'; 700]).folder("d").finish());
    image.layer("RUN b", TarWriter::new().whiteout("a").symlink("l", "d").finish());
    let bare = TarWriter::new().folder("etc").folder("usr").file("etc/passwd", &[b'x'; 700]).finish();
    for bytes in [image.docker_archive(), image.docker_archive_25(), archive(&image.oci_layout()), bare] {
        let marks = [0, 512, 1024];
        for length in (0..bytes.len()).step_by(512) {
            let cut = bytes[..length].to_vec();
            for scanned in [scan_file(&cut), scan_stream(&cut)] {
                // Only the marks of the end may be missing without harm.
                let whole = marks.contains(&(bytes.len() - length));
                assert!(whole || !scanned.errors.is_empty(), "{length} of {}", bytes.len());
            }
        }
        let zipped = gzip(&bytes);
        for length in (0..zipped.len()).step_by(7) {
            let scanned = scan_file(&zipped[..length].to_vec());
            assert!(!scanned.errors.is_empty(), "{length} of {} bytes of gzip", zipped.len());
        }
    }
}
