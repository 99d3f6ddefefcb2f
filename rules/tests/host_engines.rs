//! Engines of other kinds and versions, and what their answers mean.

mod support;

use serde_json::{Value, json};
use support::host_cases::*;

const DOCKER_29: &str = "Docker Engine - Community";

#[test]
fn rootless_engines_are_judged_as_what_they_are() {
    let files = json!({
        "info.json": { "SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"] },
        "files.json": { "/etc/docker/daemon.json": { "type": "file", "mode": "0666", "uid": 1000, "gid": 1000 } },
        "containers.json": [{ "Id": "aa", "Name": "/c", "AppArmorProfile": "", "State": { "Running": true }, "Config": { "User": "" } }],
    });
    says("2.1", &files, "pass");
    says("2.9", &files, "pass");
    says("container-runs-as-root", &files, "not-applicable");
    says("5.2", &files, "not-applicable");
    says("3.17", &files, "not-applicable");
    says("3.18", &files, "not-applicable");
}

#[test]
fn podman_has_no_daemon_and_its_images_may_drop_the_health_check() {
    let files = json!({
        "version.json": { "Version": "4.3.1", "Components": [{ "Name": "Podman Engine", "Version": "4.3.1" }] },
        "info.json": { "SecurityOptions": ["name=seccomp,profile=default"], "LiveRestoreEnabled": false, "RegistryConfig": { "InsecureRegistryCIDRs": null, "IndexConfigs": null } },
        "images.json": [{ "Id": "a", "RepoTags": ["localhost/a:1"], "Config": { "User": "1000" } }],
        "containers.json": [{ "Id": "aa", "Name": "/c", "HostConfig": { "SecurityOpt": [], "CgroupParent": "user.slice" } }],
    });
    for id in [
        "2.2",
        "2.3",
        "2.4",
        "2.7",
        "2.8",
        "2.10",
        "2.11",
        "2.12",
        "2.14",
        "2.15",
        "2.16",
        "C.2",
        "daemon-option-twice",
    ] {
        says(id, &files, "not-applicable");
    }
    says("2.5", &files, "unknown");
    says("4.6", &files, "unknown");
    says("5.25", &files, "pass");
    says("5.26", &files, "fail");
    // Its version is not the engine's.
    says("1.2.2", &files, "manual");
}

#[test]
fn versions_of_distributions_may_be_mended() {
    let version = |platform: &str, engine: &str, runc: &str| json!({ "version.json": { "Version": engine, "Platform": { "Name": platform }, "Components": [{ "Name": "Engine", "Version": engine }, { "Name": "runc", "Version": runc }] } });
    says("1.2.2", &version(DOCKER_29, "25.0.0", "1.1.11"), "fail");
    says("1.2.2", &version("", "20.10.24+dfsg1", "1.1.5+ds1"), "unknown");
    // Which one is the newest nobody can tell without asking.
    says("1.2.2", &version(DOCKER_29, "99.0.0", "9.9.9"), "manual");
    assert!(evidence("1.2.2", &version(DOCKER_29, "25.0.0", "1.1.11")).contains("CVE-2024-21626"));
}

#[test]
fn what_engine_29_leaves_out_of_an_image_is_empty() {
    for config in [json!({}), json!({ "User": "" }), json!({ "User": null })] {
        says("image-user-root", &json!({ "images.json": [{ "Id": "a", "Config": config }] }), "fail");
    }
    says("4.10", &json!({ "images.json": [{ "Id": "a", "Config": {} }] }), "pass");
    says("4.10", &json!({ "images.json": [{ "Id": "a", "Config": { "Env": null } }] }), "pass");
    says("4.10", &json!({ "images.json": [{ "Id": "a", "Config": { "Env": "x" } }] }), "unknown");
}

#[test]
fn engines_since_24_say_whether_privileges_can_be_gained() {
    let host = |version: &str, option: &str| {
        json!({ "info.json": { "ServerVersion": version, "SecurityOptions": [option] },
            "dockerd.args.json": ["dockerd", "--no-new-privileges"], "meta.json": { "unread": { "daemon.json": "absent" } },
            "containers.json": [{ "Id": "aa", "Name": "/c", "HostConfig": { "SecurityOpt": null } }] })
    };
    for id in ["2.14", "5.26"] {
        says(id, &host("24.0.0", "name=no-new-privileges"), "pass");
        // The command line is not what it runs with.
        says(id, &host("24.0.0", "name=cgroupns"), "fail");
        says(id, &host("20.10.24", "name=cgroupns"), "pass");
    }
}

