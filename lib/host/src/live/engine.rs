//! What the engine tells: a request a container and image, several at a time.

use super::http::{Endpoint, Response, get};
use super::{Collected, Request};
use serde_json::{Value, json};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Asks the first engine that answers. Gives its address and what GET /info says, where there is one.
pub(super) fn collect(request: &Request, facts: &mut Collected) -> (Option<Endpoint>, Value) {
    const FILES: [&str; 12] = [
        "version.json",
        "info.json",
        "containers.json",
        "images.json",
        "networks.json",
        "volumes.json",
        "plugins.json",
        "swarm.json",
        "services.json",
        "nodes.json",
        "secrets.json",
        "top.json",
    ];
    let mut refusal = ("absent", "no engine listens here".to_owned());
    for endpoint in &request.endpoints {
        match get(endpoint, "/version", request.timeout, LARGEST_ROW) {
            Ok(Response { status: 200, body }) => {
                let version: Value = serde_json::from_str(&body).unwrap_or_default();
                let api =
                    version["ApiVersion"].as_str().filter(|api| api.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
                let base = api.map(|api| format!("/v{api}")).unwrap_or_default();
                facts.put("version.json", body);
                let engine = Engine {
                    endpoint,
                    base,
                    request,
                    left: AtomicU64::new(LARGEST),
                    hangs: AtomicUsize::new(0),
                    gone: AtomicBool::new(false),
                };
                return (Some(endpoint.clone()), engine.collect(facts));
            }
            Ok(Response { status, .. }) => refusal = ("failed", format!("{endpoint} answered with status {status}")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                refusal = ("denied", format!("{endpoint}: {error}"));
            }
            Err(error) => refusal = ("failed", format!("{endpoint}: {error}")),
        }
    }
    for file in FILES {
        // Without an engine nothing is known of what it would tell: absent would say that there is nothing.
        let why = if refusal.0 == "absent" { "failed" } else { refusal.0 };
        facts.missing(file, why, &refusal.1);
    }
    (None, Value::Null)
}

/// The largest list that is read, in bytes: that of 100,000 containers has some 70 million.
const LARGEST_LIST: u64 = 256 << 20;
/// The largest answer about one thing.
const LARGEST_ROW: u64 = 16 << 20;
/// All answers together.
const LARGEST: u64 = 2 << 30;

fn is_list(path: &str) -> bool {
    path.matches('/').count() == 1 || path.starts_with("/containers/json") || path == "/images/json"
}

struct Engine<'r> {
    endpoint: &'r Endpoint,
    base: String,
    request: &'r Request,
    /// How many bytes may still come.
    left: AtomicU64,
    /// How many requests ran out of time.
    hangs: AtomicUsize,
    /// Whether the engine hangs as a whole: the other requests are not to wait as long again.
    gone: AtomicBool,
}

