use crate::Unknown;
use crate::paths::normal;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What was found out about files of the host.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// By path; `None` for a path that was looked for and is not there.
    pub(crate) entries: BTreeMap<String, Option<FileFact>>,
    /// Why nothing is known of other paths.
    pub(crate) otherwise: Option<Unknown>,
}

/// One file: what `stat` says, links followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FileFact {
    /// `file`, `directory`, `socket`, `fifo`, `block`, `character`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Permission bits in octal, such as `0644`.
    pub mode: String,
    /// The owner's number.
    pub uid: Option<u32>,
    /// The group's number.
    pub gid: Option<u32>,
    /// The owner's name on the host; empty where it has none.
    pub user: String,
    /// The group's name on the host; empty where it has none.
    pub group: String,
    /// The path without links, where it is another one.
    pub real: Option<String>,
    /// Why it could not be looked at.
    pub error: Option<String>,
}

impl FileFact {
    /// The permission bits.
    pub fn permissions(&self) -> Result<u32, Unknown> {
        let digits = self.mode.strip_prefix("0o").unwrap_or(&self.mode);
        let bits = u32::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with(['+', '-']));
        bits.map(|bits| bits & 0o7777).ok_or_else(|| Unknown::malformed("a file's mode is no octal number"))
    }
}

impl Files {
    /// The file at a path, or nothing where the host has none.
    pub fn get(&self, path: &str) -> Result<Option<&FileFact>, Unknown> {
        match self.entries.get(path).or_else(|| self.entries.get(&normal(path))) {
            Some(None) => Ok(None),
            Some(Some(fact)) => match &fact.error {
                None => Ok(Some(fact)),
                Some(error) => Err(Unknown::new(format!("{path} could not be looked at: {error}"))),
            },
            None => Err(self.otherwise.clone().unwrap_or_else(|| Unknown::new(format!("{path} was not looked at")))),
        }
    }

    /// The files under a folder, by path; an error where the folder itself is not known.
    pub fn under(&self, folder: &str) -> Result<Vec<(&str, &FileFact)>, Unknown> {
        if self.get(folder)?.is_none() {
            return Ok(Vec::new());
        }
        let start = format!("{}/", folder.trim_end_matches('/'));
        let files = self.entries.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
        let mut found = Vec::new();
        for (path, fact) in files {
            if let Some(fact) = fact {
                if let Some(error) = &fact.error {
                    return Err(Unknown::new(format!("{path} could not be looked at: {error}")));
                }
                found.push((path.as_str(), fact));
            }
        }
        Ok(found)
    }

    /// Where a path of the host leads once links are followed; the path itself where that is not known.
    pub fn real(&self, path: &str) -> String {
        let path = normal(path);
        match self.entries.get(&path) {
            Some(Some(FileFact { real: Some(real), .. })) => normal(real),
            _ => path,
        }
    }
}
