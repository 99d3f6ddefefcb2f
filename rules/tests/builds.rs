//! Rules on images together with their Dockerfile, and where on it findings stand. Fences of `build` hold a Dockerfile, a
//! line of `---` and the recipe of an image; lines of `#^ LINE: MESSAGE` in the recipe mark what must be found, and
//! nothing else may be. `UPDATE=1` rewrites the marks.

mod support;

use plimsoll::engine::{FileReport, Input as RuleInput, RuleMeta, SelectionSpec};
use plimsoll::image::Input;
use plimsoll::{BuildScanner, Context, Recipe, ScanOptions, Scanned, Settings};
use std::fmt::Write;
use support::recipe::{archive, examples_hold, fixture_holds, planted};

fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    plimsoll::rules().into_iter().filter(|rule| rule.input == RuleInput::Build)
}

fn scan(select: &[&str], dockerfile: &str, recipe: &str, context: &Context) -> (FileReport, Scanned) {
    let select = Some(select.iter().map(|id| (*id).to_owned()).collect());
    let settings = Settings { spec: SelectionSpec { select, ..SelectionSpec::default() }, ..Settings::default() };
    let scanner = BuildScanner::new(&settings, ScanOptions::default()).expect("known rules");
    let bytes = archive(recipe);
    let (file, scanned) =
        scanner.scan(Recipe { path: "Dockerfile", text: dockerfile, context }, "app.tar", Input::File(&bytes), None);
    assert_eq!(scanned.errors, []);
    for value in planted(recipe) {
        assert!(!format!("{file:?}{scanned:?}").contains(&value), "a planted value is shown");
    }
    (file, scanned)
}

fn halves(text: &str) -> (&str, &str) {
    text.split_once("---\n").expect("a Dockerfile, a line of `---`, a recipe")
}

fn marks(file: &FileReport) -> Vec<(String, String)> {
    let line = |at| file.lines.line(at).to_string();
    let mark = |finding: &plimsoll::engine::Finding| {
        (line(finding.span.start), format!("{} {}", finding.severity, finding.message))
    };
    file.findings.iter().map(mark).collect()
}

#[test]
fn examples() {
    for rule in rules() {
        examples_hold(rule, "build", |text| {
            let (dockerfile, recipe) = halves(text);
            marks(&scan(&[rule.id], dockerfile, recipe, &Context::default()).0)
        });
    }
}

#[test]
fn fixtures() {
    let holds = |rule: &'static RuleMeta| {
        fixture_holds(rule, "build", |text, before| {
            let ignore = before.filter(|before| before.info == "dockerignore").map(|fence| fence.text.clone());
            let (dockerfile, recipe) = halves(text);
            marks(&scan(&[rule.id], dockerfile, recipe, &Context { dockerignore: ignore }).0)
        })
    };
    let failures: String = rules().map(holds).collect();
    assert!(failures.is_empty(), "\n{failures}");
}

/// A Dockerfile with what builders write differently, and the lines on which what is found must stand.
const DOCKERFILE: &str = r#"ARG VERSION=3.22
FROM golang:1.25 AS build
COPY . /src
RUN go build -o /app /src
FROM debian:${VERSION} AS base
ARG NAME=app
RUN useradd ${NAME}
ENV HOME=/srv/${NAME}
FROM base
WORKDIR /srv
COPY --from=build /app ${HOME}/app
COPY conf /etc/app
RUN <<END
chmod 4755 /srv/app
rm /etc/app/token
END
RUN ["/bin/app", "--init"]
CMD app serve
"#;

/// The steps of the base image and of these instructions, in each builder's words.
fn steps(builder: [&str; 6]) -> String {
    let files = [
        r#""4755 0:0 opt/base x""#,
        r#""755 1000:1000 home/app/", "4755 0:0 opt/user x""#,
        r#""4755 0:0 srv/app/app x""#,
        r#""600 0:0 etc/app/token %GITHUB_TOKEN%""#,
        r#""4755 0:0 srv/app2 x", "644 0:0 etc/app/.wh.token""#,
        r#""4755 0:0 opt/init x""#,
    ];
    let mut recipe = String::new();
    for (by, files) in builder.iter().zip(files) {
        let (empty, by) = by.strip_prefix('=').map(|by| ("", by)).or_else(|| by.split_once("\n=")).expect("a layer");
        for empty in empty.lines() {
            let _ = write!(recipe, "[[step]]\nby = '''{empty}'''\n");
        }
        let _ = write!(recipe, "[[step]]\nby = '''{by}'''\nfiles = [{files}]\n");
    }
    recipe
}

