//! The command line of dockerd.

use serde_json::Value;

/// An option of dockerd.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    /// The long name, without dashes.
    pub(crate) name: &'static str,
    /// The letter, where it has one.
    pub(crate) letter: Option<char>,
    /// Its key in the configuration file.
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// May stand alone; takes a value only behind `=`.
    Switch,
    /// Takes a value; the last one counts.
    Text,
    /// Takes a value; may be repeated.
    List,
}

/// An argument that was understood, or not.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) flag: Option<&'static Flag>,
    /// The option's value; the word itself where it is no known option.
    pub(crate) text: String,
}

/// The arguments with other values for some keys of the configuration file, each in the form `--name=value`; `null`
/// takes an option out. What is no known option stays as it is.
pub(crate) fn rewrite(args: &[String], changes: &[(&str, Value)]) -> Vec<String> {
    let change_of = |flag: &Flag| changes.iter().find(|(key, _)| *key == flag.key);
    let mut words = Vec::new();
    for argument in parse(args) {
        match argument.flag {
            None => words.push(argument.text),
            Some(flag) if change_of(flag).is_none() => words.push(format!("--{}={}", flag.name, argument.text)),
            Some(_) => {}
        }
    }
    for (key, value) in changes {
        let name = FLAGS.iter().find(|flag| flag.key == *key).map_or(*key, |flag| flag.name);
        let values = match value {
            Value::Null => &[][..],
            Value::Array(values) => values,
            value => std::slice::from_ref(value),
        };
        words.extend(values.iter().map(|value| match value {
            Value::String(text) => format!("--{name}={text}"),
            value => format!("--{name}={value}"),
        }));
    }
    words
}

/// Reads the arguments after the program's name: `--name value`, `--name=value`, `-n value`, `-nvalue`, switches alone
/// or with `=value`, several letters together. What stands behind `--` is no option.
pub(crate) fn parse(args: &[String]) -> Vec<Argument> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(word) = args.next() {
        if word == "--" {
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let flag = FLAGS.iter().find(|flag| flag.name == name);
            let value = match (flag.map(|flag| flag.kind), value) {
                (_, Some(value)) => value.to_owned(),
                (Some(Kind::Switch), None) => "true".to_owned(),
                (Some(Kind::Text | Kind::List), None) => args.next().cloned().unwrap_or_default(),
                (None, None) => word.clone(),
            };
            found.push(Argument { flag, text: if flag.is_some() { value } else { word.clone() } });
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            short(word, letters, &mut args, &mut found);
        } else {
            found.push(Argument { flag: None, text: word.clone() });
        }
    }
    found
}

fn short<'a>(word: &str, letters: &str, args: &mut impl Iterator<Item = &'a String>, found: &mut Vec<Argument>) {
    let mut rest = letters.chars();
    while let Some(letter) = rest.next() {
        let Some(flag) = FLAGS.iter().find(|flag| flag.letter == Some(letter)) else {
            found.push(Argument { flag: None, text: word.to_owned() });
            return;
        };
        let behind = rest.as_str();
        match (flag.kind, behind.strip_prefix('=')) {
            (_, Some(value)) => {
                found.push(Argument { flag: Some(flag), text: value.to_owned() });
                return;
            }
            (Kind::Switch, None) => found.push(Argument { flag: Some(flag), text: "true".to_owned() }),
            (Kind::Text | Kind::List, None) => {
                let value =
                    if behind.is_empty() { args.next().cloned().unwrap_or_default() } else { behind.to_owned() };
                found.push(Argument { flag: Some(flag), text: value });
                return;
            }
        }
    }
}

const fn switch(name: &'static str) -> Flag {
    Flag { name, letter: None, key: name, kind: Kind::Switch }
}

const fn text(name: &'static str) -> Flag {
    Flag { name, letter: None, key: name, kind: Kind::Text }
}

const fn list(name: &'static str, key: &'static str) -> Flag {
    Flag { name, letter: None, key, kind: Kind::List }
}

const fn lettered(letter: char, flag: Flag) -> Flag {
    Flag { letter: Some(letter), ..flag }
}

/// The options of dockerd 17.12 to 29.
pub(crate) static FLAGS: &[Flag] = &[
    list("add-runtime", "runtimes"),
    switch("allow-direct-routing"),
    list("allow-nondistributable-artifacts", "allow-nondistributable-artifacts"),
    text("api-cors-header"),
    list("authorization-plugin", "authorization-plugins"),
    text("bip"),
    text("bip6"),
    lettered('b', text("bridge")),
    text("bridge-accept-fwmark"),
    list("cdi-spec-dir", "cdi-spec-dirs"),
    text("cgroup-parent"),
    text("cluster-advertise"),
    text("cluster-store"),
    list("cluster-store-opt", "cluster-store-opts"),
    text("config-file"),
    text("containerd"),
    text("containerd-namespace"),
    text("containerd-plugins-namespace"),
    text("cpu-rt-period"),
    text("cpu-rt-runtime"),
    switch("cri-containerd"),
    text("data-root"),
    lettered('D', switch("debug")),
    list("default-address-pool", "default-address-pools"),
    text("default-cgroupns-mode"),
    text("default-gateway"),
    text("default-gateway-v6"),
    text("default-ipc-mode"),
    list("default-network-opt", "default-network-opts"),
    text("default-runtime"),
    text("default-shm-size"),
    list("default-ulimit", "default-ulimits"),
    switch("disable-legacy-registry"),
    list("dns", "dns"),
    list("dns-opt", "dns-opts"),
    list("dns-search", "dns-search"),
    list("exec-opt", "exec-opts"),
    text("exec-root"),
    switch("experimental"),
    list("feature", "features"),
    text("firewall-backend"),
    text("fixed-cidr"),
    text("fixed-cidr-v6"),
    Flag { name: "graph", letter: Some('g'), key: "data-root", kind: Kind::Text },
    lettered('G', text("group")),
    switch("help"),
    lettered('H', list("host", "hosts")),
    list("host-gateway-ip", "host-gateway-ips"),
    text("http-proxy"),
    text("https-proxy"),
    switch("icc"),
    switch("init"),
    text("init-path"),
    list("insecure-registry", "insecure-registries"),
    text("ip"),
    switch("ip-forward"),
    switch("ip-forward-no-drop"),
    switch("ip-masq"),
    switch("ip6tables"),
    switch("iptables"),
    switch("ipv6"),
    list("label", "labels"),
    switch("live-restore"),
    text("log-driver"),
    text("log-format"),
    lettered('l', text("log-level")),
    list("log-opt", "log-opts"),
    text("max-concurrent-downloads"),
    text("max-concurrent-uploads"),
    text("max-download-attempts"),
    text("metrics-addr"),
    text("mtu"),
    text("network-control-plane-mtu"),
    switch("no-new-privileges"),
    text("no-proxy"),
    list("node-generic-resource", "node-generic-resources"),
    text("oom-score-adjust"),
    lettered('p', text("pidfile")),
    switch("raw-logs"),
    list("registry-mirror", "registry-mirrors"),
    switch("rootless"),
    text("seccomp-profile"),
    switch("selinux-enabled"),
    text("shutdown-timeout"),
    lettered('s', text("storage-driver")),
    list("storage-opt", "storage-opts"),
    text("swarm-default-advertise-addr"),
    switch("tls"),
    text("tlscacert"),
    text("tlscert"),
    text("tlskey"),
    switch("tlsverify"),
    switch("userland-proxy"),
    text("userland-proxy-path"),
    text("userns-remap"),
    switch("validate"),
    lettered('v', switch("version")),
];
