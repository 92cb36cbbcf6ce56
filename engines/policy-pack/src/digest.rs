//! The digest of a pack, by which results name the rules they were computed under.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use toml::Value;

/// SHA-256 in hex over the canonical content: comments, blanks and the order of keys do not matter, the order
/// of list entries does.
pub(crate) fn of(files: &BTreeMap<String, toml::Table>) -> String {
    let mut canonical = String::new();
    for (file, table) in files {
        push_text(&mut canonical, file);
        push_table(&mut canonical, table);
    }
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(canonical.as_bytes()) {
        write!(hex, "{byte:02x}").expect("a string takes everything");
    }
    hex
}

/// With its length in front, so that no two contents read the same.
fn push_text(out: &mut String, text: &str) {
    write!(out, "{}:{text};", text.len()).expect("a string takes everything");
}

fn push_table(out: &mut String, table: &toml::Table) {
    let sorted: BTreeMap<&String, &Value> = table.iter().collect();
    out.push('{');
    for (key, value) in sorted {
        push_text(out, key);
        push_value(out, value);
    }
    out.push('}');
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Table(table) => push_table(out, table),
        Value::Array(values) => {
            out.push('[');
            for value in values {
                push_value(out, value);
            }
            out.push(']');
        }
        Value::String(text) => {
            out.push('s');
            push_text(out, text);
        }
        Value::Integer(number) => push_text(out, &format!("i{number}")),
        Value::Float(number) => push_text(out, &format!("f{number}")),
        Value::Boolean(flag) => push_text(out, &format!("b{flag}")),
        Value::Datetime(date) => push_text(out, &format!("d{date}")),
    }
}
