//! The host at hand: asks it, and writes what it tells as a bundle.

use crate::Exit;
use crate::args::LiveFlags;
use crate::folder::{create, write_new};
use crate::names::shown;
use crate::output::{print_error, print_note};
use plimsoll::host::{Bundle, Unread};
use plimsoll::report::printable;
use std::path::Path;

/// `plimsoll host collect`.
pub(crate) fn write_bundle(folder: &Path, flags: &LiveFlags) -> Exit {
    let write = |bundle: Bundle| {
        create(folder)?;
        bundle.files.iter().try_for_each(|(name, text)| write_new(folder, name, text))?;
        Ok(bundle)
    };
    match collect(flags).and_then(write) {
        Ok(bundle) => {
            print_note(&printable(&format!("{}: {}", shown(folder), told(&bundle))));
            Exit::Clean
        }
        Err(message) => {
            print_error(&printable(&message));
            Exit::Trouble
        }
    }
}

/// How much was read, and what could not be.
fn told(bundle: &Bundle) -> String {
    let (facts, _) = plimsoll::host::Facts::read(bundle);
    let why = |(file, unread): (&String, &Unread)| match unread {
        // What a host does not have is no lack.
        Unread::Row { why, .. } | Unread::Word(why) if why == "absent" => None,
        Unread::Row { why, detail } if detail.is_empty() => Some(format!("{file} ({why})")),
        Unread::Row { detail, .. } => Some(format!("{file} ({detail})")),
        Unread::Word(why) => Some(format!("{file} ({why})")),
    };
    let unread: Vec<String> = facts.meta.unread.iter().filter_map(why).collect();
    let files = format!("{} files, secrets masked", bundle.files.len());
    if unread.is_empty() { files } else { format!("{files}; could not be read: {}", unread.join(", ")) }
}

/// Asks the host at hand; secrets are masked.
#[cfg(all(feature = "live", unix))]
pub(crate) fn collect(flags: &LiveFlags) -> Result<Bundle, String> {
    use plimsoll::host::live::{Request, collect};
    use std::time::Duration;

    let root = flags.root.clone().unwrap_or_else(|| "/".into());
    if !root.is_dir() {
        return Err(format!("--root: {} is no folder", shown(&root)));
    }
    let request = Request {
        endpoints: endpoints(&root)?,
        root,
        timeout: Duration::from_secs(flags.timeout.max(1)),
        time: plimsoll::engine::Date::of_unix_time(seconds()).to_string() + &time_of_day(seconds()),
    };
    let mut bundle = collect(&request);
    plimsoll::mask_bundle(&mut bundle);
    Ok(bundle)
}

/// The bytes of an image as the engine that a bundle is of exports it, read-only: a `docker save` archive as it comes.
#[cfg(all(feature = "live", unix))]
pub(crate) fn export(bundle: &Bundle, image: &str, flags: &LiveFlags) -> Result<Box<dyn std::io::Read>, String> {
    use plimsoll::host::live::export;

    /// How many times as long as another answer an export may keep us waiting: the engine packs all layers first.
    const PATIENCE: u64 = 30;
    let (facts, _) = plimsoll::host::Facts::read(bundle);
    let address = facts.meta.engine.ok_or("no engine answered")?;
    let root = flags.root.clone().unwrap_or_else(|| "/".into());
    let endpoint = endpoints(&root)?.into_iter().find(|endpoint| endpoint.to_string() == address);
    let endpoint = endpoint.ok_or("the engine is gone")?;
    let timeout = std::time::Duration::from_secs(flags.timeout.max(1).saturating_mul(PATIENCE));
    let stream = export(&endpoint, image, timeout).map_err(|error| error.to_string())?;
    Ok(Box::new(stream))
}

#[cfg(not(all(feature = "live", unix)))]
pub(crate) fn export(_: &Bundle, _: &str, _: &LiveFlags) -> Result<Box<dyn std::io::Read>, String> {
    Err("this program was built without the feature `live`".to_owned())
}

#[cfg(not(all(feature = "live", unix)))]
pub(crate) fn collect(_: &LiveFlags) -> Result<Bundle, String> {
    Err("this program was built without the feature `live`: give the folder of a bundle with --from DIR".to_owned())
}

/// Where engines listen: what the user names with `DOCKER_HOST`, else the usual places, docker before podman, the
/// system's before the user's own.
#[cfg(all(feature = "live", unix))]
pub(crate) fn endpoints(root: &Path) -> Result<Vec<plimsoll::host::live::Endpoint>, String> {
    use plimsoll::host::live::Endpoint;

    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(address) = variable("DOCKER_HOST") {
        let secured = variable("DOCKER_TLS_VERIFY").is_some() && address.starts_with("tcp://");
        let endpoint = if secured { tls(&address) } else { Endpoint::parse(&address) };
        let endpoint = endpoint.map_err(|error| format!("DOCKER_HOST: {error}"))?;
        return Ok(vec![endpoint]);
    }
    let mut places = vec![root.join("run/docker.sock"), root.join("var/run/docker.sock")];
    if root == Path::new("/") {
        let runtime = variable("XDG_RUNTIME_DIR").map(std::path::PathBuf::from);
        places.extend(runtime.iter().map(|folder| folder.join("docker.sock")));
        places.push("/run/podman/podman.sock".into());
        places.extend(runtime.iter().map(|folder| folder.join("podman/podman.sock")));
        places.extend(variable("HOME").map(|home| Path::new(&home).join(".docker/run/docker.sock")));
    }
    Ok(places.into_iter().map(Endpoint::Unix).collect())
}

/// An engine behind TLS, with the certificates in the folder that `DOCKER_CERT_PATH` names, else those of the user.
#[cfg(all(feature = "tls", unix))]
fn tls(address: &str) -> Result<plimsoll::host::live::Endpoint, String> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(std::path::PathBuf::from);
    let folder = variable("DOCKER_CERT_PATH").or_else(|| Some(variable("HOME")?.join(".docker")));
    let folder = folder.ok_or("no folder of certificates: DOCKER_CERT_PATH is not set")?;
    plimsoll::host::live::Tls::new(address, &folder).map(plimsoll::host::live::Endpoint::Tls)
}

#[cfg(all(feature = "live", not(feature = "tls"), unix))]
fn tls(_: &str) -> Result<plimsoll::host::live::Endpoint, String> {
    Err("this program was built without the feature `tls`: run `plimsoll host collect` on the engine's host".to_owned())
}

#[cfg(all(feature = "live", unix))]
fn seconds() -> u64 {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|epoch| epoch.parse().ok());
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    epoch.unwrap_or_else(now)
}

#[cfg(all(feature = "live", unix))]
fn time_of_day(seconds: u64) -> String {
    format!("T{:02}:{:02}:{:02}Z", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}
