//! Releases of engines and runtimes, and those with a published way out of containers.

/// The first three numbers of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Release {
    /// Reads `27.3.1`, `v1.7.18`, `20.10.24+dfsg1`, `1.1.12-0ubuntu1`; a version without a third number has 0 there.
    pub(crate) fn parse(version: &str) -> Option<Self> {
        let mut numbers = version.trim().trim_start_matches('v').split('.').map(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part[..digits].parse::<u32>().ok()
        });
        let (first, second) = (numbers.next()??, numbers.next()??);
        Some(Self(first, second, numbers.next().flatten().unwrap_or_default()))
    }
}

/// A way out of containers, and the releases that have it.
#[derive(Debug)]
pub(crate) struct Escape {
    part: &'static str,
    /// Its CVE number.
    pub(crate) id: &'static str,
    /// From the first release to before the second.
    ranges: &'static [(Release, Release)],
}

/// The ways out that a release has, of the `engine`, `containerd` or `runc`.
pub(crate) fn escapes(part: &str, release: Release) -> impl Iterator<Item = &'static Escape> {
    let has = move |escape: &&Escape| escape.ranges.iter().any(|(first, mended)| (*first..*mended).contains(&release));
    ESCAPES.iter().filter(move |escape| escape.part == part).filter(has)
}

const FIRST: Release = Release(0, 0, 0);

/// As of April 2026, from the records of the CVE programme and the advisories that they name. Pre-releases count as the
/// release that they lead to. Ways past authorization plugins matter only where one is in use.
static ESCAPES: [Escape; 6] = [
    Escape { part: "runc", id: "CVE-2019-5736", ranges: &[(FIRST, Release(1, 0, 0))] },
    Escape { part: "runc", id: "CVE-2024-21626", ranges: &[(FIRST, Release(1, 1, 12))] },
    Escape {
        part: "runc",
        id: "CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881",
        ranges: &[(FIRST, Release(1, 2, 8)), (Release(1, 3, 0), Release(1, 3, 3))],
    },
    Escape {
        part: "containerd",
        id: "CVE-2020-15257",
        ranges: &[(FIRST, Release(1, 3, 9)), (Release(1, 4, 0), Release(1, 4, 3))],
    },
    Escape {
        part: "engine",
        id: "CVE-2024-41110 (requests past authorization plugins)",
        ranges: &[
            (FIRST, Release(23, 0, 15)),
            (Release(24, 0, 0), Release(25, 0, 6)),
            (Release(26, 0, 0), Release(26, 1, 5)),
            (Release(27, 0, 0), Release(27, 1, 1)),
        ],
    },
    Escape {
        part: "engine",
        id: "CVE-2026-34040 (large requests past authorization plugins)",
        ranges: &[(FIRST, Release(29, 3, 1))],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(Release::parse("v1.7.18"), Some(Release(1, 7, 18)));
        assert_eq!(Release::parse("20.10.24+dfsg1"), Some(Release(20, 10, 24)));
        assert_eq!(Release::parse("1.1-rc"), Some(Release(1, 1, 0)));
        assert_eq!(Release::parse("library-import"), None);
        assert!(Release(9, 10, 0) < Release(10, 0, 0));
    }

    #[test]
    fn ranges_end_before_the_mended_release() {
        let ids = |part, release| escapes(part, release).map(|escape| escape.id).collect::<Vec<_>>();
        assert_eq!(ids("runc", Release(1, 3, 3)), Vec::<&str>::new());
        assert_eq!(ids("runc", Release(1, 2, 8)), Vec::<&str>::new());
        assert_eq!(ids("runc", Release(1, 3, 2)).len(), 1);
        assert_eq!(ids("engine", Release(29, 3, 1)), Vec::<&str>::new());
        assert_eq!(ids("engine", Release(27, 1, 1)).len(), 1);
        assert_eq!(ids("engine", Release(26, 1, 4)).len(), 2);
        assert_eq!(ids("kata", Release(1, 0, 0)), Vec::<&str>::new());
    }
}
