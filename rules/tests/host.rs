//! Where docker-bench-security 1.6.0 answers wrongly, and what else is easily misread: each case is a host and the
//! answer that is right.

mod support;

use plimsoll::engine::SelectionSpec;
use plimsoll::host::Bundle;
use plimsoll::{AuditSettings, Auditor, Settings};
use serde_json::{Value, json};
use support::host_cases::*;

#[test]
fn modes_are_bits() {
    for mode in ["0606", "0622", "0577", "0466", "1644", "4644"] {
        file("3.18", "/etc/docker/daemon.json", mode, "fail");
    }
    for mode in ["0644", "0600", "0400", "0000"] {
        file("3.18", "/etc/docker/daemon.json", mode, "pass");
    }
    file("3.14", "/k", "0400", "pass");
    file("3.14", "/k", "0404", "fail");
    file("3.18", "/etc/docker/daemon.json", "rw-r--r--", "unknown");
    says("3.18", &json!({ "files.json": { "/etc/docker/daemon.json": null } }), "not-applicable");
    says("3.18", &json!({ "files.json": { "/etc/docker/daemon.json": { "error": "denied" } } }), "unknown");
}

#[test]
fn owners_are_users_and_groups() {
    let of = |uid: u32, gid: u32, group: &str| json!({ "files.json": { "/run/docker.sock": { "type": "socket", "mode": "0660", "uid": uid, "gid": gid, "group": group } } });
    says("3.15", &of(0, 998, "docker"), "pass");
    says("3.15", &of(0, 1000, "ann"), "fail");
    says("3.15", &of(1000, 998, "docker"), "fail");
    // Keys and certificates of registries, whatever they are called, and their group too.
    let certificate = |name: &str, mode: &str, gid: u32| {
        json!({ "files.json": {
        "/etc/docker/certs.d": { "type": "directory", "mode": "0755", "uid": 0, "gid": 0 },
        format!("/etc/docker/certs.d/r/{name}"): { "type": "file", "mode": mode, "uid": 0, "gid": gid } } })
    };
    says("3.7", &certificate("client.cert", "0644", 5), "fail");
    says("3.8", &certificate("client.key", "0644", 0), "fail");
    says("3.8", &certificate("client.key", "0600", 0), "pass");
    says("3.8", &certificate("ca.crt", "0644", 0), "pass");
}

#[test]
fn audit_rules_are_read() {
    let rules = |path: &str, rules: &str| json!({ "audit.rules": rules, "mounts.txt": "", "files.json": { path: { "type": "file", "mode": "0644" } } });
    let daemon_json = |text: &str, expected: &str| says("1.1.11", &rules("/etc/docker/daemon.json", text), expected);
    // A rule on a longer name says nothing of a shorter one.
    says("1.1.14", &rules("/usr/bin/containerd", "-w /usr/bin/containerd-shim-runc-v2 -p wa\n"), "fail");
    // A folder covers what is in it; a path does not.
    daemon_json("-w /etc/docker -p wa -k docker\n", "pass");
    daemon_json("-a always,exit -F dir=/etc/docker -F perm=wa -k docker\n", "pass");
    daemon_json("-a exit,always -F path=/etc/docker -F perm=wa\n", "fail");
    daemon_json("-a always,exit -F path=/etc/docker/daemon.json -F perm=wa\n", "pass");
    daemon_json("-a always,exit -S all -F path=/etc/docker/daemon.json -F perm=wa -F key=docker\n", "pass");
    daemon_json("-w /etc/docker-x -p wa\n", "fail");
    // What is recorded matters, and for whom.
    daemon_json("-w /etc/docker -p r\n", "fail");
    daemon_json("-w /etc/docker -p w\n-w /etc/docker/daemon.json -p a\n", "pass");
    daemon_json("-a always,exit -F dir=/etc/docker -F perm=wa -F auid>=1000\n", "fail");
    daemon_json("-a never,exit -F dir=/etc\n-w /etc/docker -p wa\n", "fail");
    daemon_json("-w /etc/docker -p wa\n-W /etc/docker -p wa\n", "fail");
    daemon_json("-w /etc/docker -p wa\n-D\n", "fail");
    daemon_json("No rules\n", "fail");
    // On disk only, and behind a mount point.
    let mut files = rules("/etc/docker/daemon.json", "");
    files["audit.disk.rules"] = "-w /etc/docker -p wa\n".into();
    says("1.1.11", &files, "fail");
    let mut files = rules("/etc/docker/daemon.json", "-w /etc -p wa\n");
    files["mounts.txt"] = "30 1 8:2 / /etc/docker rw - ext4 /dev/sdb1 rw\n".into();
    says("1.1.11", &files, "fail");
    // Moved data.
    let mut files = rules("/srv/docker", "-w /srv/docker -p wa\n");
    files["info.json"] = json!({ "DockerRootDir": "/srv/docker" });
    says("1.1.5", &files, "pass");
}