impl Engine<'_> {
    fn collect(&self, facts: &mut Collected) -> Value {
        let info = self.one("/info", "info.json", facts);
        let networks = self.one("/networks", "", facts);
        each(&ids(&networks, "Id"), |id| self.get(&format!("/networks/{id}")), "networks.json", facts);
        let manager = info["Swarm"]["ControlAvailable"] == true;
        for (path, file) in [
            ("/swarm", "swarm.json"),
            ("/services", "services.json"),
            ("/nodes", "nodes.json"),
            ("/secrets", "secrets.json"),
        ] {
            if manager {
                self.one(path, file, facts);
            } else {
                let inactive = matches!(info["Swarm"]["LocalNodeState"].as_str(), None | Some("inactive" | ""));
                let detail = if inactive { "the host is in no swarm" } else { "only managers tell" };
                facts.missing(file, if inactive { "absent" } else { "denied" }, detail);
            }
        }
        let containers = self.one("/containers/json?all=1", "", facts);
        let ids_of_containers = ids(&containers, "Id");
        each(&ids_of_containers, |id| self.get(&format!("/containers/{id}/json")), "containers.json", facts);
        let rows = containers.as_array().map_or(&[][..], Vec::as_slice);
        let running: Vec<String> =
            rows.iter().filter(|row| row["State"] == "running").filter_map(|row| id_of(row, "Id")).collect();
        self.top(&running, facts);
        let images = self.one("/images/json", "", facts);
        each(&ids(&images, "Id"), |id| self.image(id), "images.json", facts);
        // Last what waits for plugins.
        self.one("/plugins", "plugins.json", facts);
        self.one("/volumes", "volumes.json", facts);
        info
    }

    fn get(&self, path: &str) -> Result<String, String> {
        if self.gone.load(Ordering::Relaxed) {
            return Err("the engine does not answer any more".to_owned());
        }
        let largest = if is_list(path) { LARGEST_LIST } else { LARGEST_ROW };
        let largest = largest.min(self.left.load(Ordering::Relaxed));
        match get(self.endpoint, &format!("{}{path}", self.base), self.request.timeout, largest) {
            Ok(Response { status: 200, body }) => {
                let taken = |left: u64| Some(left.saturating_sub(body.len() as u64));
                let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken);
                Ok(body)
            }
            Ok(Response { status, .. }) => Err(format!("the engine answered with status {status}")),
            Err(error) => {
                if error.kind() == io::ErrorKind::TimedOut {
                    self.timed_out();
                    return Err("the engine did not answer in time".to_owned());
                }
                Err(error.to_string())
            }
        }
    }

    /// One path may hang while the others answer, such as the volumes behind a plugin that is gone. An engine that does
    /// not answer the simplest question either, or hangs over and over, is not waited for again.
    fn timed_out(&self) {
        const MOST: usize = 3;
        let shorter = self.request.timeout.min(Duration::from_secs(2));
        let answers = get(self.endpoint, "/_ping", shorter, 4096).is_ok_and(|answer| answer.status == 200);
        if self.hangs.fetch_add(1, Ordering::Relaxed) + 1 >= MOST || !answers {
            self.gone.store(true, Ordering::Relaxed);
        }
    }

    /// An answer into a file of the bundle; without a file's name only into the value.
    fn one(&self, path: &str, file: &str, facts: &mut Collected) -> Value {
        match self.get(path) {
            Ok(body) => {
                let value = serde_json::from_str(&body).unwrap_or_default();
                if !file.is_empty() {
                    facts.put(file, body);
                }
                value
            }
            Err(error) => {
                if !file.is_empty() {
                    facts.missing(file, "failed", &error);
                }
                Value::String(error)
            }
        }
    }

    fn top(&self, running: &[String], facts: &mut Collected) {
        let answers = in_parallel(running, |id| self.get(&format!("/containers/{id}/top")));
        let rows = running.iter().zip(answers).filter_map(|(id, answer)| {
            let body = answer.ok().filter(|body| is_json(body))?;
            Some(format!("\"{id}\": {}", body.trim_end()))
        });
        let rows: Vec<String> = rows.collect();
        facts.put("top.json", format!("{{{}}}", rows.join(",\n")));
    }

    /// An image with its history.
    fn image(&self, id: &str) -> Result<String, String> {
        let body = self.get(&format!("/images/{id}/json"))?;
        let history = self.get(&format!("/images/{id}/history"));
        let rest = body.trim_start().strip_prefix('{').ok_or("the engine's answer is no object")?;
        Ok(match history {
            Ok(history) if is_json(&history) => format!("{{\"PlimsollHistory\":{},{rest}", history.trim_end()),
            _ => body,
        })
    }
}

/// The answers for each id as one array. What is gone by then is left out: it is no part of the host any more. Of what
/// the engine does not tell the id stays, so that it is unknown; networks, of which one may be all that counts, are then
/// unknown as a whole.
fn each(
    ids: &Result<Vec<String>, String>,
    ask: impl Fn(&str) -> Result<String, String> + Sync,
    file: &str,
    facts: &mut Collected,
) {
    let ids = match ids {
        Ok(ids) => ids,
        Err(error) => return facts.missing(file, "failed", error),
    };
    let sound = |id: &str| {
        let body = ask(id)?;
        // One answer that breaks off must not spoil the others.
        let is_object = body.trim_start().starts_with('{') && is_json(&body);
        if is_object { Ok(body) } else { Err("the engine's answer is no JSON object".to_owned()) }
    };
    let answers = in_parallel(ids, sound);
    let mut failed = None;
    let mut rows = Vec::with_capacity(answers.len());
    let mut any = false;
    for (id, answer) in ids.iter().zip(answers) {
        match answer {
            Ok(body) => {
                any = true;
                rows.push(body.trim_end().to_owned());
            }
            Err(error) if error.ends_with("404") => {}
            Err(error) => {
                rows.push(json!({ "Id": id }).to_string());
                failed = Some(error);
            }
        }
    }
    match failed {
        Some(error) if !any || file == "networks.json" => facts.missing(file, "failed", &error),
        _ => facts.put(file, format!("[{}]", rows.join(",\n"))),
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The ids of a list of things, each once. They become parts of paths: what is no id is left out.
fn ids(list: &Value, field: &str) -> Result<Vec<String>, String> {
    match list {
        Value::Array(rows) => {
            let mut ids: Vec<String> = rows.iter().filter_map(|row| id_of(row, field)).collect();
            ids.sort_unstable();
            ids.dedup();
            Ok(ids)
        }
        Value::String(error) => Err(error.clone()),
        _ => Err("the engine's answer is no list".to_owned()),
    }
}

fn id_of(row: &Value, field: &str) -> Option<String> {
    let id = row[field].as_str()?;
    let sound =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-'));
    sound.then(|| id.to_owned())
}

/// The answers in the order of the questions.
fn in_parallel(ids: &[String], ask: impl Fn(&str) -> Result<String, String> + Sync) -> Vec<Result<String, String>> {
    const THREADS: usize = 8;
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(vec![Err("not asked".to_owned()); ids.len()]);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(id) = ids.get(at) else { return };
            let answer = ask(id);
            let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            answers[at] = answer;
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..THREADS.min(ids.len()) {
            // Without another thread this one does all the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
