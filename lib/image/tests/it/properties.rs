//! What holds for any bytes and any layers.

use crate::support::{scan_file, scan_stream};
use plimsoll_image::State;
use plimsoll_image::fixtures::{ImageWriter, TarWriter};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A step in a layer over a small set of paths.
#[derive(Debug, Clone)]
enum Step {
    File(String),
    Folder(String),
    Whiteout(String),
    Opaque(String),
}

fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof!["a", "b", "c"], 1..4).prop_map(|parts| parts.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => path().prop_map(Step::File),
        2 => path().prop_map(Step::Folder),
        2 => path().prop_map(Step::Whiteout),
        1 => path().prop_map(Step::Opaque),
    ]
}

/// The files and folders that are left, worked out in the plainest way.
fn model(layers: &[Vec<Step>]) -> BTreeSet<String> {
    let below = |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    // Every path with whether it is a folder.
    let mut tree: BTreeMap<String, bool> = BTreeMap::new();
    for layer in layers {
        for step in layer {
            match step {
                Step::Whiteout(path) => tree.retain(|other, _| other != path && !below(other, path)),
                Step::Opaque(path) => tree.retain(|other, _| !below(other, path)),
                _ => {}
            }
        }
        for step in layer {
            let (Step::File(path) | Step::Folder(path)) = step else { continue };
            let parts: Vec<&str> = path.split('/').collect();
            for end in 1..parts.len() {
                let folder = parts[..end].join("/");
                tree.insert(folder, true);
            }
            if matches!(step, Step::File(_)) {
                tree.retain(|other, _| !below(other, path));
            }
            tree.insert(path.clone(), matches!(step, Step::Folder(_)));
        }
    }
    tree.into_iter().filter(|(_, is_folder)| !is_folder).map(|(path, _)| path).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn merged_layers_obey_whiteouts(layers in proptest::collection::vec(proptest::collection::vec(step(), 0..8), 1..5)) {
        let mut image = ImageWriter::new("app:1");
        for layer in &layers {
            let mut tar = TarWriter::new();
            for step in layer {
                match step {
                    Step::File(path) => tar.file(path, b"x"),
                    Step::Folder(path) => tar.folder(path),
                    Step::Whiteout(path) => tar.whiteout(path),
                    Step::Opaque(path) => tar.opaque(path),
                };
            }
            image.layer("RUN x", tar.finish());
        }
        let image = scan_file(&image.docker_archive()).image();
        let files: BTreeSet<String> = image
            .present()
            .filter(|entry| entry.kind() == plimsoll_image::Kind::File)
            .map(|entry| entry.path())
            .collect();
        prop_assert_eq!(files, model(&layers));
        // What is left is found by its path, and bytes are either used or wasted.
        for entry in image.present() {
            prop_assert!(image.link(&entry.path()).is_some());
        }
        let lost: u64 = image.entries().filter(|entry| entry.state() != State::Present).map(|entry| entry.size()).sum();
        prop_assert_eq!(image.waste(), lost);
    }

    #[test]
    fn any_bytes_are_survived(at in 0_usize..9000, value in any::<u8>(), more in proptest::collection::vec((0_usize..9000, any::<u8>()), 0..4)) {
        let mut image = ImageWriter::new("app:1");
        image.layer("RUN a", TarWriter::new().file("a", &[b'a'; 300]).pax(&[("path", b"p")]).file("x", b"1").finish());
        let mut bytes = image.docker_archive_25();
        for (at, value) in more.into_iter().chain([(at, value)]) {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        scan_file(&bytes);
        scan_stream(&bytes);
    }
}
