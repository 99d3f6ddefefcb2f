//! What stands on the command line, parsed and nothing more.

use clap::builder::ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use plimsoll::engine::{Date, FailLevel, Preset};
use plimsoll::image::{Limits, Platform};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// A fast linter for Dockerfiles.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) lint: LintFlags,
}

const EXIT_CODES: &str = "Without a command, `plimsoll lint .` is run.

Exit codes: 0 nothing at or above the fail level, 1 something, 2 an input, a configuration or an argument could not be used.";

const IMAGE_HELP: &str = "Archives may be compressed with gzip or zstd. Of a folder without a layout the archives in it \
are scanned. What is no path is exported from the engine at DOCKER_HOST, else at its usual sockets.

Nothing is unpacked, and nothing written but the cache: what is known of layers, by the hash of their content, without \
secrets. A file that did not change is not read again; with CI=true it is at least hashed. Standard input and compressed \
archives are read in one go, all layers one after the other, needed or not, and not from the cache.";

const BUILD_HELP: &str = "The history of the image is laid beside the stages of the Dockerfile. What the base image \
brought stands on its FROM; what has no instruction stays listed under the image. Comments in the Dockerfile silence \
what stands on its lines.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lint Dockerfiles and Compose files: files, folders, globs, or - for standard input
    #[command(after_help = "Without a path, the current folder is linted.")]
    Lint {
        /// Files, folders (searched), globs, or - for standard input
        #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        flags: LintFlags,
    },
    /// Scan saved images: docker save, OCI layouts, docker export, bare layers
    #[command(after_help = IMAGE_HELP)]
    Image {
        /// Archives, folders with a layout or with archives, names of images in the local engine, or - for standard input
        #[arg(value_name = "PATH|NAME", required = true, value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        flags: Box<ImageFlags>,
    },
    /// Scan an image and place what is found on the lines of its Dockerfile, which is linted too
    #[command(after_help = BUILD_HELP)]
    Build {
        /// The Dockerfile, or - for standard input
        #[arg(value_name = "DOCKERFILE", value_hint = ValueHint::FilePath)]
        dockerfile: PathBuf,
        /// The image that was built from it: an archive, a folder with a layout, a name in the local engine, or -
        #[arg(value_name = "IMAGE", value_hint = ValueHint::AnyPath)]
        image: PathBuf,
        #[command(flatten)]
        flags: Box<ImageFlags>,
    },
    /// Audit a host: its engine, daemon, files, containers and swarm
    #[command(args_conflicts_with_subcommands = true)]
    Host {
        #[command(subcommand)]
        command: Option<HostCommand>,
        #[command(flatten)]
        flags: Box<HostFlags>,
    },
    /// Explain a rule: what it does, why, examples, its ids elsewhere
    Explain {
        /// A rule id, or the id of the same check in another tool
        rule: String,
        /// When to use colours
        #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
        color: Color,
    },
    /// List every rule
    Rules {
        /// How
        #[arg(long, value_enum, default_value_t)]
        format: RulesFormat,
    },
    /// Write a plimsoll.toml into the current folder
    Init {
        /// Take over the configuration of another tool
        #[arg(long, value_enum)]
        from: Option<InitFrom>,
    },
    /// Show which configuration a file gets, and why each rule is on or off
    ShowSettings {
        /// The file; it need not exist
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        #[command(flatten)]
        flags: SettingsFlags,
    },
    /// Write a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Write the manual page, in roff
    Man,
}

