//! Unit words after numbers (弄, 号, 幢 …) and the words that place something relative to a door.

use crate::{
    cluster::is_cyclic,
    fold::{Ch, Kind, UNIT, after, at, ch, kind_at, starts},
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

/// The unit word at `i` and where it ends; one space, or the stroke of `3/F`, may stand before it.
pub(crate) fn unit_at(buf: &[Ch], i: usize) -> Option<(Unit, usize)> {
    let c = ch(buf, i);
    if c.flags & UNIT == 0 {
        let next = at(buf, i + 1);
        let parted = c.c == ' ' && next != ' ' || c.c == '/' && next == 'F';
        return match parted.then(|| unit_at(buf, i + 1)).flatten() {
            Some((Unit::Zone, _)) | None => None,
            found => found,
        };
    }
    let next = at(buf, i + 1);
    match c.c {
        '弄' if next != '堂' => Some((Unit::Lane, i + 1)),
        '支' if next == '弄' => Some((Unit::SubLane, i + 2)),
        '号' | '#' => number_unit(buf, i),
        '幢' | '栋' => Some((Unit::Building, i + 1 + usize::from(next == '楼' || next == '号'))),
        '座' => Some((Unit::Building, i + 1)),
        '单' if next == '元' => Some((Unit::Entrance, i + 2)),
        '门' if !matches!(next, '面' | '店' | '卫' | '市' | '牌') => Some((Unit::Entrance, i + 1)),
        '楼' => Some((Unit::Storey, i + 1)),
        '层' => Some((Unit::Floor, i + 1 + usize::from(next == '楼'))),
        'F' if !matches!(kind_at(buf, i + 1), Kind::Letter) => Some((Unit::Floor, i + 1)),
        '室' | '户' => Some((Unit::Room, i + 1)),
        '间' if next != '房' => Some((Unit::Room, i + 1)),
        '房' => Some((Unit::Room, i + 1 + usize::from(matches!(next, '间' | '号' | '屋')))),
        '期' => Some((Unit::Phase, i + 1)),
        '区' => Some((Unit::Zone, i + 1)),
        _ => group_unit(buf, i),
    }
}

fn group_unit(buf: &[Ch], i: usize) -> Option<(Unit, usize)> {
    match at(buf, i) {
        '组' if at(buf, i + 1) != '团' => Some((Unit::Group, i + 1)),
        '队' => Some((Unit::Team, i + 1)),
        '村' | '居' => [("村民小组"), ("村民组"), ("居民小组"), ("居民组")]
            .iter()
            .find_map(|word| after(buf, i, word))
            .map(|end| (Unit::Group, end)),
        '小' => {
            after(buf, i, "小组").map(|end| (Unit::Group, end)).or(after(buf, i, "小队").map(|end| (Unit::Team, end)))
        }
        '大' => after(buf, i, "大队").map(|end| (Unit::Team, end)),
        '生' => after(buf, i, "生产队")
            .or(after(buf, i, "生产小队"))
            .or(after(buf, i, "生产组"))
            .map(|end| (Unit::Team, end)),
        _ => None,
    }
}

fn number_unit(buf: &[Ch], i: usize) -> Option<(Unit, usize)> {
    let next = at(buf, i + 1);
    // 3号路, 5号桥, 2号线 are names.
    let site = next == '工' && at(buf, i + 2) == '地' || next == '地' && at(buf, i + 2) == '块';
    if site || matches!(next, '路' | '桥' | '线' | '街' | '渠' | '河') {
        return None;
    }
    let from = i + 1 + usize::from(next == ' ');
    let building = match at(buf, from) {
        '楼' if from == i + 1 => Some(after(buf, from, "楼房").unwrap_or(from + 1)),
        '幢' | '栋' | '座' if from == i + 1 => Some(from + 1),
        '厂' => after(buf, from, "厂房"),
        '宿' => after(buf, from, "宿舍楼").or(after(buf, from, "宿舍")),
        _ => None,
    };
    if let Some(end) = building {
        return Some((Unit::Building, end));
    }
    Some(match next {
        '门' if !matches!(at(buf, i + 2), '面' | '店' | '卫' | '市') => {
            (Unit::Number, i + 2 + usize::from(at(buf, i + 2) == '牌'))
        }
        '院' => (Unit::Number, i + 2),
        '室' => (Unit::Room, i + 2),
        '房' => (Unit::Room, i + 2 + usize::from(at(buf, i + 2) == '间')),
        _ => (Unit::Number, i + 1),
    })
}

/// True when a spelled number and its unit are the beginning of a longer name: 三房村, 五组桥.
pub(crate) fn name_goes_on(buf: &[Ch], i: usize) -> bool {
    matches!(at(buf, i), '村' | '宅' | '路' | '街' | '镇' | '桥' | '浜') && !starts(buf, i, "村民")
}

/// True when 甲, 乙 or 临 after 号 belongs to the number.
pub(crate) fn is_trailing_cyclic(buf: &[Ch], i: usize) -> bool {
    let c = at(buf, i);
    (is_cyclic(c) || c == '临') && (kind_at(buf, i + 1) != Kind::Text || is_cyclic(c) && at(buf, i + 1) == '号')
}

/// How long a word is that places something relative to a road or door, when one stands at `i`; such words never
/// name it.
pub(crate) fn relative_at(buf: &[Ch], i: usize) -> Option<usize> {
    let next = at(buf, i + 1);
    match at(buf, i) {
        '东' | '西' | '南' | '北' => Some(i + 1 + usize::from(matches!(next, '侧' | '首' | '面' | '边'))),
        '以' if matches!(next, '东' | '西' | '南' | '北') => Some(i + 2),
        '交' => after(buf, i, "交叉路口").or(after(buf, i, "交叉口")),
        '路' | '弄' | '门' if next == '口' => Some(i + 2),
        '附' if next == '近' => Some(i + 2),
        '对' if next == '面' => Some(i + 2),
        '斜' => after(buf, i, "斜对面"),
        '旁' => Some(i + 1 + usize::from(next == '边')),
        '部' if next == '分' => Some(i + 2),
        '隔' if next == '壁' => Some(i + 2),
        '沿' if next == '街' => Some(i + 2),
        '楼' if matches!(next, '上' | '下') => Some(i + 2),
        '内' | '侧' | '近' | '口' => Some(i + 1),
        _ => None,
    }
}

/// Brackets that begin so hold a remark, whatever follows in them.
const REMARKS: &[&str] = &[
    "近", "靠", "临近", "原", "旧", "现", "即", "暂", "含", "除", "联系", "电话", "手机", "共", "约", "租", "自住",
    "同住", "备注", "注", "与", "到", "对面", "门禁", "有", "无", "已", "未", "请", "送", "可",
];

/// Where a word ends that stands before whom to ask (联系人), when one stands at `i`; what follows is a note.
pub(crate) fn contact_at(buf: &[Ch], i: usize) -> Option<usize> {
    let words: &[&str] = match at(buf, i) {
        '联' => &["联系"],
        '电' => &["电话", "电联"],
        '手' => &["手机"],
        '房' => &["房东"],
        '租' => &["租户", "租客"],
        '业' => &["业主"],
        '户' => &["户主"],
        '收' => &["收件人", "收货人"],
        _ => return None,
    };
    // 手机城 and 电话局 are sites.
    let device = matches!(at(buf, i), '电' | '手');
    let end = words.iter().find_map(|word| after(buf, i, word))?;
    (!device || kind_at(buf, end) != Kind::Text || at(buf, end) == '号').then_some(end)
}

/// Digits of a telephone in a row, which no name has.
const TELEPHONE_DIGITS: usize = 7;

/// True when a telephone number stands among the characters.
pub(crate) fn has_telephone(chars: &[Ch]) -> bool {
    chars.len() >= TELEPHONE_DIGITS
        && chars.split(|ch| ch.kind != Kind::Digit).any(|digits| digits.len() >= TELEPHONE_DIGITS)
}

/// True when the bracket whose content begins at `i` is a remark (备注).
pub(crate) fn is_remark(buf: &[Ch], i: usize) -> bool {
    REMARKS.iter().any(|word| starts(buf, i, word))
}

/// True when rooms, buildings or floors follow within a few characters.
pub(crate) fn is_urban(buf: &[Ch], from: usize) -> bool {
    (from.max(1)..(from + 14).min(buf.len())).any(|n| match buf[n].c {
        '幢' | '栋' | '楼' | '座' | '-' => true,
        '室' | '房' | '户' => matches!(buf[n - 1].kind, Kind::Digit | Kind::Numeral | Kind::Space),
        '单' => starts(buf, n, "单元"),
        _ => false,
    })
}
