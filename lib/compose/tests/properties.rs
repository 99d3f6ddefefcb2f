//! Whatever the text: reading ends, and every place lies in the text.

use plimsoll_base::Span;
use plimsoll_compose::{Compose, NodeKind};
use proptest::prelude::*;

const PIECES: [&str; 40] = [
    "services:\n",
    "  web:\n",
    "  db: ",
    "    image: nginx\n",
    "    <<: *a\n",
    "&a ",
    "*a",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ": ",
    ", ",
    "\n",
    "\r\n",
    "    ",
    "\"",
    "'",
    "# plimsoll ignore=5.5\n",
    "|\n",
    ">-\n",
    "    ports:\n",
    "      - \"80:80\"\n",
    "      - /:/x\n",
    "${X:-a}",
    "$$",
    "!reset ",
    "---\n",
    "...\n",
    "extends: ",
    "network_mode: service:web\n",
    "é",
    "\u{feff}",
    "\t",
    "? ",
    "deploy: {resources: {limits: {cpus: 1}}}\n",
    "environment: [A=b]\n",
    "x",
    "0",
];

proptest! {
    #[test]
    fn places_lie_in_the_text(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        check(&pieces.concat());
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        check(&text);
    }
}

#[test]
fn every_truncation_is_read() {
    let text = "x: &a {privileged: true}\nservices:\n  web: # one\n    <<: [*a]\n    image: \"nginx:1\"\n    ports:\n    - 80:80\n    \
                volumes: [/:/x:ro, {type: bind, source: /etc, target: /y}]\n  é:\n    extends: {service: web}\n    pid: service:web\n";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        check(&text[..end]);
    }
    let compose = Compose::parse(text).expect("YAML");
    assert_eq!(compose.services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>(), ["web", "é"]);
}

fn check(text: &str) {
    let Ok(compose) = Compose::parse(text) else { return };
    let sound = |span: Span| {
        assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    };
    for node in compose.yaml.nodes() {
        sound(node.span);
        if let NodeKind::Mapping(pairs) = &node.kind {
            for (key, value) in pairs {
                assert!(compose.yaml.raw(*key).span.start <= compose.yaml.raw(*value).span.end, "{text:?}");
            }
        }
    }
    compose.yaml.comments.iter().for_each(|comment| sound(comment.span));
    for service in &compose.services {
        sound(service.span);
        service.environment.iter().chain(&service.image).for_each(|set| sound(set.value_span));
        service.place("Mounts", Some(0)).into_iter().for_each(sound);
    }
}
