//! What waits (R4): homes left to survey, and rounds that stand still.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
    store::Query,
    vals,
};

use crate::{
    assign,
    codes::{HomeState, State},
    locks, rectification, rounds,
};

/// The survey's part of the duty board.
pub struct SurveyDuties;

impl DutySource for SurveyDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::SurveyAnswer) {
                duties.extend(homes(app, reader).await?);
            }
            if reader.may(Action::RectificationWork) {
                let (due, done, late) = rectification::work_of(app, reader).await?;
                duties.extend((due > 0).then(|| Duty {
                    key: "listings",
                    due,
                    done,
                    late,
                    href: "/surveys/listings".into(),
                }));
            }
            if reader.may(Action::SurveyRun) {
                duties.push(round_of_the_month(app).await?);
            }
            if reader.may(Action::SurveyCountersign) {
                duties.extend(to_countersign(app, reader).await?);
            }
            Ok(duties)
        })
    }
}

async fn homes(app: &App, reader: &Reader) -> Result<Option<Duty>> {
    let mine = assign::mine(&app.store.reads(), reader).await?;
    if mine.is_empty() {
        return Ok(None);
    }
    let done = mine.iter().filter(|h| h.state == HomeState::Answered.code()).count();
    // The round ends with its month; what is left over on the last day is late.
    let last_day = app.store.now().day();
    let late = mine
        .iter()
        .filter(|h| h.state != HomeState::Answered.code() && h.until_at.plus_s(-1).day() <= last_day)
        .count();
    let (due, done, late) = (mine.len() as i64, done as i64, late as i64);
    Ok(Some(Duty { key: "survey-homes", due, done, late, href: "/surveys/mine".into() }))
}

/// Locked results that wait for this person: not for whoever locked them.
async fn to_countersign(app: &App, reader: &Reader) -> Result<Option<Duty>> {
    let waiting = locks::waiting_for(&app.store.reads(), reader.account).await?;
    let due = waiting.len() as i64;
    let href = waiting.first().map(|id| format!("/surveys/{id}"));
    Ok(href.map(|href| Duty { key: "survey-countersign", due, done: 0, late: 0, href }))
}

/// Each month has a round (R25); it is done when its results are countersigned.
async fn round_of_the_month(app: &App) -> Result<Duty> {
    let reads = app.store.reads();
    let month = app.store.now().day().month();
    let sql =
        "SELECT COUNT(*) FROM survey WHERE division_code = $1 AND month = $2 AND committee_code IS NULL AND state = $3";
    let done = reads.number(sql, vals![reads.division(), month, State::Countersigned.code()]).await?;
    let waiting = rounds::list(&reads).await?;
    let open = |r: &&rounds::Round| !matches!(r.state(), State::Countersigned | State::Withdrawn);
    let late = waiting.iter().filter(open).filter(|r| r.month < month).count() as i64;
    let href = waiting.iter().find(open).map_or_else(|| "/surveys".into(), |r| format!("/surveys/{}", r.survey_id));
    Ok(Duty { key: "survey-round", due: 1 + late, done: done.min(1), late, href })
}
