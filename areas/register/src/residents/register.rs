//! Registering.

use std::collections::{HashMap, HashSet};

use cn_identity::DocumentKind;
use jiff::civil::Date;
use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::GridId,
    keys::KeyRing,
    sealed::{Sealed, SubjectKey},
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use super::{bind, friendly};
use crate::{
    codes::{SexCode, Source},
    ids::{EmployerId, HomeId, ResidenceId, ResidentId},
    parallel,
    rules::{self, Person, Written},
};

/// A resident about to be registered. `Debug` is masked.
#[derive(Clone)]
pub struct NewResident {
    /// The id, where the caller has named it already (a phone's entry, an import's row).
    pub resident_id: Option<ResidentId>,
    /// Name (姓名).
    pub name: String,
    /// Kind of document (证件种类).
    pub doc_kind: DocumentKind,
    /// Number of the document (证件号码).
    pub doc_no: String,
    /// The number was compared with the card: an end of 000 passes.
    pub doc_confirmed: bool,
    /// Mobile (手机号码).
    pub phone: Option<String>,
    /// Sex, where the number does not tell it.
    pub sex: Option<SexCode>,
    /// Birth date, where the number does not tell it.
    pub birth: Option<Date>,
    /// Household registration: local (本地户籍) or elsewhere.
    pub local: bool,
    /// The home of the main residence.
    pub home_id: HomeId,
    /// The employer.
    pub employer_id: Option<EmployerId>,
    /// Since when the person lives there.
    pub since_day: Day,
    /// Where it comes from.
    pub source: Source,
    /// When the person was met.
    pub seen_at: Option<At>,
    /// When it was entered, if not now; see [`Entered::AsGiven`].
    pub entered_at: Option<At>,
}

impl std::fmt::Debug for NewResident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewResident({}, {})", cn_identity::mask::name(&self.name), self.doc_kind.code())
    }
}

/// When the rows of a bulk registration were entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// Now, whatever the rows say.
    Now,
    /// As each row says, now where it says nothing: building the past of a demonstration.
    AsGiven,
}

/// A resident that satisfies the rules, on the way to being sealed.
struct Checked {
    id: ResidentId,
    person: Person,
    grid: Option<GridId>,
    new: NewResident,
}

/// Up to so many are compared with the register beforehand; of more, the database's unique index refuses.
const COMPARED_BEFORE: usize = 500;

/// Registers one resident with the main residence.
///
/// # Errors
/// The first rule broken (`name-empty`, `number-check`, `birth-future` …), `not-found` for a home outside the scope,
/// `two-main-residences` where the number is on a current record already, `merged-already` where it is on one that was
/// merged into a current record.
pub async fn register(tx: &Tx, new: NewResident) -> Result<ResidentId> {
    let ids = register_many(tx, vec![new], Entered::Now).await?;
    ids.first().copied().ok_or_else(AppError::not_found)
}

/// Registers many residents, in order. Errors as [`register`]; argument `row` counts from 1.
pub async fn register_many(tx: &Tx, new: Vec<NewResident>, entered: Entered) -> Result<Vec<ResidentId>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let grids = grids_of(tx, &new).await?;
    let today = tx.now().day();
    let mut checked = Vec::with_capacity(new.len());
    for (n, new) in new.into_iter().enumerate() {
        let person = check(&new, today).map_err(|e| e.arg("row", n + 1))?;
        let grid = *grids.get(&new.home_id).ok_or_else(AppError::not_found)?;
        if !tx.reader().scope.contains(grid) {
            return Err(AppError::not_found());
        }
        let id = new.resident_id.unwrap_or_else(|| tx.new_id());
        checked.push(Checked { id, person, grid, new });
    }
    compare_numbers(tx, &checked).await?;
    write(tx, checked, entered).await
}

fn check(new: &NewResident, today: Day) -> Result<Person> {
    let written = Written {
        name: &new.name,
        doc_kind: new.doc_kind,
        doc_no: &new.doc_no,
        doc_confirmed: new.doc_confirmed,
        phone: new.phone.as_deref().unwrap_or(""),
        sex: new.sex,
        birth: new.birth,
    };
    if new.since_day > today {
        return Err(AppError::rule("since-future"));
    }
    let (person, problems) = rules::check(&written, today);
    person.ok_or_else(|| {
        let first = problems.into_iter().find(|p| p.fatal);
        first.map_or_else(|| AppError::rule("name-empty"), rules::Problem::into_error)
    })
}

async fn grids_of(tx: &Tx, new: &[NewResident]) -> Result<HashMap<HomeId, Option<GridId>>> {
    #[derive(FromQueryResult)]
    struct Row {
        home_id: HomeId,
        grid_id: Option<GridId>,
    }
    let homes: Vec<HomeId> = new.iter().map(|n| n.home_id).collect::<HashSet<_>>().into_iter().collect();
    let mut grids = HashMap::with_capacity(homes.len());
    for chunk in homes.chunks(5_000) {
        let mut values = vals![tx.division()];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let sql = format!("SELECT home_id, grid_id FROM home WHERE division_code = $1 AND home_id IN ({marks})");
        let rows: Vec<Row> = tx.rows(&sql, values).await?;
        grids.extend(rows.into_iter().map(|r| (r.home_id, r.grid_id)));
    }
    Ok(grids)
}

