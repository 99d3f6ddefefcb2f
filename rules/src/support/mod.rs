//! What several rules share.
pub(crate) mod archives;
pub(crate) mod dockerignore;
pub(crate) mod edits;
pub(crate) mod json_form;
pub(crate) mod label_types;
pub(crate) mod plain_command;
pub(crate) mod ports;
pub(crate) mod replaced;
pub(crate) mod secret_names;
pub(crate) mod secret_values;
pub(crate) mod signals;
pub(crate) mod tokens;
pub(crate) mod url_passwords;
