//! What can be proved of a secret without asking anybody.

pub(crate) mod aws;
pub(crate) mod base64;
pub(crate) mod crc32;
mod der;
pub(crate) mod jwt;
pub(crate) mod known;
pub(crate) mod pem;
mod pgp;
