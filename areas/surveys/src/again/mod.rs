//! The second interview of a part of the homes (复测, R25): drawn with the survey's own seed, done by another surveyor who
//! sees a home like any other, compared before the lock. Where the two differ, somebody decides with a reason.

mod agreement;
mod digest;

use std::collections::{BTreeMap, HashMap};

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use survey_sample::draw_again;

pub(crate) use digest::digest;

pub use agreement::{Agreement, Compared, Given, agreement};

use crate::{
    codes::{Compare, HomeState, Kept, KeptWhy, State},
    corrections::{self, Errors},
    ids::{AssignmentId, SurveyId},
    receipt::{DrawnAgain, RoundReceipt},
    rounds::{self, Round, record, take},
    surveyors::{DrawnHome, works_among},
};

/// Draws the homes of the second interview and gives each to another surveyor than the first: one of those who are in the
/// committee anyway, where there is one, so that nothing tells the second interview from a first.
pub(crate) async fn assign(
    tx: &Tx,
    pack: &Pack,
    round: &Round,
    homes: &[DrawnHome],
    shares: &[(HomeId, AccountId)],
    chosen: &[AccountId],
    workplaces: &HashMap<AccountId, std::collections::HashSet<String>>,
) -> Result<Vec<(HomeId, AccountId)>> {
    let (percent, least) = (*pack.survey.second_interview_percent, *pack.survey.min_second_interviews);
    let known = pseudonyms(tx, round.survey_id).await?;
    let text = rounds::papers(tx, round.survey_id).await?.receipt.ok_or_else(AppError::not_found)?;
    let receipt: RoundReceipt = serde_json::from_str(&text)?;
    let seed = receipt.receipts.first().ok_or_else(AppError::not_found)?.seed;
    let drawn = draw_again(&seed, known.keys().cloned().collect(), percent, least);
    let first: HashMap<HomeId, AccountId> = shares.iter().copied().collect();
    let of_home: HashMap<HomeId, &DrawnHome> = homes.iter().map(|h| (h.home_id, h)).collect();
    let mut load: HashMap<AccountId, usize> = HashMap::new();
    let (mut rows, mut given) = (Vec::new(), Vec::new());
    for (place, pseudonym) in drawn.iter().enumerate() {
        let home = known[pseudonym];
        let committee = &of_home[&home].committee_code;
        let here: Vec<&DrawnHome> = homes.iter().filter(|h| h.committee_code == *committee).collect();
        let free = |who: &&AccountId| {
            first[&home] != **who && workplaces.get(who).is_none_or(|at| !works_among(at, committee, &here))
        };
        let is_there = |who: &AccountId| here.iter().any(|h| first[&h.home_id] == *who);
        let key = |who: &&AccountId| (!is_there(who), load.get(who).copied().unwrap_or(0), **who);
        let who = chosen.iter().filter(free).min_by_key(key).copied();
        // With the least number of surveyors in each committee there is another one.
        let who = who.ok_or_else(|| AppError::rule("survey-no-second-surveyor"))?;
        *load.entry(who).or_default() += 1;
        given.push((home, who));
        let assignment: AssignmentId = tx.new_id();
        rows.push(vals![
            tx.division(),
            round.survey_id,
            home,
            place as i64 + 1,
            i64::from(percent),
            i64::from(least),
            assignment,
            who,
            HomeState::Assigned.code()
        ]);
    }
    let columns =
        ["division_code", "survey_id", "home_id", "place", "percent", "least", "assignment_id", "account_id", "state"];
    tx.insert_many("survey_again", &columns, rows).await?;
    Ok(given)
}

#[derive(FromQueryResult)]
struct Pseudonym {
    pseudonym: String,
    home_id: HomeId,
}

async fn pseudonyms(q: &impl Query, survey: SurveyId) -> Result<BTreeMap<String, HomeId>> {
    let sql = "SELECT pseudonym, home_id FROM survey_home WHERE division_code = $1 AND survey_id = $2";
    let rows: Vec<Pseudonym> = q.rows(sql, vals![q.division(), survey]).await?;
    Ok(rows.into_iter().map(|r| (r.pseudonym, r.home_id)).collect())
}

