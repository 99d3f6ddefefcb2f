//! The plimsoll program. Arguments are parsed, settings resolved, inputs checked, reports written; the exit code says
//! how it went.

mod args;
mod build;
mod cache;
mod check;
mod compose_files;
mod config_files;
mod discover;
mod engine;
mod fix_plan;
mod fleet;
mod folder;
mod git_index;
mod host;
mod host_images;
mod image;
mod image_files;
mod init;
mod lint;
mod live;
mod names;
mod output;
mod patterns;
mod progress;
mod read;
mod settings;
mod show;
mod write;

use args::{Arguments, Command, HostCommand};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too. A closed pipe is no reason to complain.
            let _ = error.print();
            return if error.use_stderr() { Exit::Trouble.into() } else { Exit::Clean.into() };
        }
    };
    let exit = match arguments.command {
        None => lint::run(&[], &arguments.lint),
        Some(Command::Lint { paths, flags }) => lint::run(&paths, &flags),
        Some(Command::Image { paths, flags }) => image::run(&paths, &flags),
        Some(Command::Build { dockerfile, image, flags }) => build::run(&dockerfile, &image, &flags),
        Some(Command::Host { command: None, flags }) => host::run(&flags),
        Some(Command::Host { command: Some(HostCommand::Collect { output, live }), .. }) => {
            live::write_bundle(&output, &live)
        }
        Some(Command::Host { command: Some(HostCommand::Merge { reports, fail_level, output }), .. }) => {
            fleet::run(&reports, fail_level, &output)
        }
        Some(Command::Explain { rule, color }) => show::explain(&rule, color),
        Some(Command::Rules { format }) => show::rules(format),
        Some(Command::Init { from }) => init::run(from),
        Some(Command::ShowSettings { file, flags }) => show::settings(&file, &flags),
        Some(Command::Completions { shell }) => show::completions(shell),
        Some(Command::Man) => show::man(),
    };
    exit.into()
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Everything was checked, nothing at or above the fail level.
    Clean,
    /// Everything was checked, something at or above the fail level.
    Findings,
    /// Some input, configuration or argument could not be used.
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Trouble => 2,
        })
    }
}
