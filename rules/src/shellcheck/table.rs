//! The rules: what each code means, in our own words, with examples that run as tests.
//!
//! Only codes of which 95 of 100 findings are also ShellCheck's are here; `testdata/peers/shellcheck.md` tells.

use crate::rule::{Check, Rule};
use plimsoll_engine::{Category, Confidence, Input, RuleMeta, Severity, Status};

/// A rule for each code: number, id, severity, category, presets, whether it may offer a fix; what it flags, why that
/// matters, an example that it flags and one that it does not, each behind a `FROM`.
macro_rules! shellcheck_rules {
    ($(
        $code:literal $id:literal $severity:ident $category:ident [$($preset:ident)*] $fixable:ident:
        $what:literal $why:literal $bad:literal $good:literal;
    )*) => {
        pub(super) static RULES: &[Rule] = &[$(Rule {
            meta: RuleMeta {
                id: $id,
                input: Input::Dockerfile,
                doc: concat!(
                    "## What it does\n", $what, "\n\n## Why is this bad?\n", $why,
                    "\n\n## Example\n```dockerfile,finding\nFROM debian:13\n", $bad,
                    "\n```\nUse instead:\n```dockerfile,clean\nFROM debian:13\n", $good, "\n```\n",
                ),
                category: Category::$category,
                severity: Severity::$severity,
                confidence: Confidence::High,
                presets: &[$(plimsoll_engine::OwnPreset::$preset),*],
                since: "0.1.0",
                status: Status::Preview,
                aliases: &[concat!("SC", $code)],
                fixable: $fixable,
            },
            check: Check::ShellCheck($code),
        }),*];
    };
}

