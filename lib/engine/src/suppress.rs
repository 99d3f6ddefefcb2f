use crate::{Category, Finding, Tool, canonical_id};
use plimsoll_base::Span;
use std::collections::HashMap;

/// The suppressions that the comments of one input ask for.
///
/// Every syntax that users already have is read: `# plimsoll ignore=…`, `# hadolint ignore=…` (also `global` and
/// `stage`), `# check=skip=…`, `# trivy:ignore:…`, `# checkov:skip=…`. A peer's comment silences only what carries
/// that peer's id.
#[derive(Debug, Clone, Default)]
pub struct Suppressions {
    list: Vec<Suppression>,
    /// Where each id is silenced, by whose comments (ours: `None`): one look-up answers for any number of comments.
    places: HashMap<(Option<Tool>, String), Places>,
    /// What `# shellcheck disable=` says in shell text.
    disabled: Vec<Suppression>,
}

/// One comment that silences findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The ids as written; `all` for every one.
    pub ids: Vec<String>,
    /// Whose comment it is; ours where there is none.
    tool: Option<Tool>,
    /// Findings that begin in here are silenced.
    scope: Scope,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// The first day on which it no longer holds.
    pub expires: Option<Date>,
}

/// What a comment speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    File,
    Stage(Span),
    Instruction(Span),
}

/// Where one id is silenced, each place with the position of the comment that says so.
#[derive(Debug, Clone, Default)]
struct Places {
    file: Option<usize>,
    stages: Scopes,
    instructions: Scopes,
}

/// Spans by rising start, apart from each other or in each other.
#[derive(Debug, Clone, Default)]
struct Scopes(Vec<Scoped>);

#[derive(Debug, Clone, Copy)]
struct Scoped {
    span: Span,
    /// The position of the comment.
    at: usize,
    /// The position in the list of the nearest span that holds this one.
    outer: Option<usize>,
}

impl Scopes {
    fn add(&mut self, span: Span, at: usize) {
        // Comments come in the input's order, and so does what they speak for.
        if self.0.last().is_some_and(|last| last.span.start >= span.start) {
            return;
        }
        let mut outer = self.0.len().checked_sub(1);
        while let Some(position) = outer
            && !self.0[position].span.encloses(span)
        {
            outer = self.0[position].outer;
        }
        self.0.push(Scoped { span, at, outer });
    }

    fn find(&self, offset: u32) -> Option<usize> {
        let mut next = self.0.partition_point(|scoped| scoped.span.start <= offset).checked_sub(1);
        while let Some(scoped) = next.and_then(|position| self.0.get(position)) {
            // What is missing at the end of an instruction belongs to it.
            if offset <= scoped.span.end {
                return Some(scoped.at);
            }
            next = scoped.outer;
        }
        None
    }
}

/// A comment line, with what it may speak for.
#[derive(Debug, Clone, Copy)]
pub struct CommentLine<'a> {
    /// What stands behind the `#`.
    pub text: &'a str,
    /// The instruction right below (only comments between), or around the comment.
    pub instruction: Option<Span>,
    /// The build stage whose `FROM` that instruction is.
    pub stage: Option<Span>,
    /// Whether the line is a parser directive at the top of the file.
    pub directive: bool,
    /// Whether the line stands inside a continued instruction, where only our own comments count.
    pub inside: bool,
}

