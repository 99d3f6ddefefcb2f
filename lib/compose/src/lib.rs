/*!
Compose files: each service as the facts of the container that it will be, and each fact with the place of the key that
says it.

```
use plimsoll_compose::Compose;

let text = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n";
let compose = Compose::parse(text).expect("YAML");
let web = &compose.services[0];
let host = web.container.host_config().expect("services have one");
assert_eq!(host.privileged.known("privileged"), Ok(&true));
assert_eq!(web.place("HostConfig.Privileged", None).expect("a place").text(text), "privileged");
```

Variables have the values of `.env`, else their defaults, else none: the environment of this process is not looked at. Other
files are asked for by their paths, and whoever asks for the reading hands their texts in. Nothing here reads files.
*/
#![deny(missing_docs)]

mod container;
mod environment;
mod fields;
mod files;
mod name;
mod ports;
mod service;
mod units;
mod volumes;
mod yaml;

pub use environment::Origin;
pub use files::{Reference, Surroundings, references};
pub use name::is_compose_name;
pub use service::{Compose, Service, Setting};
pub use yaml::{Comment, Duplicate, Node, NodeId, NodeKind, Yaml, YamlError};

/// Whether a text is a Compose file by what stands in it: YAML or JSON with a mapping `services` at its top.
///
/// ```
/// assert!(plimsoll_compose::is_compose("x-a: 1\nservices:\n  web: {image: nginx}\n"));
/// assert!(!plimsoll_compose::is_compose("FROM alpine\n") && !plimsoll_compose::is_compose("kind: Pod\n"));
/// ```
pub fn is_compose(text: &str) -> bool {
    // The word is looked for first: reading a text that is no YAML as YAML would be for nothing.
    text.contains("services") && Yaml::parse(text).is_ok_and(|yaml| yaml::has_services(&yaml))
}
