//! What a surveyor found in a home: counts alone, kept apart from the register, so that putting an error right does
//! not change what was measured (附件3 四).

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    app::App,
    basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::{
    HomeId, ResidentId,
    residents::{self, MaskedResident},
};
use sea_orm::{FromQueryResult, Value};

use crate::{
    again,
    assign::{self, AssignedHome},
    bases::{self, Interview},
    codes::{HomeState, Item, State},
    corrections::{self, Errors},
    ids::SurveyId,
    rounds::{self, record, take},
};

/// People or items of one home at most; above it something was typed wrong.
const COUNT_MAX: u32 = 2_000;

/// What was found in one home. Counts; nobody's name, nobody's id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HomeObservation {
    /// Whether somebody was met who could answer; without, all counts are 0 and the home can be tried again.
    pub met: bool,
    /// When it was seen; now where there is none.
    pub seen_at: Option<At>,
    /// People found living there.
    pub found: u32,
    /// Of those, registered at this home.
    pub found_registered: u32,
    /// People registered at this home.
    pub registered: u32,
    /// Of those, no longer living there.
    pub gone: u32,
    /// Items of the records that were checked.
    pub items: u32,
    /// Of those, correct.
    pub items_correct: u32,
    /// Wrong items by kind.
    pub wrong: BTreeMap<Item, u32>,
}

impl HomeObservation {
    /// Nobody was met.
    pub fn nobody_met() -> Self {
        HomeObservation::default()
    }
    fn check(&self) -> Result<()> {
        let wrong: u32 = self.wrong.values().fold(0, |sum, n| sum.saturating_add(*n));
        let holds = self.found_registered <= self.found
            && self.found_registered.saturating_add(self.gone) <= self.registered
            && self.items_correct <= self.items
            && wrong == self.items - self.items_correct
            && [self.found, self.registered, self.items].iter().all(|n| *n <= COUNT_MAX);
        if holds { Ok(()) } else { Err(AppError::rule("survey-counts")) }
    }
    /// Kinds of problem and how many, for the month's meeting: `{"phone": 1, "unregistered": 2}`.
    pub(crate) fn problems(&self) -> BTreeMap<&'static str, u32> {
        let mut all: BTreeMap<&str, u32> = self.wrong.iter().map(|(item, n)| (item.code(), *n)).collect();
        all.insert("unregistered", self.found.saturating_sub(self.found_registered));
        all.insert("gone", self.gone);
        all.retain(|_, n| *n > 0);
        all
    }
}

/// What the surveyor says of one person registered at the home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Lives here; these items of the record are wrong.
    Lives(Vec<Item>),
    /// Lives here no longer.
    Gone,
}

/// The items of a person's record that can be checked: those that are there to be right or wrong.
pub fn items_of(resident: &MaskedResident) -> Vec<Item> {
    let mut items = vec![Item::Name, Item::Document, Item::Address];
    if resident.phone_masked.is_some() {
        items.push(Item::Phone);
    }
    if resident.employer_id.is_some() {
        items.push(Item::Employer);
    }
    items
}

/// Counts what was said of everybody registered, and of people found who are not.
///
/// # Errors
/// `survey-everybody` unless something was said of everybody registered at the home and of nobody else
/// (上门一户, 核查全员).
pub fn count(
    members: &[MaskedResident],
    said: &BTreeMap<ResidentId, Said>,
    unregistered: u32,
) -> Result<HomeObservation> {
    let missing = members.iter().filter(|m| !said.contains_key(&m.resident_id)).count();
    if missing > 0 || said.len() != members.len() {
        return Err(AppError::rule("survey-everybody").arg("n", missing.max(1)));
    }
    let mut seen = HomeObservation {
        met: true,
        found: unregistered,
        registered: u32::try_from(members.len()).unwrap_or(u32::MAX),
        ..HomeObservation::default()
    };
    for member in members {
        match &said[&member.resident_id] {
            Said::Gone => seen.gone += 1,
            Said::Lives(wrong) => {
                seen.found = seen.found.saturating_add(1);
                seen.found_registered += 1;
                for item in items_of(member) {
                    seen.items += 1;
                    if wrong.contains(&item) {
                        *seen.wrong.entry(item).or_default() += 1;
                    } else {
                        seen.items_correct += 1;
                    }
                }
            }
        }
    }
    Ok(seen)
}

