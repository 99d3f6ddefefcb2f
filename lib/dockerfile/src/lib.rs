/*!
A Dockerfile parser: text to a typed tree in which every word has its span.

- **It never fails.** [`parse`] gives a [`Dockerfile`] for any text; what is wrong stands in
  [`Dockerfile::errors`], and the rest of the file is parsed all the same.
- **It is lossless.** [`tokens`] cuts the text into tokens that, joined, give it back byte for byte.
- **It speaks BuildKit's language**: parser directives, continuations with comments and blank lines inside,
  heredocs, JSON form with its fall-back to shell form, flags, `ONBUILD`, stages; variable expansion is in [`expand`].

Offsets are bytes into the text that was parsed. Words hold the text as BuildKit sees it, that is with line
continuations removed and with quotes kept; their spans hold where it stands.

```
use plimsoll_dockerfile::{Kind, parse};

let file = parse("FROM alpine:3.20 AS build\nRUN apk add \\\n  curl\n");
assert!(file.errors.is_empty());
assert_eq!(file.stages[0].name.as_ref().map(|name| &*name.text), Some("build"));
let Kind::Run(run) = &file.instructions[1].kind else { panic!("a RUN") };
assert_eq!(run.command.text(), "apk add   curl");
```
*/
#![deny(missing_docs)]

mod ast;
mod error;
pub mod expand;
mod logical;
mod name;
mod parse;
mod token;

pub use ast::*;
pub use error::{ErrorKind, ParseError};
pub use logical::{Logical, Segment};
pub use name::is_dockerfile_name;
pub use parse::parse;
pub use token::{Token, TokenKind, tokens};
