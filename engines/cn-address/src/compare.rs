//! Comparing two addresses, element by element from the road down to the room.

use crate::{address::Address, element::Element};

/// How near two addresses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// One of them says too little, or they have no element in common.
    Unknown,
    /// Another road, village or site.
    Different,
    /// The same road, village or site; another house there, or one that is not told.
    SameRoadOrVillage,
    /// The same building; another room, or one that is not told.
    SameBuilding,
    /// The same door.
    SameDoor,
}

/// What decided a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Everything that both tell is equal, and they tell as much.
    AllEqual,
    /// The room (室) differs.
    RoomDiffers,
    /// One of the two has no room.
    RoomMissing,
    /// The floor (层) differs.
    FloorDiffers,
    /// The unit (单元) differs.
    UnitDiffers,
    /// One of the two leaves the unit out; room and building are equal.
    UnitMissing,
    /// The number (号) or building (幢) differs.
    NumberDiffers,
    /// One of the two has no number and no building.
    NumberMissing,
    /// The lane (弄) or sub-lane differs.
    LaneDiffers,
    /// One of the two leaves the lane out.
    LaneMissing,
    /// The phase (期) differs.
    PhaseDiffers,
    /// The group (组) differs.
    GroupDiffers,
    /// The natural village (自然村) differs.
    HamletDiffers,
    /// The estate or site differs.
    SiteDiffers,
    /// The road differs.
    RoadDiffers,
    /// The village differs.
    VillageDiffers,
    /// The district (区) differs.
    DistrictDiffers,
    /// They share no kind of place: one has a road, the other a village.
    NoCommonPlace,
    /// Equal, but for one typing error in a name.
    NameMisspelt,
    /// Equal, but the road or village is left out.
    PlaceMissing,
    /// Several doors fit equally well.
    Ambiguous,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// How near.
    pub level: Level,
    /// Why.
    pub reason: Reason,
}

impl Comparison {
    pub(crate) const fn new(level: Level, reason: Reason) -> Self {
        Self { level, reason }
    }
}

/// The normalised comparison key of a door: equal for two ways of writing one complete address.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DoorKey(String);

/// Masked: a door is a personal value.
impl std::fmt::Debug for DoorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DoorKey(masked)")
    }
}

impl DoorKey {
    pub(crate) fn of(address: &Address) -> Self {
        let fields = Fields::of(address);
        let mut key = String::with_capacity(48);
        let place = [fields.road, fields.site, fields.village.or(fields.hamlet)].into_iter().flatten().next();
        key.push_str(place.unwrap_or(""));
        // The houses of 东区 and 西区 are numbered each from 1; those of a second phase (2期) go on as a rule.
        let zone = fields.phase.filter(|phase| phase.contains(|c: char| !c.is_ascii_digit()));
        key.push_str(zone.unwrap_or(""));
        let (door, second) = match (fields.number, fields.building) {
            (Some(number), building) => (Some(number), building),
            (None, building) => (building, None),
        };
        let group = if fields.road.is_some() { None } else { fields.group };
        let floor = if fields.room.is_some() { None } else { fields.floor };
        for part in [group, fields.lane, fields.sublane, door, second, fields.unit, floor, fields.room] {
            key.push('|');
            key.push_str(part.unwrap_or(""));
        }
        Self(key)
    }

    /// The key as text: place, group, lane, sub-lane, number, building, unit, floor and room, joined by `|`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The elements that comparisons look at, as strings or as interned numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fields<V> {
    pub district: Option<V>,
    pub town: Option<V>,
    pub village: Option<V>,
    pub hamlet: Option<V>,
    pub group: Option<V>,
    pub site: Option<V>,
    pub phase: Option<V>,
    pub road: Option<V>,
    pub lane: Option<V>,
    pub sublane: Option<V>,
    pub number: Option<V>,
    pub building: Option<V>,
    pub unit: Option<V>,
    pub floor: Option<V>,
    pub room: Option<V>,
}

impl<V> Fields<V> {
    pub(crate) const fn nothing() -> Self {
        Self {
            district: None,
            town: None,
            village: None,
            hamlet: None,
            group: None,
            site: None,
            phase: None,
            road: None,
            lane: None,
            sublane: None,
            number: None,
            building: None,
            unit: None,
            floor: None,
            room: None,
        }
    }
}

