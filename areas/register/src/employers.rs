//! Employers (实有单位, R9).

use std::collections::HashMap;

use cn_identity::OrgCode;
use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    reader::Reader,
    sealed::{Bind, SubjectKey},
    store::{Query, Tx, engine::like_escape},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::Source,
    employer_change,
    ids::{AddressId, EmployerId},
    rules::{self, Problem},
    sql::mark,
    told::{Found, Slice},
};

/// An employer about to be written. The liaison is personal: sealed under the employer's own key.
#[derive(Clone)]
pub struct NewEmployer {
    /// Its id, where the caller has named it already.
    pub employer_id: Option<EmployerId>,
    /// Unified social credit code (统一社会信用代码).
    pub org_code: String,
    /// Name (单位名称).
    pub name: String,
    /// Line of business (行业), as a word.
    pub business: String,
    /// Name of the site, where one employer has several here; else empty.
    pub site: String,
    /// Where it is.
    pub address_id: Option<AddressId>,
    /// How many people it declares.
    pub staff_declared: i64,
    /// Whether it has to send rosters (R14).
    pub roster_duty: bool,
    /// Liaison's name.
    pub liaison: Option<String>,
    /// Liaison's mobile.
    pub liaison_phone: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// When it was learnt; none of a table that does not say.
    pub seen_at: Option<At>,
}

impl std::fmt::Debug for NewEmployer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewEmployer({}, {})", self.org_code, self.name)
    }
}

/// An employer as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct EmployerRow {
    /// Id.
    pub employer_id: EmployerId,
    /// Unified social credit code.
    pub org_code: String,
    /// Name.
    pub name: String,
    /// Line of business.
    pub business: String,
    /// Site.
    pub site: String,
    /// Address.
    pub address_id: Option<AddressId>,
    /// Its text.
    pub address_text: Option<String>,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Declared workforce.
    pub staff_declared: i64,
    /// Has to send rosters.
    pub roster_duty: bool,
    /// Liaison, masked.
    pub liaison_masked: Option<String>,
    /// Liaison's mobile, masked.
    pub liaison_phone_masked: Option<String>,
    /// [`EmployerState`](crate::codes::EmployerState).
    pub state: String,
    /// Where the last change comes from.
    pub source: String,
    /// When it was entered.
    pub entered_at: At,
    /// Current residents registered as working there.
    pub staff_registered: i64,
    /// Version.
    pub version: i64,
}

/// What is selected; who works there is counted within the reader's scope, as everything is.
fn columns(reader: &Reader, values: &mut Vec<sea_orm::Value>) -> String {
    let scope = reader.scope.sql("r.grid_id", values);
    format!(
        "e.employer_id, e.org_code, e.name, e.business, e.site, e.address_id, a.text AS address_text, e.grid_id,
         e.staff_declared, e.roster_duty, e.liaison_masked, e.liaison_phone_masked, e.state, e.source, e.entered_at,
         e.version, (SELECT COUNT(*) FROM resident r WHERE r.division_code = e.division_code
           AND r.employer_id = e.employer_id AND r.state = 'current' AND {scope}) AS staff_registered"
    )
}
const FROM: &str =
    "FROM employer e LEFT JOIN address a ON a.division_code = e.division_code AND a.address_id = e.address_id";

/// Checks an organisation code; blanks and small letters are put right.
pub fn check_org_code(written: &str) -> Result<OrgCode, Problem> {
    OrgCode::parse(written).map_err(|e| rules::number_problem("org_code", &e))
}

