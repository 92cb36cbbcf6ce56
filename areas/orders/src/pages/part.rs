//! One part: what its level does with it, and what the level above does with its feedback.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    store::Tx,
    web::{FormErrors, Page, flash, flash_n, redirect, render, render_status},
};

use super::{given, order::count, refused, ticked, version};
use crate::{
    checks::{self, Progress},
    codes::{Decision, Feedback, Level, PartState, Raise},
    guard,
    ids::PartId,
    levels::{self, Target},
    life::{self, Step},
    parts::{self, Part},
    steps,
};

type Typed = HashMap<String, String>;

#[derive(Template)]
#[template(path = "orders/part.html")]
struct PartPage {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    part: Part,
    below: Vec<Part>,
    /// Places of the level below; of a data check those that rows on their way lie in.
    targets: Vec<Target>,
    /// Other places of the same level.
    others: Vec<(String, String)>,
    feedbacks: Vec<(&'static str, String)>,
    raises: Vec<(&'static str, String)>,
    decisions: Vec<(&'static str, String)>,
    /// Rows of the data check that the reader sees.
    rows: Option<Progress>,
    handles: bool,
    ends: bool,
    settles: bool,
    /// Open parts and rows below.
    open: i64,
    answered: usize,
    note_max: usize,
    now: At,
}

impl PartPage {
    /// Whether a step can be taken by this reader now.
    fn can(&self, step: Step) -> bool {
        let right = match step {
            Step::Close | Step::Return => self.ends,
            _ => self.handles,
        };
        right && life::after(self.part.level(), self.part.state(), self.open, step).is_ok()
    }
    fn can_receive(&self) -> bool {
        self.can(Step::Receive)
    }
    fn can_distribute(&self) -> bool {
        self.can(Step::Distribute) && !self.targets.is_empty()
    }
    fn can_answer(&self) -> bool {
        self.can(Step::Answer)
    }
    fn can_transfer(&self) -> bool {
        self.can(Step::Transfer) && self.part.check_id.is_none()
    }
    fn can_raise(&self) -> bool {
        self.can(Step::Raise) && self.part.raised.is_none()
    }
    fn can_close(&self) -> bool {
        self.can(Step::Close)
    }
    fn can_return(&self) -> bool {
        self.can(Step::Return) && self.part.check_id.is_none()
    }
    /// Whether the feedback waits for parts below.
    fn waits(&self) -> bool {
        self.handles && self.open > 0 && matches!(self.part.state(), PartState::Distributed | PartState::Received)
    }
    fn place(&self, target: &Target) -> String {
        parts::place(&self.page.t, &target.name)
    }
    fn is_ticked(&self, target: &Target) -> bool {
        self.typed.contains_key(&format!("to-{}", target.area))
    }
    fn typed(&self, name: &str) -> &str {
        given(&self.typed, name)
    }
}

async fn part_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: PartId,
    typed: Typed,
    errors: FormErrors,
) -> Result<PartPage> {
    let q = app.store.reads();
    let part = parts::find(&q, reader, id).await?;
    let below = parts::of(&q, reader, part.order_id, Some(id)).await?;
    let handles = part.is_open() && reader.may(Action::OrderHandle) && steps::may_handle(&q, reader, &part).await?;
    let targets = match (handles, part.level().below(), part.check_id) {
        (true, Some(level), Some(check)) => checks::targets(&q, check, level, &part.area).await?,
        (true, Some(level), None) => levels::targets(&q, level, Some(&part.area)).await?,
        _ => Vec::new(),
    };
    let others = match handles {
        true => levels::targets(&q, part.level(), None).await?,
        false => Vec::new(),
    };
    let others = others.into_iter().filter(|t| t.area != part.area).map(|t| {
        let name = parts::place(&page.t, &t.name);
        (format!("={}", t.area), name)
    });
    let rows = match part.check_id {
        Some(check) if reader.may(Action::DataCheckRead) => Some(checks::progress(&q, reader, check).await?),
        _ => None,
    };
    let t = &page.t;
    let title = t.all("part-title", &[("kind", t.code("order-kind", &part.kind)), ("place", part.place(t))]);
    Ok(PartPage {
        feedbacks: Feedback::own().iter().map(|f| (f.code(), t.code("order-feedback", f))).collect(),
        raises: Raise::ALL.iter().map(|r| (r.code(), t.code("order-raise", r))).collect(),
        decisions: Decision::ALL.iter().map(|d| (d.code(), t.code("order-decision", d))).collect(),
        others: others.collect(),
        open: part.open_below + checks::open_rows_of(&q, &part).await?,
        answered: below.iter().filter(|p| p.state() == PartState::Answered).count(),
        ends: part.is_open() && steps::may_end(&q, reader, &part).await?,
        settles: part.is_open() && part.held() == Level::TaskForce && reader.may(Action::OrderSettle),
        page: page.titled(title).under("/orders"),
        errors,
        typed,
        part,
        below,
        targets,
        rows,
        handles,
        note_max: guard::NOTE_CHARS,
        now: app.store.now(),
    })
}

/// `GET /order-parts/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    render(&part_page(&app, &reader, page, id, Typed::new(), FormErrors::new()).await?)
}

/// The page again with what a rule refused, at its field and with what was typed.
async fn again(
    app: &App,
    reader: &Reader,
    page: Page,
    id: PartId,
    typed: Typed,
    (field, error): (&str, AppError),
) -> Result<Response> {
    let errors = refused(&page.t, field, error)?;
    let shown = part_page(app, reader, page, id, typed, errors).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn ended(tx: Tx, id: PartId, key: &str) -> Result<Response> {
    tx.commit().await?;
    Ok(flash(redirect(&format!("/order-parts/{id}")), key))
}

/// `POST /order-parts/{id}/receipt`
pub(super) async fn receive(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    steps::receive(&tx, id, version(&form)).await?;
    ended(tx, id, "part-received-flash").await
}

/// `POST /order-parts/{id}/distribution`
pub(super) async fn distribute(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match steps::distribute(&app, &tx, id, version(&form), &ticked(&form)).await {
        Ok(n) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/order-parts/{id}")), "part-distributed-flash", count(n)))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("to", e)).await
        }
    }
}

/// `POST /order-parts/{id}/feedback`
pub(super) async fn answer(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let Some(feedback) = Feedback::from_code(given(&form, "feedback")) else {
        let missing = ("feedback", AppError::rule("order-feedback"));
        return again(&app, &reader, page, id, form, missing).await;
    };
    let tx = app.store.begin(&reader).await?;
    match steps::answer(&tx, id, version(&form), feedback, given(&form, "note")).await {
        Ok(()) => ended(tx, id, "part-answered-flash").await,
        Err(e) => {
            drop(tx);
            let field = if e.is("order-feedback") { "feedback" } else { "note" };
            again(&app, &reader, page, id, form, (field, e)).await
        }
    }
}

/// `POST /order-parts/{id}/transfer`: `=area` is a place, `outside` is none.
pub(super) async fn transfer(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let chosen = given(&form, "place").to_owned();
    let to = match (chosen.as_str(), chosen.strip_prefix('=')) {
        ("outside", _) => None,
        (_, Some(area)) => Some(area),
        _ => return again(&app, &reader, page, id, form, ("place", AppError::rule("order-target"))).await,
    };
    let tx = app.store.begin(&reader).await?;
    match steps::transfer(&app, &tx, id, version(&form), to).await {
        Ok(_) => ended(tx, id, "part-transferred-flash").await,
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("place", e)).await
        }
    }
}

