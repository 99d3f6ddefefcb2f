use crate::build_run::BuildCx;
use plimsoll_dockerfile::{Instruction, Kind};
use plimsoll_engine::Severity;
use plimsoll_image::Entry;
use std::collections::{BTreeMap, BTreeSet};

build_rule! {
    /// ## What it does
    /// Flags a `COPY` or `ADD` of a whole folder that brought files into the image which belong into `.dockerignore`: a
    /// repository's history, environment files, keys, Dockerfiles, editors' settings, installed modules.
    ///
    /// ## Why is this bad?
    /// Nobody meant to ship them. They make the image larger and the cache useless, and tell whoever has the image more
    /// than its service does.
    ///
    /// ## Example
    /// ```build,finding
    /// FROM node:22
    /// COPY . /srv
    /// ---
    /// [[step]]
    /// by = "COPY . /srv # buildkit"
    /// files = ["644 0:0 srv/app.js x", "644 0:0 srv/.env A=1", "755 0:0 srv/.git/", "644 0:0 srv/.git/HEAD x"]
    /// ```
    /// Use instead:
    /// ```build,clean
    /// FROM node:22
    /// COPY . /srv
    /// ---
    /// step = [{ by = "COPY . /srv # buildkit", files = ["644 0:0 srv/app.js x"] }]
    /// ```
    ///
    /// ## Notes
    /// Dockerfiles, caches of Python and the like alone are an info. Where the `.dockerignore` at hand leaves the file
    /// out, the image was built without it: the message says so.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

/// Names of what a build context has and an image should not: of files, and of folders with all that is in them.
const CLUTTER: &[&str] = &[
    ".git",
    ".svn",
    ".hg",
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    ".github",
    ".gitlab-ci.yml",
    ".env",
    ".dockerignore",
    "Dockerfile",
    "Containerfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
    ".idea",
    ".vscode",
    ".DS_Store",
    "Thumbs.db",
    ".terraform",
    "terraform.tfstate",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".venv",
    "id_rsa",
    "id_ed25519",
    "id_ecdsa",
    ".npmrc",
    ".netrc",
    ".aws",
];

/// Of these the ones that tell little: worth knowing, and no more.
const HARMLESS: &[&str] = &[
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    ".gitlab-ci.yml",
    ".dockerignore",
    "Dockerfile",
    "Containerfile",
    ".DS_Store",
    "Thumbs.db",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
];

fn check(cx: &mut BuildCx<'_>) {
    // For each instruction the clutter and whether the `.dockerignore` at hand leaves all of it out.
    let mut found: BTreeMap<u32, (&Instruction<'_>, BTreeSet<String>, bool)> = BTreeMap::new();
    let mut below: BTreeMap<usize, Option<(&Instruction<'_>, String)>> = BTreeMap::new();
    for entry in cx.image.entries() {
        let copied = below.entry(entry.layer()).or_insert_with(|| {
            let instruction = cx.instruction(entry.layer())?;
            Some((instruction, copied_whole(instruction)?))
        });
        let Some((instruction, destination)) = copied else { continue };
        let Some(name) = clutter(entry, destination) else { continue };
        let is_ignored = cx.ignore.is_some_and(|ignore| ignore.ignores(&name));
        let of = found.entry(instruction.span.start).or_insert_with(|| (instruction, BTreeSet::new(), true));
        of.1.insert(name);
        of.2 &= is_ignored;
    }
    for (instruction, names, is_ignored) in found.into_values() {
        const SHOWN: usize = 5;
        let mut list: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        if names.len() > SHOWN {
            list.push(format!("{} more", names.len() - SHOWN));
        }
        let advice = if is_ignored {
            "; the `.dockerignore` leaves it out: the image was built without that"
        } else {
            "; list it in `.dockerignore`"
        };
        let is_harmless = names.iter().all(|name| HARMLESS.iter().any(|harmless| name.ends_with(harmless)));
        let finding = cx.report(instruction.span, format!("brought {} into the image{advice}", list.join(", ")));
        if is_harmless {
            finding.severity(Severity::Info);
        }
    }
}

/// Where an instruction copies the whole context, or a whole folder of it, to: without `/` around it, empty for the root
/// and for where that depends on the working directory. `None` for what else it copies.
fn copied_whole(instruction: &Instruction<'_>) -> Option<String> {
    let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else { return None };
    if instruction.flag("from").is_some() {
        return None;
    }
    let is_whole = |source: &str| matches!(source, "." | "./" | "*" | "./*" | "/");
    transfer.sources.iter().any(|source| is_whole(source.unquoted())).then_some(())?;
    let destination = transfer.destination.as_ref()?.unquoted();
    let is_fixed = destination.starts_with('/') && !destination.contains('$');
    Some(if is_fixed { destination.trim_matches('/').to_owned() } else { String::new() })
}

/// The path from the destination to the clutter that an entry is, or lies in.
fn clutter(entry: Entry<'_>, destination: &str) -> Option<String> {
    let path = entry.path();
    let inner = match destination {
        "" => path.as_str(),
        _ => path.strip_prefix(destination)?.strip_prefix('/')?,
    };
    let mut end = 0;
    for part in inner.split('/') {
        end += part.len();
        // What packages bring along is their own matter.
        if matches!(part, "node_modules" | "site-packages" | "vendor") {
            return None;
        }
        if CLUTTER.contains(&part) {
            let start = if destination.is_empty() { inner[..end].len() - part.len() } else { 0 };
            return Some(inner[start..end].to_owned());
        }
        end += 1;
    }
    None
}
