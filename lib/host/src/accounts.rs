//! /etc/group and /etc/passwd.

/// A line of /etc/group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its number.
    pub gid: u32,
    /// The users that it lists.
    pub members: Vec<String>,
}

/// A line of /etc/passwd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// The number of its primary group.
    pub gid: u32,
}

/// The groups of an /etc/group; lines that are none are left out, as the system does.
pub fn groups(text: &str) -> Vec<Group> {
    let group = |line: &str| {
        let mut fields = line.split(':');
        let (name, _password, gid, members) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let members = members.split(',').map(str::trim).filter(|member| !member.is_empty()).map(str::to_owned);
        Some(Group { name: name.to_owned(), gid: gid.trim().parse().ok()?, members: members.collect() })
    };
    text.lines().filter_map(group).collect()
}

/// The users of an /etc/passwd; lines that are none are left out, as the system does.
pub fn users(text: &str) -> Vec<User> {
    let user = |line: &str| {
        let mut fields = line.split(':');
        let (name, _password, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        Some(User { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    };
    text.lines().filter_map(user).collect()
}
