//! Paths of the host as text: nothing is looked up.

/// A path without `.`, `..`, doubled and final slashes.
///
/// ```
/// assert_eq!(plimsoll_host::paths::normal("/var//run/../lib/"), "/var/lib");
/// assert_eq!(plimsoll_host::paths::normal("/../.."), "/");
/// ```
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

/// Whether a path is a folder or something in it. Both are to be [`normal`].
///
/// ```
/// use plimsoll_host::paths::is_in;
/// assert!(is_in("/etc/passwd", "/etc") && is_in("/etc", "/etc") && is_in("/etc", "/"));
/// assert!(!is_in("/etc2", "/etc"));
/// ```
pub fn is_in(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
