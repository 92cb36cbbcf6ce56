//! What holds for any text at all.

use std::sync::Arc;

use cn_address::{Element, Index, Parser, Verdict, compare};
use proptest::prelude::*;

use crate::common::{
    doors::{Dice, door},
    ways::{WAYS, Writer},
};

thread_local! {
    static INDEX: Arc<Index> = {
        let mut rows = Vec::new();
        for lane in [1u32, 11, 21, 31] {
            for number in 1u32..=6 {
                for room in 101u32..=106 {
                    let text = format!("上海市青浦区香花桥街道外青松公路{lane}弄{number}号{room}室");
                    rows.push((lane * 1_000_000 + number * 1000 + room, text));
                }
            }
        }
        Arc::new(Index::build(rows.iter().map(|(id, text)| (*id, text.as_str()))))
    };
}

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

/// Odd text: characters of any plane, marks in rows, brackets never closed.
fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(any::<char>(), 0..60).prop_map(|chars| chars.into_iter().collect()),
        "[（(\\[{号弄室组村路一二三十百千壹陆甲临附第负地下0-9A-Za-z、，。/#~—-]{0,40}",
    ]
}

fn written_doors() -> impl Strategy<Value = String> {
    (any::<u64>(), 0..WAYS).prop_map(|(seed, way)| {
        let mut dice = Dice::new(seed);
        let door = door(&mut dice);
        WRITER.with(|writer| writer.write(&door, way, &mut dice))
    })
}

thread_local! {
    static WRITER: Writer = Writer::new();
}

proptest! {
    #[test]
    fn odd_text_is_parsed_and_nothing_of_it_is_lost(text in odd_text()) {
        check(&text);
        let canonical = Parser::new().parse(&text).canonical();
        check(&canonical);
    }

    #[test]
    fn a_written_door_keeps_all_its_characters_and_its_normal_writing_is_its_own(text in written_doors()) {
        check(&text);
        let parser = Parser::new();
        // An estate's name without an ending cannot be told from the road behind it.
        prop_assume!(!text.contains('恒') && !text.contains('恆'));
        let once = parser.parse(&text).canonical();
        prop_assert_eq!(parser.parse(&once).canonical(), once, "{}", text);
    }

    #[test]
    fn a_door_is_never_named_for_other_numbers(lane in 1u32..40, number in 1u32..9, room in 100u32..130, name in 0usize..5) {
        let index = INDEX.with(Clone::clone);
        let road = ["外青松公路", "外青忪公路", "外松青公路", "青松公路", "外青松"][name];
        let found = index.resolve(&format!("{road}{lane}弄{number}号{room}室"));
        let there = lane % 10 == 1 && number <= 6 && (101..=106).contains(&room);
        if found.verdict == Verdict::Door {
            prop_assert!(there, "{road}{lane}弄{number}号{room}室: {found:?}");
            prop_assert_eq!(found.best[0].id, lane * 1_000_000 + number * 1000 + room);
        } else {
            prop_assert!(!there || name == 3, "{road}{lane}弄{number}号{room}室: {found:?}");
        }
    }

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
