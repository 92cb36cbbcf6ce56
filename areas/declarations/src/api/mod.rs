//! Declarations from other systems (随申办, 一网通办, R12, R13), and receipts checked by them.
//!
//! A client brings what somebody declared there, a resident, a newcomer, a landlord or an agent; it is sealed at once.
//! Whether that person is registered or on file is not told:
//! the answer is the same, and what fits no record waits for the office ([`inbound`]). All that a client is ever told of
//! it is the state of its own number.

mod check;
pub(crate) mod expire;
mod for_other;
pub mod inbound;
mod of_home;
mod receipts;
mod sent;
mod tables;

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    Result,
    api::{ApiClient, ApiRoute, ApiScope, Body, IdempotencyKey, Once, answer, instant},
    app::App,
    reader::Reader,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

pub use check::{Asked, Checked, check};
pub use sent::SentDeclaration;
pub(crate) use tables::{indexes, tables};

use crate::{codes::State as Stage, ids::InboundId};
use inbound::Inbound;

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let (declarations, receipts) = (Some(ApiScope::Declarations), Some(ApiScope::Receipts));
    vec![
        ApiRoute::new(declarations, routes!(send_declaration)),
        ApiRoute::new(declarations, routes!(show_declaration)),
        ApiRoute::new(receipts, routes!(receipts::look_at_receipt)),
        ApiRoute::new(receipts, routes!(receipts::compare_receipt)),
    ]
}

/// How a declaration stands.
#[derive(Debug, Serialize, ToSchema)]
struct DeclarationStanding {
    /// Its number.
    id: Uuid,
    /// What was declared.
    kind: String,
    /// `open`, `accepted`, `refused`, or `withdrawn` by the person.
    state: String,
    /// When it came.
    #[schema(format = DateTime)]
    received_at: String,
    /// By when it is answered.
    #[schema(format = DateTime)]
    due_at: String,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

fn standing(of: &Inbound) -> DeclarationStanding {
    let decided = of.state() != Stage::Open;
    DeclarationStanding {
        id: of.inbound_id.0,
        kind: of.kind.clone(),
        state: of.state().code().to_owned(),
        received_at: instant(of.made_at),
        due_at: instant(of.due_at),
        decided_at: of.decided_at().filter(|_| decided).map(instant),
        refusal: of.refusal().filter(|_| decided).map(str::to_owned),
    }
}

/// The declaration is taken in, whoever it is about; ask for its state by the number in the answer.
#[utoipa::path(post, path = "/api/v1/declarations", tag = "declarations", request_body = SentDeclaration,
    responses((status = 202, body = DeclarationStanding, links(
        ("state" = (operation_id = "show_declaration", parameters(("id" = "$response.body#/id"))))))))]
async fn send_declaration(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    key: IdempotencyKey,
    body: Body<SentDeclaration>,
) -> Result<Response> {
    let once = Once::new(&client, key, "declaration", body.digest);
    let checked = check::check(&app, body.value).await?;
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let id = inbound::receive(&app, &tx, client.client_id, &checked).await?;
    let received = inbound::of_client(&tx, client.client_id, id).await?;
    let location = format!("/api/v1/declarations/{id}");
    let response = once.keep(&tx, StatusCode::ACCEPTED, Some(&location), &standing(&received)).await?;
    // The answer goes out only after the commit (invariant 4).
    tx.commit().await?;
    Ok(response)
}

#[utoipa::path(get, path = "/api/v1/declarations/{id}", tag = "declarations",
    params(("id" = Uuid, Path, description = "Number of a declaration that this client brought")),
    responses((status = 200, body = DeclarationStanding)))]
async fn show_declaration(
    State(app): State<App>,
    client: ApiClient,
    headers: HeaderMap,
    Path(id): Path<InboundId>,
) -> Result<Response> {
    let found = inbound::of_client(&app.store.reads(), client.client_id, id).await?;
    answer(&headers, &standing(&found))
}
