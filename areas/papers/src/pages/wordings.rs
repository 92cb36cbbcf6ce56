//! The sentences of documents: changed, looked at as PDF before they hold, and put back.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    texts::{Lang, T},
    web::{FormErrors, Page, flash, given, redirect, render, render_status},
    wording::{self, Slot, Template as Wording, Words},
};

use super::{PDF, given_out};
use crate::wordings::{self as store, History};

struct Line {
    code: &'static str,
    lang: &'static str,
    version: i64,
}

#[derive(Template)]
#[template(path = "papers/wordings.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /wordings`
pub(super) async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let mut lines = Vec::new();
    for template in &app.templates {
        for lang in template.langs() {
            let version = store::words(&app.store.reads(), template.as_ref(), *lang).await?.version;
            lines.push(Line { code: template.code(), lang: lang.code(), version });
        }
    }
    let title = page.t.s("nav-wordings");
    render(&ListPage { page: page.titled(title), lines })
}

struct Field {
    slot: Slot,
    value: String,
    places: String,
    original: String,
}

#[derive(Template)]
#[template(path = "papers/wording.html")]
struct EditPage {
    page: Page,
    errors: FormErrors,
    template: &'static str,
    lang: &'static str,
    fields: Vec<Field>,
    version: i64,
    history: Vec<History>,
}

/// The template and language of a path; anything else does not exist.
fn of_path(app: &App, template: &str, lang: &str) -> Result<(Arc<dyn Wording>, Lang)> {
    let template = app.templates.iter().find(|t| t.code() == template).ok_or_else(AppError::not_found)?;
    let lang = template.langs().iter().find(|l| l.code() == lang).ok_or_else(AppError::not_found)?;
    Ok((template.clone(), *lang))
}

async fn edit_page(
    app: &App,
    page: Page,
    (template, lang): (&dyn Wording, Lang),
    typed: Option<&HashMap<String, String>>,
    errors: FormErrors,
) -> Result<EditPage> {
    let q = app.store.reads();
    let now = store::words(&q, template, lang).await?;
    let field = |slot: &Slot| Field {
        slot: *slot,
        value: typed.map_or_else(|| now.text(slot.code), |form| given(form, slot.code)).to_owned(),
        places: slot.shown_places(lang),
        original: slot.original(lang).to_owned(),
    };
    let title = page.t.code("wording", template.code());
    Ok(EditPage {
        errors,
        template: template.code(),
        lang: lang.code(),
        fields: template.slots().iter().map(field).collect(),
        // The version that the typed words rest on.
        version: typed.and_then(|form| given(form, "version").parse().ok()).unwrap_or(now.version),
        history: store::history(&q, template, lang).await?,
        page: page.titled(title),
    })
}

/// `GET /wordings/{template}/{lang}`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    Path((template, lang)): Path<(String, String)>,
) -> Result<Response> {
    let (template, lang) = of_path(&app, &template, &lang)?;
    render(&edit_page(&app, page, (template.as_ref(), lang), None, FormErrors::new()).await?)
}

/// What was typed, slot by slot, with what is wrong at each.
fn read(
    t: &T,
    template: &dyn Wording,
    lang: Lang,
    form: &HashMap<String, String>,
) -> (BTreeMap<String, String>, FormErrors) {
    let (mut words, mut errors) = (BTreeMap::new(), FormErrors::new());
    for slot in template.slots() {
        // Lines of a text area end in two signs.
        let text = given(form, slot.code).replace("\r\n", "\n");
        if let Err(e) = wording::check(slot, lang, &text) {
            errors.add_error(t, slot.code, &e);
        }
        words.insert(slot.code.to_owned(), text);
    }
    (words, errors)
}

/// `POST /wordings/{template}/{lang}`: the next version.
pub(super) async fn save(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((template, lang)): Path<(String, String)>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let (template, lang) = of_path(&app, &template, &lang)?;
    let (words, errors) = read(&page.t, template.as_ref(), lang, &form);
    if !errors.is_empty() {
        let shown = edit_page(&app, page, (template.as_ref(), lang), Some(&form), errors).await?;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let seen = given(&form, "version").parse().unwrap_or(-1);
    let tx = app.store.begin(&reader).await?;
    store::change(&tx, template.as_ref(), lang, seen, Some(&words)).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/wordings/{}/{}", template.code(), lang.code())), "wording-kept"))
}

/// `POST /wordings/{template}/{lang}/preview`: what was typed as the document it would be; nothing is kept.
pub(super) async fn preview(
    State(app): State<App>,
    page: Page,
    Path((template, lang)): Path<(String, String)>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let (template, lang) = of_path(&app, &template, &lang)?;
    let (words, errors) = read(&page.t, template.as_ref(), lang, &form);
    if !errors.is_empty() {
        let shown = edit_page(&app, page, (template.as_ref(), lang), Some(&form), errors).await?;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let words = Words::new(template.as_ref(), lang, 0, &words);
    let t = T::new(app.texts.clone(), lang);
    let name = format!("preview-{}.pdf", template.code());
    // Typesetting takes its time; others are served meanwhile.
    let made = tokio::task::spawn_blocking(move || template.sample(&app, &t, &words));
    Ok(given_out(PDF, &name, made.await.map_err(AppError::internal)??))
}

/// `POST /wordings/{template}/{lang}/original`: the original, as the next version.
pub(super) async fn original(
    State(app): State<App>,
    reader: Reader,
    Path((template, lang)): Path<(String, String)>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let (template, lang) = of_path(&app, &template, &lang)?;
    let seen = given(&form, "version").parse().unwrap_or(-1);
    let tx = app.store.begin(&reader).await?;
    store::change(&tx, template.as_ref(), lang, seen, None).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/wordings/{}/{}", template.code(), lang.code())), "wording-original-now"))
}
