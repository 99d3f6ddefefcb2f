use crate::{mask_options, mask_units};
use plimsoll_host::Bundle;
use plimsoll_rules::{is_secret_name, named_secrets};
use serde_json::Value;

/// Masks the secrets of a bundle wherever they can stand: in environments, commands, labels, options, proxies,
/// histories and lists of processes.
///
/// Of environments only harmless values stay. Elsewhere a value goes where its name tells that it is a secret, where
/// it has the form of one, and where it is the password of a URL. Files that no longer parse are left out: what cannot
/// be read cannot be masked.
pub fn mask_bundle(bundle: &mut Bundle) {
    let broken = mask_what_parses(bundle);
    for name in &broken {
        bundle.files.remove(name);
    }
    let mut meta: Value =
        bundle.files.get("meta.json").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if !meta.is_object() {
        meta = serde_json::json!({});
    }
    for name in &broken {
        meta["unread"][name] = serde_json::json!({ "why": "failed", "detail": "the host gave no JSON" });
    }
    meta["masked"] = true.into();
    bundle.files.insert("meta.json".to_owned(), meta.to_string());
}

/// Masks a bundle that somebody else put together, of `docker inspect` and the like; one that [`mask_bundle`] has
/// masked stays as it is. Files that do not parse stay too: what stands before the break is still to be checked.
pub fn mask_foreign_bundle(bundle: &mut Bundle) {
    let meta = bundle.files.get("meta.json").and_then(|text| serde_json::from_str::<Value>(text).ok());
    if meta.is_none_or(|meta| meta["masked"] != true) {
        mask_what_parses(bundle);
    }
}

/// Masks the files that can be read, and names those of JSON that cannot.
fn mask_what_parses(bundle: &mut Bundle) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, text) in &mut bundle.files {
        let is_json = std::path::Path::new(name).extension().is_some_and(|extension| extension == "json");
        if is_json {
            match serde_json::from_str::<Value>(text) {
                Ok(mut value) => {
                    if name == "units.json" {
                        mask_units::mask(&mut value);
                    } else {
                        mask(&mut value, "");
                    }
                    *text = value.to_string();
                }
                Err(_) => broken.push(name.clone()),
            }
            continue;
        }
        match name.as_str() {
            "environment" => {
                *text = each_line(text, |line| match line.split_once('=') {
                    Some((name, value)) => format!("{name}={}", environment_value(name.trim(), value)),
                    None => String::new(),
                });
            }
            // Hashes stand in the second field where a system has no shadow file.
            "passwd" | "group" => *text = each_line(text, without_hash),
            "mounts.txt" | "audit.rules" | "audit.disk.rules" => *text = each_line(text, masked_text),
            _ => {}
        }
    }
    broken
}

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().flat_map(|line| [change(line), "\n".to_owned()]).collect()
}

/// A line of /etc/passwd or /etc/group without its password.
fn without_hash(line: &str) -> String {
    let mut fields = line.splitn(3, ':');
    match (fields.next(), fields.next(), fields.next()) {
        (Some(name), Some(hash), Some(rest)) if hash.len() > 1 => format!("{name}:x:{rest}"),
        _ => line.to_owned(),
    }
}

pub(crate) const MASK: &str = "***";