/// A calendar day, ordered as time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Suppressions {
    /// Reads the comments of one input, which come in its order, and leaves out those that no longer hold on the given
    /// day. Where no day is known, all hold.
    pub fn new<'a>(comments: impl IntoIterator<Item = CommentLine<'a>>, today: Option<Date>) -> Self {
        let expired = |suppression: &Suppression| matches!((suppression.expires, today), (Some(expires), Some(today)) if today >= expires);
        let list = comments.into_iter().filter_map(|comment| read(&comment)).filter(|found| !expired(found));
        let mut suppressions = Self { list: list.collect(), places: HashMap::new(), disabled: Vec::new() };
        for (at, suppression) in suppressions.list.iter().enumerate() {
            for id in &suppression.ids {
                let places = suppressions.places.entry((suppression.tool, canonical_id(id))).or_default();
                places.add(suppression.scope, at);
            }
        }
        suppressions
    }

    /// The first suppression that silences the finding, if any.
    pub fn find(&self, finding: &Finding) -> Option<&Suppression> {
        let disabled = || self.disabled.iter().find(|suppression| suppression.disables(finding));
        if self.list.is_empty() {
            return disabled();
        }
        const ALL: &str = "all";
        let at = |tool: Option<Tool>, id: &str| self.places.get(&(tool, canonical_id(id)))?.find(finding.span.start);
        let mut first = [at(None, finding.rule.id), at(None, ALL)].into_iter().flatten().min();
        for alias in finding.alias_names() {
            let peer = Some(commenter(alias));
            // "Everything" of a peer cannot have meant a secret's value, which the peer does not look for.
            let all = if finding.rule.category == Category::Secret { None } else { at(peer, ALL) };
            first = [first, at(None, alias), at(peer, alias), all].into_iter().flatten().min();
        }
        first.and_then(|at| self.list.get(at)).or_else(disabled)
    }

    /// Adds a comment of shell text, such as ` shellcheck disable=SC2086,SC2000-SC2100 # why`: `comment` is what stands
    /// behind the `#`, `scope` what it speaks for.
    ///
    /// ```
    /// use plimsoll_base::Span;
    /// use plimsoll_engine::Suppressions;
    ///
    /// let mut suppressions = Suppressions::default();
    /// assert!(suppressions.disable(" shellcheck disable=SC2086", Span::new(10, 20)));
    /// assert!(!suppressions.disable(" shellcheck source=/dev/null", Span::new(10, 20)));
    /// ```
    pub fn disable(&mut self, comment: &str, scope: Span) -> bool {
        let suppression = read_shellcheck(comment, scope);
        let found = suppression.is_some();
        self.disabled.extend(suppression);
        found
    }
}

impl Suppression {
    /// Whether a comment of ShellCheck's names one of the finding's codes, and the finding stands where it speaks.
    fn disables(&self, finding: &Finding) -> bool {
        let Scope::Instruction(span) = self.scope else { return false };
        let number = |code: &str| code.trim().trim_start_matches("SC").parse::<u16>().ok();
        let names = |code: u16| {
            self.ids.iter().any(|id| match id.split_once('-') {
                _ if id == "all" => true,
                Some((first, last)) => number(first) <= Some(code) && number(last) >= Some(code),
                None => number(id) == Some(code),
            })
        };
        let codes = finding.alias_names().filter(|alias| Tool::of(alias) == Tool::ShellCheck);
        (span.contains(finding.span.start) || span.end == finding.span.start) && codes.filter_map(number).any(names)
    }
}

/// Whose comments may name an alias: hadolint's name ShellCheck's ids too.
fn commenter(alias: &str) -> Tool {
    match Tool::of(alias) {
        Tool::ShellCheck => Tool::Hadolint,
        tool => tool,
    }
}

impl Places {
    fn add(&mut self, scope: Scope, at: usize) {
        match scope {
            Scope::File => drop(self.file.get_or_insert(at)),
            Scope::Stage(span) => self.stages.add(span, at),
            Scope::Instruction(span) => self.instructions.add(span, at),
        }
    }

    /// The position of the first comment that speaks for what begins at `offset`.
    fn find(&self, offset: u32) -> Option<usize> {
        [self.file, self.stages.find(offset), self.instructions.find(offset)].into_iter().flatten().min()
    }
}

