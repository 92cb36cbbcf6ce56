//! One order: drafted, issued, its parts, closed.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, redirect, render, render_status},
};

use super::{given, refused, ticked, version};
use crate::{
    brought::{self, BroughtOrder},
    checks,
    codes::{Level, NotTaken, OrderKind, PartState},
    guard,
    ids::OrderId,
    levels::{self, Target},
    orders::{self, NewOrder, Order},
    parts::{self, Part},
    steps,
};

#[derive(Template)]
#[template(path = "orders/new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    /// The draft that is written anew.
    order: Option<Order>,
    kinds: Vec<(&'static str, String)>,
    kind: String,
    text: String,
    max: usize,
}

fn new_page(page: Page, order: Option<Order>, kind: &str, text: &str, errors: FormErrors) -> NewPage {
    let kinds = OrderKind::by_hand().map(|k| (k.code(), page.t.code("order-kind", k))).collect();
    let title = page.t.s("order-new-title");
    let (kind, text) = (kind.to_owned(), text.to_owned());
    NewPage { page: page.titled(title), errors, order, kinds, kind, text, max: guard::TEXT_CHARS }
}

/// `GET /orders/new`
pub(super) async fn new(page: Page) -> Result<Response> {
    render(&new_page(page, None, "", "", FormErrors::new()))
}

/// What was typed, as far as the form itself can say.
fn read(page: &Page, form: &HashMap<String, String>) -> Result<NewOrder, FormErrors> {
    match OrderKind::by_hand().find(|k| k.code() == given(form, "kind")) {
        Some(kind) => Ok(NewOrder { kind, text: given(form, "text").to_owned() }),
        None => {
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "kind", &AppError::rule("order-kind"));
            Err(errors)
        }
    }
}

fn again(page: Page, order: Option<Order>, form: &HashMap<String, String>, errors: FormErrors) -> Result<Response> {
    let shown = new_page(page, order, given(form, "kind"), given(form, "text"), errors);
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /orders`
pub(super) async fn draft(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let new = match read(&page, &form) {
        Ok(new) => new,
        Err(errors) => return again(page, None, &form, errors),
    };
    let tx = app.store.begin(&reader).await?;
    match orders::draft(&tx, &new).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(redirect(&format!("/orders/{id}")))
        }
        Err(e) => {
            let errors = refused(&page.t, "text", e)?;
            again(page, None, &form, errors)
        }
    }
}

/// `POST /orders/{id}/text`
pub(super) async fn rewrite(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<OrderId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let order = orders::find(&app.store.reads(), &reader, id).await?;
    let new = match read(&page, &form) {
        Ok(new) => new,
        Err(errors) => return again(page, Some(order), &form, errors),
    };
    let tx = app.store.begin(&reader).await?;
    match orders::rewrite(&tx, id, version(&form), &new).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect(&format!("/orders/{id}")))
        }
        Err(e) => {
            let errors = refused(&page.t, "text", e)?;
            again(page, Some(order), &form, errors)
        }
    }
}

#[derive(Template)]
#[template(path = "orders/order.html")]
struct OrderPage {
    page: Page,
    errors: FormErrors,
    order: Order,
    /// Where it came from, if another system brought it.
    brought: Option<BroughtOrder>,
    reasons: Vec<(&'static str, String)>,
    parts: Vec<Part>,
    targets: Vec<Target>,
    /// Places that were ticked.
    to: Vec<String>,
    kinds: Vec<(&'static str, String)>,
    may_end: bool,
    /// Answered parts of the highest level.
    answered: usize,
    max: usize,
    now: At,
}

impl OrderPage {
    fn place(&self, target: &Target) -> String {
        parts::place(&self.page.t, &target.name)
    }
    fn is_ticked(&self, target: &Target) -> bool {
        self.to.contains(&target.area)
    }
}

async fn order_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: OrderId,
    to: Option<Vec<String>>,
    errors: FormErrors,
) -> Result<OrderPage> {
    let q = app.store.reads();
    let order = orders::find(&q, reader, id).await?;
    let brought = brought::of_order(&q, id).await?;
    let to = match (to, &brought) {
        (Some(to), _) => to,
        (None, Some(brought)) if order.is_draft() => brought::police_teams(&q, brought).await?,
        _ => Vec::new(),
    };
    let parts = parts::of(&q, reader, id, None).await?;
    let targets = match order.is_draft() {
        true => levels::targets(&q, Level::PoliceTeam, None).await?,
        false => Vec::new(),
    };
    let answered = parts.iter().filter(|p| is_answered_top(p)).count();
    let title = page.t.a("order-title", "kind", page.t.code("order-kind", &order.kind));
    let kinds = OrderKind::by_hand().map(|k| (k.code(), page.t.code("order-kind", k))).collect();
    let reasons = NotTaken::ALL.iter().map(|r| (r.code(), page.t.code("order-not-taken", r))).collect();
    Ok(OrderPage {
        page: page.titled(title),
        errors,
        brought,
        reasons,
        may_end: order.is_issued() && orders::may_end(reader, order.check_id),
        order,
        parts,
        targets,
        to,
        kinds,
        answered,
        max: guard::TEXT_CHARS,
        now: app.store.now(),
    })
}

fn is_answered_top(part: &Part) -> bool {
    part.level() == Level::PoliceTeam && part.state() == PartState::Answered
}

/// `GET /orders/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<OrderId>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    render(&order_page(&app, &reader, page, id, None, FormErrors::new()).await?)
}

/// `POST /orders/{id}/issuance`: to the police teams that were ticked.
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<OrderId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let areas = ticked(&form);
    let tx = app.store.begin(&reader).await?;
    match orders::issue(&app, &tx, id, version(&form), &areas).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/orders/{id}")), "order-issued-flash", count(areas.len())))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "to", e)?;
            let shown = order_page(&app, &reader, page, id, Some(areas), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /orders/{id}/removal`: a draft goes.
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<OrderId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    orders::remove(&tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect("/orders"), "order-removed-flash"))
}

/// `POST /orders/{id}/refusal`: what another system brought is not taken.
pub(super) async fn refuse(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<OrderId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let Some(reason) = NotTaken::from_code(given(&form, "reason")) else {
        let mut errors = FormErrors::new();
        errors.add("reason", "form-choose");
        let shown = order_page(&app, &reader, page, id, None, errors).await?;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let tx = app.store.begin(&reader).await?;
    brought::refuse(&tx, id, version(&form), reason).await?;
    tx.commit().await?;
    Ok(flash(redirect("/orders"), "order-not-taken-flash"))
}

/// `POST /orders/{id}/part-closures`: every answered part of the highest level.
pub(super) async fn close_answered(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<OrderId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let mut parts = parts::of(&tx, &reader, id, None).await?;
    parts.retain(is_answered_top);
    let closed = steps::close_answered(&tx, &parts).await?;
    tx.commit().await?;
    Ok(flash_n(redirect(&format!("/orders/{id}")), "order-parts-closed-flash", count(closed)))
}

/// `POST /orders/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<OrderId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match orders::close(&tx, id, version(&form)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/orders/{id}")), "order-closed-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "", e)?;
            let shown = order_page(&app, &reader, page, id, None, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
