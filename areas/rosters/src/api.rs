//! Rosters from other systems (R14, 一网通办 and employers' own): the same checks, the same comparison, the same limits
//! as with an uploaded file. The sender is told of the own rows and never of the register's side.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    AppError, Result,
    api::{ApiClient, ApiRoute, ApiScope, Body, IdempotencyKey, Once, answer, instant},
    app::App,
    clock::Day,
    import::{
        Problem, guess,
        table::{Permitted, StagedRow},
    },
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    web::Page,
};
use linli_register::{EmployerId, api::day, employers};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{
    codes::Kind,
    columns::COLUMNS,
    ids::RosterId,
    send::{self, NewRoster},
    store::{self, Roster},
};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Rosters);
    vec![ApiRoute::new(scope, routes!(send_roster)), ApiRoute::new(scope, routes!(show_roster))]
}

/// Rows of one roster at most.
const ROWS_MAX: usize = 5_000;
/// Characters of one cell at most.
const CELL_MAX_CHARS: usize = 200;
/// Messages told at most; the office's page has all of them.
const PROBLEMS_MAX: usize = 1_000;

/// A roster (花名册) of one employer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SentRoster {
    /// The employer's organisation code, or the id of one of its sites.
    #[schema(min_length = 1, max_length = 40)]
    employer: String,
    /// What it is.
    kind: RosterKind,
    /// The day it tells of: today or up to 31 days back.
    #[schema(format = Date)]
    day: String,
    /// The people; none for `no-change`.
    #[serde(default)]
    #[schema(max_items = 5000)]
    rows: Vec<RosterRow>,
}

/// What a roster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum RosterKind {
    /// Everybody (每月全量).
    Full,
    /// Who came and who left on a day (当日变动).
    Daily,
    /// Nobody came or left on the day (今日无变化).
    NoChange,
}

/// Somebody who works there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RosterRow {
    /// Name.
    #[schema(max_length = 200)]
    name: String,
    /// Number of the document.
    #[schema(max_length = 200)]
    doc_no: String,
    /// Mobile.
    #[serde(default)]
    #[schema(max_length = 200)]
    phone: Option<String>,
    /// Where the person lives.
    #[serde(default)]
    #[schema(max_length = 200)]
    address: Option<String>,
    /// Whether the person has left.
    #[serde(default)]
    left: bool,
}

impl std::fmt::Debug for SentRoster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SentRoster({} rows)", self.rows.len())
    }
}

impl RosterRow {
    /// The cells, in the order of [`COLUMNS`].
    fn cells(self) -> Vec<String> {
        let left = if self.left { "left" } else { "" };
        let all =
            [self.name, self.doc_no, self.phone.unwrap_or_default(), self.address.unwrap_or_default(), left.into()];
        all.map(|cell| cell.trim().to_owned()).to_vec()
    }
    /// The first cell that is too long.
    fn too_long(&self) -> Option<&'static str> {
        let cells = [Some(&self.name), Some(&self.doc_no), self.phone.as_ref(), self.address.as_ref()];
        let long = |c: &Option<&String>| c.is_some_and(|c| c.chars().count() > CELL_MAX_CHARS);
        FIELDS.iter().zip(cells).find(|(_, c)| long(c)).map(|(field, _)| *field)
    }
}

/// The names of a row's fields, in the order of [`COLUMNS`].
const FIELDS: [&str; 5] = ["name", "doc_no", "phone", "address", "left"];

/// How a roster stands.
#[derive(Debug, Serialize, ToSchema)]
struct RosterStanding {
    /// Its number.
    id: Uuid,
    /// The day it tells of.
    #[schema(format = Date)]
    day: String,
    /// `full`, `daily` or `no-change`.
    kind: String,
    /// `sent`, `compared`, `confirmed`, or `rejected` where it was sent back.
    state: String,
    /// When it came.
    #[schema(format = DateTime)]
    received_at: String,
    /// Its rows.
    rows: i64,
    /// Of them, those with a message that should be put right.
    rows_to_correct: i64,
    /// Messages in all.
    messages_total: usize,
    /// The first thousand of them.
    messages: Vec<RosterMessage>,
}

/// A message at a cell.
#[derive(Debug, Serialize, ToSchema)]
struct RosterMessage {
    /// JSON pointer to it in what was sent.
    pointer: String,
    /// Stable.
    code: String,
    /// In words.
    detail: String,
    /// Whether it should be put right; the row is compared all the same.
    fatal: bool,
}

/// The pointer to a cell: rows are counted from 1 in the store, as people count them.
fn pointer(p: &Problem) -> String {
    let column = COLUMNS.iter().position(|c| c.name == p.column).and_then(|i| FIELDS.get(i));
    let row = format!("/rows/{}", p.row.saturating_sub(1));
    column.map_or_else(|| row.clone(), |field| format!("{row}/{field}"))
}

fn message(t: &T, p: &Problem) -> RosterMessage {
    // No character of what was written stands in what a client may log.
    let quotes = p.args.iter().any(|(name, _)| matches!(name.as_str(), "found" | "expected"));
    let args: Vec<(&str, String)> = p.args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    let detail = if quotes { t.s("api-field-value") } else { t.all(format!("cell-{}", p.code), &args) };
    RosterMessage { pointer: pointer(p), code: p.code.clone(), detail, fatal: p.fatal }
}

