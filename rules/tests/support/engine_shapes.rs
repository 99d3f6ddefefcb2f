//! Bundles of later engines: what 20.10 told, changed as the documentation of each version says.

use super::host_scenarios::{Files, rows};
use serde_json::{Value, json};

/// The version of each engine with its bundle.
pub fn shapes(mut files: Files) -> Vec<(String, Files)> {
    let mut all: Vec<(String, Files)> = Vec::new();
    for row in rows("shapes.txt") {
        let [engine, api, file, place, gone, new] = &row[..] else { panic!("six fields: {row:?}") };
        files["version.json"]["Version"] = json!(engine);
        files["version.json"]["ApiVersion"] = json!(api);
        files["info.json"]["ServerVersion"] = json!(engine);
        let new: Value = if new.is_empty() { json!({}) } else { serde_json::from_str(new).expect("JSON") };
        let steps: Vec<&str> = place.split('.').filter(|step| !step.is_empty()).collect();
        let rows = files.get_mut(file).expect("a file");
        let mut changed = 0;
        let mut change = |value: &mut Value| {
            let fields = value.as_object_mut().expect("an object");
            for key in gone.split_whitespace() {
                let name = key.trim_start_matches('?');
                let goes = fields.get(name).is_some_and(|value| name == key || is_empty(value));
                changed += usize::from(goes && fields.remove(name).is_some());
            }
            for (key, value) in new.as_object().expect("an object") {
                fields.insert(key.clone(), value.clone());
                changed += 1;
            }
        };
        match rows {
            Value::Array(rows) => rows.iter_mut().for_each(|row| at(row, &steps, &mut change)),
            one => at(one, &steps, &mut change),
        }
        assert!(changed > 0, "{row:?} changes nothing");
        if all.last().is_none_or(|(last, _)| last != engine) {
            all.push((engine.clone(), files.clone()));
        } else if let Some((_, last)) = all.last_mut() {
            last.clone_from(&files);
        }
    }
    all
}

fn at(value: &mut Value, steps: &[&str], change: &mut dyn FnMut(&mut Value)) {
    match steps {
        [] => change(value),
        ["*", rest @ ..] => {
            value.as_object_mut().expect("a map").values_mut().for_each(|value| at(value, rest, change));
        }
        [first, rest @ ..] => at(&mut value[*first], rest, change),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
