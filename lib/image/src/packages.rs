//! Package databases and manifests: what is installed, and which files belong to it.

use crate::layer::OwnedFile;
use std::hash::Hasher as _;
use twox_hash::XxHash64;

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Which package manager knows it.
    pub ecosystem: Ecosystem,
    /// Its name there.
    pub name: Box<str>,
    /// Its version there.
    pub version: Box<str>,
    /// The architecture that it was built for, where the manager says so.
    pub architecture: Option<Box<str>>,
    /// The source package that it was built from, where it has another name.
    pub source: Option<Box<str>>,
}

/// A package manager's world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Debian, Ubuntu and kin.
    Dpkg,
    /// Alpine, Wolfi, Chainguard.
    Apk,
    /// Fedora, Red Hat, SUSE and kin.
    Rpm,
    /// Python's packages.
    Python,
    /// Node's packages.
    Npm,
}

impl Ecosystem {
    /// The type in package URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dpkg => "deb",
            Self::Apk => "apk",
            Self::Rpm => "rpm",
            Self::Python => "pypi",
            Self::Npm => "npm",
        }
    }
}

/// A file that lists packages or their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// dpkg's list of what is installed.
    DpkgStatus,
    /// dpkg's hashes of one package's files.
    DpkgHashes,
    /// apk's list, with the hashes of all files.
    Apk,
    /// rpm's database in SQLite.
    RpmSqlite,
    /// rpm's database in its own format.
    RpmNdb,
    /// rpm's database in Berkeley DB's hash format.
    RpmBdb,
    /// A Python package's name and version.
    PythonMetadata,
    /// A Python package's files and their hashes.
    PythonRecord,
    /// A Node package's name and version.
    NodeManifest,
}

impl Database {
    /// What the file at a path is, by its name.
    pub(crate) fn of(path: &[u8]) -> Option<Self> {
        let (folder, name) = match path.iter().rposition(|&byte| byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        match name {
            b"status" if folder == b"var/lib/dpkg" => Some(Self::DpkgStatus),
            b"installed" if folder.ends_with(b"lib/apk/db") => Some(Self::Apk),
            b"rpmdb.sqlite" if is_rpm_folder(folder) => Some(Self::RpmSqlite),
            b"Packages" if is_rpm_folder(folder) => Some(Self::RpmBdb),
            b"Packages.db" if is_rpm_folder(folder) => Some(Self::RpmNdb),
            b"METADATA" if folder.ends_with(b".dist-info") => Some(Self::PythonMetadata),
            b"PKG-INFO" if folder.ends_with(b".egg-info") => Some(Self::PythonMetadata),
            b"RECORD" if folder.ends_with(b".dist-info") => Some(Self::PythonRecord),
            b"package.json" if is_node_package(folder) => Some(Self::NodeManifest),
            _ if name.ends_with(b".md5sums") && matches!(folder, b"var/lib/dpkg/info" | b"var/lib/dpkg/status.d") => {
                Some(Self::DpkgHashes)
            }
            // Images without dpkg itself keep one such file for each package.
            _ if folder == b"var/lib/dpkg/status.d" => Some(Self::DpkgStatus),
            _ => None,
        }
    }
}

/// Whether rpm keeps its database in a folder: the old place, the new one, and that of image-based systems.
fn is_rpm_folder(folder: &[u8]) -> bool {
    matches!(folder, b"var/lib/rpm" | b"usr/lib/sysimage/rpm" | b"usr/share/rpm")
}

/// Whether a folder is `.../node_modules/NAME` or `.../node_modules/@SCOPE/NAME`.
fn is_node_package(folder: &[u8]) -> bool {
    let mut parts = folder.rsplit(|&byte| byte == b'/').skip(1);
    match parts.next() {
        Some(b"node_modules") => true,
        Some(scope) if scope.starts_with(b"@") => parts.next() == Some(b"node_modules"),
        _ => false,
    }
}

/// Reads a package file. Files that packages own are added to `owned`.
pub(crate) fn read(database: Database, path: &[u8], content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    match database {
        Database::DpkgStatus => dpkg_status(content),
        Database::Apk => apk(content, owned),
        Database::RpmSqlite => crate::rpm::sqlite::packages(content, owned),
        Database::RpmNdb => crate::rpm::ndb::packages(content, owned),
        Database::RpmBdb => crate::rpm::bdb::packages(content, owned),
        Database::PythonMetadata => python_metadata(content).into_iter().collect(),
        Database::NodeManifest => node_manifest(content).into_iter().collect(),
        Database::DpkgHashes => {
            owned.extend(content.split(|&byte| byte == b'\n').filter_map(|line| {
                let (hash, path) = line.split_at_checked(32)?;
                Some(OwnedFile { path: path_hash(path.trim_ascii()), content: hex(hash)? })
            }));
            Vec::new()
        }
        Database::PythonRecord => {
            python_record(path, content, owned);
            Vec::new()
        }
    }
}

/// A path's name in [`OwnedFile`]. Distributions that moved `/bin`, `/lib` and `/sbin` into `/usr` list some files by
/// their old place.
pub(crate) fn path_hash(path: &[u8]) -> u64 {
    let mut hash = XxHash64::with_seed(0);
    hash.write(path.strip_prefix(b"usr/").unwrap_or(path));
    hash.finish()
}

/// Stanzas of `Key: value`, one for each package, with an empty line between them.
fn dpkg_status(content: &[u8]) -> Vec<Package> {
    let mut packages = Vec::new();
    let mut stanza = Stanza::default();
    for line in content.split(|&byte| byte == b'\n').chain([&b""[..]]) {
        if line.trim_ascii().is_empty() {
            let done = std::mem::take(&mut stanza);
            // Packages that were removed keep a stanza while their configuration is there.
            if !done.removed {
                packages.extend(done.package(Ecosystem::Dpkg));
            }
            continue;
        }
        let Some((key, value)) = split_field(line) else { continue };
        match key {
            b"Package" => stanza.name = text(value),
            b"Version" => stanza.version = text(value),
            b"Architecture" => stanza.architecture = text(value),
            b"Source" => stanza.source = text(value.split(|&byte| byte == b' ').next().unwrap_or_default()),
            b"Status" => stanza.removed = !value.ends_with(b" installed"),
            _ => {}
        }
    }
    packages
}

/// Lines of `K:value`: `P` name, `V` version, `A` architecture, `o` origin, `F` folder, `R` file, `Z` hash.
fn apk(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    let mut packages = Vec::new();
    let mut stanza = Stanza::default();
    let mut folder: &[u8] = &[];
    let mut file: Vec<u8> = Vec::new();
    for line in content.split(|&byte| byte == b'\n').chain([&b""[..]]) {
        let Some((key, value)) = line.split_at_checked(2) else {
            packages.extend(std::mem::take(&mut stanza).package(Ecosystem::Apk));
            continue;
        };
        match key {
            b"P:" => stanza.name = text(value),
            b"V:" => stanza.version = text(value),
            b"A:" => stanza.architecture = text(value),
            b"o:" => stanza.source = text(value),
            b"F:" => folder = value,
            b"R:" if folder.is_empty() => file = value.to_vec(),
            b"R:" => file = [folder, b"/", value].concat(),
            b"Z:" => {
                if let Some(hash) = value.strip_prefix(b"Q1").and_then(base64) {
                    owned.push(OwnedFile { path: path_hash(&file), content: hash });
                }
            }
            _ => {}
        }
    }
    packages
}

/// Headers as in mail, up to the first empty line.
fn python_metadata(content: &[u8]) -> Option<Package> {
    let mut stanza = Stanza::default();
    for line in content.split(|&byte| byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        match split_field(line) {
            Some((b"Name", value)) => stanza.name = text(value),
            Some((b"Version", value)) => stanza.version = text(value),
            _ => {}
        }
    }
    stanza.package(Ecosystem::Python)
}

/// Lines of `path,sha256=HASH,size`, the path relative to the folder that holds the `.dist-info` folder.
fn python_record(record: &[u8], content: &[u8], owned: &mut Vec<OwnedFile>) {
    let parent = |path: &[u8]| path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash);
    let folder = &record[..parent(&record[..parent(record)])];
    for line in content.split(|&byte| byte == b'\n') {
        // A path with a comma stands in quotes.
        let mut fields = line.rsplitn(3, |&byte| byte == b',');
        let (_, hash, path) = (fields.next(), fields.next(), fields.next());
        let (Some(hash), Some(path)) = (hash, path) else { continue };
        let path = path.strip_prefix(b"\"").and_then(|path| path.strip_suffix(b"\"")).unwrap_or(path);
        if let Some(hash) = hash.strip_prefix(b"sha256=").and_then(base64) {
            let (path, _) = crate::paths::clean(&[folder, b"/", path].concat());
            owned.push(OwnedFile { path: path_hash(&path), content: hash });
        }
    }
}

