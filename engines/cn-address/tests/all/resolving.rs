//! Written addresses against a table of standard ones.

use cn_address::{Element, Gazetteer, Index, Parser, Reason, Verdict};

fn table() -> Vec<(u32, String)> {
    let mut rows = Vec::new();
    for road in ["外青松公路", "盈港东路", "盈港西路", "香大东路"] {
        for lane in [100, 200, 501] {
            for number in 1..=12 {
                for room in [101, 102, 201, 202, 301] {
                    rows.push(format!("上海市青浦区香花桥街道{road}{lane}弄{number}号{room}室"));
                }
            }
        }
        rows.push(format!("上海市青浦区香花桥街道{road}8号"));
    }
    for group in 1..=9 {
        for number in 1..=40 {
            rows.push(format!("上海市青浦区香花桥街道曹泾村{group}组{number}号"));
        }
    }
    rows.into_iter().enumerate().map(|(n, text)| (n as u32, text)).collect()
}

fn index() -> (Index, Vec<(u32, String)>) {
    let rows = table();
    (Index::build(rows.iter().map(|(id, text)| (*id, text.as_str()))), rows)
}

#[test]
fn every_standard_address_resolves_to_itself() {
    let (index, rows) = index();
    for (id, text) in &rows {
        let found = index.resolve(text);
        assert_eq!(found.verdict, Verdict::Door, "{text}");
        assert_eq!(found.best[0].id, *id, "{text}");
    }
}

#[test]
fn a_written_address_resolves_as_far_as_it_goes() {
    let (index, rows) = index();
    let cases = [
        ("外青松公路501弄12号301", Verdict::Door, "外青松公路501弄12号301室", Reason::AllEqual),
        ("外青松501弄12-301", Verdict::Door, "外青松公路501弄12号301室", Reason::AllEqual),
        ("外青忪公路501弄12号301室", Verdict::Door, "外青松公路501弄12号301室", Reason::NameMisspelt),
        ("外松青公路501弄12号301室", Verdict::Door, "外青松公路501弄12号301室", Reason::NameMisspelt),
        ("曹泾4组12号", Verdict::Door, "曹泾村4组12号", Reason::AllEqual),
        ("外青松公路501弄12号909室", Verdict::BuildingOnly, "外青松公路501弄12号", Reason::RoomDiffers),
        ("外青松公路501弄12号", Verdict::BuildingOnly, "外青松公路501弄12号", Reason::RoomDiffers),
        ("外青松公路7777弄1号101室", Verdict::RoadOnly, "外青松公路", Reason::NumberDiffers),
    ];
    for (text, verdict, expected, reason) in cases {
        let found = index.resolve(text);
        assert_eq!(found.verdict, verdict, "{text}: {found:?}");
        let best = found.best[0];
        let standard = &rows[best.id as usize].1;
        assert!(standard.contains(expected), "{text} gave {standard}");
        assert_eq!(best.reason, reason, "{text}");
    }
}

#[test]
fn parts_of_an_estate_have_doors_of_their_own() {
    let mut rows = Vec::new();
    for estate in ["民惠佳苑", "清河湾", "大盈小区", "夏都"] {
        for part in ["东区", "西区", "南区", "北区", "A区", "二区", "二期东区"] {
            rows.extend((1..=6).map(|n| format!("上海市青浦区香花桥街道{estate}{part}{n}号301室")));
        }
    }
    let index = Index::build((0u32..).zip(rows.iter().map(String::as_str)));
    for (id, text) in (0u32..).zip(&rows) {
        let short = text.strip_prefix("上海市青浦区香花桥街道").unwrap();
        for written in [text.as_str(), short, &format!("香花桥街道{short}"), &short.replace('区', "區")] {
            let found = index.resolve(written);
            assert_eq!((found.verdict, found.best[0].id), (Verdict::Door, id), "{written}: {found:?}");
        }
    }
    assert_ne!(index.resolve("民惠佳苑中区3号301室").verdict, Verdict::Door);
    assert_ne!(index.resolve("民惠佳苑3号301室").verdict, Verdict::Door);
}

