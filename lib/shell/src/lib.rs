/*!
Shell text as commands with arguments, each with its span.

What rules about `RUN` bodies need: every simple command that the text may run, wherever it stands (lists, pipelines,
subshells, loops, conditions, functions, substitutions), in the order in which it stands. Text that does not parse
gives nothing, never a wrong answer.
*/
#![deny(missing_docs)]

mod ast;
mod collector;
#[cfg(test)]
mod oracle;
mod parse;
mod parser;
#[cfg(test)]
mod tests;
mod text;
mod wrapper;

pub use ast::*;
pub use parse::parse;
