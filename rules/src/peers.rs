use crate::groups::GROUPS;
use Severity::{Error, Info, Style, Warning};
use plimsoll_engine::{PeerPreset, Peers, Preset, Severity};
use std::sync::LazyLock;

/// What the peers have on by default, and their lists of checks.
///
/// Default sets: which of their ids are on, and how loud.
///
/// hadolint: 2.15 (DL1001 and DL3057 are off there; DL3026, DL3049 and DL3050 speak only where they are configured).
/// BuildKit: its 22 checks, without severities of their own, one of them experimental and off. trivy: its 27 active
/// Dockerfile checks, CRITICAL and HIGH as error, MEDIUM as warning, LOW as info. dockle: 0.4's checkpoints, FATAL as
/// error, WARN as warning, INFO as info.
pub fn peers() -> Peers {
    static WITH_SHELLCHECK: LazyLock<Vec<(&str, Severity)>> =
        LazyLock::new(|| HADOLINT.iter().copied().chain(shellcheck()).collect());
    static PRESETS: LazyLock<[PeerPreset; 4]> = LazyLock::new(|| {
        [
            PeerPreset { preset: Preset::Hadolint, checks: &WITH_SHELLCHECK },
            PeerPreset { preset: Preset::Buildkit, checks: BUILDKIT },
            PeerPreset { preset: Preset::Trivy, checks: TRIVY },
            PeerPreset { preset: Preset::Dockle, checks: DOCKLE },
        ]
    });
    Peers { presets: &*PRESETS, groups: GROUPS }
}

/// ShellCheck's codes, which hadolint has on by default, with their levels.
fn shellcheck() -> impl Iterator<Item = (&'static str, Severity)> {
    #[cfg(feature = "shellcheck")]
    let rules = crate::shellcheck::rules();
    #[cfg(not(feature = "shellcheck"))]
    let rules = std::iter::empty::<&crate::Rule>();
    rules.flat_map(|rule| rule.meta.aliases.iter().map(|alias| (*alias, rule.meta.severity)))
}

const HADOLINT: &[(&str, Severity)] = &[
    ("DL1000", Error),
    ("DL3000", Error),
    ("DL3001", Info),
    ("DL3002", Warning),
    ("DL3003", Warning),
    ("DL3004", Error),
    ("DL3006", Warning),
    ("DL3007", Warning),
    ("DL3008", Warning),
    ("DL3009", Info),
    ("DL3010", Info),
    ("DL3011", Error),
    ("DL3012", Error),
    ("DL3013", Warning),
    ("DL3014", Warning),
    ("DL3015", Info),
    ("DL3016", Warning),
    ("DL3018", Warning),
    ("DL3019", Info),
    ("DL3020", Error),
    ("DL3021", Error),
    ("DL3022", Warning),
    ("DL3023", Error),
    ("DL3024", Error),
    ("DL3025", Warning),
    ("DL3026", Error),
    ("DL3027", Warning),
    ("DL3028", Warning),
    ("DL3029", Warning),
    ("DL3030", Warning),
    ("DL3032", Warning),
    ("DL3033", Warning),
    ("DL3034", Warning),
    ("DL3035", Warning),
    ("DL3036", Warning),
    ("DL3037", Warning),
    ("DL3038", Warning),
    ("DL3040", Warning),
    ("DL3041", Warning),
    ("DL3042", Warning),
    ("DL3043", Error),
    ("DL3044", Error),
    ("DL3045", Warning),
    ("DL3046", Warning),
    ("DL3047", Info),
    ("DL3048", Style),
    ("DL3049", Info),
    ("DL3050", Info),
    ("DL3051", Warning),
    ("DL3052", Warning),
    ("DL3053", Warning),
    ("DL3054", Warning),
    ("DL3055", Warning),
    ("DL3056", Warning),
    ("DL3058", Warning),
    ("DL3059", Info),
    ("DL3060", Info),
    ("DL3061", Error),
    ("DL3062", Warning),
    ("DL3063", Warning),
    ("DL3064", Warning),
    ("DL3065", Warning),
    ("DL3066", Info),
    ("DL3067", Warning),
    ("DL4000", Error),
    ("DL4001", Warning),
    ("DL4003", Warning),
    ("DL4004", Error),
    ("DL4005", Warning),
    ("DL4006", Warning),
    // ShellCheck's codes that rules of our own stand for; the others follow from their rules.
    ("SC1036", Error),
    ("SC1065", Error),
    ("SC1072", Error),
    ("SC1073", Error),
    ("SC1088", Error),
    ("SC1089", Error),
    ("SC2009", Info),
    ("SC2037", Error),
    ("SC2038", Warning),
    ("SC2050", Warning),
    ("SC2069", Warning),
    ("SC2074", Error),
    ("SC2114", Warning),
    ("SC2174", Warning),
    ("SC2185", Info),
    ("SC2188", Warning),
    ("SC2189", Error),
    ("SC2224", Warning),
    ("SC2225", Warning),
    ("SC2281", Error),
    ("SC2283", Error),
    ("SC3012", Warning),
    ("SC3015", Warning),
    ("SC3028", Warning),
];

