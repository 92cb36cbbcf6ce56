//! The model as text, and the sentences.

use roster_match::{Lang, Model, ModelError, Reason};

#[test]
fn a_model_survives_being_written_and_read() {
    let model = Model::default();
    assert_eq!(Model::from_toml(&model.to_toml().unwrap()).unwrap(), model);
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Model>(&json).unwrap(), model);
}

#[test]
fn a_model_with_a_probability_above_one_is_refused() {
    let text = Model::default().to_toml().unwrap().replace("registered_share = 0.85", "registered_share = 1.5");
    assert!(matches!(Model::from_toml(&text), Err(ModelError::OutOfRange { field: "registered_share", .. })));
    assert!(matches!(Model::from_toml("no model"), Err(ModelError::Unreadable { .. })));
}

#[test]
fn reasons_are_sentences_of_the_field() {
    let cases = [
        (
            Reason::NumberOneOff { position: 9 },
            "证件号一位之差（第 9 位）",
            "The number is one character off (position 9)",
        ),
        (
            Reason::AddressSameDoor,
            "地址为同一户室（容许一处笔误）",
            "The address is the same door, but for one slip of writing at most",
        ),
        (Reason::NameHomophone, "姓名同音", "The names sound alike"),
    ];
    for (reason, zh, en) in cases {
        assert_eq!(reason.text(Lang::Zh), zh);
        assert_eq!(reason.text(Lang::En), en);
    }
}
