//! Before every operation: which client is it, is it admitted to this, and does it ask too often.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE},
    request::Parts,
};

use super::{ApiClient, ApiScope, clients, limit};
use crate::{
    app::App,
    error::{AppError, Result},
    web::visit::Visit,
};

/// Lets a request through to an operation, in the name of its client. Sessions of people count for nothing here.
pub(crate) async fn layer(State(needed): State<Option<ApiScope>>, mut request: Request, next: Next) -> Response {
    let Some(visit) = request.extensions().get::<Arc<Visit>>().cloned() else {
        return AppError::internal("an operation outside of the router").into_response();
    };
    let client = match admit(&visit.app, request.headers(), needed).await {
        Ok(client) => client,
        Err(e) => return refused(e),
    };
    let reader = match needed {
        Some(scope) => client.reader().doing(scope.action()),
        None => client.reader(),
    };
    let of_client = Visit { reader: Some(reader), user: None, token: None, ..Visit::clone(&visit) };
    request.extensions_mut().insert(Arc::new(of_client));
    request.extensions_mut().insert(Arc::new(client));
    next.run(request).await
}

/// One answer for every token that opens nothing: unknown, wrong, revoked, not yet or no longer valid.
fn unknown() -> AppError {
    AppError::with("api-client-unknown", StatusCode::UNAUTHORIZED)
}

async fn admit(app: &App, headers: &HeaderMap, needed: Option<ApiScope>) -> Result<ApiClient> {
    let token = bearer(headers).ok_or_else(unknown)?;
    let client = clients::authenticate(app, token).await?.ok_or_else(unknown)?;
    limit::take(&app.store, &client).await?;
    match needed {
        Some(scope) if !client.scopes.contains(&scope) => {
            Err(AppError::with("api-scope", StatusCode::FORBIDDEN).arg("scope", scope.code()))
        }
        _ => Ok(client),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refused(e: AppError) -> Response {
    let wait = e.args.iter().find(|(name, _)| *name == "seconds").and_then(|(_, s)| HeaderValue::from_str(s).ok());
    let status = e.status;
    let mut response = e.into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"linli\""));
    }
    if let Some(seconds) = wait.filter(|_| status == StatusCode::TOO_MANY_REQUESTS) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

impl<S: Send + Sync> FromRequestParts<S> for ApiClient {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let client = parts.extensions.get::<Arc<ApiClient>>();
        client.map(|c| ApiClient::clone(c)).ok_or_else(unknown)
    }
}
