/*!
Facts about a container host: the engine, its daemon, containers, images, networks, and the files around them.

Facts come from a [`Bundle`], the files that a host was asked for. Each is known, absent or denied with the reason
([`Fact`]), so that what could not be read is never taken for a value; a field of the engine's answers that has another
type than it should spoils only what depends on it ([`Field`]).

```
use plimsoll_host::{Bundle, Facts};

let mut bundle = Bundle::default();
bundle.files.insert("containers.json".into(), r#"[{"Name": "/web", "HostConfig": {"Privileged": true}}]"#.into());
let (facts, errors) = Facts::read(&bundle);
assert!(errors.is_empty());
let web = facts.container("web").unwrap();
assert_eq!(web.host_config().unwrap().privileged.known("Privileged"), Ok(&true));
assert!(facts.info.known("engine").is_err());
```

Nothing here reads files or talks to an engine, but for the collector behind the feature `live`.
*/
#![deny(missing_docs)]

pub mod accounts;
pub mod audit;
mod bundle;
pub mod capabilities;
mod container;
mod daemon;
mod engine;
mod fact;
mod facts;
mod field;
mod files;
mod flags;
#[cfg(all(feature = "live", unix))]
pub mod live;
pub mod mounts;
mod namespaces;
pub mod paths;
mod pending;
mod read;
pub mod sockets;
mod swarm;
pub mod units;

pub use bundle::Bundle;
pub use container::*;
pub use daemon::{Daemon, Origin, Setting};
pub use engine::*;
pub use fact::{Fact, Unknown};
pub use facts::{Facts, Meta, Unread};
pub use field::{Field, Null};
pub use files::{FileFact, Files};
pub use namespaces::{Namespace, NamespaceKind, Namespaces};
pub use pending::Pending;
pub use read::FactError;
pub use swarm::*;
