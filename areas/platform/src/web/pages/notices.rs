//! What the security officer is told.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use futures::future::BoxFuture;

use crate::{
    access::Action,
    app::App,
    area::{Duty, DutySource},
    error::Result,
    ids::NoticeId,
    notices::{self, Notice},
    reader::Reader,
    web::{Page, Paging, flash, redirect, render},
};

#[derive(Template)]
#[template(path = "platform/security_notices.html")]
struct NoticesPage {
    page: Page,
    paging: Paging,
    rows: Vec<Notice>,
}

/// `GET /security/notices`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let (rows, total) = notices::list(&app.store.reads(), paging).await?;
    let page = page.clone().titled(page.t.s("nav-security-notices"));
    render(&NoticesPage { page, paging: paging.of(total), rows })
}

/// `POST /security/notices/{id}/acknowledgement`
pub(super) async fn seen(State(app): State<App>, reader: Reader, Path(id): Path<NoticeId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    notices::mark_seen(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/security/notices"), "security-notice-seen"))
}

/// The security officer's duty: notices that nobody has looked at.
pub(super) struct NoticeDuty;

impl DutySource for NoticeDuty {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::RoleAdmin) {
                return Ok(Vec::new());
            }
            let due = notices::waiting(&app.store.reads()).await?;
            Ok(vec![Duty { key: "security-notices", due, done: 0, late: 0, href: "/security/notices".into() }])
        })
    }
}
