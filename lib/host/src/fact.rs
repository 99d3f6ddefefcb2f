use std::fmt;

/// Something that a host may tell. What could not be read is never taken for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<T> {
    /// It was read.
    Known(T),
    /// It was looked for, and the host has none.
    Absent,
    /// It could not be read, or makes no sense; the text says why.
    Denied(Unknown),
}

impl<T> Fact<T> {
    /// The value; where there is none, why: `what` names it.
    pub fn known(&self, what: &str) -> Result<&T, Unknown> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Absent => Err(Unknown::new(format!("the host has no {what}"))),
            Self::Denied(why) => Err(why.clone()),
        }
    }

    /// The value, or nothing where the host has none; an error where that could not be read.
    pub fn optional(&self) -> Result<Option<&T>, Unknown> {
        match self {
            Self::Known(value) => Ok(Some(value)),
            Self::Absent => Ok(None),
            Self::Denied(why) => Err(why.clone()),
        }
    }

    /// Turns the value into another one.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(turn(value)),
            Self::Absent => Fact::Absent,
            Self::Denied(why) => Fact::Denied(why),
        }
    }
}

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// One line for a person, lower case, without a final dot.
    pub reason: String,
    /// Whether it was read and makes no sense: an error of the input, and not of the host.
    pub malformed: bool,
}

impl Unknown {
    /// Something that could not be read.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), malformed: false }
    }

    /// Something that was read and makes no sense.
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), malformed: true }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unknown {}
