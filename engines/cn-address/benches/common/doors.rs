//! Invented doors of all shapes, with names that look like numbers, units or divisions.

use cn_address::Element;

/// A small seeded generator, so that a run can be repeated.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

pub const TOWNS: &[&str] = &[
    "夏阳街道",
    "盈浦街道",
    "香花桥街道",
    "朱家角镇",
    "练塘镇",
    "金泽镇",
    "赵巷镇",
    "徐泾镇",
    "华新镇",
    "重固镇",
    "白鹤镇",
];
pub const VILLAGES: &[&str] = &[
    "王仙村",
    "新阳村",
    "塘郁村",
    "太来村",
    "塔湾村",
    "城南村",
    "贺桥村",
    "俞家埭村",
    "天恩桥村",
    "胜利村",
    "石西村",
    "七汇村",
    "郏一村",
    "曹泾村",
    "金星村",
    "朝阳村",
    "天一村",
    "新桥村",
    "东方村",
    "泾阳村",
    "大联村",
    "金米村",
    "爱星村",
    "周荡村",
    "张家圩村",
    "新旺村",
    "周家港村",
    "山海桥村",
    "淀山湖一村",
    "水产村",
    "沈巷村",
    "建新村",
    "张巷村",
    "薛间村",
    "三塘村",
    "东庄村",
    "大新村",
    "星浜村",
    "东西村",
    "建国村",
    "岑卜村",
    "田山庄村",
    "东天村",
    "双祥村",
    "南新村",
    "中步村",
    "前明村",
    "二联村",
    "陆家角村",
    "迮庵村",
    "徐谢村",
    "火星村",
    "嵩山村",
    "新木桥村",
    "白马塘村",
    "章堰村",
    "毛家角村",
    "杜村村",
    "五里村",
    "红旗村",
    "南巷村",
    "江南村",
    "太平村",
    "赵屯村",
    "民惠社区",
    "桃源埔社区",
    "尚鸿路社区",
    "三元河社区",
];
const ROAD_STEMS: &[&str] = &[
    "外青松",
    "漕盈",
    "盈港",
    "香大",
    "崧泽",
    "北青",
    "久远",
    "胜利",
    "新桥",
    "华新",
    "纪鹤",
    "白石",
    "沪青平",
    "公园",
    "城中",
    "青安",
    "新村",
    "三元",
    "汇金",
    "业煌",
    "嘉松",
    "五一",
    "八一",
    "九峰",
    "百合",
    "万寿",
    "海盈",
    "石园",
    "天辰",
    "金米",
    "陆家",
    "镇前",
    "村前",
    "宅前",
    "市场",
    "花园",
    "东大盈",
    "徐民",
    "诸光",
    "蟠龙",
    "明珠",
    "张江",
    "山西",
    "南京",
    "浦江",
    "桥桥",
    "里仁",
    "双联",
    "新城",
    "中山",
    "县前",
    "区政",
    "虬江",
    "瞿溪",
];
const ROAD_ENDINGS: &[&str] =
    &["路", "路", "路", "公路", "东路", "西路", "支路", "大道", "街", "一路", "二路", "北路", "南路"];
pub const HAMLETS: &[&str] =
    &["横泾", "陈家宅", "北庄", "沈家角", "西浜头", "塘湾", "俞家埭", "小河口", "夏家浜", "东宅", "杨家宅", "毛巷"];
pub const ESTATES: &[&str] = &[
    "东方花苑",
    "民惠佳苑",
    "玉兰花园",
    "都汇华庭",
    "桃源新村",
    "清河湾",
    "西部花苑",
    "瑞和锦庭",
    "夏都小区",
    "仁恒西郊",
    "盈联公寓",
    "新青浦佳园",
    "曹杨一村",
    "白鹤新村",
    "青浦工业园区",
    "华骥苑",
    "万科四季花城",
    "绿地中心",
];

/// Parts of estates: what is written, and what is read.
pub const ZONES: &[(&str, &str)] =
    &[("东区", "东"), ("西区", "西"), ("南区", "南"), ("北区", "北"), ("中区", "中"), ("B区", "B"), ("三区", "3")];

