use plimsoll_host::Bundle;
use plimsoll_rules::is_secret_name;
use serde_json::Value;

/// Masks the secrets of a bundle wherever they can stand: in environments, commands, labels, options, proxies,
/// histories and lists of processes.
///
/// Of environments only harmless values stay. Elsewhere a value goes where its name tells that it is a secret, where
/// it has the form of one, and where it is the password of a URL. Files that no longer parse are left out: what cannot
/// be read cannot be masked.
pub fn mask_bundle(bundle: &mut Bundle) {
    let mut broken = Vec::new();
    for (name, text) in &mut bundle.files {
        let is_json = std::path::Path::new(name).extension().is_some_and(|extension| extension == "json");
        if is_json {
            match serde_json::from_str::<Value>(text) {
                Ok(mut value) => {
                    mask(&mut value, "");
                    *text = value.to_string();
                }
                Err(_) => broken.push(name.clone()),
            }
        } else if name == "environment" {
            let lines = text.lines().map(|line| match line.split_once('=') {
                Some((name, value)) => format!("{name}={}\n", environment_value(name.trim(), value)),
                None => String::new(),
            });
            *text = lines.collect();
        }
    }
    if broken.is_empty() {
        return;
    }
    let mut meta: Value =
        bundle.files.get("meta.json").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for name in broken {
        bundle.files.remove(&name);
        meta["unread"][&name] = serde_json::json!({ "why": "failed", "detail": "the host gave no JSON" });
    }
    bundle.files.insert("meta.json".to_owned(), meta.to_string());
}

pub(crate) const MASK: &str = "***";

/// `name` is the key under which the value stands.
fn mask(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(text) if is_secret_name(&key.replace(['-', '.'], "_")) && !text.is_empty() => {
                        // A file's path or a hash of a public thing would be judged by its name alone.
                        if !text.starts_with('/') {
                            MASK.clone_into(text);
                        }
                    }
                    _ => mask(field, key),
                }
            }
        }
        Value::Array(values) if name == "Env" => {
            for variable in values {
                if let Value::String(text) = variable
                    && let Some((name, value)) = text.split_once('=')
                {
                    *text = format!("{name}={}", environment_value(name, value));
                }
            }
        }
        Value::Array(values) => mask_words(values, name),
        Value::String(text) => *text = masked_text(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A command's words: the one behind `--password` goes too.
fn mask_words(values: &mut [Value], name: &str) {
    let mut next_is_secret = false;
    for value in values {
        if let Value::String(text) = value {
            let flag = text.strip_prefix('-').map(|flag| flag.trim_start_matches('-').replace('-', "_"));
            let is_flag = flag.is_some();
            let names_secret = flag.is_some_and(|flag| !flag.contains('=') && is_secret_name(&flag));
            if next_is_secret && !is_flag {
                MASK.clone_into(text);
            } else {
                *text = masked_text(text);
            }
            next_is_secret = names_secret;
        } else {
            mask(value, name);
        }
    }
}

/// The value of a variable, if it is one that tells nothing.
fn environment_value<'v>(name: &str, value: &'v str) -> &'v str {
    const HARMLESS: [&str; 10] = [
        "PATH",
        "LANG",
        "LC_ALL",
        "HOME",
        "TZ",
        "TERM",
        "HOSTNAME",
        "DEBIAN_FRONTEND",
        "DOCKER_CONTENT_TRUST",
        "container",
    ];
    if value.is_empty() || HARMLESS.contains(&name) { value } else { MASK }
}

/// A text without what has the form of a secret, without passwords of URLs, and without the values behind a secret's
/// name: `PASSWORD=value`, `--token value`, `"secret": "value"`.
fn masked_text(text: &str) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    if text.len() >= 8 {
        let found = plimsoll_secrets::scan(text.as_bytes());
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        spans.extend(found.iter().map(|found| (place(found.start), place(found.end))));
    }
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|at| from + at + 3) {
        let end = text[at..]
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | ','))
            .map_or(text.len(), |end| at + end);
        if let Some(sign) = text[at..end].rfind('@')
            && let Some(colon) = text[at..at + sign].find(':')
        {
            spans.push((at + colon + 1, at + sign));
        }
        from = at;
    }
    named_values(text, &mut spans);
    if spans.is_empty() {
        return text.to_owned();
    }
    spans.sort_unstable();
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in spans {
        let (start, end) =
            (text.floor_char_boundary(start.min(text.len())), text.ceil_char_boundary(end.min(text.len())));
        if start >= done && end > start {
            masked.push_str(&text[done..start]);
            masked.push_str(MASK);
        }
        done = done.max(end);
    }
    masked.push_str(&text[done..]);
    masked
}

