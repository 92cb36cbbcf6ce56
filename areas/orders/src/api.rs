//! Orders from other systems (R20, 城运中心): brought as drafts for the offices; the system asks how its own ones stand.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    AppError, Result,
    api::{ApiClient, ApiRoute, ApiScope, Body, Cursor, IdempotencyKey, Listed, Once, Params, answer, instant, limit},
    app::App,
    clock::At,
    reader::Reader,
    store::Query,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{
    brought::{self, Brought, BroughtOrder, COMMITTEES_MAX},
    codes::{Level, OrderKind},
    guard,
    ids::OrderId,
    orders::NewOrder,
    parts::{self, Part},
};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Orders);
    vec![ApiRoute::new(scope, routes!(send_order, list_orders)), ApiRoute::new(scope, routes!(show_order))]
}

/// An order (指令) for the sub-district's teams. It speaks of work and premises and never of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "hazard",
    "text": "本周内排查沿街商铺的住人情况，并反馈完成数。"
}))]
struct SentOrder {
    /// What it is about.
    kind: SentOrderKind,
    /// What is to be done, up to 500 characters. Personal data and addresses of single doors are refused.
    #[schema(min_length = 1, max_length = 500)]
    text: String,
    /// Codes of the committees that it concerns, as `/api/v1/committees` lists them; none for the whole sub-district.
    #[serde(default)]
    #[schema(max_items = 100)]
    committees: Vec<String>,
}

/// What an order is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum SentOrderKind {
    /// Premises to be looked at (核查场所).
    Premises,
    /// Homes to be verified again (复核住户).
    Verification,
    /// Rosters to be called for (催报花名册).
    Rosters,
    /// Publicity (宣传).
    Publicity,
    /// A hazard of premises (场所隐患).
    Hazard,
    /// Addresses or boundaries (地址与边界).
    Addresses,
    /// Any other work of the team (其他工作).
    Other,
}

impl SentOrderKind {
    fn known(self) -> OrderKind {
        match self {
            SentOrderKind::Premises => OrderKind::Premises,
            SentOrderKind::Verification => OrderKind::Verification,
            SentOrderKind::Rosters => OrderKind::Rosters,
            SentOrderKind::Publicity => OrderKind::Publicity,
            SentOrderKind::Hazard => OrderKind::Hazard,
            SentOrderKind::Addresses => OrderKind::Addresses,
            SentOrderKind::Other => OrderKind::Other,
        }
    }
}

