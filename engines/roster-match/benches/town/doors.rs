//! Invented addresses, and fourteen ways of writing them.

use rand::{Rng, RngExt};

const FIRST: [&str; 16] =
    ["盈", "港", "青", "香", "崧", "漕", "华", "新", "天", "北", "汇", "金", "胜", "久", "外", "沪"];
const SECOND: [&str; 12] = ["浦", "泽", "盈", "桥", "松", "辰", "瑞", "业", "乐", "塘", "秀", "源"];
const ROAD: [&str; 6] = ["路", "公路", "东路", "西路", "大道", "支路"];
const ESTATE: [&str; 6] = ["佳苑", "花园", "新村", "名邸", "雅居", "公寓"];

/// A door: on a lane, in an estate, in a village or straight on a road.
#[derive(Clone)]
pub struct Door {
    kind: Kind,
    place: String,
    estate: String,
    lane: u32,
    number: u32,
    unit: u32,
    room: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lane,
    LaneWithEstate,
    Estate,
    Village,
    Road,
}

fn pick<'a>(rng: &mut impl Rng, from: &[&'a str]) -> &'a str {
    from[rng.random_range(0..from.len())]
}

impl Door {
    /// The `n`-th door; a sub-district has about ten doors to a building.
    pub fn new(rng: &mut impl Rng) -> Self {
        let kind = match rng.random_range(0..100) {
            0..55 => Kind::Lane,
            55..70 => Kind::LaneWithEstate,
            70..80 => Kind::Estate,
            80..95 => Kind::Village,
            _ => Kind::Road,
        };
        let road = format!("{}{}{}", pick(rng, &FIRST), pick(rng, &SECOND), pick(rng, &ROAD));
        let village = format!("{}{}村", pick(rng, &FIRST), pick(rng, &SECOND));
        Self {
            kind,
            place: if kind == Kind::Village { village } else { road },
            estate: format!("{}{}{}", pick(rng, &FIRST), pick(rng, &SECOND), pick(rng, &ESTATE)),
            lane: rng.random_range(1..900) * 4 + 1,
            number: rng.random_range(1..160),
            unit: if rng.random_bool(0.3) { rng.random_range(1..5) } else { 0 },
            room: rng.random_range(1..25) * 100 + rng.random_range(1..7),
        }
    }

    /// As the table of standard addresses writes it.
    pub fn standard(&self) -> String {
        format!("上海市青浦区香花桥街道{}", self.local())
    }

    fn local(&self) -> String {
        let Self { place, estate, lane, number, unit, room, .. } = self;
        match (self.kind, unit) {
            (Kind::Lane, _) => format!("{place}{lane}弄{number}号{room}室"),
            (Kind::LaneWithEstate, _) => format!("{place}{lane}弄{estate}{number}号{room}室"),
            (Kind::Estate, 0) => format!("{estate}{number}号{room}室"),
            (Kind::Estate, unit) => format!("{estate}{number}号楼{unit}单元{room}室"),
            (Kind::Village, _) => format!("{place}{}组{number}号", 1 + lane % 20),
            (Kind::Road, _) => format!("{place}{number}号{room}室"),
        }
    }

    /// As a roster writes it.
    pub fn written(&self, rng: &mut impl Rng, noise: f64) -> String {
        let text = self.one_of_fourteen(rng);
        if rng.random_range(0.0..100.0) / noise < 6.0 { mistyped(rng, &text) } else { text }
    }

    fn one_of_fourteen(&self, rng: &mut impl Rng) -> String {
        let Self { place, estate, lane, number, unit, room, .. } = self;
        let way = rng.random_range(0..14);
        let local = self.local();
        match (way, self.kind) {
            (0, _) => self.standard(),
            (1, _) => local,
            (2, _) => format!("青浦区{local}"),
            (3, _) => format!("香花桥街道{local}"),
            (4, _) => local
                .chars()
                .map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
                .collect(),
            (5, _) => local.replace('号', "號").replace('东', "東").replace('华', "華"),
            (6, _) => local
                .chars()
                .flat_map(|c| if matches!(c, '弄' | '号' | '组') { vec![c, ' '] } else { vec![c] })
                .collect(),
            (7, _) => format!("上海青浦香花桥街道香花桥街道{local}"),
            (8, _) => local.trim_end_matches('室').to_owned(),
            (_, Kind::Village) => format!("青浦区香花桥街道{place}{}组 {number}号", 1 + lane % 20),
            (9, Kind::Lane | Kind::LaneWithEstate) => format!("{place}{lane}弄{number}-{room}"),
            (10, Kind::Lane | Kind::LaneWithEstate) => format!("{place}{lane}弄{}号{room}室", chinese(*number)),
            (11, Kind::Lane | Kind::LaneWithEstate) => format!("{place}{lane}弄{number}号{}楼{room}", room / 100),
            (12, Kind::LaneWithEstate) => format!("{estate}（{place}{lane}弄）{number}号{room}室"),
            (12, Kind::Lane) => format!("{place}{lane}弄{number}号楼{room}室"),
            (13, Kind::LaneWithEstate) => format!("{estate}{number}号{room}室"),
            (13, Kind::Lane) => format!("{place}、{lane}弄，{number}号，{room}室"),
            (9 | 10, Kind::Estate) if *unit > 0 => format!("{estate}{number}-{unit}-{room}"),
            (9 | 10, Kind::Estate | Kind::Road) => {
                self.local().replace(['室'], "").replace('号', "-").replace("楼", "")
            }
            _ => local,
        }
    }
}

/// 123 as 一百二十三.
fn chinese(n: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut out = String::new();
    let (hundreds, tens, ones) = (n / 100, n / 10 % 10, n % 10);
    if hundreds > 0 {
        out.push(DIGITS[hundreds as usize]);
        out.push('百');
    }
    match (hundreds, tens) {
        (0, 1) => out.push('十'),
        (0, 0) => {}
        (_, 0) if ones > 0 => out.push('零'),
        (_, 0) => {}
        (_, tens) => {
            out.push(DIGITS[tens as usize]);
            out.push('十');
        }
    }
    if ones > 0 {
        out.push(DIGITS[ones as usize]);
    }
    out
}

/// One character of a name wrong, left out or doubled.
fn mistyped(rng: &mut impl Rng, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let names: Vec<usize> =
        (0..chars.len()).filter(|&n| FIRST.iter().chain(&SECOND).any(|part| part.starts_with(chars[n]))).collect();
    let Some(&at) = names.last() else { return text.into() };
    let wrong = ["镇", "清", "圹", "嵩", "鑫", "洲"][rng.random_range(0..6)];
    match rng.random_range(0..3) {
        0 => chars.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c).collect(),
        1 => chars.iter().enumerate().flat_map(|(n, &c)| if n == at { vec![c, c] } else { vec![c] }).collect(),
        _ => chars.iter().enumerate().map(|(n, c)| if n == at { wrong.to_owned() } else { c.to_string() }).collect(),
    }
}
