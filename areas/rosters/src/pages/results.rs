//! The comparison as reviewers see it: the five classes, one row beside the register, decisions, confirmation.

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
    reader::Reader,
    web::{FormErrors, Page, Paging, closes_by_itself, flash, flash_n, redirect, render, render_status},
};
use linli_register::addresses;
use serde::Deserialize;

use super::title;
use crate::{
    codes::{Class, Decided, State as RosterState},
    columns::road,
    confirm, figures,
    ids::RosterId,
    reasons::headline,
    results::{self, OpenRow, ResultRow},
    send,
    store::{self, Roster},
};

#[derive(Template)]
#[template(path = "rosters/results.html")]
struct ResultsPage {
    page: Page,
    roster: Roster,
    counts: Vec<(Class, i64)>,
    seen: i64,
    class: String,
    rows: Vec<ResultRow>,
    paging: Paging,
    /// Tasks that the confirmation would open; `None` for who cannot confirm.
    would: Option<i64>,
    undecided: i64,
    /// Tasks open and done, once confirmed.
    progress: (i64, i64),
    again: bool,
    errors: FormErrors,
}

impl ResultsPage {
    fn why(&self, row: &ResultRow) -> String {
        why(&self.page, row)
    }
    fn tone(&self, row: &ResultRow) -> &'static str {
        tone(row)
    }
}

fn why(page: &Page, row: &ResultRow) -> String {
    let mut parts = headline(&row.reasons(), page.lang);
    match row.class() {
        Some(Class::NotRegistered) if parts.is_empty() => parts.push(page.t.s("roster-why-nobody")),
        Some(Class::GoneFromRoster) if parts.is_empty() => parts.push(page.t.s("roster-why-gone")),
        Some(Class::SameAddress) if row.has_left => parts.push(page.t.s("roster-why-left")),
        Some(Class::OtherAddress) if row.grid_id != row.home_grid_id => parts.push(page.t.s("roster-why-grid")),
        _ => {}
    }
    parts.join(if page.lang.code() == "en" { "; " } else { "；" })
}

fn tone(row: &ResultRow) -> &'static str {
    match row.class() {
        Some(Class::SameAddress) => "ok",
        Some(Class::NotRegistered) => "late",
        _ => "soon",
    }
}

async fn results_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: RosterId,
    query: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<ResultsPage> {
    let reads = app.store.reads();
    let roster = store::find(&reads, reader, id).await?;
    if !matches!(roster.state(), Some(RosterState::Compared | RosterState::Confirmed)) {
        return Err(AppError::not_found());
    }
    let class = query.get("class").and_then(|c| Class::from_code(c));
    let paging = Paging::from_query(query);
    let (rows, total) = results::list(&reads, reader, id, class, &paging).await?;
    let counts = results::counts(&reads, reader, id).await?;
    let own = reader.scope.contains(roster.employer_grid);
    let compared = roster.state() == Some(RosterState::Compared);
    let would = match compared && own && reader.may(Action::RosterConfirm) {
        true => Some(confirm::preview(app, &roster).await?),
        false => None,
    };
    Ok(ResultsPage {
        page: page.clone().titled(title(&page.t, &roster)),
        seen: counts.iter().map(|(_, n)| n).sum(),
        counts,
        class: class.map_or_else(String::new, |c| c.code().to_owned()),
        rows,
        paging: paging.of(total),
        would,
        undecided: results::undecided(&reads, reader, id).await?,
        progress: figures::progress(&reads, reader, id).await?,
        again: compared && own,
        roster,
        errors,
    })
}

/// `GET /rosters/{id}/results?class=`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RosterId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    render(&results_page(&app, &reader, page, id, &query, FormErrors::new()).await?)
}

#[derive(Template)]
#[template(path = "rosters/row.html")]
struct RowPage {
    page: Page,
    roster: Roster,
    row: ResultRow,
    register_road: String,
    why: String,
    open: Option<OpenRow>,
    can_read: bool,
    can_decide: bool,
}

