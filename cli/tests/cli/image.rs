//! `plimsoll image`: what it takes for an image, and what it says of what is none.

use crate::support::Project;

/// An archive with one file.
pub(crate) fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    let size = format!("{:011o}", content.len());
    for (at, value) in [(100, &b"0000644"[..]), (108, b"0000000"), (116, b"0000000"), (124, size.as_bytes())] {
        header[at..at + value.len()].copy_from_slice(value);
    }
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    let mut archive = header.to_vec();
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

#[test]
fn a_bare_layer_and_standard_input() {
    let project = Project::with("layer.tar", archive("a", b""));
    let run = project.run(&["image", "layer.tar", "--format", "json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["images"][0]["path"], "layer.tar");
    assert_eq!(json["images"][0]["layers"][0]["entries"], 1);
    let run = project.run_with_stdin(&["image", "-", "--format", "json"], &archive("a", b"")).exits(0);
    assert!(run.stdout.contains("<stdin>"), "{run:?}");
}

#[test]
fn a_folder_of_archives() {
    let project = Project::with("images/b.tar", archive("b", b""));
    project.write("images/a.tar", archive("a", b"")).write("images/notes.txt", "no image");
    let run = project.run(&["image", "images", "images/a.tar", "--format", "json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let paths: Vec<_> = json["images"].as_array().expect("images").iter().map(|image| &image["path"]).collect();
    assert_eq!(paths, ["images/a.tar", "images/b.tar"]);
}

#[test]
fn what_is_none_is_an_error_beside_the_others() {
    let project = Project::with("layer.tar", archive("a", b""));
    project.write("cut.tar", &archive("a", b"")[..512]).write("notes.txt", "no image").write("empty/x", "");
    project.run(&["image", "notes.txt"]).exits(2).stdout_has("no image");
    project.run(&["image", "missing.tar"]).exits(2);
    project.run(&["image", "empty"]).exits(2);
    project.run(&["image", "cut.tar"]).exits(2).stdout_has("cut short");
    let run = project.run(&["image", "notes.txt", "layer.tar", "--format", "json"]).exits(2);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["images"].as_array().map(Vec::len), Some(1));
    project.run(&["image"]).exits(2);
    project.run(&["image", "layer.tar", "--platform", "arm64"]).exits(2);
    project.run(&["image", "layer.tar", "--max-entries", "0"]).exits(2).stdout_has("--max-entries");
}

#[cfg(unix)]
#[test]
fn links_in_layouts_are_not_followed() {
    let project = Project::with("secret.json", "{}");
    project.write("layout/oci-layout", "{}");
    std::os::unix::fs::symlink("../secret.json", project.path().join("layout/index.json")).expect("a link");
    project.run(&["image", "layout"]).exits(2).stdout_has("links are not followed");
}

const KEY: &[u8] = concat!("token = ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx\n").as_bytes();

#[test]
fn configuration_speaks_of_images_and_of_files_in_them() {
    let project = Project::with("f/a.tar", archive("srv/test/key", KEY));
    project.write("f/b.tar", archive("srv/key", KEY));
    let found = |arguments: &[&str]| {
        let flags = ["image", "--no-cache", "--select", "secret-in-layer", "--format", "json"];
        let run = project.run(&[&flags, arguments].concat());
        run.paths()
    };
    assert_eq!(found(&["f"]), ["f/a.tar", "f/b.tar"]);
    assert_eq!(found(&["--exclude", "f/b*", "f"]), ["f/a.tar"]);
    project.write("plimsoll.toml", "exclude = [\"a.tar\"]\n");
    assert_eq!(found(&["f"]), ["f/b.tar"]);
    project.write("plimsoll.toml", "[per-file-ignores]\n\"b.tar\" = [\"secret-in-layer\"]\n");
    assert_eq!(found(&["f"]), ["f/a.tar"]);
    project.write("plimsoll.toml", "[per-file-ignores]\n\"f/*.tar/srv/test/\" = [\"4.10\"]\n");
    let run = project.run(&["image", "--no-cache", "--select", "secret-in-layer", "--format", "json", "f"]);
    assert_eq!((run.paths(), run.json()["summary"]["suppressed"].as_u64()), (vec!["f/b.tar".to_owned()], Some(1)));
}

#[test]
#[cfg(unix)]
fn a_folder_of_archives_says_what_it_leaves_out() {
    let project = Project::with("f/a.tar", archive("a", b"1"));
    project
        .write("f/image", archive("b", b"1"))
        .write("f/notes.txt", "text")
        .write("f/below/c.tar", archive("c", b"1"));
    std::os::unix::fs::symlink("../f/a.tar", project.path().join("f/link.tar")).expect("a link");
    let run = project.run(&["image", "--no-cache", "--format", "json", "f"]).exits(0);
    assert_eq!(run.json()["images"].as_array().map(Vec::len), Some(2), "{run:?}");
    let run = run.stderr_has("f/link.tar is a link and not followed");
    run.stderr_has("f/below is a folder, in which nothing is looked for");
    project.run(&["image", "--no-cache", "--quiet", "--format", "json", "f"]).exits(0).stderr_is("");
}
