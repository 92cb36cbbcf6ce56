//! Rounds (R25): framed, announced, drawn, answered, locked, countersigned, in this order. Only locked results can be
//! sent back, and only to be answered again.

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use survey_sample::{Announcement, Method, Plan};

use crate::{
    codes::State,
    frame::{self, HomesNow, KeyedFrame},
    ids::SurveyId,
};

/// Homes drawn beyond the least number, in percent of it, because nobody is met at some doors and no home may be
/// exchanged for another afterwards.
const SPARE_PERCENT: u32 = 20;
/// Homes of one committee drawn at most.
pub const HOUSEHOLDS_MAX: u32 = 500;

/// A round, or a re-survey of one committee.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Round {
    /// Id.
    pub survey_id: SurveyId,
    /// The month it measures.
    pub month: Month,
    /// The one committee of a re-survey; none for a round of the whole sub-district.
    pub committee_code: Option<String>,
    /// [`State`].
    pub state: String,
    /// SHA-256 of the frame, in hexadecimal digits.
    pub frame_digest: String,
    /// Homes in the frame.
    pub frame_homes: i64,
    /// People registered in them when the frame was fixed.
    pub frame_people: i64,
    /// Homes to be drawn in each committee.
    pub households: i64,
    /// When the frame was fixed.
    pub made_at: At,
    /// Until when surveyors may answer: the end of the month.
    pub until_at: At,
    /// When it was announced.
    pub announced_at: Option<At>,
    /// When the homes were drawn.
    pub drawn_at: Option<At>,
    /// When its results were locked.
    pub locked_at: Option<At>,
    /// When a second person signed them.
    pub countersigned_at: Option<At>,
    /// Homes that two surveyors asked, by the signed results.
    pub asked_twice: Option<i64>,
    /// Of those, with different answers.
    pub differing: Option<i64>,
    /// Version.
    pub version: i64,
}

impl Round {
    /// How far it has come.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Withdrawn)
    }
    /// The survey as the subject of an event.
    pub(crate) fn subject(&self) -> SubjectRef {
        SubjectRef::new("survey", self.survey_id, None)
    }
}

const COLUMNS: &str = "survey_id, month, committee_code, state, frame_digest, frame_homes, frame_people, households,
 made_at, until_at, announced_at, drawn_at, locked_at, version,
 (SELECT MAX(k.decided_at) FROM survey_lock k WHERE k.division_code = survey.division_code
    AND k.survey_id = survey.survey_id AND k.outcome = 'countersigned') AS countersigned_at,
 (SELECT MAX(k.asked_twice) FROM survey_lock k WHERE k.division_code = survey.division_code
    AND k.survey_id = survey.survey_id AND k.outcome = 'countersigned') AS asked_twice,
 (SELECT MAX(k.differing) FROM survey_lock k WHERE k.division_code = survey.division_code
    AND k.survey_id = survey.survey_id AND k.outcome = 'countersigned') AS differing";

/// Rounds and re-surveys, the latest month first.
pub async fn list(q: &impl Query) -> Result<Vec<Round>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM survey WHERE division_code = $1
         ORDER BY month DESC, CASE WHEN committee_code IS NULL THEN 0 ELSE 1 END, made_at DESC"
    );
    q.rows(&sql, vals![q.division()]).await
}

/// Countersigned rounds and re-surveys after one, by id, which is by the time they were made.
pub async fn signed_after(q: &impl Query, after: Option<SurveyId>, limit: i64) -> Result<Vec<Round>> {
    let mut values = vals![q.division()];
    let mut sql = format!("SELECT {COLUMNS} FROM survey WHERE division_code = $1 AND state = 'countersigned'");
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(" AND survey_id > $2");
    }
    sql.push_str(&format!(" ORDER BY survey_id LIMIT {}", limit.clamp(1, 2_000)));
    q.rows(&sql, values).await
}

