//! What is kept between runs: the same facts, only of the same bytes, and only what we wrote ourselves.

use crate::support::listing;
use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll_image::fixtures::{ImageWriter, TarWriter};
use plimsoll_image::{
    Archive, Budget, Cache, Crew, Digest, Image, Input, LayerSet, Limits, Options, ReadAt, Stamp, Store,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A store in memory.
#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Store for Memory {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.0.lock().expect("no panic").get(name).cloned()
    }

    fn save(&self, name: &str, entry: &[u8]) {
        self.0.lock().expect("no panic").insert(name.to_owned(), entry.to_vec());
    }
}

impl Memory {
    fn names(&self, ending: &str) -> Vec<String> {
        self.0.lock().expect("no panic").keys().filter(|name| name.ends_with(ending)).cloned().collect()
    }

    fn change(&self, ending: &str, mut change: impl FnMut(&mut Vec<u8>)) {
        let mut entries = self.0.lock().expect("no panic");
        entries.iter_mut().filter(|(name, _)| name.ends_with(ending)).for_each(|(_, entry)| change(entry));
    }
}

/// A file that counts what is read of it.
struct Counted {
    bytes: Vec<u8>,
    stamp: Option<Stamp>,
    read: AtomicU64,
}

impl ReadAt for Counted {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let count = self.bytes.read_at(buffer, offset)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn size(&self) -> u64 {
        self.bytes.size()
    }

    fn stamp(&self) -> Option<Stamp> {
        self.stamp.clone()
    }
}

fn file(bytes: &[u8], changed: Option<i64>) -> Counted {
    let size = bytes.len() as u64;
    let stamp = changed.map(|at| Stamp { device: 1, inode: 2, size, modified: (7, 0), changed: (at, 0) });
    Counted { bytes: bytes.to_vec(), stamp, read: AtomicU64::new(0) }
}

/// Everything that a scan says, as text.
fn scan(file: &Counted, cache: Option<&Cache<'_>>, limits: Limits) -> String {
    let budget = Budget::new(limits);
    let archive = Archive::open(Input::File(file), Options::default(), &budget).expect("an archive");
    let mut layers = LayerSet::default();
    let mut errors = archive.errors.clone();
    for blob in archive.layers() {
        let facts = match cache {
            Some(cache) => archive.extract_cached(&blob, &Crew::alone(), cache),
            None => archive.extract(&blob),
        };
        layers.insert(&blob, facts.map_err(|error| errors.push(error)).ok());
    }
    let images: Vec<Image> = archive.plans.iter().map(|plan| archive.resolve(plan, &layers).0).collect();
    let mut said = format!("{errors:?}\n");
    for image in &images {
        let secrets: Vec<_> = image.secrets().map(|(entry, found)| (entry.path(), found.clone())).collect();
        let packages: Vec<_> = image.packages().map(|(entry, package)| (entry.path(), package.clone())).collect();
        let details: Vec<_> = image
            .entries()
            .map(|entry| {
                let owner = (entry.uid(), entry.gid(), entry.size(), entry.content_id());
                let more = (entry.target(), entry.capabilities(), entry.text(), entry.steps_down());
                (owner, more, entry.is_package_file(), entry.is_package_path())
            })
            .collect();
        let layers: Vec<_> = image
            .layers
            .iter()
            .map(|layer| (layer.diff_id, layer.digest, layer.status, layer.size, layer.stored_size, layer.waste))
            .collect();
        let (listing, issues) = (listing(image), &image.issues);
        let _ = writeln!(said, "{listing:?}\n{layers:?}\n{issues:?}\n{secrets:?}\n{packages:?}\n{details:?}");
    }
    said
}

