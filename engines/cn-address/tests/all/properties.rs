//! What holds for any text at all.

use cn_address::{Element, Parser, compare};
use proptest::prelude::*;

fn pieces_of_addresses() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "上海市",
        "青浦区",
        "香花桥街道",
        "某村",
        "某路",
        "支路",
        "弄",
        "支弄",
        "号",
        "號楼",
        "单元",
        "室",
        "层",
        "楼",
        "组",
        "队",
        "期",
        "区",
        "（",
        "）",
        "、",
        "-",
        "—",
        "～",
        " ",
        "12",
        "３",
        "301",
        "二十三",
        "甲",
        "临",
        "附",
        "之",
        "A",
        "B1",
        "花苑",
        "北侧",
        "陈家宅",
        "1",
        "新村",
        "第",
        "F",
        "#",
        ".",
        "至",
        "9999999999",
        "十",
        "百",
        "门",
    ]);
    prop::collection::vec(words, 0..14).prop_map(|words| words.concat())
}

fn check(text: &str) {
    let address = Parser::new().parse(text);
    let mut covered = vec![false; text.len()];
    let mut end = 0;
    for piece in address.pieces() {
        assert!(piece.span.start >= end, "overlap in {text:?}: {piece:?}");
        assert!(text.get(piece.span.clone()).is_some(), "span off a boundary in {text:?}");
        end = piece.span.end;
        covered[piece.span].fill(true);
    }
    for (at, c) in text.char_indices() {
        assert!(covered[at] || !c.is_alphanumeric(), "{c:?} of {text:?} is lost");
    }
    assert!(!address.expand().is_empty());
}

proptest! {
    #[test]
    fn any_text_is_parsed_and_nothing_of_it_is_lost(text in "\\PC{0,40}") {
        check(&text);
    }

    #[test]
    fn any_order_of_address_words_is_parsed_and_nothing_is_lost(text in pieces_of_addresses()) {
        check(&text);
    }

    #[test]
    fn comparing_does_not_depend_on_the_order(a in pieces_of_addresses(), b in pieces_of_addresses()) {
        let parser = Parser::new();
        let (a, b) = (parser.parse(&a), parser.parse(&b));
        prop_assert_eq!(compare(&a, &b).level, compare(&b, &a).level);
    }

    #[test]
    fn a_door_is_read_back_from_its_full_width_and_its_spelled_form(lane in 1u32..9999, number in 1u32..400, room in 101u32..3000) {
        let plain = format!("外青松公路{lane}弄{number}号{room}室");
        let wide: String = plain.chars().map(|c| if c.is_ascii() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect();
        let parser = Parser::new();
        for text in [plain, wide] {
            let address = parser.parse(&text);
            prop_assert_eq!(address.get(Element::Lane).map(str::to_owned), Some(lane.to_string()));
            prop_assert_eq!(address.get(Element::Number).map(str::to_owned), Some(number.to_string()));
            prop_assert_eq!(address.get(Element::Room).map(str::to_owned), Some(room.to_string()));
        }
    }
}
