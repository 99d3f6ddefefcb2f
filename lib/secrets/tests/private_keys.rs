//! Private keys as the programs make them that people use: openssl and ssh-keygen.

use plimsoll_secrets::{Confidence, Match, Note, scan};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a program in a folder; whether it is there. With CI=true it has to be.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn run(folder: &Path, program: &str, arguments: &[&str]) -> bool {
    let command = Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    let Ok(output) = command else {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no {program}");
        eprintln!("skipped: no {program}");
        return false;
    };
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    true
}

fn only(bytes: &[u8]) -> Match {
    let mut found = scan(bytes);
    assert_eq!(found.len(), 1, "{found:?} in {}", String::from_utf8_lossy(bytes));
    found.remove(0)
}

#[test]
fn openssl_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let commands: [(&str, &str, bool); 9] = [
        ("rsa.pem", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem", false),
        ("traditional.pem", "rsa -in rsa.pem -traditional -out traditional.pem", false),
        ("ec.pem", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem", false),
        ("sec1.pem", "ec -in ec.pem -out sec1.pem", false),
        ("ed25519.pem", "genpkey -algorithm ED25519 -out ed25519.pem", false),
        ("x448.pem", "genpkey -algorithm X448 -out x448.pem", false),
        ("encrypted.pem", "pkey -in rsa.pem -aes256 -passout pass:vT9-kq2Lm4 -out encrypted.pem", true),
        ("sec1-encrypted.pem", "ec -in ec.pem -aes256 -passout pass:vT9-kq2Lm4 -out sec1-encrypted.pem", true),
        (
            "ed25519-encrypted.pem",
            "pkey -in ed25519.pem -aes128 -passout pass:vT9-kq2Lm4 -out ed25519-encrypted.pem",
            true,
        ),
    ];
    for (file, command, encrypted) in commands {
        if !run(at, "openssl", &command.split(' ').collect::<Vec<_>>()) {
            return;
        }
        let pem = fs::read(at.join(file)).expect("a key");
        let found = only(&pem);
        assert_eq!(found.kind.id, "private-key", "{file}");
        assert!(found.notes.contains(&Note::Parses), "{file}: {:?}", found.notes);
        assert_eq!(found.notes.contains(&Note::Encrypted), encrypted, "{file}");
        assert_eq!(found.confidence, if encrypted { Confidence::Medium } else { Confidence::High }, "{file}");
        assert_eq!(found.end as usize, pem.trim_ascii_end().len(), "{file}");

        // The same key, written in JSON, in C, and indented in YAML.
        let text = String::from_utf8(pem).expect("text");
        let json = format!("{{\"private_key\": \"{}\"}}", text.replace('\n', "\\n"));
        let c: Vec<String> = text.lines().map(|line| format!("  \"{line}\\n\"")).collect();
        let yaml: Vec<String> = text.lines().map(|line| format!("    {line}")).collect();
        for other in [json, c.join("\n"), format!("key: |\n{}", yaml.join("\n")), text.replace('\n', "\r\n")] {
            let other = only(other.as_bytes());
            assert_eq!((other.confidence, other.fingerprint), (found.confidence, found.fingerprint), "{file}");
        }
        // What is cut short is a key still, but not one that works; of a short one too little is left.
        if text.len() < 200 {
            continue;
        }
        let cut = only(&text.as_bytes()[..text.len() * 2 / 3]);
        assert!(cut.notes.contains(&Note::CutShort) && cut.confidence <= Confidence::Medium, "{file}: {cut:?}");
    }
    run(at, "openssl", &"pkey -in rsa.pem -pubout -out public.pem".split(' ').collect::<Vec<_>>());
    assert_eq!(scan(&fs::read(at.join("public.pem")).expect("a key")), []);
    for command in [
        "req -x509 -key rsa.pem -subj /CN=x -days 1 -out cert.pem",
        "pkcs12 -export -inkey rsa.pem -in cert.pem -passout pass:vT9-kq2Lm4 -out store.p12",
        "pkcs12 -export -nokeys -in cert.pem -passout pass:vT9-kq2Lm4 -out certificates.p12",
    ] {
        run(at, "openssl", &command.split(' ').collect::<Vec<_>>());
    }
    assert_eq!(scan(&fs::read(at.join("cert.pem")).expect("a certificate")), []);
    assert_eq!(only(&fs::read(at.join("store.p12")).expect("a store")).kind.id, "key-store");
    assert_eq!(scan(&fs::read(at.join("certificates.p12")).expect("a store")), []);
}

#[test]
fn openssh_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, passphrase) in [("ed25519", ""), ("ed25519", "vT9-kq2Lm4"), ("ecdsa", ""), ("rsa", "")] {
        let file = format!("{kind}{}", passphrase.len());
        if !run(folder.path(), "ssh-keygen", &["-q", "-t", kind, "-N", passphrase, "-C", "x", "-f", &file]) {
            return;
        }
        let found = only(&fs::read(folder.path().join(&file)).expect("a key"));
        assert_eq!(found.notes.contains(&Note::Encrypted), !passphrase.is_empty(), "{file}");
        assert!(found.notes.contains(&Note::Parses), "{file}");
        assert_eq!(scan(&fs::read(folder.path().join(file + ".pub")).expect("a key")), []);
    }
}
