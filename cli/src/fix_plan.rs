//! `plimsoll host --fix-plan DIR`: writes a plan, and has dockerd prove its configuration files where there is one.

use crate::folder::{create, write_new};
use crate::names::shown;
use crate::output::print_note;
use plimsoll::report::printable;
use plimsoll::{FixPlan, Proof};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Writes the plan. An error where a file cannot be written, or dockerd refuses one.
pub(crate) fn write(folder: &Path, plan: &FixPlan) -> Result<(), String> {
    create(folder)?;
    for file in &plan.files {
        write_new(folder, &file.name, &file.text)?;
    }
    let mut proofs = Vec::new();
    let mut refused = Vec::new();
    for file in plan.files.iter().filter(|file| file.is_daemon_json) {
        let (sound, says) = match prove(&folder.join(&file.name)) {
            Proven::Sound => (true, "dockerd takes it".to_owned()),
            Proven::Refused(why) => (false, format!("dockerd refuses it: {why}")),
            Proven::Not(why) => (true, format!("not proven: {why}")),
        };
        if !sound {
            refused.push(format!("{}: {says}", shown(&folder.join(&file.name))));
        }
        proofs.push(Proof { file: file.name.clone(), says });
    }
    write_new(folder, "plan.md", &plan.readme(&proofs))?;
    let [safe, restart, disruptive, person] = plan.counts();
    let proven = proofs.first().map(|proof| format!("; {}: {}", proof.file, proof.says)).unwrap_or_default();
    print_note(&printable(&format!(
        "{}: {safe} safe steps, {restart} with a restart, {disruptive} disruptive, {person} for a person{proven}",
        shown(&folder.join("plan.md"))
    )));
    if refused.is_empty() { Ok(()) } else { Err(refused.join("; ")) }
}

enum Proven {
    Sound,
    Refused(String),
    /// Why nothing can be said.
    Not(String),
}

/// Asks `dockerd --validate`, which reads the file and starts nothing.
fn prove(file: &Path) -> Proven {
    const PATIENCE: Duration = Duration::from_secs(10);
    let command = Command::new("dockerd")
        .arg("--validate")
        .arg("--config-file")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match command {
        Ok(child) => child,
        Err(error) => return Proven::Not(format!("dockerd cannot be run here: {}", crate::read::io_message(&error))),
    };
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Proven::Not("dockerd --validate does not end".to_owned());
            }
            Err(error) => return Proven::Not(error.to_string()),
        }
    };
    let mut told = Vec::new();
    let _ = child.stderr.take().map(|stderr| stderr.take(1 << 16).read_to_end(&mut told));
    let told = String::from_utf8_lossy(&told);
    if told.contains("unknown flag: --validate") {
        return Proven::Not("the dockerd here has no --validate (it came with 23.0)".to_owned());
    }
    let told: Vec<&str> = told.split_whitespace().collect();
    if status.success() { Proven::Sound } else { Proven::Refused(told.join(" ")) }
}