/// A home that is asked twice, with what is common to both.
#[derive(Debug, Clone, FromQueryResult)]
struct Twice {
    home_id: HomeId,
    grid_id: Option<GridId>,
    /// The first assignment; errors that are found come from it.
    first_assignment: AssignmentId,
    kept: Option<String>,
}

async fn twice(q: &impl Query, survey: SurveyId, home: HomeId) -> Result<Option<Twice>> {
    let sql = "SELECT s.home_id, s.grid_id, s.assignment_id AS first_assignment, g.kept FROM survey_again g
               JOIN survey_home s ON s.division_code = g.division_code AND s.survey_id = g.survey_id
                 AND s.home_id = g.home_id
               WHERE g.division_code = $1 AND g.survey_id = $2 AND g.home_id = $3";
    q.row(sql, vals![q.division(), survey, home]).await
}

/// Whether an assignment is to a second interview.
pub(crate) async fn is_second(q: &impl Query, assignment: AssignmentId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM survey_again WHERE division_code = $1 AND assignment_id = $2";
    Ok(q.number(sql, vals![q.division(), assignment]).await? > 0)
}

/// After an answer to a home that is asked twice: what was decided about an earlier answer falls, and errors are put
/// right only when both surveyors have been there, or the second would measure the correction. `false` for a home that is
/// asked once.
pub(crate) async fn answered(app: &App, tx: &Tx, survey: SurveyId, home: HomeId) -> Result<bool> {
    let Some(twice) = twice(tx, survey, home).await? else { return Ok(false) };
    if twice.kept.is_some() {
        keep(tx, survey, home, None).await?;
    }
    let both = agreement::of_home(tx, survey, home).await?;
    let errors = match both.as_ref().filter(|c| !c.differs()) {
        Some(same) => same.first.problems(),
        None => BTreeMap::new(),
    };
    corrections::ask(app, tx, &twice.errors(errors)).await?;
    Ok(true)
}

impl Twice {
    fn errors(&self, problems: BTreeMap<String, i64>) -> Errors {
        Errors { assignment: self.first_assignment, home: self.home_id, grid: self.grid_id, problems }
    }
}

struct Decided<'a> {
    kept: Kept,
    why: KeptWhy,
    by: AccountId,
    at: &'a At,
}

async fn keep(tx: &Tx, survey: SurveyId, home: HomeId, decided: Option<Decided<'_>>) -> Result<()> {
    let d = decided.as_ref();
    tx.execute_one(
        "UPDATE survey_again SET kept = $4, reason = $5, decided_by = $6, decided_at = $7
         WHERE division_code = $1 AND survey_id = $2 AND home_id = $3",
        vals![
            tx.division(),
            survey,
            home,
            d.map(|d| d.kept.code()),
            d.map(|d| d.why.code()),
            d.map(|d| d.by),
            d.map(|d| *d.at)
        ],
    )
    .await
}

/// Decides which of two differing answers counts. Both stay, and the decision beside them.
///
/// # Errors
/// `survey-state`, `survey-locked` unless the round is being answered; `survey-nothing-to-decide` where the answers do
/// not differ; `survey-put-right` once errors of the home have been put right.
pub async fn decide(app: &App, tx: &Tx, survey: SurveyId, place: i64, kept: Kept, why: KeptWhy) -> Result<()> {
    let round = take(tx, survey, State::Answering).await?;
    let all = agreement(tx, survey, 0.95).await?;
    let differing = all.homes.iter().find(|c| c.place == place && c.differs());
    let compared = differing.ok_or_else(|| AppError::rule("survey-nothing-to-decide"))?;
    let home = compared.home_id;
    let twice = twice(tx, survey, home).await?.ok_or_else(AppError::not_found)?;
    keep(tx, survey, home, Some(Decided { kept, why, by: tx.reader().account, at: &tx.now() })).await?;
    let problems = match kept {
        Kept::First => compared.first.problems(),
        Kept::Second => compared.second.problems(),
    };
    corrections::ask(app, tx, &twice.errors(problems)).await?;
    let body = serde_json::json!({ "survey": survey, "kept": kept.code(), "reason": why.code() });
    let event = NewEvent::new("survey.decided", SubjectRef::new("home", home, twice.grid_id)).body(body);
    tx.event(event).await?;
    let body = serde_json::json!({ "kept": kept.code(), "reason": why.code() });
    record(tx, tx.now(), vec![NewEvent::new("survey.decided", round.subject()).version(round.version).body(body)]).await
}

