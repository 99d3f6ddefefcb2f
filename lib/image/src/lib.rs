/*!
Saved images of any form, read in one streaming pass: `docker save`, OCI layouts, `docker export`, bare layers, plain or
compressed.

Reading takes three steps, because manifests come after the blobs that they name, and hard links, users, packages and
deletions come from other layers:

1. [`Archive::open`] finds the images and the layers that they need;
2. [`Archive::extract`] reads one layer to its end and keeps only facts, [`LayerFacts`]: threads can do several at once, and share
   the search of one ([`Crew`]);
3. [`Archive::resolve`] lays them over each other and gives an [`Image`], which knows of each path in each layer what
   became of it.

```
use plimsoll_image::{Archive, Budget, Input, LayerSet, Limits, Options};

let file: Vec<u8> = vec![0; 1024]; // an empty archive: one layer without entries
let budget = Budget::new(Limits::default());
let archive = Archive::open(Input::File(&file), Options::default(), &budget)?;
let mut layers = LayerSet::default();
for blob in archive.layers() {
    layers.insert(&blob, Some(archive.extract(&blob)?));
}
let (image, errors) = archive.resolve(&archive.plans[0], &layers);
assert_eq!((image.entries().count(), errors.len()), (0, 0));
# Ok::<(), plimsoll_image::Error>(())
```

Nothing is written, nothing is unpacked and no link is followed outside of the image. Memory grows with the number of
entries, never with bytes, and every other size has a limit ([`Limits`]). This crate opens no files: callers hand it a
[`ReadAt`], a [`Folder`] or a stream.
*/
#![deny(missing_docs)]

mod archive;
mod attestation;
mod buffer;
mod cache;
mod capabilities;
mod codec;
mod config;
mod contents;
mod crew;
mod decode;
mod digest;
mod error;
mod extract;
#[cfg(feature = "fixtures")]
pub mod fixtures;
mod image;
mod issue;
mod json;
mod layer;
mod limits;
mod manifest;
mod packages;
mod paths;
mod pax;
mod resolve;
mod rootfs;
mod rpm;
mod search;
mod source;
mod tar;

pub use archive::{Archive, Input, LayerBlob, Options};
pub use attestation::{Material, Provenance};
pub use cache::{Cache, Store};
pub use capabilities::Capabilities;
pub use config::{Config, Healthcheck, History, Platform};
pub use contents::{command_steps_down, line_steps_down};
pub use crew::{Crew, Seat};
pub use digest::Digest;
pub use error::{Error, ErrorKind};
pub use extract::{Extraction, extract};
pub use image::{Entry, Form, Image, Kind, Layer, LayerStatus};
pub use issue::{Issue, IssueKind};
pub use layer::LayerFacts;
pub use limits::{Budget, Limit, Limits};
pub use manifest::Plan;
pub use packages::{Ecosystem, Package};
pub use plimsoll_secrets::Match as SecretMatch;
pub use resolve::LayerSet;
pub use rootfs::State;
pub use source::{Folder, ReadAt, Stamp};