#[test]
fn the_daemon_s_flags_have_many_forms() {
    for args in [&["--icc=false"][..], &["--icc=0"], &["--icc=true", "--icc=f"], &["-D=false", "--icc=false"]] {
        daemon("2.2", args, &Value::Null, "pass");
    }
    for args in [&["--icc"][..], &["--icc=true"], &["--icc", "false"], &["-l", "--icc=false"], &["--", "--icc=false"]] {
        daemon("2.2", args, &Value::Null, "fail");
    }
    // dockerd would not start with such a word.
    daemon("2.2", &["--icc=off"], &Value::Null, "unknown");
    daemon("2.14", &["--no-new-privileges=false"], &Value::Null, "fail");
    daemon("2.14", &["--no-new-privileges"], &Value::Null, "pass");
    for args in [
        &["--log-level=debug"][..],
        &["--log-level", "debug"],
        &["-ldebug"],
        &["-l", "debug"],
        &["-l=debug"],
        &["-D"],
        &["-Dl", "info"],
    ] {
        daemon("2.3", args, &json!({}), "fail");
    }
    daemon("2.3", &["-linfo"], &json!({}), "pass");
    daemon("2.10", &[], &json!({ "cgroup-parent": "/x" }), "fail");
    daemon("2.16", &["--userland-proxy=false"], &json!({}), "pass");
    daemon("2.8", &[], &json!({ "default-ulimits": null }), "fail");
    daemon("2.8", &["--default-ulimit", "nofile=1:2"], &json!({}), "pass");
    daemon("daemon-option-twice", &["-H", "fd://"], &json!({ "hosts": ["fd://"] }), "fail");
    // A file that cannot be read leaves open what the command line does not say.
    says(
        "2.16",
        &json!({ "dockerd.args.json": ["dockerd"], "meta.json": { "unread": { "daemon.json": "denied" } } }),
        "unknown",
    );
    says("2.16", &json!({ "dockerd.args.json": ["dockerd", "--userland-proxy=false"] }), "pass");
}

