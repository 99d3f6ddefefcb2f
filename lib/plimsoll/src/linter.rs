use crate::ComposeLinter;
use crate::comments::suppressions;
use crate::fixing::mend;
use plimsoll_base::{LineIndex, Span};
use plimsoll_dockerfile::Dockerfile;
use plimsoll_engine::{
    Date, FileReport, Finding, Input, InputKind, RuleMeta, Safety, SelectError, Selection, SelectionSpec, Suppressed,
    SuppressedBy, Suppressions, fingerprint, mask,
};
use plimsoll_rules::{Context, Options, Runner, metas, peers};
use std::collections::HashMap;

/// What a [`Linter`] is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Which rules, and how loud.
    pub spec: SelectionSpec,
    /// What users can set for rules.
    pub options: Options,
    /// Whether comments in the file silence nothing.
    pub ignore_comments: bool,
    /// The day on which suppressions that expire are judged; where absent they hold.
    pub today: Option<Date>,
    /// Ids that an ignore file names: what carries one is listed as suppressed by configuration.
    pub suppress: Vec<SuppressedId>,
}

/// An id that an ignore file names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuppressedId {
    /// A rule's id or an alias.
    pub id: String,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// The first day on which it no longer holds.
    pub expires: Option<Date>,
}

/// Lints Dockerfiles. Building one resolves the selection; linting then keeps no state.
#[derive(Debug)]
pub struct Linter {
    selection: Selection,
    runner: Runner,
    settings: Settings,
}

/// A text after fixes.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// How many findings were mended.
    pub count: usize,
    /// What is left.
    pub report: FileReport,
}

impl Linter {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &Settings) -> Result<Self, Vec<SelectError>> {
        let selection = Selection::resolve(&settings.spec, metas(), peers())?;
        Ok(Self { runner: Runner::new(&selection), selection, settings: settings.clone() })
    }

    /// The rules on Dockerfiles of which the selection may want findings, by rising id.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.selection.active().filter(|rule| rule.input == Input::Dockerfile).collect()
    }

    /// What lints Compose files with the same settings.
    pub fn compose(&self) -> ComposeLinter {
        ComposeLinter::of_sound(&self.settings)
    }

    /// Whether some rule looks at the `.dockerignore` of [`Context`]: others need not read it.
    pub fn wants_dockerignore(&self) -> bool {
        self.selection.active().any(|rule| rule.aliases.contains(&"CopyIgnoredFile"))
    }

    /// Lints one Dockerfile. `path` is shown in the report and is part of the fingerprints; nothing is read from it.
    pub fn lint(&self, path: &str, text: &str) -> FileReport {
        self.lint_in(path, text, &Context::default())
    }

    /// Lints one Dockerfile, with what stands beside it.
    pub fn lint_in(&self, path: &str, text: &str, context: &Context) -> FileReport {
        self.lint_with(path, text, context, |_| Vec::new())
    }

    /// Lints one Dockerfile and adds what is known of it otherwise. `more` is given what the rules found.
    pub(crate) fn lint_with(
        &self,
        path: &str,
        text: &str,
        context: &Context,
        more: impl FnOnce(&[Finding]) -> Vec<Finding>,
    ) -> FileReport {
        let (checked, stages) = self.check(text, context, more);
        finish(path, text, checked, |at| stages.partition_point(|&(start, _)| start <= at).to_string())
    }

    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Mends what can be mended, again and again until nothing more can, and says what is left.
    ///
    /// Fixes of suppressed findings are not applied, nor those that would make a file fail to parse that parsed before.
    pub fn fix(&self, path: &str, text: &str, context: &Context, allowed: Safety) -> Fixed {
        let check = |text: &str| self.check(text, context, |_| Vec::new()).0.findings;
        let errors = |text: &str| plimsoll_dockerfile::parse(text).errors.len();
        let (text, count) = mend(text, allowed, check, errors);
        let report = self.lint_in(path, &text, context);
        Fixed { text, count, report }
    }

    /// What was found, and where the stages begin.
    fn check(
        &self,
        text: &str,
        context: &Context,
        more: impl FnOnce(&[Finding]) -> Vec<Finding>,
    ) -> (Checked, Vec<(u32, usize)>) {
        let file = plimsoll_dockerfile::parse(text);
        let mut found = self.runner.run(&file, &self.settings.options, context);
        let more = more(&found.findings);
        if found.findings.is_empty() && !more.is_empty() {
            found.secrets = plimsoll_rules::secret_spans(&file);
        }
        found.findings.extend(more);
        if found.findings.is_empty() {
            return (Checked::default(), found.stages);
        }
        let comments = (!self.settings.ignore_comments).then(|| {
            let mut comments = suppressions(&file, self.settings.today);
            for comment in &found.shell_comments {
                comments.disable(&comment.text, comment.scope);
            }
            comments
        });
        let crlf = text.contains("\r\n");
        let mut checked = sift(found.findings, &self.selection, &self.settings, comments.as_ref(), |finding| {
            if crlf {
                // Rules write `\n`; the file keeps its own line breaks.
                let edits = finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
                edits.for_each(|edit| edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n"));
            }
            finding.instruction = instruction_at(&file, finding.span);
        });
        checked.secrets = found.secrets;
        // What is shown of the text holds nothing that a scan of the image would mask.
        checked.secrets.extend(secrets_in(text));
        checked.secrets.sort_unstable();
        checked.secrets.dedup();
        (checked, found.stages)
    }
}

