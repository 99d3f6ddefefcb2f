use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags comments right above an `ARG` or a named `FROM` that do not begin with its name.
    ///
    /// ## Why is this bad?
    /// `docker build --call=outline` shows such a comment as the description of the argument or the stage, but only
    /// where it begins with the name.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// # the version of the base image
    /// ARG VERSION=3.20
    /// FROM alpine:$VERSION
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// # VERSION is the version of the base image
    /// ARG VERSION=3.20
    /// FROM alpine:$VERSION
    /// ```
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["InvalidDefinitionDescription"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    let mut comments = file.comments.iter().filter(|comment| !comment.inside).peekable();
    for instruction in &file.instructions {
        let mut above = None;
        while let Some(comment) = comments.next_if(|comment| comment.span.start < instruction.span.start) {
            above = Some(comment);
        }
        let Some(comment) = above.filter(|comment| is_right_above(cx, comment.span, instruction.span)) else {
            continue;
        };
        let names: Vec<&str> = match &instruction.kind {
            Kind::Arg(declarations) => declarations.iter().map(|declaration| &*declaration.name.text).collect(),
            Kind::From(from) => from.name.iter().map(|name| &*name.text).collect(),
            _ => continue,
        };
        let text = comment.text.trim();
        let describes = |name: &&str| text.strip_prefix(*name).is_some_and(|rest| rest.starts_with(' '));
        if let Some(name) = names.first()
            && !text.is_empty()
            && !names.iter().any(describes)
        {
            cx.report(comment.span, format!("comment above `{name}` does not begin with its name"));
        }
    }
}

fn is_right_above(cx: &Cx<'_>, comment: Span, instruction: Span) -> bool {
    let between = cx.text(Span::new(comment.end, instruction.start));
    between.trim().is_empty() && between.bytes().filter(|&byte| byte == b'\n').count() == 1
}
