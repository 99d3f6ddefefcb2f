//! Writes reports to where they go, and messages to standard error.

use crate::args::{Color, Format, Output, OutputFlags};
use plimsoll::engine::{InputError, Report, RuleMeta};
use plimsoll::report::{TextOptions, github, json, printable, sarif, text};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout,
    Stderr,
    File(PathBuf),
}

/// A report, and how to write it.
#[derive(Debug)]
pub(crate) struct Reports<'a> {
    pub(crate) report: &'a Report,
    /// The rules that were active.
    pub(crate) rules: &'a [&'static RuleMeta],
    pub(crate) color: Color,
    pub(crate) quiet: bool,
    pub(crate) statistics: bool,
}

impl Reports<'_> {
    /// Writes the report in each format to its destination; says whether that went well. What could not be checked is
    /// said on standard error too, unless a person sees the report anyway.
    pub(crate) fn write(&self, outputs: &[(Format, Destination)]) -> bool {
        let mut well = true;
        let seen = |(format, destination): &(Format, Destination)| {
            *format == Format::Text && !matches!(destination, Destination::File(_))
        };
        if !outputs.iter().any(seen) {
            self.report.errors.iter().for_each(print_input_error);
        }
        for (format, destination) in outputs {
            well &= match destination {
                Destination::Stdout => {
                    let color = is_colored(self.color, &io::stdout());
                    print_to_stdout(|out| self.write_format(*format, color, out))
                }
                Destination::Stderr => {
                    let color = is_colored(self.color, &io::stderr());
                    let mut out = BufWriter::new(io::stderr().lock());
                    self.write_format(*format, color, &mut out).and_then(|()| out.flush()).is_ok()
                }
                Destination::File(path) => {
                    let written = File::create(path).and_then(|file| {
                        let mut out = BufWriter::new(file);
                        self.write_format(*format, self.color == Color::Always, &mut out)?;
                        out.flush()
                    });
                    if let Err(error) = &written {
                        print_error(&format!(
                            "{}: {}",
                            printable(&path.to_string_lossy()),
                            crate::read::io_message(error)
                        ));
                    }
                    written.is_ok()
                }
            };
        }
        well
    }

    fn write_format(&self, format: Format, colour: bool, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => {
                text(self.report, TextOptions { colour, quiet: self.quiet, statistics: self.statistics }, out)
            }
            Format::Json => json(self.report, out),
            Format::Sarif => sarif(self.report, self.rules, out),
            Format::Github => github(self.report, out),
        }
    }
}

/// Where each report that was asked for goes; `place` takes the one without a file. Only one may.
pub(crate) fn destinations(flags: &OutputFlags, place: Destination) -> Result<Vec<(Format, Destination)>, String> {
    if flags.format.is_empty() {
        return Ok(vec![(Format::Text, place)]);
    }
    let without_file = flags.format.iter().filter(|output| output.file.is_none()).count();
    if without_file > 1 {
        return Err(
            "only one report can go to standard output: give the others a file, as in --format json=FILE".to_owned()
        );
    }
    if without_file == 0 && flags.output.is_some() {
        return Err("--output: every report has its file already".to_owned());
    }
    let destination = |output: &Output| output.file.clone().map_or_else(|| place.clone(), Destination::File);
    Ok(flags.format.iter().map(|output| (output.format, destination(output))).collect())
}

/// Writes to standard output; says whether that went well. A closed pipe is well: whoever reads has read enough.
pub(crate) fn print_to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // Without this, dropping the writer would try once more.
    let (_, _) = out.into_parts();
    match written {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => true,
        Err(error) => {
            print_error(&format!("standard output: {}", crate::read::io_message(&error)));
            false
        }
    }
}

/// Whether to write colours: where asked for, else on a terminal, unless NO_COLOR forbids it.
pub(crate) fn is_colored(color: Color, stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb") && stream.is_terminal()
        }
    }
}

/// Prints what went wrong as a whole. The message is ours: what it quotes is made printable by the caller.
pub(crate) fn print_error(message: &str) {
    print_line("error", message);
}

/// Prints what a person should know.
pub(crate) fn print_note(message: &str) {
    print_line("note", message);
}

/// Prints what could not be read or makes no sense, with its place.
pub(crate) fn print_input_error(error: &InputError) {
    let numbers = [error.line, error.column].into_iter().flatten();
    let place = match error.path.as_str() {
        "" => String::new(),
        path => numbers.fold(path.to_owned(), |place, number| format!("{place}:{number}")) + ": ",
    };
    print_error(&printable(&format!("{place}{}", error.message)));
}

fn print_line(kind: &str, message: &str) {
    // Where standard error is closed, nobody is there to tell.
    let _ = writeln!(io::stderr().lock(), "{kind}: {message}");
}
