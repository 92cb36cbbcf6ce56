//! Somebody behind the entrance.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse as _, Response},
};
use http::request::Parts;
use linli_platform::{app::App, web};

use crate::entrance::{self, Own, SESSION_COOKIE};

/// The visit that a request belongs to. Whoever has none is sent to the entrance.
pub(super) struct Entered(pub Own);

impl FromRequestParts<App> for Entered {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Some(token) = entrance::token_of(&parts.headers, SESSION_COOKIE, app.secure_cookies) else {
            return Err(web::redirect("/me/entrance"));
        };
        match entrance::load(&app.store, &token).await {
            Ok(Some(own)) => Ok(Entered(own)),
            Ok(None) => Err(web::flash(web::redirect("/me/entrance"), "own-visit-over")),
            Err(e) => Err(e.into_response()),
        }
    }
}
