/// The capabilities that a file gives to whoever runs it: the extended attribute `security.capability`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities {
    /// Bit `n` is capability `n`: the program may have it.
    pub permitted: u64,
    /// Kept from the process that starts it.
    pub inheritable: u64,
    /// Whether the program has them at once, without asking.
    pub effective: bool,
    /// The user that counts as root, where it is not 0 (version 3 of the format).
    pub root: u32,
}

impl Capabilities {
    /// Decodes the attribute; `None` where it has no known version or a wrong length.
    pub(crate) fn decode(value: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_le_bytes(*value.get(at * 4..)?.first_chunk()?));
        let magic = word(0)?;
        let (words, with_root) = match magic >> 24 {
            1 => (1, false),
            2 => (2, false),
            3 => (2, true),
            _ => return None,
        };
        if value.len() != 4 + words * 8 + usize::from(with_root) * 4 {
            return None;
        }
        let (mut permitted, mut inheritable) = (u64::from(word(1)?), u64::from(word(2)?));
        if words == 2 {
            permitted |= u64::from(word(3)?) << 32;
            inheritable |= u64::from(word(4)?) << 32;
        }
        let root = if with_root { word(5)? } else { 0 };
        Some(Self { permitted, inheritable, effective: magic & 1 == 1, root })
    }

    /// The names of the permitted ones, such as `cap_net_raw`, by rising number.
    pub fn names(self) -> Vec<String> {
        (0..64_usize)
            .filter(|bit| self.permitted >> bit & 1 == 1)
            .map(|bit| NAMES.get(bit).map_or_else(|| format!("cap_{bit}"), |name| format!("cap_{name}")))
            .collect()
    }
}

/// In the kernel's order.
const NAMES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_setcap_writes() {
        let mut value = vec![1, 0, 0, 2];
        value.extend(0x2000_u32.to_le_bytes());
        value.extend([0; 12]);
        let capabilities = Capabilities::decode(&value).expect("version 2");
        assert_eq!(capabilities.names(), ["cap_net_raw"]);
        assert!(capabilities.effective);
        assert!(Capabilities::decode(&value[..12]).is_none());
        assert!(Capabilities::decode(&[]).is_none());
    }
}
