//! What the first digits of a number say about the area that issued it.

use std::sync::LazyLock;

/// What is known of an area code (行政区划代码).
///
/// An unknown code is a warning, never a refusal: codes retire (310229 until 1999, 310118 since), and
/// people keep their number. It is not a thing to search or count people by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaKnowledge {
    /// The six digits are, or were, a code of GB/T 2260 in this province-level area.
    Province(&'static str),
    /// No table knows the six digits.
    Unknown,
}

impl AreaKnowledge {
    /// Whether the screen should ask the user to look again.
    #[must_use]
    pub fn is_warning(self) -> bool {
        self == Self::Unknown
    }
}

/// Province-level areas by the first two digits, GB/T 2260.
const PROVINCES: [(u8, &str); 35] = [
    (11, "北京市"),
    (12, "天津市"),
    (13, "河北省"),
    (14, "山西省"),
    (15, "内蒙古自治区"),
    (21, "辽宁省"),
    (22, "吉林省"),
    (23, "黑龙江省"),
    (31, "上海市"),
    (32, "江苏省"),
    (33, "浙江省"),
    (34, "安徽省"),
    (35, "福建省"),
    (36, "江西省"),
    (37, "山东省"),
    (41, "河南省"),
    (42, "湖北省"),
    (43, "湖南省"),
    (44, "广东省"),
    (45, "广西壮族自治区"),
    (46, "海南省"),
    (50, "重庆市"),
    (51, "四川省"),
    (52, "贵州省"),
    (53, "云南省"),
    (54, "西藏自治区"),
    (61, "陕西省"),
    (62, "甘肃省"),
    (63, "青海省"),
    (64, "宁夏回族自治区"),
    (65, "新疆维吾尔自治区"),
    (71, "台湾省"),
    (81, "香港特别行政区"),
    (82, "澳门特别行政区"),
    (83, "台湾地区"),
];

/// The codes in use since 1980, see `data/README.md`: a line holds four digits, a blank, then pairs of digits.
const TABLE: &str = include_str!("../data/areas.txt");

/// [`TABLE`] as ascending numbers.
static KNOWN: LazyLock<Box<[u32]>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut codes: Vec<u32> = lines
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(prefecture, counties)| Some((prefecture.parse::<u32>().ok()? * 100, counties)))
        .flat_map(|(base, counties)| {
            counties.as_bytes().chunks_exact(2).map(move |two| base + digit(two[0]) * 10 + digit(two[1]))
        })
        .collect();
    codes.sort_unstable();
    codes.into()
});

fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

/// What six digits say.
pub(crate) fn knowledge(code: &str) -> AreaKnowledge {
    let known = code.parse().is_ok_and(|number: u32| KNOWN.binary_search(&number).is_ok());
    province(code).filter(|_| known).map_or(AreaKnowledge::Unknown, AreaKnowledge::Province)
}

/// The province-level area that two leading digits stand for (GB/T 2260).
pub(crate) fn province(code: &str) -> Option<&'static str> {
    let two: u8 = code.get(..2)?.parse().ok()?;
    PROVINCES.iter().find(|(prefix, _)| *prefix == two).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_living_and_retired_codes_and_no_others() {
        assert!(KNOWN.len() > 7_000 && KNOWN.is_sorted());
        for code in ["310118", "310229", "110000", "441900", "810000", "830000"] {
            assert!(matches!(knowledge(code), AreaKnowledge::Province(_)), "{code}");
        }
        for code in ["990101", "100101", "310999", "31011", "31011八", ""] {
            assert_eq!(knowledge(code), AreaKnowledge::Unknown, "{code}");
        }
    }
}
