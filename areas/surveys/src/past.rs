//! A whole round in one call, at given instants and with given secrets and answers: the past of a demonstration.
//! Every rule of a real round holds, minimums and surveyors included.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Month},
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use survey_sample::{Commitment, Opening};

use crate::{
    answers::{self, HomeObservation},
    assign,
    bases::Interview,
    codes::State,
    draw,
    frame::HomesNow,
    ids::SurveyId,
    locks::{self, Signer},
    rounds::{self, take},
    seeds,
};

/// A party with its secret.
#[derive(Debug, Clone)]
pub struct PastParty {
    /// Its account.
    pub account: AccountId,
    /// The role it commits in; one party is the population office, another is not.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// Its secret, different from the others'.
    pub secret: [u8; 32],
}

/// When each step of a past round was.
#[derive(Debug, Clone, Copy)]
pub struct PastTimes {
    /// Frame fixed; in the month.
    pub framed: At,
    /// Commitments announced.
    pub announced: At,
    /// Opened and drawn.
    pub drawn: At,
    /// Surveyors assigned; they must hold their role on that day.
    pub assigned: At,
    /// Answers entered.
    pub answered: At,
    /// Results locked.
    pub locked: At,
    /// And countersigned.
    pub countersigned: At,
}

/// A past round.
#[derive(Debug, Clone)]
pub struct PastRound {
    /// The month it measures.
    pub month: Month,
    /// One committee, or the whole sub-district.
    pub committee: Option<String>,
    /// Homes drawn in each committee; see [`rounds::usual_households`].
    pub households: u32,
    /// The parties to the seed.
    pub parties: Vec<PastParty>,
    /// The surveyors: accounts with that role, at least three for each committee who work in none of its grids.
    pub surveyors: Vec<AccountId>,
    /// Who locks the results and who countersigns them: two people.
    pub signers: [Signer; 2],
    /// When.
    pub times: PastTimes,
}

/// Runs a round from frame to countersignature over the homes as they stand. `answer` is asked once for each drawn home.
///
/// # Errors
/// Those of each step.
pub async fn demo_round(
    tx: &Tx,
    pack: &Pack,
    homes: &HomesNow,
    round: &PastRound,
    mut answer: impl FnMut(HomeId) -> HomeObservation + Send,
) -> Result<SurveyId> {
    let t = round.times;
    let committee = round.committee.as_deref();
    let (survey, keyed) = rounds::frame_at(tx, pack, round.month, committee, round.households, homes, t.framed).await?;
    for party in &round.parties {
        let commitment = Commitment::of(&Opening::new(party.secret));
        seeds::commit_as(tx, survey, party.account, party.role, &party.name, commitment, t.framed).await?;
    }
    rounds::announce_at(tx, pack, survey, t.announced).await?;
    let mut all_open = false;
    for party in &round.parties {
        all_open = seeds::open_as(tx, survey, party.account, &Opening::new(party.secret), t.drawn).await?;
    }
    if !all_open {
        return Err(AppError::internal("a party has not opened"));
    }
    draw::draw_at(tx, &rounds::find(tx, survey).await?, &keyed, t.drawn).await?;
    let held = take(tx, survey, State::Drawn).await?;
    let shares = assign::assign_at(tx, pack, &held, &round.surveyors, t.assigned).await?;
    let grids = grids(tx, survey).await?;
    let grid_of = |home: HomeId| grids.iter().find(|g| g.home_id == home).and_then(|g| g.grid_id);
    let answers: Vec<_> =
        shares.first.into_iter().map(|(home, who)| (home, grid_of(home), who, answer(home))).collect();
    answers::answer_many(tx, survey, Interview::First, &answers, t.answered).await?;
    // Whoever asks a second time finds the same: surveyors do not err here.
    let found: HashMap<HomeId, HomeObservation> = answers.into_iter().map(|(home, _, _, seen)| (home, seen)).collect();
    let second: Vec<_> =
        shares.second.into_iter().map(|(home, who)| (home, grid_of(home), who, found[&home].clone())).collect();
    answers::answer_many(tx, survey, Interview::Second, &second, t.answered).await?;
    let [locks_it, countersigns] = round.signers;
    locks::lock_at(tx, pack, survey, locks_it, t.locked).await?;
    let locked = locks::of_survey(tx, survey).await?.into_iter().next().ok_or_else(AppError::not_found)?;
    locks::countersign_at(tx, pack, survey, countersigns, &locked.digest, t.countersigned).await?;
    Ok(survey)
}

#[derive(FromQueryResult)]
struct HomeGrid {
    home_id: HomeId,
    grid_id: Option<GridId>,
}

async fn grids(tx: &Tx, survey: SurveyId) -> Result<Vec<HomeGrid>> {
    let sql = "SELECT home_id, grid_id FROM survey_home WHERE division_code = $1 AND survey_id = $2";
    tx.rows(sql, vals![tx.division(), survey]).await
}
