//! The shell forms of the corpus beside the workspace; nothing where it is not there.

use plimsoll_dockerfile::Kind;
use plimsoll_shell::{Dialect, parse};
use std::path::{Path, PathBuf};

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are worth a look")]
fn almost_all_scripts_parse() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/dockerfiles"), &mut paths);
    let (mut bodies, mut parsed, mut commands) = (0, 0, 0);
    for path in &paths {
        let Ok(source) = std::fs::read_to_string(path) else { continue };
        let mut dialect = Some(Dialect::Posix);
        for instruction in plimsoll_dockerfile::parse(&source).instructions {
            match &instruction.kind {
                Kind::From(_) => dialect = Some(Dialect::Posix),
                Kind::Shell(shell) => {
                    let shell = shell.as_ref().and_then(|shell| shell.items.first());
                    dialect = shell.and_then(|shell| dialect_of(&shell.text));
                }
                Kind::Run(run) => {
                    let Some(script) = run.script.as_ref().filter(|script| script.shebang.is_none()) else { continue };
                    let Some(dialect) = dialect else { continue };
                    bodies += 1;
                    if let Some(script) = parse(&script.text.text, dialect) {
                        parsed += 1;
                        commands += script.commands.len();
                    }
                }
                _ => {}
            }
        }
    }
    println!("{parsed} of {bodies} scripts in {} files parse; they have {commands} commands", paths.len());
    assert!(parsed * 100 >= bodies * 99, "{parsed} of {bodies}");
}

fn dialect_of(shell: &str) -> Option<Dialect> {
    match shell.rsplit('/').next()? {
        "sh" | "ash" | "dash" => Some(Dialect::Posix),
        "bash" => Some(Dialect::Bash),
        _ => None,
    }
}

fn files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, paths) } else { paths.push(path) }
    }
}
