//! Where relative paths of a stage point to.

use crate::prelude::*;
use crate::support::commands::scripts_of;

/// The longest path that is followed. Nobody means a longer one, and without an end each step of a chain of relative
/// paths would cost more than the one before.
pub(crate) const LONGEST: usize = 512;

/// The folder in which something happens: absolute, or below the unknown one in which the stage begins. Variables
/// stand for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folder {
    path: String,
    /// The one before, to which `cd -` goes back.
    previous: String,
}

impl Folder {
    /// The path from the root on, or from where the stage begins. Two paths of a stage that come out the same are the
    /// same. A variable or `~` at the start may only hold an absolute path.
    pub(crate) fn path(&self, path: &str) -> String {
        let absolute = path.starts_with(['/', '~', '$', '`']);
        joined(if absolute { "" } else { &self.path }, path)
    }

    /// Changes into a folder, as `WORKDIR` and `cd` do.
    pub(crate) fn enter(&mut self, path: &str) {
        let entered = self.path(path);
        let entered = if entered.len() > LONGEST { "?".to_owned() } else { entered };
        self.previous = std::mem::replace(&mut self.path, entered);
    }

    /// Follows a command of a script: `cd` and its kin change the folder.
    pub(crate) fn follow(&mut self, command: &shell::Command<'_>) {
        match (&*command.name.text, command.operands().next()) {
            ("cd" | "pushd", Some(folder)) if folder.text != "-" => self.enter(&folder.text),
            ("cd", None) => self.enter("~"),
            ("cd" | "pushd" | "popd", _) => std::mem::swap(&mut self.path, &mut self.previous),
            _ => {}
        }
    }
}

/// Joins two paths to one from the root on, without `.`, `..` and doubled slashes.
pub(crate) fn joined(base: &str, path: &str) -> String {
    let mut whole = String::with_capacity(base.len() + path.len() + 2);
    for part in base.split('/').chain(path.split('/')) {
        let last = whole.rfind('/');
        match (part, last) {
            ("" | ".", _) | ("..", None) => {}
            // A variable may hold several folders: what `..` leaves of it is not known.
            ("..", Some(last)) if !whole[last..].contains('$') => whole.truncate(last),
            (part, _) => {
                whole.push('/');
                whole.push_str(part);
            }
        }
    }
    if whole.is_empty() { "/".to_owned() } else { whole }
}

/// What happens in a stage, one after the other.
pub(crate) enum Step<'c> {
    /// A `COPY` or `ADD`.
    Transfer(&'c Instruction<'c>, &'c Transfer<'c>),
    /// A text that a `RUN` runs.
    Script(&'c RunScript<'c>),
}

/// The files that a stage copies and the texts that it runs, each with the position of its instruction and the
/// folder in which it happens. What stands behind `ONBUILD` does not happen.
pub(crate) fn steps<'c>(
    cx: &Cx<'c>,
    stage: &'c StageFact<'c>,
) -> impl Iterator<Item = (usize, Folder, Step<'c>)> + use<'c> {
    let mut scripts = scripts_of(cx, stage).iter().peekable();
    let mut folder = Folder::default();
    (stage.stage.instructions.start..).zip(stage.instructions).flat_map(move |(index, instruction)| {
        let mut steps = Vec::new();
        match &instruction.kind {
            Kind::Workdir(path) => folder.enter(path.unquoted()),
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                steps.push((index, folder.clone(), Step::Transfer(instruction, transfer)));
            }
            _ => {}
        }
        while let Some(script) = scripts.next_if(|script| script.at.index <= index) {
            if !script.at.onbuild {
                steps.push((index, folder.clone(), Step::Script(script)));
            }
        }
        steps
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let mut folder = Folder::default();
        assert_eq!(folder.path("a/./b//c"), "/a/b/c");
        folder.enter("/srv/app/");
        assert_eq!(folder.path("./a"), "/srv/app/a");
        assert_eq!(folder.path("../../../a"), "/a");
        assert_eq!(folder.path("/tmp/a"), "/tmp/a");
        folder.enter("$HOME/x");
        assert_eq!(folder.path("../y"), "/$HOME/y");
        assert_eq!(folder.path("~/.npmrc"), "/~/.npmrc");
        assert_eq!(joined("/$A", "../b"), "/$A/../b");
        folder.enter("/a");
        folder.enter("b");
        std::mem::swap(&mut folder.path, &mut folder.previous);
        assert_eq!(folder.path("c"), "/a/c");
        for _ in 0..10_000 {
            folder.enter("deep");
        }
        assert!(folder.path.len() <= LONGEST);
    }
}
