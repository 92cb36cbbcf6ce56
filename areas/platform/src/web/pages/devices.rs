//! The own devices that notices are pushed to: joined by the browser that is looked at, ended from anywhere.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use crate::{
    app::App,
    error::{AppError, Result},
    ids::PushId,
    push::{self, Device, Renewal, Subscription, vapid::Vapid},
    reader::Reader,
    web::{FormErrors, Page, assets, flash, redirect, render_status, visit::Visit, with_cookie},
};

/// Where the worker's script is; its folder is all that it is in charge of, and no page lies there.
const WORKER: &str = "js/push/sw.js";

#[derive(Template)]
#[template(path = "platform/devices.html")]
struct DevicesPage {
    page: Page,
    errors: FormErrors,
    rows: Vec<(Device, bool)>,
    /// The key that browsers bind their subscription to; none where the installation pushes nothing.
    key: Option<String>,
    /// Whether this browser is one of them.
    here: bool,
}

async fn devices_page(
    app: &App,
    reader: &Reader,
    page: Page,
    this: Option<PushId>,
    errors: FormErrors,
) -> Result<Response> {
    let rows = push::of_account(&app.store.reads(), reader.account).await?;
    let rows: Vec<_> = rows.into_iter().map(|d| (d.clone(), Some(d.push_id) == this)).collect();
    let key = match push::is_on(app) {
        true => Some(Vapid::of(app.store.keys(), app.store.rng())?.public()),
        false => None,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.clone().titled(page.t.s("push-devices-title"));
    let here = rows.iter().any(|(_, this)| *this);
    render_status(status, &DevicesPage { page, errors, rows, key, here })
}

/// `GET /account/devices`
pub(super) async fn list(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
) -> Result<Response> {
    devices_page(&app, &reader, page, visit.push, FormErrors::new()).await
}

/// `POST /account/devices`: this browser becomes a device.
pub(super) async fn join(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
    Form(given): Form<Subscription>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match push::join(&app, &tx, &given, &visit.device).await {
        Ok(id) => {
            tx.commit().await?;
            let response = flash(redirect("/account/devices"), "push-joined");
            Ok(with_cookie(response, &push::cookie(app.secure_cookies, Some(id))))
        }
        Err(refused) if refused.status == StatusCode::UNPROCESSABLE_ENTITY => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "", &refused);
            devices_page(&app, &reader, page, visit.push, errors).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /account/devices/{id}/end`
pub(super) async fn end(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    Path(id): Path<PushId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    push::end(&tx, id).await?;
    tx.commit().await?;
    let response = flash(redirect("/account/devices"), "push-ended");
    Ok(match visit.push == Some(id) {
        true => with_cookie(response, &push::cookie(app.secure_cookies, None)),
        false => response,
    })
}

/// `GET /push/sw.js`: shows what is pushed. It is in charge of no page and keeps nothing, so that the phone page's own
/// worker has nothing to do with it.
pub(super) async fn worker() -> Result<Response> {
    let source = assets::file(WORKER).ok_or_else(AppError::not_found)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, source).into_response())
}

/// `POST /push/renewal`: the worker tells the address that the push service gave in place of another. Without a session.
pub(super) async fn renew(State(app): State<App>, Form(asked): Form<Renewal>) -> Result<StatusCode> {
    push::renew(&app, &asked).await?;
    Ok(StatusCode::NO_CONTENT)
}
