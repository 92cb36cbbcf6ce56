//! Where the own account is signed in, and ending that: one session, or all of them.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use sea_orm::FromQueryResult;

use crate::{
    accounts,
    app::App,
    clock::At,
    error::Result,
    event::NewEvent,
    ids::SessionId,
    reader::Reader,
    sessions::{self, OpenSession},
    store::Query as _,
    vals,
    web::{Page, flash, redirect, render, visit::Visit, with_cookie},
};

#[derive(Template)]
#[template(path = "platform/sessions.html")]
struct SessionsPage {
    page: Page,
    rows: Vec<(OpenSession, bool)>,
    sign_ins: Vec<SignInLine>,
}

/// One of the own sign-ins and what belongs to them.
#[derive(FromQueryResult)]
pub(super) struct SignInLine {
    pub kind: String,
    pub entered_at: At,
    body: String,
}

impl SignInLine {
    pub fn text_key(&self) -> String {
        format!("event-{}", self.kind.replace('.', "-"))
    }
    /// The key of the way it was done, if it was not the password.
    pub fn method_key(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        Some(format!("sign-in-method-{}", body.get("method")?.as_str()?))
    }
    pub fn failed(&self) -> bool {
        matches!(self.kind.as_str(), "account.sign-in-failed" | "account.locked")
    }
}

/// `GET /account/sessions`: where the account is signed in, and its last sign-ins.
pub(super) async fn list(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
) -> Result<Response> {
    let reads = app.store.reads();
    let token = visit.token.clone().unwrap_or_default();
    let rows = sessions::of_account(&reads, reader.account).await?;
    let rows = rows.into_iter().map(|s| (s.clone(), s.is_of(&token))).collect();
    let sign_ins = reads
        .rows(
            "SELECT kind, entered_at, body FROM event
             WHERE division_code = $1 AND subject_id = $2 AND subject_kind = 'account'
               AND kind IN ('account.signed-in', 'account.sign-in-failed', 'account.locked', 'account.signed-out',
                            'account.password-changed', 'account.password-reset', 'account.recovery-used',
                            'account.second-factor-enrolled', 'account.second-factor-removed', 'account.proved',
                            'account.sessions-ended', 'account.session-ended', 'account.identity-given',
                            'account.passkey-added', 'account.passkey-removed', 'account.passkey-suspect',
                            'account.identity-linked', 'account.identity-unlinked',
                            'account.push-joined', 'account.push-ended', 'account.push-renewed')
             ORDER BY entered_at DESC, event_id DESC LIMIT 50",
            vals![app.store.division(), reader.account],
        )
        .await?;
    let page = page.clone().titled(page.t.s("sessions-title"));
    render(&SessionsPage { page, rows, sign_ins })
}

/// `POST /account/sessions/{id}/end`
pub(super) async fn end(State(app): State<App>, reader: Reader, Path(id): Path<SessionId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    sessions::end_one(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/account/sessions"), "session-ended"))
}

/// `POST /account/sessions/end`: signs out everywhere, here too.
pub(super) async fn end_all(State(app): State<App>, reader: Reader) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    sessions::end_all(&tx, reader.account).await?;
    tx.event(NewEvent::new("account.sessions-ended", accounts::subject(reader.account))).await?;
    tx.commit().await?;
    Ok(with_cookie(redirect("/sign-in"), &sessions::cookie(app.secure_cookies, None)))
}
