/// Something that can be done about a failed check without a person's choice. Steps are told, never taken: a plan
/// writes them into files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of the daemon's configuration gets a value.
    Setting {
        /// The key, as in the configuration file.
        key: &'static str,
        /// The value in JSON; `None` takes the key out.
        value: Option<String>,
        /// What it takes.
        risk: Risk,
    },
    /// A key that the command line sets as well is taken out of the configuration file.
    Unset {
        /// The key.
        key: String,
    },
    /// A file's permission bits are taken away.
    Mode {
        /// The file, without links.
        path: String,
        /// What it has.
        from: u32,
        /// What it may keep of that.
        to: u32,
    },
    /// A file gets other owners.
    Owner {
        /// The file, without links.
        path: String,
        /// Whose it is: user and group.
        from: (u32, u32),
        /// Whose it is to be, as `chown` takes it.
        to: &'static str,
    },
    /// Writes and changes of attributes of a file, or of all in a folder, are recorded.
    Watch {
        /// The file or folder.
        path: String,
        /// What it takes.
        risk: Risk,
    },
}

/// What a step takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Nothing that runs is touched.
    Safe,
    /// It holds once the engine was started again.
    Restart,
    /// Something that works today may stop.
    Disruptive {
        /// What may stop: a sentence.
        breaks: &'static str,
    },
}

impl Step {
    /// What it takes.
    pub const fn risk(&self) -> Risk {
        match self {
            Self::Setting { risk, .. } | Self::Watch { risk, .. } => *risk,
            Self::Unset { .. } => Risk::Restart,
            Self::Mode { .. } | Self::Owner { .. } => Risk::Safe,
        }
    }
}
