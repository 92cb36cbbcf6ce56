//! Proposing to erase one record for good.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{Result, app::App, reader::Reader, web};
use serde::Deserialize;

use crate::{erasure, ids::ResidentId};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    reason: String,
}

/// `POST /residents/{id}/erasure`: nothing is erased before another person approved it.
pub(super) async fn propose(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let proposal = erasure::propose(&app, &tx, id, &asked.reason).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/proposals/{proposal}")), "proposal-made-now"))
}
