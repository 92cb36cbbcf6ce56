//! Campaigns (宣传, R24): planned, held, and how many people they reached, as a number.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day, Month},
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_work::outward::guard::Guard;
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{codes::Means, ids::CampaignId};

/// The longest place.
pub const PLACE_CHARS: usize = 40;
/// The most people or leaflets of one campaign.
pub const MOST: i64 = 100_000;

/// A campaign about to be planned.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// Its kind in the policy pack.
    pub kind: String,
    /// The grid.
    pub grid: GridId,
    /// The day it is planned for.
    pub day: Day,
    /// By what means.
    pub means: Means,
    /// Where; it passes the guard and names no door.
    pub place: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The day it was held.
    pub day: Day,
    /// People reached.
    pub reached: i64,
    /// Leaflets given out.
    pub leaflets: i64,
}

/// A campaign as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Campaign {
    /// Id.
    pub campaign_id: CampaignId,
    /// Its kind in the policy pack.
    pub kind: String,
    /// The grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// The day it is planned for.
    pub day: Day,
    /// [`Means`].
    pub means: String,
    /// Where.
    pub place: String,
    /// Who planned it.
    pub account_name: Option<String>,
    /// When it was planned.
    pub made_at: At,
    /// The day it was held.
    pub held_day: Option<Day>,
    /// People reached.
    pub reached: Option<i64>,
    /// Leaflets given out.
    pub leaflets: Option<i64>,
    /// Version.
    pub version: i64,
}

impl Campaign {
    /// Whether its day is over and nothing is recorded.
    pub fn is_late(&self, today: Day) -> bool {
        self.held_day.is_none() && self.day < today
    }
}

fn subject(id: CampaignId, grid: GridId) -> SubjectRef {
    SubjectRef::new("campaign", id, Some(grid))
}

/// Plans a campaign in one of the reader's grids. The guard is made before the transaction begins.
///
/// # Errors
/// `publicity-kind` for one that the pack does not list; `not-found` outside the scope; `publicity-day` for a day that is
/// over; `publicity-place`; those of the guard.
pub async fn plan(app: &App, tx: &Tx, guard: &Guard, new: &NewCampaign) -> Result<CampaignId> {
    if !app.pack.work.campaigns.iter().any(|c| c.id == new.kind) {
        return Err(AppError::rule("publicity-kind"));
    }
    if !tx.reader().scope.contains(Some(new.grid)) {
        return Err(AppError::not_found());
    }
    linli_territory::store::grids::find(tx, new.grid).await?;
    if new.day < tx.now().day() {
        return Err(AppError::rule("publicity-day"));
    }
    let place = new.place.trim();
    if place.is_empty() || place.chars().count() > PLACE_CHARS {
        return Err(AppError::rule("publicity-place").arg("n", PLACE_CHARS));
    }
    guard.check(place)?;
    let id: CampaignId = tx.new_id();
    let columns = &[
        "division_code",
        "campaign_id",
        "kind",
        "grid_id",
        "day",
        "means",
        "place",
        "account_id",
        "made_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        new.kind.as_str(),
        new.grid,
        new.day,
        new.means.code(),
        place,
        tx.reader().account,
        tx.now(),
        1i64
    ];
    tx.insert_many("campaign", columns, vec![row]).await?;
    let body = json!({ "kind": new.kind, "means": new.means.code() });
    tx.event(NewEvent::new("publicity.planned", subject(id, new.grid)).body(body)).await?;
    Ok(id)
}

/// Records that it was held, and its reach.
///
/// # Errors
/// `not-found`; `publicity-held-day` for a day to come or before it was planned; `publicity-number`; `stale-version` if
/// it is recorded already.
pub async fn record(tx: &Tx, id: CampaignId, version: i64, held: Held) -> Result<()> {
    let campaign = find(tx, tx.reader(), id).await?;
    if held.day > tx.now().day() || held.day < campaign.made_at.day() {
        return Err(AppError::rule("publicity-held-day"));
    }
    if ![held.reached, held.leaflets].iter().all(|n| (0..=MOST).contains(n)) {
        return Err(AppError::rule("publicity-number").arg("max", MOST));
    }
    tx.execute_one(
        "UPDATE campaign SET held_day = $4, reached = $5, leaflets = $6, version = version + 1
         WHERE division_code = $1 AND campaign_id = $2 AND version = $3 AND held_day IS NULL",
        vals![tx.division(), id, version, held.day, held.reached, held.leaflets],
    )
    .await?;
    let body = json!({ "reached": held.reached, "leaflets": held.leaflets });
    let event = NewEvent::new("publicity.held", subject(id, campaign.grid_id)).version(version + 1).body(body);
    tx.event(event).await?;
    Ok(())
}

/// Takes a plan away that was not carried out.
///
/// # Errors
/// `not-found`; `stale-version` if it was held.
pub async fn remove(tx: &Tx, id: CampaignId, version: i64) -> Result<()> {
    let campaign = find(tx, tx.reader(), id).await?;
    tx.execute_one(
        "DELETE FROM campaign WHERE division_code = $1 AND campaign_id = $2 AND version = $3 AND held_day IS NULL",
        vals![tx.division(), id, version],
    )
    .await?;
    tx.event(NewEvent::new("publicity.removed", subject(id, campaign.grid_id)).version(version + 1)).await?;
    Ok(())
}

const SELECT: &str = "SELECT c.campaign_id, c.kind, c.grid_id, g.name AS grid_name, c.day, c.means, c.place,
 o.display_name AS account_name, c.made_at, c.held_day, c.reached, c.leaflets, c.version
 FROM campaign c
 LEFT JOIN micro_grid g ON g.division_code = c.division_code AND g.grid_id = c.grid_id
 LEFT JOIN account o ON o.division_code = c.division_code AND o.account_id = c.account_id
 WHERE c.division_code = $1";

/// One campaign of the reader's grids.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: CampaignId) -> Result<Campaign> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("c.grid_id", &mut values);
    q.row(&format!("{SELECT} AND c.campaign_id = $2 AND {scope}"), values).await?.ok_or_else(AppError::not_found)
}

/// The campaigns of the reader's grids, the latest day first, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, paging: &Paging) -> Result<(Vec<Campaign>, i64)> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("c.grid_id", &mut values);
    let count = format!("SELECT COUNT(*) FROM campaign c WHERE c.division_code = $1 AND {scope}");
    let total = q.number(&count, values.clone()).await?;
    let sql = format!(
        "{SELECT} AND {scope} ORDER BY c.day DESC, c.campaign_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// A month's campaigns: planned, held, people reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Planned for a day of the month.
    pub planned: i64,
    /// Of them held.
    pub held: i64,
    /// People reached.
    pub reached: i64,
}

/// A month's campaigns in the reader's grids.
pub async fn reach(q: &impl Query, reader: &Reader, month: Month) -> Result<Reach> {
    let mut values = vals![q.division(), month.first_day(), month.next().first_day()];
    let scope = reader.scope.sql("c.grid_id", &mut values);
    let of = format!("FROM campaign c WHERE c.division_code = $1 AND c.day >= $2 AND c.day < $3 AND {scope}");
    let planned = q.number(&format!("SELECT COUNT(*) {of}"), values.clone()).await?;
    let held = q.number(&format!("SELECT COUNT(*) {of} AND c.held_day IS NOT NULL"), values.clone()).await?;
    let reached = q.number(&format!("SELECT CAST(SUM(c.reached) AS BIGINT) {of}"), values).await?;
    Ok(Reach { planned, held, reached })
}
