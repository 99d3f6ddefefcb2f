//! Units of systemd as they stand on disk: how a service will start next, and at what a socket listens.

use crate::Unknown;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Folders of units, those that win first.
pub const FOLDERS: [&str; 7] = [
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Units, their drop-ins and the files of variables that they name, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Units {
    files: BTreeMap<String, UnitFile>,
}

/// A file, or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum UnitFile {
    /// Its text. Empty where it masks another one.
    Text(String),
    /// It is there, and could not be read.
    Unreadable {
        /// The system's own words.
        error: String,
    },
}

/// How a service will start next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The argument vector, the program first.
    pub args: Vec<String>,
    /// The file that says it.
    pub place: String,
    /// The variables in it that were put in: later changes of them count no more for who copies the arguments.
    pub variables: Vec<String>,
}

impl Units {
    /// The files of a unit in the order in which systemd reads them: the unit, then its drop-ins.
    pub fn of(&self, unit: &str) -> Vec<&str> {
        let own = FOLDERS.iter().map(|folder| format!("{folder}/{unit}")).find_map(|path| self.place(&path));
        let kind = unit.rsplit('.').next().unwrap_or_default();
        // By name: those of the unit itself win over those of all units of its kind, and folders in their order.
        let mut drop_ins: BTreeMap<&str, &str> = BTreeMap::new();
        for owner in [unit, kind] {
            for folder in FOLDERS {
                let start = format!("{folder}/{owner}.d/");
                for (path, name) in self.files.keys().filter_map(|path| Some((path, path.strip_prefix(&start)?))) {
                    if name.ends_with(".conf") {
                        drop_ins.entry(name).or_insert(path);
                    }
                }
            }
        }
        own.into_iter().chain(drop_ins.into_values()).collect()
    }

    /// How a service will start next, once systemd has read its files again; nothing where it has no unit.
    pub fn start(&self, unit: &str) -> Result<Option<Start>, Unknown> {
        let mut line: Option<(String, &str)> = None;
        let mut variables = BTreeMap::new();
        let files = self.of(unit);
        let is_there = files.first().is_some_and(|path| !path.contains(".d/"));
        for path in files {
            for (key, value) in settings(self.text(path)?, "Service") {
                match key {
                    "ExecStart" if value.is_empty() => line = None,
                    "ExecStart" => line = Some((value, path)),
                    "Environment" if value.is_empty() => variables.clear(),
                    "Environment" => variables.extend(words(&value).iter().filter_map(|word| pair(word))),
                    "EnvironmentFile" => {
                        let path = value.trim_start_matches('-');
                        // Whatever sets a variable later wins over `Environment=`.
                        match self.place(path) {
                            Some(path) => variables.extend(self.text(path)?.lines().filter_map(pair)),
                            None if value.starts_with('-') => {}
                            None => return Err(Unknown::new(format!("{path}, which {unit} names, was not read"))),
                        }
                    }
                    _ => {}
                }
            }
        }
        let Some((line, place)) = line.filter(|_| is_there) else { return Ok(None) };
        let (args, used) = arguments(&line, &variables)?;
        Ok(Some(Start { args, place: place.to_owned(), variables: used }))
    }

    /// At what a socket unit listens: paths, ports and addresses; nothing where there is no such unit.
    pub fn listens(&self, unit: &str) -> Result<Vec<String>, Unknown> {
        let mut streams = Vec::new();
        for path in self.of(unit) {
            for (key, value) in settings(self.text(path)?, "Socket") {
                match key {
                    "ListenStream" if value.is_empty() => streams.clear(),
                    "ListenStream" => streams.push(value),
                    _ => {}
                }
            }
        }
        Ok(streams)
    }

    fn place(&self, path: &str) -> Option<&str> {
        self.files.get_key_value(path).map(|(path, _)| path.as_str())
    }

    fn text(&self, path: &str) -> Result<&str, Unknown> {
        match self.files.get(path) {
            Some(UnitFile::Text(text)) => Ok(text),
            Some(UnitFile::Unreadable { error }) => Err(Unknown::new(format!("{path} could not be read: {error}"))),
            None => Err(Unknown::new(format!("{path} was not read"))),
        }
    }
}

