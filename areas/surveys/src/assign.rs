//! Giving drawn homes to surveyors. Each assignment is dated, personal, and the basis of what the surveyor may open
//! of the residents of that one home (boundary 7).

use std::collections::HashMap;

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, BasisId, GridId},
    reader::{Purpose, Reader},
    store::{Query, Tx},
    vals,
};
use linli_register::{HomeId, ResidentId};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
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
    let homes: Vec<HomeId> = shares.iter().map(|(home, _)| *home).collect();
    open_bases(tx, &round, &homes).await?;
    Ok(shares.len())
}

pub(crate) async fn assign_at(
    tx: &Tx,
    pack: &Pack,
    round: &Round,
    chosen: &[AccountId],
    at: At,
) -> Result<Vec<(HomeId, AccountId)>> {
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
    let body = serde_json::json!({ "homes": shares.len(), "surveyors": by_surveyor.len() });
    record(tx, at, vec![NewEvent::new("survey.assigned", round.subject()).version(round.version).body(body)]).await?;
    Ok(shares)
}

async fn give(tx: &Tx, survey: SurveyId, homes: &[HomeId], surveyor: AccountId) -> Result<()> {
    for part in homes.chunks(500) {
        let mut values = vals![tx.division(), survey, surveyor, HomeState::Assigned.code()];
        let marks = marks(&mut values, part.iter().copied());
        let sql = format!(
            "UPDATE survey_home SET account_id = $3, state = $4
             WHERE division_code = $1 AND survey_id = $2 AND home_id IN ({marks})"
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

/// Pushes values and gives their marks; of no values, a list that nothing is in.
pub(crate) fn marks<T: Into<sea_orm::Value>>(
    values: &mut Vec<sea_orm::Value>,
    items: impl IntoIterator<Item = T>,
) -> String {
    let first = values.len() + 1;
    values.extend(items.into_iter().map(Into::into));
    if values.len() < first {
        return "NULL".into();
    }
    (first..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[derive(FromQueryResult)]
struct Member {
    resident_id: ResidentId,
    grid_id: Option<GridId>,
    assignment_id: AssignmentId,
    account_id: AccountId,
}

/// Entitles each surveyor to the residents of the given homes until the round ends.
async fn open_bases(tx: &Tx, round: &Round, homes: &[HomeId]) -> Result<()> {
    for part in homes.chunks(500) {
        let mut values = vals![tx.division(), round.survey_id];
        let marks = marks(&mut values, part.iter().copied());
        // `<> 'cancelled'`, because an index by state would lead an engine without statistics astray.
        let sql = format!(
            "SELECT r.resident_id, r.grid_id, s.assignment_id, s.account_id FROM survey_home s
             JOIN resident r ON r.division_code = s.division_code AND r.home_id = s.home_id
               AND r.state <> 'cancelled'
             WHERE s.division_code = $1 AND s.survey_id = $2 AND s.account_id IS NOT NULL AND s.home_id IN ({marks})"
        );
        let members: Vec<Member> = tx.rows(&sql, values).await?;
        let rows = members.into_iter().map(|m| {
            let subject = SubjectRef::new("resident", m.resident_id, m.grid_id);
            let id: BasisId = tx.new_id();
            (
                id,
                subject,
                Purpose::SurveyInterview,
                Uuid::from(m.assignment_id),
                Some(m.account_id),
                Some(round.until_at),
            )
        });
        basis::open_many(tx, rows.collect()).await?;
    }
    Ok(())
}

/// Ends what the surveyors may open.
pub(crate) async fn close_bases(tx: &Tx, survey: SurveyId) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        assignment_id: AssignmentId,
    }
    let sql = "SELECT DISTINCT s.assignment_id FROM survey_home s
               JOIN basis b ON b.division_code = s.division_code AND b.task_id = s.assignment_id
               WHERE s.division_code = $1 AND s.survey_id = $2 AND b.closed_at IS NULL";
    for row in tx.rows::<Row>(sql, vals![tx.division(), survey]).await? {
        basis::close(tx, row.assignment_id.into()).await?;
    }
    Ok(())
}

/// Entitles the surveyors again to the homes that are not answered, in a round that was sent back.
pub(crate) async fn reopen_bases(tx: &Tx, round: &Round) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        home_id: HomeId,
    }
    if round.until_at <= tx.now() {
        return Ok(());
    }
    let sql = "SELECT home_id FROM survey_home WHERE division_code = $1 AND survey_id = $2 AND state <> 'answered'";
    let rows: Vec<Row> = tx.rows(sql, vals![tx.division(), round.survey_id]).await?;
    let homes: Vec<HomeId> = rows.into_iter().map(|r| r.home_id).collect();
    open_bases(tx, round, &homes).await
}

/// Gives what one surveyor has not answered yet to another, who must be allowed to go to each of these committees.
/// The number of homes.
///
/// # Errors
/// `survey-not-surveyor`; `survey-surveyor-works-there`; `survey-nothing-to-hand-over`; `survey-locked`.
pub async fn hand_over(tx: &Tx, survey: SurveyId, from: AccountId, to: AccountId) -> Result<usize> {
    let round = take(tx, survey, State::Answering).await?;
    let day = tx.now().day();
    if !surveyors::on(tx, day).await?.iter().any(|s| s.account_id == to) {
        return Err(AppError::rule("survey-not-surveyor"));
    }
    let sql = "SELECT home_id, committee_code, grid_id FROM survey_home
               WHERE division_code = $1 AND survey_id = $2 AND account_id = $3 AND state <> 'answered'";
    let homes: Vec<DrawnHome> = tx.rows(sql, vals![tx.division(), survey, from]).await?;
    if homes.is_empty() || from == to {
        return Err(AppError::rule("survey-nothing-to-hand-over"));
    }
    let workplaces = surveyors::workplaces(tx, day).await?;
    let at = workplaces.get(&to);
    if homes.iter().any(|h| at.is_some_and(|at| works_among(at, &h.committee_code, &[h]))) {
        return Err(AppError::rule("survey-surveyor-works-there"));
    }
    let ids: Vec<HomeId> = homes.iter().map(|h| h.home_id).collect();
    // What the first surveyor could open ends here: each home gets an assignment of its own again.
    for home in &ids {
        let old = assignment_of(tx, survey, *home).await?;
        basis::close(tx, old.into()).await?;
        let new: AssignmentId = tx.new_id();
        tx.execute_one(
            "UPDATE survey_home SET account_id = $4, assignment_id = $5, state = $6
             WHERE division_code = $1 AND survey_id = $2 AND home_id = $3",
            vals![tx.division(), survey, *home, to, new, HomeState::Assigned.code()],
        )
        .await?;
    }
    open_bases(tx, &round, &ids).await?;
    let body = serde_json::json!({ "homes": ids.len(), "from": from, "to": to });
    record(tx, tx.now(), vec![NewEvent::new("survey.handed-over", round.subject()).version(round.version).body(body)])
        .await?;
    Ok(ids.len())
}

async fn assignment_of(tx: &Tx, survey: SurveyId, home: HomeId) -> Result<AssignmentId> {
    #[derive(FromQueryResult)]
    struct Row {
        assignment_id: AssignmentId,
    }
    let sql = "SELECT assignment_id FROM survey_home WHERE division_code = $1 AND survey_id = $2 AND home_id = $3";
    let row: Option<Row> = tx.row(sql, vals![tx.division(), survey, home]).await?;
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

const ASSIGNED: &str = "SELECT s.survey_id, s.home_id, a.text AS address_text, s.committee_code, s.grid_id, s.stratum,
   s.state, s.assignment_id, v.until_at
 FROM survey_home s
 JOIN survey v ON v.division_code = s.division_code AND v.survey_id = s.survey_id
 JOIN home h ON h.division_code = s.division_code AND h.home_id = s.home_id
 JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 WHERE s.division_code = $1 AND s.account_id = $2 AND v.state = 'answering' AND v.until_at > $3";

/// The reader's homes in rounds that can be answered now: those to do first, neighbours together.
pub async fn mine(q: &impl Query, reader: &Reader) -> Result<Vec<AssignedHome>> {
    let sql = format!(
        "{ASSIGNED} ORDER BY CASE s.state WHEN 'answered' THEN 1 ELSE 0 END, s.committee_code, s.grid_id, a.text, s.home_id"
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
               FROM survey_home s JOIN account c ON c.division_code = s.division_code AND c.account_id = s.account_id
               WHERE s.division_code = $1 AND s.survey_id = $2
               GROUP BY s.account_id, c.display_name ORDER BY c.display_name, s.account_id";
    q.rows(sql, vals![q.division(), survey]).await
}
