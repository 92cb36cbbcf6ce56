//! A table of standard addresses, indexed once and searched many times.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::{
    address::Address,
    chances::Chances,
    compare::{Comparison, Fields, judge},
    encode::{Encoded, Interner, UNKNOWN},
    gazetteer::Gazetteer,
    grammar::Parser,
    namesakes,
};

/// The names of a larger table are learnt from every second, third … of its rows.
const MAX_LEARNT_FROM: usize = 500_000;

/// A searchable table of standard addresses (标准地址库), keyed by the caller's own ids.
#[derive(Debug, Clone)]
pub struct Index<Id = u32> {
    pub(crate) parser: Parser,
    pub(crate) ids: Vec<Id>,
    pub(crate) records: Vec<Encoded>,
    pub(crate) names: Interner,
    pub(crate) doors: Postings,
    pub(crate) chances: Chances,
    /// One address of each building, and of each place.
    pub(crate) buildings: FxHashMap<u64, u32>,
    pub(crate) places: FxHashMap<u32, u32>,
}

impl<Id: Copy> Index<Id> {
    /// Reads the table twice: once to learn its names (from half a million rows at most), once to index its doors.
    pub fn build<'a, I>(addresses: I) -> Self
    where
        I: IntoIterator<Item = (Id, &'a str)>,
        I::IntoIter: Clone,
    {
        let addresses = addresses.into_iter();
        let stride = addresses.clone().count().div_ceil(MAX_LEARNT_FROM).max(1);
        let sample = addresses.clone().step_by(stride).map(|(_, text)| text);
        let parser = Parser::with_gazetteer(Gazetteer::learn(sample));
        let mut names = Interner::default();
        let (mut ids, mut records) = (Vec::new(), Vec::new());
        let mut address = Address::default();
        for (id, text) in addresses {
            parser.parse_into(text, &mut address);
            ids.push(id);
            records.push(encode(&Fields::of(&address), |text| names.intern(text)));
        }
        let doors = Postings::build(&records);
        let chances = namesakes::learn(&records, &doors, &names);
        let (mut buildings, mut places) = (FxHashMap::default(), FxHashMap::default());
        for (n, record) in records.iter().enumerate() {
            let fields = record.fields();
            for_each_building(&fields, |key| {
                buildings.entry(key).or_insert(n as u32);
            });
            for name in [fields.road, fields.village, fields.site].into_iter().flatten() {
                places.entry(name).or_insert(n as u32);
            }
        }
        Self { parser, ids, records, names, doors, chances, buildings, places }
    }

    /// How many addresses the table has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True for an empty table.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The parser that has learnt the table's names.
    #[must_use]
    pub fn parser(&self) -> &Parser {
        &self.parser
    }

    /// The address of a row of the table (0 is the first given to [`Index::build`]) in the table's numbers.
    #[must_use]
    pub fn encoded(&self, row: usize) -> Option<&Encoded> {
        self.records.get(row)
    }

    /// A written address in the table's numbers. A road, village or site that the table does not have, but
    /// that is one typing error from a single name in it, is taken as that name.
    #[must_use]
    pub fn encode(&self, text: &str) -> Encoded {
        let address = self.parser.parse(text);
        let texts = Fields::of(&address);
        let mut fields = encode(&texts, |text| self.names.find(text)).fields();
        for (value, text) in
            [(&mut fields.road, texts.road), (&mut fields.village, texts.village), (&mut fields.site, texts.site)]
        {
            if let (Some(UNKNOWN), Some(text)) = (*value, text)
                && let [only] = self.names.neighbours(text).as_slice()
            {
                *value = Some(*only);
            }
        }
        Encoded::of(&fields)
    }

    /// Compares a written address with a row of the table.
    #[must_use]
    pub fn compare(&self, written: &Encoded, row: usize) -> Comparison {
        match self.records.get(row) {
            Some(record) => judge(&written.fields(), &record.fields()),
            None => Comparison::new(crate::Level::Unknown, crate::Reason::NoCommonPlace),
        }
    }
}

pub(crate) fn encode(fields: &Fields<&str>, mut number: impl FnMut(&str) -> u32) -> Encoded {
    let mut get = |value: Option<&str>| value.map(&mut number);
    Encoded::of(&Fields {
        district: get(fields.district),
        town: get(fields.town),
        village: get(fields.village),
        hamlet: get(fields.hamlet),
        group: get(fields.group),
        site: get(fields.site),
        phase: get(fields.phase),
        road: get(fields.road),
        lane: get(fields.lane),
        sublane: get(fields.sublane),
        number: get(fields.number),
        building: get(fields.building),
        unit: get(fields.unit),
        floor: get(fields.floor),
        room: get(fields.room),
    })
}

/// Which elements make a door's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Route {
    /// Road, lane, sub-lane, number, room.
    Road,
    /// Estate or site, number, room.
    Site,
    /// Village, number or group, room.
    Village,
    /// Hamlet, number or group, room: the village may be left out.
    Hamlet,
    /// Road left out: lane, number, room.
    NoPlace,
    /// Lane left out: road, number, room.
    NoLane,
    /// Village set aside: group, number, room.
    NoVillage,
}

