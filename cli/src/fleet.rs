//! `plimsoll host merge`: many reports of hosts as one.

use crate::Exit;
use crate::args::{Color, Format, OutputFlags};
use crate::names::shown;
use crate::output::{Destination, destinations, is_colored, print_error, print_input_error, print_to_stdout};
use crate::read::{io_message, read_regular};
use plimsoll::engine::FailLevel;
use plimsoll::report::{Fleet, printable};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// The largest report that is read.
const LARGEST: u64 = 1 << 30;

/// Runs the command.
pub(crate) fn run(reports: &[PathBuf], fail_level: FailLevel, flags: &OutputFlags) -> Exit {
    let place = flags.output.clone().map_or(Destination::Stdout, Destination::File);
    let outputs = match destinations(flags, place) {
        Ok(outputs) => outputs,
        Err(message) => {
            print_error(&printable(&message));
            return Exit::Trouble;
        }
    };
    if outputs.iter().any(|(format, _)| !matches!(format, Format::Text | Format::Json)) {
        print_error("--format: many reports are merged into text or json");
        return Exit::Trouble;
    }
    let mut fleet = Fleet::default();
    for path in reports {
        // One at a time: a fleet's reports need not fit into memory together.
        match read_regular(path, LARGEST) {
            Ok(text) => fleet.add(&shown(path), &text),
            Err(message) => fleet.fail(&shown(path), message),
        }
    }
    let seen =
        |(format, destination): &(Format, Destination)| *format == Format::Text && *destination == Destination::Stdout;
    if !outputs.iter().any(seen) {
        fleet.errors().for_each(print_input_error);
    }
    let mut written = true;
    for (format, destination) in &outputs {
        let write = |colour: bool, out: &mut dyn Write| match format {
            Format::Json => fleet.json(out),
            _ => fleet.text(colour, out),
        };
        written &= match destination {
            Destination::File(path) => {
                let result = File::create(path).and_then(|file| {
                    let mut out = BufWriter::new(file);
                    write(flags.color == Color::Always, &mut out)?;
                    out.flush()
                });
                if let Err(error) = &result {
                    print_error(&printable(&format!("{}: {}", shown(path), io_message(error))));
                }
                result.is_ok()
            }
            Destination::Stdout | Destination::Stderr => {
                let colour = is_colored(flags.color, &io::stdout());
                print_to_stdout(|out| write(colour, out))
            }
        };
    }
    match (fleet.errors().len() == 0 && written, fleet.fails(fail_level) && !flags.exit_zero) {
        (false, _) => Exit::Trouble,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    }
}
