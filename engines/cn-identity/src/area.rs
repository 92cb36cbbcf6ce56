//! What the first digits of a number say about the area that issued it.

/// What is known of an area code (行政区划代码).
///
/// An unknown code is a warning, never a refusal: codes retire (310229 until 1999, 310118 since), and
/// people keep their number. It is not a thing to search or count people by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaKnowledge {
    /// The first two digits are those of this province-level area (GB/T 2260).
    Province(&'static str),
    /// No province-level area has, or had, these first two digits.
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
const PROVINCES: [(u8, &str); 34] = [
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
    (81, "香港特别行政区"),
    (82, "澳门特别行政区"),
    (83, "台湾地区"),
];

/// What the two leading digits of `code` say; `code` begins with at least two ASCII digits.
pub(crate) fn knowledge(code: &str) -> AreaKnowledge {
    code.get(..2)
        .and_then(|two| two.parse::<u8>().ok())
        .and_then(|two| PROVINCES.iter().find(|(prefix, _)| *prefix == two))
        .map_or(AreaKnowledge::Unknown, |(_, name)| AreaKnowledge::Province(name))
}