/// One of the reader's homes with everybody registered there, masked.
///
/// # Errors
/// `not-found` for a home that is not assigned to the reader.
pub async fn at_the_door(
    q: &impl Query,
    reader: &Reader,
    survey: SurveyId,
    home: HomeId,
) -> Result<(AssignedHome, Vec<MaskedResident>)> {
    let assigned = assign::find_mine(q, reader, survey, home).await?;
    // The dated assignment to this very home stands in for the scope, which a surveyor has none of.
    let members = residents::of_home(q, &Reader::system(), home).await?;
    Ok((assigned, members))
}

/// Records what the transaction's reader found, and asks the grid to put right what is wrong. Until the round is locked
/// or the register was put right, it can be corrected, last answer valid.
///
/// # Errors
/// `survey-locked` after the lock; `not-found` for a home not assigned to the reader; `survey-counts` where the
/// counts contradict each other; `survey-put-right` once the errors of the earlier answer have been put right.
pub async fn answer(app: &App, tx: &Tx, survey: SurveyId, home: HomeId, observation: &HomeObservation) -> Result<()> {
    observation.check()?;
    let round = rounds::find(tx, survey).await?;
    if matches!(round.state(), State::Locked | State::Countersigned) {
        return Err(AppError::rule("survey-locked"));
    }
    let assigned = assign::find_mine(tx, tx.reader(), survey, home).await?;
    // The round's row is held until the commit, so that the lock comes before or after this answer, not between.
    take(tx, survey, State::Answering).await?;
    let second = again::is_second(tx, assigned.assignment_id).await?;
    let which = if second { Interview::Second } else { Interview::First };
    if observation.met {
        let removed =
            format!("DELETE FROM {} WHERE division_code = $1 AND survey_id = $2 AND home_id = $3", which.answers());
        tx.execute(&removed, vals![tx.division(), survey, home]).await?;
        let row = answer_row(tx, survey, home, tx.reader().account, observation, tx.now());
        tx.insert_many(which.answers(), ANSWER, vec![row]).await?;
        basis::close(tx, assigned.assignment_id.into()).await?;
        if !again::answered(app, tx, survey, home).await? {
            let problems = observation.problems().into_iter().map(|(k, n)| (k.to_owned(), i64::from(n))).collect();
            let (assignment, home, grid) = (assigned.assignment_id, assigned.home_id, assigned.grid_id);
            corrections::ask(app, tx, &Errors { assignment, home, grid, problems }).await?;
        }
    } else if assigned.state == HomeState::Answered.code() {
        return Err(AppError::rule("survey-answered-already"));
    }
    let state = if observation.met { HomeState::Answered } else { HomeState::NotMet };
    let noted =
        format!("UPDATE {} SET state = $4 WHERE division_code = $1 AND survey_id = $2 AND home_id = $3", which.homes());
    tx.execute_one(&noted, vals![tx.division(), survey, home, state.code()]).await?;
    let event = event_of(survey, home, assigned.grid_id, state).seen(Some(observation.seen_at.unwrap_or(tx.now())));
    record(tx, tx.now(), vec![event]).await
}

const ANSWER: &[&str] = &[
    "division_code",
    "survey_id",
    "home_id",
    "account_id",
    "seen_at",
    "entered_at",
    "found",
    "found_registered",
    "registered",
    "gone",
    "items",
    "items_correct",
    "problems",
];

fn answer_row(tx: &Tx, survey: SurveyId, home: HomeId, account: AccountId, o: &HomeObservation, at: At) -> Vec<Value> {
    vals![
        tx.division(),
        survey,
        home,
        account,
        o.seen_at.unwrap_or(at),
        at,
        i64::from(o.found),
        i64::from(o.found_registered),
        i64::from(o.registered),
        i64::from(o.gone),
        i64::from(o.items),
        i64::from(o.items_correct),
        serde_json::json!(o.problems()).to_string()
    ]
}

fn event_of(survey: SurveyId, home: HomeId, grid: Option<GridId>, state: HomeState) -> NewEvent {
    let body = serde_json::json!({ "survey": survey, "state": state.code() });
    NewEvent::new("survey.answered", SubjectRef::new("home", home, grid)).body(body)
}

