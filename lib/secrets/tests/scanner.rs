//! What files hold and how they come: encoded, compressed, compiled, in chunks.

use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll_secrets::{Confidence, Encoding, Match, Note, Scanner, scan, scan_file};
use proptest::prelude::*;
use std::io::Write;

/// A token with a right checksum, drawn for these tests, in parts, so that no scanner of this source takes it for one in
/// use.
fn token() -> String {
    ["ghp_", "dGlMoiyrlfxX1rTnyFf3vA7NUtFOY6", "4WuYlz"].concat()
}

fn ids(found: &[Match]) -> Vec<&'static str> {
    found.iter().map(|found| found.kind.id).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().chain([0; 2].iter()).take(3).fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() { digit.into() } else { '=' });
        }
    }
    text
}

/// Feeds in chunks of the lengths, over and over.
fn in_chunks(path: &str, bytes: &[u8], lengths: &[usize]) -> Vec<Match> {
    let mut found = Vec::new();
    let mut scanner = Scanner::new(path);
    let mut rest = bytes;
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, later) = rest.split_at(rest.len().min(*length));
        scanner.feed(chunk, &mut |one| found.push(one));
        rest = later;
    }
    scanner.finish(&mut |one| found.push(one));
    found
}

#[test]
fn proofs() {
    let token = token();
    let found = scan(token.as_bytes());
    assert_eq!((found[0].confidence, &found[0].notes[..]), (Confidence::High, &[Note::Checksum][..]));
    let wrong = [&token[..39], if token.ends_with('x') { "y" } else { "x" }].concat();
    let found = scan(wrong.as_bytes());
    assert_eq!((found[0].confidence, &found[0].notes[..]), (Confidence::Low, &[Note::WrongChecksum][..]));
    // The one with which GitHub announced the format.
    let found = scan(["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat().as_bytes());
    assert_eq!((found[0].confidence, &found[0].notes[..]), (Confidence::Low, &[Note::Documented, Note::Checksum][..]));
    let found = scan(["AKIAIOSFODNN7", "EXAMPLE"].concat().as_bytes());
    assert_eq!((found[0].confidence, &found[0].notes[..]), (Confidence::Low, &[Note::Documented][..]));
    // The account with which the layout of these ids was published.
    let found = scan(["ASIAQNZGKIQY", "56JQ7WML"].concat().as_bytes());
    assert_eq!(found[0].notes, [Note::AwsAccount(29_608_264_753)]);
}

#[test]
fn encodings() {
    let token = token();
    let text = format!("first line\nTOKEN={token}\nlast line\n");
    let found = scan(format!("data: {}\n", base64(text.as_bytes())).as_bytes());
    assert_eq!((ids(&found), found[0].encoding), (vec!["github-token"], Some(Encoding::Base64)));
    assert_eq!((found[0].start, found[0].line), (6, 1));
    // Twice is once too often.
    let twice = base64(base64(text.as_bytes()).as_bytes());
    assert_eq!(ids(&scan(twice.as_bytes())), Vec::<&str>::new());

    let found = scan(&gzip(text.as_bytes()));
    assert_eq!((ids(&found), found[0].encoding), (vec!["github-token"], Some(Encoding::Gzip)));
    assert_eq!((found[0].start, found[0].line), (17, 2));
    assert!(scan(&gzip(&gzip(text.as_bytes()))).is_empty());
    // A damaged end does not hide what comes before.
    let long = text.clone() + &"many words and then some more of them\n".repeat(50_000);
    let packed = gzip(long.as_bytes());
    assert_eq!(ids(&scan(&packed[..packed.len() - 9])), ["github-token"]);

    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (wide, start) in [(little, 34), (big, 35)] {
        let found = scan(&wide);
        assert_eq!(
            (ids(&found), found[0].encoding, found[0].start),
            (vec!["github-token"], Some(Encoding::Utf16), start)
        );
        let found = scan(&[&[0x7f, b'E', b'L', b'F', 0, 0, 1][..], &wide, &[0, 0, 0]].concat());
        assert_eq!((ids(&found), found[0].encoding), (vec!["github-token"], Some(Encoding::Utf16)));
    }
}

/// Strings of compiled Python stand side by side, and the lengths between them may be letters.
#[test]
fn compiled_python() {
    let token = token();
    let head = b"\xa7\r\r\n\0\0\0\0\0\0\0\0\0\0\0\0";
    let short = |text: &str| [&[b'z' | 0x80, text.len() as u8][..], text.as_bytes()].concat();
    let long = "a".repeat(8) + " " + &token;
    assert_eq!(long.len() as u8, b'1', "a length that is a digit");
    for text in [token.clone(), format!("key {token}"), long] {
        let file = [&head[..], &short("some words"), &short(&text), &short("More words"), b"N"].concat();
        let found = scan_file("x.pyc", &file);
        assert_eq!(ids(&found), ["github-token"], "{text}");
        let start = found[0].start as usize;
        assert_eq!(&file[start..found[0].end as usize], token.as_bytes());
    }
}

#[test]
fn binary_files() {
    let token = token();
    let mut file: Vec<u8> =
        (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let before = ids(&scan(&file));
    assert_eq!(before, Vec::<&str>::new());
    let at = 345_678;
    file[at - 1] = 0;
    file[at..at + token.len()].copy_from_slice(token.as_bytes());
    file[at + token.len()] = 0;
    assert_eq!(scan(&file).iter().map(|found| found.start as usize).collect::<Vec<_>>(), [at]);
}

#[test]
fn formats_by_name() {
    let text = b"# comment: a:b:c:d\ndb.internal:5432:app:app:vT9-kq2Lm4\n*:*:*:*:pass\n";
    assert_eq!(ids(&scan(text)), Vec::<&str>::new());
    let found = scan_file("root/.pgpass", text);
    assert_eq!(
        found.iter().map(|found| (found.kind.id, found.line, found.confidence)).collect::<Vec<_>>(),
        [("pgpass", 2, Confidence::High), ("pgpass", 3, Confidence::Low)]
    );
}

#[test]
fn lines_and_places() {
    let token = token();
    let text = format!("{}{token}\n\n{token}", "x\n".repeat(100_000));
    for found in [scan(text.as_bytes()), in_chunks("", text.as_bytes(), &[7, 4096])] {
        let places: Vec<(u64, u64)> = found.iter().map(|found| (found.start, found.line)).collect();
        assert_eq!(places, [(200_000, 100_001), (200_042, 100_003)]);
        assert_eq!(found[0].fingerprint, found[1].fingerprint);
    }
}

/// Passwords can be guessed from a hash, so there is none.
#[test]
fn passwords_have_no_fingerprint() {
    for text in ["postgres://app:vT9-kq2Lm4@db/app", "DB_PASSWORD=vT9-kq2Lm4", "curl -u app:vT9-kq2Lm4 x"] {
        let found = scan(text.as_bytes());
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].fingerprint, &found[0].shown[..]), (None, "****"), "{text}");
    }
}

