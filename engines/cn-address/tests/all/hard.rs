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
    ("香花桥街道民惠佳苑西区12号301室", "town=香花桥街道 site=民惠佳苑 phase=西 number=12 room=301"),
    ("民惠佳苑东区3幢2单元1801", "site=民惠佳苑 phase=东 building=3 unit=2 room=1801"),
    ("民惠佳苑南区12号", "site=民惠佳苑 phase=南 number=12"),
    ("民惠佳苑北區１２號", "site=民惠佳苑 phase=北 number=12"),
    ("清河湾北区8号楼502", "site=清河湾 phase=北 building=8 room=502"),
    ("上海青浦重固镇瑞和锦庭83弄2号", "province=上海 district=青浦 town=重固镇 site=瑞和锦庭 lane=83 number=2"),
    ("夏都西区8号502室", "site=夏都 phase=西 number=8 room=502"),
    ("香花桥街道大盈小区东区12号", "town=香花桥街道 site=大盈小区 phase=东 number=12"),
    (
        "香花桥街道民惠二居委民惠佳苑东区3幢1801",
        "town=香花桥街道 village=民惠二居委 site=民惠佳苑 phase=东 building=3 room=1801",
    ),
    ("青浦工业园区东区88号", "site=青浦工业园区 phase=东 number=88"),
    ("盈中新村二区5号", "site=盈中新村 phase=2 number=5"),
    ("民惠佳苑B区12号", "site=民惠佳苑 phase=B number=12"),
    ("民惠佳苑二期东区12号", "site=民惠佳苑 phase=2-东 number=12"),
    ("崧泽大道6066弄东区12号301", "road=崧泽大道 lane=6066 phase=东 number=12 room=301"),
    ("新桥村西区12号", "village=新桥村 phase=西 number=12"),
    ("重庆市江北区观音桥街道某路8号", "province=重庆市 district=江北区 town=观音桥街道 road=某路 number=8"),
    ("四川省攀枝花市东区新华街8号", "province=四川省 city=攀枝花市 district=东区 road=新华街 number=8"),
    ("天达路123号，联系人张三13812345678", "road=天达路 number=123 note=联系人张三13812345678"),
    ("天达路123号 老王家13812345678", "road=天达路 number=123 note=老王家13812345678"),
    ("天达路123号手机城", "road=天达路 number=123 site=手机城"),
    ("漕盈公路2555号3幢B座101", "road=漕盈公路 number=2555 building=3 unit=B room=101"),
    ("某路12号A座3层", "road=某路 number=12 building=A floor=3"),
    ("香大路12号 13800000000", "road=香大路 number=12 note=13800000000"),
];

#[test]
fn a_note_keeps_what_was_written() {
    let parser = Parser::new();
    for (text, notes) in [
        ("x,y\"z", "x,y\"z"),
        ("香大路12号（租給王 先生）", "租給王 先生"),
        ("香大路12号３０１室 Tel：6922-1234", "Tel：6922-1234"),
        ("（近盈港路）香大路12号旁", "近盈港路 旁"),
    ] {
        assert_eq!(parser.parse(text).notes(), notes, "{text}");
    }
}

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
