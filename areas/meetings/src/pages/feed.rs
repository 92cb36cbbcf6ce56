//! The member's own calendar link, and the calendar behind it.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{Page, flash, redirect, render, render_status},
};

use crate::feed;

#[derive(Template)]
#[template(path = "meetings/calendar.html")]
struct FeedPage {
    page: Page,
    since: Option<At>,
    /// The whole address, right after it was made.
    address: Option<String>,
}

/// `GET /meetings/calendar`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let since = feed::since(&app.store.reads(), reader.account).await?;
    let title = page.t.s("meeting-feed-title");
    render(&FeedPage { page: page.titled(title), since, address: None })
}

/// `POST /meetings/calendar`: the address is in this answer and nowhere else.
pub(super) async fn make(State(app): State<App>, reader: Reader, page: Page, headers: HeaderMap) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let token = feed::make_feed(&tx, page.lang).await?;
    let since = Some(tx.now());
    tx.commit().await?;
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let scheme = if app.secure_cookies { "https" } else { "http" };
    let address = Some(format!("{scheme}://{host}/calendar/{token}.ics"));
    let title = page.t.s("meeting-feed-title");
    render_status(StatusCode::OK, &FeedPage { page: page.titled(title), since, address })
}

/// `POST /meetings/calendar/revocation`
pub(super) async fn revoke(State(app): State<App>, reader: Reader) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    feed::revoke_feed(&tx).await?;
    tx.commit().await?;
    Ok(flash(redirect("/meetings/calendar"), "meeting-feed-revoked-now"))
}

/// `GET /calendar/{token}`: for calendar programs, which sign in nowhere; the token is the right.
pub(super) async fn serve(State(app): State<App>, Path(file): Path<String>) -> Result<Response> {
    let token = file.strip_suffix(".ics").unwrap_or(&file);
    let text = feed::calendar(&app, token).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"meetings.ics\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}
