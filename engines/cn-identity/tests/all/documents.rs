use cn_identity::{
    DocumentKind, ForeignPermanentNumber, NumberError, OrgCode, OrgKind, PassportNumber, TravelPermitKind,
    TravelPermitNumber, check_document, identify,
};

#[test]
fn a_text_is_recognised_as_the_kind_of_document_it_has_the_form_of() {
    let cases = [
        ("990101199003070023", "resident", true),
        ("990101900307002", "resident", true),
        ("990101199003070024", "resident", false),
        ("9.90101E+17", "resident", false),
        ("99010119900307002", "resident", false),
        ("810000199003070023", "hmt-permit", true),
        ("810000199003070024", "hmt-permit", false),
        ("82000019751105011x", "hmt-permit", true),
        ("911398199012310021", "foreign-permanent", true),
        ("911398199012310022", "foreign-permanent", false),
        ("uto100190030713", "foreign-permanent", true),
        ("UTO100190030714", "foreign-permanent", false),
        ("H12345678", "travel-permit", true),
        ("ｍ1234567801", "travel-permit", true),
        ("01234567", "travel-permit", true),
        ("H1234567", "travel-permit", false),
        ("E90000012", "passport", true),
        ("EA9000012", "passport", true),
        ("91110000600037341L", "organisation", true),
        ("91110000600037341M", "organisation", false),
        ("99010119900307O023", "resident", false),
        ("大盈村", "unknown", false),
        ("", "unknown", false),
        ("12", "unknown", false),
    ];
    for (input, code, valid) in cases {
        let found = identify(input);
        assert_eq!((found.code(), found.is_valid()), (code, valid), "{input}: {:?}", found.result);
    }
}

#[test]
fn a_permit_number_does_not_pass_as_a_resident_number_nor_the_reverse() {
    assert_eq!(
        check_document(DocumentKind::Resident, "810000199003070023"),
        Err(NumberError::OtherKind { looks_like: DocumentKind::HmtPermit })
    );
    assert_eq!(
        check_document(DocumentKind::HmtPermit, "990101199003070023"),
        Err(NumberError::OtherKind { looks_like: DocumentKind::Resident })
    );
}

#[test]
fn codes_of_kinds_lead_back_to_their_kinds() {
    for kind in DocumentKind::ALL {
        assert_eq!(DocumentKind::from_code(kind.code()), Some(kind));
    }
    assert_eq!(DocumentKind::from_code("unknown"), None);
}

#[test]
fn the_old_foreign_card_is_checked_with_the_weights_seven_three_one() {
    assert!(ForeignPermanentNumber::parse("UTO100190030713").is_ok());
    assert_eq!(
        ForeignPermanentNumber::parse("UTO100190030714"),
        Err(NumberError::WrongCheck { expected: '3', found: '4' })
    );
    assert_eq!(ForeignPermanentNumber::parse("UTO100190130713"), Err(NumberError::BadDate));
    assert_eq!(
        ForeignPermanentNumber::parse("990101199003070023"),
        Err(NumberError::BadCharacter { position: 2, found: '9' })
    );
    let card = ForeignPermanentNumber::parse("911398199012310021").unwrap();
    assert_eq!(card.birth_date(), Some((1990, 12, 31)));
}

#[test]
fn an_organisation_code_has_two_checks_and_may_begin_with_letters() {
    // 91110000600037341L is the vector of the standard's usual implementations.
    let code = OrgCode::parse("91110000600037341l").unwrap();
    assert_eq!((code.kind(), code.organisation_code()), (OrgKind::Company, "600037341"));
    assert_eq!(
        OrgCode::parse("91110000600037340L"),
        Err(NumberError::WrongOrganisationCheck { expected: '1', found: '0' })
    );
    assert_eq!(OrgCode::parse("9111000060003734IL"), Err(NumberError::BadCharacter { position: 17, found: 'I' }));
    assert_eq!(OrgCode::parse("9A110000600037341L"), Err(NumberError::WrongCheck { expected: 'Q', found: 'L' }));
    for first_two in ["A1", "G1", "J1", "N1", "N2", "N3", "Q1", "Q2", "Q3", "Y1"] {
        let code = OrgCode::from_sixteen(&format!("{first_two}990101MA000000")).unwrap();
        assert_eq!(OrgCode::parse(code.as_str()), Ok(code));
    }
    let kinds =
        [("54", OrgKind::VillageCommittee), ("55", OrgKind::ResidentsCommittee), ("N1", OrgKind::RuralCollective)];
    for (first_two, kind) in kinds {
        assert_eq!(OrgCode::from_sixteen(&format!("{first_two}990101MA000000")).unwrap().kind(), kind);
    }
    assert!(OrgCode::from_sixteen("91").is_err());
}

#[test]
fn travel_permits_are_told_apart() {
    let cases = [
        ("H12345678", TravelPermitKind::HongKong),
        ("m1234567801", TravelPermitKind::Macau),
        ("12345678", TravelPermitKind::Taiwan),
    ];
    for (input, kind) in cases {
        assert_eq!(TravelPermitNumber::parse(input).unwrap().kind(), kind);
    }
    assert_eq!(TravelPermitNumber::parse("H123456789"), Err(NumberError::WrongLength { got: 10 }));
    assert_eq!(TravelPermitNumber::parse("C12345678"), Err(NumberError::BadCharacter { position: 1, found: 'C' }));
}

#[test]
fn a_passport_is_read_from_its_machine_readable_line() {
    // ICAO Doc 9303 part 4, appendix B.
    let line = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    assert_eq!(PassportNumber::parse(line).unwrap().as_str(), "L898902C3");
    let wrong = line.replacen("C36", "C37", 1);
    assert_eq!(PassportNumber::parse(&wrong), Err(NumberError::WrongCheck { expected: '6', found: '7' }));
    assert_eq!(PassportNumber::parse("E9000/12"), Err(NumberError::BadCharacter { position: 6, found: '/' }));
    assert_eq!(PassportNumber::parse("E90000000000000000012"), Err(NumberError::WrongLength { got: 21 }));
}

#[test]
fn other_documents_take_letters_and_digits_of_any_script_up_to_thirty() {
    assert_eq!(check_document(DocumentKind::Other, " 沪临字 第12号 ").unwrap().as_str(), "沪临字第12号");
    assert_eq!(check_document(DocumentKind::Other, "<b>"), Err(NumberError::BadCharacter { position: 1, found: '<' }));
    assert_eq!(check_document(DocumentKind::Other, &"7".repeat(31)), Err(NumberError::WrongLength { got: 31 }));
}
