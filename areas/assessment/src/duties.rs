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
