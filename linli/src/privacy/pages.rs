//! The page of the security officer and the office.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use linli_documents::Paper;
use linli_platform::{
    AppError, Result,
    app::App,
    web::{self, Page},
};

use super::{Form, PaperKind, file, file_name, paper};

#[derive(Template)]
#[template(path = "linli/privacy.html")]
struct PrivacyPage {
    page: Page,
    papers: Vec<(PaperKind, Paper)>,
}

/// `GET /privacy`
pub(super) async fn show(State(app): State<App>, page: Page) -> Result<Response> {
    let papers = PaperKind::ALL.iter().map(|k| Ok((*k, paper(&app, &page.t, *k)?))).collect::<Result<Vec<_>>>()?;
    let title = page.t.s("nav-privacy");
    web::render(&PrivacyPage { page: page.titled(title), papers })
}

/// `GET /privacy/{file}`: `record.pdf`, `assessment.docx` …
pub(super) async fn download(State(app): State<App>, page: Page, Path(name): Path<String>) -> Result<Response> {
    let asked = name.split_once('.').and_then(|(k, f)| Some((PaperKind::from_code(k)?, Form::from_code(f)?)));
    let (kind, form) = asked.ok_or_else(AppError::not_found)?;
    let (at, t) = (app.clone(), page.t.clone());
    // Typesetting takes its time; others are served meanwhile.
    let made = tokio::task::spawn_blocking(move || file(&at, &t, kind, form));
    let mut response = made.await.map_err(AppError::internal)??.into_response();
    let media = match form {
        Form::Pdf => "application/pdf",
        Form::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    let disposition = format!("attachment; filename=\"{}\"", file_name(kind, form));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(AppError::internal)?);
    Ok(response)
}
