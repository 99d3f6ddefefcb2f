use plimsoll_image::{Archive, Budget, Error, Folder, Image, Input, LayerSet, Limits, Options, ReadAt};
use std::collections::BTreeMap;
use std::io;

/// Everything that a scan gives.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) images: Vec<Image>,
    pub(crate) errors: Vec<Error>,
}

impl Scan {
    /// The only image, read without errors.
    pub(crate) fn image(self) -> Image {
        assert_eq!(self.errors, [], "no errors");
        assert_eq!(self.images.len(), 1, "one image");
        self.images.into_iter().next().expect("one image")
    }
}

pub(crate) fn scan(input: Input<'_>, options: Options, limits: Limits) -> Scan {
    let budget = Budget::new(limits);
    let archive = match Archive::open(input, options, &budget) {
        Ok(archive) => archive,
        Err(error) => return Scan { images: Vec::new(), errors: vec![error] },
    };
    let mut errors = archive.errors.clone();
    let mut layers = LayerSet::default();
    for blob in archive.layers() {
        let facts = archive.extract(&blob).map_err(|error| errors.push(error)).ok();
        layers.insert(&blob, facts);
    }
    let images = archive.plans.iter().map(|plan| {
        let (image, trouble) = archive.resolve(plan, &layers);
        errors.extend(trouble);
        image
    });
    Scan { images: images.collect(), errors }
}

pub(crate) fn scan_file(bytes: &Vec<u8>) -> Scan {
    scan(Input::File(bytes), Options::default(), Limits::default())
}

pub(crate) fn scan_stream(bytes: &[u8]) -> Scan {
    scan(Input::Stream(Box::new(bytes)), Options::default(), Limits::default())
}

/// A folder in memory.
pub(crate) struct Files(pub(crate) BTreeMap<String, Vec<u8>>);

impl Folder for Files {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadAt>>> {
        Ok(self.0.get(path).cloned().map(|bytes| Box::new(bytes) as Box<dyn ReadAt>))
    }
}

/// One line for each entry: path, kind, layer, state. Two forms of one image must give the same.
pub(crate) fn listing(image: &Image) -> Vec<String> {
    let line = |entry: plimsoll_image::Entry<'_>| {
        format!("{} {:?} {} {:?} {:o}", entry.path(), entry.kind(), entry.layer(), entry.state(), entry.mode())
    };
    image.entries().map(line).collect()
}