#[test]
fn a_direction_in_a_road_name_is_never_corrected() {
    let (index, rows) = index();
    let found = index.resolve("盈港南路501弄12号301室");
    assert!(
        found.best.iter().all(|one| !rows[one.id as usize].1.contains("盈港")) || found.verdict != Verdict::Door,
        "{found:?}"
    );
}

#[test]
fn what_is_not_in_the_table_is_nothing() {
    let (index, _) = index();
    assert_eq!(index.resolve("无此路1号").verdict, Verdict::Nothing);
    assert_eq!(index.resolve("").verdict, Verdict::Nothing);
}

#[test]
fn a_misspelt_name_that_may_be_two_roads_is_left_undecided() {
    let table = ["青松公路1弄1号101室", "青柏公路1弄1号101室"];
    let index = Index::build(table.iter().enumerate().map(|(id, text)| (id as u32, *text)));
    let found = index.resolve("青杨公路1弄1号101室");
    assert_ne!(found.verdict, Verdict::Door, "{found:?}");
}

#[test]
fn another_town_speaks_for_a_typing_error_that_made_a_real_road() {
    let table = ["甲镇青松公路1弄1号101室", "乙镇青柏公路1弄1号101室"];
    let index = Index::build(table.iter().enumerate().map(|(id, text)| (id as u32, *text)));
    assert_eq!(index.resolve("乙镇青松公路1弄1号101室").best[0].id, 1);
    assert_eq!(index.resolve("青松公路1弄1号101室").best[0].id, 0);
}

#[test]
fn a_town_that_some_rows_name_in_full_is_known_without_its_ending() {
    let rows = ["上海市青浦区香花桥街道新桥路12号", "香花桥街道东方村3组5号", "香花桥天达路6号"];
    let parser = Parser::with_gazetteer(Gazetteer::learn_towns(rows));
    for (text, element, name) in [
        ("香花桥天达路2556弄62号302室", Element::Road, "天达路"),
        ("上海青浦香花桥东方村3组5号", Element::Village, "东方村"),
        ("上海青浦香花桥都汇华庭24幢404室", Element::Site, "都汇华庭"),
        ("香花桥路5号", Element::Road, "香花桥路"),
        ("青浦区香花桥泾阳村西宅5组12号", Element::Village, "泾阳村"),
        ("香花桥街道开发区12号", Element::Site, "开发区"),
    ] {
        let address = parser.parse(text);
        assert_eq!(address.get(element), Some(name), "{text}: {address:?}");
        assert_eq!(address.get(Element::Town), (name != "香花桥路").then_some("香花桥街道"), "{text}");
    }
    let address = parser.parse("青浦区香花桥镇泾阳村西宅5组12号");
    assert_eq!((address.get(Element::Town), address.get(Element::Village)), (Some("香花桥镇"), Some("泾阳村")));
}

#[test]
fn a_name_that_begins_like_two_others_is_the_same_name_behind_any_divisions() {
    let roads = ["东新村二路", "新村二路", "东村前支路", "村前支路", "上村前西路", "新新村街"];
    let rows: Vec<String> = roads
        .iter()
        .flat_map(|road| (1..=9).map(move |n| format!("上海市青浦区香花桥街道{road}{}弄{n}号101室", 100 + n)))
        .collect();
    let index = Index::build((0u32..).zip(rows.iter().map(String::as_str)));
    for (id, text) in (0u32..).zip(&rows) {
        let short = text.strip_prefix("上海市青浦区").unwrap();
        for written in [text.as_str(), short, short.strip_prefix("香花桥街道").unwrap()] {
            let found = index.resolve(written);
            let best = found.best.first().map(|best| (best.id, best.reason));
            assert_eq!((found.verdict, best), (Verdict::Door, Some((id, Reason::AllEqual))), "{written}");
        }
    }
}
