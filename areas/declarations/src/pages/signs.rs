//! The links of the grids' signs (公示牌) as QR codes, to be printed.

use askama::Template;
use axum::{extract::State, response::Response};
use http::{HeaderMap, header::HOST};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, Page},
};

use crate::receipt::qr_svg;

/// How the site is reached by whoever asks.
pub(super) fn site(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if app.secure_cookies { "https" } else { "http" })
}

struct Sign {
    grid: String,
    url: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "declarations/signs.html")]
struct SignsPage {
    page: Page,
    signs: Vec<Sign>,
}

/// `GET /declarations/signs`
pub(super) async fn list(State(app): State<App>, page: Page, reader: Reader, headers: HeaderMap) -> Result<Response> {
    let site = site(&app, &headers);
    let mut signs = Vec::new();
    for grid in linli_territory::grids(&app.store.reads(), &reader).await? {
        let url = format!("{site}/me/at/{}", grid.code);
        signs.push(Sign { qr: qr_svg(&url)?, url, grid: grid.name });
    }
    let title = page.t.s("nav-declaration-signs");
    web::render(&SignsPage { page: page.titled(title), signs })
}