/// A layer with something of every sort.
fn layer(token: &str) -> Vec<u8> {
    let mut tar = TarWriter::new();
    let record = "app/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n";
    tar.folder("etc")
        .file("etc/passwd", b"root:x:0:0::/:/bin/sh\n")
        .file("etc/shadow", b"root:$6$saltsalt$0123456789abcdefghijklmnopqrstuvwxyz:1::::::\n")
        .file("etc/os-release", b"ID=debian\n")
        .file("srv/.env", format!("TOKEN={token}\n").as_bytes())
        .file("usr/bin/run", b"#!/bin/sh\nexec gosu app \"$@\"\n")
        .mode(0o4755)
        .symlink("usr/bin/alias", "run")
        .hard_link("usr/bin/again", "usr/bin/run")
        .pax(&[(
            "SCHILY.xattr.security.capability",
            b"\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        )])
        .file("usr/bin/ping", b"\x7fELF")
        .file("var/lib/dpkg/status", b"Package: base\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n")
        .file("opt/app-1.dist-info/METADATA", b"Name: app\nVersion: 1\n")
        .file("opt/app-1.dist-info/RECORD", record.as_bytes())
        .whiteout("srv/old")
        .opaque("var/cache")
        .file("../up", b"1");
    tar.finish()
}

const TOKEN: &str = concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");

fn archive(layers: &[Vec<u8>]) -> Vec<u8> {
    let mut image = ImageWriter::new("app:1");
    for layer in layers {
        image.layer("COPY . /", layer.clone());
    }
    image.docker_archive_25()
}

/// The same with a compressed layer, behind which something follows.
fn archive_of_compressed(layer: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(layer).expect("in memory");
    let mut stored = encoder.finish().expect("in memory");
    stored.extend(b"more");
    let mut image = ImageWriter::new("app:2");
    image.stored_layer("COPY . /", Digest::sha256(layer), stored, "application/vnd.oci.image.layer.v1.tar+gzip");
    image.docker_archive_25()
}

const KEY: [u8; 32] = [7; 32];

#[test]
fn with_and_without_a_cache_the_same_is_said() {
    let memory = Memory::default();
    let cache = Cache::new(&memory, KEY);
    let plain = archive(&[layer(TOKEN), layer("none")]);
    for (archive, at) in [(plain, 0), (archive_of_compressed(&layer(TOKEN)), 10)] {
        let expected = scan(&file(&archive, None), None, Limits::default());
        assert!(expected.contains("github"), "{expected}");
        for changed in [None, None, Some(at), Some(at)] {
            assert_eq!(scan(&file(&archive, changed), Some(&cache), Limits::default()), expected);
        }
    }
    // The compressed layer is one of the plain ones.
    assert_eq!((memory.names(".facts").len(), memory.names(".seen").len()), (2, 3));
}

#[test]
fn a_file_that_did_not_change_is_not_read_again() {
    let bytes = archive(&[layer(TOKEN), layer(&"x".repeat(100_000))]);
    let memory = Memory::default();
    let cache = Cache::new(&memory, KEY);
    let read = |changed| {
        let file = file(&bytes, changed);
        scan(&file, Some(&cache), Limits::default());
        file.read.into_inner()
    };
    let whole = read(Some(1));
    assert!(whole > 100_000, "{whole}");
    assert!(read(Some(1)) < 40_000, "headers and documents");
    assert!(read(Some(2)) > 100_000, "what changed is hashed");
    assert!(read(None) > 100_000, "what cannot be told from others is hashed");
}

#[test]
fn what_changed_is_seen() {
    let clean = archive(&[layer("none")]);
    let dirty = archive(&[layer(TOKEN)]);
    // A manifest that promises the clean layer, and the other one in its place.
    let mut lying = clean.clone();
    let (old, new) = (layer("none"), layer(TOKEN));
    assert_eq!(old.len(), new.len());
    let at = clean.windows(old.len()).position(|window| window == old).expect("the layer");
    lying[at..at + new.len()].copy_from_slice(&new);
    let memory = Memory::default();
    let cache = Cache::new(&memory, KEY);
    scan(&file(&clean, Some(1)), Some(&cache), Limits::default());
    for bytes in [&dirty, &lying] {
        // The time of modification is the same, that of the change is not.
        let said = scan(&file(bytes, Some(2)), Some(&cache), Limits::default());
        assert_eq!(said, scan(&file(bytes, None), None, Limits::default()));
        assert!(said.contains("github"), "{said}");
    }
    assert!(scan(&file(&lying, Some(3)), Some(&cache), Limits::default()).contains("hashes to"));
}

#[test]
fn forged_and_damaged_entries_are_missing() {
    let bytes = archive(&[layer(TOKEN)]);
    let expected = scan(&file(&bytes, None), None, Limits::default());
    let memory = Memory::default();
    let scan_again = || scan(&file(&bytes, Some(1)), Some(&Cache::new(&memory, KEY)), Limits::default());
    scan_again();
    let sound = memory.load(&memory.names(".facts")[0]).expect("an entry");
    // Whoever does not know the key: a clean layer under the name of the other.
    let forger = Memory::default();
    scan(&file(&archive(&[layer("none")]), Some(1)), Some(&Cache::new(&forger, [8; 32])), Limits::default());
    let forged = forger.load(&forger.names(".facts")[0]).expect("an entry");
    memory.change(".facts", |entry| *entry = forged.clone());
    assert_eq!(scan_again(), expected);
    // Our own entry for the clean layer, under another name.
    let ours = Memory::default();
    scan(&file(&archive(&[layer("none")]), Some(1)), Some(&Cache::new(&ours, KEY)), Limits::default());
    let moved = ours.load(&ours.names(".facts")[0]).expect("an entry");
    memory.change(".facts", |entry| *entry = moved.clone());
    assert_eq!(scan_again(), expected);
    for length in [0, 1, 31, 32, 33, sound.len() / 2, sound.len() - 1] {
        memory.change(".facts", |entry| *entry = sound[..length].to_vec());
        memory.change(".seen", |entry| entry.truncate(length));
        assert_eq!(scan_again(), expected, "{length}");
    }
    for at in (0..sound.len()).step_by(97) {
        memory.change(".facts", |entry| {
            entry.clone_from(&sound);
            entry[at] ^= 0x20;
        });
        assert_eq!(scan_again(), expected, "{at}");
    }
}

#[test]
fn other_limits_are_other_entries() {
    let bytes = archive(&[layer(TOKEN)]);
    let memory = Memory::default();
    let cache = Cache::new(&memory, KEY);
    scan(&file(&bytes, Some(1)), Some(&cache), Limits::default());
    let strict = || Limits { entries: 3, ..Limits::default() };
    let expected = scan(&file(&bytes, None), None, strict());
    assert!(expected.contains("entries"), "{expected}");
    assert_eq!(scan(&file(&bytes, Some(1)), Some(&cache), strict()), expected);
}

#[test]
fn entries_hold_no_secret() {
    let mut tar = TarWriter::new();
    tar.file("etc/os-release", format!("ID={TOKEN}\n").as_bytes())
        .file("srv/node_modules/a/package.json", format!("{{\"name\": \"a\", \"version\": \"{TOKEN}\"}}").as_bytes())
        .file("etc/passwd", format!("root:x:0:0:{TOKEN}:/:/bin/sh\n").as_bytes())
        .file("etc/shadow", b"root:$6$saltsalt$0123456789abcdefghijklmnopqrstuvwxyz:1::::::\n")
        .file("srv/.env", format!("TOKEN={TOKEN}\n").as_bytes());
    let in_texts = tar.finish();
    let mut tar = TarWriter::new();
    tar.file(&format!("srv/{TOKEN}"), b"1");
    let in_name = tar.finish();
    let memory = Memory::default();
    let cache = Cache::new(&memory, KEY);
    let said = scan(&file(&archive(&[in_texts, in_name]), Some(1)), Some(&cache), Limits::default());
    assert!(said.contains("ID=****"), "{said}");
    assert_eq!(memory.names(".facts").len(), 1, "a layer whose names hold a secret is not kept");
    memory.change("", |entry| {
        let holds = |text: &str| entry.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(TOKEN) && !holds("0123456789abcdef"));
    });
}
