//! What peers do not look at: findings there do not carry their ids.

mod support;

use plimsoll::engine::{Preset, SelectionSpec};
use plimsoll::{Linter, Settings};

/// The ids of peers that the findings of a file carry, each once.
fn ids(text: &str) -> Vec<&'static str> {
    let spec = SelectionSpec { preset: Some(Preset::All), ..SelectionSpec::default() };
    let linter = Linter::new(&Settings { spec, ..Settings::default() }).expect("the preset exists");
    let report = linter.lint("Dockerfile", text);
    let mut ids: Vec<&str> = report.findings.iter().flat_map(plimsoll::engine::Finding::alias_names).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn with(ids: &[&'static str], prefix: &str) -> Vec<&'static str> {
    ids.iter().copied().filter(|id| id.starts_with(prefix)).collect()
}

/// `trivy config`, and hadolint, of the same text report these and no others.
#[test]
fn behind_onbuild() {
    let text = "FROM debian:13\nUSER app\nHEALTHCHECK NONE\n\
                ONBUILD RUN cd /x && sudo apt update && apt-get install git | cat\n\
                ONBUILD ADD app /\n\
                ONBUILD ENV API_TOKEN=hunter22\n\
                ONBUILD EXPOSE 22 80000\n\
                ONBUILD WORKDIR app\n\
                ONBUILD COPY --from=nowhere a b c\n\
                ONBUILD CMD app\n";
    let ids = ids(text);
    assert_eq!(with(&ids, "DS-"), Vec::<&str>::new());
    assert_eq!(with(&ids, "CKV"), Vec::<&str>::new());
    assert_eq!(with(&ids, "DL"), ["DL3004", "DL3008", "DL3014", "DL3015", "DL3064", "DL3066"]);
    for id in ["SecretsUsedInArgOrEnv", "WorkdirRelativePath", "JSONArgsRecommended"] {
        assert!(!ids.contains(&id), "{id}");
    }
    let plain = self::ids(&text.replace("ONBUILD ", ""));
    for id in
        ["DS-0004", "DS-0005", "DS-0008", "DS-0010", "DS-0013", "DS-0021", "DS-0031", "DL3003", "DL3011", "DL3020"]
    {
        assert!(plain.contains(&id), "{id}");
    }
}

/// hadolint takes `sudo` for the command and does not see what it runs.
#[test]
fn behind_wrappers() {
    let found =
        with(&ids("FROM fedora:42\nRUN sudo dnf install -y git $(cat list) httpd\nUSER 1\nHEALTHCHECK NONE\n"), "DL");
    assert_eq!(found, ["DL3004"]);
    let found = with(&ids("FROM fedora:42\nRUN sudo true && dnf install -y git\nUSER 1\nHEALTHCHECK NONE\n"), "DL");
    assert_eq!(found, ["DL3004", "DL3040", "DL3041"]);
    let found =
        with(&ids("FROM debian:13\nRUN sh -c 'apt-get update && apt install curl'\nUSER 1\nHEALTHCHECK NONE\n"), "DL");
    assert_eq!(found, Vec::<&str>::new());
}

/// hadolint gives ShellCheck the text of `RUN` and no other; ids of ShellCheck's still select and silence the others.
#[cfg(feature = "shellcheck")]
#[test]
fn commands_of_containers() {
    let text = "FROM debian:13\nRUN echo $A\nONBUILD RUN echo $A\nCMD echo $A\nENTRYPOINT echo $A\n\
                HEALTHCHECK CMD echo $A\nONBUILD CMD echo $A\n";
    let lines = |spec: SelectionSpec| {
        let linter = Linter::new(&Settings { spec, ..Settings::default() }).expect("known ids");
        let report = linter.lint("Dockerfile", text);
        let found = report.findings.iter().filter(|finding| finding.alias_names().any(|alias| alias == "SC2086"));
        found.map(|finding| report.lines.position(&report.source, finding.span.start).line).collect::<Vec<_>>()
    };
    let hadolint = SelectionSpec { preset: Some(Preset::Hadolint), ..SelectionSpec::default() };
    let code = || vec!["SC2086".to_owned()];
    assert_eq!(lines(hadolint.clone()), [2, 3]);
    assert_eq!(lines(SelectionSpec { extend_select: code(), ..hadolint }), [2, 3, 4, 5, 6, 7]);
    assert_eq!(lines(SelectionSpec { select: Some(code()), ..SelectionSpec::default() }), [2, 3, 4, 5, 6, 7]);
    let all = SelectionSpec { preset: Some(Preset::All), ..SelectionSpec::default() };
    assert_eq!(lines(all.clone()), [2, 3, 4, 5, 6, 7]);
    assert_eq!(lines(SelectionSpec { ignore: code(), ..all }), Vec::<u32>::new());
}

/// hadolint keeps one finding of ShellCheck's for an instruction, the last (SC2086 here); nothing of ours is lost.
#[cfg(feature = "shellcheck")]
#[test]
fn each_code_of_an_instruction() {
    assert_eq!(with(&ids("FROM debian:13\nRUN rm *; cp $A b\n"), "SC"), ["SC2035", "SC2086"]);
}

/// hadolint sees through what the shell itself knows, and through a heredoc for a shell.
#[test]
fn behind_builtins() {
    let with_end = |text: &str| format!("FROM debian:13\n{text}\nUSER 1\nHEALTHCHECK NONE\n");
    for text in
        ["RUN command cd /x", "RUN time cd /x", "RUN exec cd /x", "RUN builtin cd /x", "RUN <<EOF bash\ncd /x\nEOF"]
    {
        assert_eq!(with(&ids(&with_end(text)), "DL"), ["DL3003"], "{text}");
    }
    assert_eq!(with(&ids(&with_end("RUN nice cd /x")), "DL"), Vec::<&str>::new());
}

/// To hadolint the words of an exec form are one text, of which `sh -c` swallows the first command.
#[test]
fn behind_the_shell_of_an_exec_form() {
    let text = "FROM debian:13\nRUN [\"sh\", \"-c\", \"apt install x && sudo x\"]\nUSER 1\nHEALTHCHECK NONE\n";
    assert_eq!(with(&ids(text), "DL"), ["DL3004"]);
}

/// hadolint calls neither `pypy` nor a path Python's `pip`, and does not know `tar` without a dash.
#[test]
fn by_other_names() {
    let with_end = |text: &str| format!("FROM debian:13\n{text}\nUSER 1\nHEALTHCHECK NONE\n");
    assert_eq!(with(&ids(&with_end("RUN pypy3 -m pip install flask")), "DL"), Vec::<&str>::new());
    assert_eq!(with(&ids(&with_end("RUN pip-3.6 install flask")), "DL"), ["DL3013", "DL3042"]);
    assert_eq!(with(&ids(&with_end("COPY a.tgz /\nRUN tar xzf /a.tgz")), "DL"), Vec::<&str>::new());
    assert_eq!(with(&ids(&with_end("COPY a.tgz /\nRUN tar -xzf /a.tgz")), "DL"), ["DL3010"]);
}

/// trivy leaves variables that point to files with credentials to its look at what is copied.
#[test]
fn names_of_files_with_credentials() {
    for name in ["HF_TOKEN_PATH", "GOOGLE_APPLICATION_CREDENTIALS", "AWS_CONFIG_FILE"] {
        assert!(!ids(&format!("FROM debian:13\nARG {name}\nENV {name}=/x\n")).contains(&"DS-0031"), "{name}");
    }
    assert!(ids("FROM debian:13\nARG MY_TOKEN_PATH\n").contains(&"DS-0031"));
    assert!(ids("FROM debian:13\nENV hf_token_path=/x\n").contains(&"DS-0031"));
}
