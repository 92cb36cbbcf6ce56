//! Finding the standard address that a written one means.

use smallvec::SmallVec;

use crate::{
    compare::{Comparison, Fields, Level, Reason, judge},
    encode::{Encoded, UNKNOWN},
    index::{Index, Route, door_keys, encode, for_each_building},
    likeness::{HALF_ERROR, half_errors},
};

/// No more candidates than this are looked at for one key, so that a poor table cannot make a query slow.
const MAX_EXAMINED: usize = 256;
/// No more than this many are returned.
const MAX_RETURNED: usize = 8;

/// One standard address that may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<Id> {
    /// The caller's id.
    pub id: Id,
    /// From 0 to 1; divided among equals.
    pub score: f32,
    /// How near the written address is.
    pub level: Level,
    /// Why.
    pub reason: Reason,
}

/// How far a written address could be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing of it is in the table.
    Nothing,
    /// The road, village or site is there.
    RoadOnly,
    /// No such door, but the building exists.
    BuildingOnly,
    /// One door.
    Door,
}

/// What a written address was found to mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution<Id> {
    /// Candidates, the best first; at most eight.
    pub best: Vec<Candidate<Id>>,
    /// How far it could be resolved.
    pub verdict: Verdict,
}

type Hits = SmallVec<[(u32, f32, Comparison); 4]>;
type Readings = SmallVec<[(Fields<u32>, f32); 4]>;

