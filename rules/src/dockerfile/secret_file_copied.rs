use crate::prelude::*;
use crate::support::secret_names::POINTERS;

rule! {
    /// ## What it does
    /// Flags files with credentials that `COPY` or `ADD` takes into the image: private keys, `.netrc`, `.npmrc`,
    /// `.pypirc`, `.git-credentials`, `.aws/credentials`, `.docker/config.json`, `.env` and the like; and files copied
    /// to where `GOOGLE_APPLICATION_CREDENTIALS`, `AWS_CONFIG_FILE` or `HF_TOKEN_PATH` point.
    ///
    /// ## Why is this bad?
    /// A copied file stays in its layer, even where a later `RUN` deletes it: everyone who can pull the image, or who
    /// gets at the build cache of an earlier stage, can read it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// COPY .npmrc package.json ./
    /// RUN npm ci && rm .npmrc
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// COPY package.json ./
    /// RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
    /// ```
    /// and `docker build --secret id=npmrc,src=.npmrc`. For git over SSH there is `RUN --mount=type=ssh`. What the
    /// container needs when it runs is mounted then.
    ///
    /// ## Notes
    /// `.npmrc`, `.env` and similar files may hold settings and nothing else: they are shown as info.
    category: Secret, severity: Warning, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0031", "CIS-DI-0010", "4.10"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    for instruction in stage.instructions {
        let instruction = match &instruction.kind {
            Kind::OnBuild(Some(inner)) => inner,
            _ => instruction,
        };
        if let Kind::Copy(transfer) | Kind::Add(transfer) = &instruction.kind {
            by_name(cx, stage, transfer);
        }
    }
    if stage.last {
        by_variable(cx, stage);
    }
}

fn by_name(cx: &mut Cx<'_>, stage: &StageFact<'_>, transfer: &Transfer<'_>) {
    for source in &transfer.sources {
        let severity = match kind_of(source.unquoted()) {
            None => continue,
            // What stays in an earlier stage is not in the image, but in the build cache.
            Some(_) if !stage.last => Severity::Info,
            Some(Kinds::Credentials) => Severity::Warning,
            Some(Kinds::Settings) => Severity::Info,
        };
        let name = base_name(source.unquoted());
        let finding = cx.report(source.span, format!("`{name}` copied; use `RUN --mount=type=secret`"));
        finding.without_aliases(&["DS-0031"]).severity(severity);
    }
}

/// Files copied to where a variable points.
fn by_variable<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let copies = || {
        stage.of(Keyword::Copy).filter_map(|copy| match &copy.kind {
            Kind::Copy(copy) => copy.destination.as_ref().map(|destination| (copy, destination)),
            _ => None,
        })
    };
    for (copy, destination) in copies() {
        let pointer = destination.unquoted().trim_start_matches('$');
        if copy.sources.len() == 1 && POINTERS.contains(&pointer) {
            cx.report(destination.span, format!("file with credentials copied to `${pointer}`"));
        }
    }
    for pointer in POINTERS {
        let Some((name, value)) = last_value(stage, pointer) else { continue };
        let path = plain_path(value.unquoted());
        if let Some((_, destination)) = copies().find(|(_, to)| path.starts_with(plain_path(to.unquoted()))) {
            let finding = cx.report(value.span, format!("file with credentials of `{}` copied", name.unquoted()));
            finding.related(destination.span, "copied here");
        }
    }
}

/// The last value, not empty, that `ENV` or `ARG` gives a variable in the stage.
fn last_value<'c>(stage: &StageFact<'c>, name: &str) -> Option<(&'c Word<'c>, &'c Word<'c>)> {
    let mut pairs = stage.instructions.iter().rev().flat_map(|instruction| {
        let (pairs, declarations): (&[Pair<'_>], &[Declaration<'_>]) = match &instruction.kind {
            Kind::Env(pairs) => (pairs, &[]),
            Kind::Arg(declarations) => (&[], declarations),
            _ => (&[], &[]),
        };
        let defaults = declarations.iter().filter_map(|it| it.default.as_ref().map(|default| (&it.name, default)));
        pairs.iter().map(|pair| (&pair.key, &pair.value)).chain(defaults)
    });
    pairs.find(|(key, value)| key.unquoted() == name && !value.unquoted().is_empty())
}

/// A path without a dot and a slash before it and a slash behind it: what a relative and an absolute one share.
fn plain_path(path: &str) -> &str {
    let path = path.strip_prefix('.').unwrap_or(path);
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path)
}

/// What a file of a known name holds.
enum Kinds {
    Credentials,
    /// Settings, among which credentials may be.
    Settings,
}

fn kind_of(path: &str) -> Option<Kinds> {
    let name = base_name(path);
    let folder = path.strip_suffix(name).map_or("", |folder| folder.trim_end_matches('/'));
    let within = |parent: &str| folder == parent || folder.ends_with(&format!("/{parent}"));
    match name {
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | ".netrc" | "_netrc" | ".pypirc" | ".git-credentials"
        | ".dockercfg" | ".pgpass" | ".my.cnf" | ".htpasswd" | "terraform.tfstate" => return Some(Kinds::Credentials),
        ".npmrc" | ".env" | ".env.local" | ".env.production" | ".yarnrc" | "auth.json" => return Some(Kinds::Settings),
        "credentials" if within(".aws") => return Some(Kinds::Credentials),
        "config.json" if within(".docker") => return Some(Kinds::Credentials),
        "config" if within(".kube") => return Some(Kinds::Credentials),
        "master.key" if within("config") => return Some(Kinds::Credentials),
        _ => {}
    }
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.')?;
    let private = stem.contains("priv") || stem == "key" || stem.ends_with("-key") || stem.ends_with("_key");
    match extension {
        "key" if private || matches!(stem, "server" | "client" | "tls" | "ssl" | "localhost") => {
            Some(Kinds::Credentials)
        }
        "pem" if private && !stem.contains("pub") => Some(Kinds::Credentials),
        "pfx" | "p12" | "ppk" => Some(Kinds::Credentials),
        "json" if stem.starts_with("service-account") || stem.starts_with("service_account") => {
            Some(Kinds::Credentials)
        }
        _ => None,
    }
}

fn base_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