/// What says which rules apply and how loud they are.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules and configuration")]
pub(crate) struct SettingsFlags {
    /// The rules to start from: recommended, security, cis, cis-1, cis-2, cis-ig1, cis-ig2, cis-ig3,
    /// hadolint, buildkit, trivy, dockle or all
    #[arg(long, value_name = "PRESET")]
    pub(crate) preset: Option<Preset>,
    /// Use these rules instead of the preset's: ids, ids of other tools, or globs such as 'DL*'
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    pub(crate) select: Option<Vec<String>>,
    /// Use these rules besides the preset's
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    pub(crate) extend_select: Option<Vec<String>>,
    /// Leave these rules out; wins over the others
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    pub(crate) ignore: Option<Vec<String>>,
    /// Exit with 1 from this severity on: error, warning, info, style or never [default: warning]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_level: Option<FailLevel>,
    /// Use this configuration file, a plimsoll.toml or a .hadolint.yaml, for every input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration and no ignore file
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
    /// Leave out files and folders that match, as in .gitignore
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Option<Vec<String>>,
    /// Leave out the checks of shell code (ShellCheck's)
    #[arg(long)]
    pub(crate) no_shell: bool,
    /// The time by which expiry dates are judged, in UTC: 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970
    /// [default: SOURCE_DATE_EPOCH, else now]
    #[arg(long, value_name = "TIME", value_parser = ValueParser::new(parse_day))]
    pub(crate) now: Option<Date>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LintFlags {
    /// How many files to check at once [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = ValueParser::new(parse_jobs))]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// The name of standard input in reports, and where its configuration is looked for
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: SettingsFlags,

    /// Mend what can be mended without changing what the build does
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix: bool,
    /// Mend also what a person should look at afterwards
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix_unsafe: bool,
    /// Show what --fix (or --fix-unsafe, where given) would change, and change nothing
    #[arg(long, help_heading = "Fixes")]
    pub(crate) diff: bool,

    #[command(flatten)]
    pub(crate) reports: OutputFlags,
}

/// Where reports go, and what they look like.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputFlags {
    /// How to report: text, json, sarif or github, with =FILE into a file; may be given several times [default: text]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = ValueParser::new(parse_format))]
    pub(crate) format: Vec<Output>,
    /// Write the report that would go to standard output into this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Print findings and errors, but no notes and no summary
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Count the findings of each rule
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Exit with 0 whatever was found; what could not be checked still gives 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// How `plimsoll image` reads.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ImageFlags {
    /// Only images for this platform, such as linux/arm64 [default: all]
    #[arg(long, value_name = "OS/ARCH", value_parser = ValueParser::new(parse_platform))]
    pub(crate) platform: Option<Platform>,
    /// Do not compare contents with the digests that refer to them
    #[arg(long)]
    pub(crate) no_verify: bool,
    /// How many layers to read at once [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = ValueParser::new(parse_jobs))]
    pub(crate) jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) cache: CacheFlags,
    #[command(flatten)]
    pub(crate) limits: LimitFlags,
    #[command(flatten)]
    pub(crate) settings: SettingsFlags,
    #[command(flatten)]
    pub(crate) reports: OutputFlags,
}

/// Where it is kept what layers hold, for the next scan.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cache")]
pub(crate) struct CacheFlags {
    /// Keep what is known of layers in this folder, which only you may enter [default: plimsoll in the user's cache folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Use what is kept, and keep nothing more
    #[arg(long, conflicts_with = "no_cache")]
    pub(crate) cache_readonly: bool,
    /// Use nothing that is kept, and keep nothing
    #[arg(long, conflicts_with = "cache_dir")]
    pub(crate) no_cache: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum HostCommand {
    /// Write what an audit needs into a folder, secrets masked; reads only
    Collect {
        /// The folder: a new one, or an empty one
        #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        output: PathBuf,
        #[command(flatten)]
        live: LiveFlags,
    },
    /// Count the answers of many reports by check, and name the hosts that differ
    #[command(after_help = "Of several reports of one host the latest counts.")]
    Merge {
        /// Reports that `plimsoll host --format json` wrote
        #[arg(value_name = "REPORT.json", required = true, value_hint = ValueHint::FilePath)]
        reports: Vec<PathBuf>,
        /// Exit with 1 from this severity on: error, warning, info, style or never
        #[arg(long, value_name = "LEVEL", default_value = "warning")]
        fail_level: FailLevel,
        #[command(flatten)]
        output: OutputFlags,
    },
}

/// How the host at hand is asked.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LiveFlags {
    /// Where the host's root is mounted, when this runs in a container
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// How many seconds one request to the engine may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) timeout: u64,
}

/// What `plimsoll host` audits.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct HostFlags {
    /// Audit what `plimsoll host collect` wrote into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) live: LiveFlags,
    /// Write what can be done about the failures into this folder, a new one or an empty one: files to apply, and
    /// plan.md, which explains them; the host is not touched
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) fix_plan: Option<PathBuf>,
    /// Look at these containers only: names, images or labels, with * and ?
    #[arg(long, value_name = "GLOB")]
    pub(crate) container: Vec<String>,
    /// Leave these containers out
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude_container: Vec<String>,
    /// Look at these images only: names, ids or labels, with * and ?
    #[arg(long, value_name = "GLOB")]
    pub(crate) image: Vec<String>,
    /// Leave these images out
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude_image: Vec<String>,
    /// Scan what is in the images, as `plimsoll image` does; the engine exports each
    #[arg(long, conflicts_with = "from")]
    pub(crate) scan_images: bool,
    /// Exit with 1 also where a check could not be answered
    #[arg(long)]
    pub(crate) fail_on_unknown: bool,
    #[command(flatten)]
    pub(crate) settings: SettingsFlags,
    #[command(flatten)]
    pub(crate) reports: OutputFlags,
}

