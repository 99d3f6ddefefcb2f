use super::ShellFinding;
use crate::Dialect;

impl Dialect {
    /// Whether the shell understands what the finding says that a POSIX `sh` may not. `text` is the text that was
    /// checked.
    pub fn understands(self, finding: &ShellFinding, text: &str) -> bool {
        let words = || finding.span.text(text);
        match (self, finding.code) {
            // All that ShellCheck says of undefined behaviour in `sh`, and of its kin from before it had numbers of
            // their own.
            (Self::Bash, 3000..4000 | 2039 | 2112 | 2113) => true,
            // Tests with `-k` and `-O`.
            (Self::Dash | Self::Ash, 3065 | 3067) => true,
            // `pipefail`, `set -E`, `local`.
            (Self::Ash, code) if FINE_IN_ASH.contains(&code) => true,
            (Self::Dash | Self::Ash, 3040 | 3041 | 3043) => true,
            // `echo -n`, but not `echo -e`.
            (Self::Dash, 3037) => words().trim_start_matches('-').bytes().all(|flag| flag == b'n'),
            // `read -p` and `ulimit`, but not `read -t`.
            (Self::Dash | Self::Ash, 3045) => {
                let before = text.get(..finding.span.start as usize).unwrap_or_default();
                let command = before.rsplit([';', '&', '|', '\n', '(', '{']).next().unwrap_or_default();
                let name = command.split_whitespace().next().unwrap_or_default();
                name == "ulimit" || name == "read" && words().bytes().all(|flag| b"-rp".contains(&flag))
            }
            _ => false,
        }
    }
}

/// What busybox's `ash` understands beyond `dash`: `$'…'`, `[[`, `==` in tests, `&>`, `echo -e`, `source`, signals with
/// `SIG`, `${x:1:2}`, `${x/a/b}`.
const FINE_IN_ASH: [u16; 10] = [3003, 3010, 3014, 3020, 3036, 3037, 3046, 3048, 3057, 3060];
