//! Several threads find in a layer what one finds.

use plimsoll_image::fixtures::{ImageWriter, TarWriter};
use plimsoll_image::{Archive, Budget, Crew, ErrorKind, Input, LayerSet, Limit, Limits, Options};
use std::sync::Mutex;

/// An image whose large layer has secrets in small files, in files of several chunks, and where chunks meet.
fn image() -> Vec<u8> {
    let secret = |number: usize| format!("postgres://app:vT9-kq2Lm4{number}@db/app\n");
    let mut layer = TarWriter::new();
    for number in 0..400 {
        layer.file(&format!("small/{number}"), secret(number).repeat(1 + number % 3).as_bytes());
    }
    for number in 0..4 {
        let mut content = vec![b'.'; 3 << 20];
        for (at, place) in [0, 100_000, (512 << 10) - 9, (1 << 20) + 1, (3 << 20) - 90].into_iter().enumerate() {
            let secret = secret(at);
            content[place..place + secret.len()].copy_from_slice(secret.as_bytes());
        }
        layer.file(&format!("large/{number}"), &content);
        layer.file(&format!("between/{number}"), &vec![b'x'; 200_000]);
    }
    let mut image = ImageWriter::new("app:1");
    image.layer("COPY . .", layer.finish()).layer("RUN true", TarWriter::new().file("a", b"1").finish());
    image.docker_archive()
}

/// The secrets that so many threads find, as text, or the errors.
fn secrets(archive: &Vec<u8>, threads: usize, limits: Limits) -> Result<Vec<String>, Vec<ErrorKind>> {
    let budget = Budget::new(limits);
    let archive = Archive::open(Input::File(archive), Options::default(), &budget).expect("an archive");
    let (crew, blobs) = (Crew::new(threads), Mutex::new(archive.layers()));
    let (layers, errors) = (Mutex::new(LayerSet::default()), Mutex::new(Vec::new()));
    let work = || {
        let seat = crew.seat();
        while let Some(blob) = { blobs.lock().expect("a lock").pop() } {
            let facts = archive.extract_with(&blob, &crew);
            let facts = facts.map_err(|error| errors.lock().expect("a lock").push(error.kind())).ok();
            layers.lock().expect("a lock").insert(&blob, facts);
        }
        seat.help();
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let errors = errors.into_inner().expect("a lock");
    if !errors.is_empty() {
        return Err(errors);
    }
    let (image, _) = archive.resolve(&archive.plans[0], &layers.into_inner().expect("a lock"));
    Ok(image.secrets().map(|(entry, found)| format!("{} {found:?}", entry.path())).collect())
}

#[test]
fn threads_change_nothing() {
    let archive = image();
    let alone = secrets(&archive, 1, Limits::default()).expect("secrets");
    assert_eq!(alone.len(), (0..400).map(|number| 1 + number % 3).sum::<usize>() + 4 * 5);
    for threads in [2, 3, 8] {
        assert_eq!(secrets(&archive, threads, Limits::default()).expect("secrets"), alone, "{threads} threads");
    }
}

#[test]
fn an_error_ends_all_threads() {
    let archive = image();
    for threads in [1, 2, 5] {
        // The entries fit, their secrets do not.
        let limits = Limits { entries: 500, ..Limits::default() };
        assert_eq!(
            secrets(&archive, threads, limits),
            Err(vec![ErrorKind::Limit(Limit::Entries)]),
            "{threads} threads"
        );
    }
}