/// How an order stands.
#[derive(Debug, Serialize, ToSchema)]
struct OrderStanding {
    /// Its number.
    id: Uuid,
    /// What it is about.
    kind: String,
    /// `received`, `issued`, `closed`, or `not-taken`.
    state: String,
    /// The committees that it was brought for.
    committees: Vec<String>,
    /// When it came.
    #[schema(format = DateTime)]
    received_at: String,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    issued_at: Option<String>,
    /// By when it is to be closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// Why it was not taken: `not-ours`, `unclear`, `in-hand` or `one-person`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

/// One order with what the police teams have said.
#[derive(Debug, Serialize, ToSchema)]
struct OrderWithParts {
    /// The order.
    #[serde(flatten)]
    order: OrderStanding,
    /// The parts that the police teams answer for; none before it is issued.
    parts: Vec<OrderPartStanding>,
}

/// What a police team answers for.
#[derive(Debug, Serialize, ToSchema)]
struct OrderPartStanding {
    /// The police team; empty for the one without a name.
    police_team: String,
    /// `waiting`, `received`, `distributed`, `answered`, `elsewhere` or `closed`.
    state: String,
    /// By when it is answered.
    #[schema(format = DateTime)]
    due_at: String,
    /// Whether its time is over.
    late: bool,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    answered_at: Option<String>,
    /// What was answered: `done`, `partly`, `nothing`, `not-possible` or `settled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<String>,
}

fn standing(of: &BroughtOrder) -> OrderStanding {
    OrderStanding {
        id: of.order_id.0,
        kind: of.kind.clone(),
        state: of.state().to_owned(),
        committees: of.committees().into_iter().map(str::to_owned).collect(),
        received_at: instant(of.brought_at),
        issued_at: of.issued_at.map(instant),
        due_at: of.due_at.map(instant),
        closed_at: of.closed_at.map(instant),
        refusal: of.refusal.clone(),
    }
}

fn part(of: &Part, now: At) -> OrderPartStanding {
    OrderPartStanding {
        police_team: of.area.clone(),
        state: of.state.clone(),
        due_at: instant(of.due_at),
        late: of.is_late(now),
        answered_at: of.answered_at.map(instant),
        feedback: of.feedback.clone(),
    }
}

/// What is wrong with what was sent, place by place.
async fn check(q: &impl Query, client: &ApiClient, sent: SentOrder) -> Result<Brought> {
    let mut error = AppError::invalid();
    let text = sent.text.trim();
    if text.is_empty() {
        error = error.field("/text", "missing", "api-field-missing");
    } else if let Err(fault) = guard::check(text, guard::TEXT_CHARS) {
        // What was found is never quoted.
        let said = AppError::from(fault);
        let args = said.args.iter().map(|(name, value)| (*name, value.clone())).collect();
        error = error.field("/text", said.code, format!("error-{}", said.code)).field_args(args);
    }
    if sent.committees.len() > COMMITTEES_MAX {
        error = error.field("/committees", "length", "api-field-length");
    } else {
        for n in brought::unknown(q, client, &sent.committees).await? {
            error = error.field(format!("/committees/{n}"), "committee-unknown", "order-api-committee");
        }
    }
    if !error.fields.is_empty() {
        return Err(error);
    }
    let mut committees = sent.committees;
    committees.sort();
    committees.dedup();
    Ok(Brought { order: NewOrder { kind: sent.kind.known(), text: text.to_owned() }, committees })
}

/// The order waits for the sub-district's offices, which issue it to police teams or say why they do not.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = SentOrder,
    responses((status = 202, body = OrderStanding, links(
        ("state" = (operation_id = "show_order", parameters(("id" = "$response.body#/id"))))))))]
async fn send_order(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    key: IdempotencyKey,
    body: Body<SentOrder>,
) -> Result<Response> {
    let once = Once::new(&client, key, "order", body.digest);
    let new = check(&app.store.reads(), &client, body.value).await?;
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let id = brought::receive(&tx, &client, &new).await?;
    let received = brought::of_client(&tx, client.client_id, id).await?;
    let location = format!("/api/v1/orders/{id}");
    let response = once.keep(&tx, StatusCode::ACCEPTED, Some(&location), &standing(&received)).await?;
    // The answer goes out only after the commit (invariant 4).
    tx.commit().await?;
    Ok(response)
}

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichOrders {
    /// Rows at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(WhichOrders),
    responses((status = 200, body = Listed<OrderStanding>)))]
async fn list_orders(
    State(app): State<App>,
    client: ApiClient,
    headers: HeaderMap,
    Params(which): Params<WhichOrders>,
) -> Result<Response> {
    let limit = limit(which.limit)?;
    let after: Option<OrderId> = Cursor::read("orders", which.cursor.as_deref())?;
    let rows = brought::list(&app.store.reads(), client.client_id, after, limit + 1).await?;
    let items = rows.iter().map(standing).collect();
    answer(&headers, &Listed::of("orders", items, limit, |o: &OrderStanding| o.id.to_string()))
}

#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders",
    params(("id" = Uuid, Path, description = "Number of an order that this client brought")),
    responses((status = 200, body = OrderWithParts)))]
async fn show_order(
    State(app): State<App>,
    client: ApiClient,
    headers: HeaderMap,
    Path(id): Path<OrderId>,
) -> Result<Response> {
    let q = app.store.reads();
    let found = brought::of_client(&q, client.client_id, id).await?;
    let all = match found.issued_at {
        Some(_) => parts::of(&q, &Reader::system(), id, None).await?,
        None => Vec::new(),
    };
    let top = all.iter().filter(|p| p.level() == Level::PoliceTeam);
    let parts = top.map(|p| part(p, q.store().now())).collect();
    answer(&headers, &OrderWithParts { order: standing(&found), parts })
}
