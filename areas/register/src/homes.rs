//! Homes (实有房屋, R8) and the household at a door.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    reader::Reader,
    sealed::{Bind, SubjectKey},
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

pub use crate::home_marks::{LabelChange, mark_many_verified, mark_verified, mark_visited, note_let, set_label};
use crate::{
    codes::{HomeKind, Label, Occupancy, Source, Tenancy},
    ids::{AddressId, EmployerId, HomeId},
    residents::MaskedResident,
    rules,
    sql::mark,
    told::{Found, Slice},
};

/// A home about to be written. Owner and landlord are personal: sealed under the home's own key.
#[derive(Clone)]
pub struct NewHome {
    /// Its id, where the caller has named it already.
    pub home_id: Option<HomeId>,
    /// Where it is; its grid follows from it.
    pub address_id: AddressId,
    /// What kind of premises.
    pub kind: HomeKind,
    /// Who decides over it.
    pub tenancy: Tenancy,
    /// Whether somebody lives there.
    pub occupancy: Occupancy,
    /// How many people it takes at most.
    pub places: Option<i64>,
    /// Owner's name.
    pub owner: Option<String>,
    /// Landlord's or agent's contact name.
    pub landlord: Option<String>,
    /// Landlord's mobile.
    pub landlord_phone: Option<String>,
    /// The agency that lets it (an organisation's name).
    pub agent_name: Option<String>,
    /// The employer that provides it.
    pub employer_id: Option<EmployerId>,
    /// Label of the premises (R18).
    pub label: Option<Label>,
    /// Where it comes from.
    pub source: Source,
    /// When it was seen.
    pub seen_at: Option<At>,
    /// When it was last verified, where an older system knew.
    pub last_verified_day: Option<Day>,
}

impl NewHome {
    /// A home of which only place and kind are known.
    pub fn at(address_id: AddressId, kind: HomeKind) -> Self {
        NewHome {
            home_id: None,
            address_id,
            kind,
            tenancy: Tenancy::Unknown,
            occupancy: Occupancy::Unknown,
            places: None,
            owner: None,
            landlord: None,
            landlord_phone: None,
            agent_name: None,
            employer_id: None,
            label: None,
            source: Source::Import,
            seen_at: None,
            last_verified_day: None,
        }
    }
    fn is_personal(&self) -> bool {
        self.owner.is_some() || self.landlord.is_some() || self.landlord_phone.is_some()
    }
}

impl std::fmt::Debug for NewHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewHome({}, {})", self.address_id, self.kind)
    }
}

/// A home as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct HomeRow {
    /// Id.
    pub home_id: HomeId,
    /// Address.
    pub address_id: AddressId,
    /// Its text.
    pub address_text: String,
    /// Committee.
    pub committee_code: String,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// [`HomeKind`].
    pub kind: String,
    /// [`Tenancy`].
    pub tenancy: String,
    /// [`Occupancy`].
    pub occupancy: String,
    /// Places.
    pub places: Option<i64>,
    /// Owner, masked.
    pub owner_masked: Option<String>,
    /// Landlord, masked.
    pub landlord_masked: Option<String>,
    /// Landlord's mobile, masked.
    pub landlord_phone_masked: Option<String>,
    /// Agency.
    pub agent_name: Option<String>,
    /// The employer that provides it.
    pub employer_id: Option<EmployerId>,
    /// Its name.
    pub employer_name: Option<String>,
    /// [`Label`].
    pub label: Option<String>,
    /// Coded reason of the label.
    pub label_reason: Option<String>,
    /// When it was set.
    pub label_at: Option<At>,
    /// Last day on which the household was verified (overwritten, boundary 11).
    pub last_verified_day: Option<Day>,
    /// Last day on which the premises were visited.
    pub last_visited_day: Option<Day>,
    /// Current residents with their main residence here.
    pub members: i64,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "h.home_id, h.address_id, a.text AS address_text, a.committee_code, h.grid_id, h.kind, h.tenancy,
 h.occupancy, h.places, h.owner_masked, h.landlord_masked, h.landlord_phone_masked, h.agent_name, h.employer_id,
 (SELECT p.name FROM employer p WHERE p.division_code = h.division_code AND p.employer_id = h.employer_id) AS employer_name,
 h.label, h.label_reason, h.label_at, h.last_verified_day, h.last_visited_day, h.version, CAST(0 AS BIGINT) AS members";
const FROM: &str = "FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id";

/// The columns that [`insert_many`] writes, in the order of its values.
const WRITTEN: &[&str] = &[
    "division_code",
    "home_id",
    "address_id",
    "grid_id",
    "kind",
    "tenancy",
    "occupancy",
    "places",
    "owner_sealed",
    "owner_masked",
    "landlord_sealed",
    "landlord_masked",
    "landlord_phone_sealed",
    "landlord_phone_masked",
    "agent_name",
    "employer_id",
    "label",
    "label_reason",
    "label_account",
    "label_at",
    "last_verified_day",
    "source",
    "seen_at",
    "entered_at",
    "version",
];

