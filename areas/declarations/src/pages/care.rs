//! Care visits (关爱走访): the resident agrees, and takes it back at once.

use axum::{extract::State, response::Response};
use linli_platform::{Result, app::App, web};
use linli_register::care;

use super::entered::Entered;

/// `POST /me/care`
pub(super) async fn give(State(app): State<App>, Entered(own): Entered) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    care::give(&tx, own.resident).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/me#care"), "care-given"))
}

/// `POST /me/care/revocation`
pub(super) async fn revoke(State(app): State<App>, Entered(own): Entered) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    care::revoke(&tx, own.resident).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/me#care"), "care-revoked"))
}
