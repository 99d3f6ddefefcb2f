use crate::image_cx::ImageCx;
use crate::support::found_secrets::{describe, grade, is_expired};
use plimsoll_engine::Severity;
use plimsoll_image::Image;

image_rule! {
    /// ## What it does
    /// Flags secrets in the content of files, in every layer: also in those that a later layer deletes or replaces.
    ///
    /// ## Why is this bad?
    /// Everybody who may pull the image has every layer of it. Deleting a file in a later instruction only hides it. What
    /// was in an image that left the machine counts as known: replace it, and give it to builds with
    /// `RUN --mount=type=secret`.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "COPY .npmrc /root/"
    /// files = ["600 0:0 root/.npmrc token=%GITHUB_TOKEN%"]
    /// [[step]]
    /// by = "RUN npm install && rm /root/.npmrc"
    /// files = ["600 0:0 root/.wh..npmrc"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN --mount=type=secret,id=npmrc npm install", files = ["644 0:0 srv/app.js x"] }]
    /// ```
    ///
    /// ## Notes
    /// What is sure by its form or by a proof (a checksum, a token that decodes, a key that parses) is an error, what is
    /// likely a warning. Infos are examples from documentation, publicly known test keys and tokens whose time is over;
    /// files that are byte for byte what a package of the image brought, or that are over 512 KiB and stand where a
    /// package that came with the same layer has them; and in packages of npm, which keep no hashes of their files, what only a name near it tells.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10"],
    check: check,
}

/// Larger files are not compared with what their package says of them.
const COMPARED: u64 = 512 << 10;

fn check(cx: &mut ImageCx<'_>) {
    for (entry, found) in cx.image.secrets() {
        let is_packaged = entry.is_package_file();
        let is_package_path = entry.size() > COMPARED && entry.is_package_path();
        let mut place = cx.at_entry(entry);
        place.line = u32::try_from(found.line).ok();
        let mut message = describe(found, cx.today);
        if is_packaged {
            message.push_str("; a file as its package brings it");
        } else if is_package_path {
            message.push_str("; at a package's path, too large to compare");
        }
        let is_over = is_expired(found, cx.today);
        let is_of_npm =
            !is_packaged && !found.kind.is_told_by_form() && is_in_npm_package(cx.image, &entry.path_bytes());
        if is_of_npm {
            message.push_str("; in a package of npm");
        }
        let finding = cx.report(place, message);
        grade(finding, found);
        if is_packaged || is_package_path || is_over || is_of_npm {
            finding.severity(Severity::Info);
        }
    }
}

/// Whether a file is one that a package of npm brought: not what tools and people write below `node_modules`, and only
/// where the package says so itself.
fn is_in_npm_package(image: &Image, path: &[u8]) -> bool {
    let Ok(path) = std::str::from_utf8(path) else { return false };
    let Some((before, behind)) = path.rsplit_once("node_modules/") else { return false };
    let mut parts = behind.split('/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let package = if first.starts_with('@') { format!("{first}/{second}") } else { first.to_owned() };
    let is_hidden = behind.split('/').any(|part| part.starts_with('.'));
    !is_hidden && image.file(&format!("{before}node_modules/{package}/package.json")).is_some()
}
