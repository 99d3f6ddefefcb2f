use crate::Unknown;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

/// A field of an engine's answer. A field of a type that it should not have spoils only what depends on it.
///
/// `null` is the empty value: engines write it for lists, maps and numbers that nobody set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// It is not there.
    #[default]
    Missing,
    /// Its value.
    Known(T),
    /// It has another type. The parser's own words are not kept: they quote the input, which may hold secrets.
    Malformed,
    /// Something decides that is not known here, such as a variable in a Compose file or what an image says.
    Undecided,
}

impl<T> Field<T> {
    /// The value of a field that engines always write; `name` is what the field is called.
    pub fn known(&self, name: &str) -> Result<&T, Unknown> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Missing => Err(Unknown::new(format!("the engine did not say {name}"))),
            Self::Malformed => Err(malformed(name)),
            Self::Undecided => Err(undecided(name)),
        }
    }

    /// The value of a field that engines leave out where it is empty.
    pub fn optional(&self, name: &str) -> Result<Option<&T>, Unknown> {
        match self {
            Self::Known(value) => Ok(Some(value)),
            Self::Missing => Ok(None),
            Self::Malformed => Err(malformed(name)),
            Self::Undecided => Err(undecided(name)),
        }
    }

    /// The value, where it is there and sound.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Missing | Self::Malformed | Self::Undecided => None,
        }
    }
}

impl<T> Field<Vec<T>> {
    /// The elements of a list that engines leave out where it is empty.
    pub fn list(&self, name: &str) -> Result<&[T], Unknown> {
        Ok(self.optional(name)?.map_or(&[][..], Vec::as_slice))
    }
}

impl Field<String> {
    /// The text of a field that engines leave out where it is empty.
    pub fn text(&self, name: &str) -> Result<&str, Unknown> {
        Ok(self.optional(name)?.map_or("", String::as_str))
    }
}

fn malformed(name: &str) -> Unknown {
    Unknown::malformed(format!("{name} is of a type that it should not have"))
}

fn undecided(name: &str) -> Unknown {
    Unknown::new(format!("{name} is decided elsewhere"))
}

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw == "null" {
            return Ok(Self::Known(T::default()));
        }
        Ok(serde_json::from_str(raw).map_or(Self::Malformed, Self::Known))
    }
}