/// One of them.
pub async fn find(q: &impl Query, id: SurveyId) -> Result<Round> {
    let sql = format!("SELECT {COLUMNS} FROM survey WHERE division_code = $1 AND survey_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// The published announcement and receipt, as far as there are any.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Papers {
    /// [`Announcement`] as JSON.
    pub announcement: Option<String>,
    /// [`RoundReceipt`](crate::RoundReceipt) as JSON.
    pub receipt: Option<String>,
}

/// What is published of a round.
pub async fn papers(q: &impl Query, id: SurveyId) -> Result<Papers> {
    let sql = "SELECT announcement, receipt FROM survey WHERE division_code = $1 AND survey_id = $2";
    q.row(sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

pub(crate) async fn plans(q: &impl Query, id: SurveyId) -> Result<Vec<Plan>> {
    #[derive(FromQueryResult)]
    struct Row {
        plans: String,
    }
    let sql = "SELECT plans FROM survey WHERE division_code = $1 AND survey_id = $2";
    let row: Row = q.row(sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)?;
    Ok(serde_json::from_str(&row.plans)?)
}

/// How many homes to draw in each committee unless something else is asked for: the least number and some to spare.
pub fn usual_households(pack: &Pack) -> u32 {
    let least = *pack.survey.min_households;
    least + (least * SPARE_PERCENT).div_ceil(100)
}

/// Fixes the frame of a round of the whole sub-district, or of a re-survey of one committee.
///
/// # Errors
/// `survey-minimum` for fewer homes than the pack asks for, or more than [`HOUSEHOLDS_MAX`]; `survey-round-exists`, also
/// while an earlier re-survey of the committee has no result: another beside it would be a second try;
/// `survey-month-past`; `survey-frame-empty` where there is no home.
pub async fn frame(tx: &Tx, pack: &Pack, month: Month, committee: Option<&str>, households: u32) -> Result<SurveyId> {
    if month < tx.now().day().month() {
        return Err(AppError::rule("survey-month-past"));
    }
    let homes = HomesNow::read(tx, committee).await?;
    Ok(frame_at(tx, pack, month, committee, households, &homes, tx.now()).await?.0)
}

pub(crate) async fn frame_at(
    tx: &Tx,
    pack: &Pack,
    month: Month,
    committee: Option<&str>,
    households: u32,
    homes: &HomesNow,
    at: At,
) -> Result<(SurveyId, KeyedFrame)> {
    let least = *pack.survey.min_households;
    if !(least..=HOUSEHOLDS_MAX).contains(&households) {
        return Err(AppError::rule("survey-minimum").arg("least", least).arg("most", HOUSEHOLDS_MAX));
    }
    refuse_second(tx, month, committee).await?;
    let id: SurveyId = tx.new_id();
    let keyed = frame::build(tx.store().keys(), id, committee, homes)?;
    // The least number of people grows with the homes, so that both keep the same to spare.
    let people = (*pack.survey.min_people * households).div_ceil(least.max(1));
    insert(tx, id, month, committee, households, &plans_for(&keyed, households, people), &keyed, at).await?;
    let body = serde_json::json!({
        "month": month.to_string(), "committee": committee, "frame": keyed.frame.digest(), "pack": pack.digest(),
    });
    record(tx, at, vec![NewEvent::new("survey.framed", SubjectRef::new("survey", id, None)).body(body)]).await?;
    Ok((id, keyed))
}

/// One round a month; of a committee's re-surveys, one at a time.
async fn refuse_second(tx: &Tx, month: Month, committee: Option<&str>) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM survey WHERE division_code = $1 AND month = $2";
    let found = match committee {
        None => {
            let sql = format!("{sql} AND committee_code IS NULL AND state <> 'withdrawn'");
            tx.number(&sql, vals![tx.division(), month]).await?
        }
        Some(code) => {
            let sql = format!("{sql} AND committee_code = $3 AND state NOT IN ('withdrawn', 'countersigned')");
            tx.number(&sql, vals![tx.division(), month, code]).await?
        }
    };
    if found > 0 { Err(AppError::rule("survey-round-exists").arg("month", month)) } else { Ok(()) }
}

/// A plan for each committee that has a home, by code.
fn plans_for(keyed: &KeyedFrame, min_households: u32, min_people: u32) -> Vec<Plan> {
    let committees: std::collections::BTreeSet<&str> =
        keyed.frame.units().iter().filter_map(|u| u.committee.as_deref()).collect();
    let plan =
        |code: &str| Plan { method: Method::Stratified, committee: Some(code.to_owned()), min_households, min_people };
    committees.into_iter().map(plan).collect()
}

async fn insert(
    tx: &Tx,
    id: SurveyId,
    month: Month,
    committee: Option<&str>,
    households: u32,
    plans: &[Plan],
    keyed: &KeyedFrame,
    at: At,
) -> Result<()> {
    let people: i64 = keyed.strata.iter().map(|s| s.people).sum();
    let homes: i64 = keyed.strata.iter().map(|s| s.homes).sum();
    tx.insert_many(
        "survey",
        &[
            "division_code",
            "survey_id",
            "month",
            "committee_code",
            "state",
            "frame_digest",
            "frame_homes",
            "frame_people",
            "households",
            "plans",
            "made_at",
            "until_at",
            "version",
        ],
        vec![vals![
            tx.division(),
            id,
            month,
            committee,
            State::Framed.code(),
            keyed.frame.digest().to_string(),
            homes,
            people,
            i64::from(households),
            serde_json::to_string(plans)?,
            at,
            month.end(),
            1_i64
        ]],
    )
    .await?;
    let csv = keyed.frame.to_csv();
    tx.insert_many("survey_frame", &["division_code", "survey_id", "csv"], vec![vals![tx.division(), id, csv]]).await?;
    let lines = keyed.strata.iter().enumerate().map(|(n, s)| {
        let line = n as i64;
        vals![tx.division(), id, line, s.committee_code.as_str(), s.grid_id, s.stratum.as_str(), s.homes, s.people]
    });
    tx.insert_many(
        "survey_stratum",
        &["division_code", "survey_id", "line", "committee_code", "grid_id", "stratum", "homes", "people"],
        lines.collect(),
    )
    .await
}

/// Fixes frame, plans and commitments for good, before anybody opens.
///
/// # Errors
/// `survey-parties` with fewer commitments than the pack asks for, or none of the population office, or none of
/// anybody else; `survey-state` in another state.
pub async fn announce(tx: &Tx, pack: &Pack, id: SurveyId) -> Result<()> {
    announce_at(tx, pack, id, tx.now()).await
}

pub(crate) async fn announce_at(tx: &Tx, pack: &Pack, id: SurveyId, at: At) -> Result<()> {
    let round = take(tx, id, State::Framed).await?;
    let parties = crate::seeds::parties(tx, id).await?;
    let needed = *pack.survey.min_seed_parties;
    let office = parties.iter().filter(|p| p.is_office()).count();
    if parties.len() < needed as usize || office == 0 || office == parties.len() {
        return Err(AppError::rule("survey-parties").arg("needed", needed).arg("have", parties.len()));
    }
    let announcement = Announcement {
        frame_digest: survey_sample::Digest::parse(&round.frame_digest).map_err(AppError::internal)?,
        plans: plans(tx, id).await?,
        commitments: parties.iter().map(crate::seeds::Party::commitment).collect::<Result<_>>()?,
    };
    tx.execute_one(
        "UPDATE survey SET state = $3, announcement = $4, announced_at = $5 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), id, State::Committed.code(), serde_json::to_string_pretty(&announcement)?, at],
    )
    .await?;
    let body = serde_json::json!({ "frame": round.frame_digest, "parties": parties.len() });
    record(tx, at, vec![NewEvent::new("survey.announced", round.subject()).version(round.version).body(body)]).await
}

/// Gives a round up before anybody has opened, for instance because a party has lost its secret. It stays on record, so
/// that nobody can try again in silence until a draw pleases.
///
/// Once a party has opened, whoever still holds a secret can work out what the draw will be; giving the round up then
/// would be choosing among seeds. It can go only when its month is over, and no other can take its place any more.
///
/// # Errors
/// `survey-opening-begun` once a party has opened, in the survey's month; `survey-state` once it is drawn.
pub async fn withdraw(tx: &Tx, id: SurveyId) -> Result<()> {
    let round = find(tx, id).await?;
    let from = if round.state() == State::Committed { State::Committed } else { State::Framed };
    let round = take(tx, id, from).await?;
    // Asked while the round is held: an opening comes before or after, not between.
    let opened = crate::seeds::parties(tx, id).await?.iter().any(|p| p.opening.is_some());
    if opened && tx.now() < round.until_at {
        return Err(AppError::rule("survey-opening-begun"));
    }
    tx.execute_one(
        "UPDATE survey SET state = $3 WHERE division_code = $1 AND survey_id = $2",
        vals![tx.division(), id, State::Withdrawn.code()],
    )
    .await?;
    let body = serde_json::json!({ "from": from.code() });
    record(tx, tx.now(), vec![NewEvent::new("survey.withdrawn", round.subject()).version(round.version).body(body)])
        .await
}

/// Takes a round in hand if it is in this state; whoever comes at the same time waits and then finds it changed.
///
/// # Errors
/// `not-found`; `survey-not-announced`, `survey-locked` or `survey-state` in another state.
pub(crate) async fn take(tx: &Tx, id: SurveyId, wanted: State) -> Result<Round> {
    let sql = "UPDATE survey SET version = version + 1 WHERE division_code = $1 AND survey_id = $2 AND state = $3";
    let taken = tx.execute(sql, vals![tx.division(), id, wanted.code()]).await?;
    let round = find(tx, id).await?;
    match (taken, round.state()) {
        (1, _) => Ok(round),
        (_, State::Framed) if wanted == State::Committed => Err(AppError::rule("survey-not-announced")),
        (_, State::Locked | State::Countersigned) if wanted != State::Locked => Err(AppError::rule("survey-locked")),
        _ => Err(AppError::rule("survey-state")),
    }
}

/// Records events of an instant: now, or the past of a demonstration.
pub(crate) async fn record(tx: &Tx, at: At, events: Vec<NewEvent>) -> Result<()> {
    if at == tx.now() {
        tx.events(events).await?;
    } else {
        tx.events_entered(events.into_iter().map(|e| (e, at)).collect()).await?;
    }
    Ok(())
}
