//! Judges values: whether somebody made them up for an example, thought them up, or let a generator draw them.

/// What the text of a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// Nothing secret: empty, a variable, a switch, a path, a call, a text that asks to be replaced.
    Harmless,
    /// Words, as identifiers, versions, host names and file names are; rarely a password.
    Words,
    /// A password that people try first.
    Weak,
    /// A text that may be a password.
    Literal,
    /// Eight characters or more of several kinds, as password rules ask for.
    Strong,
    /// A text that a generator drew.
    Random,
}

/// Judges a value without the quotes around it, assigned to a name in any case.
pub(crate) fn judge(value: &[u8], name: &[u8]) -> Value {
    let lower = value.to_ascii_lowercase();
    if value.len() < 4 || is_reference(value) || is_switch(&lower) || is_path(&lower) || is_placeholder(&lower) {
        return Value::Harmless;
    }
    // Text with spaces is prose about a password, control characters are no text at all.
    if value.iter().any(|&byte| byte <= b' ' || byte == 0x7f || byte >= 0x80) {
        return Value::Harmless;
    }
    let same = |left: &[u8], right: &[u8]| left.eq_ignore_ascii_case(right);
    if same(value, name) || name.len() > value.len() && ends_with_word(name, value) {
        return Value::Harmless;
    }
    let kinds = Kinds::of(value);
    if is_random(value) {
        Value::Random
    } else if is_weak(&lower) {
        Value::Weak
    } else if is_words(value) {
        // `Winter2024` is what people take for a password.
        if kinds.digit && !kinds.other { Value::Literal } else { Value::Words }
    } else if value.len() >= 8 && kinds.digit && kinds.count() >= 3 {
        Value::Strong
    } else {
        Value::Literal
    }
}

/// Whether a generator drew the text: 16 characters or more, letters and digits in turn, that hardly repeat.
pub(crate) fn is_random(value: &[u8]) -> bool {
    let kinds = Kinds::of(value);
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-.~!@#%^&*".contains(byte);
    value.len() >= 16
        && kinds.digit
        && (kinds.lower || kinds.upper)
        && value.iter().all(token)
        && is_varied(value)
        && changes(value) * 4 >= value.len()
        && !is_words(value)
}

/// Whether a text has the entropy of one drawn from its own alphabet, and no run or sequence that gives an example away.
pub(crate) fn is_varied(value: &[u8]) -> bool {
    let kinds = Kinds::of(value);
    let alphabet: f32 = match (kinds.lower, kinds.upper) {
        (false, false) => 10.0,
        (true, true) => 34.0,
        _ => 16.0,
    };
    // Of so few draws not every byte of the alphabet can come up.
    let length = f32::from(value.len().min(512) as u16);
    let expected = alphabet.log2().min(length.log2() * 0.95);
    entropy(value) >= 0.74 * expected && longest_row(value) < 5 + value.len() / 64 && !has_sequence(value)
}

/// Whether the text is an example by its own words, in lower or upper case.
pub(crate) fn is_example(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    contains(&lower, b"example")
        || contains(&lower, b"xxxx")
        || contains(&lower, b"placeholder")
        || contains(&lower, b"dummy")
        || contains(&lower, b"redacted")
        || contains(&lower, b"notreal")
        || contains(&lower, b"0123456789")
        || contains(&lower, b"1234567890")
        || contains(&lower, b"deadbeef")
        || contains(&lower, b"your_")
        || contains(&lower, b"your-")
}

/// Shannon's entropy of the bytes, in bits a byte.
pub(crate) fn entropy(bytes: &[u8]) -> f32 {
    let mut counts = [0_u16; 256];
    let mut total = 0_u16;
    for &byte in bytes.iter().take(512) {
        counts[usize::from(byte)] += 1;
        total += 1;
    }
    let total = f32::from(total.max(1));
    let share = |&count: &u16| f32::from(count) / total;
    counts.iter().filter(|&&count| count > 0).map(|count| -share(count) * share(count).log2()).sum()
}

/// How often two neighbours are of different kinds: lower case, upper case, digit, other.
pub(crate) fn changes(value: &[u8]) -> usize {
    value.windows(2).filter(|pair| sort(pair[0]) != sort(pair[1])).count()
}

