use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_engine::{Confidence, Severity};
use plimsoll_image::{Entry, Kind};

image_rule! {
    /// ## What it does
    /// Flags files that hold credentials by their name and place, in any layer: keys of SSH and GPG, logins of
    /// registries, clouds, databases and package managers, `.env` files, key stores, Terraform's state.
    ///
    /// ## Why is this bad?
    /// They came along with a `COPY .` or were left from the build, and everybody who has the image has them. List
    /// them in `.dockerignore`, and give builds what they need with `RUN --mount=type=secret`.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY . /srv", files = ["600 0:0 srv/.aws/credentials x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY . /srv", files = ["600 0:0 srv/.env.example x"] }]
    /// ```
    ///
    /// ## Notes
    /// A file in which a secret was found by its content is reported by `secret-in-layer` and not here. Empty files,
    /// examples (`.env.example`, `*.sample`) and files that the image's package database lists are left alone. Names that
    /// may as well stand for something harmless (`prod.env`, `*.tfvars`, `credentials.json`) are an info.
    category: Secret, severity: Warning, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0010", "4.10"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.entries() {
        // Hard links have no size of their own, and their target is looked at itself.
        if entry.kind() != Kind::File || entry.size() == 0 {
            continue;
        }
        let Some(what) = what(entry) else { continue };
        // What packages bring is in everybody's hands already.
        if entry.secrets().next().is_some() || entry.is_package_path() {
            continue;
        }
        let place = cx.at_entry(entry);
        let finding = cx.report(place, format!("{} by its name", what.name));
        finding.only_aliases(|alias| alias != "CIS-DI-0010" || what.dockle);
        if !what.sure {
            finding.severity(Severity::Info).confidence(Confidence::Low);
        }
    }
}

struct What {
    name: &'static str,
    /// Whether such a file is never anything else.
    sure: bool,
    /// Whether dockle knows the name.
    dockle: bool,
}

