//! What went wrong, for a program: `application/problem+json` (RFC 9457) with a stable code, and where it lies in what
//! was sent. Neither the text nor a pointer holds a value that was sent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header::CONTENT_TYPE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{error::AppError, texts::T};

/// What went wrong (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:linli:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// In words, in the language of `Accept-Language`.
    title: String,
    /// The status of the answer.
    status: u16,
    /// Stable; act on this, never on the words.
    code: String,
    /// What is wrong with what was sent, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
}

/// What is wrong at one place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) into the body; empty for the body as a whole. Absent for a parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The query parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Stable.
    code: String,
    /// In words, in the language of `Accept-Language`.
    detail: String,
}

/// The media type.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// The answer for an error.
pub(crate) fn respond(t: &T, error: &AppError) -> Response {
    let errors = error.fields.iter().map(|f| FieldProblem {
        pointer: (!f.in_parameter).then(|| f.place.clone()),
        parameter: f.in_parameter.then(|| f.place.clone()),
        code: f.code.clone(),
        detail: t.all(&f.text, &f.args),
    });
    let problem = Problem {
        kind: format!("urn:linli:problem:{}", error.code),
        title: t.error(error),
        status: error.status.as_u16(),
        code: error.code.to_owned(),
        errors: errors.collect(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (error.status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}