impl RowPage {
    fn percent(&self) -> String {
        format!("{:.0}", self.row.probability * 100.0)
    }
    fn tone(&self) -> &'static str {
        tone(&self.row)
    }
    fn in_scope(&self) -> bool {
        self.row.register_name.is_some()
    }
}

async fn row_page(app: &App, reader: &Reader, page: Page, id: RosterId, row_no: i64) -> Result<RowPage> {
    let reads = app.store.reads();
    let roster = store::find(&reads, reader, id).await?;
    let row = results::find(&reads, reader, id, row_no).await?;
    let book = addresses::book(app).await?;
    let compared = roster.state() == Some(RosterState::Compared);
    let uncertain = row.class() == Some(Class::Uncertain);
    let page = page.clone().titled(match row.is_in_file() {
        true if uncertain => page.t.n("roster-row-question", row_no),
        true => page.t.n("roster-row-title", row_no),
        false => page.t.s("roster-row-gone"),
    });
    Ok(RowPage {
        register_road: row.register_address.as_deref().map(|text| road(book.parser(), text)).unwrap_or_default(),
        why: why(&page, &row),
        open: None,
        can_read: compared && row.is_in_file() && reader.may(Action::RegisterUnmask),
        can_decide: compared && uncertain && reader.may(Action::RosterConfirm),
        page,
        roster,
        row,
    })
}

/// `GET /rosters/{id}/rows/{row}`
pub(super) async fn row(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, row_no)): Path<(RosterId, i64)>,
) -> Result<Response> {
    render(&row_page(&app, &reader, page, id, row_no).await?)
}

/// `POST /rosters/{id}/rows/{row}/reading`: both sides unmasked once, on record.
pub(super) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, row_no)): Path<(RosterId, i64)>,
) -> Result<Response> {
    let mut shown = row_page(&app, &reader, page, id, row_no).await?;
    let tx = app.store.begin(&reader).await?;
    shown.open = Some(results::open(&tx, &shown.roster, &shown.row).await?);
    tx.commit().await?;
    Ok(closes_by_itself(&app, render(&shown)?, &format!("/rosters/{id}/rows/{row_no}")))
}

/// What was decided.
#[derive(Deserialize)]
pub(super) struct Decision {
    #[serde(default)]
    decided: String,
}

/// `POST /rosters/{id}/rows/{row}/decision`
pub(super) async fn decide(
    State(app): State<App>,
    reader: Reader,
    Path((id, row_no)): Path<(RosterId, i64)>,
    Form(form): Form<Decision>,
) -> Result<Response> {
    let decided = Decided::from_code(&form.decided).ok_or_else(|| AppError::rule("roster-decision"))?;
    let tx = app.store.begin(&reader).await?;
    results::decide(&tx, id, row_no, decided).await?;
    tx.commit().await?;
    let next = results::next_undecided(&app.store.reads(), &reader, id).await?;
    Ok(flash(
        redirect(&match next {
            Some(row) => format!("/rosters/{id}/rows/{row}"),
            None => format!("/rosters/{id}/results"),
        }),
        "roster-decided-flash",
    ))
}

/// `POST /rosters/{id}/comparison`
pub(super) async fn compare_again(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<RosterId>,
) -> Result<Response> {
    send::compare_again(&app.store, &reader, id).await?;
    Ok(redirect(&format!("/rosters/{id}")))
}

/// What stood beside the button.
#[derive(Deserialize)]
pub(super) struct Confirmation {
    version: i64,
}

/// `POST /rosters/{id}/confirmation`
pub(super) async fn confirm(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RosterId>,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    match confirm::confirm(&app, &reader, id, form.version).await {
        Ok(done) => Ok(flash_n(redirect(&format!("/rosters/{id}/results")), "roster-confirmed-flash", done.tasks)),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "", &e);
            let shown = results_page(&app, &reader, page, id, &HashMap::new(), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(e) => Err(e),
    }
}
