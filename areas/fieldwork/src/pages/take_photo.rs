//! `/field/visits/{id}/photo`: the photo that a rule asks for after a visit on the online page. The visit is recorded
//! already; whoever cannot take one goes on without.

use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    picture,
    reader::Reader,
    texts::Lang,
    web::{FormErrors, Page, flash, redirect, render_status},
};

use crate::{
    ids::VisitId,
    photo::asked::{self, Asked},
};

#[derive(Template)]
#[template(path = "fieldwork/take_photo.html")]
struct TakePhoto {
    page: Page,
    errors: FormErrors,
    asked: Asked,
}

impl TakePhoto {
    fn rule(&self) -> &str {
        if self.page.lang == Lang::Zh { &self.asked.rule.name } else { &self.asked.rule.name_en }
    }
}

fn answer(page: Page, asked: Asked, errors: FormErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = page.t.s("phone-photo");
    render_status(status, &TakePhoto { page: page.titled(title), errors, asked })
}

/// `GET /field/visits/{id}/photo`
pub(crate) async fn form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(visit): Path<VisitId>,
) -> Result<Response> {
    let asked = asked::find(&app, &app.store.reads(), &reader, visit).await?;
    answer(page, asked.ok_or_else(AppError::not_found)?, FormErrors::new())
}

/// `POST /field/visits/{id}/photo`: field `photo`, a picture as a camera makes it.
pub(crate) async fn keep(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(visit): Path<VisitId>,
    form: Multipart,
) -> Result<Response> {
    let asked = asked::find(&app, &app.store.reads(), &reader, visit).await?.ok_or_else(AppError::not_found)?;
    let picture = match picture::from_form(form).await {
        Ok(picture) => picture,
        Err(bad) => {
            let mut errors = FormErrors::new();
            errors.add("photo", bad.message());
            return answer(page, asked, errors);
        }
    };
    let tx = app.store.begin(&reader).await?;
    let asked = asked::find(&app, &tx, &reader, visit).await?.ok_or_else(AppError::not_found)?;
    asked::keep(&app, &tx, &asked, &picture).await?;
    tx.commit().await?;
    Ok(flash(redirect("/field/online"), "photo-kept"))
}