fn node_manifest(content: &[u8]) -> Option<Package> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        name: String,
        version: String,
    }
    let manifest: Manifest = serde_json::from_slice(content).ok()?;
    let stanza = Stanza {
        name: text(manifest.name.as_bytes()),
        version: text(manifest.version.as_bytes()),
        ..Stanza::default()
    };
    stanza.package(Ecosystem::Npm)
}

#[derive(Default)]
struct Stanza {
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    architecture: Option<Box<str>>,
    source: Option<Box<str>>,
    removed: bool,
}

impl Stanza {
    fn package(self, ecosystem: Ecosystem) -> Option<Package> {
        let name = self.name?;
        let source = self.source.filter(|source| *source != name);
        Some(Package { ecosystem, version: self.version?, architecture: self.architecture, source, name })
    }
}

fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

/// A short text for people; nothing where it is none.
pub(crate) fn text(bytes: &[u8]) -> Option<Box<str>> {
    const LONGEST: usize = 256;
    let text = std::str::from_utf8(bytes).ok()?.trim();
    (!text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control)).then(|| text.into())
}

/// The first 8 bytes of a hash in hexadecimal digits.
pub(crate) fn hex(digits: &[u8]) -> Option<[u8; 8]> {
    let digits = digits.get(..16)?;
    let mut bytes = [0; 8];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = (digit(0)? * 16 + digit(1)?) as u8;
    }
    Some(bytes)
}

/// The first 8 bytes of a hash in base64, of either alphabet.
fn base64(digits: &[u8]) -> Option<[u8; 8]> {
    let mut bits: u128 = 0;
    for &digit in digits.get(..11)? {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u128::from(value);
    }
    // 11 digits are 66 bits.
    Some(((bits >> 2) as u64).to_be_bytes())
}
