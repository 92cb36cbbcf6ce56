//! Masked lists, within the reader's scope.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    ids::GridId,
    reader::Reader,
    store::Query,
    vals,
};
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::Label,
    ids::{AddressId, EmployerId, HomeId, ResidentId},
    sql::mark,
    told::{Found, Slice},
};

/// A resident as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MaskedResident {
    /// Id.
    pub resident_id: ResidentId,
    /// Name, masked.
    pub name_masked: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Number, masked.
    pub doc_masked: String,
    /// Mobile, masked.
    pub phone_masked: Option<String>,
    /// `female`, `male`, `unstated`.
    pub sex: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Household registration local.
    pub is_local: bool,
    /// `current` or `cancelled`.
    pub state: String,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// When it was cancelled.
    pub cancelled_day: Option<Day>,
    /// Home of the main residence.
    pub home_id: Option<HomeId>,
    /// Its address.
    pub address_id: Option<AddressId>,
    /// Text of it.
    pub address_text: Option<String>,
    /// Committee.
    pub committee_code: Option<String>,
    /// Label of the home.
    pub label: Option<String>,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Employer.
    pub employer_id: Option<EmployerId>,
    /// Its name.
    pub employer_name: Option<String>,
    /// Where the last change comes from.
    pub source: String,
    /// When it was seen.
    pub seen_at: Option<At>,
    /// When it was entered.
    pub entered_at: At,
    /// Version.
    pub version: i64,
}

pub(super) const COLUMNS: &str = "r.resident_id, r.name_masked, r.doc_kind, r.doc_masked, r.phone_masked, r.sex,
 r.birth_year, r.is_local, r.state, r.cancel_reason, r.cancelled_day, r.home_id, a.address_id, a.text AS address_text,
 a.committee_code, h.label, r.grid_id, r.employer_id, e.name AS employer_name, r.source, r.seen_at, r.entered_at,
 r.version";
pub(super) const JOINS: &str = "LEFT JOIN home h ON h.division_code = r.division_code AND h.home_id = r.home_id
 LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 LEFT JOIN employer e ON e.division_code = r.division_code AND e.employer_id = r.employer_id";

/// One record, current or cancelled, within the reader's scope.
pub async fn find(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<MaskedResident> {
    let mut values = vals![q.division(), id];
    let scope = crate::sql::scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} WHERE r.division_code = $1 AND r.resident_id = $2 AND {scope}"
    );
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Everybody registered at a home now. The caller has found the home within the scope.
pub async fn of_home(q: &impl Query, reader: &Reader, home: HomeId) -> Result<Vec<MaskedResident>> {
    let mut values = vals![q.division(), home];
    let scope = crate::sql::scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS}
         WHERE r.division_code = $1 AND r.home_id = $2 AND r.state = 'current' AND {scope}
         ORDER BY r.birth_year, r.resident_id"
    );
    q.rows(&sql, values).await
}

/// Records that a condition on `r` finds by an index, within the reader's scope. `values` begin with the division.
pub(crate) async fn where_is(
    q: &impl Query,
    reader: &Reader,
    condition: &str,
    mut values: Vec<Value>,
) -> Result<Vec<MaskedResident>> {
    let scope = crate::sql::scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} WHERE r.division_code = $1 AND {condition} AND {scope}
         ORDER BY r.entered_at DESC LIMIT 20"
    );
    q.rows(&sql, values).await
}

/// Everybody registered as working at an employer, within the reader's scope.
pub async fn of_employer(
    q: &impl Query,
    reader: &Reader,
    employer: EmployerId,
    slice: Slice,
) -> Result<Found<MaskedResident>> {
    let filter = Filter { employer: Some(employer), ..Filter::default() };
    list(q, reader, &filter, slice).await
}

