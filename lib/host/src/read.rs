//! Reads the files of a bundle. A file that breaks off gives what stands before the break, and an error.

use crate::engine::Volumes;
use crate::facts::Unread;
use crate::{Bundle, Fact, Unknown, Volume};
use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A file of a bundle, or a part of it, that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactError {
    /// The file's name in the bundle.
    pub file: String,
    /// The line, from 1, where there is one.
    pub line: Option<u32>,
    /// One line for a person; nothing of the file is quoted, since it may hold secrets.
    pub message: String,
}

pub(crate) struct Reader<'b> {
    bundle: &'b Bundle,
    pub(crate) unread: BTreeMap<String, Unread>,
    pub(crate) errors: Vec<FactError>,
    /// Lists of which a part could not be read.
    pub(crate) partial: BTreeMap<String, Unknown>,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bundle: &'b Bundle) -> Self {
        Self { bundle, unread: BTreeMap::new(), errors: Vec::new(), partial: BTreeMap::new() }
    }

    pub(crate) fn fail(&mut self, file: &str, message: String) {
        self.errors.push(FactError { file: file.to_owned(), line: None, message });
    }

    /// A file's text.
    pub(crate) fn text(&mut self, file: &str) -> Fact<&'b str> {
        if let Some(error) = self.bundle.unreadable.get(file) {
            let message = error.clone();
            self.fail(file, message);
            return Fact::Denied(Unknown::new(format!("{file} could not be read")));
        }
        if let Some(text) = self.bundle.files.get(file) {
            return Fact::Known(text);
        }
        let (why, detail) = match self.unread.get(file) {
            None => return Fact::Denied(Unknown::new(format!("{file} was not read"))),
            Some(Unread::Word(why)) => (why.as_str(), ""),
            Some(Unread::Row { why, detail }) => (why.as_str(), detail.as_str()),
        };
        if why == "absent" {
            return Fact::Absent;
        }
        let separator = if detail.is_empty() { "" } else { ": " };
        Fact::Denied(Unknown::new(format!("{file} could not be read ({why}{separator}{detail})")))
    }

    /// A file with one JSON value.
    pub(crate) fn object<T: DeserializeOwned>(&mut self, file: &str) -> Fact<T> {
        match self.text(file) {
            Fact::Known(text) => match serde_json::from_str(text) {
                Ok(value) => Fact::Known(value),
                Err(error) => Fact::Denied(self.malformed(file, &error)),
            },
            Fact::Absent => Fact::Absent,
            Fact::Denied(why) => Fact::Denied(why),
        }
    }

    /// A file with an array; what cannot be read of it is left out, and an error. Then the list is partial.
    pub(crate) fn list<T: DeserializeOwned>(&mut self, file: &str) -> Fact<Vec<T>> {
        match self.text(file) {
            Fact::Known(text) => self.elements(file, text),
            Fact::Absent => Fact::Absent,
            Fact::Denied(why) => Fact::Denied(why),
        }
    }

    /// Like [`list`](Self::list), for what nobody looks at one by one: nothing is known where not all is.
    pub(crate) fn whole_list<T: DeserializeOwned>(&mut self, file: &str) -> Fact<Vec<T>> {
        let list = self.list(file);
        match self.partial.get(file) {
            Some(why) => Fact::Denied(why.clone()),
            None => list,
        }
    }

    /// GET /volumes holds its list in an object; `docker volume inspect` prints the list alone.
    pub(crate) fn volumes(&mut self) -> Fact<Vec<Volume>> {
        const FILE: &str = "volumes.json";
        if self.bundle.files.get(FILE).is_some_and(|text| text.trim_start().starts_with('[')) {
            return self.whole_list(FILE);
        }
        match self.object::<Volumes>(FILE) {
            Fact::Known(volumes) => match volumes.volumes.known("Volumes") {
                Ok(volumes) => Fact::Known(volumes.clone()),
                Err(why) => {
                    self.fail(FILE, why.reason.clone());
                    Fact::Denied(why)
                }
            },
            Fact::Absent => Fact::Absent,
            Fact::Denied(why) => Fact::Denied(why),
        }
    }

    fn elements<T: DeserializeOwned>(&mut self, file: &str, text: &'b str) -> Fact<Vec<T>> {
        let mut raw = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let whole = deserializer.deserialize_seq(Collect(&mut raw)).and_then(|()| deserializer.end());
        let broken = whole.err().map(|error| self.malformed(file, &error));
        if let Some(why) = broken {
            if raw.is_empty() {
                return Fact::Denied(why);
            }
            self.partial.insert(file.to_owned(), why);
        }
        let mut values = Vec::with_capacity(raw.len());
        let mut odd = 0_usize;
        for element in raw {
            match T::deserialize(&mut serde_json::Deserializer::from_str(element.get())) {
                Ok(value) => values.push(value),
                Err(_) => odd += 1,
            }
        }
        if odd > 0 {
            self.fail(file, format!("{odd} of its entries are of a type that they should not have"));
            self.partial.insert(file.to_owned(), Unknown::malformed(format!("{file} has entries of a wrong type")));
        }
        Fact::Known(values)
    }

    fn malformed(&mut self, file: &str, error: &serde_json::Error) -> Unknown {
        let (line, what) = match error.classify() {
            serde_json::error::Category::Eof => (error.line(), "breaks off"),
            serde_json::error::Category::Syntax => (error.line(), "is no JSON"),
            _ => (error.line(), "is of a type that it should not have"),
        };
        let line = u32::try_from(line).ok().filter(|line| *line > 0);
        self.errors.push(FactError { file: file.to_owned(), line, message: format!("the file {what}") });
        Unknown::malformed(format!("{file} {what}"))
    }
}

/// Collects the elements of an array as they come, so that those before a break are kept.
struct Collect<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> Visitor<'de> for Collect<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element::<&RawValue>()? {
            self.0.push(element);
        }
        Ok(())
    }

    /// Go writes `null` for an empty list.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
