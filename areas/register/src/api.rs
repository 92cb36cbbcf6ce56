//! Standard addresses for other systems (R6). An address is nobody's data; who lives at one is never told.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use linli_platform::{
    AppError, Result,
    api::{ApiRoute, ApiScope, Cursor, Listed, Params, answer, instant, limit},
    app::App,
    clock::{At, Day},
    ids::GridId,
    reader::Reader,
    store::{Query, engine::like_escape},
    vals,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{address_life, ids::AddressId};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Addresses);
    vec![ApiRoute::new(scope, routes!(list_addresses)), ApiRoute::new(scope, routes!(show_address))]
}

/// Arguments of a cell's text that hold a character of what was written.
const QUOTING: [&str; 2] = ["found", "expected"];

/// Adds a rule's problem at a place of what a client sent. The text at a form quotes a character; here none is, because
/// what a client is told may stand in its logs.
pub fn fault(error: AppError, pointer: &str, code: &str, args: &[(&'static str, String)]) -> AppError {
    if code.starts_with("form-") {
        return error.field(pointer, code, code);
    }
    if args.iter().any(|(name, _)| QUOTING.contains(name)) {
        return error.field(pointer, code, "api-field-value");
    }
    error.field(pointer, code, format!("cell-{code}")).field_args(args.to_vec())
}

/// A day as it is written in what a client sends: `YYYY-MM-DD` and nothing else.
pub fn day(text: &str) -> Option<Day> {
    text.parse::<Day>().ok().filter(|day| day.to_string() == text)
}

/// The longest part of an address that is looked for.
const TEXT_MAX_CHARS: usize = 60;

/// A standard address (标准地址).
#[derive(Debug, Serialize, ToSchema)]
struct Address {
    /// Its id, which stays when the house gets another number.
    id: Uuid,
    /// The whole address.
    text: String,
    /// Its committee's code.
    committee: String,
    /// Its grid; absent where it lies in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    grid: Option<Uuid>,
    /// Longitude in degrees, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    /// Latitude in degrees, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    /// `current`, `demolished` or `renumbered`.
    state: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    changed_at: String,
    /// Version.
    version: i64,
}

#[derive(FromQueryResult)]
struct Row {
    address_id: AddressId,
    text: String,
    committee_code: String,
    grid_id: Option<GridId>,
    lon: Option<f64>,
    lat: Option<f64>,
    state: String,
    changed_at: At,
    version: i64,
}

impl From<Row> for Address {
    fn from(r: Row) -> Address {
        Address {
            id: r.address_id.0,
            text: r.text,
            committee: r.committee_code,
            grid: r.grid_id.map(|g| g.0),
            lon: r.lon,
            lat: r.lat,
            state: r.state,
            changed_at: instant(r.changed_at),
            version: r.version,
        }
    }
}

const SELECT: &str = "SELECT a.address_id, a.text, a.committee_code, a.grid_id, a.lon, a.lat, a.state, a.changed_at,
 a.version FROM address a WHERE a.division_code = $1";

/// Which addresses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichAddresses {
    /// Of this committee alone.
    #[param(pattern = "^[0-9]{12}$")]
    committee: Option<String>,
    /// In this grid alone.
    grid: Option<Uuid>,
    /// With this in the text.
    #[param(min_length = 1, max_length = 60)]
    text: Option<String>,
    /// Changed at or after this instant: what is new since the last fetch.
    #[param(format = DateTime)]
    updated_since: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/addresses", tag = "addresses", params(WhichAddresses),
    responses((status = 200, body = Listed<Address>)))]
async fn list_addresses(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Params(which): Params<WhichAddresses>,
) -> Result<Response> {
    let limit = limit(which.limit)?;
    let after: Option<AddressId> = Cursor::read("addresses", which.cursor.as_deref())?;
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let mut sql = format!("{SELECT} AND {}", reader.scope.sql("a.grid_id", &mut values));
    narrow(&which, after, &mut sql, &mut values)?;
    sql.push_str(&format!(" ORDER BY a.address_id LIMIT {}", limit + 1));
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let items = rows.into_iter().map(Address::from).collect();
    answer(&headers, &Listed::of("addresses", items, limit, |a: &Address| a.id.to_string()))
}

fn narrow(
    which: &WhichAddresses,
    after: Option<AddressId>,
    sql: &mut String,
    values: &mut Vec<sea_orm::Value>,
) -> Result<()> {
    let mut add = |condition: &str, value: sea_orm::Value, rest: &str| {
        values.push(value);
        sql.push_str(&format!(" AND {condition} ${}{rest}", values.len()));
    };
    linli_territory::api::check_committee(which.committee.as_deref())?;
    if let Some(committee) = &which.committee {
        add("a.committee_code =", committee.as_str().into(), "");
    }
    if let Some(grid) = which.grid {
        add("a.grid_id =", grid.into(), "");
    }
    if let Some(text) = &which.text {
        if !(1..=TEXT_MAX_CHARS).contains(&text.chars().count()) {
            return Err(AppError::invalid().parameter("text", "length", "api-field-length"));
        }
        add("a.text LIKE", format!("%{}%", like_escape(text)).into(), " ESCAPE '\\'");
    }
    if let Some(since) = &which.updated_since {
        let since = since.parse::<jiff::Timestamp>();
        let since = since.map_err(|_| AppError::invalid().parameter("updated_since", "value", "api-field-instant"))?;
        add("a.changed_at >=", At::from_timestamp(since).into(), "");
    }
    if let Some(after) = after {
        add("a.address_id >", after.into(), "");
    }
    Ok(())
}

/// One address with the names that it had.
#[derive(Debug, Serialize, ToSchema)]
struct AddressWithNames {
    /// The address.
    #[serde(flatten)]
    address: Address,
    /// Its earlier names, the latest first.
    old_names: Vec<OldName>,
}

/// A name that an address had.
#[derive(Debug, Serialize, ToSchema)]
struct OldName {
    /// The text.
    text: String,
    /// The day from which it had another.
    #[schema(format = Date)]
    until: String,
}

#[utoipa::path(get, path = "/api/v1/addresses/{id}", tag = "addresses",
    params(("id" = Uuid, Path, description = "Id of the address")),
    responses((status = 200, body = AddressWithNames)))]
async fn show_address(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<AddressId>,
) -> Result<Response> {
    let q = app.store.reads();
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("a.grid_id", &mut values);
    let row: Option<Row> = q.row(&format!("{SELECT} AND a.address_id = $2 AND {scope}"), values).await?;
    let address = row.ok_or_else(AppError::not_found)?.into();
    let old = address_life::old_names(&q, id).await?;
    let old_names = old.into_iter().map(|n| OldName { text: n.text, until: n.until_day.to_string() }).collect();
    answer(&headers, &AddressWithNames { address, old_names })
}
