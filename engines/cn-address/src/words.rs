//! The words that end an element: units after numbers, and endings of names.

use crate::{
    cluster::{Ch, is_cyclic},
    fold::{Kind, kind},
};

/// The unit word after a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Lane,
    SubLane,
    Number,
    Building,
    Entrance,
    /// 楼 alone: a floor or a building, by what follows.
    Storey,
    Floor,
    Room,
    Group,
    Team,
    Phase,
    Zone,
}

#[inline]
pub(crate) fn at(buf: &[Ch], i: usize) -> char {
    buf.get(i).map_or('\0', |ch| ch.c)
}

pub(crate) fn starts(buf: &[Ch], i: usize, word: &str) -> bool {
    (i..).zip(word.chars()).all(|(n, c)| at(buf, n) == c)
}

fn first_of(buf: &[Ch], i: usize, words: &[(&str, Unit)]) -> Option<(Unit, usize)> {
    words.iter().find(|(word, _)| starts(buf, i, word)).map(|&(word, unit)| (unit, i + word.chars().count()))
}

/// The unit word at `i` and where it ends; one space before it is allowed.
pub(crate) fn unit_at(buf: &[Ch], i: usize) -> Option<(Unit, usize)> {
    match at(buf, i) {
        ' ' if at(buf, i + 1) != ' ' => match unit_at(buf, i + 1) {
            Some((Unit::Storey | Unit::Zone, _)) | None => None,
            found => found,
        },
        '弄' => Some((Unit::Lane, i + 1)),
        '支' if at(buf, i + 1) == '弄' => Some((Unit::SubLane, i + 2)),
        '号' | '#' => number_unit(buf, i),
        '幢' | '栋' => {
            let end = i + 1 + usize::from(at(buf, i + 1) == '楼');
            Some((Unit::Building, end))
        }
        '座' => Some((Unit::Building, i + 1)),
        '单' if at(buf, i + 1) == '元' => Some((Unit::Entrance, i + 2)),
        '门' if !matches!(at(buf, i + 1), '面' | '店' | '卫' | '市') => Some((Unit::Entrance, i + 1)),
        '楼' => Some((Unit::Storey, i + 1)),
        '层' => Some((Unit::Floor, i + 1)),
        'F' if kind(at(buf, i + 1)) != Kind::Letter => Some((Unit::Floor, i + 1)),
        '室' | '户' => Some((Unit::Room, i + 1)),
        '房' => Some((Unit::Room, i + 1 + usize::from(matches!(at(buf, i + 1), '间' | '号')))),
        '组' if at(buf, i + 1) != '团' => Some((Unit::Group, i + 1)),
        '队' => Some((Unit::Team, i + 1)),
        '村' | '小' | '生' | '居' => first_of(
            buf,
            i,
            &[
                ("村民小组", Unit::Group),
                ("村民组", Unit::Group),
                ("居民小组", Unit::Group),
                ("小组", Unit::Group),
                ("生产队", Unit::Team),
            ],
        ),
        '期' => Some((Unit::Phase, i + 1)),
        '区' => Some((Unit::Zone, i + 1)),
        _ => None,
    }
}

fn number_unit(buf: &[Ch], i: usize) -> Option<(Unit, usize)> {
    let next = at(buf, i + 1);
    // 3号路, 5号桥, 2号线 are names.
    if matches!(next, '路' | '桥' | '线' | '街' | '工' | '地' | '渠') {
        return None;
    }
    let building = ["楼房", "楼", "幢", "栋", "厂房", "宿舍楼", "宿舍", "座"]
        .iter()
        .find(|word| starts(buf, i + 1, word))
        .map(|word| (Unit::Building, i + 1 + word.chars().count()));
    if building.is_some() {
        return building;
    }
    Some(match next {
        '门' if !matches!(at(buf, i + 2), '面' | '店' | '卫' | '市') => (Unit::Number, i + 2),
        '院' => (Unit::Number, i + 2),
        '室' => (Unit::Room, i + 2),
        '房' => (Unit::Room, i + 2 + usize::from(at(buf, i + 2) == '间')),
        _ => (Unit::Number, i + 1),
    })
}

/// What stands after 号 and belongs to the number: 甲, 之一, 附3. Returns where it ends.
pub(crate) fn is_trailing_cyclic(buf: &[Ch], i: usize) -> bool {
    (is_cyclic(at(buf, i)) || at(buf, i) == '临') && kind(at(buf, i + 1)) != Kind::Text
}

/// The ending of a name at its last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Province,
    City,
    District,
    Town,
    Village,
    Hamlet,
    Road,
    Site,
}

/// True when the characters after an ending carry it on into a road's name: 新村路, 村东路, 镇北街.
fn road_follows(buf: &[Ch], i: usize) -> bool {
    let is_road = |c: char| matches!(c, '路' | '街' | '弄' | '巷');
    let c = at(buf, i);
    if is_road(c) {
        return !(c == '街' && at(buf, i + 1) == '道');
    }
    matches!(c, '东' | '西' | '南' | '北' | '中' | '支' | '公' | '大' | '前' | '后' | '新' | '老' | '一' | '二' | '三')
        && is_road(at(buf, i + 1))
}