const BUILDKIT: &[(&str, Severity)] = &[
    ("ConsistentInstructionCasing", Warning),
    ("CopyIgnoredFile", Warning),
    ("DuplicateStageName", Warning),
    ("ExposeInvalidFormat", Warning),
    ("ExposeProtoCasing", Warning),
    ("FromAsCasing", Warning),
    ("FromPlatformFlagConstDisallowed", Warning),
    ("InvalidBaseImagePlatform", Warning),
    ("InvalidDefaultArgInFrom", Warning),
    ("JSONArgsRecommended", Warning),
    ("LegacyKeyValueFormat", Warning),
    ("MaintainerDeprecated", Warning),
    ("MultipleInstructionsDisallowed", Warning),
    ("NoEmptyContinuation", Warning),
    ("RedundantTargetPlatform", Warning),
    ("ReservedStageName", Warning),
    ("SecretsUsedInArgOrEnv", Warning),
    ("StageNameCasing", Warning),
    ("UndefinedArgInFrom", Warning),
    ("UndefinedVar", Warning),
    ("WorkdirRelativePath", Warning),
];

const TRIVY: &[(&str, Severity)] = &[
    ("DS-0001", Warning),
    ("DS-0002", Error),
    ("DS-0004", Warning),
    ("DS-0005", Info),
    ("DS-0006", Error),
    ("DS-0007", Error),
    ("DS-0008", Error),
    ("DS-0009", Error),
    ("DS-0010", Error),
    ("DS-0011", Error),
    ("DS-0012", Error),
    ("DS-0013", Warning),
    ("DS-0014", Info),
    ("DS-0015", Error),
    ("DS-0016", Error),
    ("DS-0017", Error),
    ("DS-0019", Error),
    ("DS-0020", Error),
    ("DS-0021", Error),
    ("DS-0022", Error),
    ("DS-0023", Warning),
    ("DS-0025", Error),
    ("DS-0026", Info),
    ("DS-0027", Error),
    ("DS-0029", Error),
    ("DS-0030", Error),
    ("DS-0031", Error),
];

/// Its checkpoints but CIS-DI-0005, which looks at the scanning host for a trust service that is retired.
const DOCKLE: &[(&str, Severity)] = &[
    ("CIS-DI-0001", Warning),
    ("CIS-DI-0006", Info),
    ("CIS-DI-0007", Error),
    ("CIS-DI-0008", Info),
    ("CIS-DI-0009", Error),
    ("CIS-DI-0010", Error),
    ("DKL-DI-0001", Error),
    ("DKL-DI-0002", Error),
    ("DKL-DI-0003", Warning),
    ("DKL-DI-0004", Error),
    ("DKL-DI-0005", Error),
    ("DKL-DI-0006", Warning),
    ("DKL-LI-0001", Error),
    ("DKL-LI-0002", Error),
    ("DKL-LI-0003", Info),
];
