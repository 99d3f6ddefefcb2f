//! Writes archives and images in memory, for tests: sound ones, and hostile ones down to single header fields.

use crate::Digest;
use std::fmt::Write as _;

/// Writes a tar archive, member by member.
///
/// ```
/// use plimsoll_image::fixtures::TarWriter;
///
/// let mut tar = TarWriter::new();
/// tar.folder("etc").file("etc/passwd", b"root:x:0:0::/root:/bin/sh\n").mode(0o600);
/// assert_eq!(tar.finish().len() % 512, 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct TarWriter {
    bytes: Vec<u8>,
    /// Where the last member's header stands.
    last: usize,
}

impl TarWriter {
    /// An empty archive.
    pub fn new() -> Self {
        Self::default()
    }

    /// A regular file, owned by root, mode 0644.
    pub fn file(&mut self, path: &str, content: &[u8]) -> &mut Self {
        self.member(path.as_bytes(), b'0', 0o644, "", content)
    }

    /// A folder, mode 0755.
    pub fn folder(&mut self, path: &str) -> &mut Self {
        self.member(path.as_bytes(), b'5', 0o755, "", b"")
    }

    /// A symbolic link.
    pub fn symlink(&mut self, path: &str, target: &str) -> &mut Self {
        self.member(path.as_bytes(), b'2', 0o777, target, b"")
    }

    /// A hard link.
    pub fn hard_link(&mut self, path: &str, target: &str) -> &mut Self {
        self.member(path.as_bytes(), b'1', 0o644, target, b"")
    }

    /// A whiteout of a path.
    pub fn whiteout(&mut self, path: &str) -> &mut Self {
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
        let separator = if folder.is_empty() { "" } else { "/" };
        self.file(&format!("{folder}{separator}.wh.{name}"), b"")
    }

    /// Makes a folder opaque: it hides what lower layers have in it.
    pub fn opaque(&mut self, folder: &str) -> &mut Self {
        self.file(&format!("{folder}/.wh..wh..opq"), b"")
    }

    /// Any member. Names and targets over 100 bytes are written in GNU's way.
    pub fn member(&mut self, name: &[u8], kind: u8, mode: u32, target: &str, content: &[u8]) -> &mut Self {
        for (kind, long) in [(b'L', name), (b'K', target.as_bytes())] {
            if long.len() > 100 {
                self.header(b"././@LongLink", kind, 0o644, b"", long.len() as u64 + 1);
                self.content(&[long, b"\0"].concat());
            }
        }
        self.header(name, kind, mode, target.as_bytes(), content.len() as u64);
        self.content(content)
    }

    /// An extended header of PAX records for the next member.
    pub fn pax(&mut self, records: &[(&str, &[u8])]) -> &mut Self {
        let mut content = Vec::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            let mut length = rest + rest.to_string().len();
            length = rest + length.to_string().len();
            content.extend(format!("{length} {key}=").bytes());
            content.extend_from_slice(value);
            content.push(b'\n');
        }
        self.header(b"PaxHeaders/x", b'x', 0o644, b"", content.len() as u64);
        self.content(&content)
    }

    /// A file with an extended attribute `security.capability` that permits one capability.
    pub fn file_with_capability(&mut self, path: &str, content: &[u8], capability: u32) -> &mut Self {
        let mut value = vec![1, 0, 0, 2];
        value.extend((1_u64 << capability & 0xffff_ffff).to_le_bytes());
        value.extend((1_u64 << capability >> 32).to_le_bytes());
        self.pax(&[("SCHILY.xattr.security.capability", &value)]);
        self.file(path, content)
    }

    /// Sets the last member's mode.
    pub fn mode(&mut self, mode: u32) -> &mut Self {
        self.field(100, format!("{mode:07o}\0").as_bytes())
    }

    /// Sets the last member's owner and group.
    pub fn owner(&mut self, uid: u32, gid: u32) -> &mut Self {
        self.field(108, format!("{uid:07o}\0").as_bytes()).field(116, format!("{gid:07o}\0").as_bytes())
    }

    /// Writes a field of the last member's header, and its checksum anew.
    pub fn field(&mut self, at: usize, value: &[u8]) -> &mut Self {
        let start = self.last + at;
        self.bytes[start..start + value.len()].copy_from_slice(value);
        self.checksum();
        self
    }

    /// Bytes as they are, without any header.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// The archive with its end mark.
    pub fn finish(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes.extend([0; 1024]);
        bytes
    }

    /// A header alone.
    pub fn header(&mut self, name: &[u8], kind: u8, mode: u32, target: &[u8], size: u64) -> &mut Self {
        self.last = self.bytes.len();
        let mut header = [0; 512];
        let mut put = |at: usize, value: &[u8], most: usize| {
            let length = value.len().min(most);
            header[at..at + length].copy_from_slice(&value[..length]);
        };
        put(0, name, 100);
        put(100, format!("{mode:07o}").as_bytes(), 7);
        put(108, b"0000000", 7);
        put(116, b"0000000", 7);
        put(124, format!("{size:011o}").as_bytes(), 11);
        put(136, b"00000000000", 11);
        put(156, &[kind], 1);
        put(157, target, 100);
        put(257, b"ustar\x0000", 8);
        self.bytes.extend(header);
        self.checksum();
        self
    }

    fn content(&mut self, content: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(512), 0);
        self
    }

    fn checksum(&mut self) {
        let header = &mut self.bytes[self.last..self.last + 512];
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}

