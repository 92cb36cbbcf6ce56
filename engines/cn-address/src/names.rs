//! Endings of names: which element a stretch of text may be by its last characters, and at what price.

use crate::{
    element::Element,
    fold::{Ch, Kind, after, at, kind_at, starts},
    places::{is_municipality, shanghai_at},
};

/// A reading of a stretch of text that begins at a known place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    pub element: Element,
    pub end: usize,
    /// The lower the likelier; comparable between all readings.
    pub price: u32,
}

/// 某路, 某村: the name is left out on purpose.
const PLACEHOLDER: char = '某';

const fn ending(element: Element, end: usize, price: u32) -> Option<Ending> {
    Some(Ending { element, end, price })
}

/// Prices by the number of characters before an ending; the last one holds for all longer names.
fn by_stem<const N: usize>(prices: [u32; N], stem: usize) -> u32 {
    prices[stem.min(N - 1)]
}

/// What lies inside the stretch that is being read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Inner {
    /// A division, village or estate ends inside.
    pub place: bool,
    /// A town ends inside: 上海青浦重固镇瑞和锦庭 is no name of one estate.
    pub town: bool,
    /// A road ends inside, just before this character.
    pub road: Option<usize>,
    /// Spaces inside.
    pub spaces: usize,
}

impl Inner {
    fn surcharge(self) -> u32 {
        7 * u32::from(self.place) + 5 * u32::from(self.town) + 3 * self.spaces as u32
    }
}

/// The readings that end with the character at `i` of a name that began at `start`: at most two.
pub(crate) fn endings_at(buf: &[Ch], start: usize, i: usize, inner: Inner) -> [Option<Ending>; 2] {
    let length = i + 1 - start - inner.spaces;
    let found = match at(buf, i) {
        '路' | '街' | '巷' | '道' | '弄' => road_or_street(buf, start, i, length),
        '省' => [(3..=4).contains(&length).then_some(()).and(ending(Element::Province, i + 1, 0)), None],
        '市' => [city(buf, start, i, length), site(buf, start, i, length)],
        '区' if matches!(at(buf, i.wrapping_sub(1)), '社' | '民') => return [community(buf, start, i, inner), None],
        '区' if is_quarter(at(buf, i.wrapping_sub(1))) => [quarter_district(buf, start, i, length), zoned(i, length)],
        '区' | '县' => [district(buf, start, i, length), site(buf, start, i, length)],
        '镇' | '乡' => [town(buf, start, length - 1, i + 1), None],
        '村' => village_or_estate(buf, start, i, length),
        '会' | '居' | '委' => [committee(buf, start, i, inner), None],
        '宅' if length >= 2 && !matches!(at(buf, i + 1), '基' | '区' | '院') => {
            [ending(Element::Hamlet, i + 1, by_stem([99, 6, 2, 2, 5, 9, 14], length - 1)), None]
        }
        _ => [site(buf, start, i, length), None],
    };
    found.map(|one| one.map(|e| Ending { price: e.price + surcharge(inner), ..e }))
}

fn surcharge(inner: Inner) -> u32 {
    inner.surcharge() + 5 * u32::from(inner.road.is_some())
}

fn road_or_street(buf: &[Ch], start: usize, i: usize, length: usize) -> [Option<Ending>; 2] {
    let (c, next) = (at(buf, i), at(buf, i + 1));
    if c == '街' && next == '道' {
        return [town(buf, start, length - 1, i + 2), None];
    }
    let kind = kind_at(buf, i.saturating_sub(1));
    let named_lane =
        c == '弄' && kind == Kind::Text && !matches!(at(buf, i.saturating_sub(1)), '支' | '里') && next != '堂';
    let complete = match c {
        '道' => matches!(at(buf, i.saturating_sub(1)), '大' | '国' | '省' | '县' | '乡' | '干' | '架' | '通'),
        '弄' => named_lane,
        _ => true,
    };
    // 赵巷镇, 尚鸿路社区, 新街村 are no roads.
    let goes_on = matches!(next, '镇' | '乡' | '村' | '社' | '居' | '宅');
    if length < 2 || !complete || goes_on {
        return [None, None];
    }
    let stem = at(buf, start);
    let bare = length == 2
        && c != '街'
        && matches!(
            stem,
            '东' | '西'
                | '南'
                | '北'
                | '中'
                | '前'
                | '后'
                | '大'
                | '新'
                | '老'
                | '支'
                | '公'
                | '小'
                | '道'
                | '马'
                | '街'
        );
    // 外青松公路 and 香大东路 are no longer than their stems.
    let directed = length >= 5
        && matches!(
            at(buf, i - 1),
            '东' | '西' | '南' | '北' | '中' | '公' | '大' | '支' | '一' | '二' | '三' | '四' | '五'
        );
    let price = match length {
        2 if bare => 14,
        2 if stem == PLACEHOLDER => 1,
        _ => by_stem([99, 99, 6, 2, 2, 5, 9, 13, 17, 21, 26, 32], length - usize::from(directed)) + u32::from(directed),
    };
    let price = if c == '巷' { price + 4 } else { price };
    [ending(Element::Road, i + 1, price), None]
}

