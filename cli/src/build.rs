//! `plimsoll build`: a Dockerfile and the image that was built from it.

use crate::Exit;
use crate::args::ImageFlags;
use crate::check::{DockerIgnores, check_one};
use crate::image::{self, Caching};
use crate::image_files::OpenImage;
use crate::lint::today;
use crate::names::shown;
use crate::output::{Destination, destinations, print_error};
use crate::read::{read_file, read_stdin};
use crate::settings::{Resolver, current_folder};
use plimsoll::engine::{FileReport, InputError, Report};
use plimsoll::report::printable;
use plimsoll::{BuildScanner, Context, Recipe};
use std::path::Path;

/// Runs the command.
pub(crate) fn run(dockerfile: &Path, image: &Path, flags: &ImageFlags) -> Exit {
    match try_run(dockerfile, image, flags) {
        Ok(exit) => exit,
        Err(message) => {
            print_error(&printable(&message));
            Exit::Trouble
        }
    }
}

fn try_run(dockerfile: &Path, image: &Path, flags: &ImageFlags) -> Result<Exit, String> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(dockerfile) && is_stdin(image) {
        return Err("standard input can be the Dockerfile or the image, not both".to_owned());
    }
    let place = flags.reports.output.clone().map_or(Destination::Stdout, Destination::File);
    let outputs = destinations(&flags.reports, place)?;
    let folder = current_folder()?;
    let mut resolver = Resolver::new(&flags.settings, &folder, today(flags.settings.now)?);
    let absolute = std::fs::canonicalize(dockerfile).unwrap_or_else(|_| folder.join(dockerfile));
    let name = if is_stdin(dockerfile) { "<stdin>".to_owned() } else { shown(dockerfile) };
    let applied = resolver.apply(&absolute, &name);
    let key = resolver.key_of(&absolute);
    let (scanner, _) = resolver.build(&key, |settings| BuildScanner::new(settings, image::options(flags)));
    let fail_level = resolver.fail_level(&key);
    let (_, _, mistakes) = resolver.finish();

    let mut report = Report { errors: mistakes, ..Report::default() };
    let caching = Caching::open(&flags.cache, &mut report.errors);
    let text = if is_stdin(dockerfile) { read_stdin() } else { read_file(dockerfile) };
    let text =
        text.map_err(|error| InputError { path: name.clone(), line: error.line, column: None, message: error.message });
    let context =
        Context { dockerignore: (!is_stdin(dockerfile)).then(|| DockerIgnores::default().of(&absolute)).flatten() };
    let recipe = Recipe { path: &applied.project_path, text: text.as_deref().unwrap_or(""), context: &context };
    let input = image::name_of(image);
    let work = || {
        let opened = OpenImage::open(image, flags.reports.quiet)?;
        Ok(opened.scan(|source| scanner.scan(recipe, &input, source, caching.cache().as_ref())))
    };
    let (file, scanned) = match check_one(work) {
        Ok(Ok((file, scanned))) => (Some(file), scanned),
        // The one is checked without the other.
        Ok(Err(message)) | Err(message) => (check_one(|| scanner.lint(recipe)).ok(), image::failed(&input, message)),
    };
    match text {
        Ok(_) => report.files.extend(file.map(|file| FileReport { path: name, ..file })),
        Err(error) => report.errors.push(error),
    }
    caching.trim();
    report.images.extend(scanned.images);
    report.errors.extend(scanned.errors);
    report.files.push(scanned.report);
    Ok(image::finish(report, &scanner.active_rules(), flags, &outputs, fail_level))
}
