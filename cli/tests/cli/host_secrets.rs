//! Secrets of a host stand in no byte of a report or plan, whoever put the bundle together.

use crate::support::Project;
use serde_json::json;

/// A value that nothing but its place shows to be a secret.
const SECRET: &str = "correcthorse9battery";

#[test]
fn planted_secrets_are_in_no_output() {
    let s = SECRET;
    let url = format!("http://u:{s}@proxy:3128");
    let config = json!({
        "Env": [format!("ANYTHING={s}"), "PATH=/bin"], "User": "0",
        "Cmd": ["sh", "-c", format!("login --token={s}; export DB_PASSWORD='{s}'; curl {url}")],
        "Entrypoint": ["mysql", "-u", "root", format!("-p{s}")],
        "Labels": { "db.password": s, "url": url, "traefik.apiKey": s, "json": format!("{{\"password\": \"{s}\"}}") },
        "Healthcheck": { "Test": ["CMD-SHELL", format!("curl --password {s} http://h")] },
        "OnBuild": [format!("ENV ANYTHING={s}")],
    });
    let container = json!([{
        "Id": "aa", "Name": "/web", "Path": "/run", "Args": ["--api-token", s], "Config": config,
        "State": { "Running": true, "Health": { "Status": "unhealthy", "Log": [{ "ExitCode": 1, "Output": s }] } },
        "HostConfig": {
            "Privileged": true, "LogConfig": { "Type": "splunk", "Config": { "splunk-token": s, "splunk-url": url } },
            "Mounts": [{ "VolumeOptions": { "DriverConfig": { "Options": { "o": format!("username=u,password={s}") } } } }],
        },
    }]);
    let history = json!([
        { "CreatedBy": format!("/bin/sh -c #(nop)  ENV ANYTHING={s}") }, { "CreatedBy": format!("ENV ANYTHING={s} # buildkit") },
        { "CreatedBy": format!("RUN |1 ANYTHING={s} /bin/sh -c apt-get update # buildkit") }, { "CreatedBy": format!("ADD {url}/x /") },
    ]);
    let image = json!([{ "Id": "sha256:aa", "RepoTags": ["web:1"], "Config": config, "ContainerConfig": { "Cmd": ["/bin/sh", "-c", format!("#(nop) ENV ANYTHING={s}")] }, "PlimsollHistory": history }]);
    let service = json!([{ "ID": "s", "Spec": { "Name": "web", "Labels": { "db.password": s }, "TaskTemplate": {
        "ContainerSpec": { "Image": "web:1", "Env": [format!("ANYTHING={s}")], "Args": ["--password", s], "Labels": { "a.secret": s } },
        "LogDriver": { "Name": "gelf", "Options": { "auth-token": s, "gelf-address": url } } } } }]);
    let info = json!({
        "HttpProxy": url, "HttpsProxy": format!("https://{s}@proxy"), "Labels": [format!("registry.password={s}")],
        "RegistryConfig": { "Mirrors": [url] }, "LoggingDriver": "splunk", "LiveRestoreEnabled": false,
        "Swarm": { "LocalNodeState": "active", "ControlAvailable": true },
    });
    let daemon = json!({
        "proxies": { "http-proxy": url }, "log-driver": "splunk", "log-opts": { "splunk-token": s, "splunk-url": url },
        "registry-mirrors": [url], "insecure-registries": [url], "hosts": [format!("tcp://u:{s}@0.0.0.0:2375"), "fd://"], "icc": true,
    });
    let files = [
        ("containers.json", container.to_string()),
        ("images.json", image.to_string()),
        ("services.json", service.to_string()),
        ("info.json", info.to_string()),
        ("swarm.json", json!({ "JoinTokens": { "Worker": s, "Manager": s }, "Spec": {} }).to_string()),
        ("volumes.json", json!({ "Volumes": [{ "Name": "v", "Driver": "local", "Options": { "type": "cifs", "o": format!("password={s}") } }] }).to_string()),
        ("networks.json", json!([{ "Name": "n", "Options": { "vpn.secret": s }, "Labels": { "token": s } }]).to_string()),
        ("plugins.json", json!([{ "Name": "p", "Config": { "Env": [{ "Name": "ANYTHING", "Value": s }] }, "Settings": { "Env": [format!("X={s}")], "Args": ["--password", s] } }]).to_string()),
        ("top.json", json!({ "aa": { "Titles": ["CMD"], "Processes": [[format!("sshd --api-token {s}")], [format!("sh -c mysqldump -p{s} db | redis-cli -a {s}")]] } }).to_string()),
        ("daemon.json", daemon.to_string()),
        ("dockerd.args.json", json!(["/usr/bin/dockerd", format!("--http-proxy={url}"), "--log-opt", format!("splunk-token={s}")]).to_string()),
        ("environment", format!("ANYTHING={s}\nDOCKER_CONTENT_TRUST=1\n")),
        ("passwd", format!("root:{s}:0:0:::\n")),
        ("group", format!("docker:{s}:999:ann\n")),
        ("mounts.txt", format!("30 1 8:2 / /mnt rw - cifs //h/s rw,username=u,password={s}\n")),
    ];
    let project = Project::new();
    for (name, text) in &files {
        assert!(text.contains(s), "{name}");
        project.write(&format!("bundle/{name}"), text);
    }
    for format in ["text", "json", "sarif", "github"] {
        let plan = format!("plan-{format}");
        let run =
            project.run(&["host", "--from", "bundle", "--preset", "all", "--format", format, "--fix-plan", &plan]);
        assert!(run.code == 1 && !run.stdout.is_empty(), "{format}: {run:?}");
        assert!(!run.stdout.contains(s) && !run.stderr.contains(s), "{format}: {run:?}");
        let mut folders = vec![project.path().join(&plan)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the plan").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    assert!(!std::fs::read_to_string(&entry).expect("text").contains(s), "{}", entry.display());
                }
            }
        }
    }
    // What was masked is still judged: the group has its member, the trust service is still set.
    let run = project.run(&["host", "--from", "bundle", "--select", "4.5,1.1.2,5.5", "--format", "json"]).exits(1);
    assert!(run.stdout.contains("ann") && run.stdout.contains("DOCKER_CONTENT_TRUST is set"), "{run:?}");

    // The library masks each file itself, so that what is collected never holds them.
    let mut bundle = plimsoll::host::Bundle::default();
    bundle.files.extend(files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
    plimsoll::mask_bundle(&mut bundle);
    for (name, text) in &bundle.files {
        assert!(!text.contains(s), "{name}: {text}");
    }
    assert_eq!(bundle.files.len(), files.len() + 1);
}