#[test]
fn seccomp_profiles_have_several_names() {
    let engine = |option: &str| json!({ "info.json": { "SecurityOptions": [option] } });
    says("2.17", &engine("name=seccomp,profile=default"), "manual");
    says("2.17", &engine("name=seccomp,profile=builtin"), "manual");
    says("2.17", &engine("name=seccomp,profile=/etc/docker/seccomp.json"), "pass");
    says("2.17", &engine("name=seccomp,profile=unconfined"), "fail");
    says("2.17", &engine("name=cgroupns"), "fail");
}

#[test]
fn the_containerd_store_is_data_too() {
    let files = |mounts: &str| {
        json!({ "info.json": { "DockerRootDir": "/var/lib/docker", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]] },
            "mounts.txt": format!("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n{mounts}") })
    };
    let docker = "2 1 8:2 / /var/lib/docker rw - xfs /dev/sdb1 rw\n";
    says("1.1.1", &files(docker), "fail");
    says("1.1.1", &files(&format!("{docker}3 1 8:3 / /var/lib/containerd rw - xfs /dev/sdc1 rw\n")), "pass");
    // Both folders are to be watched.
    let watched = |rules: &str| {
        let mut files = files("");
        files["audit.rules"] = json!(rules);
        files
    };
    says("1.1.5", &watched("-w /var/lib/docker -p wa\n"), "fail");
    says("1.1.5", &watched("-w /var/lib/docker -p wa\n-w /var/lib/containerd -p wa\n"), "pass");
    let none = evidence("1.1.5", &watched(""));
    assert!(none.contains("/var/lib/docker") && none.contains("/var/lib/containerd"), "{none}");
    // A containerd that dockerd starts itself keeps its data below those of dockerd.
    let mut own = files(docker);
    own["info.json"]["Containerd"] = json!({ "Address": "/var/run/docker/containerd/containerd.sock" });
    says("1.1.1", &own, "pass");
    own["info.json"]["Containerd"]["Address"] = json!("/run/containerd/containerd.sock");
    says("1.1.1", &own, "fail");
}

#[test]
fn users_need_no_mapping_where_none_is_root() {
    let host = |users: &[&str]| {
        let rows: Vec<Value> = users.iter().map(|user| json!({ "Name": "/c", "Config": { "User": user } })).collect();
        json!({ "info.json": { "SecurityOptions": [] }, "containers.json": rows })
    };
    says("2.9", &host(&["1000", "app"]), "pass");
    says("2.9", &host(&["1000", "0:0"]), "fail");
    says("2.9", &host(&[]), "fail");
    says("2.9", &json!({ "info.json": { "SecurityOptions": ["name=userns"] } }), "pass");
}

#[test]
fn units_are_found_wherever_they_are() {
    let unit = |path: &str, mode: &str| {
        let mut files = json!({
            "/etc/systemd/system/docker.service": null, "/run/systemd/system/docker.service": null,
            "/usr/lib/systemd/system/docker.service": null, "/lib/systemd/system/docker.service": null,
        });
        files[path] = json!({ "type": "file", "mode": mode, "uid": 0, "gid": 0 });
        json!({ "files.json": files })
    };
    for folder in ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"] {
        let path = format!("{folder}/docker.service");
        says("3.2", &unit(&path, "0622"), "fail");
        says("3.2", &unit(&path, "0644"), "pass");
        assert!(evidence("3.2", &unit(&path, "0644")).contains(&path));
    }
}

#[test]
fn a_null_is_no_setting() {
    let info = json!({ "Plugins": { "Authorization": null } });
    let host = |file: Value| json!({ "info.json": info, "dockerd.args.json": ["dockerd"], "daemon.json": file });
    for file in [json!({}), json!({ "default-ulimits": null, "authorization-plugins": null })] {
        says("2.8", &host(file.clone()), "fail");
        says("2.12", &host(file), "fail");
    }
    // A switch that an engine does not say is no switch that is off.
    host_config("5.5", &json!({ "Privileged": null }), "unknown");
    host_config("5.13", &json!({ "ReadonlyRootfs": null }), "unknown");
    container("5.10", &json!({ "HostConfig": { "NetworkMode": null } }), "unknown");
}