impl Route {
    /// In the order in which they are tried: the surest first.
    pub(crate) const TRIED: [Self; 6] =
        [Self::Road, Self::Site, Self::Village, Self::Hamlet, Self::NoLane, Self::NoPlace];

    /// Whether a row of the table is looked for by this route at all.
    pub(crate) fn leads_to(self, row: &Fields<u32>) -> bool {
        match self {
            Self::NoLane => row.lane.is_some(),
            Self::NoVillage => row.lane.is_none() && row.road.is_none() && row.village.or(row.hamlet).is_some(),
            _ => true,
        }
    }
}

/// The door keys of an address by one route; two when it has both a number and a building.
pub(crate) fn door_keys(f: &Fields<u32>, route: Route) -> [Option<u64>; 2] {
    let room = f.room.or(f.floor);
    let (first, second) = match (f.number, f.building) {
        (Some(number), building) => (Some(number), building),
        (None, building) => (building, None),
    };
    let key = |door: Option<u32>| -> Option<u64> {
        let parts = match route {
            Route::Road => [f.road?, lane(f.lane), lane(f.sublane), door?],
            Route::Site => [f.site?, 0, 0, lane(door)],
            Route::Village => [f.village?, lane(f.lane), 0, door.or(f.group)?],
            Route::Hamlet => [f.hamlet?, lane(f.lane), 0, door.or(f.group)?],
            Route::NoPlace => [0, f.lane?, lane(f.sublane), door?],
            Route::NoLane => {
                room?;
                [f.road?, 0, 0, door?]
            }
            Route::NoVillage => [lane(f.group), 0, 0, lane(door)],
        };
        Some(hash(&(route, parts, room)))
    };
    [key(first), second.and_then(|building| key(Some(building)))]
}

fn lane(value: Option<u32>) -> u32 {
    value.map_or(u32::MAX, |value| value)
}

/// The building keys of an address: its road, site and village with the number.
pub(crate) fn for_each_building(f: &Fields<u32>, mut each: impl FnMut(u64)) {
    let Some(door) = f.number.or(f.building) else { return };
    for (tag, place, lane_part) in
        [(1u8, f.road, lane(f.lane)), (2, f.site, 0), (3, f.village.or(f.hamlet), lane(f.lane))]
    {
        if let Some(place) = place {
            each(hash(&(tag, place, lane_part, lane(f.sublane), door)));
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    // The last multiplication leaves the low bits weak; fold the high ones in.
    let raw = hasher.finish();
    (raw ^ (raw >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// Rows by door key, packed into buckets: eight bytes an entry, no pointers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    entries: Vec<(u32, u32)>,
    shift: u32,
}

impl Postings {
    fn build(records: &[Encoded]) -> Self {
        let buckets = (records.len() * 2).next_power_of_two().max(16);
        let shift = 64 - buckets.trailing_zeros();
        let mut starts = vec![0u32; buckets + 1];
        let each = |visit: &mut dyn FnMut(u64, u32)| {
            for (n, record) in records.iter().enumerate() {
                let fields = record.fields();
                for route in Route::TRIED.into_iter().chain([Route::NoVillage]) {
                    if !route.leads_to(&fields) {
                        continue;
                    }
                    for key in door_keys(&fields, route).into_iter().flatten() {
                        visit(key, n as u32);
                    }
                }
            }
        };
        each(&mut |key, _| starts[(key >> shift) as usize + 1] += 1);
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0); starts.last().copied().unwrap_or(0) as usize];
        each(&mut |key, row| {
            let slot = &mut next[(key >> shift) as usize];
            entries[*slot as usize] = (key as u32, row);
            *slot += 1;
        });
        Self { starts, entries, shift }
    }

    pub(crate) fn rows(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(&from), Some(&to)) => (from as usize, to as usize),
            _ => (0, 0),
        };
        self.entries[from..to].iter().filter(move |entry| entry.0 == key as u32).map(|entry| entry.1)
    }
}
