//! Notice signs (公示牌): the grids' QR codes, and each grid's sign as PDF, issued under a number.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::{HeaderMap, header::HOST};
use linli_papers::Body;
use linli_platform::{
    AppError, Result,
    app::App,
    ids::GridId,
    reader::Reader,
    texts::Lang,
    web::{self, Page, given},
};

use crate::{
    receipt::qr_svg,
    sign::{self, KIND},
};

/// How the site is reached by whoever asks.
pub(super) fn site(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if app.secure_cookies { "https" } else { "http" })
}

/// A sign that was issued in a language.
struct Issued {
    lang: &'static str,
    paper: linli_papers::Paper,
}

struct Sign {
    id: GridId,
    grid: String,
    url: String,
    qr: String,
    issued: Vec<Issued>,
}

#[derive(Template)]
#[template(path = "declarations/signs.html")]
struct SignsPage {
    page: Page,
    signs: Vec<Sign>,
    langs: [&'static str; 2],
}

/// `GET /declarations/signs`
pub(super) async fn list(State(app): State<App>, page: Page, reader: Reader, headers: HeaderMap) -> Result<Response> {
    let site = site(&app, &headers);
    let q = app.store.reads();
    let all = linli_papers::of_kind(&q, &reader, KIND).await?;
    let mut signs = Vec::new();
    for grid in linli_territory::grids(&q, &reader).await? {
        let url = format!("{site}/me/at/{}", grid.code);
        let issued = |lang: Lang| {
            let subject = format!("{}/{}", grid.grid_id, lang.code());
            let paper = all.iter().find(|p| p.subject == subject && p.edition.is_some())?.clone();
            Some(Issued { lang: lang.code(), paper })
        };
        let issued = [Lang::Zh, Lang::En].into_iter().filter_map(issued).collect();
        signs.push(Sign { id: grid.grid_id, qr: qr_svg(&url)?, url, grid: grid.name, issued });
    }
    let title = page.t.s("nav-declaration-signs");
    let langs = [Lang::Zh, Lang::En].map(Lang::code);
    web::render(&SignsPage { page: page.titled(title), signs, langs })
}

/// `GET /declarations/signs/{id}/sign.pdf`: a sample without a number, in the page's language.
pub(super) async fn sample(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<GridId>,
) -> Result<Response> {
    let Body::Page(layout, data) = sign::draft(&app, &reader, id, page.lang, &site(&app, &headers)).await?.body else {
        return Err(AppError::internal("a sign is a page of its own"));
    };
    let documents = app.documents.clone();
    // Typesetting takes its time; others are served meanwhile.
    let made = tokio::task::spawn_blocking(move || documents.pdf(layout, data));
    Ok(super::receipt::pdf(made.await.map_err(AppError::internal)??, "linli-sign"))
}

/// `POST /declarations/signs/{id}/paper`: numbers and issues the sign in a language; the same sign again changes nothing.
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<GridId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let (lang, site) = (Lang::from_code(given(&form, "lang")), site(&app, &headers));
    let new = sign::draft(&app, &reader, id, lang, &site).await?;
    let t = linli_platform::texts::T::new(app.texts.clone(), lang);
    let paper = linli_papers::issue(&app, &reader, &t, &site, new).await?;
    Ok(web::flash(web::redirect(&format!("/papers/{}", paper.paper_id)), "papers-issued-now"))
}
