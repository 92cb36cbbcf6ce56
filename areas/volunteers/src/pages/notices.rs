//! What volunteers told: to be checked at the door, and then perhaps applied for.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};

use super::{given, refused, version};
use crate::{
    codes::NoticeResult,
    ids::VolunteerNoticeId,
    notices::{self, Notice, Which},
    stipends,
};

/// The tabs of the list.
const TABS: [(&str, Which); 3] = [("open", Which::Open), ("late", Which::Late), ("checked", Which::Checked)];

#[derive(Template)]
#[template(path = "volunteers/notices.html")]
struct ListPage {
    page: Page,
    notices: Vec<Notice>,
    paging: Paging,
    tabs: [&'static str; 3],
    tab: &'static str,
    now: At,
}

/// `GET /volunteer-notices`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (tab, which) = TABS.into_iter().find(|(code, _)| *code == given(&query, "tab")).unwrap_or(TABS[0]);
    let paging = Paging::from_query(&query);
    let (notices, total) = notices::list(&app.store.reads(), &reader, which, &paging).await?;
    let title = page.t.s("volunteer-notices-title");
    let tabs = TABS.map(|(code, _)| code);
    let now = app.store.now();
    render(&ListPage { page: page.titled(title), notices, paging: paging.of(total), tabs, tab, now })
}

#[derive(Template)]
#[template(path = "volunteers/notice.html")]
struct NoticePage {
    page: Page,
    errors: FormErrors,
    notice: Notice,
    results: Vec<(&'static str, String)>,
    result: String,
    yuan: String,
    max_yuan: i64,
    can_check: bool,
    can_apply: bool,
    late: bool,
}

async fn notice_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: VolunteerNoticeId,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<NoticePage> {
    let notice = notices::find(&app.store.reads(), reader, id).await?;
    let own = notice.account_id == reader.account;
    let results = notice.kind().results().iter().map(|r| (r.code(), page.t.code(NoticeResult::PREFIX, r))).collect();
    let max_yuan = stipends::max_yuan(&app.pack);
    let yuan = match given(form, "yuan") {
        "" => max_yuan.to_string(),
        typed => typed.to_owned(),
    };
    let title = page.t.code("volunteer-kind", &notice.kind);
    Ok(NoticePage {
        errors,
        results,
        result: given(form, "result").to_owned(),
        yuan,
        max_yuan,
        can_check: notice.is_open() && !own,
        can_apply: notice.is_confirmed() && notice.stipend_id.is_none() && !own && page.may(Action::VolunteerLead),
        late: notice.is_late(app.store.now()),
        notice,
        page: page.titled(title),
    })
}

/// `GET /volunteer-notices/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<VolunteerNoticeId>,
) -> Result<Response> {
    render(&notice_page(&app, &reader, page, id, &HashMap::new(), FormErrors::new()).await?)
}

/// `POST /volunteer-notices/{id}/check`
pub(super) async fn check(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<VolunteerNoticeId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let done = match NoticeResult::from_code(given(&form, "result")) {
        Some(result) => notices::check(&tx, id, version(&form), result).await,
        // A notice outside the scope does not exist, whatever was chosen.
        None => notices::find(&tx, &reader, id).await.and(Err(AppError::rule("volunteer-result"))),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/volunteer-notices/{id}")), "volunteer-checked-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "result", e)?;
            let shown = notice_page(&app, &reader, page, id, &form, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /volunteer-notices/{id}/stipend`
pub(super) async fn apply(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<VolunteerNoticeId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    // What is no number is no amount.
    let yuan = given(&form, "yuan").parse().unwrap_or(0);
    match stipends::apply(&app, &tx, id, yuan).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/volunteer-notices/{id}")), "stipend-applied-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "yuan", e)?;
            let shown = notice_page(&app, &reader, page, id, &form, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
