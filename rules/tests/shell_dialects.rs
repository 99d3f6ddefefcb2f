//! Which shell reads a text, and what is known of the variables in it, as ShellCheck's codes tell.
#![cfg(feature = "shellcheck")]

use plimsoll::engine::{Preset, SelectionSpec};
use plimsoll::{Linter, Settings};

/// The codes of ShellCheck's that a preset shows for a file, each with its line.
fn found(preset: Preset, text: &str) -> Vec<(u32, &'static str)> {
    let spec = SelectionSpec { preset: Some(preset), ..SelectionSpec::default() };
    let linter = Linter::new(&Settings { spec, ..Settings::default() }).expect("the preset exists");
    let report = linter.lint("Dockerfile", text);
    let codes = report.findings.iter().flat_map(|finding| {
        let line = report.lines.position(&report.source, finding.span.start).line;
        finding.alias_names().filter(|alias| alias.starts_with("SC")).map(move |alias| (line, alias))
    });
    codes.collect()
}

const BASHISMS: &str = "RUN [[ \"$A\" == b ]] && echo -e x && source ./x && echo \"${A/b/c}\"\n";

#[test]
fn the_base_image_tells_what_sh_is() {
    let codes = |image: &str| {
        let found = found(Preset::Recommended, &format!("FROM {image}\n{BASHISMS}"));
        found.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
    };
    let all = ["SC3010", "SC3014", "SC3037", "SC3046", "SC3060"];
    for dash in ["debian:13", "ubuntu:24.04", "node:22-bookworm-slim", "python:3.13"] {
        let mut codes = codes(dash);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, all, "{dash}");
    }
    for understands in ["alpine:3.22", "busybox", "nginx:alpine", "fedora:42", "redhat/ubi9", "example.com/unknown:1"] {
        assert_eq!(codes(understands), Vec::<&str>::new(), "{understands}");
    }
    // What busybox does not know either.
    assert_eq!(found(Preset::Recommended, "FROM alpine:3.22\nRUN a=(1 2); echo \"${a[0]}\"\n")[0], (2, "SC3030"));
    assert_eq!(found(Preset::Hadolint, &format!("FROM alpine:3.22\n{BASHISMS}"))[0], (2, "SC3010"));
}

#[test]
fn the_shell_is_followed() {
    let text = format!(
        "FROM debian:13 AS base\n{BASHISMS}SHELL [\"/bin/bash\", \"-c\"]\nENV B=1\nARG C\nUSER 1\n{BASHISMS}\
         FROM base AS child\nARG D\n{BASHISMS}FROM child\n{BASHISMS}FROM debian:13\n{BASHISMS}\
         SHELL [\"/bin/sh\", \"-c\"]\n{BASHISMS}ONBUILD {BASHISMS}"
    );
    let mut lines: Vec<u32> = found(Preset::Hadolint, &text).into_iter().map(|(line, _)| line).collect();
    lines.dedup();
    assert_eq!(lines, [2, 14, 16, 17]);
    for comment in ["hadolint shell=/bin/bash", "plimsoll shell=bash"] {
        assert_eq!(found(Preset::Hadolint, &format!("# {comment}\nFROM debian:13\n{BASHISMS}")), [], "{comment}");
    }
    let heredoc = |first: &str, name: &str| {
        found(Preset::Hadolint, &format!("FROM debian:13\nRUN {name}<<'EOF'\n{first}{}EOF\n", &BASHISMS[4..])).len()
    };
    assert_eq!(heredoc("#!/bin/bash\n", ""), 0);
    assert_eq!(heredoc("#!/usr/bin/env -S bash -e\n", ""), 0);
    assert_eq!(heredoc("#!/usr/bin/env python3\n", ""), 0);
    assert_eq!(heredoc("#!/usr/bin/node\n", ""), 0);
    assert_eq!(heredoc("", "python3 "), 0);
    assert!(heredoc("#!/bin/sh\n", "") > 0);
    assert!(heredoc("", "") > 0);
}

#[test]
fn other_languages_are_left_alone() {
    let windows = "RUN if ($A -eq 1) { rm * } ; Write-Host \"a (b\" $b | foreach { cd $_ }\nCMD if exist x (rm * $b\n";
    for head in [
        "FROM mcr.microsoft.com/powershell\nSHELL [\"pwsh\", \"-Command\"]\n",
        "FROM a\nSHELL [\"C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe\", \"-Command\"]\n",
        "FROM a\nSHELL [\"cmd\", \"/S\", \"/C\"]\n",
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "FROM golang:1.26-nanoserver\n",
        "# escape=`\nFROM a\n",
        "# hadolint shell=pwsh\nFROM a\n",
        "# hadolint shell=powershell\nFROM a\n",
        "# hadolint shell=cmd\nFROM a\n",
    ] {
        assert_eq!(found(Preset::All, &format!("{head}{windows}")), [], "{head}");
    }
    assert!(!found(Preset::All, &format!("FROM a\n{windows}")).is_empty());
}

/// A variable of the Dockerfile is assigned, in the stages built from its own too, and needs no quotes; nor does one
/// whose value is known to hold no space.
#[test]
fn variables_are_known() {
    let text = "ARG version=1\nFROM debian:13 AS base\nENV one=1 two=\"a b\"\nARG three\n\
                RUN cp $one $two $three \"$four\" $five && echo \"$version\"\n\
                FROM base\nARG version\nRUN cp $one $three $version $http_proxy; six=6; cp $six $seven\n\
                RUN for tag in 1.2 1.3; do n=$(wc -l < x); cp $tag $? $# $$ $n; done\n";
    let expected =
        [(5, "SC2154"), (5, "SC2154"), (5, "SC2086"), (5, "SC2154"), (8, "SC2154"), (8, "SC2086"), (9, "SC2086")];
    let mut found = found(Preset::Hadolint, text);
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// Comments and blank lines inside continuations are no part of the script: nothing is wrong with operators behind them.
#[test]
fn comments_in_continuations_are_no_part_of_the_script() {
    for (escape, directive, line_break) in [('\\', "", "\n"), ('\\', "", "\r\n"), ('`', "# escape=`\n", "\n")] {
        let text = format!(
            "{directive}FROM debian:13\nSHELL [\"/bin/sh\", \"-c\"]\nRUN set -e; \\\n# first\n\n  true \\\n  # it's \"here\"\n  && \
             if true; then \\\n# `no`\n    echo a \\\n\n | cat; \\\n  fi \\\n  # last\n  || exit 1\n"
        );
        let text = text.replace("\\\n", &format!("{escape}\n")).replace('\n', line_break);
        assert_eq!(found(Preset::Hadolint, &text), [], "{text}");
    }
}