/// The ending that closes the name `start..` with the character at `i`, and where it ends.
pub(crate) fn ending_at(buf: &[Ch], start: usize, i: usize) -> Option<(Ending, usize)> {
    let c = at(buf, i);
    let length = i + 1 - start;
    match c {
        '路' | '街' | '巷' => road(buf, start, i),
        '道' if length >= 2 && matches!(at(buf, i - 1), '大' | '国' | '省' | '县' | '干' | '架') => {
            Some((Ending::Road, i + 1))
        }
        '弄' if length >= 2
            && kind(at(buf, i - 1)) == Kind::Text
            && at(buf, i - 1) != '支'
            && at(buf, i + 1) != '堂' =>
        {
            Some((Ending::Road, i + 1))
        }
        '省' if (3..=4).contains(&length) => Some((Ending::Province, i + 1)),
        '市' if (3..=5).contains(&length)
            && !matches!(at(buf, i + 1), '场' | '政' | '民' | '区' | '集')
            && !road_follows(buf, i + 1) =>
        {
            Some((Ending::City, i + 1))
        }
        '区' | '县' => district(buf, start, i),
        '镇' | '乡' if (2..=6).contains(&length) && !road_follows(buf, i + 1) => Some((Ending::Town, i + 1)),
        '村' => village(buf, start, i),
        '居' if length >= 3 => ["居民委员会", "居委会", "居委", "居民区"]
            .iter()
            .find(|word| starts(buf, i, word))
            .map(|word| (Ending::Village, i + word.chars().count())),
        '社' if length >= 3 && at(buf, i + 1) == '区' => Some((Ending::Village, i + 2)),
        '宅' if length >= 2 && !matches!(at(buf, i + 1), '基' | '区' | '院') && !road_follows(buf, i + 1) => {
            Some((Ending::Hamlet, i + 1))
        }
        _ => None,
    }
}

fn road(buf: &[Ch], start: usize, i: usize) -> Option<(Ending, usize)> {
    let (c, next) = (at(buf, i), at(buf, i + 1));
    if c == '街' && next == '道' {
        return (i > start).then_some((Ending::Town, i + 2));
    }
    // 路桥路, 路口 belong on; 路东街 does not end at its first character.
    if i == start || (c == '路' && next == '桥' && road_follows(buf, i + 2)) || (next == '路' && at(buf, i + 2) != '口')
    {
        return None;
    }
    Some((Ending::Road, i + 1))
}

fn district(buf: &[Ch], start: usize, i: usize) -> Option<(Ending, usize)> {
    let length = i + 1 - start;
    let before = at(buf, i.saturating_sub(1));
    let ordinary = at(buf, i) == '区'
        && (matches!(before, '小' | '园' | '业' | '发' | '社' | '民' | '校' | '厂' | '库' | '宅' | '住' | '景' | '矿' | '山' if !(before == '山' && length == 3))
            || kind(before) != Kind::Text);
    ((2..=5).contains(&length) && !ordinary && !road_follows(buf, i + 1)).then_some((Ending::District, i + 1))
}

fn village(buf: &[Ch], start: usize, i: usize) -> Option<(Ending, usize)> {
    let length = i + 1 - start;
    if length < 2 || at(buf, i + 1) == '村' || road_follows(buf, i + 1) {
        return None;
    }
    for word in ["村民委员会", "村委会", "村委"] {
        if starts(buf, i, word) {
            return Some((Ending::Village, i + word.chars().count()));
        }
    }
    let before = at(buf, i - 1);
    // 曹杨一村 and 桃园新村 are housing estates; 自然村 is a hamlet.
    if length >= 3 && (before == '新' || kind(before) == Kind::Numeral) {
        return Some((Ending::Site, i + 1));
    }
    if length >= 4 && before == '然' && at(buf, i - 2) == '自' {
        return Some((Ending::Hamlet, i + 1));
    }
    Some((Ending::Village, i + 1))
}

/// Endings of estates, parks, plants, companies and other sites.
const SITES: &[&str] = &[
    "花苑",
    "花园",
    "小区",
    "公寓",
    "新村",
    "家园",
    "苑",
    "园",
    "城",
    "坊",
    "湾",
    "庭",
    "邸",
    "墅",
    "大厦",
    "广场",
    "中心",
    "工业区",
    "开发区",
    "园区",
    "厂",
    "厂房",
    "厂区",
    "工地",
    "宿舍",
    "市场",
    "商场",
    "超市",
    "基地",
    "公司",
    "店",
    "馆",
    "学校",
    "幼儿园",
    "医院",
    "仓库",
    "酒店",
    "宾馆",
    "银行",
    "大楼",
    "名邸",
    "华庭",
    "里",
    "府",
    "院",
    "商务楼",
    "合作社",
    "项目部",
    "房",
    "场",
    "所",
    "部",
    "社",
    "庙",
    "站",
    "楼",
];

/// True when the name reads as an estate, company or other site.
pub(crate) fn is_site(buf: &[Ch], start: usize, end: usize) -> bool {
    if end - start < 2 {
        return false;
    }
    SITES.iter().any(|word| {
        let length = word.chars().count();
        end - start > length && starts(buf, end - length, word)
    })
}

/// Words that place something relative to a road or door; they never name it.
const RELATIVE: &[&str] = &[
    "北侧",
    "南侧",
    "东侧",
    "西侧",
    "路口",
    "附近",
    "旁",
    "对面",
    "北首",
    "南首",
    "东首",
    "西首",
    "部分",
    "以北",
    "以南",
    "以东",
    "以西",
    "交叉口",
    "口",
    "内",
    "侧",
    "近",
    "弄口",
    "东面",
    "西面",
    "南面",
    "北面",
    "东",
    "西",
    "南",
    "北",
];

pub(crate) fn is_relative(buf: &[Ch], start: usize, end: usize) -> bool {
    RELATIVE.iter().any(|word| word.chars().count() == end - start && starts(buf, start, word))
}
