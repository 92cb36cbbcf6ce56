//! The many ways in which people write a door.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

use super::doors::{Dice, Door};

/// How numerals are written.
#[derive(Clone, Copy, PartialEq)]
enum Numerals {
    Digits,
    Wide,
    /// 五〇一
    Said,
    /// 五百零一
    Counted,
}

/// How one address is written; see [`style`].
#[derive(Clone, Copy)]
struct Style {
    prefix: usize,
    numerals: Numerals,
    traditional: bool,
    between: &'static str,
    before_unit: &'static str,
    number: &'static str,
    building: &'static str,
    unit: &'static str,
    room: &'static str,
    group: &'static str,
    /// Joins number, unit and room instead of their words.
    chain: Option<&'static str>,
    /// Joins the lane as well.
    whole_chain: bool,
    lane_in_brackets: bool,
    tail: &'static str,
}

/// How many ways of writing there are.
pub const WAYS: usize = 26;

fn style(way: usize, dice: &mut Dice) -> Style {
    let plain = Style {
        prefix: dice.below(6),
        numerals: Numerals::Digits,
        traditional: false,
        between: "",
        before_unit: "",
        number: "号",
        building: "号楼",
        unit: "单元",
        room: "室",
        group: "组",
        chain: None,
        whole_chain: false,
        lane_in_brackets: false,
        tail: "",
    };
    match way {
        0 => plain,
        1 => Style { prefix: 1, ..plain },
        2 => Style { room: "", ..plain },
        3 => Style { chain: Some("-"), ..plain },
        4 => Style { chain: Some("-"), room: "", ..plain },
        5 => Style { chain: Some("-"), room: "", whole_chain: true, ..plain },
        6 => Style { chain: Some("/"), ..plain },
        7 => Style { chain: Some(" "), room: "", ..plain },
        8 => Style { numerals: Numerals::Wide, building: "幢", ..plain },
        9 => Style { numerals: Numerals::Said, group: "组", ..plain },
        10 => Style { numerals: Numerals::Counted, building: "栋", group: "村民小组", ..plain },
        11 => Style { traditional: true, ..plain },
        12 => Style { traditional: true, numerals: Numerals::Wide, building: "幢", group: "小组", ..plain },
        13 => Style { between: " ", ..plain },
        14 => Style { between: " ", before_unit: " ", ..plain },
        15 => Style { between: "，", ..plain },
        16 => Style { between: "、", room: "", ..plain },
        17 => Style { between: "/", ..plain },
        18 => Style { number: "#", building: "#楼", ..plain },
        19 => Style { number: "号", building: "座", unit: "门", room: "户", ..plain },
        20 => Style { lane_in_brackets: true, room: "房", ..plain },
        21 => Style { tail: "（近盈港路）", ..plain },
        22 => Style { tail: "（租户）", room: "号室", ..plain },
        23 => Style { tail: " 13800000000", room: "房间", ..plain },
        24 => Style { traditional: true, numerals: Numerals::Counted, between: "　", ..plain },
        _ => Style {
            numerals: dice.one(&[Numerals::Digits, Numerals::Wide, Numerals::Said, Numerals::Counted]),
            traditional: dice.chance(50),
            between: dice.one(&["", " ", ",", "-"]),
            number: dice.one(&["号", "#"]),
            building: dice.one(&["号楼", "幢", "栋", "座"]),
            room: dice.one(&["室", "", "房", "户"]),
            tail: dice.one(&["", "（暂住）", "旁", "。"]),
            ..plain
        },
    }
}

fn numeral(n: u32, how: Numerals) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let text = n.to_string();
    match how {
        Numerals::Digits => text,
        Numerals::Wide => text.chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect(),
        Numerals::Said => {
            text.chars().map(|c| if c == '0' { '〇' } else { DIGITS[c as usize - '0' as usize] }).collect()
        }
        Numerals::Counted => counted(n, &DIGITS),
    }
}

