//! What is over its time, before it goes, and deleting it.

use askama::Template;
use axum::{extract::State, response::Response};
use sea_orm::FromQueryResult;

use crate::{
    app::App,
    clock::At,
    error::Result,
    reader::Reader,
    retention::{self, Due},
    store::Query as _,
    vals,
    web::{Page, flash_n, redirect, render},
};

#[derive(FromQueryResult)]
struct Erased {
    entered_at: At,
    body: String,
}

impl Erased {
    fn field(&self, name: &str) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        match &body[name] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "platform/retention.html")]
struct RetentionPage {
    page: Page,
    due: Vec<Due>,
    total: i64,
    erased: Vec<Erased>,
}

/// `GET /admin/retention`
pub(super) async fn show(State(app): State<App>, page: Page) -> Result<Response> {
    let due = retention::due(&app).await?;
    let erased = app
        .store
        .reads()
        .rows(
            "SELECT entered_at, body FROM event WHERE division_code = $1 AND kind = 'retention.erased'
             ORDER BY entered_at DESC, event_id DESC LIMIT 50",
            vals![app.store.division()],
        )
        .await?;
    let total = due.iter().map(|d| d.rows).sum();
    let page = page.clone().titled(page.t.s("nav-retention"));
    render(&RetentionPage { page, due, total, erased })
}

/// `POST /admin/retention/runs`: now rather than with the day's jobs.
pub(super) async fn run(State(app): State<App>, _reader: Reader) -> Result<Response> {
    let gone: i64 = retention::erase(&app).await?.iter().map(|d| d.rows).sum();
    Ok(flash_n(redirect("/admin/retention"), "retention-done", gone))
}