/// The friendly form of the rule that the unique index keeps.
async fn compare_numbers(tx: &Tx, checked: &[Checked]) -> Result<()> {
    if checked.len() > COMPARED_BEFORE {
        return Ok(());
    }
    let forms = |c: &Checked| tx.store().keys().blind_forms("doc", &c.person.doc.number);
    let blinds: Vec<Vec<u8>> = checked.iter().flat_map(forms).collect();
    if blinds.iter().collect::<HashSet<_>>().len() < blinds.len() {
        return Err(AppError::rule("two-main-residences"));
    }
    let mut values = vals![tx.division()];
    let marks = crate::sql::marks(&mut values, blinds.iter().cloned());
    let sql = format!(
        "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND state = 'current' AND doc_blind IN ({marks})"
    );
    if tx.number(&sql, values).await? > 0 {
        return Err(AppError::rule("two-main-residences"));
    }
    match crate::merges::newcomer_is_absorbed(tx, blinds).await? {
        true => Err(AppError::rule("merged-already")),
        false => Ok(()),
    }
}

struct SealedResident {
    name: Sealed,
    doc: Sealed,
    doc_blind: Vec<u8>,
    phone: Option<Sealed>,
    phone_blind: Option<Vec<u8>>,
    facts: Sealed,
}

fn seal(keys: &KeyRing, key: &SubjectKey, c: &Checked) -> SealedResident {
    let phone = c.person.phone.as_ref();
    SealedResident {
        name: key.seal(bind("name_sealed", c.id), &c.person.name),
        doc: key.seal(bind("doc_sealed", c.id), &c.person.doc.number),
        doc_blind: keys.blind_index("doc", &c.person.doc.number),
        phone: phone.map(|p| key.seal(bind("phone_sealed", c.id), p.as_str())),
        phone_blind: phone.map(|p| keys.blind_index("mobile", p.as_str())),
        facts: key.seal(bind("facts_sealed", c.id), &facts(c.person.birth)),
    }
}

/// The sealed facts beside name, number and mobile, as JSON.
pub(crate) fn facts(birth: Option<Date>) -> String {
    serde_json::json!({ "birth": birth.map(|b| b.to_string()) }).to_string()
}

async fn write(tx: &Tx, checked: Vec<Checked>, entered: Entered) -> Result<Vec<ResidentId>> {
    let ids: Vec<ResidentId> = checked.iter().map(|c| c.id).collect();
    let subjects: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let keys = tx.create_keys(&subjects).await?;
    let ring = tx.store().keys().clone();
    let work: Vec<(SubjectKey, Checked)> = keys.into_iter().zip(checked).collect();
    let sealed = parallel::map(work, move |(key, c)| (seal(&ring, &key, &c), c)).await?;
    let now = tx.now();
    let at = |c: &Checked| match entered {
        Entered::Now => now,
        Entered::AsGiven => c.new.entered_at.unwrap_or(now),
    };
    let mut residents = Vec::with_capacity(sealed.len());
    let mut residences = Vec::with_capacity(sealed.len());
    let mut events = Vec::with_capacity(sealed.len());
    for (s, c) in sealed {
        let at = at(&c);
        events.push((event_of(&c), at));
        residences.push(vals![
            tx.division(),
            tx.new_id::<ResidenceId>(),
            c.id,
            c.new.home_id,
            c.grid,
            true,
            c.new.since_day,
            None::<Day>,
            c.new.source.code()
        ]);
        residents.push(values_of(tx, s, c, at));
    }
    tx.insert_many("resident", RESIDENT, residents).await.map_err(|e| friendly(e, "two-main-residences"))?;
    tx.insert_many("residence", RESIDENCE, residences).await.map_err(|e| friendly(e, "two-main-residences"))?;
    tx.events_entered(events).await?;
    crate::sql::count_after_load(tx, ids.len(), &["resident", "residence", "subject_key", "event"]).await?;
    Ok(ids)
}

fn event_of(c: &Checked) -> NewEvent {
    NewEvent::new("resident.registered", SubjectRef::new("resident", c.id, c.grid))
        .seen(c.new.seen_at)
        .body(serde_json::json!({ "source": c.new.source.code(), "home": c.new.home_id }))
}

fn values_of(tx: &Tx, s: SealedResident, c: Checked, at: At) -> Vec<Value> {
    vals![
        tx.division(),
        c.id,
        s.name,
        cn_identity::mask::name(&c.person.name),
        c.person.doc.kind.code(),
        s.doc,
        c.person.doc.masked(),
        s.doc_blind,
        s.phone,
        c.person.phone.map(|p| p.masked()),
        s.phone_blind,
        s.facts,
        c.person.sex.code(),
        c.person.birth.map(|b| i64::from(b.year())),
        c.new.local,
        "current",
        c.new.home_id,
        c.grid,
        c.new.employer_id,
        c.new.source.code(),
        c.new.seen_at,
        at,
        tx.now(),
        1i64
    ]
}

const RESIDENT: &[&str] = &[
    "division_code",
    "resident_id",
    "name_sealed",
    "name_masked",
    "doc_kind",
    "doc_sealed",
    "doc_masked",
    "doc_blind",
    "phone_sealed",
    "phone_masked",
    "phone_blind",
    "facts_sealed",
    "sex",
    "birth_year",
    "is_local",
    "state",
    "home_id",
    "grid_id",
    "employer_id",
    "source",
    "seen_at",
    "entered_at",
    "changed_at",
    "version",
];

pub(crate) const RESIDENCE: &[&str] = &[
    "division_code",
    "residence_id",
    "resident_id",
    "home_id",
    "grid_id",
    "is_main",
    "from_day",
    "until_day",
    "source",
];