fn counted(n: u32, digits: &[char; 10]) -> String {
    let (mut out, mut gap) = (String::new(), false);
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = (n / unit % 10) as usize;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push(digits[digit]);
        }
        out.push_str(name);
    }
    out
}

fn prefix(door: &Door, style: &Style) -> Vec<String> {
    let full = ["上海市", "青浦区", door.town];
    let words: &[&str] = match style.prefix {
        0 => &full,
        1 => &[],
        2 => &[door.town],
        3 => &["青浦区", door.town],
        4 => &[door.town, door.town],
        _ => &["上海", "青浦", door.town],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The words of a door in the order of writing.
fn words(door: &Door, style: &Style) -> Vec<String> {
    let n = |value: u32| numeral(value, style.numerals);
    let with = |value: u32, unit: &str| format!("{}{}{unit}", n(value), style.before_unit);
    let mut out = prefix(door, style);
    out.extend(door.village.map(str::to_owned));
    out.extend(door.hamlet.map(str::to_owned));
    out.extend(door.group.map(|group| with(group, if door.team { "队" } else { style.group })));
    out.extend(door.site.map(str::to_owned));
    out.extend(
        door.phase.map(|phase| {
            format!("{}期", counted(phase, &['零', '一', '二', '三', '四', '五', '六', '七', '八', '九']))
        }),
    );
    out.extend(door.zone.map(|zone| zone.0.to_owned()));
    out.extend(door.road.clone());
    // 128-3-301 could be lane, number and room as well: such doors keep their number's word.
    let joinable = door.lane.is_some() || door.number.is_none() || door.building.is_none();
    let chained =
        style.chain.filter(|_| joinable && door.room.is_some() && door.floor.is_none() && door.addition.is_none());
    let whole = chained.is_some()
        && style.whole_chain
        && door.sublane.is_none()
        && door.lane.is_some()
        && door.building.is_none();
    if let (Some(lane), false) = (door.lane, whole) {
        let lane = with(lane, "弄");
        out.push(if style.lane_in_brackets { format!("（{lane}）") } else { lane });
    }
    out.extend(door.sublane.map(|lane| with(lane, "支弄")));
    match chained {
        Some(joint) => {
            let lane = door.lane.filter(|_| whole);
            let numbers = [lane, door.number, door.building, door.unit, door.room];
            let chain: Vec<String> = numbers.into_iter().flatten().map(n).collect();
            out.push(format!("{}{}", chain.join(joint), style.room));
        }
        None => {
            let number = style.number;
            out.extend(door.number.map(|value| match door.addition {
                Some(addition @ ("-1" | "甲")) if style.numerals == Numerals::Digits => {
                    format!("{value}{addition}{number}")
                }
                Some("-1") => format!("{}之一{number}", n(value)),
                Some("附2") => format!("{}号附2号", n(value)),
                Some(addition) => format!("{}{number}{addition}", n(value)),
                None => with(value, number),
            }));
            out.extend(door.building.map(|value| with(value, style.building)));
            out.extend(door.unit.map(|value| with(value, style.unit)));
            out.extend(door.floor.map(|value| with(value, "层")));
            out.extend(door.room.map(|value| with(value, style.room)));
        }
    }
    out
}

/// The writer keeps the converter to traditional characters.
pub struct Writer(OpenCC);

impl Writer {
    pub fn new() -> Self {
        Self(OpenCC::from_config(BuiltinConfig::S2t).expect("the converter is built in"))
    }

    /// The door written in one of [`WAYS`] ways.
    pub fn write(&self, door: &Door, way: usize, dice: &mut Dice) -> String {
        let mut style = style(way % WAYS, dice);
        if style.numerals == Numerals::Counted && style.between == "-" {
            style.between = "";
        }
        let text = format!("{}{}", words(door, &style).join(style.between), style.tail);
        if style.traditional { self.0.convert(&text) } else { text }
    }

    /// Whether the text has this word, in simplified or traditional characters.
    pub fn has(&self, text: &str, word: &str) -> bool {
        text.contains(word) || text.contains(&self.0.convert(word))
    }
}
