//! Secrets behind short options of programs, whose names do not tell: `mysql -pVALUE`, `redis-cli -a VALUE`.

use std::ops::Range;

/// How an option holds its secret.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// In the same word only: `-pVALUE`. What follows a bare `-p` is something else.
    Glued,
    /// In the same word or the next one.
    Value,
    /// The same, behind the first `:`, `%` or `,` of it: `-u USER:VALUE`.
    BehindUser,
}

/// Programs with options that take a secret. A name that ends in `*` is the beginning of one.
type Options = (&'static [&'static str], &'static [&'static str], Takes);

const OPTIONS: &[Options] = &[
    (&["mysql*", "mariadb*", "xtrabackup", "mariabackup", "7z", "7za", "7zr"], &["-p"], Takes::Glued),
    (&["sshpass", "mongo*", "cqlsh"], &["-p"], Takes::Value),
    (&["redis-cli", "valkey-cli", "keydb-cli"], &["-a"], Takes::Value),
    (&["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami"], &["-w"], Takes::Value),
    (&["sqlcmd", "bcp", "mosquitto_pub", "mosquitto_sub", "zip", "unzip", "ipmitool"], &["-P"], Takes::Value),
    (&["plink", "pscp", "psftp"], &["-pw"], Takes::Value),
    (&["x11vnc"], &["-passwd"], Takes::Value),
    (&["snmpget", "snmpwalk", "snmpset"], &["-c", "-A", "-X"], Takes::Value),
    (&["keytool"], &["-storepass", "-keypass", "-srcstorepass", "-deststorepass"], Takes::Value),
    (&["openssl"], &["-passin", "-passout", "-pass"], Takes::Value),
    (&["curl"], &["-u", "-U", "--user", "--proxy-user"], Takes::BehindUser),
    (&["smbclient", "rpcclient", "lftp"], &["-U", "-u"], Takes::BehindUser),
];

/// Programs that take a password so when they log in; `-p` is a port otherwise.
static LOGIN: Options =
    (&["docker", "podman", "buildah", "skopeo", "helm", "oras", "crane", "az"], &["-p"], Takes::Value);

/// These begin as their clients do, and mean a port.
const SERVERS: [&str; 4] = ["mysqld", "mysqld_safe", "mariadbd", "mongod"];

/// The places of the secrets among a command's words, each with the word's position.
pub(crate) fn find(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut options = Vec::new();
    let logs_in = words.contains(&"login");
    for (at, word) in words.iter().enumerate() {
        let own = options_of(word, logs_in);
        if !own.is_empty() {
            options = own;
            continue;
        }
        if matches!(*word, ";" | "|" | "||" | "&" | "&&") {
            options.clear();
        }
        for (_, flags, takes) in &options {
            for flag in *flags {
                // Letters may stand together: `-su USER:VALUE`.
                let together =
                    *takes == Takes::BehindUser && flag.len() == 2 && is_letters(word) && word.ends_with(&flag[1..]);
                let behind = if together { Some("") } else { word.strip_prefix(flag) };
                let Some(behind) = behind else { continue };
                let place = match behind.strip_prefix('=') {
                    Some(_) if flag.starts_with("--") => (at, flag.len() + 1),
                    // A long option is the whole word.
                    _ if !behind.is_empty() && flag.len() == 2 => (at, flag.len()),
                    _ if behind.is_empty() && *takes != Takes::Glued && at + 1 < words.len() => (at + 1, 0),
                    _ => continue,
                };
                let text = &words[place.0][place.1..];
                let start = match takes {
                    Takes::BehindUser => text.find([':', '%', ',']).map(|sign| sign + 1),
                    Takes::Glued | Takes::Value => Some(0),
                };
                if let Some(start) = start.filter(|start| *start < text.len()) {
                    found.push((place.0, place.1 + start..words[place.0].len()));
                }
            }
        }
    }
    // One place for each word, so that whoever replaces them need not look for overlaps.
    found.sort_by_key(|(at, part): &(usize, Range<usize>)| (*at, part.start));
    found.dedup_by_key(|(at, _)| *at);
    found
}

fn is_letters(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// The same in a text, whose words stand between blanks.
pub(crate) fn find_in(text: &str) -> Vec<Range<usize>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let spans = find(&words).into_iter().map(|(at, part)| {
        let start = place(words[at]);
        start + part.start..start + part.end
    });
    spans.collect()
}

fn options_of(word: &str, logs_in: bool) -> Vec<&'static Options> {
    let name = word.rsplit(['/', '(', '`', '"', '\'']).next().unwrap_or(word);
    let is_it = |program: &&str| match program.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning) && !SERVERS.contains(&name),
        None => *program == name,
    };
    OPTIONS.iter().chain(logs_in.then_some(&LOGIN)).filter(|(programs, ..)| programs.iter().any(is_it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_programs() {
        let found = |text: &'static str| find_in(text).into_iter().map(|span| &text[span]).collect::<Vec<_>>();
        for (text, secrets) in [
            ("mysql -u root -phunter2 -e x", vec!["hunter2"]),
            ("/usr/bin/mysqldump -phunter2", vec!["hunter2"]),
            ("mysql -p app", vec![]),
            ("mysqld -p3306", vec![]),
            ("mongodump --host x -p hunter2", vec!["hunter2"]),
            ("mongod -p 27017", vec![]),
            ("sshpass -p hunter2 ssh -p 22 host", vec!["hunter2", "22"]),
            ("redis-cli -a hunter2 ping", vec!["hunter2"]),
            ("curl -u app:hunter2 http://h", vec!["hunter2"]),
            ("curl --user=app:hunter2 http://h", vec!["hunter2"]),
            ("curl -u app http://h && sleep 1", vec![]),
            ("curl -sSu app:hunter2 http://h", vec!["hunter2"]),
            ("docker login -u u -phunter2", vec!["hunter2"]),
            ("docker run -p 80:80 x", vec![]),
            ("openssl req -keyform PEM -passin pass:hunter2", vec!["pass:hunter2"]),
            ("keytool -storepass", vec![]),
            ("x; redis-cli -ahunter2 | grep -a x", vec!["hunter2"]),
            ("nginx -p /srv -a x", vec![]),
        ] {
            assert_eq!(found(text), secrets, "{text}");
        }
    }
}
