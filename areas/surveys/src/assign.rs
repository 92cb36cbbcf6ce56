//! Giving drawn homes to surveyors. Each assignment is dated, personal, and the basis of what the surveyor may open
//! of the residents of that one home (boundary 7).

use std::collections::HashMap;

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::NewEvent,
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use policy_pack::Pack;
use sea_orm::FromQueryResult;

use crate::{
    again,
    bases::{self, Interview},
    codes::{HomeState, State},
    ids::{AssignmentId, SurveyId},
    rounds::{Round, record, take},
    surveyors::{self, DrawnHome, share_out, works_among},
};

/// Gives every drawn home to one of these surveyors, in each committee to as many as the pack asks for (R25: three),
/// and lets them begin. The number of homes.
///
/// # Errors
/// `survey-not-surveyor` for an account without the role today; `survey-surveyors` where a committee is left with
/// too few who do not work there; `survey-state` before the draw and afterwards.
pub async fn assign(tx: &Tx, pack: &Pack, survey: SurveyId, chosen: &[AccountId]) -> Result<usize> {
    let round = take(tx, survey, State::Drawn).await?;
    let shares = assign_at(tx, pack, &round, chosen, tx.now()).await?;
    let homes = |given: &[(HomeId, AccountId)]| given.iter().map(|(home, _)| *home).collect::<Vec<_>>();
    bases::open(tx, &round, Interview::First, &homes(&shares.first)).await?;
    bases::open(tx, &round, Interview::Second, &homes(&shares.second)).await?;
    Ok(shares.first.len())
}

/// Who goes where.
pub(crate) struct Shares {
    /// Every drawn home.
    pub first: Vec<(HomeId, AccountId)>,
    /// Those that are asked a second time, by somebody else.
    pub second: Vec<(HomeId, AccountId)>,
}

pub(crate) async fn assign_at(tx: &Tx, pack: &Pack, round: &Round, chosen: &[AccountId], at: At) -> Result<Shares> {
    let mut chosen = chosen.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    let known = surveyors::on(tx, at.day()).await?;
    if !chosen.iter().all(|c| known.iter().any(|k| k.account_id == *c)) {
        return Err(AppError::rule("survey-not-surveyor"));
    }
    let sql = "SELECT home_id, committee_code, grid_id FROM survey_home
               WHERE division_code = $1 AND survey_id = $2 ORDER BY committee_code, place";
    let homes: Vec<DrawnHome> = tx.rows(sql, vals![tx.division(), round.survey_id]).await?;
    let workplaces = surveyors::workplaces(tx, at.day()).await?;
    let shares = share_out(&homes, &chosen, &workplaces, *pack.survey.min_surveyors as usize)?;
    let mut by_surveyor: HashMap<AccountId, Vec<HomeId>> = HashMap::new();
    for (home, surveyor) in &shares {
        by_surveyor.entry(*surveyor).or_default().push(*home);
    }
    for (surveyor, homes) in &by_surveyor {
        give(tx, round.survey_id, homes, *surveyor).await?;
    }
    tx.execute_one(
        "UPDATE survey SET state = $3 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), round.survey_id, State::Answering.code()],
    )
    .await?;
    let second = again::assign(tx, pack, round, &homes, &shares, &chosen, &workplaces).await?;
    let body = serde_json::json!({ "homes": shares.len(), "surveyors": by_surveyor.len(), "second": second.len() });
    record(tx, at, vec![NewEvent::new("survey.assigned", round.subject()).version(round.version).body(body)]).await?;
    Ok(Shares { first: shares, second })
}