impl<'a> Fields<&'a str> {
    pub(crate) fn of(address: &'a Address) -> Self {
        let get = |element| address.get(element);
        Self {
            district: get(Element::District).map(|name| name.trim_end_matches(['区', '县'])),
            town: get(Element::Town).map(|name| stem(name, &["街道", "镇", "乡"])),
            village: get(Element::Village).map(village_stem),
            hamlet: get(Element::Hamlet).map(|name| stem(name, &["自然村", "村", "宅"])),
            group: get(Element::Group),
            site: get(Element::Site),
            phase: get(Element::Phase),
            road: get(Element::Road),
            lane: get(Element::Lane),
            sublane: get(Element::SubLane),
            number: get(Element::Number),
            building: get(Element::Building),
            unit: get(Element::Unit),
            floor: get(Element::Floor),
            room: get(Element::Room),
        }
    }
}

fn village_stem(name: &str) -> &str {
    let name = stem(name, &["村民委员会", "居民委员会", "村委会", "居委会", "村委", "居委", "居民区", "社区"]);
    stem(name, &["村"])
}

/// The name without one of the endings, unless a single character would be left.
fn stem<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|rest| rest.chars().nth(1).is_some())
        .unwrap_or(name)
}

/// Compares two addresses (地址比对).
///
/// ```
/// use cn_address::{Level, Parser, Reason, compare};
///
/// let parser = Parser::new();
/// let one = parser.parse("香花桥街道某路501弄12号301室");
/// let other = parser.parse("某路501弄12-301");
/// assert_eq!(compare(&one, &other).level, Level::SameDoor);
/// let third = parser.parse("某路501弄12号302室");
/// assert_eq!(compare(&one, &third).reason, Reason::RoomDiffers);
/// ```
#[must_use]
pub fn compare(address: &Address, other: &Address) -> Comparison {
    let (a, b) = (Fields::of(address), Fields::of(other));
    let found = judge(&a, &b);
    if found.level != Level::Different {
        return found;
    }
    let (one, two) = (without_divisions(&a, &b, other), without_divisions(&b, &a, address));
    let apart = judge(&one, &two);
    if apart.level != Level::Different {
        return apart;
    }
    misspelt(&a, &b).unwrap_or(found)
}

/// 青浦香花桥天达路 beside 青浦区香花桥街道天达路: divisions that the other address names stand before the name, without
/// their endings.
fn without_divisions<'a>(a: &Fields<&'a str>, other: &Fields<&'a str>, whole: &Address) -> Fields<&'a str> {
    use Element::{City, District, Province, Town};
    let bare = |name: Option<&'a str>, beside: Option<&'a str>| {
        let before = name.zip(beside).and_then(|(name, beside)| name.strip_suffix(beside)).filter(|b| !b.is_empty())?;
        let rest = [Province, City, District, Town].iter().fold(before, |rest, &element| {
            let ending: &[&str] =
                if element == Town { &["街道", "镇", "乡"] } else { &["省", "市", "区", "县"] };
            let division = whole.get(element).map(|name| stem(name, ending));
            division
                .and_then(|division| rest.strip_prefix(division))
                .map_or(rest, |rest| ending.iter().find_map(|ending| rest.strip_prefix(ending)).unwrap_or(rest))
        });
        rest.is_empty().then_some(beside).flatten()
    };
    Fields {
        road: bare(a.road, other.road).or(a.road),
        village: bare(a.village, other.village).or(a.village),
        hamlet: bare(a.hamlet, other.hamlet).or(a.hamlet),
        site: bare(a.site, other.site).or(a.site),
        ..*a
    }
}

/// One typing error in a name is borne when all the rest is the same house and enough of it is told.
fn misspelt<'a>(a: &Fields<&'a str>, b: &Fields<&'a str>) -> Option<Comparison> {
    let near = |x: Option<&'a str>, y: Option<&'a str>| match (x, y) {
        (Some(x), Some(y)) if x != y && crate::encode::is_misspelt(x, y) => Some(y),
        _ => None,
    };
    let road = near(a.road, b.road);
    let village = near(a.village, b.village);
    let site = near(a.site, b.site);
    let enough = |f: &Fields<&str>| f.lane.is_some() || f.room.is_some() || f.group.is_some();
    if road.or(village).or(site).is_none() || !enough(a) || !enough(b) {
        return None;
    }
    let read = Fields { road: road.or(a.road), village: village.or(a.village), site: site.or(a.site), ..*a };
    let found = judge(&read, b);
    (found.level >= Level::SameBuilding).then_some(Comparison::new(found.level, Reason::NameMisspelt))
}

pub(crate) fn judge<V: PartialEq + Copy>(a: &Fields<V>, b: &Fields<V>) -> Comparison {
    use Level::{Different, SameRoadOrVillage, Unknown};
    if differ(a.district, b.district) {
        return Comparison::new(Different, Reason::DistrictDiffers);
    }
    let by_road = match place(a, b) {
        Place::Road => true,
        Place::Other => false,
        Place::Differs(reason) => return Comparison::new(Different, reason),
        Place::None => return Comparison::new(Unknown, Reason::NoCommonPlace),
    };
    if let Some(reason) = house(a, b, by_road) {
        return Comparison::new(SameRoadOrVillage, reason);
    }
    door(a, b)
}

