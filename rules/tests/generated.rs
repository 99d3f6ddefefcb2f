//! Files that follow from the rules: `UPDATE=1` writes them.

mod support;

use support::root;

#[test]
fn the_rule_index_is_fresh() {
    is_fresh("rules/README.md", "", &plimsoll::rules());
}

#[test]
fn the_list_of_rules_on_compose_files_is_fresh() {
    const TOP: &str = "# Rules on Compose files\n\n\
        What `plimsoll lint` asks of services in Compose files, with the presets and severities that it has there: most \
        are rules\non containers of a host, which there have others. Written by `UPDATE=1 cargo test -p \
        plimsoll-rules`.\n\n";
    is_fresh("docs/compose-rules.md", TOP, &plimsoll::compose_rules());
}

fn is_fresh(file: &str, top: &str, rules: &[&'static plimsoll::engine::RuleMeta]) {
    let mut text = top.as_bytes().to_vec();
    plimsoll_report::rules_md(rules, plimsoll::peers(), &mut text).expect("writing to memory");
    let text = String::from_utf8(text).expect("UTF-8");
    let path = root().join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the list can be written");
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(present == text, "{file} is stale: run `UPDATE=1 cargo test -p plimsoll-rules`");
}
