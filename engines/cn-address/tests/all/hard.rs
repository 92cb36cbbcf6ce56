//! Writings that are known to break parsers: names that look like numbers, units or divisions.

use cn_address::{Element, Parser};

const HARD: &[(&str, &str)] = &[
    ("上海市青浦区赵巷镇业煌路88号", "province=上海市 district=青浦区 town=赵巷镇 road=业煌路 number=88"),
    ("上海青浦盈浦街道大新村15号", "province=上海 district=青浦 town=盈浦街道 village=大新村 number=15"),
    ("徐泾镇陆家角村3组12号", "town=徐泾镇 village=陆家角村 group=3 number=12"),
    ("白鹤镇杜村村九组", "town=白鹤镇 village=杜村村 group=9"),
    ("三房村3组12号", "village=三房村 group=3 number=12"),
    ("十里村十队十号", "village=十里村 group=10 number=10"),
    ("民惠社区第三居委会香大路501弄", "village=民惠社区第三居委会 road=香大路 lane=501"),
    ("尚鸿路社区居委会尚鸿路88弄12号101室", "village=尚鸿路社区居委会 road=尚鸿路 lane=88 number=12 room=101"),
    ("大新街居委会", "village=大新街居委会"),
    ("东方村东方花苑12号301室", "village=东方村 site=东方花苑 number=12 room=301"),
    ("东方花苑香大路55弄12号301室", "site=东方花苑 road=香大路 lane=55 number=12 room=301"),
    ("青浦工业园区久远路88号", "site=青浦工业园区 road=久远路 number=88"),
    ("三元路三弄三号三〇三室", "road=三元路 lane=3 number=3 room=303"),
    ("香大路伍佰零壹弄拾贰号叁零壹室", "road=香大路 lane=501 number=12 room=301"),
    ("香大路五〇一弄十二号三〇一", "road=香大路 lane=501 number=12 room=301"),
    ("A30公路12号", "road=A30公路 number=12"),
    ("三门路12号", "road=三门路 number=12"),
    ("一号路12号", "road=一号路 number=12"),
    ("镇前街12号", "road=镇前街 number=12"),
    ("香大路501-12-301", "road=香大路 lane=501 number=12 room=301"),
    ("香大路501 12 301", "road=香大路 lane=501 number=12 room=301"),
    ("香大路501/12/301", "road=香大路 lane=501 number=12 room=301"),
    ("香大路501弄/12号/301室", "road=香大路 lane=501 number=12 room=301"),
    ("香大路501弄12#楼301", "road=香大路 lane=501 building=12 room=301"),
    ("香大路501弄12#-301", "road=香大路 lane=501 number=12 room=301"),
    ("香大路128号3-2-301室", "road=香大路 number=128 building=3 unit=2 room=301"),
    ("香大路501弄12楼2单元301", "road=香大路 lane=501 building=12 unit=2 room=301"),
    ("香大路501弄12号3楼301", "road=香大路 lane=501 number=12 floor=3 room=301"),
    ("绿地中心3/F", "site=绿地中心 floor=3"),
    ("香大路501弄12号地下一层", "road=香大路 lane=501 number=12 floor=B1"),
    ("香大路501弄1号至6号", "road=香大路 lane=501 number=1~6"),
    ("金米村3组和4组", "village=金米村 group=3、4"),
    ("金米村村民小组3组5号", "village=金米村 group=3 number=5"),
    ("香大路501弄12号301室A", "road=香大路 lane=501 number=12 room=301A"),
    ("香大路501弄12号301室-2", "road=香大路 lane=501 number=12 room=301-2"),
    ("香大路501弄12号101/102室", "road=香大路 lane=501 number=12 room=101、102"),
    ("香大路501弄12号301室（租户张三）", "road=香大路 lane=501 number=12 room=301 note=租户张三"),
    ("香大路（近盈港路5弄）12号", "road=香大路 number=12 note=近盈港路5弄"),
    ("201799上海市青浦区香大路12号", "province=上海市 district=青浦区 road=香大路 number=12 note=201799"),
    ("香大路12号 13800000000", "road=香大路 number=12 note=13800000000"),
];

#[test]
fn hard_writings_give_their_elements() {
    let parser = Parser::new();
    for &(text, expected) in HARD {
        let address = parser.parse(text);
        for element in Element::ALL {
            let wanted = expected.split(' ').find_map(|part| part.strip_prefix(&format!("{}=", element.name())));
            assert_eq!(address.get(element), wanted, "{} of {text}", element.name());
        }
    }
}