/// An image to be written.
///
/// ```
/// use plimsoll_image::fixtures::{ImageWriter, TarWriter};
///
/// let layer = TarWriter::new().file("app/.env", b"KEY=1\n").finish();
/// let mut image = ImageWriter::new("app:1");
/// image.layer("COPY .env /app/ # buildkit", layer).empty("CMD [\"sh\"]").config(r#""User":"app""#);
/// let archive = image.docker_archive();
/// assert_eq!(&archive[257..262], b"ustar");
/// ```
#[derive(Debug, Clone, Default)]
pub struct ImageWriter {
    /// Its name and tag.
    pub name: String,
    /// The members of the configuration's `config`, as JSON without braces.
    pub settings: String,
    /// Further members of the configuration, as JSON, each after a comma.
    pub more: String,
    history: Vec<(String, bool)>,
    layers: Vec<StoredLayer>,
}

#[derive(Debug, Clone)]
struct StoredLayer {
    diff_id: Digest,
    stored: Vec<u8>,
    media_type: String,
}

impl ImageWriter {
    /// An image without layers.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Sets the members of the configuration's `config`, as JSON without braces.
    pub fn config(&mut self, settings: &str) -> &mut Self {
        settings.clone_into(&mut self.settings);
        self
    }

    /// Adds a plain layer and the history's entry for it.
    pub fn layer(&mut self, created_by: &str, tar: Vec<u8>) -> &mut Self {
        let diff_id = Digest::sha256(&tar);
        self.stored_layer(created_by, diff_id, tar, "application/vnd.oci.image.layer.v1.tar")
    }

    /// Adds a layer in a coding of the caller's.
    pub fn stored_layer(&mut self, created_by: &str, diff_id: Digest, stored: Vec<u8>, media_type: &str) -> &mut Self {
        self.history.push((created_by.to_owned(), false));
        self.layers.push(StoredLayer { diff_id, stored, media_type: media_type.to_owned() });
        self
    }

    /// Adds an entry of the history that makes no layer.
    pub fn empty(&mut self, created_by: &str) -> &mut Self {
        self.history.push((created_by.to_owned(), true));
        self
    }