/// The settings of one section of a unit, in their order; lines that end in a backslash go on in the next one.
pub fn settings<'t>(text: &'t str, section: &str) -> Vec<(&'t str, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let mut here = false;
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            here = name == section;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let mut value = value.trim().to_owned();
        while value.ends_with('\\') {
            value.pop();
            value.push(' ');
            value.push_str(lines.next().unwrap_or_default());
        }
        if here {
            found.push((key.trim(), value.trim().to_owned()));
        }
    }
    found
}

/// The words of a setting's value: quotes keep blanks, and a backslash the next character.
pub fn words(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (_, '\\') => word.get_or_insert_default().push(match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('s') => ' ',
                other => other.unwrap_or('\\'),
            }),
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// `NAME=value`, of a file of variables too.
fn pair(line: &str) -> Option<(String, String)> {
    let (name, value) = line.trim().split_once('=').filter(|(name, _)| !name.starts_with(['#', ';']))?;
    let value = value.trim();
    let inner = |quote| value.strip_prefix(quote).and_then(|value: &str| value.strip_suffix(quote));
    Some((name.trim().to_owned(), inner('"').or_else(|| inner('\'')).unwrap_or(value).to_owned()))
}

/// The words of `ExecStart=` with the variables' values, and the variables that were used.
fn arguments(line: &str, variables: &BTreeMap<String, String>) -> Result<(Vec<String>, Vec<String>), Unknown> {
    // The kernel starts no program with more; a few variables named often enough would make any length.
    const LONGEST: usize = 2 << 20;
    let mut length = 0_usize;
    let mut args = Vec::new();
    let mut used = Vec::new();
    let bare = line.trim_start_matches(['@', '-', ':', '+', '!', '|']);
    let marks = &line[..line.len() - bare.len()];
    for (at, word) in words(bare).into_iter().enumerate() {
        if at == 1 && marks.contains('@') {
            // The second word is what the program is told to be called.
            continue;
        }
        let value = |name: &str| variables.get(name).map_or("", String::as_str);
        let mut grow = |by: usize| {
            length = length.saturating_add(by);
            if length > LONGEST { Err(Unknown::new("the unit's ExecStart is too long")) } else { Ok(()) }
        };
        grow(word.len())?;
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if marks.contains(':') {
            args.push(word);
        } else if let Some(name) = word.strip_prefix('$').filter(|name| is_name(name)) {
            // Alone a variable stands for as many words as it has.
            grow(value(name).len())?;
            args.extend(words(value(name)));
            used.push(name.to_owned());
        } else {
            let mut text = String::new();
            let mut rest = word.as_str();
            while let Some((before, behind)) = rest.split_once("${") {
                let Some((name, after)) = behind.split_once('}').filter(|(name, _)| is_name(name)) else { break };
                grow(value(name).len())?;
                text.push_str(before);
                text.push_str(value(name));
                used.push(name.to_owned());
                rest = after;
            }
            text.push_str(rest);
            args.push(text.replace("$$", "$"));
        }
    }
    // `%%` is a percent sign; other specifiers stand for what only systemd knows.
    for word in &mut args {
        if word.replace("%%", "").contains('%') {
            return Err(Unknown::new("the unit's ExecStart holds specifiers"));
        }
        *word = word.replace("%%", "%");
    }
    Ok((args, used))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(files: &[(&str, &str)]) -> Units {
        let text = |text: &str| UnitFile::Text(text.to_owned());
        Units { files: files.iter().map(|(path, content)| ((*path).to_owned(), text(content))).collect() }
    }

    fn start(files: &[(&str, &str)]) -> Option<Start> {
        units(files).start("docker.service").expect("known")
    }

    const UNIT: (&str, &str) =
        ("/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\n");

    #[test]
    fn drop_ins_come_by_name() {
        let args = |files: &[(&str, &str)]| start(files).expect("a unit").args.join(" ");
        assert_eq!(args(&[UNIT]), "/usr/sbin/dockerd -H fd://");
        let reset = "[Service]\nExecStart=\nExecStart=dockerd --icc=false\n";
        let late = ("/run/systemd/system/docker.service.d/20-b.conf", reset);
        let early = ("/etc/systemd/system/docker.service.d/10-a.conf", "[Service]\nExecStart=\nExecStart=dockerd -D");
        assert_eq!(args(&[UNIT, late, early]), "dockerd --icc=false");
        // The same name in a folder that wins, and one that hides it.
        let same = ("/etc/systemd/system/docker.service.d/20-b.conf", "");
        assert_eq!(args(&[UNIT, late, early, same]), "dockerd -D");
        let of_all = ("/etc/systemd/system/service.d/20-b.conf", "[Service]\nExecStart=\nExecStart=x");
        assert_eq!(args(&[UNIT, late, early, of_all]), "dockerd --icc=false");
        assert_eq!(args(&[UNIT, ("/etc/systemd/system/docker.service.d/x.bak", reset)]), "/usr/sbin/dockerd -H fd://");
        assert_eq!(start(&[late]), None);
    }

    #[test]
    fn variables_stand_for_their_words() {
        let more = "[Unit]\nExecStart=no\n[Service]\nEnvironment=\"A=b c\" DOCKER_OPTS=-D\nEnvironmentFile=-/etc/default/docker\n\
                    EnvironmentFile=-/none\nExecStart=\nExecStart=-/usr/bin/dockerd \\\n  # not this\n  ${A}x $A '$A y' $$HOME 100%% $DOCKER_OPTS\n";
        let defaults = ("/etc/default/docker", "# DOCKER_OPTS=no\nDOCKER_OPTS=\"--icc=false --label 'a b'\"\n");
        let found = start(&[UNIT, ("/etc/systemd/system/docker.service.d/a.conf", more), defaults]).expect("a unit");
        let args = ["/usr/bin/dockerd", "b cx", "b", "c", "$A y", "$HOME", "100%", "--icc=false", "--label", "a b"];
        assert_eq!(found.args, args);
        assert_eq!(found.place, "/etc/systemd/system/docker.service.d/a.conf");
        assert_eq!(found.variables, ["A", "A", "DOCKER_OPTS"]);
        let wrong =
            |line: &str| units(&[UNIT, ("/etc/systemd/system/docker.service.d/a.conf", line)]).start("docker.service");
        assert!(wrong("[Service]\nExecStart=\nExecStart=dockerd --label %H").is_err());
        assert!(wrong("[Service]\nEnvironmentFile=/none").is_err());
    }

    #[test]
    fn hostile_units_end_soon() {
        let long = "x".repeat(1 << 20);
        let line = "$A ${A}".repeat(100_000);
        let unit = format!("[Service]\nEnvironment=A={long}\nExecStart=/usr/bin/dockerd {line}\n");
        assert!(units(&[("/etc/systemd/system/docker.service", &unit)]).start("docker.service").is_err());
        let lines = format!("[Service]\nExecStart=dockerd \\\n{}", "x \\\n".repeat(200_000));
        let found = start(&[("/etc/systemd/system/docker.service", &lines)]).expect("a unit");
        assert_eq!(found.args.len(), 200_001);
        for odd in
            ["[Service", "=", "[Service]\nExecStart", "[Service]\nExecStart=\"\\", "\\", "[Service]\nEnvironment='"]
        {
            assert_eq!(
                start(&[("/etc/systemd/system/docker.service", odd)]).map(|start| start.args.len()).unwrap_or_default(),
                usize::from(odd.contains("=\""))
            );
        }
        let other: Result<Units, _> = serde_json::from_str(r#"{"/x": 7}"#);
        assert!(other.is_err());
    }

    #[test]
    fn sockets_listen() {
        let unit = ("/lib/systemd/system/docker.socket", "[Socket]\nListenStream=/run/docker.sock\n");
        let more = ("/etc/systemd/system/docker.socket.d/tcp.conf", "[Socket]\nListenStream=4243\n");
        assert_eq!(units(&[unit, more]).listens("docker.socket"), Ok(vec!["/run/docker.sock".into(), "4243".into()]));
        assert_eq!(units(&[]).listens("docker.socket"), Ok(Vec::new()));
    }
}