/// `POST /order-parts/{id}/raising`
pub(super) async fn raise(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let Some(reason) = Raise::from_code(given(&form, "reason")) else {
        return again(&app, &reader, page, id, form, ("reason", AppError::rule("order-reason"))).await;
    };
    let tx = app.store.begin(&reader).await?;
    match steps::raise(&tx, id, version(&form), reason).await {
        Ok(()) => ended(tx, id, "part-raised-flash").await,
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("reason", e)).await
        }
    }
}

/// `POST /order-parts/{id}/part-closures`: every answered part below.
pub(super) async fn close_answered(State(app): State<App>, reader: Reader, Path(id): Path<PartId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let part = parts::find(&tx, &reader, id).await?;
    let below = parts::of(&tx, &reader, part.order_id, Some(id)).await?;
    let closed = steps::close_answered(&tx, &below).await?;
    tx.commit().await?;
    Ok(flash_n(redirect(&format!("/order-parts/{id}")), "order-parts-closed-flash", count(closed)))
}

/// `POST /order-parts/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match steps::close(&tx, id, version(&form)).await {
        Ok(()) => ended(tx, id, "part-closed-flash").await,
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("", e)).await
        }
    }
}

/// `POST /order-parts/{id}/return`
pub(super) async fn send_back(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    steps::send_back(&app, &tx, id, version(&form)).await?;
    ended(tx, id, "part-returned-flash").await
}

/// `POST /order-parts/{id}/decision`: the task force's.
pub(super) async fn decide(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PartId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let Some(decision) = Decision::from_code(given(&form, "decision")) else {
        return again(&app, &reader, page, id, form, ("decision", AppError::rule("order-decision"))).await;
    };
    let tx = app.store.begin(&reader).await?;
    match steps::decide(&app, &tx, id, version(&form), decision).await {
        Ok(()) => ended(tx, id, "part-decided-flash").await,
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("decision", e)).await
        }
    }
}
