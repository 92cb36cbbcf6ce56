//! An employer's liaison (用人单位联络员): what is to be declared by when, where to declare it, and the notices of duty.
//! Staff lists themselves are rosters; this page leads there.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    reader::Reader,
    web::{self, Page},
};
use linli_register::{
    EmployerId,
    contacts::{self, ContactReading},
    employers as register,
};
use linli_work::due_at;
use policy_pack::DeadlineId;

use crate::{
    ids::DutyNoticeId,
    notices::{self, Addressee, DutyNotice},
};

/// A day on which somebody may have come or gone, and the end of its time.
struct Clock {
    day: Day,
    due: String,
    today: bool,
}

#[derive(Template)]
#[template(path = "declarations/employer.html")]
struct EmployerPage {
    page: Page,
    employers: Vec<(EmployerId, String)>,
    clocks: Vec<Clock>,
    notices: Vec<DutyNotice>,
    /// Who opened the details of these employers' liaisons.
    readings: Vec<ContactReading>,
}

/// How many days back are shown: more than two working days and the longest holiday between them are not of use.
const DAYS_SHOWN: i64 = 5;

/// The days whose two working days are not over (R9, R13), the earliest first.
fn clocks(app: &App) -> Result<Vec<Clock>> {
    let now = app.store.now();
    let today = now.day();
    let mut all = Vec::new();
    for back in (0..DAYS_SHOWN).rev() {
        let day = today.plus_days(-back);
        let due = due_at(&app.pack, &app.calendar, DeadlineId::EmployerReport, day.start())?;
        if due > now {
            all.push(Clock { day, due: due.deadline_text(), today: back == 0 });
        }
    }
    Ok(all)
}

fn own(reader: &Reader) -> Vec<Addressee> {
    reader.employers.iter().map(|e| Addressee::Employer(EmployerId(*e))).collect()
}

/// `GET /employer`
pub(super) async fn show(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let q = app.store.reads();
    let mut employers = Vec::new();
    let mut readings = Vec::new();
    for id in &reader.employers {
        // The liaison's own employers, which lie in no grid of theirs.
        let row = register::find(&q, &Reader::system(), EmployerId(*id)).await?;
        employers.push((row.employer_id, row.name));
        readings.extend(contacts::readings(&q, *id).await?);
    }
    let title = page.t.s("nav-employer");
    let notices = notices::of(&q, &own(&reader)).await?;
    web::render(&EmployerPage { page: page.titled(title), employers, clocks: clocks(&app)?, notices, readings })
}

/// `POST /employer/notices/{id}/receipt`
pub(super) async fn acknowledge(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<DutyNoticeId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    notices::acknowledge(&tx, &own(&reader), id, reader.account.0).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/employer"), "duty-notice-acknowledged"))
}
