//! JSON documents as other readers see them: keys in any case, `null` as absent, and whether two readers could differ.

use crate::limits::within;
use crate::{Error, Limit};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// A value. Numbers are kept where they are whole and not negative; others do not matter in images.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Json {
    #[default]
    Null,
    Bool(bool),
    Number(u64),
    Text(Box<str>),
    Array(Vec<Json>),
    Object(Vec<(Box<str>, Json)>),
}

impl Json {
    /// Reads a document of at most `limit` bytes, and of values in proportion, so that it cannot swell in memory.
    pub(crate) fn parse(bytes: &[u8], limit: u64) -> Result<Self, Error> {
        within(bytes.len() as u64, limit, Limit::Json, "bytes of JSON")?;
        let values = Cell::new(limit / 16);
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let seed = Seed { values: &values };
        let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        value.map_err(|error| {
            if values.get() == 0 {
                return Error::new(crate::ErrorKind::Limit(Limit::Json), "too many values of JSON");
            }
            // The text of the error could quote the document, which may hold a secret.
            Error::corrupt(format!("not JSON (line {}, column {})", error.line(), error.column()))
        })
    }

    /// The value under a key, as Go's readers find it: the last one of this spelling, else the last one that differs
    /// in case only. `Null` where there is none.
    pub(crate) fn get(&self, key: &str) -> &Self {
        const NULL: &Json = &Json::Null;
        let Self::Object(members) = self else { return NULL };
        let mut members = members.iter().rev();
        let exact = members.clone().find(|(name, _)| &**name == key);
        exact.or_else(|| members.find(|(name, _)| name.eq_ignore_ascii_case(key))).map_or(NULL, |(_, value)| value)
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The text, where it is one and not empty.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn string(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    pub(crate) fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    pub(crate) fn array(&self) -> &[Self] {
        match self {
            Self::Array(values) => values,
            _ => &[],
        }
    }

    /// The texts of an array.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.array()
            .iter()
            .filter_map(|value| match value {
                Self::Text(text) => Some(text.to_string()),
                _ => None,
            })
            .collect()
    }

    /// The members of an object. Of equal keys the last one counts.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = match self {
            Self::Object(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|(key, value)| (&**key, value))
    }

    /// The names of keys that stand twice in one object, or in spellings that differ in case where that matters.
    pub(crate) fn ambiguous_keys(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.find_ambiguous(true, &mut found);
        found.sort();
        found.dedup();
        found
    }

    fn find_ambiguous(&self, has_fields: bool, found: &mut Vec<String>) {
        match self {
            Self::Array(values) => values.iter().for_each(|value| value.find_ambiguous(has_fields, found)),
            Self::Object(members) => {
                let spelling = |key: &str| if has_fields { key.to_ascii_lowercase() } else { key.to_owned() };
                let mut keys: Vec<String> = members.iter().map(|(key, _)| spelling(key)).collect();
                keys.sort();
                found.extend(keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()));
                for (key, value) in members {
                    // The keys of these are names that users choose, in which case makes a difference for all readers.
                    let is_map = ["labels", "annotations", "volumes", "exposedports"]
                        .iter()
                        .any(|name| key.eq_ignore_ascii_case(name));
                    value.find_ambiguous(!is_map, found);
                }
            }
            _ => {}
        }
    }
}

struct Seed<'a> {
    /// How many values may still come.
    values: &'a Cell<u64>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        match self.values.get().checked_sub(1) {
            Some(0) | None => {
                self.values.set(0);
                return Err(D::Error::custom("too many values"));
            }
            Some(rest) => self.values.set(rest),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(value) = values.next_element_seed(Seed { values: self.values })? {
            array.push(value);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(key) = members.next_key::<String>()? {
            object.push((key.into(), members.next_value_seed(Seed { values: self.values })?));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_as_others_read_them() {
        let json = Json::parse(br#"{"User":"a","USER":"b","Labels":{"a":"1","A":"2"}}"#, 1 << 10).expect("JSON");
        assert_eq!(json.get("User").text(), Some("a"));
        assert_eq!(json.get("user").text(), Some("b"));
        assert_eq!(json.ambiguous_keys(), ["user"]);
        assert!(Json::parse(b"{\"a\":1,\"a\":2}", 1 << 10).expect("JSON").ambiguous_keys() == ["a"]);
    }

    #[test]
    fn documents_are_bounded() {
        let many = format!("[{}0]", "0,".repeat(100));
        assert!(Json::parse(many.as_bytes(), 1 << 10).is_err());
        assert!(Json::parse(many.as_bytes(), 1 << 12).is_ok());
        assert!(Json::parse(&[b'['; 1000], 1 << 20).is_err());
        assert!(Json::parse(b"{} x", 1 << 10).is_err());
    }
}
