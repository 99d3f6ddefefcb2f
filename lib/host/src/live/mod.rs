//! Asks a host: its engine over its socket, and the files around it. Reads only.

mod engine;
mod http;
mod machine;
mod process;
mod root;
#[cfg(feature = "tls")]
mod tls;
mod unit_files;

pub use http::{Endpoint, Export, export};
#[cfg(feature = "tls")]
pub use tls::Tls;

use crate::Bundle;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// What to ask, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where the engine listens; the first of these that answers is asked.
    pub endpoints: Vec<Endpoint>,
    /// The folder at which the host's root is mounted: `/`, unless we run in a container.
    pub root: PathBuf,
    /// How long one request to the engine may take.
    pub timeout: Duration,
    /// The time, RFC 3339 in UTC: it stands in the bundle.
    pub time: String,
}

/// Reads a host. What could not be read stands in `meta.json`, with the reason.
///
/// The values of secrets are in it as the engine tells them: who keeps the bundle masks them.
pub fn collect(request: &Request) -> Bundle {
    let mut facts = Collected::default();
    let (endpoint, info) = engine::collect(request, &mut facts);
    machine::collect(request, endpoint.as_ref(), &info, &mut facts);
    let meta = json!({
        "version": 1,
        "tool": concat!("plimsoll ", env!("CARGO_PKG_VERSION")),
        "host": machine::host_id(&request.root),
        "time": request.time,
        "uid": machine::uid(),
        "engine": endpoint.map(|endpoint| endpoint.to_string()),
        "container": machine::own_container(),
        "unit": facts.unit,
        "daemon_json": facts.daemon_json,
        "daemon_json_changed": facts.daemon_json_changed,
        "daemon_started": facts.daemon_started,
        "unread": facts.unread,
    });
    facts.files.insert("meta.json".to_owned(), meta.to_string());
    Bundle { files: facts.files, unreadable: BTreeMap::new() }
}

/// Facts as they come.
#[derive(Debug, Default)]
struct Collected {
    files: BTreeMap<String, String>,
    unread: Map<String, Value>,
    /// The unit of systemd that dockerd runs in.
    unit: Option<String>,
    /// Where daemon.json stands, or would.
    daemon_json: Option<String>,
    /// When it was changed last, in seconds since 1970.
    daemon_json_changed: Option<i64>,
    /// When dockerd was started, in seconds since 1970.
    daemon_started: Option<i64>,
}

impl Collected {
    fn put(&mut self, file: &str, text: String) {
        self.files.insert(file.to_owned(), text);
    }

    fn missing(&mut self, file: &str, why: &str, detail: &str) {
        self.unread.insert(file.to_owned(), json!({ "why": why, "detail": detail }));
    }

    /// A file's text, or why there is none.
    fn read(&mut self, file: &str, read: std::io::Result<String>) {
        match read {
            Ok(text) => self.put(file, text),
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "absent",
                    std::io::ErrorKind::PermissionDenied => "denied",
                    _ => "failed",
                };
                self.missing(file, why, &error.to_string());
            }
        }
    }
}
