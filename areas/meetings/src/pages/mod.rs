//! The pages of meetings.

mod attendance;
mod feed;
mod list;
mod meeting;
mod paper;

use linli_platform::{
    access::Action,
    app::App,
    area::Route,
    texts::Lang,
    web::{Page, given, version},
};
use linli_work::notices;

use crate::agenda::Point;

/// The area's routes.
pub(crate) fn routes() -> Vec<Route> {
    use Action::{MeetingConvene as Convene, MeetingRead as Read, PaperIssue, Public};
    vec![
        Route::get("/meetings", Read, list::list),
        Route::post("/meetings", Convene, list::convene),
        Route::get("/meetings/calendar", Read, feed::show),
        Route::post("/meetings/calendar", Read, feed::make),
        Route::post("/meetings/calendar/revocation", Read, feed::revoke),
        Route::get("/calendar/{token}", Public, feed::serve),
        Route::get("/meetings/{id}", Read, meeting::show),
        Route::post("/meetings/{id}/postponement", Convene, meeting::postpone),
        Route::post("/meetings/{id}/place", Convene, meeting::place),
        Route::post("/meetings/{id}/decisions", Convene, meeting::decide),
        Route::post("/meetings/{id}/decisions/{decision}/withdrawal", Convene, meeting::withdraw),
        Route::post("/meetings/{id}/closure", Convene, meeting::close),
        Route::get("/meetings/{id}/record", Read, meeting::print),
        Route::get("/meetings/{id}/record.pdf", Read, paper::pdf),
        Route::get("/meetings/{id}/record.docx", Read, paper::word),
        Route::post("/meetings/{id}/paper", PaperIssue, paper::issue),
        Route::get("/meetings/{id}/attendance", Convene, attendance::show),
        Route::post("/meetings/{id}/attendance", Convene, attendance::mark),
        Route::get("/meetings/{id}/presence", Read, attendance::ask),
        Route::post("/meetings/{id}/presence", Read, attendance::come),
        Route::post("/meetings/{id}/excuse", Read, attendance::excuse),
    ]
}

/// A point of the agenda in the page's language.
struct Shown {
    title: String,
    lines: Vec<String>,
    href: String,
}

fn shown(page: &Page, points: &[Point]) -> Vec<Shown> {
    let one = |p: &Point| Shown {
        title: page.t.code("agenda", &p.code),
        lines: p.lines.iter().map(|l| page.t.all(&l.key, &notices::shown(&page.t, &l.args))).collect(),
        href: p.href.clone(),
    };
    points.iter().map(one).collect()
}

/// The pack's reasons for absence in the page's language, by code.
fn reasons(app: &App, page: &Page) -> Vec<(String, String)> {
    let english = page.lang == Lang::En;
    let name = |r: &policy_pack::AbsenceReason| if english { r.name_en.clone() } else { r.name.clone() };
    app.pack.meetings.absence_reasons.iter().map(|r| (r.id.clone(), name(r))).collect()
}
