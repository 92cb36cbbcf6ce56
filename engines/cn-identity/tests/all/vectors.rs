use cn_identity::{DocumentKind, NumberError, identify, name, suggest};

use crate::{rule, vectors};

#[test]
fn every_number_is_taken_for_its_kind_and_judged_as_written_beside_it() {
    let mut wrong = Vec::new();
    for vector in vectors(include_str!("../../vectors/documents.json")) {
        let input = vector["input"].as_str().unwrap();
        let found = identify(input);
        let (normalised, rule) = match &found.result {
            Ok(document) => (Some(document.as_str()), "ok"),
            Err(NumberError::Empty) => (None, "empty"),
            Err(_) if found.kind.is_none() => (None, "unknown"),
            Err(error) => (None, rule(error)),
        };
        let same = vector["kind"] == found.code()
            && vector["valid"] == found.is_valid()
            && vector["normalised"].as_str() == normalised
            && vector["rule"] == rule;
        if !same {
            wrong.push(format!("{input}: wanted {vector}, got {} {normalised:?} {rule}", found.code()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_number_meant_is_among_the_suggestions() {
    for vector in vectors(include_str!("../../vectors/suggestions.json")) {
        let (input, meant) = (vector["input"].as_str().unwrap(), vector["contains"].as_str().unwrap());
        let kind = DocumentKind::from_code(vector["kind"].as_str().unwrap()).unwrap();
        let found = suggest(kind, input, None);
        assert!(found.iter().any(|near| near.as_str() == meant), "{vector}: {}", found.len());
    }
}

#[test]
fn names_have_the_forms_written_beside_them() {
    for vector in vectors(include_str!("../../vectors/names.json")) {
        let input = vector["input"].as_str().unwrap();
        if let Some(checked) = vector["checked"].as_str() {
            assert_eq!(name::check(input).as_deref(), Ok(checked), "{input}");
        }
        assert_eq!(name::key(input), vector["key"], "{input}");
        if let Some(sound) = vector["sound"].as_str() {
            assert_eq!(name::sound(input), sound, "{input}");
        }
    }
}
