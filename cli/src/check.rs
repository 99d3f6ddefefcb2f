//! Checks inputs in parallel. The order of the results is that of the inputs, whatever the number of threads.

use crate::compose_files::Beside;
use crate::discover::{Input, Source};
use crate::names::{is_compose_name, may_be_compose};
use crate::read::{read_file, read_stdin};
use crate::settings::{Applied, Profile};
use crate::write::replace;
use plimsoll::Context;
use plimsoll::base::LineIndex;
use plimsoll::compose::is_compose;
use plimsoll::engine::{FileReport, InputError, Safety, mask_alike};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What to do with fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fixing {
    /// Nothing.
    Off,
    /// Write them into the files.
    Write(Safety),
    /// Show what they would change.
    Show(Safety),
}

/// An input with what applies to it.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) input: &'a Input,
    pub(crate) applied: Applied,
    pub(crate) profile: &'a Profile,
}

/// What came of an input.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What was found, or is left after fixes.
    pub(crate) report: Option<FileReport>,
    /// What went wrong: with the input itself where there is no report, else with its fixes.
    pub(crate) error: Option<InputError>,
    /// How many findings were mended.
    pub(crate) fixed: usize,
    /// The text with fixes: of standard input, which cannot be written into.
    pub(crate) text: Option<String>,
    /// The text before and after fixes, secrets masked.
    pub(crate) diff: Option<(String, String)>,
}

/// Checks every input, on so many threads. `folder` is the current one, absolute and without links.
pub(crate) fn check_all(tasks: &[Task<'_>], fixing: Fixing, folder: &Path, jobs: NonZeroUsize) -> Vec<Outcome> {
    quietly(|| check_each(tasks, fixing, folder, jobs))
}

/// Does something while a panic prints nothing: it is reported as that of its input, and its message may quote the
/// input.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!(" (at {}:{})", place.file(), place.line())).unwrap_or_default();
        PANIC_PLACE.with(|last| last.replace(place));
    }));
    let done = work();
    std::panic::set_hook(hook);
    done
}

/// Checks one input that is no text; a panic is a message for a person.
pub(crate) fn check_one<T>(check: impl FnOnce() -> T) -> Result<T, String> {
    quietly(|| guarded(check))
}

fn check_each(tasks: &[Task<'_>], fixing: Fixing, folder: &Path, jobs: NonZeroUsize) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let ignores = DockerIgnores::default();
    let work = || {
        let mut outcomes = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { return outcomes };
            outcomes.push((at, check(task, fixing, folder, &ignores)));
        }
    };
    let jobs = jobs.get().min(tasks.len());
    let mut outcomes = if jobs <= 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            // This thread works too, and does all the work if no other can be had.
            let others: Vec<_> = (1..jobs)
                .map_while(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok())
                .collect();
            let mut outcomes = work();
            outcomes.extend(others.into_iter().filter_map(|thread| thread.join().ok()).flatten());
            outcomes
        })
    };
    outcomes.sort_by_key(|(at, _)| *at);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// As much stack as the main thread has, so that the number of threads changes no result.
const STACK: usize = 8 << 20;

