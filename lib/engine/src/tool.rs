/// The tools whose ids are aliases, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the tool of its name")]
pub enum Tool {
    Hadolint,
    BuildKit,
    Trivy,
    Checkov,
    Dockle,
    /// The CIS Docker Benchmark, whose numbers docker-bench-security uses too.
    CisBenchmark,
    ShellCheck,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Hadolint,
        Self::BuildKit,
        Self::Trivy,
        Self::Checkov,
        Self::Dockle,
        Self::CisBenchmark,
        Self::ShellCheck,
    ];

    /// The tool's name as it writes it itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hadolint => "hadolint",
            Self::BuildKit => "BuildKit",
            Self::Trivy => "trivy",
            Self::Checkov => "checkov",
            Self::Dockle => "dockle",
            Self::CisBenchmark => "CIS Docker Benchmark, docker-bench-security",
            Self::ShellCheck => "ShellCheck",
        }
    }

    /// The tool that an alias belongs to. BuildKit's ids are plain words, so what no other tool claims is BuildKit's.
    pub fn of(alias: &str) -> Self {
        let numbered = |prefix: &str| {
            alias.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        };
        if numbered("DL") {
            Self::Hadolint
        } else if numbered("SC") {
            Self::ShellCheck
        } else if numbered("DS-") {
            Self::Trivy
        } else if alias.starts_with("CKV") {
            Self::Checkov
        } else if alias.starts_with("CIS-DI-") || alias.starts_with("DKL-") {
            Self::Dockle
        } else if numbered("") {
            Self::CisBenchmark
        } else {
            Self::BuildKit
        }
    }
}

/// An id in the one form in which ids are compared: lower case, without blanks around it, docker-bench-security's
/// `check_5_1` as `5.1`, and trivy's older `AVD-DS-0002` and `DS002` as `ds-0002`.
///
/// ```
/// use plimsoll_engine::canonical_id;
/// assert_eq!(canonical_id("DL3008"), "dl3008");
/// assert_eq!(canonical_id("check_5_1"), "5.1");
/// assert_eq!(canonical_id("AVD-DS-0002"), canonical_id("DS002"));
/// ```
pub fn canonical_id(id: &str) -> String {
    let id = id.trim().to_ascii_lowercase();
    if let Some(number) = id.strip_prefix("check_") {
        return number.replace('_', ".");
    }
    let check = id.strip_prefix("avd-").unwrap_or(&id).strip_prefix("ds").map(|rest| rest.trim_start_matches('-'));
    let number = check.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    match number.and_then(|digits| digits.parse::<u16>().ok()) {
        Some(number) => format!("ds-{number:04}"),
        None => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_its_tool() {
        let aliases = [
            ("DL3020", Tool::Hadolint),
            ("JSONArgsRecommended", Tool::BuildKit),
            ("DS-0005", Tool::Trivy),
            ("CKV_DOCKER_4", Tool::Checkov),
            ("CKV2_DOCKER_1", Tool::Checkov),
            ("CIS-DI-0009", Tool::Dockle),
            ("DKL-LI-0001", Tool::Dockle),
            ("4.9", Tool::CisBenchmark),
            ("SC2086", Tool::ShellCheck),
            // A word that begins as another tool's ids do.
            ("SCRATCH", Tool::BuildKit),
        ];
        for (alias, tool) in aliases {
            assert_eq!(Tool::of(alias), tool, "{alias}");
        }
    }

    #[test]
    fn ids_compare_in_one_form() {
        for (id, canonical) in [
            (" DL3008 ", "dl3008"),
            ("check_4_10", "4.10"),
            ("DS-0002", "ds-0002"),
            ("ds002", "ds-0002"),
            ("AVD-DS-0026", "ds-0026"),
            // Words that only look like it.
            ("DS-", "ds-"),
            ("DS-abc", "ds-abc"),
            ("DS-+2", "ds-+2"),
            ("AVD-AWS-0001", "avd-aws-0001"),
        ] {
            assert_eq!(canonical_id(id), canonical, "{id}");
        }
    }
}