async fn grids_of(tx: &Tx, addresses: &[AddressId]) -> Result<HashMap<AddressId, Option<GridId>>> {
    #[derive(FromQueryResult)]
    struct Row {
        address_id: AddressId,
        grid_id: Option<GridId>,
    }
    let mut grids = HashMap::with_capacity(addresses.len());
    for chunk in addresses.chunks(5_000) {
        let mut values = vals![tx.division()];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let sql =
            format!("SELECT address_id, grid_id FROM address WHERE division_code = $1 AND address_id IN ({marks})");
        let rows: Vec<Row> = tx.rows(&sql, values).await?;
        grids.extend(rows.into_iter().map(|r| (r.address_id, r.grid_id)));
    }
    Ok(grids)
}

/// Writes many homes, with an event each. The grid is the address's.
///
/// # Errors
/// `not-found` where an address is none, or lies outside the scope of the transaction's reader; `free-text-…` where the
/// agency's name holds what a free field must not (boundary 12).
pub async fn insert_many(tx: &Tx, homes: Vec<NewHome>) -> Result<Vec<HomeId>> {
    let addresses: Vec<AddressId> = homes.iter().map(|h| h.address_id).collect();
    let grids = grids_of(tx, &addresses).await?;
    let homes: Vec<(HomeId, NewHome)> =
        homes.into_iter().map(|h| (h.home_id.unwrap_or_else(|| tx.new_id()), h)).collect();
    let personal: Vec<uuid::Uuid> = homes.iter().filter(|(_, h)| h.is_personal()).map(|(id, _)| id.0).collect();
    let keys = tx.create_keys(&personal).await?;
    let mut keys: HashMap<uuid::Uuid, SubjectKey> = personal.into_iter().zip(keys).collect();
    let (mut ids, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (id, home) in homes {
        let grid = *grids.get(&home.address_id).ok_or_else(AppError::not_found)?;
        if !tx.reader().scope.contains(grid) {
            return Err(AppError::not_found());
        }
        rows.push(values_of(tx, id, grid, &home, keys.remove(&id.0))?);
        events.push(
            NewEvent::new("home.added", SubjectRef::new("home", id, grid))
                .seen(home.seen_at)
                .body(serde_json::json!({ "source": home.source.code(), "label": home.label.map(Label::code) })),
        );
        ids.push(id);
    }
    tx.insert_many("home", WRITTEN, rows).await?;
    tx.events(events).await?;
    crate::sql::count_after_load(tx, ids.len(), &["home"]).await?;
    Ok(ids)
}

fn values_of(tx: &Tx, id: HomeId, grid: Option<GridId>, home: &NewHome, key: Option<SubjectKey>) -> Result<Vec<Value>> {
    let seal = |column: &'static str, text: Option<&String>| match (text, &key) {
        (Some(text), Some(key)) => Some(key.seal(Bind { table: "home", column, row: id.0 }, text)),
        _ => None,
    };
    let masked = |name: Option<&String>| name.map(|n| cn_identity::mask::name(n));
    let phone = match &home.landlord_phone {
        Some(written) => rules::check_phone(written).map_err(rules::Problem::into_error)?,
        None => None,
    };
    let number = phone.map(|p| p.as_str().to_owned());
    free_text::check_organisation(home.agent_name.as_deref().unwrap_or_default())?;
    Ok(vals![
        tx.division(),
        id,
        home.address_id,
        grid,
        home.kind.code(),
        home.tenancy.code(),
        home.occupancy.code(),
        home.places,
        seal("owner_sealed", home.owner.as_ref()),
        masked(home.owner.as_ref()),
        seal("landlord_sealed", home.landlord.as_ref()),
        masked(home.landlord.as_ref()),
        seal("landlord_phone_sealed", number.as_ref()),
        phone.map(|p| p.masked()),
        home.agent_name.clone(),
        home.employer_id,
        home.label.map(Label::code),
        home.label.map(|_| "first-entry"),
        home.label.map(|_| tx.reader().account),
        home.label.map(|_| tx.now()),
        home.last_verified_day,
        home.source.code(),
        home.seen_at,
        tx.now(),
        1i64
    ])
}

