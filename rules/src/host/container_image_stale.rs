use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that run another image than the one that their image's name means now.
    ///
    /// ## Why is this bad?
    /// The name was pulled or built anew, and the container still has the holes of the old one.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "Image": "sha256:aa", "Config": {"Image": "nginx:1"}}],
    ///   "images.json": [{"Id": "sha256:bb", "RepoTags": ["nginx:1"]}] }
    /// ```
    /// Use instead:
    /// ```json,manual
    /// { "containers.json": [{"Name": "/web", "Image": "sha256:bb", "Config": {"Image": "nginx:1"}}],
    ///   "images.json": [{"Id": "sha256:bb", "RepoTags": ["nginx:1"]}] }
    /// ```
    ///
    /// ## Remediation
    /// Pull the image, and start the container anew.
    ///
    /// ## Notes
    /// Whether the registry has a newer image only a person with access to it can say: the check is then manual, with
    /// the image and its age.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.28", "CIS-1.1.0-5.27"],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let name = container.config()?.image.known("Config.Image")?;
    let id = container.image.known("Image")?;
    let images = cx.facts.images.known("images")?;
    let tagged = if name.contains(':') { name.clone() } else { format!("{name}:latest") };
    let Some(image) = cx.facts.image_by_tag(&tagged).and_then(|at| images.get(at)) else {
        cx.facts.whole("images.json")?;
        return Ok(Verdict::manual(format!("runs {name}, a name that no image here has now")));
    };
    let now = image.id.known("Id")?;
    let created = image.created.value().map_or("", String::as_str);
    Ok(if now == id {
        Verdict::manual(format!("runs {name}, made {created}: is it the newest?"))
    } else {
        Verdict::fail(format!("runs {id}; {name} means {now} now, made {created}"))
    })
}