#[test]
fn findings_stand_on_the_instruction_that_made_them() {
    let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let nop = |text: &str| format!("/bin/sh -c #(nop) {text}");
    let docker = [
        format!("={}", nop(&format!("ADD file:{hash} in / "))),
        format!("{}\n{}\n=|1 NAME=app /bin/sh -c useradd ${{NAME}}", nop(" CMD [\"bash\"]"), nop(" ARG NAME=app")),
        format!(
            "{}\n{}\n={}",
            nop(" ENV HOME=/srv/app"),
            nop("WORKDIR /srv"),
            nop(&format!("COPY file:{hash} in /srv/app/app "))
        ),
        format!("={}", nop(&format!("COPY dir:{hash} in /etc/app "))),
        "=/bin/sh -c chmod 4755 /srv/app\nrm /etc/app/token\n".to_owned(),
        "=/bin/app --init".to_owned(),
    ];
    let buildkit = [
        "=# debian.sh --arch 'amd64' out/ 'trixie' '@1'",
        "CMD [\"bash\"]\nARG NAME=app\n=RUN |1 NAME=app /bin/sh -c useradd ${NAME} # buildkit",
        "ENV HOME=/srv/app\nWORKDIR /srv\n=COPY /app /srv/app/app # buildkit",
        "=COPY conf /etc/app # buildkit",
        "=RUN |1 NAME=app /bin/sh -c chmod 4755 /srv/app\nrm /etc/app/token\n # buildkit",
        "=RUN |1 NAME=app /bin/app --init # buildkit",
    ];
    for builder in [docker.each_ref().map(String::as_str), buildkit] {
        let (file, scanned) = scan(
            &["setuid-file", "secret-in-layer", "image-not-of-dockerfile"],
            DOCKERFILE,
            &steps(builder),
            &Context::default(),
        );
        let mut found: Vec<(String, String)> = marks(&file);
        found.sort_by_key(|(line, _)| line.parse::<u32>().unwrap_or(0));
        let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines, ["5", "7", "11", "12", "13", "17"], "{builder:?}\n{found:#?}");
        assert!(found[0].1.ends_with("(in the base image)"), "{found:?}");
        assert!(scanned.report.findings.is_empty(), "nothing is left over: {:#?}", scanned.report.findings);
        let secret = file.findings.iter().find(|finding| finding.rule.id == "secret-in-layer").expect("the secret");
        assert_eq!(file.lines.line(secret.related[0].span.start), 13, "where it is deleted");
    }
}

#[test]
fn comments_in_the_dockerfile_silence_what_stands_there() {
    let dockerfile = "FROM scratch\n# plimsoll ignore=setuid-file needed for raw sockets\nCOPY ping /bin/ping\n";
    let recipe = "step = [{ by = \"COPY ping /bin/ping # buildkit\", files = [\"4755 0:0 bin/ping x\"] }]";
    let (file, scanned) = scan(&["setuid-file"], dockerfile, recipe, &Context::default());
    assert_eq!((file.findings.len(), file.suppressed.len(), scanned.report.findings.len()), (0, 1, 0));
}

#[test]
fn what_the_dockerfile_says_already_is_said_once() {
    let dockerfile = "FROM scratch\nENV TOKEN=%GITHUB_TOKEN%\nRUN sudo true\n";
    let recipe = "config = { Env = [\"TOKEN=%GITHUB_TOKEN%\"] }\nstep = [{ by = \"ENV TOKEN=%GITHUB_TOKEN%\" }, { by = \"RUN /bin/sh -c sudo true # buildkit\", files = [] }]";
    let dockerfile = support::recipe::with_secrets(dockerfile);
    let (file, scanned) = scan(
        &["secret-in-env", "secret-value", "sudo-used", "secret-in-image-config"],
        &dockerfile,
        recipe,
        &Context::default(),
    );
    let lines: Vec<String> = marks(&file).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines.iter().filter(|line| *line == "3").count(), 1, "{:#?}", file.findings);
    assert!(file.findings.iter().all(|finding| finding.image.is_none()), "{:#?}", file.findings);
    assert_eq!(scanned.report.findings.len(), 0, "{:#?}", scanned.report.findings);
}

#[test]
fn an_image_of_something_else_is_placed_nowhere() {
    let recipe = "step = [{ by = \"RUN /bin/sh -c make install # buildkit\", files = [\"4755 0:0 bin/tool x\"] }]";
    let (file, scanned) = scan(
        &["setuid-file", "image-not-of-dockerfile"],
        "FROM scratch\nCOPY a /b\nCOPY c /d\n",
        recipe,
        &Context::default(),
    );
    let found = marks(&file);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("none of the 2 instructions"), "{found:?}");
    assert_eq!(scanned.report.findings.len(), 1, "it stays with the image");
    // Built with --target: the stage that fits.
    let dockerfile = "FROM scratch AS test\nRUN make install\nFROM scratch\nCOPY a /b\n";
    let (file, scanned) = scan(&["setuid-file", "image-not-of-dockerfile"], dockerfile, recipe, &Context::default());
    assert_eq!((marks(&file)[0].0.as_str(), file.findings.len(), scanned.report.findings.len()), ("2", 1, 0));
}

#[test]
fn hostile_files_end() {
    let dockerfile = format!("FROM scratch\n{}", "RUN a b c d $X\n".repeat(3000));
    let mut recipe = String::new();
    for _ in 0..3000 {
        recipe.push_str("[[step]]\nby = 'RUN a b c d e'\n");
    }
    scan(&["image-not-of-dockerfile"], &dockerfile, &recipe, &Context::default());
    let stages = (0..2000).map(|n| format!("FROM scratch AS s{n}\nRUN x{n}\n")).collect::<Vec<_>>().concat();
    scan(&["image-not-of-dockerfile"], &stages, &recipe, &Context::default());
}
