//! Compares ShellCheck's codes with the shellcheck program over a folder of Dockerfiles, and prints a Markdown table.
//!
//! usage: `PLIMSOLL_CORPUS=FOLDER cargo run -p plimsoll-benches --example against_shellcheck [SHELLCHECK]`
//!
//! Both look at the same shell texts. shellcheck gets each behind `#!SHELL` and a line `export NAME=1` for every variable
//! that `ARG` and `ENV` set, which is how hadolint calls it; its places are mapped back onto the Dockerfile, and findings
//! are equal where file, line and code are.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use plimsoll::base::{LineIndex, Span};
use plimsoll::engine::SelectionSpec;
use plimsoll::{Linter, Settings, dockerfile};
use plimsoll_rules::{ShellText, with_shell_texts};
use plimsoll_shell::Dialect;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::path::Path;
use std::process::Command;

/// File, line, code.
type Found = BTreeSet<(usize, u32, u16)>;

/// File, line.
type Lines = BTreeSet<(usize, u32)>;

/// Codes of which hadolint takes no notice: what a sourced file says, and `ash`, which shellcheck takes for dash.
const EXCLUDED: &str = "SC2187,SC1090,SC1091";

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::args().nth(1).unwrap_or_else(|| "shellcheck".to_owned());
    let files = plimsoll_benches::dockerfiles();
    let (theirs, lines, texts) = shellchecks(&program, &files)?;
    let ours = our_findings(&files, &lines)?;
    let version = Command::new(&program).arg("--version").output()?;
    let version = String::from_utf8_lossy(&version.stdout).lines().nth(1).unwrap_or_default().to_owned();
    println!("# ShellCheck's codes: agreement by code\n");
    println!("{} files, {texts} shell texts of distinct content. Peer: shellcheck, {version}.", files.len());
    println!();
    println!(
        "| code | both | only shellcheck | only Plimsoll | agreement % | found % |\n| --- | --- | --- | --- | --- | --- |"
    );
    let mut codes: BTreeMap<u16, [usize; 3]> = BTreeMap::new();
    for found in theirs.union(&ours) {
        let side = if !ours.contains(found) {
            1
        } else if theirs.contains(found) {
            0
        } else {
            2
        };
        codes.entry(found.2).or_default()[side] += 1;
    }
    let mut all = [0; 3];
    for (code, counts) in &codes {
        row(&format!("SC{code}"), *counts);
        (0..3).for_each(|side| all[side] += counts[side]);
    }
    row("all", all);
    Ok(())
}

fn row(name: &str, [both, theirs, ours]: [usize; 3]) {
    let percent = |part: usize, whole: usize| match whole {
        0 => "-".to_owned(),
        _ => format!("{}.{}", part * 100 / whole, part * 1000 / whole % 10),
    };
    println!(
        "| {name} | {both} | {theirs} | {ours} | {} | {} |",
        percent(both, both + ours),
        percent(both, both + theirs)
    );
}

/// What shellcheck finds; the lines on which texts stand that it was given; the number of distinct scripts.
fn shellchecks(program: &str, files: &[(std::path::PathBuf, String)]) -> Result<(Found, Lines, usize), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("against-shellcheck-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut numbers: HashMap<String, usize> = HashMap::new();
    // For each script its places: file, lines of the preamble, and the Dockerfile's line for each of its bytes.
    let mut places: Vec<Vec<(usize, usize, Vec<u32>)>> = Vec::new();
    let mut lines = BTreeSet::new();
    for (file, (_, source)) in files.iter().enumerate() {
        let index = LineIndex::new(source);
        with_shell_texts(&dockerfile::parse(source), |texts| {
            for text in texts.iter().filter(|text| text.parses && text.dialect != Dialect::Zsh) {
                let preamble = preamble(text);
                // A second `#!` line would be a finding that is not the text's.
                let body =
                    text.text.strip_prefix("#!").map_or_else(|| text.text.to_owned(), |rest| format!("# {rest}"));
                let line = |at: u32| index.position(source, text.place(Span::new(at, at)).start).line;
                let at: Vec<u32> = (0..=text.text.len() as u32).map(line).collect();
                lines.extend(at.iter().map(|&line| (file, line)));
                let next = numbers.len();
                let number = *numbers.entry(format!("{preamble}{body}")).or_insert(next);
                places.resize_with(numbers.len(), Vec::new);
                places[number].push((file, preamble.lines().count(), at));
            }
        });
    }
    let scripts: BTreeMap<usize, &str> = numbers.iter().map(|(script, &number)| (number, &**script)).collect();
    for (number, script) in &scripts {
        std::fs::write(folder.join(format!("{number:06}.sh")), script)?;
    }
    let mut found = Found::new();
    for batch in (0..numbers.len()).collect::<Vec<_>>().chunks(100) {
        let names = batch.iter().map(|number| format!("{number:06}.sh"));
        let arguments = ["--norc", "-f", "json1", "-S", "style", "-e", EXCLUDED];
        let output = Command::new(program).args(arguments).args(names).current_dir(&folder).output()?;
        let report: Value = serde_json::from_slice(&output.stdout)?;
        for comment in report["comments"].as_array().into_iter().flatten() {
            let number: usize = comment["file"].as_str().unwrap_or_default().trim_end_matches(".sh").parse()?;
            let (line, column) =
                (comment["line"].as_u64().unwrap_or(1) as usize, comment["column"].as_u64().unwrap_or(1));
            let code = comment["code"].as_u64().unwrap_or_default() as u16;
            for (file, preamble, at) in &places[number] {
                let script = scripts[&number];
                let Some(line) = line.checked_sub(*preamble).filter(|&line| line > 0) else { continue };
                let head: usize = script.split_inclusive('\n').take(*preamble).map(str::len).sum();
                let before: usize = script[head..].split_inclusive('\n').take(line - 1).map(str::len).sum();
                let rest = &script[head + before..];
                let offset = rest.char_indices().nth(column as usize - 1).map_or(rest.len(), |(offset, _)| offset);
                found.insert((*file, at[(before + offset).min(at.len() - 1)], code));
            }
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok((found, lines, numbers.len()))
}

fn preamble(text: &ShellText<'_>) -> String {
    let shell = match text.dialect {
        Dialect::Posix => "/bin/sh",
        Dialect::Dash | Dialect::Ash => "/bin/dash",
        Dialect::Bash | Dialect::Zsh => "/bin/bash",
        Dialect::Ksh => "/bin/ksh",
    };
    let names =
        text.variables.iter().filter(|name| name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()));
    names.fold(format!("#!{shell}\n"), |preamble, name| format!("{preamble}export {name}=1\n"))
}

/// What our rules find under ShellCheck's codes on those lines.
fn our_findings(files: &[(std::path::PathBuf, String)], lines: &Lines) -> Result<Found, Box<dyn Error>> {
    let spec = SelectionSpec { select: Some(vec!["SC[0-9]*".to_owned()]), ..SelectionSpec::default() };
    let settings = Settings { spec, ignore_comments: true, ..Settings::default() };
    let linter = Linter::new(&settings).map_err(|_| "a selection of known rules")?;
    let reports: Vec<_> = files.iter().map(|(path, text)| linter.lint(&name(path), text)).collect();
    let mut found = Found::new();
    for (file, report) in reports.iter().enumerate() {
        for finding in &report.findings {
            let line = report.lines.position(&report.source, finding.span.start).line;
            let codes = finding.alias_names().filter_map(|alias| alias.strip_prefix("SC")?.parse().ok());
            found.extend(codes.filter(|_| lines.contains(&(file, line))).map(|code| (file, line, code)));
        }
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
