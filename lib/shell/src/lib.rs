/*!
Shell text as commands with arguments, each with its span.

What rules about `RUN` bodies need: every simple command that the text may run, wherever it stands (lists, pipelines,
subshells, loops, conditions, functions, substitutions), in the order in which it stands. Text that does not parse
gives nothing, never a wrong answer.

The parser is written by hand: recursive descent over the bytes, without a syntax tree, without recursion deeper than a
fixed limit, in time linear in the text. Its tests hold it against a parser of full shell syntax as an oracle.
*/
#![deny(missing_docs)]

mod ast;
mod collector;
mod dialect;
#[cfg(test)]
mod oracle;
mod parse;
mod parser;
#[cfg(feature = "shellcheck")]
pub mod shellcheck;
#[cfg(test)]
mod tests;
mod text;
mod wrapper;

pub use ast::*;
pub use dialect::Dialect;
pub use parse::{parse, refusal, statements};
pub use parser::Refusal;
