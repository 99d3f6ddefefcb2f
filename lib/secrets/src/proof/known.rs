//! Keys and values that everybody knows.

use sha2::{Digest, Sha256};

/// Whether the key, given as the digits of its base64 in one piece, ships with software as a test key.
pub(crate) fn is_public_test_key(digits: &[u8]) -> bool {
    let digest = Sha256::digest(digits);
    digest.first_chunk::<8>().is_some_and(|first| KEYS.binary_search(&u64::from_be_bytes(*first)).is_ok())
}

/// The first eight bytes of the SHA-256 of such keys, sorted.
static KEYS: [u64; 1] = [0];
