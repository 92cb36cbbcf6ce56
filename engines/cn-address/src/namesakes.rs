//! Doors found without the name of their road or village, by which a name that the table does not have is read.

use smallvec::SmallVec;

use crate::{
    chances::{Chances, Shape},
    compare::Fields,
    encode::{Encoded, Interner, UNKNOWN},
    index::{Index, Postings, Route, door_keys},
    likeness::half_errors,
};

/// A door that more rows have than this says nothing of the name.
const MAX_NAMESAKES: usize = 1_024;
/// The chances are learnt from this many rows, evenly spread over the table.
const LEARNT_FROM: usize = 4_096;

/// The half errors by which names differ from what was written, and the rows that have such names.
pub(crate) type Near = (u32, SmallVec<[u32; 4]>);

fn shape(fields: &Fields<u32>) -> Option<(Shape, Route)> {
    if fields.lane.is_some() {
        return Some((Shape::Lane, Route::NoPlace));
    }
    let village = fields.group.is_some() || fields.road.is_none();
    village.then_some((Shape::Group, Route::NoVillage))
}

impl<Id: Copy> Index<Id> {
    /// The rows that have the written door under a name with the fewest typing errors, if the table's own namesakes say
    /// that this is hardly chance.
    pub(crate) fn namesakes(&self, texts: &Fields<&str>, fields: &Fields<u32>) -> Option<Near> {
        // A road that the table has is taken at its word.
        let unknown = |name| name == Some(UNKNOWN);
        let others = [fields.village, fields.hamlet, fields.site];
        if !(unknown(fields.road) || fields.road.is_none() && others.into_iter().any(unknown)) {
            return None;
        }
        let (shape, route) = shape(fields)?;
        let town = fields.town.filter(|&town| town != UNKNOWN);
        let (mut nearest, mut rows) = (u32::MAX, SmallVec::new());
        for key in door_keys(fields, route).into_iter().flatten() {
            for row in self.doors.rows(key).take(MAX_NAMESAKES) {
                let record = self.records[row as usize].fields();
                if town.is_some() && record.town != town {
                    continue;
                }
                let Some(errors) = apart(&self.names, texts, fields, &record) else { continue };
                if errors < nearest {
                    (nearest, rows) = (errors, SmallVec::new());
                }
                if errors == nearest {
                    rows.push(row);
                }
            }
        }
        (!rows.is_empty() && self.chances.tell(shape, town.is_some(), nearest)).then_some((nearest, rows))
    }
}

/// Counts how often doors of the table have namesakes: each is asked for as if its own name were not in the table.
pub(crate) fn learn(records: &[Encoded], doors: &Postings, names: &Interner) -> Chances {
    let mut chances = Chances::default();
    let stride = records.len().div_ceil(LEARNT_FROM).max(1);
    for one in records.iter().step_by(stride).map(Encoded::fields) {
        let Some((shape, route)) = shape(&one).filter(|(_, route)| route.leads_to(&one)) else { continue };
        let text = |id: Option<u32>| id.and_then(|id| names.text(id));
        let kinds = [one.road, one.village, one.hamlet, one.site];
        let texts = of_names(kinds.map(text));
        let ids = of_names(kinds.map(|id| id.map(|_| UNKNOWN)));
        let (mut anywhere, mut in_town) = (None, None);
        for key in door_keys(&one, route).into_iter().flatten() {
            for row in doors.rows(key).take(MAX_NAMESAKES) {
                let record = records[row as usize].fields();
                let Some(errors) = apart(names, &texts, &ids, &record).filter(|&errors| errors > 0) else { continue };
                let less = |known: Option<u32>| Some(known.map_or(errors, |known| known.min(errors)));
                anywhere = less(anywhere);
                in_town = if record.town == one.town { less(in_town) } else { in_town };
            }
        }
        chances.count(shape, anywhere, in_town);
    }
    chances
}

fn of_names<V>([road, village, hamlet, site]: [Option<V>; 4]) -> Fields<V> {
    Fields { road, village, hamlet, site, ..Fields::nothing() }
}

/// Half errors between the names of a written address and those of a row, when they are few enough.
fn apart(names: &Interner, texts: &Fields<&str>, ids: &Fields<u32>, record: &Fields<u32>) -> Option<u32> {
    of_each_kind(names, texts, ids, record).or_else(|| misplaced(names, texts, record))
}

/// Name against name of the same kind; what one of the two leaves out is borne while another is there to be compared.
fn of_each_kind(names: &Interner, texts: &Fields<&str>, ids: &Fields<u32>, record: &Fields<u32>) -> Option<u32> {
    let by_road = texts.road.is_some() || record.road.is_some();
    let kinds = [
        (texts.road, ids.road, record.road),
        (texts.village, ids.village, record.village),
        (texts.hamlet, ids.hamlet, record.hamlet),
        (texts.site, ids.site, record.site),
    ];
    let (mut errors, mut compared) = (0, false);
    for (text, id, has) in kinds.into_iter().take(if by_road { 1 } else { 4 }) {
        let (Some(text), Some(has)) = (text, has) else { continue };
        compared = true;
        errors += match id {
            Some(id) if id == has => 0,
            Some(UNKNOWN) => half_errors(text, names.text(has)?)?,
            _ => return None,
        };
    }
    compared.then_some(errors)
}

/// A typing error can make a name look like one of another kind (民惠社区 and 民惠杜区), like two (东新村二路), or an estate
/// and its road be cut at the wrong place (仁恒西郊中安街).
fn misplaced(names: &Interner, texts: &Fields<&str>, record: &Fields<u32>) -> Option<u32> {
    let main = names.text(record.road.or(record.village)?)?;
    let written = [texts.village, texts.hamlet, texts.site, texts.road];
    let same_kind = if record.road.is_some() { texts.road } else { texts.village };
    let alone = written.into_iter().flatten().filter(|_| same_kind.is_none());
    let joined: String = written.into_iter().flatten().collect();
    let site = record.road.and(record.site).and_then(|site| names.text(site));
    let with_site = site.and_then(|site| half_errors(&joined, &[site, main].concat()));
    let each = alone.filter_map(|text| half_errors(text, main));
    each.chain(half_errors(&joined, main)).chain(with_site).min()
}
