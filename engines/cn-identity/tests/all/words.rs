use cn_identity::{DocumentKind, Warning, explain, identify, suggest, warnings};

#[test]
fn a_wrong_number_is_explained_with_place_rule_and_standard() {
    use DocumentKind::{ForeignPermanent, HmtPermit, Organisation, Passport, Resident, TravelPermit};
    let cases = [
        (Resident, "990101199013070023", "positions 11 to 12: there is no month 13 (GB 11643-1999)"),
        (
            Resident,
            "990101199002300023",
            "positions 13 to 14: there is no day 30 in month 02 of that year (GB 11643-1999)",
        ),
        (Resident, "990101179002280023", "positions 7 to 10: the year 1790 is not in 1800 to 2199 (GB 11643-1999)"),
        (Resident, "990101901307002", "positions 9 to 10: there is no month 13 (GB 11643-1999)"),
        (Resident, "990101199003070024", "position 18: the check character should be 3, not 4 (GB 11643-1999)"),
        (
            Resident,
            "9901O1199003070023",
            "position 5: 'O' cannot stand here; digits, and X in the last place alone (GB 11643-1999)",
        ),
        (Resident, "99010119900307002", "17 characters; a resident number has 18, before 1999 15 (GB 11643-1999)"),
        (
            Resident,
            "810000199003070023",
            "positions 1 to 6: the area is that of another kind of document: hmt-permit (GB 11643-1999)",
        ),
        (HmtPermit, "", "the value is empty (GB 11643-1999)"),
        (
            ForeignPermanent,
            "UTO10019023013",
            "14 characters; a card number has 18, before December 2023 15 (National Immigration Administration; check by GB 11643-1999)",
        ),
        (
            Organisation,
            "91110000600037342L",
            "position 17: the check character of places 9 to 17 should be 1, not 2 (GB 11714-1997)",
        ),
        (
            Passport,
            "L898902C37UTO7408122F1204159ZE184226B<<<<<10",
            "position 10: the check character should be 6, not 7 (ICAO Doc 9303)",
        ),
        (
            TravelPermit,
            "H1234567",
            "8 characters; a permit has H or M and 8 or 10 digits, or 8 or 10 digits alone (National Immigration Administration)",
        ),
    ];
    for (kind, input, words) in cases {
        assert_eq!(explain(kind, input).unwrap().to_string(), words, "{input}");
    }
    assert_eq!(explain(Resident, "990101199003070023"), None);
}

#[test]
fn damage_by_a_spreadsheet_is_called_so_in_each_of_its_forms() {
    for (input, form) in [
        ("9.90101E+17", "scientific notation"),
        ("990101199003070000", "it ends in 000"),
        ("990101199003070023.0", "written as a decimal number"),
        ("990,101,199,003,070,000", "written as a decimal number"),
    ] {
        let words = explain(DocumentKind::Resident, input).unwrap().to_string();
        assert!(words.contains("spreadsheet") && words.contains(form), "{words}");
        assert!(suggest(DocumentKind::Resident, input, None).is_empty());
    }
}

#[test]
fn what_is_unusual_in_a_valid_number_is_a_warning() {
    let cases = [
        ("11010519491231002X", vec![]),
        ("990101199003070023", vec![Warning::UnknownArea { code: "990101".into() }]),
        ("H12345678", vec![Warning::Ambiguous { also: DocumentKind::Passport }]),
        ("600037341", vec![Warning::Ambiguous { also: DocumentKind::Passport }]),
        ("E90000012", vec![]),
    ];
    for (input, wanted) in cases {
        let document = identify(input).result.unwrap();
        assert_eq!(warnings(&document, input), wanted, "{input}");
    }
    let zero = cn_identity::make::resident_number("110105", (1990, 3, 8), 0);
    let document = identify(zero.as_str()).result.unwrap();
    assert_eq!(warnings(&document, zero.as_str()), [Warning::SequenceZero]);
}

#[test]
fn nobody_born_after_today_is_suggested() {
    // The check character of a number born in 2026, typed wrong: among its neighbours are that number and older ones.
    let right = cn_identity::make::resident_number("990101", (2026, 3, 7), 2);
    let wrong = if right.as_str().ends_with('1') { '2' } else { '1' };
    let typed = &format!("{}{wrong}", &right.as_str()[..17]);
    let all = suggest(DocumentKind::Resident, typed, None);
    let past = suggest(DocumentKind::Resident, typed, Some((2026, 1, 1)));
    assert!(past.len() < all.len());
    assert!(past.iter().all(|document| !document.is_born_after(2026, 1, 1)));
}
