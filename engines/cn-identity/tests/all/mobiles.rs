use cn_identity::{Mobile, MobileError};

#[test]
fn a_mobile_is_read_in_every_customary_form() {
    let forms = [
        "19900001234",
        "+86 199 0000 1234",
        "0086-19900001234",
        "8619900001234",
        "199-0000-1234",
        "１９９００００１２３４",
        "'19900001234",
        "19900001234.0",
        "1.9900001234E+10",
        "(86)19900001234",
    ];
    for form in forms {
        assert_eq!(Mobile::parse(form).unwrap().as_str(), "19900001234", "{form}");
    }
}

#[test]
fn what_is_no_mobile_is_refused_with_its_rule() {
    let cases = [
        ("", MobileError::Empty),
        ("1990000123", MobileError::WrongLength { got: 10 }),
        ("199000012345", MobileError::WrongLength { got: 12 }),
        ("12900001234", MobileError::BadPrefix),
        ("29900001234", MobileError::BadPrefix),
        ("1.99E+10", MobileError::ExcelDamage),
        ("1990000123O", MobileError::BadCharacter { position: 11, found: 'O' }),
    ];
    for (input, error) in cases {
        assert_eq!(Mobile::parse(input), Err(error), "{input}");
    }
}

#[test]
fn a_mobile_shows_itself_masked() {
    let mobile = Mobile::parse("19900001234").unwrap();
    assert_eq!(format!("{mobile} {mobile:?}"), "199****1234 Mobile(199****1234)");
}