/// Counts the people of the few homes that are shown; counting before the page is cut would count everybody.
async fn with_members(q: &impl Query, mut homes: Vec<HomeRow>) -> Result<Vec<HomeRow>> {
    #[derive(FromQueryResult)]
    struct Row {
        home_id: HomeId,
        members: i64,
    }
    if homes.is_empty() {
        return Ok(homes);
    }
    let mut values = vals![q.division()];
    let ids = crate::sql::marks(&mut values, homes.iter().map(|h| h.home_id));
    let sql = format!(
        "SELECT home_id, COUNT(*) AS members FROM resident
         WHERE division_code = $1 AND state = 'current' AND home_id IN ({ids}) GROUP BY home_id"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let members: HashMap<HomeId, i64> = rows.into_iter().map(|r| (r.home_id, r.members)).collect();
    for home in &mut homes {
        home.members = members.get(&home.home_id).copied().unwrap_or(0);
    }
    Ok(homes)
}

/// One home within the reader's scope.
pub async fn find(q: &impl Query, reader: &Reader, id: HomeId) -> Result<HomeRow> {
    let mut values = vals![q.division(), id];
    let scope = crate::sql::scope_of_found(&reader.scope, "h.grid_id", &mut values);
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE h.division_code = $1 AND h.home_id = $2 AND {scope}");
    let found: HomeRow = q.row(&sql, values).await?.ok_or_else(AppError::not_found)?;
    with_members(q, vec![found]).await?.pop().ok_or_else(AppError::not_found)
}

/// The homes at an address, within the reader's scope.
pub async fn at_address(q: &impl Query, reader: &Reader, address: AddressId) -> Result<Vec<HomeRow>> {
    let mut values = vals![q.division(), address];
    let scope = crate::sql::scope_of_found(&reader.scope, "h.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE h.division_code = $1 AND h.address_id = $2 AND {scope} ORDER BY h.home_id"
    );
    with_members(q, q.rows(&sql, values).await?).await
}

/// What the list of homes is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the address.
    pub text: String,
    /// A label.
    pub label: Option<Label>,
    /// A grid.
    pub grid: Option<GridId>,
    /// A committee.
    pub committee: Option<String>,
    /// Only homes not verified since this day.
    pub not_verified_since: Option<Day>,
}

fn condition(reader: &Reader, filter: &Filter, values: &mut Vec<sea_orm::Value>) -> String {
    let scope = reader.scope.sql("h.grid_id", values);
    let mut sql = format!("{FROM} WHERE h.division_code = $1 AND a.state = 'current' AND {scope}");
    if !filter.text.trim().is_empty() {
        let named = crate::addresses::named_with(&filter.text, values);
        sql.push_str(&format!(" AND h.address_id IN ({named})"));
    }
    if let Some(label) = filter.label {
        let m = mark(values, label.code());
        sql.push_str(&format!(" AND h.label = {m}"));
    }
    if let Some(grid) = filter.grid {
        let m = mark(values, grid);
        sql.push_str(&format!(" AND h.grid_id = {m}"));
    }
    if let Some(committee) = &filter.committee {
        let m = mark(values, committee.as_str());
        sql.push_str(&format!(" AND a.committee_code = {m}"));
    }
    if let Some(day) = filter.not_verified_since {
        let m = mark(values, day);
        sql.push_str(&format!(
            " AND h.kind <> 'workplace' AND (h.last_verified_day IS NULL OR h.last_verified_day < {m})"
        ));
    }
    sql
}

/// The list within the reader's scope, those longest unverified first; houses that are gone are not in it.
pub async fn list(q: &impl Query, reader: &Reader, filter: &Filter, slice: Slice) -> Result<Found<HomeRow>> {
    let mut values = vals![q.division()];
    let sql = condition(reader, filter, &mut values);
    let total = q.number(&format!("SELECT COUNT(*) {sql}"), values.clone()).await?;
    let order = "ORDER BY h.last_verified_day NULLS FIRST, h.home_id";
    let rows = q.rows(&format!("SELECT {COLUMNS} {sql} {order}{}", slice.sql()), values).await?;
    Ok(Found { rows: with_members(q, rows).await?, total })
}

/// The rows after the one that was given last, by key, within the reader's scope: for exports.
pub async fn after(
    q: &impl Query,
    reader: &Reader,
    filter: &Filter,
    last: Option<HomeId>,
    limit: i64,
) -> Result<Vec<HomeRow>> {
    let mut values = vals![q.division()];
    let mut sql = condition(reader, filter, &mut values);
    if let Some(last) = last {
        values.push(last.into());
        sql.push_str(&format!(" AND h.home_id > ${}", values.len()));
    }
    let sql = format!("SELECT {COLUMNS} {sql} ORDER BY h.home_id LIMIT {}", limit.clamp(1, 2_000));
    with_members(q, q.rows(&sql, values).await?).await
}

/// A home as a person at its door needs it (户).
#[derive(Debug, Clone)]
pub struct Household {
    /// The home.
    pub home: HomeRow,
    /// Everybody registered there now, masked.
    pub members: Vec<MaskedResident>,
}

/// The household of a home within the reader's scope.
pub async fn household(q: &impl Query, reader: &Reader, home: HomeId) -> Result<Household> {
    let row = find(q, reader, home).await?;
    let members = crate::residents::of_home(q, reader, home).await?;
    Ok(Household { home: row, members })
}
