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
use survey_sample::{Announcement, PartyOpening, Receipt};

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
    let receipts = receipts(keyed, &announcement, &openings)?;
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

/// A receipt for each plan. The frame's digest and the seed are the same for all and are computed once, by the first.
fn receipts(keyed: &KeyedFrame, announced: &Announcement, openings: &[PartyOpening]) -> Result<Vec<Receipt>> {
    let mut receipts: Vec<Receipt> = Vec::with_capacity(announced.plans.len());
    for plan in &announced.plans {
        let receipt = match receipts.first() {
            None => Receipt::new(&keyed.frame, announced.commitments.clone(), openings.to_vec(), plan.clone())
                .map_err(AppError::internal)?,
            Some(first) => {
                let again = survey_sample::draw(&keyed.frame, &first.seed, plan).map_err(AppError::internal)?;
                Receipt {
                    plan: plan.clone(),
                    strata: again.strata,
                    households: again.households,
                    shortfall: again.shortfall,
                    ..first.clone()
                }
            }
        };
        receipts.push(receipt);
    }
    if receipts.first().is_some_and(|r| r.frame_digest != announced.frame_digest) {
        return Err(AppError::internal("the frame is not the announced one"));
    }
    Ok(receipts)
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
            "division_code",
            "survey_id",
            "home_id",
            "pseudonym",
            "committee_code",
            "grid_id",
            "stratum",
            "place",
            "people",
            "assignment_id",
            "state",
        ],
        rows,
    )
    .await?;
    Ok(drawn)
}
