//! What needs a second person: the list, one proposal, and the decision.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use futures::future::BoxFuture;

use crate::{
    access::Action,
    app::App,
    area::{Duty, DutySource},
    clock::At,
    error::Result,
    ids::ProposalId,
    proposals::{self, Decision, Proposal},
    reader::Reader,
    web::{Page, flash, redirect, render},
};

struct Line {
    proposal: Proposal,
    /// Whether it waits for the reader.
    mine_to_decide: bool,
}

#[derive(Template)]
#[template(path = "platform/proposals.html")]
struct ListPage {
    page: Page,
    rows: Vec<Line>,
    now: At,
}

/// `GET /proposals`
pub(super) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let now = app.store.now();
    let rows = proposals::list(&app, &app.store.reads(), &reader).await?;
    let rows = rows
        .into_iter()
        .map(|p| Line { mine_to_decide: p.is_open(now) && proposals::may_decide(&app, &reader, &p), proposal: p });
    let page = page.clone().titled(page.t.s("nav-proposals"));
    render(&ListPage { page, rows: rows.collect(), now })
}

#[derive(Template)]
#[template(path = "platform/proposal.html")]
struct ShowPage {
    page: Page,
    proposal: Proposal,
    lines: Vec<(String, String)>,
    state: String,
    may_decide: bool,
    may_withdraw: bool,
}

/// `GET /proposals/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ProposalId>,
) -> Result<Response> {
    let now = app.store.now();
    let proposal = proposals::find(&app, &app.store.reads(), &reader, id).await?;
    let kind = proposals::kind_of(&app, &proposal.kind)?;
    let lines = kind.lines(&app, &page.t, &proposal.payload).await?;
    let open = proposal.is_open(now);
    let title = page.t.code("proposal", &proposal.kind);
    render(&ShowPage {
        page: page.titled(title),
        lines,
        state: proposal.state_at(now).to_owned(),
        may_decide: open && proposals::may_decide(&app, &reader, &proposal),
        may_withdraw: open && proposal.account_id == reader.account,
        proposal,
    })
}

async fn decide(app: &App, reader: &Reader, id: ProposalId, decision: Decision, key: &str) -> Result<Response> {
    let tx = app.store.begin(reader).await?;
    proposals::decide(app, &tx, id, decision).await?;
    tx.commit().await?;
    if decision == Decision::Approve {
        let proposal = proposals::find(app, &app.store.reads(), reader, id).await?;
        proposals::kind_of(app, &proposal.kind)?.applied(app).await?;
    }
    Ok(flash(redirect(&format!("/proposals/{id}")), key))
}

/// `POST /proposals/{id}/approval`
pub(super) async fn approve(State(app): State<App>, reader: Reader, Path(id): Path<ProposalId>) -> Result<Response> {
    decide(&app, &reader, id, Decision::Approve, "proposal-approved-now").await
}

/// `POST /proposals/{id}/refusal`
pub(super) async fn refuse(State(app): State<App>, reader: Reader, Path(id): Path<ProposalId>) -> Result<Response> {
    decide(&app, &reader, id, Decision::Refuse, "proposal-refused-now").await
}

/// `POST /proposals/{id}/withdrawal`
pub(super) async fn withdraw(State(app): State<App>, reader: Reader, Path(id): Path<ProposalId>) -> Result<Response> {
    decide(&app, &reader, id, Decision::Withdraw, "proposal-withdrawn-now").await
}

/// What waits for the reader's decision.
pub(super) struct ProposalDuty;

impl DutySource for ProposalDuty {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::SecondPerson) {
                return Ok(Vec::new());
            }
            let due = proposals::waiting(app, &app.store.reads(), reader).await?;
            let duty = Duty { key: "proposals", due, done: 0, late: 0, href: "/proposals".into() };
            Ok(if due > 0 { vec![duty] } else { Vec::new() })
        })
    }
}
