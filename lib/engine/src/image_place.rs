/// Where in an image a finding stands: in the content of a layer, in the configuration, or in the history.
///
/// Whoever builds one masks what it quotes: instructions and names of an image can hold secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImagePlace {
    /// The image's name as the archive tells it (`app:1.2`), else its configuration's digest.
    pub name: String,
    /// `os/architecture[/variant]`, such as `linux/amd64`; empty where the configuration does not say.
    pub platform: String,
    /// The layer, from 0, the base first.
    pub layer: Option<u32>,
    /// The layer's diff ID, `sha256:` and 64 hexadecimal digits.
    pub diff_id: Option<String>,
    /// The path in the layer, without a leading `/`; what is not UTF-8 is percent-encoded.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// What became of the file in later layers.
    pub state: Option<FileState>,
    /// The instruction that made the layer or the configuration's value.
    pub created_by: Option<String>,
    /// What deleted the file.
    pub deleted_by: Option<Change>,
    /// What replaced the file.
    pub replaced_by: Option<Change>,
    /// The place in the configuration: a JSON pointer, RFC 6901, such as `/config/Env/1`.
    pub config: Option<String>,
    /// The entry in the configuration's history, from 0.
    pub history: Option<u32>,
}

impl ImagePlace {
    /// The place in words, for people: the file or the configuration's value, the layer, and what became of it.
    pub fn words(&self) -> String {
        let mut words = match (&self.file, self.line, &self.config, self.history) {
            (Some(file), Some(line), ..) => format!("/{file}:{line}"),
            (Some(file), None, ..) => format!("/{file}"),
            (None, _, Some(config), _) => format!("configuration {config}"),
            (None, _, None, Some(history)) => format!("history {history}"),
            (None, _, None, None) => String::new(),
        };
        let mut add = |part: String| {
            if !words.is_empty() {
                words.push_str(", ");
            }
            words.push_str(&part);
        };
        if let Some(layer) = self.layer {
            add(format!("layer {layer}"));
        }
        match (&self.deleted_by, &self.replaced_by) {
            (Some(change), _) => add(format!("deleted in layer {}", change.layer)),
            (_, Some(change)) => add(format!("replaced in layer {}", change.layer)),
            _ => {}
        }
        words
    }
}

/// What became of a file of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileState {
    /// It is in the image's root file system.
    Present,
    /// A whiteout or an opaque folder of a later layer hides it; its bytes are still in the image.
    Deleted,
    /// A later layer holds something else under its path; its bytes are still in the image.
    Replaced,
}

impl FileState {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Deleted => "deleted",
            Self::Replaced => "replaced",
        }
    }
}

/// A later layer that took a file away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The layer, from 0.
    pub layer: u32,
    /// The instruction that made it.
    pub created_by: Option<String>,
}