async fn standing(q: &impl Query, t: &T, roster: &Roster) -> Result<RosterStanding> {
    let problems = store::problems(q, roster.roster_id).await?;
    Ok(RosterStanding {
        id: roster.roster_id.0,
        day: roster.as_of_day.to_string(),
        kind: roster.kind.clone(),
        state: roster.state.clone(),
        received_at: instant(roster.received_at),
        rows: roster.row_count,
        rows_to_correct: roster.bad_count,
        messages_total: problems.len(),
        messages: problems.iter().take(PROBLEMS_MAX).map(|p| message(t, p)).collect(),
    })
}

/// The employer, if the client may send for it; unknown and not allowed are one.
async fn employer(q: &impl Query, reader: &Reader, written: &str) -> Result<Option<EmployerId>> {
    let id = match written.parse() {
        Ok(id) => Some(id),
        Err(_) => employers::find_by_code(q, written).await?,
    };
    let Some(id) = id else { return Ok(None) };
    match send::employer(q, reader, id).await {
        Ok(_) => Ok(Some(id)),
        Err(e) if e.is("not-found") || e.is("forbidden") => Ok(None),
        Err(e) => Err(e),
    }
}

/// What can be said of a roster without the register.
fn check(app: &App, sent: &SentRoster) -> Result<Option<Day>> {
    let mut error = AppError::invalid();
    let day = day(&sent.day);
    let today = app.store.clock().today();
    match day {
        None => error = error.field("/day", "value", "api-field-value"),
        Some(day) if day > today => error = error.field("/day", "roster-day-future", "error-roster-day-future"),
        Some(day) if day < today.plus_days(-send::DAYS_BACK_MAX) => {
            let n = vec![("n", send::DAYS_BACK_MAX.to_string())];
            error = error.field("/day", "roster-day-past", "error-roster-day-past").field_args(n);
        }
        Some(_) => {}
    }
    if !(1..=40).contains(&sent.employer.chars().count()) {
        error = error.field("/employer", "length", "api-field-value");
    }
    if (sent.kind == RosterKind::NoChange) != sent.rows.is_empty() {
        let code = if sent.rows.is_empty() { "missing" } else { "superfluous" };
        error =
            error.field("/rows", code, if sent.rows.is_empty() { "api-field-missing" } else { "roster-api-no-rows" });
    }
    if sent.rows.len() > ROWS_MAX {
        error = error.field("/rows", "length", "roster-api-too-many");
    }
    for (i, row) in sent.rows.iter().enumerate().take(ROWS_MAX) {
        if let Some(field) = row.too_long() {
            error = error.field(format!("/rows/{i}/{field}"), "length", "api-field-length");
        }
    }
    if error.fields.is_empty() { Ok(day) } else { Err(error) }
}

/// Messages do not keep a roster from being compared; they are in the answer, to be put right in the next one.
#[utoipa::path(post, path = "/api/v1/rosters", tag = "rosters", request_body = SentRoster,
    responses((status = 202, body = RosterStanding, links(
        ("state" = (operation_id = "show_roster", parameters(("id" = "$response.body#/id"))))))))]
async fn send_roster(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    page: Page,
    key: IdempotencyKey,
    body: Body<SentRoster>,
) -> Result<Response> {
    let once = Once::new(&client, key, "roster", body.digest);
    let day = check(&app, &body.value)?.ok_or_else(AppError::invalid)?;
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let id = take(&tx, body.value, day).await?;
    let roster = store::find(&tx, &reader, id).await?;
    let standing = standing(&tx, &page.t, &roster).await?;
    let location = format!("/api/v1/rosters/{id}");
    let response = once.keep(&tx, StatusCode::ACCEPTED, Some(&location), &standing).await?;
    tx.commit().await?;
    Ok(response)
}

async fn take(tx: &Tx, sent: SentRoster, day: Day) -> Result<RosterId> {
    let Some(employer) = employer(tx, tx.reader(), &sent.employer).await? else {
        return Err(AppError::invalid().field("/employer", "employer-unknown", "error-employer-unknown"));
    };
    let kind = match sent.kind {
        RosterKind::Full => Kind::Full,
        RosterKind::Daily => Kind::Daily,
        RosterKind::NoChange => {
            let said = send::no_change_in(tx, employer, day).await?;
            return said.ok_or_else(|| AppError::with("roster-said-before", StatusCode::CONFLICT));
        }
    };
    let headers: Vec<String> = COLUMNS.iter().map(|c| c.headings[0].to_owned()).collect();
    let rows = (1u64..).zip(sent.rows);
    let permitted = Permitted {
        mapping: guess(COLUMNS, &headers),
        headers,
        rows: rows.map(|(row, r)| StagedRow { row, cells: r.cells(), damaged: Vec::new() }).collect(),
        dropped: Vec::new(),
        heading_row: 1,
    };
    let new = NewRoster { employer, kind, as_of_day: day, file_name: String::new() };
    let mapping = permitted.mapping.clone();
    let id = send::stage(tx, &new, &permitted).await?;
    send::map_in(tx, id, mapping).await?;
    send::send_in(tx, id).await?;
    Ok(id)
}

#[utoipa::path(get, path = "/api/v1/rosters/{id}", tag = "rosters",
    params(("id" = Uuid, Path, description = "Number of a roster that this client brought")),
    responses((status = 200, body = RosterStanding)))]
async fn show_roster(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(id): Path<RosterId>,
) -> Result<Response> {
    let q = app.store.reads();
    let roster = store::find(&q, &reader, id).await?;
    answer(&headers, &standing(&q, &page.t, &roster).await?)
}
