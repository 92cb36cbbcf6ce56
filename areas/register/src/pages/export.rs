//! The register's tables as workbooks: masked, watermarked, logged (R37), every cell a text or a number and never a formula.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    event::{NewEvent, SubjectRef},
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    web::Page,
};

use super::choices::{Places, text};
use crate::{
    addresses::{self, AddressRow},
    codes::Label,
    employers::{self, EmployerRow},
    homes::{self, HomeRow},
    residents::{self, MaskedResident},
};

/// A workbook holds at most so many rows; a narrower filter gives the rest.
pub(super) const MAX_ROWS: usize = 200_000;
/// Rows read at a time.
pub(super) const STEP: i64 = 2_000;

/// A table about to be given out.
pub(super) struct Table {
    /// Stable name, for the log and the file: `residents`.
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Vec<Out>>,
}

impl Table {
    pub(super) fn new(page: &Page, name: &'static str, title: &str, headings: &[&str]) -> Self {
        let headings = headings.iter().map(|key| page.t.s(*key)).collect();
        Table { name, title: page.t.s(title), headings, rows: Vec::new() }
    }
    /// Takes rows in, up to the limit. Whether there may be more.
    pub(super) fn take(&mut self, rows: Vec<Vec<Out>>) -> Result<bool> {
        let full = rows.len() as i64 == STEP;
        self.rows.extend(rows);
        match self.rows.len() > MAX_ROWS {
            true => Err(AppError::rule("export-too-many").arg("max", MAX_ROWS)),
            false => Ok(full),
        }
    }
}

/// A workbook that goes out as a file.
pub(super) fn workbook(name: &str, day: Day, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{name}-{day}.xlsx\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".into())], bytes)
        .into_response()
}

/// The watermark of a file that a reader takes.
pub(super) fn watermark(page: &Page, reader: &Reader, at: linli_platform::clock::At, id: uuid::Uuid) -> String {
    let by = ("by", reader.name.clone());
    page.t.all("export-watermark", &[by, ("at", at.minute_text()), ("id", id.to_string())])
}

/// Gives a table out. The file goes only after its taking is on record.
pub(super) async fn give(app: &App, page: &Page, reader: &Reader, table: Table) -> Result<Response> {
    let tx = app.store.begin(reader).await?;
    let id: uuid::Uuid = tx.new_id();
    let body = serde_json::json!({ "table": table.name, "rows": table.rows.len() });
    tx.event(NewEvent::new("export.made", SubjectRef::new("export", id, None)).body(body)).await?;
    let now = tx.now();
    tx.commit().await?;
    let options = WriteOptions { sheet_name: table.title, watermark: Some(watermark(page, reader, now, id)), at: now };
    let headings: Vec<&str> = table.headings.iter().map(String::as_str).collect();
    Ok(workbook(table.name, now.day(), sheet::write(&headings, &table.rows, &options)?))
}

pub(super) fn or_blank(text: Option<String>) -> Out {
    text.map_or(Out::Blank, Out::Text)
}

pub(super) fn day(day: Option<Day>) -> Out {
    day.map_or(Out::Blank, |d| Out::Text(d.to_string()))
}

pub(super) fn yes_no(page: &Page, yes: bool) -> Out {
    Out::Text(page.t.s(if yes { "common-yes" } else { "common-no" }))
}

fn resident(page: &Page, places: &Places, r: MaskedResident) -> Vec<Out> {
    vec![
        Out::Text(r.name_masked),
        Out::Text(page.t.code("doc-kind", &r.doc_kind)),
        Out::Text(r.doc_masked),
        or_blank(r.phone_masked),
        Out::Text(page.t.code("sex", &r.sex)),
        Out::Text(page.t.s(if r.is_local { "local-local" } else { "local-elsewhere" })),
        or_blank(r.address_text),
        Out::Text(places.grid(&r.grid_id)),
        or_blank(r.employer_name),
        Out::Text(page.t.code("source", &r.source)),
        Out::Text(r.entered_at.minute_text()),
    ]
}

const RESIDENT: &[&str] = &[
    "column-resident-name",
    "column-resident-doc-kind",
    "column-resident-doc-no",
    "column-resident-phone",
    "column-resident-sex",
    "column-resident-local",
    "column-resident-address",
    "register-grid",
    "column-resident-employer",
    "register-source",
    "resident-entered-at",
];