fn town(buf: &[Ch], start: usize, stem: usize, end: usize) -> Option<Ending> {
    let price = match stem {
        0 => return None,
        1 if at(buf, start) == PLACEHOLDER => 1,
        _ => by_stem([99, 6, 1, 1, 3, 6, 12, 18], stem),
    };
    ending(Element::Town, end, price)
}

fn city(buf: &[Ch], start: usize, i: usize, length: usize) -> Option<Ending> {
    if matches!(at(buf, i + 1), '场' | '政' | '民' | '区' | '集' | '口' | '北' | '南') || length < 3 {
        return None;
    }
    if length == 3 && is_municipality(buf, start) {
        return ending(Element::Province, i + 1, 0);
    }
    ending(Element::City, i + 1, by_stem([99, 9, 1, 1, 4, 9, 14], length - 1))
}

fn district(buf: &[Ch], start: usize, i: usize, length: usize) -> Option<Ending> {
    if length < 2 {
        return None;
    }
    if shanghai_at(buf, start) == Some(i) {
        return ending(Element::District, i + 1, 0);
    }
    let before = at(buf, i - 1);
    let ordinary = at(buf, i) == '区'
        && (matches!(
            before,
            '小' | '园'
                | '业'
                | '发'
                | '社'
                | '民'
                | '校'
                | '厂'
                | '库'
                | '宅'
                | '住'
                | '景'
                | '矿'
                | '街'
                | '片'
                | '地'
                | '工'
                | '居'
                | '舍'
                | '税'
                | '术'
        ) || kind_at(buf, i - 1) != Kind::Text);
    if ordinary {
        return None;
    }
    let prices = if at(buf, i) == '区' { [99, 7, 1, 2, 5, 20, 40] } else { [99, 7, 1, 2, 5, 10, 14] };
    ending(Element::District, i + 1, by_stem(prices, length - 1))
}

/// 东, 西, 南, 北, 中: with 区 a part of an estate (民惠佳苑西区), behind other names a part of a city (江北区).
pub(crate) const fn is_quarter(c: char) -> bool {
    matches!(c, '东' | '西' | '南' | '北' | '中')
}

/// Where a part of an estate (东区) ends that stands at `i`.
pub(crate) fn quarter_at(buf: &[Ch], i: usize) -> Option<usize> {
    (is_quarter(at(buf, i)) && at(buf, i + 1) == '区').then_some(i + 2)
}

/// 江北区, 市中区, and 东区 of a city: districts named so have three characters at most.
fn quarter_district(buf: &[Ch], start: usize, i: usize, length: usize) -> Option<Ending> {
    if length == 2 {
        ending(Element::District, i + 1, 1)
    } else {
        district(buf, start, i, length).filter(|_| length == 3)
    }
}

/// 夏都西区: before the part of an estate its name may stand without an ending.
fn zoned(i: usize, length: usize) -> Option<Ending> {
    if length < 4 {
        None
    } else {
        ending(Element::Site, i - 1, by_stem([99, 99, 8, 7, 7, 8, 9, 10, 12, 14], length - 2))
    }
}

const VILLAGE: [u32; 8] = [99, 7, 1, 1, 2, 4, 8, 14];

/// 曹杨一村 and 桃园新村 are housing estates as a rule, 自然村 a hamlet, the others villages.
fn village_or_estate(buf: &[Ch], start: usize, i: usize, length: usize) -> [Option<Ending>; 2] {
    // 杜村村, 王仙村村委会 are read whole.
    if length < 2 || at(buf, i + 1) == '村' && !starts(buf, i + 1, "村民") {
        return [None, None];
    }
    let price = if length == 2 && at(buf, start) == PLACEHOLDER { 1 } else { by_stem(VILLAGE, length - 1) };
    let committee = ["村民委员会", "村委会", "村委"].iter().find_map(|word| after(buf, i, word));
    if let Some(end) = committee {
        return [ending(Element::Village, end, price), None];
    }
    let before = at(buf, i - 1);
    if length >= 4 && before == '然' && at(buf, i - 2) == '自' {
        return [ending(Element::Hamlet, i + 1, 1), None];
    }
    let village = ending(Element::Village, i + 1, price);
    if length >= 3 && (before == '新' || kind_at(buf, i - 1) == Kind::Numeral) {
        let estate = by_stem([99, 99, 99, 3, 1, 2, 3, 6, 9], length);
        return [ending(Element::Site, i + 1, estate), village];
    }
    [village, None]
}

