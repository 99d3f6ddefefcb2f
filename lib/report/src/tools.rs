//! Which tool an alias belongs to: each of them has its own form of ids.

/// The tools whose ids are aliases, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    Hadolint,
    BuildKit,
    Trivy,
    Checkov,
    Dockle,
    CisBenchmark,
    ShellCheck,
}

impl Tool {
    pub(crate) const ALL: [Self; 7] = [
        Self::Hadolint,
        Self::BuildKit,
        Self::Trivy,
        Self::Checkov,
        Self::Dockle,
        Self::CisBenchmark,
        Self::ShellCheck,
    ];

    /// The tool's name as it writes it itself.
    pub(crate) const fn name(self) -> &'static str {
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
    pub(crate) fn of(alias: &str) -> Self {
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

/// The aliases of each tool that has any.
pub(crate) fn grouped<'a>(aliases: &'a [&'a str]) -> impl Iterator<Item = (Tool, Vec<&'a str>)> {
    Tool::ALL.into_iter().filter_map(|tool| {
        let of_tool: Vec<&str> = aliases.iter().copied().filter(|alias| Tool::of(alias) == tool).collect();
        (!of_tool.is_empty()).then_some((tool, of_tool))
    })
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
}