/// At the lock: errors of homes at which only one of the two met somebody are put right too.
pub(crate) async fn ask_the_rest(app: &App, tx: &Tx, survey: SurveyId) -> Result<()> {
    for (home, given) in agreement::alone(tx, survey).await? {
        if let Some(twice) = twice(tx, survey, home).await?
            && !corrections::is_asked(tx, twice.first_assignment).await?
        {
            corrections::ask(app, tx, &twice.errors(given.problems())).await?;
        }
    }
    Ok(())
}

/// What still stands in the way of the lock: second interviews not tried, and differing homes not decided.
pub(crate) async fn open(q: &impl Query, survey: SurveyId) -> Result<(usize, usize)> {
    let sql = "SELECT COUNT(*) FROM survey_again WHERE division_code = $1 AND survey_id = $2 AND state = 'assigned'";
    let untried = q.number(sql, vals![q.division(), survey]).await?;
    let undecided = agreement(q, survey, 0.95).await?.undecided();
    Ok((usize::try_from(untried).unwrap_or(0), undecided))
}

/// Whether both interviews of a home are one person's.
pub(crate) async fn is_alone(q: &impl Query, survey: SurveyId, who: AccountId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM survey_again g
               JOIN survey_home s ON s.division_code = g.division_code AND s.survey_id = g.survey_id
                 AND s.home_id = g.home_id
               WHERE g.division_code = $1 AND g.survey_id = $2 AND g.account_id = $3 AND s.account_id = $3";
    Ok(q.number(sql, vals![q.division(), survey, who]).await? > 0)
}

/// Who decided on differing homes: they do not countersign their own decisions.
pub(crate) async fn has_decided(q: &impl Query, survey: SurveyId, account: AccountId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM survey_again WHERE division_code = $1 AND survey_id = $2 AND decided_by = $3";
    Ok(q.number(sql, vals![q.division(), survey, account]).await? > 0)
}

/// What the receipt says of the second interviews; nothing where there were none.
pub(crate) async fn for_receipt(q: &impl Query, survey: SurveyId) -> Result<Option<DrawnAgain>> {
    #[derive(FromQueryResult)]
    struct Row {
        pseudonym: String,
        percent: i64,
        least: i64,
    }
    let sql = "SELECT s.pseudonym, g.percent, g.least FROM survey_again g
               JOIN survey_home s ON s.division_code = g.division_code AND s.survey_id = g.survey_id
                 AND s.home_id = g.home_id
               WHERE g.division_code = $1 AND g.survey_id = $2 ORDER BY g.place";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), survey]).await?;
    let Some(share) = rows.first().map(|r| (r.percent, r.least)) else { return Ok(None) };
    let found = agreement(q, survey, 0.95).await?;
    Ok(Some(DrawnAgain {
        percent: u32::try_from(share.0).unwrap_or(0),
        least: u32::try_from(share.1).unwrap_or(0),
        homes: rows.into_iter().map(|r| r.pseudonym).collect(),
        asked_twice: found.homes.len(),
        differing: found.differing(),
        differing_by_item: Compare::ALL
            .iter()
            .map(|item| (item.code().to_owned(), found.differing_in(*item)))
            .filter(|(_, n)| *n > 0)
            .collect(),
    }))
}
