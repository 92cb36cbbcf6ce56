//! The reader's notices.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, redirect, render},
};

use crate::{
    ids::NoticeId,
    notices::{self, NoticeRow},
};

/// How many notices a page shows.
const SHOWN: u16 = 100;

#[derive(Template)]
#[template(path = "work/notices.html")]
struct NoticesPage {
    page: Page,
    notices: Vec<(NoticeRow, String)>,
}

/// `GET /notices`.
pub(crate) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let rows = notices::list(&app.store.reads(), &reader, SHOWN).await?;
    let shown = |row: NoticeRow| {
        let text = notices::show(&page.t, &row.text_key, &row.args);
        (row, text)
    };
    let notices = rows.into_iter().map(shown).collect();
    let page = page.clone().titled(page.t.s("notices-title"));
    render(&NoticesPage { page, notices })
}

/// `GET /notices/{id}`: on to the work, for whoever was told of it on a device. It stays unread until somebody says so.
pub(crate) async fn show(State(app): State<App>, reader: Reader, Path(id): Path<NoticeId>) -> Result<Response> {
    Ok(redirect(&notices::leads_to(&app.store.reads(), &reader, id).await?))
}

/// `POST /notices/{id}/receipt`: read, and on to the work.
pub(crate) async fn read(State(app): State<App>, reader: Reader, Path(id): Path<NoticeId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let href = notices::mark_read(&tx, id).await?;
    tx.commit().await?;
    Ok(redirect(&href))
}