/// Values behind names of secrets.
fn named_values(text: &str, spans: &mut Vec<(usize, usize)>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut at = 0;
    while at < text.len() {
        let Some(start) = text[at..].find(is_name).map(|start| at + start) else { return };
        let end = text[start..].find(|c| !is_name(c)).map_or(text.len(), |end| start + end);
        at = end;
        let name = text[start..end].trim_start_matches('-');
        let is_flag = name.len() < end - start;
        let behind = text[end..].trim_start_matches(['"', '\'']);
        let separator = behind.trim_start().chars().next();
        let value = match separator {
            Some('=' | ':') => behind.trim_start()[1..].trim_start_matches([' ', '"', '\'', '=']),
            _ if is_flag && behind.starts_with(' ') => behind.trim_start_matches([' ', '"', '\'']),
            _ => continue,
        };
        let length =
            value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | ',')).unwrap_or(value.len());
        if length == 0 || value.starts_with("//") || !is_secret_name(&name.replace(['-', '.'], "_")) {
            continue;
        }
        let from = text.len() - value.len();
        spans.push((from, from + length));
        at = from + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        for (text, masked) in [
            ("postgres://app:hunter2@db/x", "postgres://app:***@db/x"),
            ("psql --password hunter2 -h db", "psql --password *** -h db"),
            ("mysqld --root-password=hunter2 --port=1", "mysqld --root-password=*** --port=1"),
            ("export DB_PASSWORD='hunter2'; run", "export DB_PASSWORD='***'; run"),
            ("{\"password\": \"hunter2\"}", "{\"password\": \"***\"}"),
            ("sha256:0123456789abcdef", "sha256:0123456789abcdef"),
            ("/usr/sbin/nginx -g daemon off;", "/usr/sbin/nginx -g daemon off;"),
            ("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375"),
        ] {
            assert_eq!(masked_text(text), masked);
        }
    }

    #[test]
    fn every_place_is_masked() {
        let secret = "correct-horse-battery";
        let containers = serde_json::json!([{
            "Name": "/web", "Args": ["--password", secret, "serve"], "Path": "x",
            "Config": { "Env": [format!("ANYTHING={secret}"), "PATH=/bin"], "Labels": {"db.password": secret, "a": format!("http://u:{secret}@h/")},
                        "Cmd": ["sh", "-c", format!("login --token={secret}")], "Healthcheck": {"Test": ["CMD-SHELL", format!("curl -u --password {secret} http://h")]} },
            "HostConfig": { "LogConfig": { "Config": { "splunk-token": secret, "tag": "x" } } }
        }]);
        let mut bundle = Bundle::default();
        let mut put = |name: &str, text: String| drop(bundle.files.insert(name.to_owned(), text));
        put("containers.json", containers.to_string());
        put(
            "top.json",
            serde_json::json!({"aa": {"Titles": ["CMD"], "Processes": [[format!("run --api-token {secret}")]]}})
                .to_string(),
        );
        put("daemon.json", serde_json::json!({"proxies": {"http-proxy": format!("http://u:{secret}@proxy:3128")}, "log-opts": {"splunk-token": secret}}).to_string());
        put(
            "dockerd.args.json",
            serde_json::json!(["dockerd", format!("--http-proxy=http://u:{secret}@proxy")]).to_string(),
        );
        put("environment", format!("FOO={secret}\nPATH=/bin\n"));
        put("info.json", format!("{{\"HttpProxy\": \"http://u:{secret}@proxy\", oops {secret}"));
        mask_bundle(&mut bundle);
        for (name, text) in &bundle.files {
            assert!(!text.contains(secret), "{name}: {text}");
        }
        assert!(bundle.files["containers.json"].contains("\"ANYTHING=***\",\"PATH=/bin\""));
        assert!(bundle.files["containers.json"].contains("\"tag\":\"x\""));
        assert!(!bundle.files.contains_key("info.json") && bundle.files["meta.json"].contains("info.json"));
    }
}
