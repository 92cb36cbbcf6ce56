//! What a client sent, read strictly: the right media type, whole JSON, known fields, each once.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE, request::Parts};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use sha2::{Digest, Sha256};

use crate::error::{AppError, Result};

/// A JSON body.
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// SHA-256 of its bytes, for recognising the same request again.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = AppError;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(AppError::with("api-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| match e.into_response_status() {
            StatusCode::PAYLOAD_TOO_LARGE => AppError::with("too-large", StatusCode::PAYLOAD_TOO_LARGE),
            _ => AppError::with("bad-request", StatusCode::BAD_REQUEST),
        })?;
        let value = parse(&bytes)?;
        Ok(Body { value, digest: Sha256::digest(&bytes).into() })
    }
}

trait RejectionStatus {
    fn into_response_status(self) -> StatusCode;
}
impl<R: axum::response::IntoResponse> RejectionStatus for R {
    fn into_response_status(self) -> StatusCode {
        self.into_response().status()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().is_some_and(|e| e.eq_ignore_ascii_case("application/json"));
    essence
        && parts.filter_map(|p| p.split_once('=')).all(|(name, value)| {
            let named = name.trim().eq_ignore_ascii_case("charset");
            !named || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

/// Texts end at a NUL in more than one place that they travel through; nobody's name or address has one.
const NUL: &[u8] = br"\u0000";

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let begins = bytes.iter().find(|b| !b.is_ascii_whitespace());
    let mut reading = serde_json::Deserializer::from_slice(bytes);
    let value = match serde_path_to_error::deserialize(&mut reading) {
        Ok(value) => value,
        Err(e) if e.inner().is_data() => return Err(fault(e.path(), &e.inner().to_string(), Where::Body)),
        Err(e) => return Err(malformed(e.inner())),
    };
    reading.end().map_err(|e| malformed(&e))?;
    if begins != Some(&b'{') {
        return Err(AppError::invalid().field("", "type", "api-field-type"));
    }
    if bytes.windows(NUL.len()).any(|w| w == NUL) {
        return Err(AppError::invalid().field("", "control-character", "api-field-control"));
    }
    Ok(value)
}

fn malformed(e: &serde_json::Error) -> AppError {
    AppError::with("api-json", StatusCode::BAD_REQUEST).arg("line", e.line()).arg("column", e.column())
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Body,
    Query,
}

/// The library's words quote what they stumbled over; only their beginning is looked at.
fn fault(path: &Path, words: &str, place: Where) -> AppError {
    let (code, names) = match words {
        w if w.starts_with("missing field") => ("missing", true),
        w if w.starts_with("unknown field") => ("unknown", true),
        w if w.starts_with("duplicate field") => ("duplicate", true),
        w if w.starts_with("unknown variant") => ("choice", false),
        w if w.starts_with("invalid type") => ("type", false),
        _ => ("value", false),
    };
    let mut parts: Vec<String> = path.iter().filter_map(segment).collect();
    let named = words.split('`').nth(1).filter(|_| names).map(shown);
    if let Some(named) = named.filter(|n| parts.last() != Some(n)) {
        parts.push(named);
    }
    let text = format!("api-field-{code}");
    match place {
        Where::Body => {
            let pointer: String = parts.iter().map(|p| format!("/{p}")).collect();
            AppError::invalid().field(pointer, code, text)
        }
        Where::Query => AppError::invalid().parameter(&parts.join("."), code, &text),
    }
}

fn segment(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(shown(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// A field's name as it may be told back: what was sent under a name of ours, and never what may be a value.
fn shown(name: &str) -> String {
    let ours = name.len() <= 40 && !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if ours { name.to_owned() } else { "?".to_owned() }
}

/// The query, read by name.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        query(parts.uri.query().unwrap_or("")).map(Params)
    }
}

fn query<T: DeserializeOwned>(text: &str) -> Result<T> {
    if text.contains("%00") {
        return Err(AppError::invalid().parameter("?", "control-character", "api-field-control"));
    }
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|e| fault(e.path(), &e.inner().to_string(), Where::Query))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        kind: Kind,
        #[serde(default)]
        rows: Vec<Row>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Full,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        name: String,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        limit: Option<i64>,
    }

    fn error(body: &str) -> AppError {
        parse::<Sent>(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_without_the_value() {
        for (body, pointer, code) in [
            (r#"{}"#, "/kind", "missing"),
            (r#"{"kind":"full","rows":[{"name":"赵六"},{}]}"#, "/rows/1/name", "missing"),
            (r#"{"kind":"full","rows":[{"name":17}]}"#, "/rows/0/name", "type"),
            (r#"{"kind":"赵六"}"#, "/kind", "choice"),
            (r#"{"kind":"full","kind":"full"}"#, "/kind", "duplicate"),
            (r#"{"kind":"full","rows":[{"name":"赵六","nickname":"小赵"}]}"#, "/rows/0/nickname", "unknown"),
            (r#"{"kind":"full","100101199001010000":1}"#, "/?", "unknown"),
            (r#"["full",[]]"#, "", "type"),
            (r#"{"kind":"full","rows":[{"name":"赵\u0000六"}]}"#, "", "control-character"),
        ] {
            let e = error(body);
            assert!(e.is("api-invalid"), "{body}");
            assert_eq!((e.fields[0].place.as_str(), e.fields[0].code.as_str()), (pointer, code), "{body}");
            let told = format!("{e:?}");
            assert!(!told.contains('赵') && !told.contains("1001"), "{told}");
        }
    }

    #[test]
    fn what_is_nested_deeper_than_described_ends_at_the_first_level_too_many() {
        let e = error(&format!("{{\"rows\":{}", "[".repeat(200_000)));
        assert!(e.fields[0].place.starts_with("/rows/0") && e.fields[0].code == "type", "{e:?}");
    }

    #[test]
    fn what_is_no_json_is_told_with_line_and_column() {
        for body in [r#"{"kind":"full""#, "", "x", r#"{"kind":"full"} {}"#] {
            let e = error(body);
            assert_eq!((e.code, e.status), ("api-json", StatusCode::BAD_REQUEST), "{:.30}", body);
        }
        assert!(parse::<Sent>(b"{\"kind\":\"full\",\"rows\":[{\"name\":\"\xff\"}]}").is_err(), "not UTF-8");
        let good: Sent = parse(r#" {"kind":"full","rows":[{"name":"䶮·一"}]} "#.as_bytes()).unwrap();
        assert!(matches!(good.kind, Kind::Full) && good.rows[0].name == "䶮·一");
    }

    #[test]
    fn a_parameter_is_known_readable_and_there_once() {
        for (text, name, code) in [
            ("limit=x", "limit", "value"),
            ("limit=1&limit=2", "limit", "duplicate"),
            ("page=1", "page", "unknown"),
            ("limit=%00", "?", "control-character"),
        ] {
            let e = query::<Asked>(text).unwrap_err();
            assert_eq!((e.fields[0].place.as_str(), e.fields[0].code.as_str()), (name, code), "{text}");
            assert!(e.fields[0].in_parameter);
        }
        assert_eq!(query::<Asked>("limit=7").unwrap().limit, Some(7));
        assert_eq!(query::<Asked>("").unwrap().limit, None);
    }

    #[test]
    fn only_json_in_utf_8_is_read() {
        for (kind, read) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=gbk", false),
            ("text/json", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_json(&headers), read, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
