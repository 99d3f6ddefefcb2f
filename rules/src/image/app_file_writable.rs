use crate::image_cx::ImageCx;
use crate::support::image_files::unprivileged;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags an application whose own files the image's user may write: those under the working folder and beside the
    /// program or script that the image starts.
    ///
    /// ## Why is this bad?
    /// Whoever takes over the process can change the program and wait for the next start. Files owned by root that the
    /// user can only read and run stay as they were built.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { User = "1000", WorkingDir = "/srv", Cmd = ["/srv/app"] }
    /// step = [{ by = "COPY --chown=1000 app /srv/app", files = ["755 1000:1000 srv/app x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { User = "1000", WorkingDir = "/srv", Cmd = ["/srv/app"] }
    /// step = [{ by = "COPY app /srv/app", files = ["755 0:0 srv/app x"] }]
    /// ```
    ///
    /// ## Notes
    /// One finding for the image, at the first such file. Folders for data are no programs: only files that can be run
    /// or that are code by their name count.
    category: Security, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: check,
}

/// How files of code are named that need no permission to be run.
const CODE: [&[u8]; 14] = [
    b".js", b".mjs", b".cjs", b".ts", b".py", b".pyc", b".rb", b".php", b".pl", b".jar", b".class", b".war", b".so",
    b".dll",
];

fn check(cx: &mut ImageCx<'_>) {
    let (Some(user), Some(config)) = (unprivileged(cx), cx.config()) else { return };
    let working = config.working_dir.as_deref().unwrap_or_default().trim_matches('/');
    // Where what is started lies: the program, the script that an interpreter runs, the words of a shell's text.
    let words = config.entrypoint.iter().chain(&config.cmd).flat_map(|word| word.split_whitespace());
    let paths = words.filter(|word| word.starts_with('/') && cx.image.file(word).is_some());
    let started = paths.filter_map(|path| Some(path.trim_start_matches('/').rsplit_once('/')?.0));
    let system = ["", "bin", "usr/bin", "usr/local/bin", "sbin", "usr/sbin", "usr/local/sbin", "tmp"];
    let is_system =
        |folder: &&str| system.contains(folder) || ["etc", "dev", "proc", "sys", "var/run", "run"].contains(folder);
    let mut folders: Vec<&str> = std::iter::once(working).chain(started).filter(|folder| !is_system(folder)).collect();
    folders.sort_unstable();
    folders.dedup();
    if folders.is_empty() {
        return;
    }
    let mut count = 0;
    let mut first = None;
    for entry in cx.image.present() {
        let is_code = entry.mode() & 0o111 != 0 || CODE.iter().any(|end| entry.name().ends_with(end));
        if entry.kind() != Kind::File || !is_code || !user.may_write(entry) {
            continue;
        }
        let path = entry.path_bytes();
        let is_inside =
            |folder: &&str| path.strip_prefix(folder.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'/'));
        if folders.iter().any(is_inside) {
            count += 1;
            first.get_or_insert(entry);
        }
    }
    if let Some(entry) = first {
        let place = cx.at_entry(entry);
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        cx.report(place, format!("the image's user {} may write the application's own code{more}", user.id));
    }
}
