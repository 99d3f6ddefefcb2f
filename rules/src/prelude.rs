//! What a rule file uses.

pub(crate) use crate::cx::{At, Cmd, Cx};
pub(crate) use crate::facts::{Base, RunScript, Shell, ShellKind, StageFact};
pub(crate) use plimsoll_base::{ImageReference, Span, nearest};
pub(crate) use plimsoll_dockerfile::{
    Command, Declaration, Healthcheck, Instruction, Keyword, Kind, Pair, Transfer, Word,
};
pub(crate) use plimsoll_engine::{Confidence, Edit, Finding, Fix, Severity};
pub(crate) use plimsoll_shell as shell;
