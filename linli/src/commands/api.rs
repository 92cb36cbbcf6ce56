//! The interface for other systems, described.

use linli_platform::{AppError, api, texts::T, web};

use crate::{areas::areas, failure::Outcome};

/// Prints the OpenAPI document that a server serves at `/api/v1/openapi.json`.
///
/// # Errors
/// None that a user could cause.
pub fn print_document(t: &T) -> Outcome {
    let (own, areas) = (web::own_areas(), areas());
    let routes = web::with_own(&own, &areas).flat_map(|a| &a.api);
    let described: Vec<_> = routes.map(|r| r.described.clone()).collect();
    let text = serde_json::to_string_pretty(&api::document(&described, t)).map_err(AppError::from)?;
    crate::say!("{text}");
    Ok(())
}
