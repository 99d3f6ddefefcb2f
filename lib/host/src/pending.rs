use crate::units::Start;
use crate::{Daemon, Fact, Setting};
use std::collections::BTreeSet;

/// An option of the daemon's command line that will be another one once systemd starts the daemon again.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its key in the configuration file.
    pub key: String,
    /// What the daemon runs with, where it is set.
    pub now: Option<Setting>,
    /// What it will run with, where it is set then.
    pub next: Option<Setting>,
    /// The file of the unit that says it.
    pub place: String,
}

impl Pending {
    /// One line for a person.
    pub fn evidence(&self) -> String {
        match &self.next {
            Some(next) => format!("{} says {}", self.place, next.option(&self.key)),
            None => format!("{} no longer sets {}", self.place, self.key),
        }
    }
}

/// What differs between the command line of the daemon that runs and that of the next one. Values in which a secret was
/// masked are left out: they may be the same.
pub(crate) fn pending(args: &Fact<Vec<String>>, start: &Start) -> Vec<Pending> {
    let Fact::Known(_) = args else { return Vec::new() };
    let now = Daemon::new(args, &Fact::Absent);
    let next = Daemon::new(&Fact::Known(start.args.clone()), &Fact::Absent);
    let keys: BTreeSet<&str> = now.settings().chain(next.settings()).map(|(key, _)| key).collect();
    let of = |daemon: &Daemon, key: &str| daemon.get(key).ok().flatten().cloned();
    let is_masked =
        |setting: &Option<Setting>| setting.as_ref().is_some_and(|set| set.value.to_string().contains("***"));
    let change = |key: &str| {
        let (now, next) = (of(&now, key), of(&next, key));
        let differs = now.as_ref().map(|set| &set.value) != next.as_ref().map(|set| &set.value);
        let counts = differs && !is_masked(&now) && !is_masked(&next);
        counts.then(|| Pending { key: key.to_owned(), now, next, place: start.place.clone() })
    };
    keys.into_iter().filter_map(change).collect()
}