fn read(comment: &CommentLine<'_>) -> Option<Suppression> {
    let text = comment.text.trim();
    let (word, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let is = |tool: &str| word.eq_ignore_ascii_case(tool);
    match word.len() {
        8 if is("plimsoll") => read_own(rest, comment),
        _ if comment.inside => None,
        8 if is("hadolint") => read_hadolint(rest, comment),
        5 if is("check") => read_check(rest, comment),
        5 if is("trivy") => read_trivy(rest, comment),
        7 if is("checkov") => read_checkov(rest),
        _ => None,
    }
}

/// `shellcheck disable=CODE,...`: codes with or without `SC`, ranges of them, or `all`.
fn read_shellcheck(comment: &str, scope: Span) -> Option<Suppression> {
    let rest = comment.trim_start().strip_prefix("shellcheck")?.strip_prefix([' ', '\t'])?;
    let (rest, reason) = rest.split_once('#').map_or((rest, None), |(rest, reason)| (rest, Some(reason.trim())));
    let codes = rest.split_whitespace().filter_map(|word| word.strip_prefix("disable=")).flat_map(|ids| ids.split(','));
    let ids: Vec<String> = codes.filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    let tool = Some(Tool::ShellCheck);
    (!ids.is_empty()).then_some(Suppression { ids, tool, scope: Scope::Instruction(scope), reason, expires: None })
}

/// `plimsoll [global|stage] ignore=ID,... [reason] [expires=YYYY-MM-DD]`
fn read_own(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let (scope, rest) = scope_word(rest, comment)?;
    let value = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?.trim_start();
    let (ids, mut tail) = take_ids(value)?;
    let mut expires = None;
    let mut reason: Vec<&str> = Vec::new();
    while let Some(word) = tail.split_whitespace().next() {
        match word.strip_prefix("expires=").map(Date::parse) {
            // A day that cannot be read must not silence for ever.
            Some(day) => expires = Some(day?),
            None => reason.push(word),
        }
        tail = tail.trim_start().get(word.len()..)?;
    }
    let reason = reason.join(" ");
    let reason = reason.trim_start_matches(['#', '-', ':', ';', ' ']).to_owned();
    Some(Suppression { ids, tool: None, scope, reason: Some(reason).filter(|reason| !reason.is_empty()), expires })
}

/// `hadolint [global|stage] ignore=ID,... [# reason]`: the whole comment, ids of DL and SC only.
fn read_hadolint(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let (scope, rest) = scope_word(rest, comment)?;
    let value = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?.trim_start();
    let (value, reason) = value.split_once('#').map_or((value, None), |(ids, reason)| (ids, Some(reason.trim())));
    let (ids, tail) = take_ids(value)?;
    let sound = tail.trim().is_empty() && ids.iter().all(|id| id.bytes().all(|byte| b"DLSC0123456789".contains(&byte)));
    let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    sound.then_some(Suppression { ids, tool: Some(Tool::Hadolint), scope, reason, expires: None })
}

/// `check=skip=ID,...|all[;...]` at the top of the file, or above an instruction with `// reason`.
fn read_check(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let (value, reason) = value.split_once("//").map_or((value, None), |(value, reason)| (value, Some(reason.trim())));
    let skip = value.split(';').find_map(|part| part.trim().strip_prefix("skip")?.trim_start().strip_prefix('='))?;
    let (ids, _) = take_ids(skip.trim_start())?;
    let scope = if comment.directive { Scope::File } else { Scope::Instruction(comment.instruction?) };
    let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    Some(Suppression { ids, tool: Some(Tool::BuildKit), scope, reason, expires: None })
}

/// `trivy:ignore:ID[:...]`, several in a line; `exp:YYYY-MM-DD` ends it.
fn read_trivy(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let mut ids = Vec::new();
    let mut expires = None;
    for word in format!("trivy{rest}").split_whitespace() {
        let mut parts = word.strip_prefix("trivy:ignore:")?.split(':');
        ids.push(parts.next().filter(|id| !id.is_empty())?.to_owned());
        while let Some(part) = parts.next() {
            if part == "exp" {
                expires = Some(Date::parse(parts.next()?)?);
            }
        }
    }
    Some(Suppression {
        ids,
        tool: Some(Tool::Trivy),
        scope: Scope::Instruction(comment.instruction?),
        reason: None,
        expires,
    })
}

/// `checkov:skip=ID[:reason]`: for the whole file.
fn read_checkov(rest: &str) -> Option<Suppression> {
    let value = rest.strip_prefix(":skip=")?.trim();
    let (ids, reason) = value.split_once(':').map_or((value, None), |(ids, reason)| (ids, Some(reason.trim())));
    let (ids, _) = take_ids(ids)?;
    Some(Suppression {
        ids,
        tool: Some(Tool::Checkov),
        scope: Scope::File,
        reason: reason.map(str::to_owned),
        expires: None,
    })
}

/// Reads `global` or `stage`, and what the comment then speaks for.
fn scope_word<'a>(rest: &'a str, comment: &CommentLine<'_>) -> Option<(Scope, &'a str)> {
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    if let Some(rest) = rest.strip_prefix("global").filter(|rest| rest.starts_with([' ', '\t'])) {
        return Some((Scope::File, rest.trim_start()));
    }
    if let Some(rest) = rest.strip_prefix("stage").filter(|rest| rest.starts_with([' ', '\t'])) {
        return Some((Scope::Stage(comment.stage?), rest.trim_start()));
    }
    // The line above a stage's `FROM` speaks for the `FROM` only, and a comment above nothing silences nothing.
    Some((Scope::Instruction(comment.instruction?), rest))
}

