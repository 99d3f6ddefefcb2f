//! Files that follow from the rules: `UPDATE=1` writes them.

mod support;

use support::root;

#[test]
fn the_rule_index_is_fresh() {
    let mut text = Vec::new();
    plimsoll_report::rules_md(&plimsoll::rules(), plimsoll::peers(), &mut text).expect("writing to memory");
    let text = String::from_utf8(text).expect("UTF-8");
    let path = root().join("rules/README.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the index can be written");
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(present == text, "rules/README.md is stale: run `UPDATE=1 cargo test -p plimsoll-rules`");
}