fn what(entry: Entry<'_>) -> Option<What> {
    let name = entry.name();
    let sure = |name, dockle| Some(What { name, sure: true, dockle });
    let likely = |name, dockle| Some(What { name, sure: false, dockle });
    match name {
        b"id_rsa" | b"id_dsa" | b"id_ecdsa" | b"id_ed25519" | b"id_ecdsa_sk" | b"id_ed25519_sk" => {
            return sure("an SSH private key", true);
        }
        b".git-credentials" => return sure("a login of git", true),
        b".netrc" | b"_netrc" => return sure("logins for many hosts", false),
        b".pgpass" | b".my.cnf" | b".mylogin.cnf" => return sure("a login of a database", false),
        b".htpasswd" => return sure("passwords of a web server", false),
        b"credentials.json" | b"client_secret.json" => {
            return likely("credentials of a cloud", name == b"credentials.json");
        }
        b"secret_token.rb" | b"master.key" | b"wp-config.php" | b"LocalSettings.php" => {
            return likely("a framework's secrets", name == b"secret_token.rb");
        }
        b"terraform.tfstate" | b"terraform.tfstate.backup" => {
            return likely("Terraform's values, secrets among them", false);
        }
        b".env" | b".env.local" | b".env.production" | b".env.prod" | b".env.staging" => {
            return if is_example(entry) { None } else { sure("an environment file", name == b".env") };
        }
        b".dockercfg" => return sure("logins of registries", false),
        b".s3cfg" | b"rclone.conf" => return sure("a login of a storage", false),
        b".vault-token" => return sure("a login of Vault", false),
        b".npmrc" | b".yarnrc.yml" | b".pypirc" | b"pip.conf" => {
            // Most of these only name a registry; tokens in them are found by their content.
            return None;
        }
        b"kubeconfig" => return sure("a login of a Kubernetes cluster", false),
        b"password.txt" | b"passwords.txt" => return likely("passwords", true),
        _ => {}
    }
    let ends = |end: &[u8]| name.len() > end.len() && name.ends_with(end);
    if ends(b".ovpn") || ends(b".kdbx") || ends(b".kdb") || ends(b".agilekeychain") || ends(b".keychain") {
        return sure("a key store", true);
    }
    if (ends(b".jks") || ends(b".keystore") || ends(b".p12") || ends(b".pfx")) && !is_trust_store(entry) {
        return likely("a key store", ends(b".jks"));
    }
    if ends(b".ppk") {
        return sure("an SSH private key", false);
    }
    if ends(b".keytab") {
        return sure("keys of Kerberos", false);
    }
    if (ends(b".tfvars") || ends(b".tfvars.json")) && !is_example(entry) {
        return likely("Terraform's values, secrets among them", false);
    }
    if is_environment(name) && !is_example(entry) {
        return likely("an environment file", false);
    }
    // Names that say something only in their folder.
    if matches!(
        name,
        b"credentials"
            | b"config"
            | b"config.json"
            | b"secring.gpg"
            | b"hosts.yml"
            | b"accessTokens.json"
            | b"application_default_credentials.json"
            | b"credentials.db"
            | b"auth.json"
            | b"credentials.toml"
            | b"credentials.tfrc.json"
            | b"msal_token_cache.json"
            | b"msal_token_cache.bin"
            | b"admin.conf"
            | b"super-admin.conf"
    ) || name.ends_with(b".key")
    {
        let path = entry.path_bytes();
        let below = |folder: &[u8]| is_below(&path, folder);
        return match name {
            b"credentials" if below(b".aws") => sure("a login of AWS", false),
            b"auth.json" if below(b"containers") => sure("logins of registries", false),
            b"auth.json" if below(b".composer") || below(b"composer") && below(b".config") => {
                sure("a login of a package registry", false)
            }
            b"credentials" if below(b".gem") || below(b".cargo") => sure("a login of a package registry", false),
            b"credentials.toml" if below(b".cargo") => sure("a login of a package registry", false),
            b"credentials.tfrc.json" if below(b".terraform.d") => sure("a login of Terraform Cloud", false),
            b"msal_token_cache.json" | b"msal_token_cache.bin" if below(b".azure") => sure("a login of Azure", false),
            b"admin.conf" | b"super-admin.conf" if path == [&b"etc/kubernetes/"[..], name].concat() => {
                sure("a login of a Kubernetes cluster", false)
            }
            b"config" if below(b".kube") => sure("a login of a Kubernetes cluster", false),
            b"config.json" if below(b".docker") => sure("logins of registries", false),
            b"secring.gpg" => sure("a GPG private key", false),
            b"hosts.yml" if below(b"gh") && below(b".config") => sure("a login of GitHub", false),
            b"accessTokens.json" if below(b".azure") => sure("a login of Azure", false),
            b"application_default_credentials.json" | b"credentials.db" if below(b"gcloud") => {
                sure("a login of Google Cloud", false)
            }
            _ if below(b"private-keys-v1.d") && below(b".gnupg") => sure("a GPG private key", false),
            _ => None,
        };
    }
    None
}

/// `.env.development`, `prod.env`: many of these hold no secret.
fn is_environment(name: &[u8]) -> bool {
    const NO_VALUES: [&[u8]; 7] = [b"example", b"sample", b"template", b"dist", b"tmpl", b"md", b"js"];
    let is_plain = |part: &[u8]| !NO_VALUES.contains(&part);
    if let Some(stage) = name.strip_prefix(b".env.") {
        return stage.split(|&byte| byte == b'.').all(is_plain);
    }
    let before = name.strip_suffix(b".env").filter(|before| !before.is_empty());
    before.is_some_and(|before| before.split(|&byte| matches!(byte, b'.' | b'-' | b'_')).all(is_plain))
}

/// Whether the file lies among the examples or tests of something installed.
fn is_example(entry: Entry<'_>) -> bool {
    let path = entry.path_bytes();
    [&b"examples"[..], b"example", b"test", b"tests", b"testdata", b"fixtures", b"node_modules", b"site-packages"]
        .into_iter()
        .any(|folder| is_below(&path, folder))
}

/// Whether a key store holds certificates of others, as Java's and the distributions' do.
fn is_trust_store(entry: Entry<'_>) -> bool {
    let path = entry.path_bytes();
    let folders: [&[u8]; 3] = [b"cacerts", b"java", b"jvm"];
    entry.name().starts_with(b"cacerts")
        || entry.name().starts_with(b"truststore")
        || folders.into_iter().any(|folder| is_below(&path, folder))
        || is_example(entry)
}
