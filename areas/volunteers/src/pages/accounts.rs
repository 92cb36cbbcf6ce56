//! The accounts of stipends, and their workbooks.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
};
use linli_platform::{
    AppError, Result,
    app::App,
    event::{NewEvent, SubjectRef},
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};

use super::{given, refused};
use crate::{
    codes::StipendState,
    ledger::{self, Balance, Entry, EntryKind},
    stipends,
};

/// Rows that one workbook holds.
const MAX_ROWS: i64 = 100_000;

#[derive(Template)]
#[template(path = "volunteers/accounts.html")]
struct AccountsPage {
    page: Page,
    errors: FormErrors,
    balance: Balance,
    entries: Vec<Entry>,
    paging: Paging,
    kinds: Vec<(&'static str, String)>,
    kind: String,
    yuan: String,
}

async fn accounts_page(
    app: &App,
    page: Page,
    form: &HashMap<String, String>,
    paging: Paging,
    errors: FormErrors,
) -> Result<AccountsPage> {
    let q = app.store.reads();
    let (entries, total) = ledger::entries(&q, &paging).await?;
    let by_hand = [EntryKind::Allotment, EntryKind::Return];
    let kinds = by_hand.map(|k| (k.code(), page.t.code(EntryKind::PREFIX, k))).into();
    let title = page.t.s("stipend-accounts-title");
    Ok(AccountsPage {
        errors,
        balance: ledger::balance(&q).await?,
        entries,
        paging: paging.of(total),
        kinds,
        kind: given(form, "kind").to_owned(),
        yuan: given(form, "yuan").to_owned(),
        page: page.titled(title),
    })
}

/// `GET /stipends/accounts`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    render(&accounts_page(&app, page, &HashMap::new(), paging, FormErrors::new()).await?)
}

/// `POST /stipends/accounts`: money set aside or given back.
pub(super) async fn enter(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    // What is no number is no amount.
    let yuan = given(&form, "yuan").parse().unwrap_or(0);
    let done = match EntryKind::from_code(given(&form, "kind")) {
        Some(EntryKind::Allotment) => ledger::allot(&tx, yuan).await,
        Some(EntryKind::Return) => ledger::give_back(&tx, yuan).await,
        _ => Err(AppError::rule("stipend-entry-kind")),
    };
    match done {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect("/stipends/accounts"), "stipend-entered-flash"))
        }
        Err(e) => {
            drop(tx);
            let field = if e.is("stipend-entry-kind") { "kind" } else { "yuan" };
            let errors = refused(&page.t, field, e)?;
            let shown = accounts_page(&app, page, &form, Paging::default(), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// Gives a table out, watermarked; the file goes only after its taking is on record (R37).
async fn give(
    app: &App,
    page: &Page,
    reader: &Reader,
    name: &'static str,
    headings: &[&str],
    rows: Vec<Vec<Out>>,
) -> Result<Response> {
    let tx = app.store.begin(reader).await?;
    let id: uuid::Uuid = tx.new_id();
    let body = serde_json::json!({ "table": name, "rows": rows.len() });
    tx.event(NewEvent::new("export.made", SubjectRef::new("export", id, None)).body(body)).await?;
    let now = tx.now();
    tx.commit().await?;
    let mark = [("by", reader.name.clone()), ("at", now.minute_text()), ("id", id.to_string())];
    let options = WriteOptions {
        sheet_name: page.t.s(format!("export-{name}")),
        watermark: Some(page.t.all("export-watermark", &mark)),
        at: now,
    };
    let headings: Vec<String> = headings.iter().map(|key| page.t.s(*key)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let bytes = sheet::write(&headings, &rows, &options)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = format!("attachment; filename=\"{name}-{}.xlsx\"", now.day());
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, file), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, bytes).into_response())
}

fn named(name: &Option<String>) -> Out {
    Out::from(name.as_deref().unwrap_or(""))
}

/// `GET /stipends/accounts.xlsx`: the entries, oldest first, each with both books.
pub(super) async fn file(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let all = Paging { page: 1, per_page: MAX_ROWS, total: 0 };
    let (entries, _) = ledger::entries(&app.store.reads(), &all).await?;
    let row = |e: &Entry| {
        vec![
            Out::from(e.at.minute_text()),
            Out::from(page.t.code(EntryKind::PREFIX, &e.kind)),
            Out::from(page.t.code(ledger::Book::PREFIX, e.grew())),
            Out::from(page.t.code(ledger::Book::PREFIX, e.shrank())),
            Out::from(e.yuan),
            named(&e.payee_name),
            named(&e.account_name),
        ]
    };
    let rows = entries.iter().rev().map(row).collect();
    let headings = [
        "stipend-entry-at",
        "stipend-entry-what",
        "stipend-entry-grew",
        "stipend-entry-shrank",
        "stipend-yuan",
        "stipend-payee",
        "stipend-entry-by",
    ];
    give(&app, &page, &reader, "stipend-accounts", &headings, rows).await
}

/// `GET /stipends/payments.xlsx`: what is to be paid, and what was, each with everybody who had a part in it.
pub(super) async fn payments(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let q = app.store.reads();
    let all = Paging { page: 1, per_page: MAX_ROWS, total: 0 };
    let mut rows = Vec::new();
    for state in [StipendState::Approved, StipendState::Paid] {
        for s in stipends::list(&q, &reader, state, &all).await?.0 {
            let approvals = stipends::approvals(&q, s.stipend_id).await?;
            let approved: Vec<&str> = approvals.iter().filter_map(|a| a.account_name.as_deref()).collect();
            rows.push(vec![
                named(&s.account_name),
                named(&s.grid_name),
                Out::from(s.kind.as_ref().map(|k| page.t.code("volunteer-kind", k)).unwrap_or_default()),
                Out::from(s.yuan),
                Out::from(page.t.code(StipendState::PREFIX, state)),
                named(&s.applied_name),
                Out::from(approved.join("、")),
                named(&s.ended_name),
                Out::from(s.ended_at.map(|at| at.day().to_string()).unwrap_or_default()),
            ]);
        }
    }
    let headings = [
        "stipend-payee",
        "volunteer-grid",
        "volunteer-what",
        "stipend-yuan",
        "common-state",
        "stipend-applied-by",
        "stipend-approved-by",
        "stipend-paid-by",
        "stipend-paid-day",
    ];
    give(&app, &page, &reader, "stipend-payments", &headings, rows).await
}