/// The elements of one invented door.
#[derive(Clone, Default, Debug)]
pub struct Door {
    pub town: &'static str,
    pub village: Option<&'static str>,
    pub hamlet: Option<&'static str>,
    pub team: bool,
    pub group: Option<u32>,
    pub site: Option<&'static str>,
    pub phase: Option<u32>,
    /// One of [`ZONES`].
    pub zone: Option<(&'static str, &'static str)>,
    pub road: Option<String>,
    pub lane: Option<u32>,
    pub sublane: Option<u32>,
    pub number: Option<u32>,
    /// 甲, -1, 附2 and the like behind the number.
    pub addition: Option<&'static str>,
    pub building: Option<u32>,
    pub unit: Option<u32>,
    pub floor: Option<u32>,
    pub room: Option<u32>,
}

pub fn road(dice: &mut Dice) -> String {
    if dice.chance(3) {
        return dice.one(&["318国道", "3号路", "经三路", "A30公路", "崧泽大道"]).to_owned();
    }
    format!("{}{}", dice.one(ROAD_STEMS), dice.one(ROAD_ENDINGS))
}

fn room(dice: &mut Dice) -> Option<u32> {
    let floors = if dice.chance(20) { 24 } else { 6 };
    Some((1 + dice.below(floors) as u32) * 100 + 1 + dice.below(6) as u32)
}

/// A door of one of ten shapes.
pub fn door(dice: &mut Dice) -> Door {
    let mut door = Door { town: dice.one(TOWNS), ..Door::default() };
    let small = |dice: &mut Dice, n: usize| Some(1 + dice.below(n) as u32);
    match dice.below(12) {
        0..=2 => {
            (door.road, door.lane, door.number) = (Some(road(dice)), small(dice, 5999), small(dice, 90));
            door.room = room(dice);
        }
        3 | 4 => {
            (door.road, door.lane, door.building) = (Some(road(dice)), small(dice, 5999), small(dice, 60));
            (door.unit, door.room) = (small(dice, 4), room(dice));
        }
        5 => {
            (door.road, door.lane, door.sublane) = (Some(road(dice)), small(dice, 5999), small(dice, 99));
            (door.number, door.room) = (small(dice, 90), room(dice));
        }
        6 => {
            (door.road, door.number) = (Some(road(dice)), small(dice, 3000));
            door.addition = dice.one(&[None, None, None, Some("甲"), Some("-1"), Some("附2"), Some("乙")]);
        }
        7 => {
            (door.road, door.number, door.building) = (Some(road(dice)), small(dice, 3000), small(dice, 20));
            door.room = room(dice);
            door.floor = door.room.filter(|_| dice.chance(30)).map(|room| room / 100);
        }
        8 | 9 => {
            (door.village, door.group, door.number) = (Some(dice.one(VILLAGES)), small(dice, 28), small(dice, 200));
            if dice.chance(40) {
                door.hamlet = Some(dice.one(HAMLETS));
                door.team = dice.chance(40);
            }
        }
        10 => (door.village, door.number) = (Some(dice.one(VILLAGES)), small(dice, 400)),
        _ => {
            door.site = Some(dice.one(ESTATES));
            door.phase = if dice.chance(30) { small(dice, 4) } else { None };
            door.zone = if dice.chance(40) { Some(dice.one(ZONES)) } else { None };
            (door.number, door.room) = (small(dice, 90), room(dice));
            if dice.chance(50) && door.zone.is_none() {
                (door.road, door.lane) = (Some(road(dice)), small(dice, 900));
            }
        }
    }
    door
}

/// The elements by which a writing is judged.
pub const JUDGED: [Element; 8] = [
    Element::Road,
    Element::Lane,
    Element::Number,
    Element::Building,
    Element::Unit,
    Element::Room,
    Element::Village,
    Element::Group,
];

/// What [`JUDGED`] must be.
pub fn truth(door: &Door) -> [Option<String>; 8] {
    let n = |value: Option<u32>| value.map(|value| value.to_string());
    [
        door.road.clone(),
        n(door.lane),
        door.number.map(|value| format!("{value}{}", door.addition.unwrap_or(""))),
        n(door.building),
        n(door.unit),
        n(door.room),
        door.village.map(str::to_owned),
        n(door.group),
    ]
}

/// True when the site and its phase and part are read as such, and none of them as a district.
pub fn site_is_read(door: &Door, address: &cn_address::Address) -> bool {
    let phase = door.phase.map(|phase| phase.to_string());
    let parts = [phase.as_deref(), door.zone.map(|zone| zone.1)];
    let phases = parts.into_iter().flatten().collect::<Vec<_>>().join("-");
    let get = |element| address.get(element);
    get(Element::Site) == door.site
        && get(Element::Phase).unwrap_or_default() == phases
        && get(Element::District).is_none_or(|district| district.starts_with("青浦"))
}
