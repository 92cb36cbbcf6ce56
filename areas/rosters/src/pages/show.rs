//! One roster on its sender's side: columns, checked cells, sending, and what became of it.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use cn_address::Parser;
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    event::NewEvent,
    import::{DropReason, DroppedColumn, Mapping, Problem},
    jobs::{self, Job},
    reader::Reader,
    sheet::{self, Mark, MarkedRow, MarkedTable, WriteOptions},
    texts::T,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};

use super::{column_name, download, message, title};
use crate::{
    codes::State as RosterState,
    columns::{COLUMNS, masked},
    ids::RosterId,
    send,
    store::{self, Roster},
};

#[derive(Template)]
#[template(path = "rosters/mapping.html")]
struct MappingPage {
    page: Page,
    roster: Roster,
    /// Field, heading and chosen column of each column of the file.
    columns: Vec<(String, String, String)>,
    choices: Vec<(String, String)>,
    forbidden: Vec<DroppedColumn>,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "rosters/cells.html")]
struct CellsPage {
    page: Page,
    roster: Roster,
    problems: Vec<Problem>,
    dropped: Vec<DroppedColumn>,
    paging: Paging,
}

impl CellsPage {
    fn column(&self, problem: &Problem) -> String {
        column_name(&self.page.t, &problem.column)
    }
    fn message(&self, problem: &Problem) -> String {
        message(&self.page.t, problem)
    }
    fn is_forbidden(&self, drop: &DroppedColumn) -> bool {
        drop.reason == DropReason::Forbidden
    }
}

#[derive(Template)]
#[template(path = "rosters/status.html")]
struct StatusPage {
    page: Page,
    roster: Roster,
    job: Option<Job>,
    sends: bool,
    /// The comparison has failed.
    stands_still: bool,
    /// May ask for the comparison anew, as a reviewer.
    reviews: bool,
    /// May send it back.
    confirms: bool,
}

/// `GET /rosters/{id}`: the step that its state has come to.
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RosterId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let reads = app.store.reads();
    let roster = store::find(&reads, &reader, id).await?;
    let sends = store::may_send(&reader, roster.employer_id, roster.employer_grid);
    let page = page.clone().titled(title(&page.t, &roster));
    match roster.state() {
        Some(RosterState::Uploaded) if sends => render(&mapping_page(page, roster, None, FormErrors::new())?),
        Some(RosterState::Checked) if sends => {
            let all = store::problems(&reads, id).await?;
            let paging = Paging::from_query(&query).of(send::count(all.len()));
            let skip = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
            let take = usize::try_from(paging.limit()).unwrap_or(0);
            let problems = all.into_iter().skip(skip).take(take).collect();
            let dropped = roster.dropped()?;
            render(&CellsPage { page, roster, problems, dropped, paging })
        }
        Some(RosterState::Compared | RosterState::Confirmed)
            if reader.may(Action::RosterReview) && roster.row_count > 0 =>
        {
            Ok(redirect(&format!("/rosters/{id}/results")))
        }
        _ => {
            let job = match roster.job_id.filter(|_| roster.state() == Some(RosterState::Sent)) {
                // Only whoever asked for the comparison sees how far it is.
                Some(job) => jobs::find(&reads, &reader, job).await.ok(),
                None => None,
            };
            let stands_still = store::stands_still(&reads, &roster).await?;
            let own = reader.scope.contains(roster.employer_grid);
            let reviews = own && reader.may(Action::RosterReview);
            let confirms = own && reader.may(Action::RosterConfirm);
            render(&StatusPage { page, roster, job, sends, stands_still, reviews, confirms })
        }
    }
}

fn mapping_page(page: Page, roster: Roster, chosen: Option<Mapping>, errors: FormErrors) -> Result<MappingPage> {
    let mapping = match chosen {
        Some(mapping) => mapping,
        None => roster.mapping()?,
    };
    let columns = roster
        .headers()?
        .into_iter()
        .enumerate()
        .map(|(i, heading)| (format!("c{i}"), heading, mapping.0.get(i).cloned().flatten().unwrap_or_default()))
        .collect();
    let choice = |c: &linli_platform::import::ColumnSpec| {
        (c.name.to_owned(), format!("{}{}", column_name(&page.t, c.name), if c.required { " *" } else { "" }))
    };
    let choices = COLUMNS.iter().map(choice).collect();
    let forbidden = roster.dropped()?;
    Ok(MappingPage { page, roster, columns, choices, forbidden, errors })
}

