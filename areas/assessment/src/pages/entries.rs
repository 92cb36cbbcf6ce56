//! The form in which assessors enter numbers: a row for each committee, a column for each number.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    clock::Month,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render_status},
};

use super::month;
use crate::entries::{self, EntryKey};

struct Row {
    code: String,
    name: String,
    cells: Vec<Cell>,
}

struct Cell {
    field: String,
    label: String,
    value: String,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "assessment/entries.html")]
struct EntriesPage {
    page: Page,
    month: Month,
    errors: FormErrors,
    heads: Vec<String>,
    rows: Vec<Row>,
}

fn field(code: &str, key: EntryKey) -> String {
    format!("{code}.{}", key.code())
}

fn form_page(
    app: &App,
    page: Page,
    month: Month,
    errors: FormErrors,
    value: impl Fn(&str, EntryKey) -> String,
) -> EntriesPage {
    let heads: Vec<String> = EntryKey::ALL.iter().map(|k| page.t.s(format!("entry-{}", k.code()))).collect();
    let rows = app
        .pack
        .territory
        .committees
        .iter()
        .map(|c| Row {
            code: c.code.clone(),
            name: c.name.clone(),
            cells: EntryKey::ALL
                .iter()
                .zip(&heads)
                .map(|(key, head)| {
                    let field = field(&c.code, *key);
                    Cell {
                        label: format!("{} · {head}", c.name),
                        value: value(&c.code, *key),
                        wrong: errors.for_field(&field).is_some(),
                        field,
                    }
                })
                .collect(),
        })
        .collect();
    let title = page.t.a("entries-title", "month", month);
    EntriesPage { page: page.titled(title), month, errors, heads, rows }
}

/// `GET /assessment/{month}/entries`.
pub(crate) async fn form(State(app): State<App>, page: Page, Path(at): Path<String>) -> Result<Response> {
    let month = month(&at)?;
    let entered = entries::by_key(&entries::of_month(&app.store.reads(), month).await?);
    let value =
        |code: &str, key: EntryKey| entered.get(&(code.to_owned(), key)).map_or_else(String::new, |n| key.shown(*n));
    render_status(StatusCode::OK, &form_page(&app, page, month, FormErrors::new(), value))
}

/// `POST /assessment/{month}/entries`: all numbers of the form, or none.
pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(at): Path<String>,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response> {
    let month = month(&at)?;
    let mut errors = FormErrors::new();
    let mut numbers = Vec::new();
    for committee in &app.pack.territory.committees {
        for key in EntryKey::ALL {
            let name = field(&committee.code, *key);
            let Some(text) = typed.get(&name) else { continue };
            match key.parse(text, &app.pack) {
                Ok(number) => numbers.push((committee.code.as_str(), *key, number)),
                Err(e) => errors.add_error(&page.t, &name, &e),
            }
        }
    }
    if !errors.is_empty() {
        let value = |code: &str, key: EntryKey| typed.get(&field(code, key)).cloned().unwrap_or_default();
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&app, page, month, errors, value));
    }
    let before = entries::by_key(&entries::of_month(&app.store.reads(), month).await?);
    let tx = app.store.begin(&reader).await?;
    for (code, key, number) in numbers {
        if before.get(&(code.to_owned(), key)).copied() != number {
            entries::enter(&tx, month, code, key, number).await?;
        }
    }
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/{month}/entries")), "entries-saved"))
}
