//! Two addresses against each other.

use cn_address::{Level, Parser, Reason, compare};

#[test]
fn two_addresses_compare_by_what_they_share() {
    use Level::{Different, SameBuilding, SameDoor, SameRoadOrVillage, Unknown};
    let cases = [
        ("某路501弄12号301室", "某路501弄12-301", SameDoor, Reason::AllEqual),
        ("某路501弄12号楼301室", "某路五百零一弄12號301", SameDoor, Reason::AllEqual),
        ("某路501弄12号3层301室", "某路501弄12号301室", SameDoor, Reason::AllEqual),
        ("某路501弄12号2单元301室", "某路501弄12号301室", SameDoor, Reason::UnitMissing),
        ("某路501弄12号301室", "某路501弄12号302室", SameBuilding, Reason::RoomDiffers),
        ("某路501弄12号", "某路501弄12号302室", SameBuilding, Reason::RoomMissing),
        ("某路501弄12号", "某路501弄13号", SameRoadOrVillage, Reason::NumberDiffers),
        ("某路501弄12号", "某路503弄12号", SameRoadOrVillage, Reason::LaneDiffers),
        ("某路501弄12号", "某路12号", SameRoadOrVillage, Reason::LaneMissing),
        ("某路12号", "别路12号", Different, Reason::RoadDiffers),
        ("某某村3组12号", "某某村委会3组12号", SameDoor, Reason::AllEqual),
        ("某某村3组12号", "某某村4组12号", SameRoadOrVillage, Reason::GroupDiffers),
        ("某某村3组12号", "某路12号", Unknown, Reason::NoCommonPlace),
        ("外青忪公路501弄12号301室", "外青松公路501弄12号301室", SameDoor, Reason::NameMisspelt),
        ("盈港东路501弄12号301室", "盈港西路501弄12号301室", Different, Reason::RoadDiffers),
        ("香花桥街道天达路12号301室", "青浦香花桥天达路12号301室", SameDoor, Reason::AllEqual),
        ("香花桥街道东方村3组12号", "香花桥东方村3组12号", SameDoor, Reason::AllEqual),
        ("香花桥街道天达路12号", "华新天达路12号", Different, Reason::RoadDiffers),
        ("民惠佳苑西区12号301室", "青浦区香花桥街道民惠佳苑西区12号301室", SameDoor, Reason::AllEqual),
        ("民惠佳苑西区12号301室", "民惠佳苑東區12号301室", SameRoadOrVillage, Reason::PhaseDiffers),
        ("民惠佳苑二期东区12号", "民惠佳苑二期西区12号", SameRoadOrVillage, Reason::PhaseDiffers),
        ("清河湾北区8号楼502", "清河湾北区8号502室", SameDoor, Reason::AllEqual),
        ("青浦区某路12号", "松江区某路12号", Different, Reason::DistrictDiffers),
    ];
    let parser = Parser::new();
    for (a, b, level, reason) in cases {
        for (a, b) in [(a, b), (b, a)] {
            let found = compare(&parser.parse(a), &parser.parse(b));
            assert_eq!((found.level, found.reason), (level, reason), "{a} with {b}");
        }
    }
}

#[test]
fn two_writings_of_one_door_have_one_key() {
    let parser = Parser::new();
    let key = |text| parser.parse(text).key();
    assert_eq!(key("上海市青浦区某路501弄12号301室"), key("某路５０１弄12-301"));
    assert_eq!(key("某路501弄12号楼301室"), key("某路501弄12号301"));
    assert_ne!(key("某路501弄12号301室"), key("某路501弄12号302室"));
    assert_eq!(key("香花桥街道民惠佳苑西区12号301室"), key("民惠佳苑西區12-301"));
    assert_ne!(key("民惠佳苑西区12号301室"), key("民惠佳苑东区12号301室"));
}