/// 居委会, 社区, 社区居委会, 居民区 and their like.
fn committee(buf: &[Ch], start: usize, i: usize, inner: Inner) -> Option<Ending> {
    if at(buf, i) == '委' && matches!(at(buf, i + 1), '会' | '员') {
        return None;
    }
    let word_start = ["社区居民委员会", "居民委员会", "社区居委会", "社区居委", "居委会", "居委", "社区"]
        .iter()
        .find_map(|word| {
            let from = (i + 1).checked_sub(word.chars().count())?;
            (from > start && starts(buf, from, word)).then_some(from)
        })?;
    committee_price(start, word_start, i + 1, inner)
}

fn committee_price(start: usize, word_start: usize, end: usize, inner: Inner) -> Option<Ending> {
    let stem = word_start - start - inner.spaces;
    ending(Element::Village, end, by_stem([99, 8, 1, 1, 2, 3, 5, 8, 14], stem))
}

/// 社区 and 居民区, whose last character ends districts and sites too.
fn community(buf: &[Ch], start: usize, i: usize, inner: Inner) -> Option<Ending> {
    let from = ["居民区", "社区"].iter().find_map(|word| {
        let from = (i + 1).checked_sub(word.chars().count())?;
        (from > start && starts(buf, from, word)).then_some(from)
    })?;
    if ["居委", "居民委", "第"].iter().any(|word| starts(buf, i + 1, word)) && !starts(buf, i + 1, "第一居民")
    {
        // 民惠社区居委会, 民惠社区第三居委会 go on.
        let closes = (i + 1..i + 9).any(|n| starts(buf, n, "居委") || starts(buf, n, "居民委"));
        if closes {
            return None;
        }
    }
    let found = committee_price(start, from, i + 1, inner)?;
    // The road of 尚鸿路社区 belongs to its name.
    let road = if inner.road.is_some_and(|end| end != from) { 5 } else { 0 };
    Some(Ending { price: found.price + 6 * u32::from(inner.place) + road, ..found })
}

fn is_weak(c: char) -> bool {
    matches!(
        c,
        '苑' | '园'
            | '城'
            | '坊'
            | '湾'
            | '庭'
            | '邸'
            | '墅'
            | '厦'
            | '厂'
            | '店'
            | '馆'
            | '里'
            | '府'
            | '院'
            | '房'
            | '场'
            | '所'
            | '部'
            | '庙'
            | '站'
            | '楼'
            | '库'
            | '行'
            | '寓'
            | '校'
    )
}

fn site(buf: &[Ch], start: usize, i: usize, length: usize) -> Option<Ending> {
    // 工业园区 does not end at its 园.
    if at(buf, i) == '园' && at(buf, i + 1) == '区' {
        return None;
    }
    let strong = is_strong(buf, start, i);
    let price = match strong {
        true if length <= 2 => 8,
        true => by_stem([99, 99, 99, 4, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7], length),
        false if is_weak(at(buf, i)) && length >= 2 => by_stem([99, 99, 9, 4, 4, 5, 6, 7, 8, 9, 10], length),
        false => return None,
    };
    ending(Element::Site, i + 1, price)
}

/// Endings of estates, parks, plants, companies and other sites that leave no doubt, by their last two characters.
fn is_strong(buf: &[Ch], start: usize, i: usize) -> bool {
    if i <= start {
        return false;
    }
    let before: &[char] = match at(buf, i) {
        '苑' => &['花', '佳', '新', '名', '雅', '嘉', '馨', '清', '御'],
        '园' => &['花', '家', '佳', '业', '技', '儿'],
        '区' => &['小', '园', '厂', '业', '务', '发', '宅'],
        '场' => &['广', '市', '商'],
        '庭' => &['华', '名', '豪', '锦'],
        '地' => &['工', '基'],
        '学' => &['小', '中', '大'],
        '寓' | '司' => &['公'],
        '厦' => &['大'],
        '楼' => &['大', '务'],
        '心' => &['中'],
        '房' => &['厂'],
        '舍' => &['宿'],
        '市' => &['超'],
        '校' => &['学'],
        '院' => &['医'],
        '库' => &['仓'],
        '店' => &['酒'],
        '馆' => &['宾'],
        '行' => &['银'],
        '邸' => &['名'],
        '社' => &['作'],
        '部' => &['目'],
        '墅' => &['别'],
        '城' => &['新'],
        '岛' => &['半'],
        _ => return false,
    };
    before.contains(&at(buf, i - 1))
}