async fn grids_of(tx: &Tx, addresses: Vec<AddressId>) -> Result<HashMap<AddressId, Option<GridId>>> {
    #[derive(FromQueryResult)]
    struct Row {
        address_id: AddressId,
        grid_id: Option<GridId>,
    }
    let mut grids = HashMap::new();
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

/// Writes many employers, with an event each.
///
/// # Errors
/// The organisation code's problem (`number-check` …), `name-empty`, `employer-known` if the code and site exist;
/// `free-text-…` where name, business or site hold what a free field must not (boundary 12).
pub async fn insert_many(tx: &Tx, employers: Vec<NewEmployer>) -> Result<Vec<EmployerId>> {
    let grids = grids_of(tx, employers.iter().filter_map(|e| e.address_id).collect()).await?;
    let employers: Vec<(EmployerId, NewEmployer)> =
        employers.into_iter().map(|e| (e.employer_id.unwrap_or_else(|| tx.new_id()), e)).collect();
    let personal: Vec<uuid::Uuid> = employers
        .iter()
        .filter(|(_, e)| e.liaison.is_some() || e.liaison_phone.is_some())
        .map(|(id, _)| id.0)
        .collect();
    let keys = tx.create_keys(&personal).await?;
    let keys: HashMap<uuid::Uuid, SubjectKey> = personal.into_iter().zip(keys).collect();
    let (mut ids, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (id, e) in employers {
        let code = check_org_code(&e.org_code).map_err(Problem::into_error)?;
        let grid = e.address_id.and_then(|a| grids.get(&a).copied().flatten());
        free_text::check_licensed_name(&e.name)?;
        free_text::check(&e.business)?;
        free_text::check(&e.site)?;
        let phone = rules::check_phone(e.liaison_phone.as_deref().unwrap_or("")).map_err(Problem::into_error)?;
        let seal = |column, text: Option<&str>| match (text, keys.get(&id.0)) {
            (Some(text), Some(key)) => Some(key.seal(Bind { table: "employer", column, row: id.0 }, text)),
            _ => None,
        };
        rows.push(vals![
            tx.division(),
            id,
            code.as_str(),
            e.name.trim(),
            e.business.trim(),
            e.site.trim(),
            e.address_id,
            grid,
            e.staff_declared,
            e.roster_duty,
            seal("liaison_sealed", e.liaison.as_deref()),
            e.liaison.as_deref().map(cn_identity::mask::name),
            seal("liaison_phone_sealed", phone.as_ref().map(|p| p.as_str())),
            phone.map(|p| p.masked()),
            "current",
            e.source.code(),
            tx.now(),
            1i64
        ]);
        events.push(
            NewEvent::new("employer.added", SubjectRef::new("employer", id, grid))
                .seen(e.seen_at)
                .body(serde_json::json!({ "source": e.source.code(), "staff": e.staff_declared })),
        );
        ids.push(id);
    }
    tx.insert_many("employer", WRITTEN, rows).await.map_err(|e| crate::residents::friendly(e, "employer-known"))?;
    tx.events(events).await?;
    Ok(ids)
}

/// Enters one employer that somebody wrote by hand.
///
/// # Errors
/// As [`insert_many`], and `employer-name`, `employer-word` where a text is empty or too long, `premises-elsewhere` where
/// the address is none of the reader's grids, or there is none and the reader has not the whole sub-district.
pub async fn add(tx: &Tx, new: NewEmployer) -> Result<EmployerId> {
    employer_change::check_name(&new.name)?;
    for text in [&new.business, &new.site] {
        if text.trim().chars().count() > employer_change::MAX_WORD_CHARS {
            return Err(AppError::rule("employer-word").arg("max", employer_change::MAX_WORD_CHARS));
        }
    }
    if let Some(name) = &new.liaison {
        rules::check_name(name).map_err(Problem::into_error)?;
    }
    employer_change::grid_at(tx, new.address_id).await?;
    insert_many(tx, vec![new]).await?.pop().ok_or_else(AppError::not_found)
}

const WRITTEN: &[&str] = &[
    "division_code",
    "employer_id",
    "org_code",
    "name",
    "business",
    "site",
    "address_id",
    "grid_id",
    "staff_declared",
    "roster_duty",
    "liaison_sealed",
    "liaison_masked",
    "liaison_phone_sealed",
    "liaison_phone_masked",
    "state",
    "source",
    "entered_at",
    "version",
];

/// One employer. Its own liaison sees it too; else it must lie within the reader's scope.
pub async fn find(q: &impl Query, reader: &Reader, id: EmployerId) -> Result<EmployerRow> {
    let mut values = vals![q.division(), id];
    let scope = match reader.employers.contains(&id.0) {
        true => "1 = 1".to_owned(),
        false => reader.scope.sql("e.grid_id", &mut values),
    };
    let columns = columns(reader, &mut values);
    let sql = format!("SELECT {columns} {FROM} WHERE e.division_code = $1 AND e.employer_id = $2 AND {scope}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The employer with this code, the one without a site name first. Employers are no personal data.
pub async fn find_by_code(q: &impl Query, org_code: &str) -> Result<Option<EmployerId>> {
    #[derive(FromQueryResult)]
    struct Row {
        employer_id: EmployerId,
    }
    let Ok(code) = OrgCode::parse(org_code) else { return Ok(None) };
    let row: Option<Row> = q
        .row(
            "SELECT employer_id FROM employer WHERE division_code = $1 AND org_code = $2 AND state = 'current'
             ORDER BY site LIMIT 1",
            vals![q.division(), code.as_str()],
        )
        .await?;
    Ok(row.map(|r| r.employer_id))
}

/// The organisation code of an employer. Employers are no personal data.
pub async fn code_of(q: &impl Query, id: EmployerId) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        org_code: String,
    }
    let sql = "SELECT org_code FROM employer WHERE division_code = $1 AND employer_id = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), id]).await?;
    Ok(row.map(|r| r.org_code))
}

/// What the list of employers is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the name, or the whole code.
    pub text: String,
    /// A grid.
    pub grid: Option<GridId>,
    /// Only those that have to send rosters.
    pub roster_duty: bool,
    /// Those that closed instead of those that are there.
    pub closed: bool,
}

fn condition(reader: &Reader, filter: &Filter, values: &mut Vec<sea_orm::Value>) -> String {
    let scope = reader.scope.sql("e.grid_id", values);
    let state = if filter.closed { "closed" } else { "current" };
    let mut sql = format!("{FROM} WHERE e.division_code = $1 AND e.state = '{state}' AND {scope}");
    let text = filter.text.trim();
    if !text.is_empty() {
        let code = mark(values, text.to_uppercase());
        let part = mark(values, format!("%{}%", like_escape(text)));
        sql.push_str(&format!(" AND (e.org_code = {code} OR e.name LIKE {part} ESCAPE '\\')"));
    }
    if let Some(grid) = filter.grid {
        let m = mark(values, grid);
        sql.push_str(&format!(" AND e.grid_id = {m}"));
    }
    if filter.roster_duty {
        sql.push_str(" AND e.roster_duty = TRUE");
    }
    sql
}

/// The list within the reader's scope.
pub async fn list(q: &impl Query, reader: &Reader, filter: &Filter, slice: Slice) -> Result<Found<EmployerRow>> {
    let mut values = vals![q.division()];
    let sql = condition(reader, filter, &mut values);
    let total = q.number(&format!("SELECT COUNT(*) {sql}"), values.clone()).await?;
    let columns = columns(reader, &mut values);
    let rows = q.rows(&format!("SELECT {columns} {sql} ORDER BY e.name, e.site{}", slice.sql()), values).await?;
    Ok(Found { rows, total })
}

/// The rows after the one that was given last, by key, within the reader's scope: for exports.
pub async fn after(
    q: &impl Query,
    reader: &Reader,
    filter: &Filter,
    last: Option<EmployerId>,
    limit: i64,
) -> Result<Vec<EmployerRow>> {
    let mut values = vals![q.division()];
    let mut sql = condition(reader, filter, &mut values);
    if let Some(last) = last {
        values.push(last.into());
        sql.push_str(&format!(" AND e.employer_id > ${}", values.len()));
    }
    let columns = columns(reader, &mut values);
    let sql = format!("SELECT {columns} {sql} ORDER BY e.employer_id LIMIT {}", limit.clamp(1, 2_000));
    q.rows(&sql, values).await
}