async fn give(tx: &Tx, survey: SurveyId, homes: &[HomeId], surveyor: AccountId) -> Result<()> {
    for part in homes.chunks(500) {
        let mut values = vals![tx.division(), survey, surveyor, HomeState::Assigned.code()];
        let marks = bases::marks(&mut values, part.iter().copied());
        let sql = format!(
            "UPDATE survey_home SET account_id = $3, state = $4
             WHERE division_code = $1 AND survey_id = $2 AND home_id IN ({marks})"
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

/// Gives what one surveyor has not answered yet to another, who must be allowed to go to each of these committees.
/// The number of homes.
///
/// # Errors
/// `survey-not-surveyor`; `survey-surveyor-works-there`; `survey-surveyor-had-home` where the other would then have a home
/// of which both interviews are theirs; `survey-nothing-to-hand-over`; `survey-locked`.
pub async fn hand_over(tx: &Tx, survey: SurveyId, from: AccountId, to: AccountId) -> Result<usize> {
    let round = take(tx, survey, State::Answering).await?;
    let day = tx.now().day();
    if !surveyors::on(tx, day).await?.iter().any(|s| s.account_id == to) {
        return Err(AppError::rule("survey-not-surveyor"));
    }
    let left =
        [left_over(tx, survey, Interview::First, from).await?, left_over(tx, survey, Interview::Second, from).await?];
    let homes: Vec<DrawnHome> = left.iter().flatten().cloned().collect();
    if homes.is_empty() || from == to {
        return Err(AppError::rule("survey-nothing-to-hand-over"));
    }
    let workplaces = surveyors::workplaces(tx, day).await?;
    let at = workplaces.get(&to);
    if homes.iter().any(|h| at.is_some_and(|at| works_among(at, &h.committee_code, &[h]))) {
        return Err(AppError::rule("survey-surveyor-works-there"));
    }
    for (which, homes) in Interview::BOTH.into_iter().zip(&left) {
        let ids: Vec<HomeId> = homes.iter().map(|h| h.home_id).collect();
        give_to(tx, survey, which, &ids, to).await?;
        bases::open(tx, &round, which, &ids).await?;
    }
    if again::is_alone(tx, survey, to).await? {
        return Err(AppError::rule("survey-surveyor-had-home"));
    }
    let body = serde_json::json!({ "homes": homes.len(), "from": from, "to": to });
    record(tx, tx.now(), vec![NewEvent::new("survey.handed-over", round.subject()).version(round.version).body(body)])
        .await?;
    Ok(homes.len())
}

/// What a surveyor has not answered of one of the interviews.
async fn left_over(tx: &Tx, survey: SurveyId, which: Interview, who: AccountId) -> Result<Vec<DrawnHome>> {
    let sql = format!(
        "SELECT s.home_id, s.committee_code, s.grid_id FROM {} t
         JOIN survey_home s ON s.division_code = t.division_code AND s.survey_id = t.survey_id AND s.home_id = t.home_id
         WHERE t.division_code = $1 AND t.survey_id = $2 AND t.account_id = $3 AND t.state <> 'answered'",
        which.homes()
    );
    tx.rows(&sql, vals![tx.division(), survey, who]).await
}

/// What the first surveyor could open ends here: each home gets an assignment of its own again.
async fn give_to(tx: &Tx, survey: SurveyId, which: Interview, homes: &[HomeId], to: AccountId) -> Result<()> {
    let sql = format!(
        "UPDATE {} SET account_id = $4, assignment_id = $5, state = $6
         WHERE division_code = $1 AND survey_id = $2 AND home_id = $3",
        which.homes()
    );
    for home in homes {
        let old = assignment_of(tx, survey, which, *home).await?;
        basis::close(tx, old.into()).await?;
        let new: AssignmentId = tx.new_id();
        tx.execute_one(&sql, vals![tx.division(), survey, *home, to, new, HomeState::Assigned.code()]).await?;
    }
    Ok(())
}

async fn assignment_of(tx: &Tx, survey: SurveyId, which: Interview, home: HomeId) -> Result<AssignmentId> {
    #[derive(FromQueryResult)]
    struct Row {
        assignment_id: AssignmentId,
    }
    let sql = format!(
        "SELECT assignment_id FROM {} WHERE division_code = $1 AND survey_id = $2 AND home_id = $3",
        which.homes()
    );
    let row: Option<Row> = tx.row(&sql, vals![tx.division(), survey, home]).await?;
    row.map(|r| r.assignment_id).ok_or_else(AppError::not_found)
}

/// A home that a surveyor is to go to.
#[derive(Debug, Clone, FromQueryResult)]
pub struct AssignedHome {
    /// The survey.
    pub survey_id: SurveyId,
    /// The home.
    pub home_id: HomeId,
    /// Its address.
    pub address_text: String,
    /// Its committee.
    pub committee_code: String,
    /// Its grid.
    pub grid_id: Option<GridId>,
    /// Kind of premises.
    pub stratum: String,
    /// [`HomeState`].
    pub state: String,
    /// The assignment that entitles to open its residents.
    pub assignment_id: AssignmentId,
    /// Until when it can be answered.
    pub until_at: At,
}

/// Of first and second interviews alike: nothing tells them apart.
const ASSIGNED: &str = "SELECT s.survey_id, s.home_id, a.text AS address_text, s.committee_code, s.grid_id, s.stratum,
   t.state, t.assignment_id, v.until_at
 FROM (SELECT survey_id, home_id, state, assignment_id FROM survey_home WHERE division_code = $1 AND account_id = $2
   UNION ALL
   SELECT survey_id, home_id, state, assignment_id FROM survey_again WHERE division_code = $1 AND account_id = $2) t
 JOIN survey_home s ON s.division_code = $1 AND s.survey_id = t.survey_id AND s.home_id = t.home_id
 JOIN survey v ON v.division_code = s.division_code AND v.survey_id = s.survey_id
 JOIN home h ON h.division_code = s.division_code AND h.home_id = s.home_id
 JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 WHERE v.state = 'answering' AND v.until_at > $3";

/// The reader's homes in rounds that can be answered now: those to do first, neighbours together.
pub async fn mine(q: &impl Query, reader: &Reader) -> Result<Vec<AssignedHome>> {
    let sql = format!(
        "{ASSIGNED} ORDER BY CASE t.state WHEN 'answered' THEN 1 ELSE 0 END, s.committee_code, s.grid_id, a.text, s.home_id"
    );
    q.rows(&sql, vals![q.division(), reader.account, q.store().now()]).await
}

/// One of the reader's homes.
///
/// # Errors
/// `not-found` for a home that is not assigned to the reader, or no longer.
pub async fn find_mine(q: &impl Query, reader: &Reader, survey: SurveyId, home: HomeId) -> Result<AssignedHome> {
    let sql = format!("{ASSIGNED} AND s.survey_id = $4 AND s.home_id = $5");
    let values = vals![q.division(), reader.account, q.store().now(), survey, home];
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// How far each committee of a round has come.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Progress {
    /// Committee.
    pub committee_code: String,
    /// Homes drawn.
    pub homes: i64,
    /// People registered in them when the frame was fixed.
    pub people: i64,
    /// Homes answered.
    pub answered: i64,
    /// Homes at which nobody was met so far.
    pub not_met: i64,
    /// Surveyors.
    pub surveyors: i64,
}

/// Progress by committee. It names no home: which ones were drawn is for the surveyors alone until all is answered.
pub async fn progress(q: &impl Query, survey: SurveyId) -> Result<Vec<Progress>> {
    let sql = "SELECT committee_code, COUNT(*) AS homes, CAST(SUM(people) AS BIGINT) AS people,
                 CAST(SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END) AS BIGINT) AS answered,
                 CAST(SUM(CASE WHEN state = 'not-met' THEN 1 ELSE 0 END) AS BIGINT) AS not_met,
                 COUNT(DISTINCT account_id) AS surveyors
               FROM survey_home WHERE division_code = $1 AND survey_id = $2
               GROUP BY committee_code ORDER BY committee_code";
    q.rows(sql, vals![q.division(), survey]).await
}

/// A surveyor with what is left to do in a round.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Burden {
    /// The surveyor.
    pub account_id: AccountId,
    /// Name shown.
    pub display_name: String,
    /// Homes assigned.
    pub homes: i64,
    /// Homes not answered yet.
    pub left_over: i64,
}

/// The surveyors of a round.
pub async fn burdens(q: &impl Query, survey: SurveyId) -> Result<Vec<Burden>> {
    let sql = "SELECT s.account_id, c.display_name, COUNT(*) AS homes,
                 CAST(SUM(CASE WHEN s.state = 'answered' THEN 0 ELSE 1 END) AS BIGINT) AS left_over
               FROM (SELECT account_id, state FROM survey_home WHERE division_code = $1 AND survey_id = $2
                 UNION ALL
                 SELECT account_id, state FROM survey_again WHERE division_code = $1 AND survey_id = $2) s
               JOIN account c ON c.division_code = $1 AND c.account_id = s.account_id
               GROUP BY s.account_id, c.display_name ORDER BY c.display_name, s.account_id";
    q.rows(sql, vals![q.division(), survey]).await
}
