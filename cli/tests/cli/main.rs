//! Runs the real program as users do.

mod bad_input;
#[cfg(unix)]
mod cache;
mod compose;
mod compose_files;
mod config;
mod discovery;
#[cfg(unix)]
mod dockerd;
mod fix;
mod host;
mod host_live;
mod host_merge;
mod host_plan;
#[cfg(unix)]
mod host_podman;
#[cfg(unix)]
mod host_scenarios;
mod host_secrets;
mod image;
#[cfg(unix)]
mod image_live;
mod masking;
mod output;
mod secrets;
mod selection;
#[cfg(feature = "shellcheck")]
mod shell;
mod support;