impl<Id: Copy> Index<Id> {
    /// Finds the standard address that is meant. Left-out parts and one typing error in a name are borne; a
    /// door is named only when nothing else fits as well.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Resolution<Id> {
        let address = self.parser.parse(text);
        let texts = Fields::of(&address);
        let fields = encode(&texts, |text| self.names.find(text)).fields();
        let mut hits = Hits::new();
        self.doors_of(&fields, 1.0, None, &mut hits);
        // Another town speaks for a typing error that made another real road of the name.
        let elsewhere = !hits.is_empty() && hits.iter().all(|hit| self.other_town(&fields, hit.0));
        let corrected =
            if hits.is_empty() || elsewhere { self.corrected(&texts, &fields, elsewhere) } else { SmallVec::new() };
        for (fields, weight) in &corrected {
            self.doors_of(fields, *weight, Some(Reason::NameMisspelt), &mut hits);
        }
        if hits.is_empty() {
            self.by_door(&texts, &fields, &mut hits);
        }
        if !hits.is_empty() {
            return self.decide(&fields, hits);
        }
        self.larger(std::iter::once(&fields).chain(corrected.iter().map(|(fields, _)| fields)))
    }

    fn other_town(&self, fields: &Fields<u32>, row: u32) -> bool {
        let town = self.records[row as usize].fields().town;
        fields.town.is_some() && town.is_some() && fields.town != town
    }

    /// All ways of reading an unknown name as a known one, one typing error away.
    /// Each with its weight: a name that sounds the same goes before others.
    fn corrected(&self, texts: &Fields<&str>, fields: &Fields<u32>, known_too: bool) -> Readings {
        let mut out = Readings::new();
        for (value, text) in [
            (fields.road, texts.road),
            (fields.site, texts.site),
            (fields.village, texts.village),
            (fields.hamlet, texts.hamlet),
        ] {
            let (Some(id), Some(text)) = (value, text) else { continue };
            if id != UNKNOWN && !known_too {
                continue;
            }
            for id in self.names.neighbours(text).into_iter().filter(|&near| near != id) {
                let errors = self.names.text(id).and_then(|name| half_errors(text, name));
                let weight = if errors.is_some_and(|errors| errors <= HALF_ERROR) { 0.92 } else { 0.9 };
                let mut read = |fields: Fields<u32>| out.push((fields, weight));
                if value == fields.road {
                    read(Fields { road: Some(id), ..*fields });
                } else {
                    // An ending typed wrongly makes a road look like a site.
                    let cleared = Fields { site: None, hamlet: None, ..*fields };
                    if fields.road.is_none() {
                        read(Fields { road: Some(id), ..cleared });
                    }
                    read(Fields { site: Some(id), ..cleared });
                    read(Fields { village: Some(id), ..cleared });
                }
            }
        }
        out
    }

    /// Doors whose name nobody could know from the written one alone, but for the lane, house and room they stand under.
    fn by_door(&self, texts: &Fields<&str>, fields: &Fields<u32>, hits: &mut Hits) {
        let Some((errors, rows)) = self.namesakes(texts, fields) else { return };
        let weight = 0.88 - 0.04 * errors as f32;
        for row in rows {
            self.examine(fields, row, Route::NoVillage, weight, Some(Reason::NameMisspelt), hits);
        }
    }

    /// Collects the doors that fit by the surest route that finds any.
    fn doors_of(&self, fields: &Fields<u32>, weight: f32, reason: Option<Reason>, hits: &mut Hits) {
        for route in Route::TRIED {
            if route == Route::NoLane && fields.lane.is_some() || route == Route::NoPlace && has_place(fields) {
                continue;
            }
            let before = hits.len();
            for key in door_keys(fields, route).into_iter().flatten() {
                for row in self.doors.rows(key).take(MAX_EXAMINED) {
                    self.examine(fields, row, route, weight, reason, hits);
                }
            }
            if hits.len() > before {
                return;
            }
        }
    }

    fn examine(
        &self,
        fields: &Fields<u32>,
        row: u32,
        route: Route,
        weight: f32,
        reason: Option<Reason>,
        hits: &mut Hits,
    ) {
        let record = self.records[row as usize].fields();
        // What the route leaves out is lent to the question, and paid for in the score.
        let (lent, factor, left_out) = match route {
            Route::NoLane => {
                (Fields { lane: record.lane, sublane: record.sublane, ..*fields }, 0.8, Some(Reason::LaneMissing))
            }
            Route::NoPlace => (with_place(fields, &record), 0.7, Some(Reason::PlaceMissing)),
            Route::NoVillage => (with_place(fields, &record), 1.0, None),
            _ => (*fields, 1.0, None),
        };
        let found = judge(&lent, &record);
        if found.level != Level::SameDoor || hits.iter().any(|hit| hit.0 == row) {
            return;
        }
        let unit = if found.reason == Reason::UnitMissing { 0.9 } else { 1.0 } * likeness(fields, &record);
        let town = if self.other_town(fields, row) { 0.8 } else { 1.0 };
        let unit_reason = (found.reason != Reason::AllEqual).then_some(found.reason);
        let reason = left_out.or(reason).or(unit_reason).unwrap_or(Reason::AllEqual);
        hits.push((row, weight * factor * unit * town, Comparison::new(Level::SameDoor, reason)));
    }

    fn decide(&self, fields: &Fields<u32>, mut hits: Hits) -> Resolution<Id> {
        hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let top = hits[0].1;
        let equals: SmallVec<[u32; 4]> = hits.iter().filter(|hit| hit.1 >= top - 1e-6).map(|hit| hit.0).collect();
        let first = self.records[equals[0] as usize];
        let single = equals.iter().all(|&row| same_door(&self.records[row as usize], &first));
        let share = if single { 1.0 } else { equals.len() as f32 };
        let best = hits
            .iter()
            .take(MAX_RETURNED)
            .map(|&(row, score, found)| {
                let reason = if single { found.reason } else { Reason::Ambiguous };
                Candidate { id: self.ids[row as usize], score: score / share, level: found.level, reason }
            })
            .collect();
        let verdict = match (single, fields.road.is_some() || fields.site.is_some() || fields.village.is_some()) {
            (true, _) => Verdict::Door,
            (false, true) => Verdict::BuildingOnly,
            (false, false) => Verdict::Nothing,
        };
        Resolution { best, verdict }
    }

    /// The building or the road, when there is no such door.
    fn larger<'f>(&self, readings: impl Iterator<Item = &'f Fields<u32>> + Clone) -> Resolution<Id> {
        for fields in readings.clone() {
            let mut row = None;
            for_each_building(fields, |key| row = row.or(self.buildings.get(&key).copied()));
            if let Some(row) = row {
                return self.only(row, 0.5, Level::SameBuilding, Reason::RoomDiffers, Verdict::BuildingOnly);
            }
        }
        for fields in readings {
            let row = [fields.road, fields.village, fields.site]
                .into_iter()
                .flatten()
                .find_map(|name| self.places.get(&name));
            if let Some(&row) = row {
                return self.only(row, 0.2, Level::SameRoadOrVillage, Reason::NumberDiffers, Verdict::RoadOnly);
            }
        }
        Resolution { best: Vec::new(), verdict: Verdict::Nothing }
    }

    fn only(&self, row: u32, score: f32, level: Level, reason: Reason, verdict: Verdict) -> Resolution<Id> {
        Resolution { best: vec![Candidate { id: self.ids[row as usize], score, level, reason }], verdict }
    }
}

/// Less than one where the two tell a house by different words: 12号 for 12号楼, 501号12幢 for 501弄12号. A door
/// written just so goes before them.
fn likeness(fields: &Fields<u32>, record: &Fields<u32>) -> f32 {
    let same = fields.number == record.number && fields.building == record.building;
    let lane_as_number = fields.lane.is_none() && record.lane.is_some() && fields.building.is_some();
    match () {
        () if lane_as_number && fields.number == record.lane => 1.1,
        () if same => 1.0,
        () if fields.number.is_some() == fields.building.is_some() => 0.95,
        () => 0.98,
    }
}

fn with_place(fields: &Fields<u32>, record: &Fields<u32>) -> Fields<u32> {
    Fields { road: record.road, site: record.site, village: record.village, hamlet: record.hamlet, ..*fields }
}

fn has_place(fields: &Fields<u32>) -> bool {
    fields.road.is_some() || fields.site.is_some() || fields.village.is_some() || fields.hamlet.is_some()
}

/// Two rows of the table that write one door twice.
fn same_door(a: &Encoded, b: &Encoded) -> bool {
    a == b || judge(&a.fields(), &b.fields()) == Comparison::new(Level::SameDoor, Reason::AllEqual)
}