    /// The configuration's JSON.
    pub fn config_json(&self) -> Vec<u8> {
        let history: Vec<String> = self
            .history
            .iter()
            .map(|(by, is_empty)| {
                let empty = if *is_empty { r#","empty_layer":true"# } else { "" };
                format!(r#"{{"created":"2026-01-02T03:04:05Z","created_by":{}{empty}}}"#, quoted(by))
            })
            .collect();
        let ids: Vec<String> = self.layers.iter().map(|layer| format!("\"{}\"", layer.diff_id)).collect();
        format!(
            r#"{{"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","config":{{{}}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{}]{}}}"#,
            self.settings,
            ids.join(","),
            history.join(","),
            self.more
        )
        .into_bytes()
    }

    /// The OCI manifest's JSON.
    pub fn manifest_json(&self) -> Vec<u8> {
        let layers: Vec<String> =
            self.layers.iter().map(|layer| descriptor(&layer.media_type, &layer.stored, "")).collect();
        format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[{}]}}"#,
            descriptor("application/vnd.oci.image.config.v1+json", &self.config_json(), ""),
            layers.join(",")
        )
        .into_bytes()
    }

    /// The descriptor by which an index names it.
    pub fn descriptor(&self) -> String {
        let more = format!(
            r#","annotations":{{"org.opencontainers.image.ref.name":{}}},"platform":{{"architecture":"amd64","os":"linux"}}"#,
            quoted(&self.name)
        );
        descriptor("application/vnd.oci.image.manifest.v1+json", &self.manifest_json(), &more)
    }

    /// Its blobs: names below `blobs/sha256/` and contents.
    pub fn blobs(&self) -> Vec<(String, Vec<u8>)> {
        let documents = [self.config_json(), self.manifest_json()];
        let layers = self.layers.iter().map(|layer| layer.stored.clone());
        documents.into_iter().chain(layers).map(|blob| (blob_path(&blob), blob)).collect()
    }

    /// The files of an OCI layout.
    pub fn oci_layout(&self) -> Vec<(String, Vec<u8>)> {
        oci_layout(&[self])
    }

    /// `docker save` before version 25.
    pub fn docker_archive(&self) -> Vec<u8> {
        let config = self.config_json();
        let config_name = format!("{}.json", Digest::sha256(&config).hex());
        let mut tar = TarWriter::new();
        let mut names = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            let folder = Digest::sha256(format!("{number}").as_bytes()).hex();
            tar.folder(&folder).file(&format!("{folder}/VERSION"), b"1.0");
            tar.file(&format!("{folder}/layer.tar"), &layer.stored);
            names.push(format!("\"{folder}/layer.tar\""));
        }
        let manifest = format!(
            r#"[{{"Config":"{config_name}","RepoTags":[{}],"Layers":[{}]}}]"#,
            quoted(&self.name),
            names.join(",")
        );
        tar.file(&config_name, &config).file("manifest.json", manifest.as_bytes()).finish()
    }

    /// `docker save` since version 25: an OCI layout with a manifest.json.
    pub fn docker_archive_25(&self) -> Vec<u8> {
        let layers: Vec<String> = self.layers.iter().map(|layer| format!("\"{}\"", blob_path(&layer.stored))).collect();
        let manifest = format!(
            r#"[{{"Config":"{}","RepoTags":[{}],"Layers":[{}]}}]"#,
            blob_path(&self.config_json()),
            quoted(&self.name),
            layers.join(",")
        );
        let mut files = self.oci_layout();
        files.push(("manifest.json".to_owned(), manifest.into_bytes()));
        archive(&files)
    }
}

/// The files of an OCI layout with several images.
pub fn oci_layout(images: &[&ImageWriter]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = images.iter().flat_map(|image| image.blobs()).collect();
    files.sort();
    files.dedup();
    let manifests: Vec<String> = images.iter().map(|image| image.descriptor()).collect();
    files.push(("index.json".to_owned(), index(&manifests)));
    files.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
    files
}

/// An index of these descriptors.
pub fn index(descriptors: &[String]) -> Vec<u8> {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#,
        descriptors.join(",")
    )
    .into_bytes()
}

/// A descriptor of some content; `more` are further members, each after a comma.
pub fn descriptor(media_type: &str, content: &[u8], more: &str) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}{more}}}"#, Digest::sha256(content), content.len())
}

/// Where a layout keeps some content.
pub fn blob_path(content: &[u8]) -> String {
    format!("blobs/sha256/{}", Digest::sha256(content).hex())
}

/// An archive of files.
pub fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = TarWriter::new();
    for (name, content) in files {
        tar.file(name, content);
    }
    tar.finish()
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
