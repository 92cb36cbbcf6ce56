//! The elements of a written address, from the largest to the smallest.

use std::ops::Range;

/// Where an element stands in the input, in bytes; always on character boundaries.
pub type Span = Range<usize>;

/// One kind of part of an address, in the order in which they are written (`facts`: province first).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Element {
    /// 省、自治区、直辖市.
    Province,
    /// 地级市.
    City,
    /// 区、县、县级市.
    District,
    /// 街道、镇、乡.
    Town,
    /// 村、居委会、社区.
    Village,
    /// 自然村、宅.
    Hamlet,
    /// 组、队: the number alone.
    Group,
    /// Estate, park, plant, company or other site (小区、园区、厂区、单位).
    Site,
    /// Building phase (期) or part (东区, B区) of a site: `2`, `东`, `B`, both joined as `2-东`.
    Phase,
    /// 路、街、公路、支路, and named lanes.
    Road,
    /// 弄: the number alone.
    Lane,
    /// 支弄: the number alone.
    SubLane,
    /// 号 with its additions (甲, 临, 附, 之); lists with `、`, ranges with `~`.
    Number,
    /// 幢、号楼、座、栋.
    Building,
    /// 单元、门.
    Unit,
    /// 层、楼; basements as `B1`.
    Floor,
    /// 室、房、户.
    Room,
    /// What belongs to no other element (备注): nothing of the input is lost.
    Note,
}

impl Element {
    /// How many elements there are.
    pub const COUNT: usize = 18;

    /// All elements, from the largest to the smallest.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Province,
        Self::City,
        Self::District,
        Self::Town,
        Self::Village,
        Self::Hamlet,
        Self::Group,
        Self::Site,
        Self::Phase,
        Self::Road,
        Self::Lane,
        Self::SubLane,
        Self::Number,
        Self::Building,
        Self::Unit,
        Self::Floor,
        Self::Room,
        Self::Note,
    ];

    /// True where the value is a name (名称), which a table of names can hold, and not a number or a remark.
    #[must_use]
    pub const fn is_name(self) -> bool {
        use Element::{City, District, Hamlet, Province, Road, Site, Town, Village};
        matches!(self, Province | City | District | Town | Village | Hamlet | Site | Road)
    }

    /// The element's name as a column heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::District => "district",
            Self::Town => "town",
            Self::Village => "village",
            Self::Hamlet => "hamlet",
            Self::Group => "group",
            Self::Site => "site",
            Self::Phase => "phase",
            Self::Road => "road",
            Self::Lane => "lane",
            Self::SubLane => "sublane",
            Self::Number => "number",
            Self::Building => "building",
            Self::Unit => "unit",
            Self::Floor => "floor",
            Self::Room => "room",
            Self::Note => "note",
        }
    }
}
