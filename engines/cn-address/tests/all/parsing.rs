//! Every shape in which addresses are written here, with the elements it must give.

use cn_address::{Element, Gazetteer, Parser};

/// An address on the left, its elements as `name=value` on the right.
const SHAPES: &[(&str, &str)] = &[
    ("某村（3.4.5组）", "village=某村 group=3、4、5"),
    ("某村（横泾）2队", "village=某村 hamlet=横泾 group=2"),
    ("某村1、6、13组", "village=某村 group=1、6、13"),
    ("某村（11组，13组部分）", "village=某村 group=11、13 note=部分"),
    ("某路128-1号", "road=某路 number=128-1"),
    ("某路501弄1—6号", "road=某路 lane=501 number=1~6"),
    ("某弄33弄1—2号", "road=某弄 lane=33 number=1~2"),
    ("某路492弄", "road=某路 lane=492"),
    ("某花苑二期（某1路55弄）", "site=某花苑 phase=2 road=某1路 lane=55"),
    ("某村134号", "village=某村 number=134"),
    ("某公路3333弄88支弄12号301室", "road=某公路 lane=3333 sublane=88 number=12 room=301"),
    ("外青松公路5800弄12号楼2单元301", "road=外青松公路 lane=5800 building=12 unit=2 room=301"),
    ("3弄3号103", "lane=3 number=3 room=103"),
    ("香花桥街道香花桥街道曹泾4组", "town=香花桥街道 village=曹泾 group=4"),
    ("318国道北侧（1、2、3组）", "road=318国道 note=北侧 group=1、2、3"),
    ("瞿溪路1032弄3号103", "road=瞿溪路 lane=1032 number=3 room=103"),
    ("虬江支路12号", "road=虬江支路 number=12"),
    ("山西北路10弄2号", "road=山西北路 lane=10 number=2"),
    (
        "上海市青浦区香花桥街道某村3组12号",
        "province=上海市 district=青浦区 town=香花桥街道 village=某村 group=3 number=12",
    ),
    ("江苏省苏州市昆山市某镇某路8号", "province=江苏省 city=苏州市 district=昆山市 town=某镇 road=某路 number=8"),
    ("上海青浦区某路8号", "province=上海 district=青浦区 road=某路 number=8"),
    ("某路１２８號甲", "road=某路 number=128甲"),
    ("某路128甲号", "road=某路 number=128甲"),
    ("某路临128号", "road=某路 number=临128"),
    ("某路128号附3号", "road=某路 number=128附3"),
    ("某路128号之一", "road=某路 number=128-1"),
    ("某路二十三弄五号三〇一室", "road=某路 lane=23 number=5 room=301"),
    ("某路一二三号", "road=某路 number=123"),
    ("某路501弄12號樓3單元4層401室", "road=某路 lane=501 building=12 unit=3 floor=4 room=401"),
    ("某路501弄A座1203室", "road=某路 lane=501 building=A room=1203"),
    ("某路501弄12-301", "road=某路 lane=501 number=12 room=301"),
    ("某路501弄12号-301", "road=某路 lane=501 number=12 room=301"),
    ("某路501弄12-2-301室", "road=某路 lane=501 building=12 unit=2 room=301"),
    ("某路501弄12号2单元301室", "road=某路 lane=501 number=12 unit=2 room=301"),
    ("某路501弄3幢2楼", "road=某路 lane=501 building=3 floor=2"),
    ("某路501弄，12号，301室", "road=某路 lane=501 number=12 room=301"),
    ("某路 501 弄 12 号 301 室", "road=某路 lane=501 number=12 room=301"),
    ("某新村12号301室", "site=某新村 number=12 room=301"),
    ("曹杨一村12号", "site=曹杨一村 number=12"),
    ("新村路12号", "road=新村路 number=12"),
    ("某村委会", "village=某村委会"),
    ("某某社区第3居民小组", "village=某某社区 group=3"),
    ("某村某某宅15号", "village=某村 hamlet=某某宅 number=15"),
    ("某村陈家埭15号", "village=某村 hamlet=陈家埭 number=15"),
    ("某某电子有限公司", "site=某某电子有限公司"),
    ("某某电子有限公司（南门）", "site=某某电子有限公司 note=南门"),
    ("某路128号某某工地宿舍", "road=某路 number=128 site=某某工地宿舍"),
    ("外青松5800弄12号", "road=外青松 lane=5800 number=12"),
    ("某路128号101、102室", "road=某路 number=128 room=101、102"),
    ("某路128号101室、102室", "road=某路 number=128 room=101、102"),
    ("世纪大道100号", "road=世纪大道 number=100"),
    ("某路5-7号", "road=某路 number=5~7"),
];