enum Place {
    Road,
    Other,
    Differs(Reason),
    None,
}

/// Whether the two share a road, or failing that a village or a site.
fn place<V: PartialEq + Copy>(a: &Fields<V>, b: &Fields<V>) -> Place {
    if both_equal(a.road, b.road) {
        return Place::Road;
    }
    if differ(a.road, b.road) {
        return Place::Differs(Reason::RoadDiffers);
    }
    if differ(a.village, b.village) {
        return Place::Differs(Reason::VillageDiffers);
    }
    if both_equal(a.village, b.village) || both_equal(a.site, b.site) {
        return Place::Other;
    }
    if differ(a.site, b.site) {
        return Place::Differs(Reason::SiteDiffers);
    }
    if differ(a.hamlet, b.hamlet) {
        return Place::Differs(Reason::HamletDiffers);
    }
    if both_equal(a.hamlet, b.hamlet) { Place::Other } else { Place::None }
}

/// Why the houses are not known to be the same; nothing when they are.
fn house<V: PartialEq + Copy>(a: &Fields<V>, b: &Fields<V>, by_road: bool) -> Option<Reason> {
    if differ(a.lane, b.lane) || differ(a.sublane, b.sublane) {
        return Some(Reason::LaneDiffers);
    }
    let same_site = both_equal(a.site, b.site);
    if (a.lane.is_some() != b.lane.is_some() && !same_site && by_road) || a.sublane.is_some() != b.sublane.is_some() {
        return Some(Reason::LaneMissing);
    }
    if differ(a.phase, b.phase) {
        return Some(Reason::PhaseDiffers);
    }
    if !by_road {
        if differ(a.hamlet, b.hamlet) {
            return Some(Reason::HamletDiffers);
        }
        if differ(a.group, b.group) {
            return Some(Reason::GroupDiffers);
        }
        if differ(a.site, b.site) {
            return Some(Reason::SiteDiffers);
        }
    }
    numbers(a, b, same_site)
}

/// Number and building: 12号 and 12号楼 of one lane are the same house.
fn numbers<V: PartialEq + Copy>(a: &Fields<V>, b: &Fields<V>, same_site: bool) -> Option<Reason> {
    let equal = match ((a.number, a.building), (b.number, b.building)) {
        ((None, None), (None, None)) => {
            return (!same_site || a.room.is_none() != b.room.is_none()).then_some(Reason::NumberMissing);
        }
        ((None, None), _) | (_, (None, None)) => return Some(Reason::NumberMissing),
        ((Some(x), None), (Some(y), None)) | ((None, Some(x)), (None, Some(y))) => x == y,
        ((Some(x), None), (None, Some(y))) | ((None, Some(x)), (Some(y), None)) => x == y,
        ((Some(n), Some(m)), (Some(p), Some(q))) => n == p && m == q,
        ((Some(n), Some(m)), (one, other)) | ((one, other), (Some(n), Some(m))) => {
            let lone = one.or(other);
            lone == Some(n) || lone == Some(m)
        }
    };
    (!equal).then_some(Reason::NumberDiffers)
}

/// Unit, floor and room of one house.
fn door<V: PartialEq + Copy>(a: &Fields<V>, b: &Fields<V>) -> Comparison {
    let (level, reason) = if differ(a.unit, b.unit) {
        (Level::SameBuilding, Reason::UnitDiffers)
    } else if differ(a.room, b.room) {
        (Level::SameBuilding, Reason::RoomDiffers)
    } else if a.room.is_some() != b.room.is_some() {
        (Level::SameBuilding, Reason::RoomMissing)
    } else if a.room.is_none() && a.floor != b.floor {
        (Level::SameBuilding, Reason::FloorDiffers)
    } else if (a.building.is_some() && a.number.is_some()) != (b.building.is_some() && b.number.is_some())
        && a.room.is_none()
    {
        (Level::SameBuilding, Reason::RoomMissing)
    } else if a.unit.is_some() != b.unit.is_some() {
        let level = if a.room.is_some() { Level::SameDoor } else { Level::SameBuilding };
        (level, Reason::UnitMissing)
    } else {
        (Level::SameDoor, Reason::AllEqual)
    };
    Comparison::new(level, reason)
}

fn both_equal<V: PartialEq>(a: Option<V>, b: Option<V>) -> bool {
    a.is_some() && a == b
}

fn differ<V: PartialEq>(a: Option<V>, b: Option<V>) -> bool {
    a.is_some() && b.is_some() && a != b
}
