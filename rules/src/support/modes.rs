//! File modes, as `chmod` and `--chmod` are given them.

/// What a mode gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mode {
    /// Programs run as the file's owner.
    pub(crate) setuid: bool,
    /// Programs run as the file's group; in folders, files get the folder's group.
    pub(crate) setgid: bool,
    /// Everyone may write.
    pub(crate) world_writable: bool,
    /// In folders, only owners may delete files.
    pub(crate) sticky: bool,
    /// The group may write.
    group_writable: bool,
}

impl Mode {
    /// Reads a mode: octal, such as `4755`, or symbolic, such as `u+s,o=rx`. `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let octal = text.strip_prefix("0o").unwrap_or(text);
        if !octal.is_empty() && octal.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
            return u32::from_str_radix(octal, 8).ok().map(Self::of_bits);
        }
        let mut mode = Self::default();
        for clause in text.split(',') {
            mode.add_clause(clause)?;
        }
        Some(mode)
    }

    /// Whether it is one that only a shared folder has: set group and writable for the group.
    pub(crate) fn is_shared_folder(self) -> bool {
        self.setgid && !self.setuid && (self.group_writable || self.world_writable)
    }

    fn of_bits(bits: u32) -> Self {
        Self {
            setuid: bits & 0o4000 != 0,
            setgid: bits & 0o2000 != 0,
            sticky: bits & 0o1000 != 0,
            group_writable: bits & 0o20 != 0,
            world_writable: bits & 0o2 != 0,
        }
    }

    /// `[ugoa]*([-+=][rwxXst]*)+`. Without a letter before the operator the umask holds writing back.
    fn add_clause(&mut self, clause: &str) -> Option<()> {
        let start = clause.find(['+', '-', '='])?;
        let (who, mut actions) = clause.split_at(start);
        if !who.chars().all(|letter| "ugoa".contains(letter)) {
            return None;
        }
        let (all, any) = (who.contains('a'), who.is_empty());
        while let Some(operator) = actions.chars().next() {
            let rest = actions.get(1..)?;
            let end = rest.find(['+', '-', '=']).unwrap_or(rest.len());
            let (permissions, next) = rest.split_at(end);
            if !permissions.chars().all(|letter| "rwxXstugo".contains(letter)) {
                return None;
            }
            // `=` takes away what it does not give.
            let put = |slot: &mut bool, permission: char, concerned: bool| {
                let given = permissions.contains(permission);
                if concerned && (given || operator == '=') {
                    *slot = given && operator != '-';
                }
            };
            put(&mut self.setuid, 's', any || all || who.contains('u'));
            put(&mut self.setgid, 's', any || all || who.contains('g'));
            put(&mut self.sticky, 't', any || all || operator != '=');
            put(&mut self.world_writable, 'w', all || who.contains('o'));
            put(&mut self.group_writable, 'w', all || who.contains('g'));
            actions = next;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn reads_octal_modes() {
        let mode = |text| Mode::parse(text).expect("a mode");
        assert!(mode("4755").setuid && !mode("4755").setgid && !mode("4755").world_writable);
        assert!(mode("06755").setuid && mode("06755").setgid);
        assert!(mode("2775").is_shared_folder() && !mode("2755").is_shared_folder());
        assert!(mode("777").world_writable && mode("1777").sticky);
        assert_eq!(mode("0755"), mode("755"));
        for wrong in ["", "789", "x", "$MODE", "--reference=a", "99999999999"] {
            assert_eq!(Mode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reads_symbolic_modes() {
        let mode = |text| Mode::parse(text).expect("a mode");
        assert!(mode("u+s").setuid && !mode("u+s").setgid);
        assert!(mode("+s").setuid && mode("+s").setgid);
        assert!(!mode("u-s").setuid && !mode("u+s,u-s").setuid && !mode("u+s,u=rwx").setuid && mode("u=rws").setuid);
        assert!(!mode("a+w,o=r").world_writable && mode("g+s,u=rwx").setgid);
        assert!(mode("a+rwx").world_writable && mode("ugo=rw").world_writable && mode("o+w").world_writable);
        assert!(!mode("+w").world_writable && !mode("u+w,g+w").world_writable && !mode("o-w").world_writable);
        assert!(mode("a+rwxt").sticky);
        assert!(!mode("go-w+x").world_writable);
    }
}
