//! The draw (抽样): homes in the order of their ranks, written down with a receipt that anybody can check.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::NewEvent,
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use survey_sample::{Announcement, Plan, Receipt};

use crate::{
    codes::{HomeState, State},
    frame::KeyedFrame,
    ids::{AssignmentId, SurveyId},
    receipt::RoundReceipt,
    rounds::{self, Round, record},
    seeds,
};

/// Draws from one seed for every plan and writes the drawn homes and the receipt. The caller holds the round.
pub(crate) async fn draw_at(tx: &Tx, round: &Round, keyed: &KeyedFrame, at: At) -> Result<()> {
    let survey = round.survey_id;
    let papers = rounds::papers(tx, survey).await?;
    let announcement: Announcement = serde_json::from_str(papers.announcement.as_deref().unwrap_or("null"))?;
    let mut openings = Vec::new();
    for party in seeds::parties(tx, survey).await? {
        openings.extend(party.opening()?);
    }
    let draw = |plan: &Plan| {
        Receipt::new(&keyed.frame, announcement.commitments.clone(), openings.clone(), plan.clone())
            .map_err(AppError::internal)
    };
    let receipts = announcement.plans.iter().map(draw).collect::<Result<Vec<_>>>()?;
    let drawn = write_homes(tx, survey, keyed, &receipts).await?;
    let receipt = RoundReceipt::new(announcement, receipts).to_json();
    let digest = survey_sample::Digest::of(receipt.as_bytes());
    tx.execute_one(
        "UPDATE survey SET state = $3, receipt = $4, drawn_at = $5 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), survey, State::Drawn.code(), receipt, at],
    )
    .await?;
    let body = serde_json::json!({ "homes": drawn, "receipt": digest });
    record(tx, at, vec![NewEvent::new("survey.drawn", round.subject()).version(round.version).body(body)]).await
}

async fn write_homes(tx: &Tx, survey: SurveyId, keyed: &KeyedFrame, receipts: &[Receipt]) -> Result<usize> {
    let mut rows = Vec::new();
    for receipt in receipts {
        let committee = receipt.plan.committee.as_deref().unwrap_or_default();
        for (place, drawn) in receipt.households.iter().enumerate() {
            let gone = || AppError::internal("a drawn pseudonym stands for no home");
            let (home, grid): (HomeId, Option<GridId>) = *keyed.homes.get(&drawn.pseudonym).ok_or_else(gone)?;
            let assignment: AssignmentId = tx.new_id();
            rows.push(vals![
                tx.division(),
                survey,
                home,
                drawn.pseudonym.as_str(),
                committee,
                grid,
                drawn.stratum.as_str(),
                place as i64 + 1,
                i64::from(drawn.people),
                assignment,
                HomeState::Drawn.code()
            ]);
        }
    }
    let drawn = rows.len();
    tx.insert_many(
        "survey_home",
        &[
            "division_code", "survey_id", "home_id", "pseudonym", "committee_code", "grid_id", "stratum", "place",
            "people", "assignment_id", "state",
        ],
        rows,
    )
    .await?;
    Ok(drawn)
}