#[test]
fn tls_is_seen_in_either_place() {
    let file = json!({ "hosts": ["unix:///run/docker.sock",
        "tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/a", "tlscert": "/b", "tlskey": "/c" });
    daemon("2.7", &[], &file, "pass");
    daemon("2.7", &["-H", "tcp://0.0.0.0:2375"], &json!({}), "fail");
    daemon("2.7", &["-H0.0.0.0:2375"], &json!({}), "fail");
    daemon(
        "2.7",
        &["--host=tcp://:2376", "--tls", "--tlscacert", "/a", "--tlscert=/b", "--tlskey=/c"],
        &json!({}),
        "fail",
    );
    daemon("2.7", &["--host=tcp://:2376", "--tlsverify=false"], &json!({}), "fail");
    // Where systemd listens for it, only the sockets tell.
    let behind_systemd = |sockets: &str| json!({ "dockerd.args.json": ["dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock"], "daemon.json": {}, "sockets.txt": sockets, "units.json": {} });
    says("2.7", &behind_systemd(""), "pass");
    says("2.7", &behind_systemd("0: 00000000:0947 00000000:0000 0A"), "fail");
    daemon("2.7", &["-H", "fd://"], &json!({}), "unknown");
    daemon("2.7", &["--log-opt", "syslog-address=tcp://1.2.3.4:514"], &json!({}), "pass");
}

#[test]
fn services_mount_folders_of_every_node() {
    let host = |mount: Value| {
        json!({ "info.json": { "Swarm": { "LocalNodeState": "active", "ControlAvailable": true } },
            "services.json": [{ "Spec": { "Name": "web", "TaskTemplate": { "ContainerSpec": { "Mounts": [mount] } } } }] })
    };
    let id = "service-sensitive-mount";
    for source in ["/etc", "/var/run/docker.sock", "/", "/usr/lib/../lib/ssl"] {
        says(id, &host(json!({ "Type": "bind", "Source": source, "Target": "/t" })), "fail");
    }
    says(id, &host(json!({ "Type": "bind", "Source": "/srv", "Target": "/t" })), "pass");
    let options = |device: &str| json!({ "DriverConfig": { "Name": "local", "Options": { "type": "none", "o": "bind", "device": device } } });
    says(
        id,
        &host(json!({ "Type": "volume", "Source": "v", "Target": "/t", "VolumeOptions": options("/etc") })),
        "fail",
    );
    says(
        id,
        &host(json!({ "Type": "volume", "Source": "v", "Target": "/t", "VolumeOptions": options("/srv") })),
        "pass",
    );
    says(id, &host(json!({ "Type": 7, "Source": "v" })), "unknown");
}

#[test]
fn images_come_from_registries_that_are_trusted() {
    let answer = |digests: Value| {
        let spec = SelectionSpec { select: Some(vec!["4.2".to_owned()]), ..SelectionSpec::default() };
        let mut settings = Settings { spec, ..Settings::default() };
        settings.options.trusted_registries = vec!["docker.io".to_owned(), "*.example.com".to_owned()];
        let auditor = Auditor::new(&settings, &AuditSettings::default()).expect("the number is known");
        let mut bundle = Bundle::default();
        let image = json!([{ "Id": "sha256:aa", "RepoTags": ["a:1"], "RepoDigests": digests }]);
        bundle.files.insert("images.json".to_owned(), image.to_string());
        auditor.audit(&bundle).checks[0].answer.name()
    };
    let digest = "0".repeat(64);
    let named = |name: &str| json!([format!("{name}@sha256:{digest}")]);
    assert_eq!(answer(named("nginx")), "pass");
    assert_eq!(answer(named("registry.example.com/team/app")), "pass");
    assert_eq!(answer(named("evil.example.org/nginx")), "fail");
    // What was built here nobody can tell.
    assert_eq!(answer(json!([])), "manual");
    assert_eq!(answer(json!("x")), "unknown");
}

#[test]
fn systemd_s_socket_may_listen_on_tcp() {
    let host = |units: Value| {
        json!({ "dockerd.args.json": ["dockerd", "-H", "fd://"], "meta.json": { "unread": { "daemon.json": "absent" } },
            "sockets.txt": "", "units.json": units })
    };
    let unit = |text: &str| {
        json!({ "/lib/systemd/system/docker.socket": "[Socket]\nListenStream=/run/docker.sock\n",
        "/etc/systemd/system/docker.socket.d/a.conf": text })
    };
    says("2.7", &host(unit("")), "pass");
    for stream in ["4243", "0.0.0.0:4243", "[::]:4243"] {
        says("2.7", &host(unit(&format!("[Socket]\nListenStream={stream}\n"))), "fail");
    }
    says("2.7", &host(unit("[Socket]\nListenStream=4243\nListenStream=\nListenStream=/run/docker.sock\n")), "pass");
    says("2.7", &host(json!({ "/etc/systemd/system/docker.socket": { "error": "denied" } })), "unknown");
    let mut unread = host(json!({}));
    unread.as_object_mut().expect("files").remove("units.json");
    says("2.7", &unread, "unknown");
}

#[test]
fn files_are_those_that_the_daemon_uses() {
    let file = |mode: &str| json!({ "type": "file", "mode": mode, "uid": 0, "gid": 0 });
    // A drop-in that others write, a socket at another place, snap's daemon.json.
    let host = |mode: &str| {
        json!({ "dockerd.args.json": ["dockerd", "-H", "unix:///srv/engine.sock"],
            "meta.json": { "daemon_json": "/var/snap/docker/current/config/daemon.json", "unread": { "daemon.json": "absent" } },
            "units.json": { "/etc/systemd/system/docker.service.d/a.conf": "" },
            "files.json": { "/usr/lib/systemd/system/docker.service": file("0644"), "/run/docker.sock": null, "/var/run/docker.sock": null,
                "/etc/systemd/system/docker.service.d/a.conf": file(mode), "/srv/engine.sock": file(mode),
                "/etc/docker/daemon.json": null, "/var/snap/docker/current/config/daemon.json": file(mode) } })
    };
    for id in ["3.2", "3.16", "3.18"] {
        says(id, &host("0666"), "fail");
        says(id, &host("0600"), "pass");
    }
}

#[test]
fn logs_leave_the_host_or_do_not() {
    let logs = |driver: &str, options: Value| json!({ "info.json": { "LoggingDriver": driver }, "dockerd.args.json": ["dockerd"], "daemon.json": { "log-opts": options } });
    for driver in ["json-file", "local", "none"] {
        says("2.13", &logs(driver, json!({})), "fail");
    }
    says("2.13", &logs("syslog", json!({})), "fail");
    says("2.13", &logs("syslog", json!({ "syslog-address": "udp://127.0.0.1:514" })), "fail");
    says("2.13", &logs("syslog", json!({ "syslog-address": "udp://10.0.0.9:514" })), "pass");
    says("2.13", &logs("awslogs", json!({})), "pass");
}

#[test]
fn advice_that_is_dead_is_said_to_be_dead() {
    daemon("C.2", &[], &json!({}), "not-applicable");
    daemon("C.2", &[], &json!({ "disable-legacy-registry": true }), "fail");
    says("content-trust", &json!({ "environment": "DOCKER_CONTENT_TRUST=1" }), "fail");
    says("content-trust", &json!({ "environment": "" }), "not-applicable");
    daemon("2.11", &[], &json!({}), "not-applicable");
    says("2.18", &json!({ "info.json": { "ServerVersion": "24.0.1", "ExperimentalBuild": true } }), "not-applicable");
}

#[test]
fn users() {
    for user in ["", "0", "root", "0:0", "root:root", "00", "0:1000"] {
        container(
            "container-runs-as-root",
            &json!({ "State": { "Running": false }, "Config": { "User": user } }),
            "fail",
        );
    }
    container(
        "container-runs-as-root",
        &json!({ "State": { "Running": false }, "Config": { "User": "1000:0" } }),
        "pass",
    );
    // An entrypoint that steps down.
    let mut files = json!({ "containers.json": [{ "Id": "aa", "Name": "/c", "State": { "Running": true }, "Config": { "User": "" } }],
        "top.json": { "aa": { "Titles": ["UID", "CMD"], "Processes": [["999", "rabbitmq"]] } }, "info.json": { "SecurityOptions": [] } });
    says("container-runs-as-root", &files, "pass");
    files["top.json"]["aa"]["Processes"] = json!([["root", "sh"], ["999", "rabbitmq"]]);
    says("container-runs-as-root", &files, "fail");
    files["info.json"] = json!({ "SecurityOptions": ["name=userns"] });
    says("container-runs-as-root", &files, "not-applicable");
}

#[test]
fn health_checks() {
    let state =
        |health: Value| json!({ "State": { "Running": true, "Health": health }, "Config": { "Healthcheck": null } });
    container("5.27", &state(json!({ "Status": "unhealthy" })), "pass");
    container("5.27", &state(json!({ "Status": "none" })), "fail");
    container("5.27", &state(Value::Null), "fail");
    says("4.6", &json!({ "images.json": [{ "Id": "a", "Config": { "Healthcheck": { "Test": ["NONE"] } } }] }), "fail");
    says("4.6", &json!({ "images.json": [{ "Id": "a", "Config": {} }] }), "fail");
}

#[test]
fn histories_are_read_as_instructions() {
    let image = |steps: &[&str]| json!({ "images.json": [{ "Id": "a", "PlimsollHistory": steps.iter().map(|step| json!({ "CreatedBy": step })).collect::<Vec<_>>() }] });
    says("image-update-alone", &image(&["/bin/sh -c ./update-motd", "LABEL update=yes"]), "pass");
    says("image-update-alone", &image(&["/bin/sh -c apt-get update"]), "fail");
    says(
        "image-adds-files",
        &image(&["/bin/sh -c #(nop) ADD file:1 in / ", "/bin/sh -c #(nop) ADD file:2 in / "]),
        "pass",
    );
    says("image-adds-files", &image(&["ADD app.conf /etc/ # buildkit"]), "fail");
    says("image-adds-files", &image(&["COPY ADD /x # buildkit"]), "pass");
}

#[test]
fn security_modules_are_those_that_the_host_has() {
    let host = |module: &str, container: Value| json!({ "info.json": { "SecurityOptions": [format!("name={module}")] }, "lsm.txt": format!("capability,{module}"), "containers.json": [container] });
    let bare = json!({ "Name": "/c", "AppArmorProfile": "", "ProcessLabel": "", "State": { "Running": true }, "HostConfig": { "SecurityOpt": ["no-new-privileges"] } });
    says("5.3", &host("selinux", bare.clone()), "fail");
    says("5.3", &host("apparmor", bare.clone()), "not-applicable");
    says("5.2", &host("selinux", bare.clone()), "not-applicable");
    says("5.2", &host("apparmor", bare), "fail");
}

#[test]
fn capabilities_are_added_minus_dropped() {
    let caps = |added: Value, dropped: Value| json!({ "CapAdd": added, "CapDrop": dropped, "Privileged": false });
    host_config("5.4", &caps(json!(["ALL"]), json!(["SYS_ADMIN"])), "fail");
    host_config("5.4", &caps(json!(["cap_net_bind_service"]), json!(["all"])), "pass");
    host_config("5.4", &caps(json!(["SYS_TIME"]), json!(["ALL"])), "fail");
    host_config("container-keeps-default-capabilities", &caps(Value::Null, json!(["ALL"])), "pass");
    host_config("container-keeps-default-capabilities", &caps(Value::Null, Value::Null), "fail");
    host_config("C.5.3.3", &caps(json!(["ALL"]), json!(["CAP_SYS_ADMIN"])), "pass");
    host_config("C.5.3.3", &caps(json!(["CAP_ALL"]), Value::Null), "fail");
    // The engine always says what is added; silence is no "nothing".
    host_config("5.4", &json!({ "CapDrop": null }), "unknown");
}

#[test]
fn mounts_are_paths() {
    for source in [
        "/",
        "/etc/passwd",
        "/etc/",
        "//etc",
        "/srv/../etc",
        "/root",
        "/var",
        "/usr/lib/x",
        "/dev/sda",
        "/var/lib/docker/volumes",
    ] {
        mount("5.6", source, false, "fail");
    }
    for source in ["/srv", "/etcetera", "/home/ann", "/opt/etc", "/etc/localtime", "/dev/null"] {
        mount("5.6", source, true, "pass");
    }
    let linked = json!({ "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "bind", "Source": "/data", "Destination": "/d", "RW": true }] }],
        "files.json": { "/data": { "type": "directory", "mode": "0755", "real": "/etc" } } });
    says("5.6", &linked, "fail");
    let volume = |options: Value| {
        json!({ "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "volume", "Name": "v", "Source": "/var/lib/docker/volumes/v/_data", "Destination": "/d", "RW": true }] }],
        "volumes.json": { "Volumes": [{ "Name": "v", "Driver": "local", "Options": options }] } })
    };
    says("5.6", &volume(json!({ "type": "none", "o": "bind,ro", "device": "/etc" })), "fail");
    says("5.6", &volume(Value::Null), "pass");
}

#[test]
fn sockets_by_any_name_and_folders_that_hold_one() {
    for source in [
        "/var/run/docker.sock",
        "/run",
        "/var/run",
        "/",
        "/var",
        "/run/podman/podman.sock",
        "/run/containerd",
        "/run/crio/crio.sock",
        "/run/user/1000",
        "/run/user/1000/docker.sock",
    ] {
        let expected = if source == "/var" { "pass" } else { "fail" };
        mount("5.32", source, false, expected);
    }
    for source in ["/srv/docker.socket", "/home/docker.sock.d", "/run/user/1000/pulse", "/run/other"] {
        mount("5.32", source, true, "pass");
    }
    let own = json!({ "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "bind", "Source": "/srv/e", "Destination": "/d", "RW": true }] }],
        "dockerd.args.json": ["dockerd", "-H", "unix:///srv/e/api.sock"] });
    says("5.32", &own, "fail");
}

#[test]
fn ssh_servers_need_no_ps_in_the_container() {
    let host = |running: bool, command: &str, cmd: &[&str]| {
        json!({ "containers.json": [{ "Id": "aa", "Name": "/c", "State": { "Running": running }, "Config": { "Cmd": cmd } }],
        "top.json": { "aa": { "Titles": ["PID", "CMD"], "Processes": [["1", command]] } } })
    };
    says("5.7", &host(true, "sshd: /usr/sbin/sshd -D [listener]", &["run.sh"]), "fail");
    says("5.7", &host(true, "grep sshd", &["run.sh"]), "pass");
    says("5.7", &host(false, "", &["/usr/sbin/sshd"]), "fail");
    // The shell form of a command is one word.
    for text in [
        "/usr/sbin/sshd -D",
        "mkdir -p /run/sshd && exec sshd -De",
        "service ssh start; nginx",
        "/etc/init.d/ssh start",
    ] {
        says("5.7", &host(false, "", &["/bin/sh", "-c", text]), "fail");
    }
    for text in ["mkdir -p /run/sshd && nginx", "service nginx start", "echo sshd; cat /etc/ssh/sshd_config"] {
        says("5.7", &host(false, "", &["/bin/sh", "-c", text]), "not-applicable");
    }
    says("5.7", &host(false, "", &["nginx"]), "not-applicable");
    let mut unread = host(true, "", &["run.sh"]);
    unread.as_object_mut().expect("files").remove("top.json");
    says("5.7", &unread, "unknown");
}

#[test]
fn ports_have_addresses_of_both_kinds() {
    let ports = |ip: &str, port: &str| json!({ "HostConfig": { "NetworkMode": "bridge" }, "NetworkSettings": { "Ports": { "80/tcp": [{ "HostIp": ip, "HostPort": port }], "81/tcp": null } } });
    for (ip, expected) in [("0.0.0.0", "fail"), ("::", "fail"), ("", "fail"), ("10.0.0.1", "pass"), ("fd00::1", "pass")]
    {
        container("5.14", &ports(ip, "8080"), expected);
    }
    for (port, expected) in [
        ("1023", "fail"),
        ("1024", "pass"),
        ("80", "pass"),
        ("443", "pass"),
        ("22", "fail"),
        ("80-90", "fail"),
        ("", "pass"),
    ] {
        container("5.8", &ports("::1", port), expected);
    }
    container("5.8", &ports("::1", "x"), "unknown");
    container(
        "5.8",
        &json!({ "HostConfig": { "NetworkMode": "host" }, "NetworkSettings": { "Ports": {} } }),
        "not-applicable",
    );
    // What a stopped container will publish.
    let stopped = json!({ "HostConfig": { "NetworkMode": "bridge", "PortBindings": { "22/tcp": [{ "HostIp": "", "HostPort": "22" }] } }, "NetworkSettings": { "Ports": {} } });
    container("5.8", &stopped, "fail");
}

#[test]
fn limits_on_processors() {
    let cpu = |nano: i64, quota: i64, set: &str, shares: i64| json!({ "NanoCpus": nano, "CpuQuota": quota, "CpusetCpus": set, "CpuShares": shares });
    host_config("5.12", &cpu(0, 0, "", 1024), "fail");
    host_config("5.12", &cpu(0, 0, "", 512), "fail");
    host_config("5.12", &cpu(0, 50_000, "", 0), "pass");
    host_config("5.12", &cpu(0, 0, "0-1", 0), "pass");
    host_config("5.12", &cpu(1, -1, "", 0), "pass");
    host_config("5.12", &cpu(0, -1, "", 0), "fail");
}

#[test]
fn restart_policies() {
    let policy = |name: &str, count: i64| json!({ "RestartPolicy": { "Name": name, "MaximumRetryCount": count } });
    for (name, count, expected) in [
        ("always", 0, "fail"),
        ("unless-stopped", 0, "fail"),
        ("on-failure", 0, "fail"),
        ("on-failure", 6, "fail"),
        ("on-failure", 5, "pass"),
        ("no", 0, "pass"),
        ("", 0, "pass"),
    ] {
        host_config("5.15", &policy(name, count), expected);
    }
}

#[test]
fn namespaces_of_other_containers_are_followed() {
    let of = |modes: &[(&str, &str)]| {
        let rows: Vec<Value> = modes
            .iter()
            .map(|(id, mode)| json!({ "Id": id, "Name": format!("/{id}"), "HostConfig": { "NetworkMode": mode } }))
            .collect();
        answers("5.10", &json!({ "containers.json": rows }))
    };
    assert_eq!(of(&[("a", "container:b"), ("b", "container:c"), ("c", "host")]), ["fail", "fail", "fail"]);
    assert_eq!(of(&[("a", "container:b"), ("b", "bridge")]), ["pass", "pass"]);
    assert_eq!(of(&[("a", "container:b"), ("b", "container:a")]), ["unknown", "unknown"]);
    assert_eq!(of(&[("a", "container:gone")]), ["unknown"]);
}

#[test]
fn security_options_of_containers() {
    let options = |options: Value| json!({ "SecurityOpt": options, "Privileged": false });
    host_config("5.22", &options(json!(["seccomp:unconfined"])), "fail");
    host_config("5.22", &options(json!(["seccomp=unconfined"])), "fail");
    host_config("5.22", &options(Value::Null), "pass");
    host_config("5.26", &options(json!(["no-new-privileges:false"])), "fail");
    host_config("5.26", &options(json!(["no-new-privileges:true"])), "pass");
    host_config("5.26", &options(json!(["no-new-privileges"])), "pass");
    host_config("5.29", &json!({ "PidsLimit": -1 }), "fail");
    host_config("5.29", &json!({ "PidsLimit": null }), "fail");
    host_config(
        "container-unmasked-paths",
        &json!({ "Privileged": false, "MaskedPaths": [], "ReadonlyPaths": [] }),
        "fail",
    );
}

#[test]
fn groups_have_primary_members_and_whole_names() {
    let files = json!({ "group": "docker:x:998:alice\n", "passwd": "al:x:1:998::/:/bin/sh\nalice:x:2:2::/:/bin/sh\n" });
    says("1.1.2", &files, "manual");
    let options = plimsoll::HostOptions { trusted_users: vec!["alice".to_owned()], ..plimsoll::HostOptions::default() };
    let spec = SelectionSpec { select: Some(vec!["1.1.2".to_owned()]), ..SelectionSpec::default() };
    let auditor =
        Auditor::new(&Settings { spec, ..Settings::default() }, &AuditSettings { options, ..AuditSettings::default() });
    let mut bundle = Bundle::default();
    for (name, text) in files.as_object().expect("files") {
        bundle.files.insert(name.clone(), text.as_str().expect("a text").to_owned());
    }
    let report = auditor.expect("the number is known").audit(&bundle);
    assert_eq!(report.checks[0].evidence, "in the group docker, and not trusted: al");
}

#[test]
fn the_engine_s_group_has_the_name_that_the_daemon_gives_it() {
    let host = |setting: Value| {
        json!({ "dockerd.args.json": ["dockerd"], "daemon.json": setting, "passwd": "root:x:0:0::/:/bin/sh\n",
            "group": "docker:x:998:\nengine:x:999:ann\n",
            "files.json": { "/run/docker.sock": { "type": "socket", "mode": "0660", "uid": 0, "gid": 999, "group": "engine" } },
            "containers.json": [{ "Name": "/c", "HostConfig": { "GroupAdd": ["999"] } }] })
    };
    for (setting, expected) in
        [(json!({}), ["pass", "fail", "pass"]), (json!({ "group": "engine" }), ["manual", "pass", "fail"])]
    {
        for (id, expected) in ["1.1.2", "3.15", "container-engine-group"].into_iter().zip(expected) {
            says(id, &host(setting.clone()), expected);
        }
    }
}

#[test]
fn the_client_is_watched_by_its_own_rule() {
    let told = |rules: &str| evidence("5.23", &json!({ "audit.rules": rules }));
    for rules in ["-w /usr/bin/docker -p x\n", "-w /usr/bin -p x\n"] {
        assert!(told(rules).contains("an audit rule watches the client"), "{rules}");
    }
    for rules in ["-w /etc/docker -p wa\n-w /var/lib/docker -p wa\n", "-w /usr/bin/dockerd -p wa\n", ""] {
        assert!(told(rules).contains("no audit rule watches the client"), "{rules}");
    }
}

#[test]
fn partitions_are_devices() {
    let files = |mounts: &str| json!({ "info.json": { "DockerRootDir": "/var/lib/docker/100000.100000" }, "mounts.txt": mounts });
    let root = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n";
    says("1.1.1", &files(&format!("{root}2 1 8:1 /var/lib/docker /var/lib/docker rw - ext4 /dev/sda1 rw\n")), "fail");
    says("1.1.1", &files(&format!("{root}2 1 8:2 / /var/lib/docker rw shared:1 - xfs /dev/sdb1 rw\n")), "pass");
    says("1.1.1", &files(&format!("{root}2 1 8:2 / /var rw - xfs /dev/sdb1 rw\n")), "fail");
}

#[test]
fn swarms() {
    let manager = |managers: i64, nodes: i64| json!({ "info.json": { "Swarm": { "LocalNodeState": "active", "ControlAvailable": true, "Managers": managers, "Nodes": nodes } } });
    for (managers, nodes, expected) in
        [(1, 1, "pass"), (1, 5, "fail"), (2, 3, "fail"), (3, 3, "pass"), (4, 9, "fail"), (9, 9, "fail")]
    {
        says("swarm-manager-count", &manager(managers, nodes), expected);
    }
    says(
        "2.15",
        &json!({ "info.json": { "LiveRestoreEnabled": false, "Swarm": { "LocalNodeState": "active" } } }),
        "not-applicable",
    );
    says(
        "7.5",
        &json!({ "info.json": { "Swarm": { "LocalNodeState": "active", "ControlAvailable": false } } }),
        "not-applicable",
    );
    let socket = |line: &str| json!({ "info.json": { "Swarm": { "LocalNodeState": "active", "ControlAvailable": true } }, "sockets.txt": line });
    says("7.2", &socket("0: 00000000000000000000000000000000:0949 0:0 0A"), "fail");
    says("7.2", &socket("0: 0B00000A:0949 00000000:0000 0A"), "pass");
    says("7.2", &socket("0: 00000000:0949 00000000:0000 01"), "unknown");
    // The swarm says which port it has.
    let swarm = json!({ "LocalNodeState": "active", "ControlAvailable": true, "NodeID": "n1",
        "RemoteManagers": [{ "NodeID": "n2", "Addr": "10.0.0.2:2377" }, { "NodeID": "n1", "Addr": "10.0.0.1:2400" }] });
    let other = |line: &str| json!({ "info.json": { "Swarm": swarm }, "sockets.txt": line });
    says("7.2", &other("0: 00000000:0960 00000000:0000 0A"), "fail");
    says("7.2", &other("0: 0100000A:0960 00000000:0000 0A"), "pass");
    says("7.2", &other("0: 0100000A:0949 00000000:0000 0A"), "unknown");
}
