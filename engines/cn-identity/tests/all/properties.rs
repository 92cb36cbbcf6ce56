use cn_identity::{
    DocumentKind, Mobile, OrgCode, ResidentNumber, check_document, identify, make, mask, name, suggestions,
};
use proptest::prelude::*;

prop_compose! {
    fn number()(area in 0_u32..100_000, year in 1900_i16..2100, month in 1_u8..=12, day in 1_u8..=28, seq in 1_u16..1000)
        -> ResidentNumber {
        make::resident_number(&format!("9{area:05}"), (year, month, day), seq)
    }
}

proptest! {
    #[test]
    fn every_substitution_of_one_character_is_detected(number in number(), place in 0_usize..18, other in 0_usize..11) {
        let other = b"0123456789X"[other];
        let mut bytes = number.as_str().as_bytes().to_vec();
        prop_assume!(bytes[place] != other);
        bytes[place] = other;
        prop_assert!(ResidentNumber::parse_confirmed(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn every_swap_of_neighbours_is_detected(number in number(), place in 0_usize..17) {
        let mut bytes = number.as_str().as_bytes().to_vec();
        prop_assume!(bytes[place] != bytes[place + 1]);
        bytes.swap(place, place + 1);
        prop_assert!(ResidentNumber::parse_confirmed(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn a_valid_number_of_an_area_never_issued_is_a_person_s_whatever_other_check_it_passes(number in number(), body in "[0-9]{12}") {
        prop_assume!(!number.as_str().ends_with("000"));
        let prefix = number.area_code()[..2].parse::<u8>().unwrap();
        // 91 to 93 are registrars of organisations; 911 to 983 begin cards of foreign permanent residents.
        if prefix == 90 || prefix == 99 {
            prop_assert_eq!(identify(number.as_str()).code(), "resident");
        }
        let code = OrgCode::from_sixteen(&format!("9131{body}")).unwrap();
        if code.as_str()[6..10].parse::<u16>().unwrap() > 2200 && !code.as_str().ends_with("000") {
            prop_assert_eq!(identify(code.as_str()).code(), "organisation");
        }
    }

    #[test]
    fn normalising_a_number_twice_changes_nothing(number in number(), blank in 0_usize..18) {
        let mut written = number.as_str().to_lowercase();
        written.insert(blank, ' ');
        let once = ResidentNumber::parse_confirmed(&written).unwrap();
        prop_assert_eq!(once, number);
        prop_assert_eq!(ResidentNumber::parse_confirmed(once.as_str()).unwrap(), once);
    }

    #[test]
    fn a_slip_of_one_digit_finds_the_right_number_among_few(number in number(), place in 0_usize..17, by in 1_u8..10) {
        let mut bytes = number.as_str().as_bytes().to_vec();
        bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
        // What ends in 000 is never offered either: it may be what a spreadsheet left.
        prop_assume!(!number.as_str().ends_with("000") && !bytes.ends_with(b"000"));
        let found = suggestions(&String::from_utf8(bytes).unwrap());
        prop_assert!(found.contains(&number));
        prop_assert!(found.len() <= 35);
    }

    #[test]
    fn an_organisation_code_with_one_wrong_character_is_detected(place in 0_usize..18, by in 1_usize..31, body in "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{8}") {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let code = OrgCode::from_sixteen(&body).unwrap();
        let mut bytes = code.as_str().as_bytes().to_vec();
        let value = ALPHABET.iter().position(|&b| b == bytes[place]).unwrap();
        bytes[place] = ALPHABET[(value + by) % 31];
        prop_assert!(OrgCode::parse(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn no_text_makes_anything_panic_and_a_normal_form_stays_itself(text in any::<String>()) {
        for kind in DocumentKind::ALL {
            if let Ok(document) = check_document(kind, &text) {
                let again = check_document(kind, document.as_str());
                prop_assert_eq!(again.as_ref().map(|d| d.as_str()), Ok(document.as_str()));
            }
        }
        let _ = (identify(&text), suggestions(&text), Mobile::parse(&text));
        if let Ok(checked) = name::check(&text) {
            prop_assert_eq!(name::check(&checked), Ok(checked.clone()));
        }
        prop_assert_eq!(name::key(&name::key(&text)), name::key(&text));
    }

    #[test]
    fn texts_made_of_digits_and_marks_never_panic(text in "['0-9０-９EexX.+ ()HM<-]{0,46}") {
        let _ = (identify(&text), suggestions(&text), Mobile::parse(&text));
        for kind in DocumentKind::ALL {
            let _ = check_document(kind, &text);
        }
    }

    #[test]
    fn a_mask_keeps_the_length_and_hides_the_middle(text in "[0-9A-Z]{7,20}") {
        let masked = mask::any_document(&text);
        prop_assert_eq!(masked.len(), text.len());
        prop_assert_eq!(&masked[1..text.len() - 2], "*".repeat(text.len() - 3));
    }
}
