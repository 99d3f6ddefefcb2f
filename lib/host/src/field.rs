use crate::Unknown;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A field of an engine's answer. A field of a type that it should not have spoils only what depends on it.
///
/// `null` is the empty value of lists, maps and options, for which engines write it where nobody set them. A switch, a
/// number or a text that is `null` was not said: it is [`Missing`](Self::Missing).
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

/// What `null` stands for in a field of a type.
pub trait Null: Sized {
    /// The value; nothing where `null` says as little as a field that is not there.
    fn null() -> Option<Self> {
        None
    }
}

impl<T> Null for Vec<T> {
    fn null() -> Option<Self> {
        Some(Self::new())
    }
}

impl<K: Ord, V> Null for BTreeMap<K, V> {
    fn null() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T> Null for Option<T> {
    fn null() -> Option<Self> {
        Some(None)
    }
}

macro_rules! not_said {
    ($($type:ty),* $(,)?) => { $(impl Null for $type {})* };
}

not_said!(bool, i64, String);
not_said!(crate::Words, crate::State, crate::HostConfig, crate::Config, crate::NetworkSettings);
not_said!(crate::RestartPolicy, crate::LogConfig, crate::RegistryConfig, crate::Plugins, crate::SwarmInfo);
not_said!(
    crate::Commit,
    crate::ContainerdInfo,
    crate::Platform,
    crate::SwarmSpec,
    crate::EncryptionConfig,
    crate::CaConfig
);
not_said!(crate::NodeSpec, crate::NodeDescription, crate::ServiceSpec, crate::TaskTemplate);
not_said!(crate::ContainerSpec, crate::ServiceRestart, crate::VolumeOptions, crate::DriverConfig);

impl<'de, T: DeserializeOwned + Null> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw == "null" {
            return Ok(T::null().map_or(Self::Missing, Self::Known));
        }
        Ok(serde_json::from_str(raw).map_or(Self::Malformed, Self::Known))
    }
}
