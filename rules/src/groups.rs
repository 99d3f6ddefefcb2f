//! Named lists of checks on hosts, by their numbers in the CIS Docker Benchmark 1.6.
//!
//! Sections and the implementation groups of the CIS Controls are those of docker-bench-security (functions_lib.sh, read
//! in its commit 05b53fe1), without its 2.19, which is no check of it. Levels: that file's lists of level 1 and the level
//! tags of steampipe-mod-docker-compliance (cis_v160) agree on sections 1, 3 and 7; in section 2 docker-bench's list still has
//! the numbers of an older benchmark, so there the levels are those of the older benchmark's checks (dev-sec's
//! cis-docker-benchmark), under their numbers of today.

use plimsoll_engine::{CheckGroup, Preset};

/// Every list; names as docker-bench has them, for `-c` there and `--select` here.
pub(crate) static GROUPS: &[CheckGroup] = &[
    CheckGroup { name: "host_configuration", preset: None, checks: &["1.*"] },
    CheckGroup { name: "linux_hosts_specific_configuration", preset: None, checks: &["1.1.*"] },
    CheckGroup { name: "host_general_configuration", preset: None, checks: &["1.2.*"] },
    CheckGroup { name: "docker_daemon_configuration", preset: None, checks: &["2.*"] },
    CheckGroup { name: "docker_daemon_files", preset: None, checks: &["3.*"] },
    CheckGroup { name: "container_images", preset: None, checks: &["4.*"] },
    CheckGroup { name: "container_runtime", preset: None, checks: &["5.*"] },
    CheckGroup { name: "docker_security_operations", preset: None, checks: &["6.*"] },
    CheckGroup { name: "docker_swarm_configuration", preset: None, checks: &["7.*"] },
    CheckGroup { name: "docker_enterprise_configuration", preset: None, checks: &["8.*"] },
    CheckGroup { name: "community_checks", preset: None, checks: &["C.*"] },
    CheckGroup { name: "community", preset: None, checks: &["C.*"] },
    CheckGroup { name: "cis_level1", preset: Some(Preset::Cis1), checks: LEVEL_1 },
    CheckGroup { name: "cis_level2", preset: Some(Preset::Cis2), checks: LEVEL_2 },
    CheckGroup { name: "cis_controls_v8_ig1", preset: Some(Preset::CisIg1), checks: IG_1 },
    CheckGroup { name: "cis_controls_v8_ig2", preset: Some(Preset::CisIg2), checks: IG_2 },
    CheckGroup { name: "cis_controls_v8_ig3", preset: Some(Preset::CisIg3), checks: IG_3 },
];

/// What does not get in the way.
const LEVEL_1: &[&str] = &[
    "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.2.1", "1.2.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6",
    "2.7", "2.8", "2.14", "2.15", "2.16", "2.18", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9",
    "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.23", "3.24", "4.1", "4.2", "4.3", "4.4", "4.6", "4.7",
    "4.9", "4.10", "4.12", "5.1", "5.2", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "5.10", "5.11", "5.12", "5.13",
    "5.14", "5.15", "5.16", "5.17", "5.18", "5.19", "5.20", "5.21", "5.22", "5.25", "5.26", "5.27", "5.28", "5.29",
    "5.31", "5.32", "6.1", "6.2", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9",
];

/// Level 1, and what is for where security matters more than convenience.
const LEVEL_2: &[&str] = &[
    "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.1.9", "1.1.10", "1.1.11", "1.1.12",
    "1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18", "1.2.1", "1.2.2", "2.1", "2.2", "2.3", "2.4", "2.5",
    "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12", "2.13", "2.14", "2.15", "2.16", "2.17", "2.18", "3.1", "3.2",
    "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.17",
    "3.18", "3.19", "3.20", "3.21", "3.22", "3.23", "3.24", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8",
    "4.9", "4.10", "4.11", "4.12", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "5.10", "5.11",
    "5.12", "5.13", "5.14", "5.15", "5.16", "5.17", "5.18", "5.19", "5.20", "5.21", "5.22", "5.23", "5.24", "5.25",
    "5.26", "5.27", "5.28", "5.29", "5.30", "5.31", "5.32", "6.1", "6.2", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6",
    "7.7", "7.8", "7.9",
];

/// Implementation group 1: small organisations.
const IG_1: &[&str] = &[
    "1.1.2", "1.1.3", "2.1", "2.14", "2.15", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10",
    "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.17", "3.18", "3.19", "3.20", "3.21", "3.22", "3.23", "3.24",
    "4.8", "4.11", "5.5", "5.14", "5.18", "5.22", "5.23", "5.24", "5.25", "5.26", "5.32", "7.2", "7.6", "7.7", "7.8",
];

/// Implementation group 2: those with several departments.
const IG_2: &[&str] = &[
    "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.1.9", "1.1.10", "1.1.11", "1.1.12",
    "1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18", "1.2.1", "1.2.2", "2.1", "2.2", "2.3", "2.4", "2.5",
    "2.8", "2.9", "2.12", "2.14", "2.15", "2.16", "2.17", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8",
    "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.17", "3.18", "3.19", "3.20", "3.21", "3.22",
    "3.23", "3.24", "4.2", "4.3", "4.4", "4.7", "4.8", "4.9", "4.11", "5.1", "5.2", "5.3", "5.4", "5.5", "5.7", "5.10",
    "5.11", "5.12", "5.14", "5.16", "5.17", "5.18", "5.19", "5.21", "5.22", "5.23", "5.24", "5.25", "5.26", "5.27",
    "5.30", "5.31", "5.32", "6.1", "6.2", "7.2", "7.3", "7.5", "7.6", "7.7", "7.8", "7.9",
];

/// Implementation group 3: those that security experts guard.
const IG_3: &[&str] = &[
    "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.1.9", "1.1.10", "1.1.11", "1.1.12",
    "1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18", "1.2.1", "1.2.2", "2.1", "2.2", "2.3", "2.4", "2.5",
    "2.8", "2.9", "2.12", "2.14", "2.15", "2.16", "2.17", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8",
    "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.17", "3.18", "3.19", "3.20", "3.21", "3.22",
    "3.23", "3.24", "4.2", "4.3", "4.4", "4.6", "4.7", "4.8", "4.9", "4.11", "4.12", "5.1", "5.2", "5.3", "5.4", "5.5",
    "5.7", "5.8", "5.9", "5.10", "5.11", "5.12", "5.14", "5.16", "5.17", "5.18", "5.19", "5.21", "5.22", "5.23",
    "5.24", "5.25", "5.26", "5.27", "5.30", "5.31", "5.32", "6.1", "6.2", "7.2", "7.3", "7.5", "7.6", "7.7", "7.8",
    "7.9",
];
