//! Saved images: whatever they hold, and however they are handed over.

use super::report::written;
use super::{SETTINGS, secret};
use plimsoll::engine::Report;
use plimsoll::{ImageScanner, ScanOptions};
use plimsoll_image::fixtures::{ImageWriter, TarWriter};
use plimsoll_image::{Cache, Input, Limits, Store};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

static SCANNER: LazyLock<ImageScanner> = LazyLock::new(|| {
    let limits = Limits { entries: 10_000, bytes: 16 << 20, ..Limits::default() };
    ImageScanner::new(&SETTINGS, ScanOptions { limits, ..ScanOptions::default() }).expect("a preset")
});

/// Any bytes are an archive, or are refused.
pub fn image(data: &[u8]) {
    scanned(data);
    scan(Input::Stream(Box::new(data)), None);
}

/// Configuration and history, in an image that is sound but for them; zeros part them.
pub fn image_config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = secret::planted(text);
    let (settings, history) = text.split_once('\0').unwrap_or((&text, "RUN a"));
    let mut image = ImageWriter::new("app:1");
    image.config(settings);
    for by in history.split('\0').take(32) {
        image.empty(by);
    }
    image.layer("COPY a /a # buildkit", TarWriter::new().file("a", b"a").finish());
    let report = scanned(&image.docker_archive());
    let is_secret = text.split('\0').all(|part| !part.contains(secret::TOKEN) || secret::is_told(part));
    assert!(!is_secret || !secret::is_in(&report), "a secret stands in a report");
}

/// A package file of any content; the first byte says which.
pub fn packages(data: &[u8]) {
    const FILES: [&str; 13] = [
        "var/lib/rpm/Packages",
        "var/lib/rpm/Packages.db",
        "var/lib/rpm/rpmdb.sqlite",
        "var/lib/dpkg/status",
        "var/lib/dpkg/status.d/a",
        "var/lib/dpkg/info/a.md5sums",
        "lib/apk/db/installed",
        "a/b.dist-info/METADATA",
        "a/b.dist-info/RECORD",
        "a/b.egg-info/PKG-INFO",
        "a/node_modules/b/package.json",
        "etc/passwd",
        "etc/shadow",
    ];
    let Some((&which, content)) = data.split_first() else { return };
    let mut tar = TarWriter::new();
    let content = secret::planted_if_told(content);
    tar.file(FILES[usize::from(which) % FILES.len()], &content).file("usr/bin/tool", b"tool");
    let mut image = ImageWriter::new("app:1");
    image.layer("COPY a /a # buildkit", tar.finish());
    forms(&image);
}

/// Layers of any entries over each other. `0xff` parts the entries; each has a byte for its kind, one for its mode, a path up
/// to a line feed, and then its content or target.
pub fn layers(data: &[u8]) {
    let mut image = ImageWriter::new("app:1");
    let mut tar = TarWriter::new();
    for part in data.split(|&byte| byte == 0xff).take(64) {
        let [kind, mode, rest @ ..] = part else { continue };
        let (path, content) = match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => (&rest[..end], &rest[end + 1..]),
            None => (rest, &rest[..0]),
        };
        let (text, target) = (String::from_utf8_lossy(path), String::from_utf8_lossy(content));
        let mode = u32::from(*mode) << 4 | 0o404;
        match kind % 12 {
            0 => tar.member(path, b'0', mode, "", &secret::planted_if_told(content)),
            1 => tar.member(path, b'5', mode, "", b""),
            2 => tar.symlink(&text, &target),
            3 => tar.hard_link(&text, &target),
            4 => tar.whiteout(&text),
            5 => tar.opaque(&text),
            6 => tar.member(path, b'3', mode, "", b""),
            7 => tar.file_with_capability(&text, content, mode % 64),
            8 => tar.pax(&[(&text, content)]),
            9 => tar.raw(rest),
            10 => tar.member(path, b'S', mode, "", content),
            _ => {
                image.layer(&target, std::mem::take(&mut tar).finish());
                &mut tar
            }
        };
    }
    image.layer("COPY a /a # buildkit", tar.finish());
    forms(&image);
}

/// The same image says the same in each form in which it can be saved.
fn forms(image: &ImageWriter) {
    let report = scanned(&image.docker_archive());
    let of = |report: &[u8]| String::from_utf8_lossy(report).matches("\"rule\"").count();
    assert_eq!(of(&scanned(&image.docker_archive_25())), of(&report), "both forms of `docker save` say the same");
}

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Store for Memory {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.0.lock().expect("no panic").get(name).cloned()
    }

    fn save(&self, name: &str, entry: &[u8]) {
        assert!(!secret::is_in(entry), "a secret is kept");
        self.0.lock().expect("no panic").insert(name.to_owned(), entry.to_vec());
    }
}

/// What a scan reports, which is the same from what a cache keeps.
fn scanned(archive: &[u8]) -> Vec<u8> {
    let archive = archive.to_vec();
    let plain = scan(Input::File(&archive), None);
    let memory = Memory::default();
    let cache = Cache::new(&memory, [7; 32]);
    for _ in 0..2 {
        assert!(scan(Input::File(&archive), Some(&cache)) == plain, "a cache changes what is found");
    }
    plain
}

fn scan(input: Input<'_>, cache: Option<&Cache<'_>>) -> Vec<u8> {
    let scanned = SCANNER.scan_cached("app.tar", input, cache);
    written(&Report {
        files: vec![scanned.report],
        images: scanned.images,
        errors: scanned.errors,
        ..Report::default()
    })
}
