//! A secret that inputs hold where they say `@@`, so that mutations do not spoil it.

/// A token with a sound checksum that belongs to nobody.
pub const TOKEN: &str = concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");

pub fn planted(text: &str) -> String {
    text.replace("@@", TOKEN)
}

pub fn planted_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut planted = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"@@") {
        planted.extend_from_slice(&rest[..at]);
        planted.extend_from_slice(TOKEN.as_bytes());
        rest = &rest[at + 2..];
    }
    planted.extend_from_slice(rest);
    planted
}

/// The same where the tokens are told, else the bytes as they are.
pub fn planted_if_told(bytes: &[u8]) -> Vec<u8> {
    let planted = planted_bytes(bytes);
    if is_told(&String::from_utf8_lossy(&planted)) { planted } else { bytes.to_vec() }
}

/// Whether every token of a text is one by its form: letters before or behind it make another word of it, which nobody masks.
pub fn is_told(text: &str) -> bool {
    let found = plimsoll_secrets::scan_unnamed(text.as_bytes());
    let mut places = text.match_indices(TOKEN).peekable();
    places.peek().is_some()
        && places.all(|(at, token)| {
            let (start, end) = (at as u64, (at + token.len()) as u64);
            found.iter().any(|one| one.start <= start && end <= one.end)
        })
}

pub fn is_in(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains(TOKEN)
}
