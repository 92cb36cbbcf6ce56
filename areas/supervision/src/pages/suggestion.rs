//! Suggestions: the list with its form, one with its answer.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, given, redirect, refused, render_status, version},
};

use crate::{
    codes::SuggestionKind,
    ids::SuggestionId,
    suggestions::{self, NewSuggestion, SuggestionRow},
};

#[derive(Template)]
#[template(path = "supervision/suggestions.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    rows: Vec<SuggestionRow>,
    paging: Paging,
    answered: bool,
    kinds: Vec<(&'static str, String)>,
    now: At,
}

impl ListPage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
}

/// `GET /suggestions`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    show_list(&app, &reader, page, query, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn show_list(
    app: &App,
    reader: &Reader,
    page: Page,
    query: HashMap<String, String>,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let answered = given(&query, "state") == "answered";
    let (rows, total) = suggestions::list(&app.store.reads(), reader, !answered, &paging).await?;
    let kinds = SuggestionKind::choices().into_iter().map(|(code, key)| (code, page.t.s(key))).collect();
    let title = page.t.s("suggestions-title");
    let page = page.titled(title);
    let now = app.store.now();
    render_status(status, &ListPage { page, errors, form, rows, paging: paging.of(total), answered, kinds, now })
}

/// `POST /suggestions`
pub(super) async fn make(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let kind = SuggestionKind::from_code(given(&form, "kind"));
    errors.require(kind.is_some(), "kind", "form-required");
    if let Some(kind) = kind {
        let tx = app.store.begin(&reader).await?;
        let new = NewSuggestion { kind, words: given(&form, "words").to_owned() };
        match suggestions::make(&app, &tx, new).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/suggestions/{id}")), "suggestion-made-now"));
            }
            Err(e) => errors = refused(&page.t, "words", e)?,
        }
    }
    show_list(&app, &reader, page, HashMap::new(), errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

#[derive(Template)]
#[template(path = "supervision/suggestion.html")]
struct SuggestionPage {
    page: Page,
    errors: FormErrors,
    row: SuggestionRow,
    typed: String,
    now: At,
    answers: bool,
}

/// `GET /suggestions/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SuggestionId>,
) -> Result<Response> {
    one(&app, &reader, page, id, FormErrors::new(), String::new(), StatusCode::OK).await
}

async fn one(
    app: &App,
    reader: &Reader,
    page: Page,
    id: SuggestionId,
    errors: FormErrors,
    typed: String,
    status: StatusCode,
) -> Result<Response> {
    let row = suggestions::find(&app.store.reads(), reader, id).await?;
    let title = page.t.code("suggestion-kind", &row.kind);
    let answers = reader.may(Action::SuggestionAnswer) && row.is_open();
    let page = page.titled(title);
    render_status(status, &SuggestionPage { page, errors, row, typed, now: app.store.now(), answers })
}

/// `POST /suggestions/{id}/answer`
pub(super) async fn answer(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SuggestionId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let words = given(&form, "answer").to_owned();
    match suggestions::answer(&tx, id, version(&form), &words).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/suggestions/{id}")), "suggestion-answered-now"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "answer", e)?;
            one(&app, &reader, page, id, errors, words, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