fn written(parser: &Parser, text: &str) -> String {
    let address = parser.parse(text);
    let mut seen = Vec::new();
    let mut parts = Vec::new();
    for piece in address.pieces() {
        if !seen.contains(&piece.element) {
            seen.push(piece.element);
            parts.push(format!("{}={}", piece.element.name(), address.get(piece.element).unwrap()));
        }
    }
    parts.sort();
    parts.join(" ")
}

fn sorted(expected: &str) -> String {
    let mut parts: Vec<_> = expected.split(' ').collect();
    parts.sort_unstable();
    parts.join(" ")
}

#[test]
fn every_shape_gives_its_elements() {
    let parser = Parser::new();
    let wrong: Vec<_> = SHAPES
        .iter()
        .map(|&(text, expected)| (text, sorted(expected), written(&parser, text)))
        .filter(|(_, expected, found)| expected != found)
        .map(|(text, expected, found)| format!("\n{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn a_repeated_town_keeps_both_places_and_one_value() {
    let text = "香花桥街道香花桥街道曹泾4组";
    let address = Parser::new().parse(text);
    let towns: Vec<_> =
        address.pieces().filter(|piece| piece.element == Element::Town).map(|piece| &text[piece.span]).collect();
    assert_eq!(towns, ["香花桥街道", "香花桥街道"]);
    assert_eq!(address.get(Element::Town), Some("香花桥街道"));
}

#[test]
fn the_span_is_the_written_form_and_the_value_the_normalised_one() {
    let text = "某路５０１弄十二號";
    let address = Parser::new().parse(text);
    assert_eq!(&text[address.span(Element::Lane).unwrap()], "５０１弄");
    assert_eq!(&text[address.span(Element::Number).unwrap()], "十二號");
    assert_eq!(address.get(Element::Number), Some("12"));
}

#[test]
fn lists_and_ranges_expand_into_single_doors() {
    let parser = Parser::new();
    let numbers = |text: &str, element| {
        parser.parse(text).expand().iter().map(|address| address.get(element).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("某路501弄1—6号", Element::Number), ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(numbers("某村（3.4.5组）", Element::Group), ["3", "4", "5"]);
    assert_eq!(numbers("某路128-1号", Element::Number), ["128-1"]);
    assert_eq!(parser.parse("某村1—3组2、4号").expand().len(), 6);
}

#[test]
fn names_of_a_table_are_known_without_their_ending() {
    let table = ["香花桥街道曹泾村4组1号", "香花桥街道曹泾村4组2号", "外青松公路1号", "外青松公路2号"];
    let parser = Parser::with_gazetteer(Gazetteer::learn(table));
    assert_eq!(parser.parse("曹泾4组").get(Element::Village), Some("曹泾村"));
    assert_eq!(parser.parse("外青松128号").get(Element::Road), Some("外青松公路"));
}

#[test]
fn the_debug_form_of_an_address_shows_no_value() {
    let address = Parser::new().parse("某路501弄12号301室");
    let shown = format!("{address:?} {:?}", address.key());
    assert!(shown.contains("lane@") && !shown.contains("501") && !shown.contains("某路"), "{shown}");
}
