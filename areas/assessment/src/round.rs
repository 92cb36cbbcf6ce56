//! A month's round: draft while figures move, published for objection, final afterwards (R35).

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::seal;

/// The round of one month.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Round {
    /// Month.
    pub month: Month,
    /// `draft`, `published` or `final`.
    pub state: String,
    /// Digest of the policy pack it was computed with (invariant 8).
    pub pack_digest: String,
    /// When it was computed last.
    pub computed_at: At,
    /// When it was published.
    pub published_at: Option<At>,
    /// When it became final.
    pub final_at: Option<At>,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "month, state, pack_digest, computed_at, published_at, final_at, version";

/// The round of a month, if it was computed.
pub async fn find(q: &impl Query, month: Month) -> Result<Option<Round>> {
    q.row(
        &format!("SELECT {COLUMNS} FROM assessment_round WHERE division_code = $1 AND month = $2"),
        vals![q.division(), month],
    )
    .await
}

/// All rounds, the newest first.
pub async fn all(q: &impl Query) -> Result<Vec<Round>> {
    q.rows(
        &format!("SELECT {COLUMNS} FROM assessment_round WHERE division_code = $1 ORDER BY month DESC"),
        vals![q.division()],
    )
    .await
}

/// Takes a month's round in hand until the commit, so that what else concerns it comes before or after, not between.
/// None if it was never computed.
pub(crate) async fn hold(tx: &Tx, month: Month) -> Result<Option<Round>> {
    tx.execute(
        "UPDATE assessment_round SET version = version WHERE division_code = $1 AND month = $2",
        vals![tx.division(), month],
    )
    .await?;
    find(tx, month).await
}

/// Refuses what would change a final month, which cannot become final before the commit either.
pub(crate) async fn refuse_final(tx: &Tx, month: Month) -> Result<Option<Round>> {
    match hold(tx, month).await? {
        Some(round) if round.state == "final" => Err(AppError::rule("round-final").arg("month", month)),
        held => Ok(held),
    }
}

/// Refuses what open objections stand in the way of.
pub(crate) async fn refuse_open_objections(tx: &Tx, month: Month) -> Result<()> {
    let open = tx
        .number(
            "SELECT COUNT(*) FROM assessment_objection WHERE division_code = $1 AND month = $2 AND state = 'open'",
            vals![tx.division(), month],
        )
        .await?;
    if open > 0 { Err(AppError::rule("objections-open").arg("n", open)) } else { Ok(()) }
}

/// The subject of a round's events: a stable id made of the month.
pub(crate) fn subject(month: Month) -> SubjectRef {
    SubjectRef::new("assessment", Uuid::from_u64_pair(month.year as u64, month.month as u64), None)
}

/// Publishes a computed round: from now on committees may object.
pub async fn publish(tx: &Tx, month: Month, version: i64) -> Result<()> {
    let body = json!({ "month": month.to_string() });
    advance(tx, month, version, Step { from: "draft", to: "published", instant: "published_at" }).await?;
    tx.event(NewEvent::new("assessment.published", subject(month)).version(version + 1).body(body)).await?;
    Ok(())
}

/// Makes a published round final, and seals what its scores rest on. Open objections stand in the way.
pub async fn finalise(tx: &Tx, month: Month, version: i64) -> Result<()> {
    hold(tx, month).await?;
    refuse_open_objections(tx, month).await?;
    advance(tx, month, version, Step { from: "published", to: "final", instant: "final_at" }).await?;
    let body = json!({ "month": month.to_string(), "seal": seal::digest(tx, month).await? });
    tx.event(NewEvent::new("assessment.finalised", subject(month)).version(version + 1).body(body)).await?;
    Ok(())
}

/// From one state to the next, and which instant says when.
struct Step {
    from: &'static str,
    to: &'static str,
    instant: &'static str,
}

async fn advance(tx: &Tx, month: Month, version: i64, step: Step) -> Result<()> {
    let Step { from, to, instant } = step;
    tx.execute_one(
        &format!(
            "UPDATE assessment_round SET state = $4, {instant} = $5, version = version + 1
             WHERE division_code = $1 AND month = $2 AND version = $3 AND state = $6"
        ),
        vals![tx.division(), month, version, to, tx.now(), from],
    )
    .await?;
    Ok(())
}