pub(super) async fn residents(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let filter = super::list::filter(&query);
    let places = Places::load(&app, &reader).await?;
    let q = app.store.reads();
    if residents::count(&q, &reader, &filter).await? > MAX_ROWS as i64 {
        return Err(AppError::rule("export-too-many").arg("max", MAX_ROWS));
    }
    let mut table = Table::new(&page, "residents", "residents-title", RESIDENT);
    let mut last = None;
    loop {
        let rows = residents::after(&q, &reader, &filter, last, STEP).await?;
        last = rows.last().map(|r| (r.entered_at, r.resident_id)).or(last);
        if !table.take(rows.into_iter().map(|r| resident(&page, &places, r)).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}

fn home(page: &Page, places: &Places, h: HomeRow) -> Vec<Out> {
    vec![
        Out::Text(h.address_text),
        Out::Text(places.grid(&h.grid_id)),
        Out::Text(page.t.code("home-kind", &h.kind)),
        Out::Text(page.t.code("tenancy", &h.tenancy)),
        Out::Text(page.t.code("occupancy", &h.occupancy)),
        h.places.map_or(Out::Blank, Out::from),
        or_blank(h.owner_masked),
        or_blank(h.landlord_masked),
        or_blank(h.landlord_phone_masked),
        or_blank(h.agent_name),
        or_blank(h.label.map(|l| page.t.code("label", l))),
        Out::from(h.members),
        day(h.last_verified_day),
        day(h.last_visited_day),
    ]
}

const HOME: &[&str] = &[
    "column-home-address",
    "register-grid",
    "column-home-kind",
    "column-home-tenancy",
    "column-home-occupancy",
    "column-home-places",
    "column-home-owner",
    "column-home-landlord",
    "column-home-landlord-phone",
    "column-home-agent",
    "column-home-label",
    "home-members",
    "home-verified",
    "home-visited",
];

pub(super) async fn homes(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let overdue = text(&query, "overdue").is_some();
    let filter = homes::Filter {
        text: text(&query, "q").unwrap_or_default(),
        label: text(&query, "label").and_then(|l| Label::from_code(&l)),
        grid: text(&query, "grid").and_then(|g| g.parse().ok()),
        committee: text(&query, "committee"),
        not_verified_since: overdue.then(|| app.store.now().day().month().first_day()),
    };
    let places = Places::load(&app, &reader).await?;
    let q = app.store.reads();
    let mut table = Table::new(&page, "homes", "homes-title", HOME);
    let mut last = None;
    loop {
        let rows = homes::after(&q, &reader, &filter, last, STEP).await?;
        last = rows.last().map(|h| h.home_id).or(last);
        if !table.take(rows.into_iter().map(|h| home(&page, &places, h)).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}

fn employer(page: &Page, places: &Places, e: EmployerRow) -> Vec<Out> {
    vec![
        Out::Text(e.org_code),
        Out::Text(e.name),
        Out::Text(e.business),
        Out::from(e.site),
        or_blank(e.address_text),
        Out::Text(places.grid(&e.grid_id)),
        Out::from(e.staff_declared),
        Out::from(e.staff_registered),
        yes_no(page, e.roster_duty),
        or_blank(e.liaison_masked),
        or_blank(e.liaison_phone_masked),
    ]
}

const EMPLOYER: &[&str] = &[
    "column-employer-org-code",
    "column-employer-name",
    "column-employer-business",
    "column-employer-site",
    "column-employer-address",
    "register-grid",
    "column-employer-staff",
    "employer-people",
    "column-employer-roster",
    "column-employer-liaison",
    "column-employer-liaison-phone",
];

pub(super) async fn employers(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let filter = employers::Filter {
        text: text(&query, "q").unwrap_or_default(),
        grid: text(&query, "grid").and_then(|g| g.parse().ok()),
        roster_duty: text(&query, "roster_duty").is_some(),
        closed: text(&query, "closed").is_some(),
    };
    let places = Places::load(&app, &reader).await?;
    let q = app.store.reads();
    let mut table = Table::new(&page, "employers", "employers-title", EMPLOYER);
    let mut last = None;
    loop {
        let rows = employers::after(&q, &reader, &filter, last, STEP).await?;
        last = rows.last().map(|e| e.employer_id).or(last);
        if !table.take(rows.into_iter().map(|e| employer(&page, &places, e)).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}

fn address(page: &Page, places: &Places, a: AddressRow) -> Vec<Out> {
    let degrees = |d: Option<f64>| d.map_or(Out::Blank, Out::from);
    vec![
        Out::Text(a.text),
        Out::from(places.committee(&a.committee_code)),
        Out::Text(places.grid(&a.grid_id)),
        degrees(a.lon),
        degrees(a.lat),
        Out::Text(page.t.code("address-state", &a.state)),
    ]
}

const ADDRESS: &[&str] = &[
    "column-address-text",
    "column-address-committee",
    "register-grid",
    "column-address-lon",
    "column-address-lat",
    "common-state",
];

pub(super) async fn addresses(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let filter = addresses::Filter {
        text: text(&query, "q").unwrap_or_default(),
        committee: text(&query, "committee"),
        grid: text(&query, "grid").and_then(|g| g.parse().ok()),
        without_grid: text(&query, "without_grid").is_some(),
    };
    let places = Places::load(&app, &reader).await?;
    let q = app.store.reads();
    let mut table = Table::new(&page, "addresses", "addresses-title", ADDRESS);
    let mut last = None;
    loop {
        let rows = addresses::after(&q, &reader, &filter, last, STEP).await?;
        last = rows.last().map(|a| a.address_id).or(last);
        if !table.take(rows.into_iter().map(|a| address(&page, &places, a)).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}
