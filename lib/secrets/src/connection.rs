//! Passwords inside connection strings: `Server=db;User Id=app;Password=VALUE;`, `host=db user=app password=VALUE`,
//! `jdbc:mysql://db/app?user=app&password=VALUE`.

use crate::assign::Assigned;
use crate::value::contains;

/// How far the string is looked at on either side.
const AROUND: usize = 256;
const VALUE: usize = 128;

/// The password whose name holds the byte at `at`, if it stands in a connection string.
pub(crate) fn of_name(bytes: &[u8], at: usize) -> Option<Assigned> {
    const NAME: usize = 32;
    let letter = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let end = at + bytes.get(at..)?.iter().take(NAME).take_while(letter).count();
    let start = at - bytes[..at].iter().rev().take(NAME).take_while(letter).count();
    let space = |from: usize| bytes[from..].iter().take(4).take_while(|&&byte| byte == b' ').count();
    let operator = end + space(end);
    // Most names are done here.
    if bytes.get(operator) != Some(&b'=') || bytes.get(operator + 1) == Some(&b'=') {
        return None;
    }
    let name = &bytes[start..end];
    let is_one = |word: &[u8]| name.eq_ignore_ascii_case(word);
    let ends = name.len().checked_sub(8).is_some_and(|from| name[from..].eq_ignore_ascii_case(b"password"));
    if !(ends || is_one(b"pwd") || is_one(b"passwd")) {
        return None;
    }
    let separator = *bytes[..start].trim_ascii_end().last()?;
    let spaced = bytes[..start].ends_with(b" ");
    let begins = matches!(separator, b'"' | b'\'' | b'`') && !spaced;
    let value = operator + 1 + space(operator + 1);
    let before = &bytes[start.saturating_sub(AROUND)..start];
    let before = &before[before.iter().rposition(|&byte| ends_string(byte)).map_or(0, |at| at + 1)..];
    let form = match separator {
        b';' | b'?' | b'&' if contains(before, b"://") || contains(before, b"jdbc:") => Form::Query,
        b';' => Form::List,
        _ if begins => Form::List,
        _ if spaced => Form::Words,
        _ => return None,
    };
    // A list that a URL begins, as SQL Server's drivers have it, is one of semicolons.
    let form = if form == Form::Query && separator == b';' && !before.ends_with(b"&amp;") { Form::List } else { form };
    let rest = &bytes[value..bytes.len().min(value + VALUE)];
    let length = rest.iter().position(|&byte| form.ends(byte)).unwrap_or(rest.len());
    let length = rest[..length].trim_ascii_end().len();
    if length == 0 || length == VALUE {
        return None;
    }
    let after = &bytes[value + length..bytes.len().min(value + length + AROUND)];
    let after = &after[..after.iter().position(|&byte| ends_string(byte)).unwrap_or(after.len())];
    // Code has semicolons, too.
    let is_code = |text: &[u8]| [&b"()"[..], b");", b"){", b"var "].iter().any(|sign| contains(text, sign));
    let fits = form == Form::Query
        || !is_code(before) && !is_code(after) && [before, after].iter().any(|text| form.is_of(text));
    fits.then_some(Assigned { name: start..end, value: value..value + length, quoted: false, setting: true })
}

fn ends_string(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'\n' | b'\r' | b'<' | b'>' | 0)
}

/// How the settings of a connection are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By semicolons: .NET, ODBC.
    List,
    /// By blanks: PostgreSQL's library.
    Words,
    /// As in a URL.
    Query,
}

impl Form {
    /// Whether a byte ends a value.
    fn ends(self, byte: u8) -> bool {
        ends_string(byte)
            || byte == b'\\'
            || match self {
                Self::List => byte == b';',
                Self::Words => byte == b' ' || byte == b';',
                Self::Query => byte <= b' ' || matches!(byte, b'&' | b'#' | b';'),
            }
    }

    /// Whether a part of a string has a setting that only connections have.
    fn is_of(self, text: &[u8]) -> bool {
        const LIST: [&[u8]; 15] = [
            b"server",
            b"data source",
            b"datasource",
            b"host",
            b"hostname",
            b"address",
            b"addr",
            b"user id",
            b"userid",
            b"uid",
            b"user",
            b"username",
            b"database",
            b"initial catalog",
            b"driver",
        ];
        const WORDS: [&[u8]; 5] = [b"host", b"hostaddr", b"user", b"dbname", b"sslmode"];
        let (sign, keys) = if self == Self::Words { (b' ', &WORDS[..]) } else { (b';', &LIST[..]) };
        text.split(|&byte| byte == sign).any(|setting| {
            let key = setting.split(|&byte| byte == b'=').next().unwrap_or_default();
            key.len() < setting.len() && keys.iter().any(|known| key.trim_ascii().eq_ignore_ascii_case(known))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<&str> {
        let at = ["Pass", "pass", "PWD", "Pwd"].iter().find_map(|name| text.rfind(name)).expect("a name");
        of_name(text.as_bytes(), at).map(|found| &text[found.value])
    }

    #[test]
    fn forms() {
        for text in [
            "\"Server=tcp:db,1433;User ID=app;Password=a(b$c;Encrypt=True;\"",
            "\"Host = db; Username = app; Password = a(b$c; Database = app\"",
            "'Password=a(b$c;Server=db'",
            "CONN=Driver={ODBC Driver 18 for SQL Server};Server=db;Uid=sa;PWD=a(b$c\n",
            "<c>Data Source=db;Pwd=a(b$c</c>",
            "dsn = \"host=db user=app password=a(b$c dbname=app\"",
            "url=jdbc:mysql://db/app?user=root&password=a(b$c&ssl=true\n",
            "url=\"jdbc:mysql://db/app?user=root&amp;password=a(b$c\"",
            "jdbc:sqlserver://db:1433;user=sa;password=a(b$c;encrypt=true\n",
            "postgres://db/app?sslpassword=a(b$c\n",
        ] {
            assert_eq!(value(text), Some("a(b$c"), "{text}");
        }
    }

    #[test]
    fn no_connections() {
        for text in [
            "a();user=b;password=c9D;",
            "x;password=abc;",
            "\"password=abc\"",
            "?password=abc",
            "the user and password=abc",
            "Server=db;Password=;",
            "Server=db;Password==abc;",
            "Server=db;Password",
            "Server=db;PasswordFile=abc",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
