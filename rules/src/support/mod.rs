//! What several rules share.
pub(crate) mod archives;