thread_local! {
    static PANIC_PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn check(task: &Task<'_>, fixing: Fixing, folder: &Path, ignores: &DockerIgnores) -> Outcome {
    let text = match &task.input.source {
        Source::Stdin => read_stdin(),
        Source::File { target, .. } => read_file(target),
    };
    match text {
        Ok(text) => {
            let check = || check_text(task, &text, fixing, folder, ignores);
            guarded(check).unwrap_or_else(|message| failed(task, None, message))
        }
        Err(error) => failed(task, error.line, error.message),
    }
}

fn check_text(task: &Task<'_>, text: &str, fixing: Fixing, folder: &Path, ignores: &DockerIgnores) -> Outcome {
    let (linter, path) = (&task.profile.linter, &task.applied.project_path);
    if task.input.is_compose || is_compose_file(&task.input.place, text) {
        // Whoever pipes a text through us gets it back; there is nothing to mend yet.
        let back = matches!((fixing, &task.input.source), (Fixing::Write(_), Source::Stdin)).then(|| text.to_owned());
        let linter = task.profile.compose();
        let report = match Beside::of(task.input, folder) {
            Some(beside) => beside.with(|surroundings| linter.lint_in(path, text, surroundings)),
            None => linter.lint(path, text),
        };
        return match report {
            Ok(report) => Outcome { report: Some(shown(report, task)), text: back, ..Outcome::default() },
            Err(error) => {
                let error = InputError { path: task.input.shown.clone(), ..error };
                Outcome { error: Some(error), text: back, ..Outcome::default() }
            }
        };
    }
    let context =
        Context { dockerignore: linter.wants_dockerignore().then(|| ignores.of(&task.input.place)).flatten() };
    let lint = || linter.lint_in(path, text, &context);
    let allowed = match fixing {
        // Where the configuration has a mistake, what it meant to keep off fixes is not known.
        Fixing::Write(allowed) | Fixing::Show(allowed) if task.profile.sound => allowed,
        _ => {
            // Whoever pipes a text through us gets it back in any case.
            let back =
                matches!((fixing, &task.input.source), (Fixing::Write(_), Source::Stdin)).then(|| text.to_owned());
            return Outcome { report: Some(shown(lint(), task)), text: back, ..Outcome::default() };
        }
    };
    let fixed = linter.fix(path, text, &context, allowed);
    let unchanged = fixed.text == text;
    if let Fixing::Show(_) = fixing {
        let before = lint();
        let diff = (!unchanged).then(|| mask_alike(text, &before.source, &fixed.text));
        return Outcome { report: Some(shown(before, task)), diff, ..Outcome::default() };
    }
    let Source::File { tree, .. } = &task.input.source else {
        let report = Some(shown(fixed.report, task));
        return Outcome { report, fixed: fixed.count, text: Some(fixed.text), ..Outcome::default() };
    };
    if !unchanged && let Err(message) = replace(&task.input.place, &[tree, folder], text, &fixed.text) {
        return Outcome {
            report: Some(shown(lint(), task)),
            error: failed(task, None, message).error,
            ..Outcome::default()
        };
    }
    Outcome { report: Some(shown(fixed.report, task)), fixed: fixed.count, ..Outcome::default() }
}

/// Whether an input is a Compose file: by its name, or by what stands in it where its name leaves that open.
fn is_compose_file(place: &Path, text: &str) -> bool {
    place.file_name().is_some_and(|name| is_compose_name(name) || may_be_compose(name) && is_compose(text))
}

/// The `.dockerignore` of each folder, looked for once.
#[derive(Debug, Default)]
pub(crate) struct DockerIgnores(Mutex<HashMap<OsString, Option<String>>>);

impl DockerIgnores {
    /// The text of the file's own `.dockerignore`, else of the one in its folder, which is the usual build context.
    pub(crate) fn of(&self, place: &Path) -> Option<String> {
        let mut own = place.as_os_str().to_owned();
        own.push(".dockerignore");
        if let Ok(text) = read_file(Path::new(&own)) {
            return Some(text);
        }
        let folder = place.parent()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(folder.as_os_str()) {
            return text.clone();
        }
        let text = read_file(&folder.join(".dockerignore")).ok();
        known.insert(folder.as_os_str().to_owned(), text.clone());
        text
    }
}

/// The report under the input's own path; without its text where nothing refers to it, so that many clean files need
/// no memory.
fn shown(mut report: FileReport, task: &Task<'_>) -> FileReport {
    report.path.clone_from(&task.input.shown);
    if report.findings.is_empty() && report.suppressed.is_empty() {
        report.source = String::new();
        report.lines = LineIndex::new("");
    }
    report
}

fn failed(task: &Task<'_>, line: Option<u32>, message: String) -> Outcome {
    let error = InputError { path: task.input.shown.clone(), line, column: None, message };
    Outcome { error: Some(error), ..Outcome::default() }
}

/// Runs a check; a panic in it becomes a message.
fn guarded<T>(check: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(check)).map_err(|_| {
        let place = PANIC_PLACE.with(RefCell::take);
        format!("internal error{place}: this input was not checked; please report it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_message() {
        assert_eq!(guarded(|| 1), Ok(1));
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let result = guarded(|| assert!(std::hint::black_box(false), "hunter2"));
        std::panic::set_hook(hook);
        let message = result.expect_err("a message");
        assert!(message.starts_with("internal error") && !message.contains("hunter2"), "{message}");
    }
}
