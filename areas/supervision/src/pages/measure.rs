//! Measures: the own ones and those to decide; one from its reasons to its end.

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
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, given, redirect, refused, render_status, version},
};
use policy_pack::MeasureKind;

use crate::{
    codes::Neglect,
    ids::MeasureId,
    measures::{self, Managed, MeasureRow, NewMeasure},
};

#[derive(Template)]
#[template(path = "supervision/measures.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    rows: Vec<MeasureRow>,
    paging: Paging,
    over: bool,
    people: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    neglects: Vec<(&'static str, String)>,
}

impl ListPage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
}

/// `GET /measures`; `?finding=` carries the finding that a measure is to rest on.
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let form = HashMap::from([("finding".to_owned(), given(&query, "finding").to_owned())]);
    show_list(&app, &reader, page, query, FormErrors::new(), form, StatusCode::OK).await
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
    let q = app.store.reads();
    let paging = Paging::from_query(&query);
    let over = given(&query, "state") == "over";
    let (rows, total) = measures::list(&q, reader, !over, &paging).await?;
    let people = if reader.may(Action::MeasureDecide) { measures::people(&q, reader).await? } else { Vec::new() };
    let mut kinds: Vec<MeasureKind> = Vec::new();
    for kind in people.iter().flat_map(|m| measures::kinds(&app.pack, m.post)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let person = |m: &Managed| (m.staff_id.to_string(), format!("{} · {}", m.name, page.t.code("post", m.post.code())));
    let shown = ListPage {
        errors,
        form,
        rows,
        paging: paging.of(total),
        over,
        people: people.iter().map(person).collect(),
        kinds: kinds.into_iter().map(|k| (k.code(), page.t.code("measure-kind", k.code()))).collect(),
        neglects: Neglect::choices().into_iter().map(|(code, key)| (code, page.t.s(key))).collect(),
        page: {
            let title = page.t.s("measures-title");
            page.titled(title)
        },
    };
    render_status(status, &shown)
}

/// `POST /measures`
pub(super) async fn propose(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let staff = given(&form, "staff").parse().ok();
    let kind = MeasureKind::from_code(given(&form, "kind"));
    let neglect = Neglect::from_code(given(&form, "neglect"));
    errors.require(staff.is_some(), "staff", "form-required");
    errors.require(kind.is_some(), "kind", "form-required");
    errors.require(neglect.is_some(), "neglect", "form-required");
    if let (Some(staff), Some(kind), Some(neglect)) = (staff, kind, neglect) {
        let finding = given(&form, "finding").parse().ok();
        let tx = app.store.begin(&reader).await?;
        let words = given(&form, "words").to_owned();
        match measures::propose(&app, &tx, NewMeasure { staff, kind, neglect, finding, words }).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/measures/{id}")), "measure-proposed-now"));
            }
            Err(e) => {
                let field = match e.code {
                    "measure-kind" => "kind",
                    "measure-whom" | "measure-self" => "staff",
                    _ => "words",
                };
                errors = refused(&page.t, field, e)?;
            }
        }
    }
    show_list(&app, &reader, page, HashMap::new(), errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

#[derive(Template)]
#[template(path = "supervision/measure.html")]
struct MeasurePage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    row: MeasureRow,
    /// Whether it concerns the reader, who can still say something.
    hears: bool,
    /// Whether the reader can end it.
    decides: bool,
    /// Whether it can be decided now.
    ripe: bool,
}

impl MeasurePage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
}

/// `GET /measures/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeasureId>,
) -> Result<Response> {
    one(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn one(
    app: &App,
    reader: &Reader,
    page: Page,
    id: MeasureId,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let row = measures::find(&app.store.reads(), reader, id).await?;
    let own = row.account_id == Some(reader.account);
    let title = page.t.code("measure-kind", &row.kind);
    let shown = MeasurePage {
        page: page.titled(title),
        errors,
        form,
        hears: own && row.is_open(),
        decides: !own && row.is_managed_by(reader) && row.is_open(),
        ripe: row.is_ripe(app.store.now()),
        row,
    };
    render_status(status, &shown)
}

/// What a form does to a measure.
enum Step {
    Statement,
    Decision,
    Removal,
}

async fn step(
    app: &App,
    reader: &Reader,
    page: Page,
    id: MeasureId,
    form: HashMap<String, String>,
    step: Step,
) -> Result<Response> {
    let tx = app.store.begin(reader).await?;
    let (version, words) = (version(&form), given(&form, "words"));
    let (done, key) = match step {
        Step::Statement => (measures::be_heard(&tx, id, version, words).await, "measure-heard-now"),
        Step::Decision => (measures::decide(&tx, id, version, words).await, "measure-decided-now"),
        Step::Removal => (measures::drop_measure(&tx, id, version, words).await, "measure-dropped-now"),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/measures/{id}")), key))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "words", e)?;
            one(app, reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /measures/{id}/statement`
pub(super) async fn be_heard(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeasureId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    step(&app, &reader, page, id, form, Step::Statement).await
}

/// `POST /measures/{id}/decision`
pub(super) async fn decide(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeasureId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    step(&app, &reader, page, id, form, Step::Decision).await
}

/// `POST /measures/{id}/removal`
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeasureId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    step(&app, &reader, page, id, form, Step::Removal).await
}
