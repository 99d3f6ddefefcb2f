//! An image's users and groups, read from its account files.

use plimsoll_image::Image;

/// A line of `/etc/passwd`, or of `/etc/group` (there without home and shell).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account<'c> {
    pub(crate) name: &'c str,
    /// The second field. Hashes do not get here, stars stand in their place.
    pub(crate) password: &'c str,
    pub(crate) id: u32,
    /// The first group of a user.
    pub(crate) group: u32,
    pub(crate) home: &'c str,
    pub(crate) shell: &'c str,
    /// The members of a group, parted by commas.
    pub(crate) members: &'c str,
}

/// The account files of an image; empty where it has none.
#[derive(Debug, Default)]
pub(crate) struct Accounts<'c> {
    pub(crate) users: Vec<Account<'c>>,
    pub(crate) groups: Vec<Account<'c>>,
    /// Whether there is a `/etc/passwd` that can be read.
    pub(crate) has_passwd: bool,
    /// Lines that are none: their file and their number, from 1.
    pub(crate) broken: Vec<(&'static str, u32)>,
}

/// Who the image's process runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunsAs<'c> {
    /// No user is set, which is root.
    Unset,
    /// A user id, from a number or a name that the image's `/etc/passwd` knows.
    Id(u32),
    /// A name that the image does not know: the container does not start.
    UnknownName(&'c str),
}

pub(crate) const PASSWD: &str = "etc/passwd";
pub(crate) const GROUP: &str = "etc/group";

impl<'c> Accounts<'c> {
    pub(crate) fn new(image: &'c Image) -> Self {
        let (passwd, group) = (image.text(PASSWD), image.text(GROUP));
        let mut accounts = Self { has_passwd: passwd.is_some(), ..Self::default() };
        for (number, line) in lines(passwd) {
            match user(line) {
                Some(user) => accounts.users.push(user),
                None => accounts.broken.push((PASSWD, number)),
            }
        }
        for (number, line) in lines(group) {
            match a_group(line) {
                Some(group) => accounts.groups.push(group),
                None => accounts.broken.push((GROUP, number)),
            }
        }
        accounts
    }

    /// Who a configuration's user, `name`, `name:group` or either as a number, is.
    pub(crate) fn runs_as(&self, user: Option<&'c str>) -> RunsAs<'c> {
        let name = user.unwrap_or_default().split(':').next().unwrap_or_default().trim();
        if name.is_empty() {
            return RunsAs::Unset;
        }
        // Engines look names up first, numbers too.
        let known = self.users.iter().find(|user| user.name == name).map(|user| user.id);
        match known.or_else(|| name.parse().ok()) {
            Some(id) => RunsAs::Id(id),
            None if name == "root" => RunsAs::Id(0),
            None => RunsAs::UnknownName(name),
        }
    }

    /// The groups of the user that a configuration names: the one it names, and those that list the user.
    pub(crate) fn groups_of(&self, user: &str, id: u32) -> Vec<u32> {
        let known = self.users.iter().find(|known| known.id == id);
        let named = user.split_once(':').and_then(|(_, group)| {
            let by_name = self.groups.iter().find(|known| known.name == group).map(|known| known.id);
            by_name.or_else(|| group.parse().ok())
        });
        let first = named.or_else(|| known.map(|user| user.group)).unwrap_or(0);
        let lists =
            |group: &&Account<'_>| known.is_some_and(|user| group.members.split(',').any(|member| member == user.name));
        std::iter::once(first).chain(self.groups.iter().filter(lists).map(|group| group.id)).collect()
    }
}

/// The lines that say something, with their numbers.
fn lines(text: Option<&str>) -> impl Iterator<Item = (u32, &str)> {
    let lines = text.unwrap_or_default().split('\n').map(|line| line.trim_end_matches('\r')).zip(1..);
    let says = |line: &str| !line.trim().is_empty() && !line.starts_with('#') && !is_foreign(line);
    lines.filter(move |(line, _)| says(line)).map(|(line, number)| (number, line))
}

/// Whether a line of an account file is none of an account here, but lets in (`+`, `+name::::::`) or keeps out (`-name`)
/// those that NIS tells of. One with an id is an account: not every C library knows such lines.
pub(crate) fn is_foreign(line: &str) -> bool {
    line.starts_with(['+', '-']) && line.split(':').nth(2).is_none_or(str::is_empty)
}

fn user(line: &str) -> Option<Account<'_>> {
    let fields: Vec<&str> = line.split(':').collect();
    let &[name, password, id, group, _, home, shell] = fields.as_slice() else { return None };
    let (id, group) = (id.parse().ok()?, group.parse().ok()?);
    (!name.is_empty()).then_some(Account { name, password, id, group, home, shell, members: "" })
}

fn a_group(line: &str) -> Option<Account<'_>> {
    let fields: Vec<&str> = line.split(':').collect();
    let &[name, password, id, members] = fields.as_slice() else { return None };
    let id = id.parse().ok()?;
    (!name.is_empty()).then_some(Account { name, password, id, group: id, home: "", shell: "", members })
}