fn sort(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

#[derive(Default)]
struct Kinds {
    lower: bool,
    upper: bool,
    digit: bool,
    other: bool,
}

impl Kinds {
    fn of(value: &[u8]) -> Self {
        let mut kinds = Self::default();
        for &byte in value {
            match sort(byte) {
                0 => kinds.lower = true,
                1 => kinds.upper = true,
                2 => kinds.digit = true,
                _ => kinds.other = true,
            }
        }
        kinds
    }

    fn count(&self) -> u8 {
        u8::from(self.lower) + u8::from(self.upper) + u8::from(self.digit) + u8::from(self.other)
    }
}

fn longest_row(value: &[u8]) -> usize {
    value.chunk_by(|left, right| left == right).map(<[u8]>::len).max().unwrap_or_default()
}

/// Whether seven neighbours count up or down: `1234567`, `gfedcba`.
fn has_sequence(value: &[u8]) -> bool {
    let mut rows = (0, 0);
    for pair in value.windows(2) {
        rows.0 = if pair[1] == pair[0].wrapping_add(1) { rows.0 + 1 } else { 0 };
        rows.1 = if pair[0] == pair[1].wrapping_add(1) { rows.1 + 1 } else { 0 };
        if rows.0 >= 6 || rows.1 >= 6 {
            return true;
        }
    }
    false
}

/// Whether the text is made of words, as identifiers, versions, host names and file names are: between signs, parts of
/// letters with few capitals among them, and of digits that stand together.
fn is_words(value: &[u8]) -> bool {
    let parts = value.split(|byte| b"_-./:@ ".contains(byte));
    let mut words = 0;
    for part in parts {
        if !part.iter().all(u8::is_ascii_alphanumeric) {
            return false;
        }
        let letters = part.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let turns = part.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
        let humps = part.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
        let short = humps > 1 && letters < 4 * (humps + 1);
        if turns > 2 || short || letters > 0 && part.len() - letters > 5 {
            return false;
        }
        words += usize::from(letters > 0);
    }
    words > 0
}

fn is_reference(value: &[u8]) -> bool {
    let has = |byte| value.contains(&byte);
    has(b'$') && (value[0] == b'$' || contains(value, b"${") || contains(value, b"$("))
        || contains(value, b"{{")
        || contains(value, b"}}")
        || contains(value, b"<%")
        || value[0] == b'%'
        // A list, such as the tags of fields in Go.
        || value.iter().filter(|&&byte| byte == b',').nth(1).is_some()
        || value[0] == b'@' && value.ends_with(b"@")
        || value[0] == b'{'
        || value[0] == b'['
        || value[0] == b'<'
        || value[0] == b'('
        || value[0] == b'&'
        || value[0] == b'*'
        || value[0] == b'!'
        || has(b'(') && has(b')')
        || contains(value, b"%s")
        || contains(value, b"->")
        || contains(value, b"::")
        || contains(value, b"#{")
        || value.contains(&b'{') && value.contains(&b'}')
        || value.contains(&b'<') && value.contains(&b'>')
}

fn is_switch(lower: &[u8]) -> bool {
    const SWITCHES: [&[u8]; 24] = [
        b"true",
        b"false",
        b"none",
        b"null",
        b"undefined",
        b"enabled",
        b"disabled",
        b"auto",
        b"unset",
        b"string",
        b"boolean",
        b"integer",
        b"number",
        b"text",
        b"bytes",
        b"object",
        b"required",
        b"optional",
        b"default",
        b"array",
        b"function",
        b"prompt",
        b"omit",
        b"empty",
    ];
    SWITCHES.contains(&lower) || lower.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation())
}

fn is_path(lower: &[u8]) -> bool {
    const ENDS: [&[u8]; 12] =
        [b".pem", b".json", b".key", b".txt", b".crt", b".yml", b".yaml", b".py", b".js", b".html", b".php", b".xml"];
    let slashes = memchr::memchr_iter(b'/', lower).count();
    lower[0] == b'/' && slashes > 1
        || lower.starts_with(b"./")
        || lower.starts_with(b"../")
        || lower.starts_with(b"~/")
        || contains(lower, b"://")
        || lower.starts_with(b"data:")
        || lower.starts_with(b"arn:")
        || lower.starts_with(b"urn:")
        || ENDS.iter().any(|end| lower.ends_with(end))
}