/// `name` is the key under which the value stands.
fn mask(value: &mut Value, name: &str) {
    match value {
        // Whoever has one of these joins the swarm.
        Value::Object(tokens) if name == "JoinTokens" => tokens.values_mut().for_each(|token| *token = MASK.into()),
        // What health checks and failed starts printed is a log, and logs hold anything.
        Value::String(text) if matches!(name, "Output" | "CreatedBy" | "created_by") && !text.is_empty() => {
            *text = if name == "Output" { MASK.to_owned() } else { masked_instruction(text) };
        }
        Value::Object(fields) => {
            let variable = fields.contains_key("Name") && fields.contains_key("Value") && name == "Env";
            for (key, field) in fields {
                match field {
                    Value::String(text) if text.is_empty() => {}
                    // A plugin's variables are objects.
                    Value::String(text) if variable && key == "Value" => MASK.clone_into(text),
                    // A file's path or a hash of a public thing would be judged by its name alone.
                    Value::String(text) if names_secret(key) && !text.starts_with('/') => MASK.clone_into(text),
                    _ => mask(field, key),
                }
            }
        }
        Value::Array(values) if name == "Env" => {
            for variable in values {
                match variable {
                    Value::String(text) => {
                        if let Some((name, value)) = text.split_once('=') {
                            *text = format!("{name}={}", environment_value(name, value));
                        }
                    }
                    other => mask(other, name),
                }
            }
        }
        // What the engine itself calls its images: `secret:1` is no secret.
        Value::Array(_) | Value::String(_) if matches!(name, "Image" | "RepoTags" | "RepoDigests" | "Id") => {}
        Value::Array(values) => mask_words(values, name),
        Value::String(text) => *text = masked_text(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a key, a label or an option is that of a secret: `db.password`, `splunk-token`, `apiKey`.
fn names_secret(key: &str) -> bool {
    let mut snake = String::with_capacity(key.len() + 4);
    let mut before = ' ';
    for c in key.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(if matches!(c, '-' | '.' | '/') { '_' } else { c });
        before = c;
    }
    is_secret_name(&snake)
}

/// An instruction of an image's history, whose variables and build arguments may hold anything:
/// `ENV A=b`, `|1 A=b /bin/sh -c ...`.
fn masked_instruction(text: &str) -> String {
    let text = masked_text(text);
    let (before, rest) = text.split_once("#(nop)").map_or(("", text.as_str()), |(before, rest)| (before, rest));
    let mark = if before.is_empty() { "" } else { "#(nop)" };
    let (run, rest) = rest.strip_prefix("RUN |").map_or(("", rest), |_| rest.split_at("RUN ".len()));
    let word = rest.split_whitespace().next().unwrap_or_default();
    let start = rest.len() - rest.trim_start().len() + word.len();
    let (head, values) = rest.split_at(start);
    let masked =
        if matches!(word, "ENV" | "ARG") || word.strip_prefix('|').is_some_and(|count| count.parse::<u32>().is_ok()) {
            // Of build arguments the command is what follows them.
            let end = values.find("/bin/sh -c").filter(|_| word.starts_with('|')).unwrap_or(values.len());
            masked_variables(&values[..end]) + &values[end..]
        } else {
            values.to_owned()
        };
    format!("{before}{mark}{run}{head}{masked}")
}

/// `A=b C="d e"` without the values; the old form `A b` too.
fn masked_variables(text: &str) -> String {
    if !text.contains('=') {
        let name = text.split_whitespace().next().unwrap_or_default();
        let is_alone = text.trim() == name || name.is_empty();
        return if is_alone { text.to_owned() } else { format!(" {name} {MASK}") };
    }
    // Where quotes and blanks are no longer told apart, all that is no name goes.
    let mut masked = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let blank = word.len() - word.trim_end().len();
        match word.split_once('=') {
            Some((name, value)) if is_variable(name) => {
                let value = value.trim_end();
                masked.push_str(name);
                masked.push('=');
                masked.push_str(environment_value(name, value));
                masked.push_str(&word[word.len() - blank..]);
            }
            _ if word.trim().is_empty() || word.trim() == "#" || word.trim() == "buildkit" => masked.push_str(word),
            _ => masked.push_str("*** "),
        }
    }
    masked
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A command's words: the one behind `--password` goes too.
fn mask_words(values: &mut [Value], name: &str) {
    let words: Vec<&str> = values.iter().map(|value| value.as_str().unwrap_or_default()).collect();
    let behind_options = mask_options::find(&words);
    for (at, part) in behind_options.into_iter().rev() {
        if let Value::String(text) = &mut values[at] {
            text.replace_range(part, MASK);
        }
    }
    let mut next_is_secret = false;
    for value in values {
        if let Value::String(text) = value {
            let flag = text.strip_prefix('-').map(|flag| flag.trim_start_matches('-').replace('-', "_"));
            let is_flag = flag.is_some();
            let names_secret = flag.is_some_and(|flag| !flag.contains('=') && names_secret(&flag));
            if next_is_secret && !is_flag {
                MASK.clone_into(text);
            } else if name == "OnBuild" || text.starts_with("#(nop)") {
                *text = masked_instruction(text);
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
pub(crate) fn environment_value<'v>(name: &str, value: &'v str) -> &'v str {
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
pub(crate) fn masked_text(text: &str) -> String {
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
        if let Some(sign) = text[at..end].rfind('@') {
            // Without a password what stands there may be a token; of ssh it is a user.
            let start = text[at..at + sign].find(':').map(|colon| at + colon + 1);
            let is_web = text[..at].ends_with("http://") || text[..at].ends_with("https://");
            spans.extend(start.or(is_web.then_some(at)).map(|start| (start, at + sign)));
        }
        from = at;
    }
    spans.extend(mask_options::find_in(text).into_iter().map(|span| (span.start, span.end)));
    spans.extend(named_secrets(text, names_secret).iter().map(|span| (span.start as usize, span.end as usize)));
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
            ("https://hunter2@host/x", "https://***@host/x"),
            ("ssh://git@host/x", "ssh://git@host/x"),
            ("sh -c mysql -u root -phunter2 x", "sh -c mysql -u root -p*** x"),
            ("addr=10.0.0.1,username=u,password=hunter2,vers=3", "addr=10.0.0.1,username=u,password=***,vers=3"),
        ] {
            assert_eq!(masked_text(text), masked);
        }
    }

    #[test]
    fn instructions_keep_what_they_do() {
        for (text, masked) in [
            ("/bin/sh -c #(nop)  ENV A=hunter2 PATH=/bin", "/bin/sh -c #(nop)  ENV A=*** PATH=/bin"),
            ("ENV A=hunter2 # buildkit", "ENV A=*** # buildkit"),
            ("ENV A hunter2", "ENV A ***"),
            ("ARG VERSION", "ARG VERSION"),
            ("ARG A=\"hun ter2\"", "ARG A=*** *** "),
            ("|2 A=hunter2 B=x /bin/sh -c apt-get update", "|2 A=*** B=*** /bin/sh -c apt-get update"),
            ("RUN |1 A=hunter2 /bin/sh -c make # buildkit", "RUN |1 A=*** /bin/sh -c make # buildkit"),
            ("COPY app /srv/app # buildkit", "COPY app /srv/app # buildkit"),
            ("/bin/sh -c #(nop) ADD file:0ab in / ", "/bin/sh -c #(nop) ADD file:0ab in / "),
            (
                "RUN /bin/sh -c apt-get update && apt-get install -y x",
                "RUN /bin/sh -c apt-get update && apt-get install -y x",
            ),
        ] {
            assert_eq!(masked_instruction(text), masked);
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
        put("images.json", r#"[{"Id": "a", "RepoTags": ["secret:1"]}]"#.to_owned());
        put("environment", format!("FOO={secret}\nPATH=/bin\n"));
        put("info.json", format!("{{\"HttpProxy\": \"http://u:{secret}@proxy\", oops {secret}"));
        mask_bundle(&mut bundle);
        for (name, text) in &bundle.files {
            assert!(!text.contains(secret), "{name}: {text}");
        }
        assert!(bundle.files["containers.json"].contains("\"ANYTHING=***\",\"PATH=/bin\""));
        assert!(bundle.files["containers.json"].contains("\"tag\":\"x\""));
        assert!(bundle.files["images.json"].contains("secret:1"));
        assert!(!bundle.files.contains_key("info.json") && bundle.files["meta.json"].contains("info.json"));
    }
}
