use crate::{Category, Finding};
use plimsoll_base::Span;

/// The suppressions that the comments of one input ask for.
///
/// Every syntax that users already have is read: `# plimsoll ignore=…`, `# hadolint ignore=…` (also `global` and
/// `stage`), `# check=skip=…`, `# trivy:ignore:…`, `# checkov:skip=…`. A peer's comment silences only what carries
/// that peer's id.
#[derive(Debug, Clone, Default)]
pub struct Suppressions {
    list: Vec<Suppression>,
}

/// One comment that silences findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The ids as written; `all` for every one.
    pub ids: Vec<String>,
    /// Whose ids they are.
    family: Family,
    /// Findings that begin in here are silenced.
    pub scope: Span,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// The first day on which it no longer holds.
    pub expires: Option<Date>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Plimsoll,
    Hadolint,
    Buildkit,
    Trivy,
    Checkov,
}

impl Suppressions {
    /// Reads the comments of one input.
    pub fn new<'a>(comments: impl IntoIterator<Item = CommentLine<'a>>) -> Self {
        Self { list: comments.into_iter().filter_map(|comment| read(&comment)).collect() }
    }

    /// The suppression that silences the finding on the given day, if any. Where an expiry is given and no day is
    /// known, the suppression holds.
    pub fn find(&self, finding: &Finding, today: Option<Date>) -> Option<&Suppression> {
        self.list.iter().find(|suppression| suppression.silences(finding, today))
    }

    /// All of them, in the comments' order.
    pub fn iter(&self) -> impl Iterator<Item = &Suppression> {
        self.list.iter()
    }
}

impl Suppression {
    fn silences(&self, finding: &Finding, today: Option<Date>) -> bool {
        let expired = matches!((self.expires, today), (Some(expires), Some(today)) if today >= expires);
        let here = self.scope.contains(finding.span.start) || self.scope.end == finding.span.start;
        if expired || !here {
            return false;
        }
        self.ids.iter().any(|id| {
            if id.eq_ignore_ascii_case("all") {
                // "Everything" of a peer cannot have meant a secret's value, which the peer does not look for.
                return match self.family {
                    Family::Plimsoll => true,
                    family => {
                        finding.rule.category != Category::Secret
                            && finding.alias_names().any(|alias| family.owns(alias))
                    }
                };
            }
            let own = self.family == Family::Plimsoll && finding.rule.id.eq_ignore_ascii_case(id);
            own || finding.alias_names().any(|alias| self.family.owns(alias) && same_id(alias, id))
        })
    }
}

impl Family {
    fn owns(self, alias: &str) -> bool {
        match self {
            Self::Plimsoll => true,
            Self::Hadolint => {
                alias.starts_with("DL") || alias.starts_with("SC") && alias[2..].bytes().all(|b| b.is_ascii_digit())
            }
            Self::Buildkit => {
                alias.starts_with(|first: char| first.is_ascii_uppercase())
                    && alias.bytes().all(|b| b.is_ascii_alphabetic())
            }
            Self::Trivy => alias.starts_with("DS-"),
            Self::Checkov => alias.starts_with("CKV"),
        }
    }
}

/// Ids compare without case; trivy's are written `DS-0005`, `DS005`, `AVD-DS-0005`.
fn same_id(alias: &str, written: &str) -> bool {
    let number = |id: &str| {
        let id = id.to_ascii_uppercase();
        let id = id
            .strip_prefix("AVD-")
            .unwrap_or(&id)
            .strip_prefix("DS")
            .map(|rest| rest.trim_start_matches('-').to_owned());
        id.and_then(|digits| digits.parse::<u32>().ok())
    };
    alias.eq_ignore_ascii_case(written)
        || alias.starts_with("DS-") && number(alias).is_some() && number(alias) == number(written)
}

fn read(comment: &CommentLine<'_>) -> Option<Suppression> {
    let text = comment.text.trim();
    let (word, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()));
    match word.to_ascii_lowercase().as_str() {
        "plimsoll" => read_own(rest, comment),
        _ if comment.inside => None,
        "hadolint" => read_hadolint(rest, comment),
        "check" => read_check(rest, comment),
        "trivy" => read_trivy(rest, comment),
        "checkov" => read_checkov(rest),
        _ => None,
    }
}

/// The whole file: for comments that speak for all of it.
const FILE: Span = Span { start: 0, end: u32::MAX };

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
    Some(Suppression {
        ids,
        family: Family::Plimsoll,
        scope,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        expires,
    })
}

/// `hadolint [global|stage] ignore=ID,... [# reason]`: the whole comment, ids of DL and SC only.
fn read_hadolint(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let (scope, rest) = scope_word(rest, comment)?;
    let value = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?.trim_start();
    let (value, reason) = value.split_once('#').map_or((value, None), |(ids, reason)| (ids, Some(reason.trim())));
    let (ids, tail) = take_ids(value)?;
    let sound = tail.trim().is_empty() && ids.iter().all(|id| id.bytes().all(|byte| b"DLSC0123456789".contains(&byte)));
    let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    sound.then_some(Suppression { ids, family: Family::Hadolint, scope, reason, expires: None })
}

/// `check=skip=ID,...|all[;...]` at the top of the file, or above an instruction with `// reason`.
fn read_check(rest: &str, comment: &CommentLine<'_>) -> Option<Suppression> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let (value, reason) = value.split_once("//").map_or((value, None), |(value, reason)| (value, Some(reason.trim())));
    let skip = value.split(';').find_map(|part| part.trim().strip_prefix("skip")?.trim_start().strip_prefix('='))?;
    let (ids, _) = take_ids(skip.trim_start())?;
    let scope = if comment.directive { FILE } else { comment.instruction? };
    let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    Some(Suppression { ids, family: Family::Buildkit, scope, reason, expires: None })
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
    Some(Suppression { ids, family: Family::Trivy, scope: comment.instruction?, reason: None, expires })
}

/// `checkov:skip=ID[:reason]`: for the whole file.
fn read_checkov(rest: &str) -> Option<Suppression> {
    let value = rest.strip_prefix(":skip=")?.trim();
    let (ids, reason) = value.split_once(':').map_or((value, None), |(ids, reason)| (ids, Some(reason.trim())));
    let (ids, _) = take_ids(ids)?;
    Some(Suppression { ids, family: Family::Checkov, scope: FILE, reason: reason.map(str::to_owned), expires: None })
}

/// Reads `global` or `stage`, and what the comment then speaks for.
fn scope_word<'a>(rest: &'a str, comment: &CommentLine<'_>) -> Option<(Span, &'a str)> {
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    if let Some(rest) = rest.strip_prefix("global").filter(|rest| rest.starts_with([' ', '\t'])) {
        return Some((FILE, rest.trim_start()));
    }
    if let Some(rest) = rest.strip_prefix("stage").filter(|rest| rest.starts_with([' ', '\t'])) {
        return Some((comment.stage?, rest.trim_start()));
    }
    // A comment above nothing silences nothing; the line above a stage's `FROM` speaks for the `FROM` only.
    Some((comment.instruction.unwrap_or_default(), rest))
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
}
