//! What the phone page asks for and sends, as JSON.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use linli_platform::{AppError, Result, app::App, reader::Reader};
use serde::Deserialize;
use serde_json::json;

use super::{
    apply, assignment,
    devices::{self, Device, Label, Stranger},
    entry::{ENTRIES_MAX, Sending},
    epoch, received,
};
use crate::ids::{DeviceId, EntryId};

fn stranger(why: Stranger) -> Response {
    match why {
        Stranger::Unknown => (StatusCode::NOT_FOUND, Json(json!({ "device": "unknown" }))).into_response(),
        Stranger::OfAnother => (StatusCode::CONFLICT, Json(json!({ "other_account": true }))).into_response(),
    }
}

fn gone() -> Response {
    (StatusCode::GONE, Json(json!({ "revoked": true }))).into_response()
}

/// The phone that an address names.
#[derive(Deserialize)]
pub(crate) struct OfDevice {
    device: DeviceId,
}

/// `GET /field/assignment?device=`
pub(crate) async fn assignment(State(app): State<App>, reader: Reader, Query(of): Query<OfDevice>) -> Result<Response> {
    let device = match devices::own(&app.store.reads(), &reader, of.device).await? {
        Ok(Device { revoked_at: Some(_), .. }) => return Ok(gone()),
        Ok(device) => device,
        Err(why) => return Ok(stranger(why)),
    };
    devices::spoke(&app, &reader, &device, true).await?;
    let epoch = epoch::current(&app.store.reads()).await?;
    Ok(Json(assignment::of(&app, &reader, &device, &epoch).await?).into_response())
}

fn body<T: for<'de> Deserialize<'de>>(bytes: &Bytes) -> Result<T> {
    // The library's message may quote what was sent.
    serde_json::from_slice(bytes).map_err(|_| AppError::rule("malformed"))
}

#[derive(Deserialize)]
struct NewDevice {
    device_id: DeviceId,
    #[serde(default)]
    label: String,
}

/// `POST /field/devices`
pub(crate) async fn register(State(app): State<App>, reader: Reader, bytes: Bytes) -> Result<Response> {
    let new: NewDevice = body(&bytes)?;
    let label = Label::from_code(&new.label).unwrap_or(Label::Phone);
    Ok(match devices::register(&app, &reader, new.device_id, label).await? {
        Ok(Device { revoked_at: Some(_), .. }) => gone(),
        Ok(device) => Json(json!({ "device_id": device.device_id, "label": device.label })).into_response(),
        Err(why) => stranger(why),
    })
}

/// `GET /field/devices/{id}/state`: for a phone whose session has ended. A phone's id is known to itself alone.
pub(crate) async fn state(State(app): State<App>, Path(id): Path<DeviceId>) -> Result<Response> {
    let device = devices::find(&app.store.reads(), id).await?;
    let revoked = device.is_some_and(|d| d.revoked_at.is_some());
    Ok(Json(json!({ "revoked": revoked })).into_response())
}

/// `POST /field/entries`: each entry by itself, in the order sent.
pub(crate) async fn entries(State(app): State<App>, reader: Reader, bytes: Bytes) -> Result<Response> {
    let sending: Sending = body(&bytes)?;
    if sending.entries.len() > ENTRIES_MAX {
        return Err(AppError::rule("too-many").arg("max", ENTRIES_MAX));
    }
    let device = match devices::own(&app.store.reads(), &reader, sending.device_id).await? {
        Ok(device) => device,
        Err(why) => return Ok(stranger(why)),
    };
    devices::spoke(&app, &reader, &device, false).await?;
    let mut results = Vec::with_capacity(sending.entries.len());
    for envelope in &sending.entries {
        results.push(apply::receive(&app, &reader, &device, envelope).await);
    }
    let epoch = epoch::current(&app.store.reads()).await?;
    if sending.epoch.as_ref().is_some_and(|known| *known != epoch) {
        tracing::info!("a phone learns of another epoch");
    }
    Ok(Json(json!({ "epoch": epoch, "revoked": device.revoked_at.is_some(), "results": results })).into_response())
}

/// `GET /field/entries/{id}`: for a sending whose answer was lost.
pub(crate) async fn entry(State(app): State<App>, reader: Reader, Path(id): Path<EntryId>) -> Result<Response> {
    let earlier = received::find(&app.store.reads(), id).await?.filter(|e| e.account == reader.account);
    let earlier = earlier.ok_or_else(AppError::not_found)?;
    Ok(Json(earlier.answer).into_response())
}
