//! The policy pack in force, and proposing the one in the folder.

use askama::Template;
use axum::{extract::State, response::Response};

use crate::{
    app::App,
    error::{AppError, Result},
    policy::{self, Version},
    reader::Reader,
    web::{Page, flash, redirect, render},
};

#[derive(Template)]
#[template(path = "platform/policy.html")]
struct PolicyPage {
    page: Page,
    name: String,
    issued_as: String,
    /// The digest of the rules that this program goes by now.
    running: String,
    approved: Option<Version>,
    /// The digest of the folder's pack, or what is wrong with it; none where the pack comes with the program.
    folder: Option<Result<String, String>>,
}

/// `GET /admin/policy`
pub(super) async fn show(State(app): State<App>, page: Page) -> Result<Response> {
    let folder = app.policy_dir.as_deref().map(|dir| {
        let pack = policy::files_of(dir).and_then(|files| policy::pack_of(&files));
        pack.map(|p| p.digest()).map_err(|e| page.t.error(&e))
    });
    let meta = &app.pack.meta;
    let template = PolicyPage {
        name: meta.name.clone(),
        issued_as: meta.issued_as.clone(),
        running: app.pack.digest(),
        approved: policy::approved(&app.store.reads()).await?,
        folder,
        page: page.clone().titled(page.t.s("nav-policy")),
    };
    render(&template)
}

impl PolicyPage {
    fn folder_differs(&self) -> bool {
        let approved = self.approved.as_ref().map_or(self.running.as_str(), |v| v.digest.as_str());
        matches!(&self.folder, Some(Ok(digest)) if digest != approved)
    }
    /// Whether the approved pack waits for the next start.
    fn waits_for_start(&self) -> bool {
        self.folder.is_some() && self.approved.as_ref().is_some_and(|v| v.digest != self.running)
    }
}

/// `POST /admin/policy/proposals`
pub(super) async fn propose(State(app): State<App>, reader: Reader) -> Result<Response> {
    let dir = app.policy_dir.clone().ok_or_else(|| AppError::rule("policy-folder"))?;
    let tx = app.store.begin(&reader).await?;
    let id = policy::propose(&app, &tx, &dir).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/proposals/{id}")), "proposal-made-now"))
}