/// `POST /rosters/{id}/mapping`
pub(super) async fn map(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RosterId>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    let roster = store::find_to_send(&app.store.reads(), &reader, id).await?;
    let chosen = |i: usize| fields.get(&format!("c{i}")).filter(|name| !name.is_empty()).cloned();
    let mapping = Mapping((0..roster.headers()?.len()).map(chosen).collect());
    match send::map_columns(&app.store, &reader, id, mapping.clone()).await {
        Ok(()) => Ok(redirect(&format!("/rosters/{id}"))),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY && roster.state() == Some(RosterState::Uploaded) => {
            let field = e.args.first().and_then(|(_, name)| mapping.source(name)).map(|i| format!("c{i}"));
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, field.as_deref().unwrap_or(""), &named(&page.t, e));
            let page = page.clone().titled(title(&page.t, &roster));
            let shown = mapping_page(page, roster, Some(mapping), errors)?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(e) => Err(e),
    }
}

/// The same error with the column's name in the page's language.
fn named(t: &T, mut e: AppError) -> AppError {
    for (_, value) in e.args.iter_mut().filter(|(name, _)| *name == "column") {
        *value = column_name(t, value);
    }
    e
}

/// `POST /rosters/{id}/sending`
pub(super) async fn send(State(app): State<App>, reader: Reader, Path(id): Path<RosterId>) -> Result<Response> {
    send::send(&app.store, &reader, id).await?;
    Ok(flash(redirect(&format!("/rosters/{id}")), "roster-sent-flash"))
}

/// `POST /rosters/{id}/rejection`: withdrawn by its sender, or sent back by the officer.
pub(super) async fn reject(State(app): State<App>, reader: Reader, Path(id): Path<RosterId>) -> Result<Response> {
    send::reject(&app.store, &reader, id).await?;
    Ok(flash(redirect("/rosters"), "roster-rejected-flash"))
}

/// `GET /rosters/{id}/errors.xlsx`: the rows with messages, masked (R37); taking it is an event.
pub(super) async fn errors(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RosterId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let roster = store::find_to_send(&tx, &reader, id).await?;
    if roster.state() != Some(RosterState::Checked) {
        return Err(AppError::stale());
    }
    let run = tx.machine_run("roster-errors").await?;
    let rows = store::open_chunks(&tx, &run, id).await?;
    let mut by_row: BTreeMap<u64, Vec<Problem>> = BTreeMap::new();
    for problem in store::problems(&tx, id).await? {
        by_row.entry(problem.row).or_default().push(problem);
    }
    let t = page.t.clone();
    let now = tx.now();
    let event = NewEvent::new("roster.errors-exported", roster.subject());
    tx.event(event.body(serde_json::json!({ "rows": by_row.len() }))).await?;
    tx.commit().await?;
    let watermark = t.all("roster-errors-watermark", &[("who", reader.name.clone()), ("when", now.minute_text())]);
    let options = WriteOptions { sheet_name: t.s("roster-errors-sheet"), watermark: Some(watermark), at: now };
    let bytes = tokio::task::spawn_blocking(move || {
        let parser = Parser::new();
        let marked = rows
            .iter()
            .filter_map(|r| {
                let problems = by_row.get(&r.row)?;
                let cells = (0..COLUMNS.len()).map(|c| masked(&parser, c, r.text(c))).collect();
                Some(marked_row(&t, r.row, cells, problems))
            })
            .collect();
        let table = MarkedTable {
            number_heading: t.s("roster-row"),
            headings: COLUMNS.iter().map(|c| t.s(format!("column-{}", c.name))).collect(),
            messages_heading: t.s("roster-messages"),
            rows: marked,
        };
        sheet::write_marked(&table, &options)
    })
    .await
    .map_err(AppError::internal)??;
    Ok(download("roster-errors", bytes))
}

fn marked_row(t: &T, number: u64, cells: Vec<String>, problems: &[Problem]) -> MarkedRow {
    let mut marks: Vec<Mark> = Vec::new();
    for problem in problems {
        let Some(column) = COLUMNS.iter().position(|c| c.name == problem.column) else { continue };
        let text = message(t, problem);
        match marks.iter_mut().find(|m| m.column == column) {
            Some(mark) => {
                mark.text = format!("{}\n{text}", mark.text);
                mark.fatal |= problem.fatal;
            }
            None => marks.push(Mark { column, text, fatal: problem.fatal }),
        }
    }
    let messages = problems.iter().map(|p| format!("{}: {}", column_name(t, &p.column), message(t, p))).collect();
    MarkedRow { number, cells, marks, messages }
}
