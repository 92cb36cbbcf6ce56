//! Hazards of premises (现场隐患): what whoever comes to a door next has to know of the place, from the policy pack's closed
//! list, never about a person (boundaries 4, 8, 12). Each has a last day and is gone after it by itself.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    retention::{self, Due, Part},
    store::{
        Migration, Query, Tx,
        schema::{id, int, references, spread_table, text},
    },
    texts::Lang,
    vals,
};
use policy_pack::{Hazard, Pack};
use sea_orm::{FromQueryResult, sea_query::TableCreateStatement};

use crate::{homes, ids::HomeId, sql::marks};

/// The table's migration.
pub(crate) fn migration() -> Migration {
    Migration { id: "register-hazards-0001", tables, indexes: Vec::new }
}

fn tables() -> Vec<TableCreateStatement> {
    let columns =
        vec![id("home_id"), text("code"), text("noted_day"), text("until_day"), int("noted_at"), id("account_id")];
    let table = spread_table("home_hazard", &["home_id", "code"], columns);
    vec![references(table, "home_hazard", "home_id", "home", "home_id")]
}

/// A hazard of a home that holds.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct HazardRow {
    /// The home.
    pub home_id: HomeId,
    /// A code of the policy pack's list.
    pub code: String,
    /// When it was noted last.
    pub noted_day: Day,
    /// The last day on which it holds.
    pub until_day: Day,
}

/// The name of a hazard in a language, as the pack has it; the code of one that the pack no longer names.
pub fn name(pack: &Pack, lang: Lang, code: &str) -> String {
    let named = |h: &Hazard| if lang == Lang::Zh { h.name.clone() } else { h.name_en.clone() };
    pack.visits.hazard(code).map_or_else(|| code.to_owned(), named)
}

/// The hazards of some homes that hold today. The caller has found the homes within the scope.
pub async fn of_homes(q: &impl Query, homes: &[HomeId]) -> Result<HashMap<HomeId, Vec<HazardRow>>> {
    let mut all: HashMap<HomeId, Vec<HazardRow>> = HashMap::new();
    for some in homes.chunks(200) {
        let mut values = vals![q.division(), q.store().clock().today()];
        let ids = marks(&mut values, some.iter().copied());
        let sql = format!(
            "SELECT home_id, code, noted_day, until_day FROM home_hazard
             WHERE division_code = $1 AND until_day >= $2 AND home_id IN ({ids}) ORDER BY home_id, code"
        );
        for row in q.rows::<HazardRow>(&sql, values).await? {
            all.entry(row.home_id).or_default().push(row);
        }
    }
    Ok(all)
}

/// The hazards of one home that hold today. The caller has found it within the scope.
pub async fn of_home(q: &impl Query, home: HomeId) -> Result<Vec<HazardRow>> {
    Ok(of_homes(q, &[home]).await?.remove(&home).unwrap_or_default())
}

/// Notes a hazard that was seen at an instant, or that it still is so: it holds until the day that was said, at most as long
/// as the pack allows, and as long as that where none was said.
///
/// # Errors
/// `hazard-unknown` for a code that the pack does not have; `hazard-over` for a last day before the one on which it was
/// seen, or one that has passed; `not-found` outside the scope.
pub async fn note(tx: &Tx, pack: &Pack, home: HomeId, code: &str, seen_at: At, said: Option<Day>) -> Result<Day> {
    let seen = seen_at.day();
    let hazard = pack.visits.hazard(code).ok_or_else(|| AppError::rule("hazard-unknown"))?;
    let last = hazard.last_day(0, said.map(|day| day.days_since(seen))).map(|days| seen.plus_days(days));
    let until = last.filter(|day| *day >= tx.now().day()).ok_or_else(|| AppError::rule("hazard-over"))?;
    let row = homes::find(tx, tx.reader(), home).await?;
    tx.execute(
        "INSERT INTO home_hazard (division_code, home_id, code, noted_day, until_day, noted_at, account_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (division_code, home_id, code) DO UPDATE SET noted_day = excluded.noted_day,
         until_day = excluded.until_day, noted_at = excluded.noted_at, account_id = excluded.account_id",
        vals![tx.division(), home, code, seen, until, tx.now(), tx.reader().account],
    )
    .await?;
    let event = NewEvent::new("home.hazard-noted", SubjectRef::new("home", home, row.grid_id)).version(row.version);
    let event = event.seen(Some(seen_at)).body(serde_json::json!({ "hazard": code, "until": until }));
    tx.event(event).await?;
    Ok(until)
}

/// Takes a hazard away: it is not so any more. One that is gone already stays gone.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn remove(tx: &Tx, home: HomeId, code: &str) -> Result<bool> {
    let row = homes::find(tx, tx.reader(), home).await?;
    let sql = "DELETE FROM home_hazard WHERE division_code = $1 AND home_id = $2 AND code = $3";
    if tx.execute(sql, vals![tx.division(), home, code]).await? == 0 {
        return Ok(false);
    }
    let event = NewEvent::new("home.hazard-ended", SubjectRef::new("home", home, row.grid_id)).version(row.version);
    tx.event(event.body(serde_json::json!({ "hazard": code }))).await?;
    Ok(true)
}

/// How many are over their last day.
pub(crate) async fn due(app: &App) -> Result<Due> {
    let (q, today) = (app.store.reads(), app.store.clock().today());
    let sql = "SELECT COUNT(*) FROM home_hazard WHERE division_code = $1 AND until_day < $2";
    Ok(Due { key: "home-hazard", before: today.start(), rows: q.number(sql, vals![q.division(), today]).await? })
}

/// Deletes those that are over their last day; they were shown no more since.
pub(crate) async fn expire(app: &App) -> Result<u64> {
    let today = app.store.clock().today();
    let gone = "DELETE FROM home_hazard WHERE division_code = $1 AND until_day < $2";
    retention::in_parts(app, "home-hazard", Part::Rows(gone, today.into())).await
}