shellcheck_rules! {
    1001 "needless-backslash" Info Style [] true:
        "Flags a backslash before a character that needs none."
        "The shell takes the backslash away, so the command never sees it. Where it was meant for the command, as in a \
         pattern, it has to stand in quotes."
        r"RUN mkdir foo\_bar"
        r"RUN mkdir foo_bar";
    1003 "backslash-before-single-quote" Info Correctness [] true:
        "Flags a backslash right before the single quote that ends a string."
        "Single quotes know no escapes: the backslash is a part of the string, and the quote ends it all the same."
        r"RUN sed -i '$a\' /etc/hosts"
        r"RUN sed -i '$d' /etc/hosts";
    1007 "space-after-assignment" Warning Correctness [] true:
        "Flags a space behind the `=` of an assignment."
        "The variable becomes empty, and what stands behind the space is run as a command."
        "RUN version= 1.2 && echo \"$version\""
        "RUN version=1.2 && echo \"$version\"";
    1010 "keyword-without-separator" Warning Correctness [] false:
        "Flags keywords such as `done` where they stand as arguments, without a separator before them."
        "Without `;` before it the word is an argument of the command, and the loop goes on."
        "RUN for i in 1 2; do echo \"$i\"; echo done; done"
        "RUN for i in 1 2; do echo \"$i\"; echo 'done'; done";
    1012 "unquoted-control-escape" Warning Correctness [Recommended] false:
        r"Flags `\n`, `\t` and `\r` outside of quotes."
        "The shell takes the backslash away and leaves the letter: what is printed is an `n`, and no line break."
        r"RUN printf a\nb"
        r"RUN printf 'a\nb'";
    1037 "positional-parameter-without-braces" Error Correctness [Recommended] true:
        "Flags `$10` and higher parameters without braces."
        "It is read as `$1` with a `0` behind it."
        "RUN f() { echo \"$10\"; }; f 1 2 3 4 5 6 7 8 9 10"
        "RUN f() { echo \"${10}\"; }; f 1 2 3 4 5 6 7 8 9 10";
    1039 "heredoc-end-indented" Error Correctness [Recommended] true:
        "Flags an indented line that would end a heredoc."
        "Only `<<-` takes indentation away, and only tabs: the heredoc goes on up to the end of the text."
        "RUN <<OUTER\ncat <<EOF\nhello\n    EOF\nOUTER"
        "RUN <<OUTER\ncat <<EOF\nhello\nEOF\nOUTER";
    1040 "heredoc-end-indented-with-spaces" Error Correctness [Recommended] true:
        "Flags spaces before the line that ends a `<<-` heredoc."
        "`<<-` takes away tabs and no spaces: the heredoc goes on up to the end of the text."
        "RUN <<OUTER\ncat <<-EOF\nhello\n    EOF\nOUTER"
        "RUN <<OUTER\ncat <<-EOF\nhello\nEOF\nOUTER";
    1044 "heredoc-without-end" Error Correctness [Recommended] true:
        "Flags a heredoc without a line that ends it."
        "All that follows is its text: none of the commands in it is run."
        "RUN <<OUTER\ncat <<EOF\nhello\nOUTER"
        "RUN <<OUTER\ncat <<EOF\nhello\nEOF\nOUTER";
    1075 "else-if" Error Correctness [] false:
        "Flags `else if` where `elif` is meant."
        "It opens another `if`, which needs a `fi` of its own."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN <<EOF\nif test -e /a; then\n  echo a\nelse if test -e /b; then\n  echo b\nfi\nfi\nEOF"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN <<EOF\nif test -e /a; then\n  echo a\nelif test -e /b; then\n  echo b\nfi\nEOF";
    1080 "line-break-in-test" Error Correctness [Recommended] true:
        "Flags a `[` test that goes on in the next line."
        "A line break ends the command `[`, which then misses its `]`."
        "RUN <<EOF\nif [ \"$HOME\" = /\n]; then echo root; fi\nEOF"
        "RUN <<EOF\nif [ \"$HOME\" = / ]; then echo root; fi\nEOF";
    1083 "literal-brace" Warning Correctness [] true:
        "Flags `{` and `}` that stand for themselves where they look like syntax of the shell."
        "A brace that was meant for the shell has no effect here; one that was meant for the command should stand in \
         quotes."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN git show HEAD@{1}"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN git show 'HEAD@{1}'";
    1087 "array-element-without-braces" Error Correctness [] true:
        "Flags an index or a bracket expression right behind a variable without braces."
        "The variable ends before the `[`, and what follows is a pattern."
        "RUN for key in a b; do printf '%s' \"$key[0]\"; done"
        "RUN for key in a b; do printf '%s' \"${key}[0]\"; done";
    1097 "assignment-with-two-equal-signs" Error Correctness [Recommended] true:
        "Flags `NAME==value`."
        "The second `=` is a part of the value."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN while IFS== read -r key value; do echo \"$key $value\"; done < /etc/os-release"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN while IFS='=' read -r key value; do echo \"$key $value\"; done < /etc/os-release";
    1105 "double-parenthesis-without-space" Error Correctness [] true:
        "Flags `((` that was meant to open two subshells."
        "It opens arithmetic; shells guess in different ways what was meant."
        "RUN ((ls /a | grep b) || true) 2>/dev/null"
        "RUN ( (ls /a | grep b) || true) 2>/dev/null";
    1112 "typographic-single-quote" Warning Correctness [] true:
        "Flags a curly quote inside of single quotes."
        "It does not end the string, as the straight quote that was meant would."
        "RUN echo 'it’s here'"
        "RUN echo \"it's here\"";
    1127 "comment-in-c-style" Error Correctness [Recommended] true:
        "Flags `//` and `/*` where a comment is meant."
        "A comment of the shell begins with `#`; the line is run as a command."
        "RUN <<EOF\n/* install */\ntrue\nEOF"
        "RUN <<EOF\n# install\ntrue\nEOF";
    1132 "background-operator-before-word" Warning Correctness [] true:
        "Flags `&` with a word right behind it."
        "It ends a command and leaves it in the background, which an address or a symbol in C was not meant to do."
        "RUN curl https://example.com/?a=1 &b=2"
        "RUN curl 'https://example.com/?a=1&b=2'";
    1143 "continuation-before-comment" Error Correctness [] true:
        "Flags a comment between lines that a backslash joins."
        "In a shell the joined line ends at the comment, and what follows is a command of its own. (In the Dockerfile \
         itself such comments are fine; this is about texts that a shell reads as they stand.)"
        "RUN <<EOF\necho one \\\n# two \\\nthree\nEOF"
        "RUN <<EOF\necho one \\\nthree\nEOF";
    2001 "sed-on-a-variable" Style Style [] false:
        "Flags `echo \"$variable\" | sed` for a replacement that the shell can do."
        "Two processes are started for what `${variable/old/new}` does."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(uname -r); echo \"$v\" | sed 's/-.*//'"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(uname -r); echo \"${v%%-*}\"";
    2003 "expr-arithmetic" Style Style [] false:
        "Flags `expr` for arithmetic."
        "`$((...))` does the same without a process, and needs no escapes."
        "RUN for i in 1 2; do head -n \"$(expr $i + 1)\" /etc/hosts; done"
        "RUN for i in 1 2; do head -n \"$((i + 1))\" /etc/hosts; done";
    2004 "dollar-in-arithmetic" Style Style [] true:
        "Flags `$` before a variable inside of `$((...))`."
        "Names stand for their values there; the `$` only makes it harder to read."
        "RUN for i in 1 2; do head -n \"$(($i + 1))\" /etc/hosts; done"
        "RUN for i in 1 2; do head -n \"$((i + 1))\" /etc/hosts; done";
    2005 "echo-of-command-output" Style Style [] true:
        "Flags `echo \"$(command)\"`."
        "The command prints by itself; `echo` only hides its failure."
        "RUN echo \"$(date)\""
        "RUN date";
    2006 "backtick-substitution" Style Style [] false:
        "Flags command substitutions in backticks."
        "They do not nest without escapes, and backslashes in them have rules of their own; `$(...)` has neither fault."
        "RUN echo \"built on `uname -m`\""
        "RUN echo \"built on $(uname -m)\"";
    2007 "old-arithmetic" Style Style [] true:
        "Flags `$[...]`."
        "It is an old form of `$((...))` that only Bash still reads."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN echo \"$[1 + 2]\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN echo \"$((1 + 2))\"";
    2010 "ls-piped-to-grep" Warning Correctness [] false:
        "Flags `ls | grep`."
        "`ls` writes for people: names with line breaks or unusual characters come out changed. A pattern of the \
         shell, or `find`, gives the names as they are."
        "RUN ls /srv | grep app"
        "RUN for file in /srv/*app*; do echo \"$file\"; done";
    2011 "ls-piped-to-xargs" Warning Correctness [] false:
        "Flags `ls | xargs`."
        "`xargs` splits names at blanks and quotes; `find -exec` hands them on as they are."
        "RUN ls /srv/*.txt | xargs rm"
        "RUN rm /srv/*.txt";
    2012 "ls-output-processed" Info Correctness [] false:
        "Flags programs that process what `ls` prints."
        "`ls` writes for people: columns and names vary. `find` and `stat` print what a program can read."
        "RUN ls /srv | wc -l"
        "RUN find /srv -maxdepth 1 -type f -printf . | wc -c";
    2013 "for-over-words-of-file" Info Correctness [] false:
        "Flags `for` over `$(cat file)`."
        "It goes over words, not lines, and expands `*` in them; `while read -r` reads lines."
        "RUN for line in $(cat /etc/hosts); do echo \"$line\"; done"
        "RUN while read -r line; do echo \"$line\"; done < /etc/hosts";
    2014 "expansion-before-find-runs" Info Correctness [] true:
        "Flags substitutions in the command of `find -exec` that the shell expands first."
        "They are expanded once, before `find` runs, and not for each file."
        "RUN find /srv -name '*.c' -exec gcc -o $(basename {} .c) {} \\;"
        "RUN find /srv -name '*.c' -exec sh -c 'gcc -o \"$(basename \"$1\" .c)\" \"$1\"' x {} \\;";
    2015 "and-or-as-condition" Info Correctness [] false:
        "Flags `a && b || c` used as if-then-else."
        "`c` runs also where `a` succeeds and `b` fails."
        "RUN test -e /a && rm -r /a || mkdir /b"
        "RUN if test -e /a; then rm -r /a; else mkdir /b; fi";
    2016 "expansion-in-single-quotes" Info Correctness [] true:
        "Flags `$` expressions in single quotes."
        "Nothing is expanded there. It is right for what another program expands (`sh -c`, `awk`), and a slip where the \
         value was wanted."
        "RUN echo 'home is $HOME'"
        "RUN echo \"home is $HOME\"";
    2018 "tr-lower-range" Info Correctness [] false:
        "Flags `a-z` for `tr`."
        "The range holds only the letters of English; `[:lower:]` holds those of the locale."
        "RUN uname | tr 'a-z' _"
        "RUN uname | tr '[:lower:]' _";
    2019 "tr-upper-range" Info Correctness [] false:
        "Flags `A-Z` for `tr`."
        "The range holds only the letters of English; `[:upper:]` holds those of the locale."
        "RUN uname | tr 'A-Z' _"
        "RUN uname | tr '[:upper:]' _";
    2024 "sudo-with-redirection" Warning Correctness [] false:
        "Flags redirections of a command behind `sudo`."
        "The shell opens the file before `sudo` runs, as the user that it is: the file has to be writable without \
         `sudo`."
        "RUN sudo echo 127.0.0.1 a > /etc/hosts"
        "RUN echo 127.0.0.1 a | sudo tee /etc/hosts";
    2026 "unquoted-word-between-quotes" Info Correctness [] true:
        "Flags a word between two single-quoted parts."
        "The inner quotes end the string and begin another: they do not reach the command."
        "RUN sed -i 's/title/'default'/' /etc/motd"
        "RUN sed -i \"s/title/'default'/\" /etc/motd";
    2027 "quotes-end-around-variable" Warning Correctness [] true:
        "Flags quotes inside of a string in quotes, around a variable."
        "The inner quotes end the string: the variable stands unquoted, and the quotes are not printed."
        "RUN for i in *; do echo \"skipping \"$i\" now\"; done"
        "RUN for i in *; do echo \"skipping $i now\"; done";
    2028 "echo-with-escapes" Info Correctness [] false:
        r"Flags `echo` with `\n`, `\t` and the like in quotes."
        "Some shells turn them into a line break or a tab, others print them as they stand: dash and busybox do one, \
         Bash the other. `printf` is the same everywhere."
        r"RUN echo 'one\ntwo' > /srv/list"
        r"RUN printf 'one\ntwo\n' > /srv/list";
    2029 "ssh-expands-here" Info Correctness [] true:
        "Flags variables in the double-quoted command of `ssh`."
        "They are expanded here and not on the other host."
        "RUN ssh host \"ls $HOME\""
        "RUN ssh host 'ls $HOME'";
    2030 "assignment-in-subshell" Info Correctness [] false:
        "Flags an assignment in a subshell to a variable that is read outside of it."
        "A subshell has variables of its own: the value is gone behind it."
        "RUN count=0; (count=1); echo \"$count\""
        "RUN count=0; { count=1; }; echo \"$count\"";
    2031 "variable-changed-in-subshell" Info Correctness [] false:
        "Flags reading a variable that was changed in a subshell only."
        "A subshell, as each part of a pipe is one, has variables of its own: the old value is read."
        "RUN n=0; ls | while read -r _; do n=1; done; echo \"$n\""
        "RUN n=0; for _ in *; do n=1; done; echo \"$n\"";
    2034 "unused-shell-variable" Warning Correctness [] true:
        "Flags a variable that is assigned and never read."
        "Most often its name is misspelt in one place, or `export` is missing."
        "RUN version=1.2; curl -O https://example.com/app-1.2.tar.gz"
        "RUN version=1.2; curl -O https://example.com/app-$version.tar.gz";
    2035 "glob-may-become-option" Info Correctness [] true:
        "Flags `*` at the start of an argument."
        "A file whose name begins with `-` is taken for an option."
        "RUN rm *"
        "RUN rm ./*";
    2043 "loop-runs-once" Warning Correctness [] false:
        "Flags a loop over a single constant word."
        "It runs once. Most often a `$` or a pattern was meant."
        "RUN for file in config; do cat \"$file\"; done"
        "RUN for file in config/*; do cat \"$file\"; done";
    2044 "for-over-find" Warning Correctness [] false:
        "Flags `for` over what `find` prints."
        "Names are split at blanks, and `*` in them is expanded; `find -exec` hands them on as they are."
        "RUN for file in $(find /srv -name '*.txt'); do cat \"$file\"; done"
        "RUN find /srv -name '*.txt' -exec cat {} +";
    2045 "for-over-ls" Error Correctness [] false:
        "Flags `for` over what `ls` prints."
        "Names are split at blanks, and those with unusual characters come out changed; a pattern gives them as they \
         are."
        "RUN for file in $(ls /srv); do cat \"/srv/$file\"; done"
        "RUN for file in /srv/*; do cat \"$file\"; done";
    2046 "unquoted-command-substitution" Warning Correctness [] true:
        "Flags `$(...)` without quotes where the shell splits what it prints."
        "The output is split at blanks and line breaks, and `*` in it turns into file names. That is meant where it is \
         a list of packages, and a fault where it is one path."
        "RUN rm -r $(cat /srv/path)"
        "RUN rm -r \"$(cat /srv/path)\"";
    2048 "unquoted-all-parameters" Warning Correctness [] true:
        "Flags `$*` and `${array[*]}` without quotes."
        "Parameters with blanks are split; `\"$@\"` keeps each as it is."
        "RUN f() { for i in $*; do echo \"$i\"; done; }; f 'a b'"
        "RUN f() { for i in \"$@\"; do echo \"$i\"; done; }; f 'a b'";
    2053 "unquoted-comparison-pattern" Warning Correctness [] true:
        "Flags an unquoted variable on the right of `=` or `!=` in `[[ ]]`."
        "Its value is taken for a pattern, in which `*` and `[` mean something."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(date); [[ $a == $HOME ]] || true"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(date); [[ $a == \"$HOME\" ]] || true";
    2054 "comma-in-array" Warning Correctness [] false:
        "Flags commas between the elements of an array."
        "Elements are separated by blanks; the comma becomes a part of one."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN parts=(alpha,beta); echo \"${parts[@]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN parts=(alpha beta); echo \"${parts[@]}\"";
    2059 "variable-in-printf-format" Info Correctness [] false:
        "Flags variables in the format of `printf`."
        "A `%` or a backslash in the value is taken for a part of the format."
        "RUN name=$(uname); printf \"hello $name\\n\""
        "RUN name=$(uname); printf 'hello %s\\n' \"$name\"";
    2060 "unquoted-tr-class" Warning Correctness [] true:
        "Flags unquoted `[...]` arguments of `tr`."
        "They turn into the name of a file where one fits, such as a file `a` for `[:alpha:]`."
        "RUN uname | tr '[:upper:]' [:lower:]"
        "RUN uname | tr '[:upper:]' '[:lower:]'";
    2061 "unquoted-find-pattern" Warning Correctness [Recommended] true:
        "Flags unquoted patterns for `find -name` and its kin."
        "The shell expands the pattern first where files of the current folder fit: `find` then looks for that file \
         only, or fails."
        "RUN find /srv -name *.pyc -delete"
        "RUN find /srv -name '*.pyc' -delete";
    2062 "unquoted-grep-pattern" Warning Correctness [] true:
        "Flags unquoted patterns of `grep`."
        "The shell expands the pattern first where files of the current folder fit."
        "RUN grep -E item,[0-4] /etc/hosts"
        "RUN grep -E 'item,[0-4]' /etc/hosts";
    2063 "grep-pattern-begins-with-star" Warning Correctness [] false:
        "Flags patterns of `grep` that begin with `*`."
        "`grep` takes regular expressions, in which `*` repeats what stands before it, and here nothing does."
        "RUN grep '*app' /etc/hosts"
        "RUN grep 'app' /etc/hosts";
    2064 "trap-expands-early" Warning Correctness [] true:
        "Flags variables in the double-quoted command of `trap`."
        "They are expanded when the trap is set and not when it runs."
        "RUN dir=$(mktemp -d); trap \"rm -r $dir\" EXIT; touch \"$dir/a\""
        "RUN dir=$(mktemp -d); trap 'rm -r \"$dir\"' EXIT; touch \"$dir/a\"";
    2066 "quoted-list-in-for" Error Correctness [Recommended] true:
        "Flags a `for` over a single quoted expansion that was meant to be a list."
        "In quotes it is one word: the loop runs once."
        "RUN f() { for i in \"$*\"; do echo \"$i\"; done; }; f a b"
        "RUN f() { for i in \"$@\"; do echo \"$i\"; done; }; f a b";
    2068 "unquoted-parameters" Error Correctness [] true:
        "Flags `$@` and `${array[@]}` without quotes."
        "Elements with blanks are split, and `*` in them is expanded."
        "RUN f() { cp $@; }; f a b"
        "RUN f() { cp \"$@\"; }; f a b";
    2070 "unquoted-variable-after-n" Error Correctness [Recommended] true:
        "Flags `[ -n $variable ]` without quotes."
        "With an empty value `[ -n ]` is left, which is true: the test never fails."
        "RUN v=$(cat /a); if [ -n $v ]; then echo set; fi"
        "RUN v=$(cat /a); if [ -n \"$v\" ]; then echo set; fi";
    2071 "redirection-in-test" Error Correctness [Recommended] true:
        "Flags `<` and `>` for numbers in tests."
        "In `[ ]` they are redirections, `>` writes a file of that name; in `[[ ]]` they compare text, by which 10 comes \
         before 9."
        "RUN n=$(nproc); if [ \"$n\" > 4 ]; then echo many; fi"
        "RUN n=$(nproc); if [ \"$n\" -gt 4 ]; then echo many; fi";
    2072 "decimals-compared-as-text" Error Correctness [Recommended] false:
        "Flags `<` and `>` with decimal numbers in `[[ ]]`."
        "They are compared as text, by which 1.9 comes behind 1.27. `sort -V` or `dpkg --compare-versions` compares \
         versions."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if [[ $v < 1.27 ]]; then echo old; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if dpkg --compare-versions \"$v\" lt 1.27; then echo old; fi";
    2076 "quoted-regular-expression" Warning Correctness [] true:
        "Flags quotes around the right side of `=~`."
        "What stands in quotes is compared as text and not as a regular expression."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if [[ $v =~ \"^1.*\" ]]; then echo one; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if [[ $v =~ ^1.* ]]; then echo one; fi";
    2078 "constant-test" Error Correctness [Recommended] false:
        "Flags a test of a constant word."
        "It is always true. Most often a `$` is missing, or the brackets around a command are too many."
        "RUN if [ DEBUG ]; then echo debug; fi"
        "RUN if [ \"$DEBUG\" ]; then echo debug; fi";
    2081 "pattern-in-single-brackets" Error Correctness [Recommended] true:
        "Flags patterns in comparisons of `[ ]`."
        "`[` compares text only; a `case`, or `[[` of Bash, compares with patterns."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN arch=$(uname -m); if [ \"$arch\" = i?86 ]; then echo x86; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN arch=$(uname -m); if [[ \"$arch\" = i?86 ]]; then echo x86; fi";
    2086 "unquoted-variable" Info Correctness [] true:
        "Flags variables without quotes where the shell splits their value into words."
        "An unquoted value is split at blanks, and words with `*`, `?` or `[` in it turn into file names. What works for \
         today's value breaks, or removes the wrong files, with another one. Variables of `ENV` and `ARG` are taken to \
         hold one word."
        "RUN for dir in /srv/*; do rm -r $dir/cache; done"
        "RUN for dir in /srv/*; do rm -r \"$dir/cache\"; done";
    2088 "tilde-in-quotes" Warning Correctness [] true:
        "Flags `~` in quotes."
        "In quotes it is a plain character: a folder of the name `~` is meant then."
        "RUN mkdir \"~/.ssh\""
        "RUN mkdir ~/.ssh";
    2089 "quotes-in-value" Warning Correctness [] false:
        "Flags quotes inside of a value that is later expanded without quotes."
        "Quotes in a value are plain characters: they do not hold words together, and reach the command."
        "RUN args='--name \"hello world\"'; printf '%s\\n' $args"
        "RUN set -- --name 'hello world'; printf '%s\\n' \"$@\"";
    2090 "quotes-in-value-not-read" Warning Correctness [] false:
        "Flags expanding a value that holds quotes of its own."
        "Quotes in a value are plain characters: they do not hold words together, and reach the command."
        "RUN args='--name \"hello world\"'; printf '%s\\n' $args"
        "RUN set -- --name 'hello world'; printf '%s\\n' \"$@\"";
    2091 "output-run-as-command" Warning Correctness [Recommended] true:
        "Flags `$(command)` where a command stands."
        "What the command prints is run as a command. Most often only the exit code was wanted."
        "RUN if $(grep -q root /etc/passwd); then echo yes; fi"
        "RUN if grep -q root /etc/passwd; then echo yes; fi";
    2092 "backtick-output-run-as-command" Warning Correctness [Recommended] true:
        "Flags a command in backticks where a command stands."
        "What the command prints is run as a command."
        "RUN if `grep -q root /etc/passwd`; then echo yes; fi"
        "RUN if grep -q root /etc/passwd; then echo yes; fi";
    2094 "same-file-read-and-written" Info Correctness [Recommended] false:
        "Flags a pipe or a command that reads the file to which it is redirected."
        "The shell empties the file before the command reads it."
        "RUN sort /etc/hosts | grep -v '#' > /etc/hosts"
        "RUN sort /etc/hosts | grep -v '#' > /tmp/hosts && mv /tmp/hosts /etc/hosts";
    2097 "assignment-not-seen-by-command" Warning Correctness [Recommended] false:
        "Flags an assignment before a command that reads the variable in its own words."
        "The words are expanded before the assignment holds: they see the old value. Only the program itself sees the \
         new one."
        "RUN PREFIX=/usr/local ./configure --prefix=\"$PREFIX\""
        "RUN PREFIX=/usr/local; ./configure --prefix=\"$PREFIX\"";
    2098 "expansion-does-not-see-assignment" Warning Correctness [] true:
        "Flags reading a variable in the words of a command before which it is assigned."
        "The words are expanded before the assignment holds: they see the old value."
        "RUN PREFIX=/usr/local ./configure --prefix=\"$PREFIX\""
        "RUN PREFIX=/usr/local; ./configure --prefix=\"$PREFIX\"";
    2102 "characters-twice-in-brackets" Info Correctness [] true:
        "Flags words in `[...]` patterns outside of quotes."
        "Brackets stand for one of their characters, not for a word. Names such as `package[extra]` belong in quotes."
        "RUN pip install uvicorn[standard]"
        "RUN pip install 'uvicorn[standard]'";
    2103 "cd-back" Info Correctness [] false:
        "Flags `cd ..` to come back from a `cd`."
        "Where the first `cd` fails, the second one leaves the folder that was right. A subshell comes back by itself."
        "RUN for dir in /srv/*; do cd \"$dir\"; make; cd ..; done"
        "RUN for dir in /srv/*; do (cd \"$dir\" && make); done";
    2104 "loop-word-in-function" Error Correctness [Recommended] true:
        "Flags `break` and `continue` in a function, outside of a loop."
        "They have no loop to leave; `return` leaves a function."
        "RUN f() { continue; }; f"
        "RUN f() { return; }; f";
    2112 "function-keyword-in-sh" Warning Correctness [] true:
        "Flags `function name()`."
        "`sh` does not know the keyword; `name()` works everywhere."
        "RUN function greet() { echo hi; }; greet"
        "RUN greet() { echo hi; }; greet";
    2113 "function-keyword-without-brackets" Warning Correctness [] false:
        "Flags `function name` without brackets."
        "`sh` does not know the keyword; `name()` works everywhere."
        "RUN function greet { echo hi; }; greet"
        "RUN greet() { echo hi; }; greet";
    2115 "rm-with-maybe-empty-variable" Warning Correctness [Recommended] false:
        "Flags `rm -r \"$variable/\"` and the like."
        "Where the variable is empty, the root folder is removed. `${variable:?}` stops instead."
        "RUN dir=$(cat /dir); rm -rf \"$dir\"/*"
        "RUN dir=$(cat /dir); rm -rf \"${dir:?}\"/*";
    2116 "needless-echo" Style Style [] false:
        "Flags `$(echo ...)`."
        "It gives what stands behind `echo`, with one process more."
        "RUN name=$(echo \"app-1.2\"); mkdir \"$name\""
        "RUN name=app-1.2; mkdir \"$name\"";
    2117 "su-waits-for-input" Info Correctness [] false:
        "Flags `su user` with commands behind it."
        "`su` starts a shell of its own; the commands behind it run as the user from before. `su user -c` runs one."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN <<EOF\nsu app\nwhoami\nEOF"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN <<EOF\nsu app -c whoami\nEOF";
    2119 "function-called-without-arguments" Info Correctness [] false:
        "Flags calling a function without arguments that reads `$1`."
        "In a function `$1` is its own argument and not the script's."
        "RUN greet() { echo \"hello $1\"; }; greet"
        "RUN greet() { echo \"hello $1\"; }; greet you";
    2120 "function-argument-never-given" Warning Correctness [] false:
        "Flags a function that reads arguments which no call gives."
        "In a function `$1` is its own argument and not the script's."
        "RUN greet() { echo \"hello $1\"; }; greet"
        "RUN greet() { echo \"hello $1\"; }; greet you";
    2121 "set-for-assignment" Warning Correctness [] true:
        "Flags `set` used to assign a variable or with options without a dash."
        "`set` changes the parameters `$1`, `$2`; neither a variable nor an option is set."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN set euo pipefail; make"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN set -euo pipefail; make";
    2124 "list-assigned-to-string" Warning Correctness [] true:
        "Flags assigning `$@` to a plain variable."
        "The parameters are joined into one string; where one ends is lost."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN f() { all=\"$@\"; echo \"$all\"; }; f a b"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN f() { all=(\"$@\"); echo \"${all[0]}\"; }; f a b";
    2125 "glob-in-assignment" Warning Correctness [] true:
        "Flags `*` and braces in the value of a plain variable."
        "Nothing is expanded there; it happens wherever the variable is used without quotes."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN files=*.txt; ls \"$files\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN files=(*.txt); ls \"${files[@]}\"";
    2126 "grep-counted-by-wc" Style Style [] true:
        "Flags `grep | wc -l`."
        "`grep -c` counts by itself."
        "RUN grep foo /etc/hosts | wc -l"
        "RUN grep -c foo /etc/hosts";
    2127 "case-fall-through-in-sh" Error Correctness [] false:
        "Flags `;&` and `;;&` in a `case` of `sh`."
        "Only Bash, ksh and zsh know them; others refuse the text."
        "RUN x=$(uname); case $x in Linux) echo a ;;& *) echo b ;; esac"
        "RUN x=$(uname); case $x in Linux) echo a; echo b ;; *) echo b ;; esac";
    2128 "array-without-index" Warning Correctness [] false:
        "Flags an array that is expanded without an index."
        "It gives the first element only."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); echo \"$list\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); echo \"${list[@]}\"";
    2129 "redirect-each-of-many" Style Style [] false:
        "Flags three or more commands in a row that append to one file."
        "`{ a; b; c; } >> file` opens the file once and says it once."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN echo a >> /etc/motd; echo b >> /etc/motd; echo c >> /etc/motd"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN { echo a; echo b; echo c; } >> /etc/motd";
    2139 "alias-expands-early" Warning Correctness [] true:
        "Flags variables in the double-quoted value of an `alias`."
        "They are expanded when the alias is defined and not when it is used."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN alias here=\"cd $HOME\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN alias here='cd $HOME'";
    2140 "word-between-quoted-parts" Warning Correctness [] true:
        "Flags a word between two double-quoted parts."
        "The inner quotes end the string and begin another: they do not reach the command."
        "RUN echo \"left \"middle\" right\""
        "RUN echo \"left \\\"middle\\\" right\"";
    2143 "grep-output-tested" Style Style [] false:
        "Flags testing whether `grep` printed something."
        "`grep -q` says so with its exit code, and stops at the first line."
        "RUN if [ -n \"$(grep root /etc/passwd)\" ]; then echo yes; fi"
        "RUN if grep -q root /etc/passwd; then echo yes; fi";
    2145 "parameters-in-string" Error Correctness [] false:
        "Flags `$@` in a string with other text."
        "The string falls apart into one word for each parameter; `$*` joins them."
        "RUN f() { echo \"items: $@\"; }; f a b"
        "RUN f() { echo \"items: $*\"; }; f a b";
    2154 "unassigned-shell-variable" Warning Correctness [] false:
        "Flags reading a variable in lower case that nothing assigns: no command before it, no `ARG`, no `ENV`."
        "It is empty, unless the base image sets it. Most often its name is misspelt."
        "RUN curl -O \"https://example.com/app-$verison.tar.gz\""
        "ARG version=1.2\nRUN curl -O \"https://example.com/app-$version.tar.gz\"";
    2155 "failure-masked-by-export" Warning Correctness [] false:
        "Flags `export NAME=$(command)`, also with `local`, `declare` and `readonly`."
        "`export` succeeds whether or not the command does: `set -e` and `&&` do not see its failure."
        "RUN export VERSION=\"$(cat /version)\" && make"
        "RUN VERSION=\"$(cat /version)\" && export VERSION && make";
    2157 "constant-emptiness-test" Error Correctness [Recommended] true:
        "Flags `-n` and `-z` with a word that is never empty."
        "The outcome is always the same. Most often a `$` is missing."
        "RUN if [ -z HOME ]; then echo none; fi"
        "RUN if [ -z \"$HOME\" ]; then echo none; fi";
    2162 "read-without-r" Info Correctness [] true:
        "Flags `read` without `-r`."
        "Backslashes in the input disappear, and one at a line's end joins the next line to it."
        "RUN while read line; do echo \"$line\"; done < /etc/hosts"
        "RUN while read -r line; do echo \"$line\"; done < /etc/hosts";
    2163 "export-of-value" Warning Correctness [] false:
        "Flags `export \"$name\"`."
        "It exports the variable whose name is the value, and not `name`."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN version=1.2; export \"$version\"; make"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN version=1.2; export version; make";
    2164 "cd-failure-ignored" Warning Correctness [Recommended] false:
        "Flags `cd` whose failure nothing notices."
        "What follows runs in the wrong folder. `cd dir && ...`, `set -e` or `WORKDIR` stop instead."
        "RUN cd /srv/app; rm -r build"
        "RUN cd /srv/app && rm -r build";
    2166 "and-or-in-test" Warning Correctness [] false:
        "Flags `-a` and `-o` in `[ ]`."
        "With more than four words what they mean is not well defined; `[ ... ] && [ ... ]` always is."
        "RUN a=$(uname); if [ \"$a\" = x -a \"$HOME\" = / ]; then echo both; fi"
        "RUN a=$(uname); if [ \"$a\" = x ] && [ \"$HOME\" = / ]; then echo both; fi";
    2168 "local-outside-function" Error Correctness [Recommended] false:
        "Flags `local` outside of a function."
        "It fails there, and the variable is not set."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN local dir=/srv; ls \"$dir\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN dir=/srv; ls \"$dir\"";
    2172 "signal-by-number" Warning Correctness [] false:
        "Flags signals by their number in `trap`."
        "Numbers differ between systems; names do not."
        "RUN trap 'echo bye' 1 2 13 15; make"
        "RUN trap 'echo bye' HUP INT PIPE TERM; make";
    2178 "string-assigned-to-array" Warning Correctness [] false:
        "Flags assigning a string to a variable that is an array."
        "It replaces the first element only."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); list=\"c\"; echo \"${list[@]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); list=(c); echo \"${list[@]}\"";
    2181 "exit-code-tested-later" Style Style [] false:
        "Flags testing `$?` instead of the command."
        "Any command between them changes `$?`; `if command` says it in one go."
        "RUN make; if [ $? -ne 0 ]; then echo failed; fi"
        "RUN if ! make; then echo failed; fi";
    2184 "unquoted-unset-index" Warning Correctness [] true:
        "Flags `unset array[index]` without quotes."
        "The brackets are a pattern: a file of a fitting name takes the word's place."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); unset list[0]; echo \"${list[@]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); unset 'list[0]'; echo \"${list[@]}\"";
    2186 "tempfile-deprecated" Info Correctness [] true:
        "Flags `tempfile`."
        "It is gone from Debian and others; `mktemp` does the same."
        "RUN file=$(tempfile); echo a > \"$file\""
        "RUN file=$(mktemp); echo a > \"$file\"";
    2194 "case-over-constant" Warning Correctness [Recommended] false:
        "Flags a `case` over a constant word."
        "The outcome is always the same. Most often a `$` is missing."
        "RUN case arch in amd64) echo a ;; *) echo b ;; esac"
        "RUN arch=$(uname -m); case $arch in amd64) echo a ;; *) echo b ;; esac";
    2196 "egrep-deprecated" Info Style [] true:
        "Flags `egrep`."
        "New versions of GNU grep warn about it; `grep -E` is the same."
        "RUN egrep 'a|b' /etc/hosts"
        "RUN grep -E 'a|b' /etc/hosts";
    2197 "fgrep-deprecated" Info Style [] true:
        "Flags `fgrep`."
        "New versions of GNU grep warn about it; `grep -F` is the same."
        "RUN fgrep a.b /etc/hosts"
        "RUN grep -F a.b /etc/hosts";
    2198 "list-in-test" Warning Correctness [] true:
        "Flags `$@` in `[ ]`."
        "With more than one parameter the test has too many words and fails."
        "RUN f() { if [ -z \"$@\" ]; then echo none; fi; }; f a b"
        "RUN f() { if [ -z \"$*\" ]; then echo none; fi; }; f a b";
    2199 "list-in-double-brackets" Error Correctness [] true:
        "Flags `${array[@]}` in `[[ ]]`."
        "Its elements are joined into one string, which is seldom what is compared."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); if [[ \"${list[@]}\" == a ]]; then echo a; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(a b); if [[ \"${list[*]}\" == a ]]; then echo a; fi";
    2202 "glob-in-test" Warning Correctness [] false:
        "Flags patterns as operands of `[ ]`."
        "Where several files fit, the test has too many words; where none does, it compares the pattern itself."
        "RUN x=$(uname); if [ \"$x\"[abc] ]; then echo yes; fi"
        "RUN x=$(uname); if [ \"$x[abc]\" ]; then echo yes; fi";
    2206 "unquoted-array-element" Warning Correctness [] true:
        "Flags unquoted variables in `array=(...)`."
        "The value is split at blanks, and `*` in it is expanded; `read -ra` or `mapfile` splits on purpose."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname -a); list=($x); echo \"${list[0]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname -a); list=(\"$x\"); echo \"${list[0]}\"";
    2207 "array-from-command-output" Warning Correctness [] true:
        "Flags `array=($(command))`."
        "The output is split at blanks, and `*` in it is expanded; `mapfile -t` reads lines."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=($(ls)); echo \"${list[0]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN mapfile -t list < <(ls); echo \"${list[0]}\"";
    2209 "command-name-as-value" Warning Correctness [] true:
        "Flags `NAME=command` where the output of the command may be meant."
        "The variable holds the command's name; `$(command)` gives what it prints."
        "RUN tool=grep; echo \"$tool\""
        "RUN tool='grep'; echo \"$tool\"";
    2211 "glob-as-command" Warning Correctness [] true:
        "Flags a pattern where a command stands."
        "The first file that fits is run, the others are its arguments."
        "RUN /opt/tool-*.AppImage --help"
        "RUN for tool in /opt/tool-*.AppImage; do \"$tool\" --help; done";
    2212 "empty-test" Style Correctness [] false:
        "Flags `[ ]` with nothing in it."
        "It is always false; `false` says so."
        "RUN if [ ]; then echo never; fi"
        "RUN if false; then echo never; fi";
    2213 "getopts-option-not-handled" Warning Correctness [] false:
        "Flags an option of `getopts` that no branch of its `case` handles."
        "The option is accepted and does nothing."
        "RUN while getopts 'ab' o; do case $o in a) echo a ;; esac; done"
        "RUN while getopts 'ab' o; do case $o in a) echo a ;; b) echo b ;; esac; done";
    2214 "case-option-not-in-getopts" Warning Correctness [] true:
        "Flags a branch for an option that `getopts` does not accept."
        "It never runs."
        "RUN while getopts 'a' o; do case $o in a) echo a ;; b) echo b ;; *) exit 1 ;; esac; done"
        "RUN while getopts 'ab' o; do case $o in a) echo a ;; b) echo b ;; *) exit 1 ;; esac; done";
    2216 "pipe-to-command-without-input" Warning Correctness [Recommended] false:
        "Flags a pipe into a command that reads no input, such as `rm` or `kill`."
        "What is piped is lost. Most often `xargs` is missing."
        "RUN echo 123 | kill -9"
        "RUN echo 123 | xargs kill -9";
    2217 "heredoc-for-command-without-input" Warning Correctness [Recommended] true:
        "Flags a redirection into a command that reads no input, such as `echo`."
        "What is redirected is lost. Most often `cat` was meant."
        "RUN <<OUTER\necho <<EOF\nhello\nEOF\nOUTER"
        "RUN <<OUTER\ncat <<EOF\nhello\nEOF\nOUTER";
    2219 "let-for-arithmetic" Style Style [] true:
        "Flags `let`."
        "`((...))` does the same without the shell splitting its words."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=1; let n=n+1; echo \"$n\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=1; ((n = n + 1)); echo \"$n\"";
    2220 "getopts-without-default" Warning Correctness [] false:
        "Flags a `case` for `getopts` without a branch for unknown options."
        "A misspelt option is ignored."
        "RUN while getopts 'a' o; do case $o in a) echo a ;; esac; done"
        "RUN while getopts 'a' o; do case $o in a) echo a ;; *) exit 1 ;; esac; done";
    2221 "case-pattern-overrides-later" Warning Correctness [] true:
        "Flags a pattern of a `case` that hides a later one."
        "The later branch never runs."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname); case $x in L*) echo a ;; Linux) echo b ;; esac"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname); case $x in Linux) echo b ;; L*) echo a ;; esac";
    2222 "case-pattern-never-matches" Warning Correctness [] true:
        "Flags a pattern of a `case` that an earlier one hides."
        "The branch never runs."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname); case $x in L*) echo a ;; Linux) echo b ;; esac"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN x=$(uname); case $x in Linux) echo b ;; L*) echo a ;; esac";
    2223 "unquoted-default-assignment" Info Correctness [] true:
        "Flags `: ${NAME:=value}` without quotes."
        "The value is split, and `*` in it is looked up in the file system, for nothing."
        "RUN : ${dir:=/srv}; ls \"$dir\""
        "RUN : \"${dir:=/srv}\"; ls \"$dir\"";
    2231 "unquoted-variable-in-for-pattern" Info Correctness [] true:
        "Flags an unquoted variable in the pattern of a `for`."
        "A value with blanks falls apart before the pattern is expanded."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN dir=$(pwd); for f in $dir/*.txt; do cat \"$f\"; done"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN dir=$(pwd); for f in \"$dir\"/*.txt; do cat \"$f\"; done";
    2233 "subshell-around-condition" Style Style [] true:
        "Flags brackets around the condition of an `if`."
        "They start a subshell that nothing needs."
        "RUN if (test -f /etc/passwd); then echo yes; fi"
        "RUN if test -f /etc/passwd; then echo yes; fi";
    2235 "subshell-around-tests" Style Style [] true:
        "Flags brackets that group tests."
        "They start a subshell; `{ ...; }` groups without one."
        "RUN a=$(uname); if [ \"$a\" ] && ([ \"$a\" = x ] || [ \"$a\" = y ]); then echo yes; fi"
        "RUN a=$(uname); if [ \"$a\" ] && { [ \"$a\" = x ] || [ \"$a\" = y ]; }; then echo yes; fi";
    2238 "redirection-to-command-name" Warning Correctness [] true:
        "Flags a redirection to a file with the name of a command."
        "Most often a pipe was meant."
        "RUN cat /etc/hosts > sort"
        "RUN cat /etc/hosts | sort";
    2240 "arguments-for-sourced-file" Warning Correctness [] false:
        "Flags arguments behind `. file`."
        "`sh` does not hand them on."
        "RUN . /etc/profile login"
        "RUN . /etc/profile";
    2242 "exit-code-out-of-range" Error Correctness [Recommended] false:
        "Flags an exit code that is no number from 0 to 255."
        "The shell fails, or takes another code than the one that stands there."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN make || exit failed"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN make || exit 1";
    2252 "condition-always-true" Warning Correctness [Recommended] false:
        "Flags `[ $x != a ] || [ $x != b ]`."
        "Each value differs from one of the two: it is always true. `&&` was meant."
        "RUN a=$(uname); if [ \"$a\" != x ] || [ \"$a\" != y ]; then echo yes; fi"
        "RUN a=$(uname); if [ \"$a\" != x ] && [ \"$a\" != y ]; then echo yes; fi";
    2254 "unquoted-case-pattern" Warning Correctness [] true:
        "Flags an unquoted variable as the pattern of a `case`."
        "Its value is taken for a pattern, in which `*` and `[` mean something."
        "RUN a=$(uname); b=$(arch); case $a in $b) echo same ;; esac"
        "RUN a=$(uname); b=$(arch); case $a in \"$b\") echo same ;; esac";
    2257 "arithmetic-change-in-redirection" Warning Correctness [] true:
        "Flags `$((i++))` in a redirection."
        "For some commands the shell opens the file in a process of its own: the change is lost."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN i=1; date > \"file$((i++))\"; echo \"$i\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN i=1; date > \"file$i\"; i=$((i + 1)); echo \"$i\"";
    2260 "redirection-starves-pipe" Error Correctness [Recommended] true:
        "Flags a redirection of standard output before a pipe."
        "The output goes to the file, and nothing into the pipe."
        "RUN make > /dev/null | grep -q warning"
        "RUN make | grep -q warning";
    2268 "x-prefix-in-test" Style Style [] true:
        "Flags `[ \"x$variable\" = xvalue ]`."
        "It guards against a fault of shells that are long gone."
        "RUN a=$(uname); if [ \"x$a\" = \"xLinux\" ]; then echo yes; fi"
        "RUN a=$(uname); if [ \"$a\" = Linux ]; then echo yes; fi";
    2280 "assignment-to-zero" Error Correctness [] false:
        "Flags assigning `0=`."
        "`$0` cannot be assigned; the text is run as a command."
        "RUN 0=demo"
        "RUN name=demo; echo \"$name\"";
    2282 "variable-name-begins-with-digit" Error Correctness [Recommended] false:
        "Flags assigning a name that begins with a digit."
        "It is no name: the text is run as a command."
        "RUN 7zip=1.2"
        "RUN sevenzip=1.2; echo \"$sevenzip\"";
    2288 "placeholder-as-command" Error Correctness [] false:
        "Flags a command's name with braces that look like a placeholder."
        "The template was not filled in, or the shell does not read it as meant."
        "RUN {{ package_manager }} install curl"
        "RUN apt-get install --yes curl";
    2291 "blanks-between-echo-arguments" Info Style [] true:
        "Flags several blanks between the arguments of `echo`."
        "One blank is printed between arguments; in quotes all are kept."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN echo name    value"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN echo 'name    value'";
    2295 "unquoted-variable-in-expansion" Info Correctness [] true:
        "Flags an unquoted variable in the pattern of `${name#pattern}`."
        "Its value is taken for a pattern, in which `*` and `[` mean something."
        "RUN a=$(pwd); b=$(uname); echo \"${a%$b}\""
        "RUN a=$(pwd); b=$(uname); echo \"${a%\"$b\"}\"";
    2308 "expr-for-strings" Info Correctness [] false:
        "Flags `expr length`, `substr`, `index` and `match`."
        "They are extensions of GNU's `expr`; the shell can do most of it by itself."
        "RUN if [ \"$(expr substr \"$(uname -s)\" 1 5)\" = Linux ]; then echo linux; fi"
        "RUN case $(uname -s) in Linux*) echo linux ;; esac";
    2309 "text-compared-as-number" Warning Correctness [Recommended] true:
        "Flags `-eq` with a word in `[[ ]]`."
        "The word is taken for a variable's name, which is 0 where there is none."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if [[ $v -eq \"latest\" ]]; then echo latest; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /version); if [[ $v = \"latest\" ]]; then echo latest; fi";
    2316 "two-declarations-in-one" Error Correctness [] true:
        "Flags `local declare name` and the like."
        "It declares a variable of the name `declare`."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN f() { local declare list; echo \"$list\"; }; f"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN f() { local list; echo \"$list\"; }; f";
    2319 "exit-code-of-test" Warning Correctness [] false:
        "Flags reading `$?` right behind a test."
        "It is the code of the test and not of the command before it."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN make; if [ \"$HOME\" = / ]; then code=$?; echo \"$code\"; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN make; code=$?; if [ \"$HOME\" = / ]; then echo \"$code\"; fi";
    2321 "arithmetic-in-index" Style Style [] true:
        "Flags `$((...))` in the index of an array."
        "An index is arithmetic already."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(); i=1; list[$((i + 1))]=x; echo \"${list[@]}\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=(); i=1; list[i + 1]=x; echo \"${list[@]}\"";
    2323 "needless-brackets-in-arithmetic" Style Style [] true:
        "Flags brackets around a whole arithmetic expression."
        "They group what nothing stands beside."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=2; m=$(( (n * 10 + 2) )); echo \"$m\""
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=2; m=$((n * 10 + 2)); echo \"$m\"";
    2329 "function-never-called" Info Correctness [] true:
        "Flags a function that nothing calls."
        "It is left over, or its call is missing."
        "RUN f() { echo a; }; f() { echo b; }; f"
        "RUN f() { echo b; }; f";
    2331 "old-existence-test" Style Style [] true:
        "Flags `-a file`."
        "It is an old form of `-e`, and easily mistaken for \"and\"."
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN if [[ -a /etc/hosts ]]; then echo yes; fi"
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN if [[ -e /etc/hosts ]]; then echo yes; fi";
    3001 "process-substitution-in-sh" Warning Correctness [Recommended] false:
        "Flags `<(command)` in `sh`."
        "Only Bash, ksh and zsh know it; others refuse the text."
        "RUN diff <(ls /a) <(ls /b)"
        "RUN ls /a > /tmp/a && ls /b > /tmp/b && diff /tmp/a /tmp/b";
    3002 "extended-glob-in-sh" Warning Correctness [Recommended] false:
        "Flags `@(a|b)`, `?(a)`, `*(a)`, `+(a)` and `!(a)` in `sh`."
        "Only Bash, ksh and zsh know these patterns."
        "RUN x=$(uname); case $x in @(Linux|Darwin)) echo yes ;; esac"
        "RUN x=$(uname); case $x in Linux|Darwin) echo yes ;; esac";
    3003 "ansi-c-quotes-in-sh" Warning Correctness [Recommended] false:
        r"Flags `$'...'` in `sh`."
        "dash takes the `$` for a plain character and leaves the escapes as they stand."
        r"RUN printf '%s' $'a\tb'"
        r"RUN printf 'a\tb'";
    3004 "translated-string-in-sh" Warning Correctness [Recommended] true:
        "Flags `$\"...\"` in `sh`."
        "Only Bash and ksh know it; others print the `$`."
        "RUN echo $\"hello\""
        "RUN echo \"hello\"";
    3005 "c-style-for-in-sh" Warning Correctness [Recommended] true:
        "Flags `for ((...))` in `sh`."
        "Only Bash, ksh and zsh know it; others refuse the text."
        "RUN for ((i = 0; i < 3; i += 1)); do echo \"$i\"; done"
        "RUN for i in 0 1 2; do echo \"$i\"; done";
    3006 "arithmetic-command-in-sh" Warning Correctness [Recommended] false:
        "Flags `((...))` as a command of `sh`."
        "It is read as two subshells: its words are run as commands, and `>` writes a file."
        "RUN n=$(nproc); if ((n > 4)); then echo many; fi"
        "RUN n=$(nproc); if [ \"$n\" -gt 4 ]; then echo many; fi";
    3007 "old-arithmetic-in-sh" Warning Correctness [Recommended] true:
        "Flags `$[...]` in `sh`."
        "Only Bash still knows it; `$((...))` works everywhere."
        "RUN echo \"$[1 + 2]\""
        "RUN echo \"$((1 + 2))\"";
    3008 "select-in-sh" Warning Correctness [Recommended] false:
        "Flags `select` in `sh`."
        "Only Bash, ksh and zsh know it, and it waits for input that a build does not have."
        "RUN select x in a b; do echo \"$x\"; done"
        "RUN for x in a b; do echo \"$x\"; done";
    3009 "brace-expansion-in-sh" Warning Correctness [Recommended] false:
        "Flags `{a,b}` and `{1..3}` in `sh`."
        "dash and busybox take them for plain text: `mkdir /srv/{a,b}` makes one folder of that name, and the build \
         goes on."
        "RUN mkdir -p /srv/{a,b}"
        "RUN mkdir -p /srv/a /srv/b";
    3010 "double-brackets-in-sh" Warning Correctness [Recommended] false:
        "Flags `[[ ]]` in `sh`."
        "dash does not know it: the command is not found, which in a condition counts as false, and the build goes on."
        "RUN if [[ \"$HOME\" = / ]]; then echo root; fi"
        "RUN if [ \"$HOME\" = / ]; then echo root; fi";
    3011 "here-string-in-sh" Warning Correctness [Recommended] false:
        "Flags `<<<` in `sh`."
        "Only Bash, ksh and zsh know it; others refuse the text."
        "RUN sort <<< \"$HOME\""
        "RUN echo \"$HOME\" | sort";
    3014 "double-equals-in-sh" Warning Correctness [Recommended] true:
        "Flags `==` in `[ ]` of `sh`."
        "dash knows `=` only: the test fails with an error, which in a condition counts as false, and the build goes on."
        "RUN if [ \"$HOME\" == / ]; then echo root; fi"
        "RUN if [ \"$HOME\" = / ]; then echo root; fi";
    3018 "increment-in-sh" Warning Correctness [Recommended] true:
        "Flags `++` and `--` in the arithmetic of `sh`."
        "dash does not know them."
        "RUN i=1; echo \"$((i++))\"; echo \"$i\""
        "RUN i=1; i=$((i + 1)); echo \"$i\"";
    3020 "ampersand-redirection-in-sh" Warning Correctness [Recommended] true:
        "Flags `&>` in `sh`."
        "dash reads `&` and `>`: the command goes on in the background, its output is not redirected, and its failure \
         is lost."
        "RUN make &> /dev/null"
        "RUN make > /dev/null 2>&1";
    3021 "output-redirection-to-file-in-sh" Warning Correctness [Recommended] true:
        "Flags `>& file` in `sh`."
        "A number has to stand behind `>&`; dash refuses other words."
        "RUN make >& /dev/null"
        "RUN make > /dev/null 2>&1";
    3022 "named-descriptor-in-sh" Warning Correctness [Recommended] false:
        "Flags `{name}>file` in `sh`."
        "Only Bash, ksh and zsh choose a descriptor by themselves."
        "RUN exec {log}> /tmp/log"
        "RUN exec 3> /tmp/log";
    3024 "append-assignment-in-sh" Warning Correctness [Recommended] false:
        "Flags `NAME+=value` in `sh`."
        "dash takes it for a command."
        "RUN list=a; list+=b; echo \"$list\""
        "RUN list=a; list=\"${list}b\"; echo \"$list\"";
    3026 "caret-in-bracket-pattern-in-sh" Warning Correctness [] true:
        "Flags `[^...]` in patterns of `sh`."
        "`[!...]` is what every shell knows."
        "RUN ls /srv/[^a]*"
        "RUN ls /srv/[!a]*";
    3029 "pipe-of-both-outputs-in-sh" Warning Correctness [Recommended] true:
        "Flags `|&` in `sh`."
        "Only Bash and zsh know it; others refuse the text."
        "RUN make |& sort"
        "RUN make 2>&1 | sort";
    3030 "array-in-sh" Warning Correctness [Recommended] false:
        "Flags arrays in `sh`."
        "Only Bash, ksh and zsh have arrays; others refuse the text."
        "RUN list=(a b); for i in \"${list[@]}\"; do echo \"$i\"; done"
        "RUN for i in a b; do echo \"$i\"; done";
    3033 "function-name-in-sh" Warning Correctness [] true:
        "Flags names of functions that are no names of variables, such as `my-function`."
        "Some shells refuse them."
        "RUN my-function() { echo a; }; my-function"
        "RUN my_function() { echo a; }; my_function";
    3034 "file-substitution-in-sh" Warning Correctness [Recommended] false:
        "Flags `$(<file)` in `sh`."
        "dash runs an empty command: the result is empty."
        "RUN v=$(</version); echo \"$v\""
        "RUN v=$(cat /version); echo \"$v\"";
    3037 "echo-option-in-sh" Warning Correctness [Recommended] false:
        "Flags options of `echo` in `sh`."
        "dash knows `-n` and no other: it prints `-e`. `printf` is the same everywhere."
        "RUN echo -e 'a b' > /srv/list"
        "RUN printf 'a b\\n' > /srv/list";
    3039 "let-in-sh" Warning Correctness [Recommended] false:
        "Flags `let` in `sh`."
        "dash does not know it; `$((...))` works everywhere."
        "RUN n=1; let n=n+1; echo \"$n\""
        "RUN n=1; n=$((n + 1)); echo \"$n\"";
    3040 "set-option-in-sh" Warning Correctness [] false:
        "Flags options of `set -o` that `sh` may not know, such as `pipefail`."
        "dash refused `pipefail` up to the releases that are in use: the build stops there. busybox knows it."
        "RUN set -o pipefail; make | sort"
        "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN make | sort";
    3041 "set-flag-in-sh" Warning Correctness [] true:
        "Flags `set -E` and `set -T` in `sh`."
        "dash refuses them: the build stops there."
        "RUN set -E; make"
        "RUN set -e; make";
    3043 "local-in-sh" Warning Correctness [] false:
        "Flags `local` in `sh`."
        "The standard does not have it. dash and busybox do."
        "RUN f() { local x=1; echo \"$x\"; }; f"
        "RUN f() { x=1; echo \"$x\"; }; f";
    3044 "builtin-unknown-to-sh" Warning Correctness [Recommended] false:
        "Flags commands that Bash brings and `sh` does not, such as `declare`, `pushd` and `shopt`."
        "dash does not find them."
        "RUN pushd /srv && make && popd"
        "RUN (cd /srv && make)";
    3045 "builtin-option-unknown-to-sh" Warning Correctness [Recommended] false:
        "Flags options of `read`, `export`, `printf`, `trap` and others that `sh` may not know."
        "dash refuses most of them."
        "RUN export -n PATH"
        "RUN unset PATH";
    3046 "source-in-sh" Warning Correctness [Recommended] false:
        "Flags `source` in `sh`."
        "dash does not find it; `.` works everywhere."
        "RUN source /etc/profile && make"
        "RUN . /etc/profile && make";
    3047 "trap-signal-in-sh" Warning Correctness [Recommended] false:
        "Flags `trap` for `ERR`, `DEBUG` and `RETURN` in `sh`."
        "dash does not know them."
        "RUN trap 'echo failed' ERR; make"
        "RUN trap 'echo done' EXIT; make";
    3048 "signal-name-with-prefix" Warning Correctness [Recommended] true:
        "Flags `SIG` before a signal's name in `trap` of `sh`."
        "dash knows the names without it."
        "RUN trap 'echo stopped' SIGINT; make"
        "RUN trap 'echo stopped' INT; make";
    3050 "printf-q-in-sh" Warning Correctness [] false:
        "Flags `%q` of `printf` in `sh`."
        "dash does not know it."
        "RUN printf '%q' \"$HOME\""
        "RUN printf '%s' \"$HOME\"";
    3052 "base-in-arithmetic-in-sh" Warning Correctness [] true:
        "Flags `base#number` in the arithmetic of `sh`."
        "dash refuses it."
        "RUN echo \"$((10#08))\""
        "RUN echo \"$((8))\"";
    3053 "indirect-expansion-in-sh" Warning Correctness [Recommended] false:
        "Flags `${!name}` in `sh`."
        "dash refuses it as a bad substitution."
        "RUN name=HOME; echo \"${!name}\""
        "RUN eval \"echo \\\"\\$HOME\\\"\"";
    3054 "array-element-in-sh" Warning Correctness [Recommended] false:
        "Flags `${array[index]}` in `sh`."
        "dash refuses it as a bad substitution."
        "RUN list=(a b); echo \"${list[0]}\""
        "RUN set -- a b; echo \"$1\"";
    3055 "array-keys-in-sh" Warning Correctness [] false:
        "Flags `${!array[@]}` in `sh`."
        "dash refuses it as a bad substitution."
        "RUN list=(a b); echo \"${!list[@]}\""
        "RUN set -- a b; echo \"$#\"";
    3057 "substring-in-sh" Warning Correctness [Recommended] false:
        "Flags `${name:offset}` in `sh`."
        "dash refuses it as a bad substitution; `cut -c`, or `${name#?}`, works everywhere."
        "RUN v=$(cat /version); echo \"${v:0:3}\""
        "RUN cut -c 1-3 /version";
    3058 "trimmed-parameters-in-sh" Warning Correctness [] false:
        "Flags `${*%pattern}` and `${@#pattern}` in `sh`."
        "Shells differ in what it gives."
        "RUN f() { echo \"${*%.txt}\"; }; f a.txt b.txt"
        "RUN f() { for i in \"$@\"; do echo \"${i%.txt}\"; done; }; f a.txt b.txt";
    3059 "case-change-in-sh" Warning Correctness [Recommended] false:
        "Flags `${name^^}` and `${name,,}` in `sh`."
        "dash refuses it as a bad substitution; `tr` works everywhere."
        "RUN v=$(uname); echo \"${v,,}\""
        "RUN uname | tr '[:upper:]' '[:lower:]'";
    3060 "replacement-in-sh" Warning Correctness [Recommended] false:
        "Flags `${name/old/new}` in `sh`."
        "dash refuses it as a bad substitution; `sed` works everywhere."
        "RUN v=$(cat /version); echo \"${v/-/_}\""
        "RUN sed 's/-/_/' /version";
    3061 "read-without-name-in-sh" Warning Correctness [] false:
        "Flags `read` without a variable in `sh`."
        "dash refuses it."
        "RUN read; echo b"
        "RUN read _; echo b";
    3062 "option-test-in-sh" Warning Correctness [] false:
        "Flags `-o option` in `[[ ]]` of `sh`."
        "dash does not know it."
        "RUN if [[ -o errexit ]]; then echo yes; fi"
        "RUN case $- in *e*) echo yes ;; esac";
    3065 "sticky-bit-test-in-sh" Warning Correctness [] false:
        "Flags `-k` tests in `sh`."
        "The standard does not have them. dash and busybox do."
        "RUN if [ -k /tmp ]; then echo yes; fi"
        "RUN if find /tmp -maxdepth 0 -perm -1000 | grep -q .; then echo yes; fi";
    3067 "owner-test-in-sh" Warning Correctness [] false:
        "Flags `-O` tests in `sh`."
        "The standard does not have them. dash and busybox do."
        "RUN if [ -O /tmp ]; then echo yes; fi"
        "RUN if [ \"$(stat -c %u /tmp)\" = \"$(id -u)\" ]; then echo yes; fi";
}
