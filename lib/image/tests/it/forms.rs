//! The same image in every form gives the same.

use crate::support::{Files, listing, scan, scan_file, scan_stream};
use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll_image::fixtures::{ImageWriter, TarWriter, archive, blob_path, descriptor, index};
use plimsoll_image::{Digest, Form, Input, Limits, Options, Platform};
use std::io::Write;

fn layers() -> [Vec<u8>; 2] {
    let base =
        TarWriter::new().folder("etc").file("etc/passwd", b"root:x:0:0::/root:/bin/sh\n").file("a", b"1").finish();
    let top = TarWriter::new().whiteout("a").file("app/run", b"#!/bin/sh\n").mode(0o755).finish();
    [base, top]
}

fn sample() -> ImageWriter {
    let mut image = ImageWriter::new("app:1");
    let [base, top] = layers();
    image.layer("/bin/sh -c #(nop) ADD file:x in / ", base).empty("ENV A=1").layer("COPY run /app/ # buildkit", top);
    image.config(r#""User":"app","Env":["A=1"],"Cmd":null,"Volumes":{"/b":{},"/a":{}}"#);
    image
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn docker_archives_and_layouts() {
    let writer = sample();
    let expected = listing(&scan_file(&writer.docker_archive()).image());
    assert_eq!(expected.len(), 4);
    let forms = [
        (writer.docker_archive(), Form::DockerArchive),
        (writer.docker_archive_25(), Form::DockerArchive),
        (archive(&writer.oci_layout()), Form::OciLayout),
    ];
    for (bytes, form) in forms {
        for bytes in [&bytes, &gzip(&bytes), &zstd(&bytes), &[gzip(&bytes[..1000]), gzip(&bytes[1000..])].concat()] {
            for scanned in [scan_file(bytes), scan_stream(bytes)] {
                let image = scanned.image();
                assert_eq!(listing(&image), expected);
                assert_eq!((image.form, image.name.as_str(), image.issues.as_slice()), (form, "app:1", [].as_slice()));
                assert_eq!(image.platform.as_ref().map(Platform::to_string).as_deref(), Some("linux/amd64"));
                let config = image.config.as_ref().expect("a configuration");
                assert_eq!(
                    (config.user.as_deref(), config.volumes.as_slice()),
                    (Some("app"), ["/a", "/b"].map(String::from).as_slice())
                );
                assert_eq!(image.created_by(1), Some("COPY run /app/ # buildkit"));
                assert_eq!(image.id, Some(Digest::sha256(&writer.config_json())));
            }
        }
    }
    let files = Files(writer.oci_layout().into_iter().collect());
    let image = scan(Input::Folder(&files), Options::default(), Limits::default()).image();
    assert_eq!(listing(&image), expected);
}

#[test]
fn an_image_that_is_named_again_is_one_image() {
    let entry = |tag: &str| format!(r#"{{"Config":"c.json","RepoTags":["{tag}"],"Layers":["l/layer.tar"]}}"#);
    let layer = TarWriter::new().file("a", b"1").finish();
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
        Digest::sha256(&layer)
    );
    let list = format!("[{},{},{}]", entry("a:1"), entry("b:1"), entry("a:1"));
    let again = TarWriter::new()
        .file("c.json", config.as_bytes())
        .file("l/layer.tar", &layer)
        .file("manifest.json", list.as_bytes())
        .finish();
    let scanned = scan_file(&again);
    assert_eq!(scanned.images.len(), 1);
    assert_eq!(scanned.images[0].names, ["a:1", "b:1", "a:1"]);
}

#[test]
fn layers_in_every_coding() {
    let expected = listing(&scan_file(&sample().docker_archive()).image());
    for coding in [gzip, zstd] {
        let mut writer = ImageWriter::new("app:1");
        for layer in layers() {
            writer.stored_layer("RUN x", Digest::sha256(&layer), coding(&layer), "application/x");
        }
        let image = scan_file(&writer.docker_archive_25()).image();
        assert_eq!(listing(&image), expected);
        assert_eq!(image.issues, []);
        assert_ne!(image.layers[0].digest, image.layers[0].diff_id);
    }
}

#[test]
fn the_layout_of_dir() {
    let writer = sample();
    let mut files =
        Files(writer.blobs().into_iter().map(|(name, blob)| (name.replace("blobs/sha256/", ""), blob)).collect());
    files.0.insert("manifest.json".to_owned(), writer.manifest_json());
    files.0.insert("version".to_owned(), b"Directory Transport Version: 1.1\n".to_vec());
    let image = scan(Input::Folder(&files), Options::default(), Limits::default()).image();
    assert_eq!((image.form, image.entries().count()), (Form::Directory, 4));
}

#[test]
fn bare_layers_and_root_file_systems() {
    let [base, top] = layers();
    for bytes in [top.clone(), gzip(&top), zstd(&top)] {
        let image = scan_file(&bytes).image();
        assert_eq!((image.form, image.config.is_none(), image.entries().count()), (Form::Layer, true, 1));
    }
    let export = TarWriter::new().file(".dockerenv", b"").folder("etc").folder("usr").finish();
    for image in [scan_file(&export).image(), scan_stream(&export).image()] {
        assert_eq!(image.form, Form::RootFs);
    }
    assert_eq!(scan_file(&base).image().form, Form::Layer);
    // A root file system may have files of the names that archives of images have.
    let export = TarWriter::new().folder("etc").folder("usr").file("manifest.json", b"{\"name\":\"app\"}").finish();
    let image = scan_file(&export).image();
    assert_eq!((image.form, image.entries().count()), (Form::RootFs, 3));
}

#[test]
fn attestations_are_told_from_images_and_read() {
    let token = concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");
    let image = sample();
    let subject = Digest::sha256(&image.manifest_json());
    let digits = "1".repeat(64);
    let statement = format!(
        r#"{{"predicateType":"https://slsa.dev/provenance/v0.2","predicate":{{"builder":{{"id":"https://ci/1"}},
        "materials":[{{"uri":"pkg:docker/debian@12","digest":{{"sha256":"{digits}"}}}}],
        "invocation":{{"parameters":{{"args":{{"build-arg:NAME":"app","build-arg:TOKEN":"{token}"}}}},
        "configSource":{{"uri":"https://u:{token}@git.corp.net/a"}}}},"buildConfig":{{"args":["make"]}}}}}}"#
    );
    let mut files = image.oci_layout();
    let statement = statement.into_bytes();
    let config = br#"{"architecture":"unknown","os":"unknown","rootfs":{"type":"layers","diff_ids":[]}}"#.to_vec();
    let layer = descriptor(
        "application/vnd.in-toto+json",
        &statement,
        r#","annotations":{"in-toto.io/predicate-type":"https://slsa.dev/provenance/v0.2"}"#,
    );
    let config_descriptor = descriptor("application/vnd.oci.image.config.v1+json", &config, "");
    let manifest = format!(r#"{{"schemaVersion":2,"config":{config_descriptor},"layers":[{layer}]}}"#).into_bytes();
    let of = format!(
        r#","platform":{{"architecture":"unknown","os":"unknown"}},"annotations":{{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{subject}"}}"#
    );
    let attested = descriptor("application/vnd.oci.image.manifest.v1+json", &manifest, &of);
    let top = index(&[image.descriptor(), attested]);
    files.retain(|(name, _)| name != "index.json");
    files.push(("index.json".to_owned(), top));
    files.extend([&statement, &config, &manifest].map(|blob| (blob_path(blob), blob.clone())));
    let scanned = scan_file(&archive(&files));
    assert_eq!((scanned.images.len(), scanned.errors.as_slice()), (1, [].as_slice()));
    let [provenance] = scanned.images[0].provenance.as_slice() else { panic!("one statement") };
    assert_eq!(provenance.builder.as_deref(), Some("https://ci/1"));
    assert_eq!(
        (provenance.materials[0].uri.as_str(), provenance.materials[0].sha256.as_deref()),
        ("pkg:docker/debian@12", Some(digits.as_str()))
    );
    assert_eq!(provenance.arguments[0], ("build-arg:NAME".to_owned(), "app".to_owned()));
    assert_eq!(provenance.secret_texts, [format!("https://u:{token}@git.corp.net/a")]);
}
