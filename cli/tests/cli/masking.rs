//! Secrets that are planted in an image stand in no byte of what the program writes.

use crate::support::{Project, command, finish};
use plimsoll_image::fixtures::{ImageWriter, TarWriter};

/// A token that a checksum proves, one told by its form, and what only a name tells.
const PLANTED: [&str; 3] = [
    concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"),
    concat!("dop_v1_", "0f3b72c19ae45d680f3b72c19ae45d68b1c2d3e4f5061728394a5b6c7d8e9f01"),
    concat!("hunter2", "-Vb93xQ"),
];

/// An image with them wherever a person or a tool puts some.
fn image() -> Vec<u8> {
    let [token, other, password] = PLANTED;
    let mut base = TarWriter::new();
    base.file("etc/os-release", format!("ID=debian\nVERSION_ID={token}\n").as_bytes())
        .file(
            "etc/passwd",
            format!("root:x:0:0:{token}:/root:/bin/sh\napp:{password}:0:0::/:/{token}\n{other}\n").as_bytes(),
        )
        .file("etc/shadow", format!("root:{password}:1::::::\n").as_bytes())
        .mode(0o644)
        .file("var/lib/dpkg/status", format!("Package: a\nStatus: install ok installed\nVersion: {token}\n").as_bytes())
        .file("srv/node_modules/b/package.json", format!("{{\"name\":\"b\",\"version\":\"{other}\"}}").as_bytes())
        .file("srv/.env", format!("TOKEN={token}\nDB_PASSWORD={password}\n").as_bytes())
        .file("srv/notes.txt", format!("see {other}\n").as_bytes())
        .file("srv/encoded", format!("data: {}\n", base64(token)).as_bytes())
        .file(&format!("srv/{token}.pem"), b"x")
        .mode(0o666)
        .symlink("srv/link", &format!("../{token}"))
        .file(&format!("../{token}"), b"");
    let mut later = TarWriter::new();
    later.whiteout("srv/.env").file("srv/notes.txt", format!("password = \"{password}\"\n").as_bytes());
    let mut image = ImageWriter::new("app:1");
    image
        .config(&format!(
            r#""Env":["API_TOKEN={token}","DB_PASSWORD={password}","URL=https://u:{password}@h/"],"Cmd":["serve","--token={other}","--password","{password}"],"Labels":{{"password":"{password}","note":"{token}","{other}":"a","a/{token}":"b"}},"User":"root","Volumes":{{"/{token}":{{}}}},"ExposedPorts":{{"80/{token}":{{}}}},"Healthcheck":{{"Test":["CMD","curl","h?{other}"]}},"OnBuild":["RUN curl -u :{other} h"]"#
        ))
        .layer(&format!("RUN |1 TOKEN={token} /bin/sh -c curl -H 'Authorization: Bearer {token}' -u u:{password} h # buildkit"), base.finish())
        .empty(&format!("ENV DB_PASSWORD={password}"))
        .layer(&format!("RUN /bin/sh -c mysql -p{other} && rm /srv/.env # buildkit"), later.finish());
    let more = format!(r#","author":"me {other}","variant":"{token}","container_config":{{"Env":["A={other}"]}}"#);
    image.more.push_str(&more);
    image.docker_archive_25()
}

/// An archive whose parts are named by one and not there.
fn broken() -> Vec<u8> {
    let [token, other, _] = PLANTED;
    let manifest = format!(r#"[{{"Config":"{token}.json","RepoTags":["{other}:1"],"Layers":["{other}/layer.tar"]}}]"#);
    TarWriter::new().file("manifest.json", manifest.as_bytes()).finish()
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let word = chunk.iter().chain([0; 2].iter()).take(3).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        for at in 0..=chunk.len() {
            encoded.push(char::from(DIGITS[(word >> (18 - 6 * at) & 63) as usize]));
        }
    }
    encoded.push_str(&"=".repeat((3 - text.len() % 3) % 3));
    encoded
}

#[test]
fn planted_secrets_stand_in_no_output_byte() {
    let project = Project::with("app.tar", image());
    let dockerfile =
        format!("FROM debian\nENV DB_PASSWORD={}\nRUN mysql -p{} && rm /srv/.env\n", PLANTED[2], PLANTED[1]);
    project.write("Dockerfile", dockerfile);
    let mut outputs: Vec<(String, Vec<u8>)> = Vec::new();
    for format in ["text", "json", "sarif", "github"] {
        for (subject, arguments) in [("image", &["app.tar"][..]), ("build", &["Dockerfile", "app.tar"])] {
            let flags = ["--preset", "all", "--format", format, "--cache-dir", "cache", "--statistics"];
            let run = project.run(&[&[subject], arguments, &flags].concat()).exits(1);
            assert!(run.stdout.contains("secret"), "{format}: {run:?}");
            outputs.push((format!("{subject} {format}"), run.stdout.into_bytes()));
            outputs.push((format!("{subject} {format}, standard error"), run.stderr.into_bytes()));
        }
    }
    project.write("broken.tar", broken());
    for format in ["text", "json", "sarif", "github"] {
        let run = project.run(&["image", "broken.tar", "--no-cache", "--format", format]).exits(2);
        outputs.push((format!("broken {format}"), [run.stdout, run.stderr].concat().into_bytes()));
    }
    // Read as a stream, and in a form that nothing vouches for.
    let streamed = command(&project.path(), &["image", "-", "--preset", "all", "--format", "json"])
        .stdin(std::fs::File::open(project.path().join("app.tar")).expect("the image"))
        .spawn();
    outputs.push(("stream".to_owned(), finish(streamed.expect("the program starts")).exits(1).stdout.into_bytes()));
    let entries = std::fs::read_dir(project.path().join("cache")).expect("the cache").filter_map(Result::ok);
    let kept: Vec<_> = entries.map(|entry| std::fs::read(entry.path()).expect("an entry")).collect();
    assert!(!kept.is_empty(), "something is kept");
    outputs.extend(kept.into_iter().map(|entry| ("the cache".to_owned(), entry)));
    for value in PLANTED.iter().map(|value| (*value).to_owned()).chain([base64(PLANTED[0])]) {
        for (what, bytes) in &outputs {
            if let Some(at) = bytes.windows(value.len()).position(|window| window == value.as_bytes()) {
                let around = String::from_utf8_lossy(&bytes[at.saturating_sub(300)..at]).into_owned();
                panic!("{what} shows {}****, behind: {around}", &value[..4]);
            }
        }
    }
}

#[test]
fn every_text_of_a_configuration_is_searched() {
    // One for each place: what the history says already is not told again.
    let token = |number: u8| format!("dop_v1_{number:02x}{}", &PLANTED[1]["dop_v1_".len() + 2..]);
    let [check, build, author, container] = [1, 2, 3, 4].map(token);
    let mut image = ImageWriter::new("app:1");
    image.config(&format!(
        r#""Healthcheck":{{"Test":["CMD","curl","h?{check}"]}},"OnBuild":["RUN curl -u :{build} h"],"User":"app""#
    ));
    image.layer("RUN x", TarWriter::new().file("a", b"1").finish());
    let more = format!(r#","author":"me {author}","container_config":{{"Env":["A={container}"]}}"#);
    image.more.push_str(&more);
    let project = Project::with("app.tar", image.docker_archive_25());
    let run = project.run(&["image", "app.tar", "--no-cache", "--format", "json"]).exits(1);
    let findings = run.json()["findings"].as_array().expect("findings").clone();
    let places: Vec<&str> = findings.iter().filter_map(|finding| finding["image"]["config"].as_str()).collect();
    for pointer in ["/config/Healthcheck/Test/2", "/config/OnBuild/0", "/author", "/container_config/Env/0"] {
        assert!(places.contains(&pointer), "{pointer}: {places:?}");
    }
}