/// What a search of the text as a file finds, sure or likely.
fn secrets_in(text: &str) -> impl Iterator<Item = Span> {
    let found = plimsoll_secrets::scan(text.as_bytes()).into_iter();
    let likely =
        found.filter(|found| found.confidence > plimsoll_secrets::Confidence::Low || found.kind.is_told_by_form());
    likely.map(|found| Span::new(found.start as u32, found.end as u32)).filter(|span| text.get(span.range()).is_some())
}

/// Takes the findings that are wanted, sorts out those that something silences, and puts the others into the report's
/// order. `complete` adds what is known of the input to those that stay.
pub(crate) fn sift(
    findings: Vec<Finding>,
    selection: &Selection,
    settings: &Settings,
    comments: Option<&Suppressions>,
    complete: impl Fn(&mut Finding),
) -> Checked {
    let mut checked = Checked::default();
    for mut finding in findings {
        if !selection.judge(&mut finding) {
            continue;
        }
        let silenced = match comments.and_then(|comments| comments.find(&finding)) {
            Some(by) => Some((SuppressedBy::Comment, &by.reason, by.expires)),
            None => suppressed_id(settings, &finding).map(|by| (SuppressedBy::Config, &by.reason, by.expires)),
        };
        if let Some((by, reason, expires)) = silenced {
            checked.suppressed.push(Suppressed {
                rule: finding.rule.id,
                span: finding.span,
                by,
                reason: reason.clone(),
                expires: expires.map(|day| day.to_string()),
            });
        } else {
            complete(&mut finding);
            checked.findings.push(finding);
        }
    }
    let order = |finding: &Finding| (finding.span.start, finding.rule.id);
    checked
        .findings
        .sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| (&a.message, a.span.end).cmp(&(&b.message, b.span.end))));
    // A check that comes by the same words twice says the same thing twice.
    checked.findings.dedup_by(|a, b| a.span == b.span && a.rule.id == b.rule.id && a.message == b.message);
    checked.suppressed.sort_by_key(|suppressed| (suppressed.span, suppressed.rule));
    checked
}

/// The entry of an ignore file that silences a finding.
pub(crate) fn suppressed_id<'s>(settings: &'s Settings, finding: &Finding) -> Option<&'s SuppressedId> {
    let same = |id: &str, other: &str| id.eq_ignore_ascii_case(other);
    settings.suppress.iter().find(|by| {
        let expired = matches!((by.expires, settings.today), (Some(end), Some(today)) if today >= end);
        !expired && (same(&by.id, finding.rule.id) || finding.alias_names().any(|alias| same(&by.id, alias)))
    })
}

/// The instruction that holds a span.
fn instruction_at(file: &Dockerfile<'_>, span: Span) -> Option<Span> {
    let after = file.instructions.partition_point(|instruction| instruction.span.start <= span.start);
    let before = file.instructions.get(after.checked_sub(1)?)?.span;
    (span.start <= before.end).then_some(before)
}

/// What was found in a text, before it is masked.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    /// The values of secrets.
    pub(crate) secrets: Vec<Span>,
}

/// Masks, fingerprints and adds what reports need. `part` names the part of the text, such as its stage, in which an
/// offset stands: the same words in another part are another finding.
pub(crate) fn finish(path: &str, text: &str, mut checked: Checked, part: impl Fn(u32) -> String) -> FileReport {
    let source = if checked.secrets.is_empty() || checked.findings.is_empty() {
        text.to_owned()
    } else {
        mask(text, &checked.secrets, &mut checked.findings)
    };
    let mut seen: HashMap<(&str, String, String), usize> = HashMap::new();
    for finding in &mut checked.findings {
        let part = part(finding.span.start);
        // Long findings, such as a whole stage, are named by their beginning.
        let text = finding.span.text(&source);
        let beginning = text.char_indices().nth(200).map_or(text, |(end, _)| &text[..end]);
        let words: String = beginning.split_whitespace().collect();
        let ordinal = seen.entry((finding.rule.id, part.clone(), words.clone())).or_default();
        finding.fingerprint = fingerprint(finding.rule.id, path, &part, &words, *ordinal);
        *ordinal += 1;
    }
    FileReport {
        path: path.to_owned(),
        kind: InputKind::Text,
        lines: LineIndex::new(&source),
        source,
        findings: checked.findings,
        suppressed: checked.suppressed,
    }
}
