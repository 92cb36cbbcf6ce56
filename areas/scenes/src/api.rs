//! Scenes from other systems (R22): a clue about premises comes in and becomes work of its grid; the system asks how its own
//! ones stand.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_platform::{
    AppError, Result,
    api::{ApiClient, ApiRoute, ApiScope, Body, Cursor, IdempotencyKey, Listed, Once, Params, answer, instant, limit},
    app::App,
    reader::Reader,
};
use policy_pack::Item;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{
    brought::{self, BroughtScene},
    ids::SceneId,
    premises,
    scenes::NewScene,
};

/// The longest address.
const ADDRESS_CHARS: usize = 200;

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Scenes);
    vec![
        ApiRoute::new(scope, routes!(send_scene, list_scenes)),
        ApiRoute::new(scope, routes!(show_scene)),
        ApiRoute::new(scope, routes!(list_scene_kinds)),
    ]
}

/// A clue (场景线索) about premises. It says what was found where, and nothing of anybody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "fire-exit-blocked", "address": "新府中路501弄12号301室" }))]
struct SentScene {
    /// What was found, as `/api/v1/scene-kinds` lists it.
    #[schema(min_length = 1, max_length = 60)]
    kind: String,
    /// Where: an address as it is written there; it is resolved to a standard address of the client's areas.
    #[schema(min_length = 1, max_length = 200)]
    address: String,
}

/// How a clue stands.
#[derive(Debug, Serialize, ToSchema)]
struct SceneStanding {
    /// Its number.
    id: Uuid,
    /// What was found.
    kind: String,
    /// `open`, `passed` (with whoever can solve it) or `closed`.
    state: String,
    /// When it came.
    #[schema(format = DateTime)]
    received_at: String,
    /// By when it is to be closed.
    #[schema(format = DateTime)]
    due_at: String,
    /// When it was passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    passed_at: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// How it ended: `removed`, `taken-over` or `not-there`.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
}

fn standing(of: &BroughtScene) -> SceneStanding {
    SceneStanding {
        id: of.scene_id.0,
        kind: of.code.clone(),
        state: of.state.clone(),
        received_at: instant(of.brought_at),
        due_at: instant(of.due_at),
        passed_at: of.passed_at.map(instant),
        closed_at: of.closed_at.map(instant),
        result: of.result.clone(),
    }
}

/// What is wrong with what was sent, place by place. What was sent is never quoted.
async fn check(app: &App, reader: &Reader, sent: &SentScene) -> Result<NewScene> {
    let mut error = AppError::invalid();
    if app.pack.scene(&sent.kind).is_none() {
        error = error.field("/kind", "scene-code", "error-scene-code");
    }
    let written = sent.address.trim();
    let found = match written.chars().count() {
        1..=ADDRESS_CHARS => premises::find(app, reader, written).await?.ok(),
        _ => None,
    };
    let place = found.and_then(|row| row.grid_id.map(|grid| (row.address_id, grid)));
    let Some((address, grid)) = place else {
        return Err(error.field("/address", "scene-address", "error-scene-address"));
    };
    if !error.fields.is_empty() {
        return Err(error);
    }
    Ok(NewScene { id: app.store.new_id(), code: sent.kind.clone(), grid, address })
}

/// The clue becomes work of the grid that its premises lie in, whose coordinators are told. The same at one address is one
/// clue until it is closed.
#[utoipa::path(post, path = "/api/v1/scenes", tag = "scenes", request_body = SentScene,
    responses((status = 202, body = SceneStanding, links(
        ("state" = (operation_id = "show_scene", parameters(("id" = "$response.body#/id"))))))))]
async fn send_scene(
    State(app): State<App>,
    client: ApiClient,
    reader: Reader,
    key: IdempotencyKey,
    body: Body<SentScene>,
) -> Result<Response> {
    let once = Once::new(&client, key, "scene", body.digest);
    let new = check(&app, &reader, &body.value).await?;
    let tx = app.store.begin(&reader).await?;
    if let Some(answer) = once.before(&tx).await? {
        return Ok(answer);
    }
    let id = brought::receive(&app, &tx, &client, &new).await?;
    let received = brought::of_client(&tx, client.client_id, id).await?;
    let location = format!("/api/v1/scenes/{id}");
    let response = once.keep(&tx, StatusCode::ACCEPTED, Some(&location), &standing(&received)).await?;
    // The answer goes out only after the commit (invariant 4).
    tx.commit().await?;
    Ok(response)
}

/// Which clues.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichScenes {
    /// Rows at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/scenes", tag = "scenes", params(WhichScenes),
    responses((status = 200, body = Listed<SceneStanding>)))]
async fn list_scenes(
    State(app): State<App>,
    client: ApiClient,
    headers: HeaderMap,
    Params(which): Params<WhichScenes>,
) -> Result<Response> {
    let limit = limit(which.limit)?;
    let after: Option<SceneId> = Cursor::read("scenes", which.cursor.as_deref())?;
    let rows = brought::list(&app.store.reads(), client.client_id, after, limit + 1).await?;
    let items = rows.iter().map(standing).collect();
    answer(&headers, &Listed::of("scenes", items, limit, |s: &SceneStanding| s.id.to_string()))
}

#[utoipa::path(get, path = "/api/v1/scenes/{id}", tag = "scenes",
    params(("id" = Uuid, Path, description = "Number of a clue that this client brought")),
    responses((status = 200, body = SceneStanding)))]
async fn show_scene(
    State(app): State<App>,
    client: ApiClient,
    headers: HeaderMap,
    Path(id): Path<SceneId>,
) -> Result<Response> {
    answer(&headers, &standing(&brought::of_client(&app.store.reads(), client.client_id, id).await?))
}

/// What can be found: the sub-district's list.
#[derive(Debug, Serialize, ToSchema)]
struct SceneKinds {
    /// The kinds, in the order of the list.
    items: Vec<SceneKind>,
}

/// One kind of clue.
#[derive(Debug, Serialize, ToSchema)]
struct SceneKind {
    /// Its code, for `kind`.
    kind: String,
    /// Its name.
    name: String,
    /// Its name in English.
    name_en: String,
}

#[utoipa::path(get, path = "/api/v1/scene-kinds", tag = "scenes",
    responses((status = 200, body = SceneKinds)))]
async fn list_scene_kinds(State(app): State<App>, _client: ApiClient, headers: HeaderMap) -> Result<Response> {
    let kind = |s: &policy_pack::Scene| SceneKind {
        kind: s.id.clone(),
        name: s.name().to_owned(),
        name_en: s.name_en().to_owned(),
    };
    answer(&headers, &SceneKinds { items: app.pack.scenes.iter().map(kind).collect() })
}
