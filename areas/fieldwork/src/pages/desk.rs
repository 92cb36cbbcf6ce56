//! `/fieldwork`: the month by committee and grid.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, render},
};

use crate::desk::{self, LabelLine, MonthLines};

#[derive(Template)]
#[template(path = "fieldwork/month.html")]
struct DeskPage {
    page: Page,
    lines: MonthLines,
    labels: Vec<LabelLine>,
    share: bool,
}

/// `GET /fieldwork`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let month = app.store.clock().today().month();
    let lines = desk::lines(&reads, &reader, month).await?;
    let labels = desk::labels(&app, &reads, &reader).await?;
    let page = page.clone().titled(page.t.a("fieldwork-title", "month", month));
    render(&DeskPage { page, lines, labels, share: desk::sees_share(&reader) })
}
