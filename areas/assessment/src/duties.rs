//! The area's part of the duty board.

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

use crate::year::{self, YearFrame};

/// Objections to answer, for whoever runs the assessment.
pub(crate) struct Objections;

impl DutySource for Objections {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::AssessmentRun) {
                return Ok(Vec::new());
            }
            let q = app.store.reads();
            let month = app.store.clock().today().month().previous();
            let count = async |state: &str| {
                q.number(
                    "SELECT COUNT(*) FROM assessment_objection WHERE division_code = $1 AND state = $2 AND month >= $3",
                    vals![q.division(), state, month],
                )
                .await
            };
            let (open, answered) = (count("open").await?, count("answered").await?);
            if open + answered == 0 {
                return Ok(Vec::new());
            }
            Ok(vec![Duty {
                key: "objections",
                due: open + answered,
                done: answered,
                late: 0,
                href: "/assessment".into(),
            }])
        })
    }
}

/// From how many days before its day a handing-on stands on the board.
const HANDING_SOON_DAYS: i64 = 14;

/// The year's results to hand on, for whoever runs the assessment.
pub(crate) struct Handings;

impl DutySource for Handings {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::AssessmentRun) {
                return Ok(Vec::new());
            }
            let (q, today) = (app.store.reads(), app.store.clock().today());
            // The days fall at the year's end and shortly after it.
            let soon = today.plus_days(HANDING_SOON_DAYS).month();
            let frame = YearFrame::of(&app.pack.scoring.rounds, soon);
            let frame =
                if soon == frame.last { frame } else { YearFrame::named(&app.pack.scoring.rounds, frame.year - 1) };
            if year::find(&q, &app.pack, frame).await?.scores.is_empty() {
                return Ok(Vec::new());
            }
            let all = year::handings(&q, &app.pack, frame).await?;
            let near = |h: &&year::Handing| h.by.days_since(today) <= HANDING_SOON_DAYS;
            let near: Vec<&year::Handing> = all.iter().filter(near).collect();
            let late = near.iter().filter(|h| h.days_late(&today).is_some()).count() as i64;
            let done = near.iter().filter(|h| h.handed_at.is_some()).count() as i64;
            let due = near.len() as i64;
            if due == done {
                return Ok(Vec::new());
            }
            Ok(vec![Duty { key: "handings", due, done, late, href: format!("/assessment/years/{}", frame.year) }])
        })
    }
}