/// What the list of residents is narrowed to. There is no filter by number, origin or form of name (boundary 10).
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A committee.
    pub committee: Option<String>,
    /// A grid.
    pub grid: Option<GridId>,
    /// A label of the home.
    pub label: Option<Label>,
    /// An employer.
    pub employer: Option<EmployerId>,
    /// Only those who have one.
    pub employed: bool,
    /// Cancelled records instead of current ones.
    pub cancelled: bool,
}

impl Filter {
    fn sql(&self, values: &mut Vec<Value>) -> (String, bool) {
        let mut sql = format!(" AND r.state = '{}'", if self.cancelled { "cancelled" } else { "current" });
        let mut joins = false;
        if let Some(grid) = self.grid {
            sql.push_str(&format!(" AND r.grid_id = {}", mark(values, grid)));
        }
        if let Some(employer) = self.employer {
            sql.push_str(&format!(" AND r.employer_id = {}", mark(values, employer)));
        }
        if self.employed {
            sql.push_str(" AND r.employer_id IS NOT NULL");
        }
        if let Some(committee) = &self.committee {
            joins = true;
            sql.push_str(&format!(" AND a.committee_code = {}", mark(values, committee.as_str())));
        }
        if let Some(label) = self.label {
            joins = true;
            sql.push_str(&format!(" AND h.label = {}", mark(values, label.code())));
        }
        (sql, joins)
    }
}

/// The list within the reader's scope, last entered first.
pub async fn list(q: &impl Query, reader: &Reader, filter: &Filter, slice: Slice) -> Result<Found<MaskedResident>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("r.grid_id", &mut values);
    let (narrowed, joins) = filter.sql(&mut values);
    let condition = format!("WHERE r.division_code = $1 AND {scope}{narrowed}");
    let counted = if joins { JOINS } else { "" };
    let total = q.number(&format!("SELECT COUNT(*) FROM resident r {counted} {condition}"), values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} {condition} ORDER BY r.entered_at DESC, r.resident_id DESC{}",
        slice.sql()
    );
    Ok(Found { rows: q.rows(&sql, values).await?, total })
}

/// How many the filter leaves within the reader's scope.
pub async fn count(q: &impl Query, reader: &Reader, filter: &Filter) -> Result<i64> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("r.grid_id", &mut values);
    let (narrowed, joins) = filter.sql(&mut values);
    let counted = if joins { JOINS } else { "" };
    q.number(
        &format!("SELECT COUNT(*) FROM resident r {counted} WHERE r.division_code = $1 AND {scope}{narrowed}"),
        values,
    )
    .await
}

/// The rows after the one that was given last, in the order of [`list`]: by key, so that the last page costs what the first
/// one does, and what is entered meanwhile shifts nothing.
pub async fn after(
    q: &impl Query,
    reader: &Reader,
    filter: &Filter,
    last: Option<(At, ResidentId)>,
    limit: i64,
) -> Result<Vec<MaskedResident>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("r.grid_id", &mut values);
    let (narrowed, _) = filter.sql(&mut values);
    let key = last.map(|(at, id)| {
        let (at, id) = (mark(&mut values, at), mark(&mut values, id));
        format!(" AND (r.entered_at, r.resident_id) < ({at}, {id})")
    });
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} WHERE r.division_code = $1 AND {scope}{narrowed}{}
         ORDER BY r.entered_at DESC, r.resident_id DESC LIMIT {}",
        key.unwrap_or_default(),
        limit.clamp(1, 5_000)
    );
    q.rows(&sql, values).await
}

/// Versions of records within the scope, by id: what a phone compares its copy with.
pub async fn versions(q: &impl Query, reader: &Reader, ids: &[ResidentId]) -> Result<Vec<(ResidentId, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        resident_id: ResidentId,
        version: i64,
    }
    let mut values = vals![q.division()];
    let scope = crate::sql::scope_of_found(&reader.scope, "grid_id", &mut values);
    let marks = crate::sql::marks(&mut values, ids.iter().copied());
    let sql = format!(
        "SELECT resident_id, version FROM resident WHERE division_code = $1 AND {scope} AND resident_id IN ({marks})"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| (r.resident_id, r.version)).collect())
}