/// Reads `ID, ID,...` up to the first blank that no comma surrounds; gives the rest.
fn take_ids(text: &str) -> Option<(Vec<String>, &str)> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut ids = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|c: char| !is_id(c)).unwrap_or(rest.len());
        let (id, tail) = rest.split_at(end);
        if id.is_empty() {
            return None;
        }
        ids.push(id.to_owned());
        match tail.trim_start().strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None => return Some((ids, tail)),
        }
    }
}

impl Date {
    /// Reads `YYYY-MM-DD`.
    ///
    /// ```
    /// use plimsoll_engine::Date;
    /// assert_eq!(Date::parse("2027-02-01"), Some(Date { year: 2027, month: 2, day: 1 }));
    /// assert_eq!(Date::parse("2027-13-01"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            parts
                .next()
                .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?
                .parse::<u16>()
                .ok()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let sound = parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day);
        sound.then_some(Self { year, month: month as u8, day: day as u8 })
    }

    /// The day, in UTC, of a moment in seconds since 1970.
    ///
    /// ```
    /// use plimsoll_engine::Date;
    /// assert_eq!(Date::of_unix_time(951_782_400), Date { year: 2000, month: 2, day: 29 });
    /// ```
    pub fn of_unix_time(seconds: u64) -> Self {
        // Howard Hinnant's civil_from_days, for days since 1970 and years from 1970 on: eras of 400 years that begin
        // on the first of March, so that the leap day is an era's last.
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Self { year: year.min(9999) as u16, month: month as u8, day: day as u8 }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Confidence, Input, RuleMeta, Severity, Status};

    fn comment(text: &str) -> CommentLine<'_> {
        CommentLine { text, instruction: Some(Span::new(10, 20)), stage: None, directive: false, inside: false }
    }

    #[test]
    fn reads_every_syntax() {
        let ids = |text| read(&comment(text)).map(|suppression| suppression.ids.join(","));
        assert_eq!(ids(" hadolint ignore=DL3006 , DL3007 # why"), Some("DL3006,DL3007".into()));
        assert_eq!(ids(" hadolint ignore=DL3006 why"), None);
        assert_eq!(ids(" hadolint global ignore=SC2086"), Some("SC2086".into()));
        assert_eq!(ids(" hadolint stage ignore=SC2086"), None);
        assert_eq!(
            ids(" plimsoll ignore=no-sudo, DL3004 needed here expires=2030-01-01"),
            Some("no-sudo,DL3004".into())
        );
        assert_eq!(ids(" plimsoll ignore=no-sudo expires=soon"), None);
        assert_eq!(ids(" check=skip=JSONArgsRecommended // fine"), Some("JSONArgsRecommended".into()));
        assert_eq!(
            ids("trivy:ignore:AVD-DS-0002 trivy:ignore:DS-0026:exp:2030-01-01"),
            Some("AVD-DS-0002,DS-0026".into())
        );
        assert_eq!(ids("checkov:skip=CKV_DOCKER_2:no probe"), Some("CKV_DOCKER_2".into()));
        assert_eq!(ids(" an ordinary comment"), None);
    }

    #[test]
    fn reason_and_expiry() {
        let suppression = read(&comment("plimsoll ignore=a no way around expires=2030-01-02")).expect("a suppression");
        assert_eq!(suppression.reason.as_deref(), Some("no way around"));
        assert_eq!(suppression.expires.map(|day| day.to_string()).as_deref(), Some("2030-01-02"));
    }

    fn finding(span: Span) -> Finding {
        static RULE: RuleMeta = RuleMeta {
            id: "no-sudo",
            input: Input::Dockerfile,
            doc: "",
            category: Category::Security,
            severity: Severity::Info,
            confidence: Confidence::High,
            presets: &[],
            since: "0.1.0",
            status: Status::Stable,
            aliases: &["DL3004", "DS-0010", "4.1"],
            fixable: false,
        };
        Finding::new(&RULE, span, "x")
    }

    #[test]
    fn the_first_comment_that_holds_silences() {
        let comments = [
            ("plimsoll ignore=no-sudo too late expires=2026-01-01", None),
            ("hadolint ignore=DL3008,DL3004 # second", Some(Span::new(10, 20))),
            ("plimsoll ignore=DL3004 third", Some(Span::new(10, 20))),
            ("trivy:ignore:AVD-DS-0010", Some(Span::new(30, 40))),
            ("plimsoll ignore=check_4_1 by number", Some(Span::new(50, 60))),
            ("trivy:ignore:DL3004", Some(Span::new(70, 80))),
            ("plimsoll ignore=all above nothing", None),
            ("plimsoll global ignore=ALL late", Some(Span::new(90, 99))),
        ];
        let lines = |count| {
            let lines = comments.iter().take(count);
            lines.map(|&(text, instruction)| CommentLine { instruction, ..comment(text) })
        };
        let today = Date::parse("2026-06-01");
        let reason = |count, at| {
            let suppressions = Suppressions::new(lines(count), today);
            suppressions.find(&finding(Span::new(at, at + 1))).map(|found| found.reason.clone().unwrap_or_default())
        };
        for (at, expected) in [
            (0, None),
            (10, Some("second")),
            (20, Some("second")),
            (25, None),
            (30, Some("")),
            (50, Some("by number")),
            (75, None),
        ] {
            assert_eq!(reason(7, at).as_deref(), expected, "{at}");
            assert_eq!(reason(8, at).as_deref(), expected.or(Some("late")), "{at}");
        }
    }

    /// Looking through all comments for each finding would take minutes here.
    #[test]
    fn many_comments_and_findings_take_linear_time() {
        const MANY: u32 = 100_000;
        let spans = (0..MANY).map(|at| Span::new(at * 10, at * 10 + 5));
        let lines =
            spans.clone().map(|span| CommentLine { instruction: Some(span), ..comment("hadolint ignore=DL3004") });
        let suppressions = Suppressions::new(lines, None);
        assert!(spans.into_iter().all(|span| suppressions.find(&finding(span)).is_some()));
        assert!(suppressions.find(&finding(Span::new(7, 8))).is_none());
    }
}