/// Writes the answers of many homes to one of the interviews at once, in the past of a demonstration.
pub(crate) async fn answer_many(
    tx: &Tx,
    survey: SurveyId,
    which: Interview,
    answers: &[(HomeId, Option<GridId>, AccountId, HomeObservation)],
    at: At,
) -> Result<()> {
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    let (mut answered, mut not_met) = (Vec::new(), Vec::new());
    for (home, grid, account, observation) in answers {
        observation.check()?;
        let state = if observation.met { HomeState::Answered } else { HomeState::NotMet };
        events.push(event_of(survey, *home, *grid, state).seen(Some(observation.seen_at.unwrap_or(at))));
        if observation.met {
            rows.push(answer_row(tx, survey, *home, *account, observation, at));
            answered.push(*home);
        } else {
            not_met.push(*home);
        }
    }
    tx.insert_many(which.answers(), ANSWER, rows).await?;
    for (homes, state) in [(answered, HomeState::Answered), (not_met, HomeState::NotMet)] {
        for part in homes.chunks(500) {
            let mut values = vals![tx.division(), survey, state.code()];
            let marks = bases::marks(&mut values, part.iter().copied());
            let sql = format!(
                "UPDATE {} SET state = $3 WHERE division_code = $1 AND survey_id = $2 AND home_id IN ({marks})",
                which.homes()
            );
            tx.execute(&sql, values).await?;
        }
    }
    record(tx, at, events).await
}

/// An answered or drawn home as the estimates need it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct AnswerRow {
    pub committee_code: String,
    pub grid_id: Option<GridId>,
    pub stratum: String,
    pub state: String,
    pub found: Option<i64>,
    pub found_registered: Option<i64>,
    pub registered: Option<i64>,
    pub gone: Option<i64>,
    pub items: Option<i64>,
    pub items_correct: Option<i64>,
}

/// Every drawn home of a survey with its answer, if it has one.
pub(crate) async fn rows(q: &impl Query, survey: SurveyId) -> Result<Vec<AnswerRow>> {
    // Where the second interview was decided to count, it stands in the place of the first.
    let column = |name: &str| format!("CASE WHEN g.kept = 'second' THEN x.{name} ELSE w.{name} END AS {name}");
    let columns = ["found", "found_registered", "registered", "gone", "items", "items_correct"].map(column).join(", ");
    let sql = format!(
        "SELECT s.committee_code, s.grid_id, s.stratum, s.state, {columns}
         FROM survey_home s LEFT JOIN survey_answer w
           ON w.division_code = s.division_code AND w.survey_id = s.survey_id AND w.home_id = s.home_id
         LEFT JOIN survey_again g
           ON g.division_code = s.division_code AND g.survey_id = s.survey_id AND g.home_id = s.home_id
         LEFT JOIN survey_again_answer x
           ON x.division_code = s.division_code AND x.survey_id = s.survey_id AND x.home_id = s.home_id
         WHERE s.division_code = $1 AND s.survey_id = $2 ORDER BY s.committee_code, s.place"
    );
    q.rows(&sql, vals![q.division(), survey]).await
}

/// How often each kind of problem was found in a survey, by committee: for the meeting that looks into causes.
pub async fn problems(q: &impl Query, survey: SurveyId) -> Result<BTreeMap<String, BTreeMap<String, i64>>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        problems: String,
    }
    let sql = "SELECT s.committee_code, CASE WHEN g.kept = 'second' THEN x.problems ELSE w.problems END AS problems
               FROM survey_answer w
               JOIN survey_home s ON s.division_code = w.division_code AND s.survey_id = w.survey_id
                 AND s.home_id = w.home_id
               LEFT JOIN survey_again g
                 ON g.division_code = w.division_code AND g.survey_id = w.survey_id AND g.home_id = w.home_id
               LEFT JOIN survey_again_answer x
                 ON x.division_code = w.division_code AND x.survey_id = w.survey_id AND x.home_id = w.home_id
               WHERE w.division_code = $1 AND w.survey_id = $2";
    let mut all: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in q.rows::<Row>(sql, vals![q.division(), survey]).await? {
        let of_home: BTreeMap<String, i64> = serde_json::from_str(&row.problems)?;
        let of_committee = all.entry(row.committee_code).or_default();
        for (kind, n) in of_home {
            *of_committee.entry(kind).or_default() += n;
        }
    }
    Ok(all)
}
