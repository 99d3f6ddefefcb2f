/*!
What must hold for any input: one function for each fuzz target. `lib/plimsoll/tests/fuzzed.rs` runs them over the
committed inputs, without a fuzzer.
*/

mod host;
mod image;
mod report;
mod secret;

pub use host::bundle;
pub use image::{image, image_config, layers, packages};

use plimsoll::config::{Config, ConfigError, read_trivyignore, read_trivyignore_yaml};
use plimsoll::dockerfile::expand::mistake;
use plimsoll::dockerfile::{parse, tokens};
use plimsoll::engine::{Preset, Safety, SelectionSpec};
use plimsoll::{ComposeLinter, Context, Linter, Settings};
use plimsoll_shell::Dialect;
use report::{in_bounds, sound};
use std::sync::LazyLock;

/// A target: any bytes in, a panic where something does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 12] = [
    ("dockerfile", dockerfile),
    ("lint", lint),
    ("fix", fix),
    ("shell", shell),
    ("compose", compose),
    ("config", config),
    ("secrets", secrets),
    ("bundle", bundle),
    ("image", image),
    ("image_config", image_config),
    ("layers", layers),
    ("packages", packages),
];

/// Every rule is on.
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let spec = SelectionSpec { preset: Some(Preset::All), ..SelectionSpec::default() };
    Settings { spec, ..Settings::default() }
});
static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(&SETTINGS).expect("a preset"));
static COMPOSE: LazyLock<ComposeLinter> = LazyLock::new(|| ComposeLinter::new(&SETTINGS).expect("a preset"));

/// Tokens joined give the text back, and stages take the instructions between them.
pub fn dockerfile(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = parse(text);
    let mut end = 0;
    for token in tokens(&file) {
        assert_eq!(token.span.start, end, "no gap and no overlap");
        end = token.span.end;
    }
    assert_eq!(end as usize, text.len());
    file.errors.iter().for_each(|error| in_bounds(error.span, text));
    let of_stages = file.stages.iter().map(|stage| file.stage_instructions(stage).len()).sum::<usize>();
    assert_eq!(file.global().len() + of_stages, file.instructions.len());
    for instruction in &file.instructions {
        let logical = &instruction.arguments;
        for (at, _) in logical.text.char_indices() {
            in_bounds(logical.source_span(plimsoll::base::Span::new(at as u32, at as u32)), text);
        }
        for (_, span) in [true, false].into_iter().filter_map(|quotes| mistake(logical, file.escape, quotes)) {
            assert!(!span.is_empty(), "a mistake stands somewhere");
            in_bounds(span, text);
        }
    }
}

/// Findings stand in the text, reports can be written, and a secret that is planted stands in none.
pub fn lint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = &secret::planted(text);
    sound(LINTER.lint("Dockerfile", text), text);
}

/// A file with fixes has no more errors than before, and nothing is left to mend.
pub fn fix(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for allowed in [Safety::Safe, Safety::Unsafe] {
        let fixed = LINTER.fix("Dockerfile", text, &Context::default(), allowed);
        assert!(parse(&fixed.text).errors.len() <= parse(text).errors.len(), "a fix breaks the file: {:?}", fixed.text);
        assert_eq!(fixed.count == 0, fixed.text == text, "what is counted is done");
        let again = LINTER.fix("Dockerfile", &fixed.text, &Context::default(), allowed);
        assert_eq!(again.text, fixed.text, "a second run changes nothing");
    }
}

/// Words stand in their command and in the text, in every dialect.
pub fn shell(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for dialect in [Dialect::Posix, Dialect::Bash, Dialect::Zsh] {
        let Some(script) = plimsoll_shell::parse(text, dialect) else { continue };
        assert!(script.commands.is_sorted_by_key(|command| command.span.start));
        for command in &script.commands {
            in_bounds(command.span, text);
            let words = command.args.iter().chain([&command.name]);
            let values = command.assignments.iter().map(|assignment| &assignment.value);
            for word in words.chain(values) {
                in_bounds(word.span, text);
                assert!(command.span.encloses(word.span), "{word:?} is no part of its command");
            }
            for redirect in &command.redirects {
                in_bounds(redirect.span, text);
                assert!(redirect.span.encloses(redirect.target.span));
            }
        }
    }
    for span in plimsoll_shell::statements(text) {
        in_bounds(span, text);
    }
}

/// Any text is a Compose file, or is refused at one of its lines.
pub fn compose(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = &secret::planted(text);
    match COMPOSE.lint("compose.yaml", text) {
        Ok(report) => sound(report, text),
        Err(error) => in_lines(error.line, text),
    }
}

/// Any text is a configuration, with errors at its lines; written down and read again it is the same.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (hadolint, errors) = Config::from_hadolint(text);
    errors_in_lines(&errors, text);
    let written = hadolint.to_toml();
    let (read, errors) = Config::from_toml(&written);
    assert!(errors.is_empty(), "{errors:?} in {written}");
    assert_eq!(read.to_toml(), written);
    let (own, errors) = Config::from_toml(text);
    errors_in_lines(&errors, text);
    own.mentions.iter().for_each(|(_, line)| in_lines(Some(*line), text));
    for (_, errors) in [read_trivyignore(text), read_trivyignore_yaml(text)] {
        errors_in_lines(&errors, text);
    }
}

/// What is found does not depend on how the bytes come: the first byte is the chunks' length. The second is how many
/// kilobytes of nothing stand before the others, so that they lie across the places at which a search takes its next step.
pub fn secrets(data: &[u8]) {
    let [length, before, bytes @ ..] = data else { return };
    let mut all = vec![b'\n'; usize::from(*before) << 10];
    all.extend(secret::planted_bytes(bytes));
    let bytes = all;
    let mut found = Vec::new();
    let mut scanner = plimsoll_secrets::Scanner::new("a.txt");
    for chunk in bytes.chunks(usize::from(*length).max(1)) {
        scanner.feed(chunk, &mut |one| found.push(one));
    }
    scanner.finish(&mut |one| found.push(one));
    assert_eq!(found, plimsoll_secrets::scan_file("a.txt", &bytes));
    for one in found {
        let is_inside = one.end <= bytes.len() as u64 || one.encoding.is_some();
        assert!(one.start <= one.end && is_inside && one.line > 0, "{one:?}");
        assert!(!one.shown.contains(secret::TOKEN));
    }
}

fn errors_in_lines(errors: &[ConfigError], text: &str) {
    for error in errors {
        in_lines(error.line, text);
    }
}

fn in_lines(line: Option<u32>, text: &str) {
    // To YAML a carriage return alone breaks a line too.
    let lines = text.split(['\n', '\r']).count() as u32;
    assert!(line.is_none_or(|line| (1..=lines).contains(&line)), "line {line:?} of {lines}");
}
