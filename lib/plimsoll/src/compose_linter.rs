use crate::Settings;
use crate::comments::compose_suppressions;
use crate::linter::{finish, sift};
use plimsoll_compose::{Compose, Surroundings};
use plimsoll_engine::{FileReport, InputError, RuleMeta, SelectError, Selection};
use plimsoll_rules::{ComposeRunner, compose_metas, metas, peers};

/// Lints Compose files. Building one resolves the selection; linting then keeps no state.
#[derive(Debug)]
pub struct ComposeLinter {
    selection: Selection,
    runner: ComposeRunner,
    settings: Settings,
}

impl ComposeLinter {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &Settings) -> Result<Self, Vec<SelectError>> {
        Selection::resolve(&settings.spec, metas(), peers())?;
        Ok(Self::of_sound(settings))
    }

    /// The same for settings whose ids are known to be those of rules.
    pub(crate) fn of_sound(settings: &Settings) -> Self {
        let selection = Selection::among(&settings.spec, compose_metas(), peers());
        Self { runner: ComposeRunner::new(&selection), selection, settings: settings.clone() }
    }

    /// The rules of which the selection may want findings in Compose files, by rising id.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.selection.active().collect()
    }

    /// Lints one Compose file. `path` is shown in the report and is part of the fingerprints; nothing is read from it.
    /// The error is that of a text that is no YAML.
    ///
    /// ```
    /// use plimsoll::{ComposeLinter, Settings};
    /// let linter = ComposeLinter::new(&Settings::default()).expect("the default selection names known rules");
    /// let report = linter.lint("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n");
    /// assert_eq!(report.expect("YAML").findings[0].rule.id, "container-privileged");
    /// let error = linter.lint("compose.yaml", "services:\n  web: [\n").expect_err("no YAML");
    /// assert_eq!(error.path, "compose.yaml");
    /// ```
    pub fn lint(&self, path: &str, text: &str) -> Result<FileReport, InputError> {
        self.lint_in(path, text, &Surroundings::NONE)
    }

    /// Lints one Compose file with what is beside it: `.env`, the files of services that it extends, the override that
    /// Compose merges with it. What those files say is found where they are linted themselves.
    ///
    /// ```
    /// use plimsoll::{ComposeLinter, Settings, compose::Surroundings};
    /// let linter = ComposeLinter::new(&Settings::default()).expect("the default selection names known rules");
    /// let read = |path: &str| (path == ".env").then(|| "TAG=latest\n".to_owned());
    /// let text = "services:\n  web:\n    image: nginx:$TAG\n";
    /// let report = linter.lint_in("compose.yaml", text, &Surroundings { name: "compose.yaml", read: &read });
    /// assert_eq!(report.expect("YAML").findings[0].rule.id, "service-image-latest");
    /// assert!(linter.lint("compose.yaml", text).expect("YAML").findings.is_empty());
    /// ```
    pub fn lint_in(&self, path: &str, text: &str, surroundings: &Surroundings<'_>) -> Result<FileReport, InputError> {
        let fail = |error: plimsoll_compose::YamlError| InputError {
            path: path.to_owned(),
            line: Some(error.line),
            column: Some(error.column),
            message: error.message,
        };
        let file = Compose::parse_in(text, surroundings).map_err(fail)?;
        let found = self.runner.run(&file, text);
        let comments = (!self.settings.ignore_comments && !found.findings.is_empty())
            .then(|| compose_suppressions(&file, text, self.settings.today));
        let mut checked = sift(found.findings, &self.selection, &self.settings, comments.as_ref(), |_| {});
        checked.secrets = found.secrets;
        // Services are told apart by their names, so that one more before them changes nothing.
        let mut starts: Vec<(u32, &str)> =
            file.services.iter().map(|service| (service.span.start, service.name.as_str())).collect();
        starts.sort_unstable();
        Ok(finish(path, text, checked, |at| {
            let before = starts.partition_point(|(start, _)| *start <= at).checked_sub(1);
            before.map_or("", |before| starts[before].1).to_owned()
        }))
    }
}