/// Whether the text asks to be replaced, or says that it is none.
pub(crate) fn is_placeholder(lower: &[u8]) -> bool {
    const MARKS: [&[u8]; 30] = [
        b"change-me",
        b"change_me",
        b"changeme",
        b"changeit",
        b"change-it",
        b"changethis",
        b"change_this",
        b"replace",
        b"placeholder",
        b"example",
        b"sample",
        b"dummy",
        b"your-",
        b"your_",
        b"yourpass",
        b"yoursecret",
        b"yourtoken",
        b"your.",
        b"insert",
        b"todo",
        b"fixme",
        b"redacted",
        b"xxxx",
        b"****",
        b"....",
        b"notused",
        b"not-used",
        b"foobar",
        b"my-secret",
        b"mysecret",
    ];
    let one_letter = lower.iter().all(|byte| Some(byte) == lower.first());
    one_letter || MARKS.into_iter().any(|mark| contains(lower, mark))
}

/// Passwords that stand on every list, and the words for a password: also with digits and signs behind them, and with
/// digits and signs for letters.
fn is_weak(lower: &[u8]) -> bool {
    const WEAK: [&[u8]; 37] = [
        b"password",
        b"passwd",
        b"passwort",
        b"secret",
        b"supersecret",
        b"topsecret",
        b"token",
        b"pass",
        b"passpass",
        b"qwerty",
        b"letmein",
        b"admin",
        b"administrator",
        b"root",
        b"toor",
        b"guest",
        b"test",
        b"testing",
        b"testpass",
        b"testpassword",
        b"test_password",
        b"user",
        b"username",
        b"postgres",
        b"mysql",
        b"redis",
        b"mongo",
        b"rabbitmq",
        b"abc",
        b"abcd",
        b"hunter",
        b"welcome",
        b"mypassword",
        b"vagrant",
        b"demo",
        b"monkey",
        b"1q2w3e4r",
    ];
    let end = lower.iter().rposition(u8::is_ascii_alphabetic).map_or(lower.len(), |at| at + 1);
    let plain: Vec<u8> = lower[..end]
        .iter()
        .map(|byte| match byte {
            b'0' => b'o',
            b'1' | b'!' => b'i',
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            other => *other,
        })
        .collect();
    WEAK.contains(&lower) || WEAK.contains(&&lower[..end]) || WEAK.contains(&&plain[..])
}

fn ends_with_word(name: &[u8], value: &[u8]) -> bool {
    let tail = &name[name.len() - value.len()..];
    tail.eq_ignore_ascii_case(value)
}

/// Whether `part` stands in `text`. Values are too short for the set-up of a clever search.
pub(crate) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, expected) in [
            ("", Value::Harmless),
            ("$TOKEN", Value::Harmless),
            ("${TOKEN:-x}", Value::Harmless),
            ("{{ token }}", Value::Harmless),
            ("%(token)s", Value::Harmless),
            ("true", Value::Harmless),
            ("/run/secrets/db", Value::Harmless),
            ("changeme", Value::Harmless),
            ("<your-token>", Value::Harmless),
            ("xxxxxxxx", Value::Harmless),
            ("get_password()", Value::Harmless),
            ("12345678", Value::Harmless),
            ("hunter2", Value::Weak),
            ("user_password_field", Value::Words),
            ("passwordConfirmation", Value::Words),
            ("P4ssw0rd!", Value::Weak),
            ("Winter2024", Value::Literal),
            ("k8s_object.KubernetesObject", Value::Words),
            ("V1SecretReference", Value::Literal),
            ("bytes,2,opt,name=password,proto3", Value::Harmless),
            ("vT9-kq2Lm4", Value::Strong),
            ("lgNvGyhnUKpa5PJi", Value::Random),
            ("0f3b72c19ae45d680f3b72c19ae45d68", Value::Random),
        ] {
            assert_eq!(judge(value.as_bytes(), b"X"), expected, "{value}");
        }
    }

    #[test]
    fn examples_are_not_varied() {
        for value in ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdef0123456789abcdef", "abcabcabcabcabcabcabc"] {
            assert!(!is_varied(value.as_bytes()), "{value}");
        }
    }
}