/// Memory does not grow with what is inflated, and time not with what repeats.
#[test]
fn damaged_gzip_says_the_same_in_any_chunks() {
    let text =
        format!("a\ntoken=ghp_{}\nhttps://u:vT9-kq2Lm4@h\n", ["wWPw5k4aXcaT4fNP0UcnZw", "JUVFk6LO0pINUx"].concat());
    let sound = gzip(text.as_bytes());
    let mut found = 0;
    for at in 10..sound.len() {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x55;
        let whole = scan(&damaged);
        for length in [1, 5, 16, 64] {
            assert_eq!(in_chunks("", &damaged, &[length]), whole, "{at} by {length}");
        }
        found += whole.len();
    }
    assert!(found > 0, "what stands before the damage is found");
}

#[test]
fn bombs() {
    let zeros = gzip(&vec![0; 100 << 20]);
    assert!(scan(&zeros).is_empty());
    for part in [
        "://",
        "pass=",
        "-----BEGIN ",
        "eyJ",
        "A",
        "_",
        "$6$",
        "\"auth\":\"",
        "kind: Secret\ndata:\n a: b\n",
        "curl -u ",
    ] {
        let text = part.repeat((1 << 20) / part.len());
        scan(text.as_bytes());
    }
}

/// Parts of which files are made up: secrets, their surroundings, and pieces of them.
fn parts() -> impl Strategy<Value = Vec<u8>> {
    let token = token();
    let wide: Vec<u8> = format!("KEY={token};").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let fixed: Vec<Vec<u8>> = vec![
        token.clone().into_bytes(),
        token.as_bytes()[..30].to_vec(),
        base64(format!("TOKEN={token}").as_bytes()).into_bytes(),
        wide,
        b"postgres://app:vT9-kq2Lm4@db/app".to_vec(),
        b"DB_PASSWORD=vT9-kq2Lm4".to_vec(),
        b"\"password\": \"".to_vec(),
        b"-----BEGIN PRIVATE KEY-----\n".to_vec(),
        b"-----END PRIVATE KEY-----\n".to_vec(),
        b"kind: Secret\ndata:\n  a: aHVudGVyeTktYXBwbGU=\n".to_vec(),
        b"\n".to_vec(),
        b" ".to_vec(),
        vec![0; 40],
        vec![b'A'; 3000],
        b"0a1b".repeat(2000),
    ];
    prop_oneof![
        4 => proptest::sample::select(fixed),
        1 => proptest::collection::vec(any::<u8>(), 0..64),
        1 => "[ -~]{0,64}".prop_map(String::into_bytes),
        1 => (0..90_000_usize).prop_map(|length| b"lorem ipsum dolor_sit-amet\n".iter().copied().cycle().take(length).collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However a file is cut, the same is found.
    #[test]
    fn chunks_do_not_matter(
        parts in proptest::collection::vec(parts(), 1..24),
        lengths in proptest::collection::vec(1..100_000_usize, 1..4),
    ) {
        let file = parts.concat();
        let whole = scan(&file);
        prop_assert_eq!(&in_chunks("", &file, &lengths), &whole);
        prop_assert!(whole.windows(2).all(|pair| pair[0].end <= pair[1].start || pair[0].encoding.is_some()));
        prop_assert!(whole.iter().all(|found| found.start < found.end && found.end <= file.len() as u64));
    }

    /// No input makes it panic.
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        scan(&bytes);
        scan_file(".pgpass", &bytes);
        scan_file("x", &[&b"\xa7\r\r\n"[..], &bytes].concat());
        scan_file("x", &[&b"\x1f\x8b\x08\0"[..], &bytes].concat());
    }
}

/// What its form tells is found without names too; what only a name or a URL tells is not.
#[test]
fn without_names() {
    let token = format!("dop_v1_{}", "0f9a3c5e7b1d8642".repeat(4));
    let text = format!("a\nx {token}\npassword = vT9-kq2Lm4\nurl = https://ada:vT9-kq2Lm4@git.test-host.org\n");
    let rows = |found: Vec<Match>| -> Vec<(&str, u64, u64)> {
        found.into_iter().map(|one| (one.kind.id, one.start, one.line)).collect()
    };
    let all = rows(scan(text.as_bytes()));
    assert_eq!(
        all.iter().map(|(id, ..)| *id).collect::<Vec<_>>(),
        ["digitalocean-token", "password-assignment", "url-password"]
    );
    assert_eq!(rows(plimsoll_secrets::scan_unnamed(text.as_bytes())), all[..1]);
}