#[test]
fn a_read_only_socket_is_as_bad() {
    let host = |rw: bool| json!({ "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "bind", "Source": "/run/docker.sock", "Destination": "/s", "RW": rw }] }] });
    let severity = |rw: bool| report("5.32", &host(rw)).checks[0].severity;
    says("5.32", &host(false), "fail");
    assert_eq!(severity(false), severity(true));
}

#[test]
fn memory_is_told_with_what_stands_around_it() {
    let host = json!({ "containers.json": [{ "Name": "/c", "HostConfig": { "Memory": 1024, "MemorySwap": -1, "MemoryReservation": 512 } }] });
    let told = evidence("5.11", &host);
    assert!(
        told.contains("MemorySwap is -1 (all the swap of the host)") && told.contains("MemoryReservation is 512"),
        "{told}"
    );
}

#[test]
fn loopback_ports_of_older_engines_are_said_to_be_reachable() {
    let host = |version: &str| {
        json!({ "version.json": { "Version": version }, "containers.json": [{ "Name": "/c", "HostConfig": { "NetworkMode": "bridge" },
            "NetworkSettings": { "Ports": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }] } } }] })
    };
    assert!(evidence("5.14", &host("27.5.1")).contains("can be reached from the same network"));
    assert!(!evidence("5.14", &host("28.0.0")).contains("can be reached"));
}

#[test]
fn labels_of_selinux() {
    let host = |options: Value, label: &str| {
        json!({ "info.json": { "SecurityOptions": ["name=selinux"] },
            "containers.json": [{ "Name": "/c", "ProcessLabel": label, "State": { "Running": true }, "HostConfig": { "SecurityOpt": options } }] })
    };
    // The default labels leave no option behind.
    says("5.3", &host(Value::Null, "system_u:system_r:container_t:s0:c1,c2"), "pass");
    says("5.3", &host(json!(["label=disable"]), ""), "fail");
    says("5.3", &host(json!(["no-new-privileges"]), ""), "fail");
}

#[test]
fn volumes_that_are_not_known_may_hide_a_folder() {
    let host = |name: &str| json!({ "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "volume", "Name": name, "Source": "/x", "Destination": "/d", "RW": true }] }] });
    says("5.6", &host("data"), "unknown");
    // A list that does not have it says nothing of it either.
    let mut listed = host("data");
    listed["volumes.json"] = json!({ "Volumes": [{ "Name": "other", "Driver": "local", "Options": null }] });
    says("5.6", &listed, "unknown");
    says("5.32", &listed, "unknown");
    listed["volumes.json"]["Volumes"][0]["Name"] = json!("data");
    says("5.6", &listed, "pass");
    // What is known to be wrong stays wrong beside it.
    let mut both = host("data");
    let bind = json!({ "Type": "bind", "Source": "/etc", "Destination": "/e", "RW": true });
    both["containers.json"][0]["Mounts"].as_array_mut().expect("mounts").push(bind);
    says("5.6", &both, "fail");
    // Nobody gives options to a volume that the engine named itself.
    says("5.6", &host(&"ab".repeat(32)), "pass");
}

#[test]
fn the_daemon_s_own_socket_counts_by_any_name() {
    let host = |source: &str| json!({ "meta.json": { "engine": "unix:///srv/engine/api" }, "containers.json": [{ "Name": "/c", "Mounts": [{ "Type": "bind", "Source": source, "Destination": "/d", "RW": true }] }] });
    says("5.32", &host("/srv/engine/api"), "fail");
    says("5.32", &host("/srv/engine"), "fail");
    says("5.32", &host("/srv/engine2"), "pass");
}

#[test]
fn storage_drivers_that_are_gone() {
    for (driver, expected) in [
        ("aufs", "fail"),
        ("devicemapper", "fail"),
        ("overlay", "fail"),
        ("overlay2", "pass"),
        ("vfs", "pass"),
        ("overlayfs", "pass"),
    ] {
        says("2.6", &json!({ "info.json": { "Driver": driver } }), expected);
    }
}