/// How much of an image is accepted.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Limits")]
#[allow(clippy::struct_field_names, reason = "the flags are named so")]
pub(crate) struct LimitFlags {
    /// Entries of all layers of an input together [default: 2000000]
    #[arg(long, value_name = "N")]
    max_entries: Option<u64>,
    /// Bytes of one layer after decompression [default: 64 GiB]
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    /// How many times larger than its compressed form a layer may be [default: 200]
    #[arg(long, value_name = "N")]
    max_ratio: Option<u64>,
    /// Bytes of one entry's extended headers [default: 1 MiB]
    #[arg(long, value_name = "BYTES")]
    max_header: Option<u64>,
    /// Bytes of one JSON document [default: 4 MiB]
    #[arg(long, value_name = "BYTES")]
    max_json: Option<u64>,
    /// How deep indexes may nest [default: 8]
    #[arg(long, value_name = "N")]
    max_depth: Option<u64>,
    /// The window of zstd data, which is kept in memory [default: 8 MiB]
    #[arg(long, value_name = "BYTES")]
    max_zstd_window: Option<u64>,
}

impl LimitFlags {
    pub(crate) fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            entries: self.max_entries.unwrap_or(default.entries),
            bytes: self.max_bytes.unwrap_or(default.bytes),
            ratio: self.max_ratio.unwrap_or(default.ratio),
            header: self.max_header.unwrap_or(default.header),
            json: self.max_json.unwrap_or(default.json),
            depth: self.max_depth.unwrap_or(default.depth),
            zstd_window: self.max_zstd_window.unwrap_or(default.zstd_window),
        }
    }
}

/// One report: its format, and its file where it does not go to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    #[default]
    Text,
    Json,
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InitFrom {
    Hadolint,
    Dockle,
    Trivy,
}

fn parse_platform(text: &str) -> Result<Platform, String> {
    Platform::parse(text).ok_or_else(|| format!("`{text}` is no platform: write os/architecture, as in linux/arm64"))
}

fn parse_format(word: &str) -> Result<Output, String> {
    let (name, file) = word.split_once('=').map_or((word, None), |(name, file)| (name, Some(file)));
    let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
    let Ok(format) = Format::from_str(name, false) else {
        return Err(match plimsoll::base::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("unknown format `{name}`, did you mean `{near}`?"),
            None => format!("unknown format `{name}`; there are {}", names.join(", ")),
        });
    };
    match file {
        Some("") => Err("a file name must follow the `=`".to_owned()),
        file => Ok(Output { format, file: file.map(PathBuf::from) }),
    }
}

fn parse_jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "not a whole number from 1 on".to_owned())
}

/// Reads a day in UTC: as a date, a time of RFC 3339 that ends in `Z`, or seconds since 1970.
pub(crate) fn parse_day(text: &str) -> Result<Date, String> {
    let day = match text.parse::<u64>() {
        Ok(seconds) => Some(Date::of_unix_time(seconds)),
        Err(_) => match text.split_once(['T', 't', ' ']) {
            None => Date::parse(text),
            Some((day, time)) => Date::parse(day).filter(|_| is_time(time)),
        },
    };
    day.ok_or_else(|| format!("`{text}` is no time: write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970"))
}

/// Whether a text is `HH:MM:SSZ`, the seconds with or without a fraction.
fn is_time(text: &str) -> bool {
    let Some(time) = text.strip_suffix(['Z', 'z']) else { return false };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let number = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
    let parts: Vec<Option<u8>> = time.split(':').map(number).collect();
    let sound = matches!(parts[..], [Some(0..24), Some(0..60), Some(0..=60)]);
    sound && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times() {
        for text in ["2027-01-31", "2027-01-31T23:59:60Z", "2027-01-31t00:00:00.5z", "1801353600"] {
            assert_eq!(parse_day(text), Ok(Date { year: 2027, month: 1, day: 31 }), "{text}");
        }
        for text in
            ["", "soon", "2027-13-01", "2027-01-31T24:00:00Z", "2027-01-31T00:00:00", "2027-01-31T00:00:00+02:00", "-1"]
        {
            assert!(parse_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn formats() {
        assert_eq!(parse_format("json=a=b"), Ok(Output { format: Format::Json, file: Some("a=b".into()) }));
        assert_eq!(parse_format("text"), Ok(Output { format: Format::Text, file: None }));
        assert_eq!(parse_format("jsn"), Err("unknown format `jsn`, did you mean `json`?".to_owned()));
        assert!(parse_format("json=").is_err());
    }
}
