//! Errors of the application: a stable code, a text for the person at the screen, and an inner cause that is
//! logged and never shown.

use http::StatusCode;

/// Result with [`AppError`].
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// What went wrong, as the person at the screen is told it.
///
/// `code` is stable and doubles as the Fluent key of the text: `error-<code>`.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct AppError {
    /// Stable code, e.g. `not-found`, `scope`, `basis-missing`, `stale-version`.
    pub code: &'static str,
    /// HTTP status of a page that ends in it.
    pub status: StatusCode,
    /// Arguments of the text; never personal values.
    pub args: Vec<(&'static str, String)>,
    /// The cause for the log.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// What is wrong place by place, where a program sent it; a form shows the same at its fields.
    pub fields: Vec<FieldFault>,
}

/// What is wrong at one place of what a program sent. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON pointer (RFC 6901), or the name of the parameter.
    pub place: String,
    /// Whether it is a parameter.
    pub in_parameter: bool,
    /// Stable code.
    pub code: String,
    /// Key of the text.
    pub text: String,
    /// Its arguments.
    pub args: Vec<(&'static str, String)>,
}

impl AppError {
    /// An error the person can act on (status 422).
    pub fn rule(code: &'static str) -> Self {
        Self::with(code, StatusCode::UNPROCESSABLE_ENTITY)
    }
    /// Something that does not exist, or lies outside the reader's scope: the two are not told apart.
    pub fn not_found() -> Self {
        Self::with("not-found", StatusCode::NOT_FOUND)
    }
    /// The reader's roles do not allow the action.
    pub fn forbidden() -> Self {
        Self::with("forbidden", StatusCode::FORBIDDEN)
    }
    /// Somebody else changed the record in the meantime.
    pub fn stale() -> Self {
        Self::with("stale-version", StatusCode::CONFLICT)
    }
    /// A fault of ours.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::with("internal", StatusCode::INTERNAL_SERVER_ERROR) }
    }
    /// Any code and status.
    pub fn with(code: &'static str, status: StatusCode) -> Self {
        Self { code, status, args: Vec::new(), cause: None, fields: Vec::new() }
    }
    /// What a program sent is not as described; each place is added by [`field`](AppError::field).
    pub fn invalid() -> Self {
        Self::rule("api-invalid")
    }
    /// Adds what is wrong at a place of the body: its JSON pointer, a stable code, and the key of its text.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, code: &str, text: impl Into<String>) -> Self {
        let fault = FieldFault {
            place: pointer.into(),
            in_parameter: false,
            code: code.to_owned(),
            text: text.into(),
            args: Vec::new(),
        };
        self.fields.push(fault);
        self
    }
    /// Adds what is wrong with a query parameter or a header.
    #[must_use]
    pub fn parameter(mut self, name: &str, code: &str, text: &str) -> Self {
        self = self.field(name, code, text);
        if let Some(last) = self.fields.last_mut() {
            last.in_parameter = true;
        }
        self
    }
    /// With the arguments of the text of the place added last.
    #[must_use]
    pub fn field_args(mut self, args: Vec<(&'static str, String)>) -> Self {
        if let Some(last) = self.fields.last_mut() {
            last.args = args;
        }
        self
    }
    /// Adds an argument of the text.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// Whether it says so.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

/// JSON that could not be read or written. The library's own message quotes the value it stumbled over, which may be
/// somebody's; what is logged says where it stood and no more.
#[derive(Debug, thiserror::Error)]
#[error("JSON: {kind:?} error at line {line}, column {column}")]
struct JsonFault {
    kind: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl From<sea_orm::DbErr> for AppError {
    fn from(e: sea_orm::DbErr) -> Self {
        Self::internal(e)
    }
}
impl From<serde_json::Error> for AppError {
    fn from(e: serde_json::Error) -> Self {
        Self::internal(JsonFault { kind: e.classify(), line: e.line(), column: e.column() })
    }
}
impl From<std::io::Error> for AppError {
    fn from(e: std::io::Error) -> Self {
        Self::internal(e)
    }
}
impl From<askama::Error> for AppError {
    fn from(e: askama::Error) -> Self {
        Self::internal(e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_error_keeps_where_it_stood_and_drops_the_value_it_would_quote() {
        let error = serde_json::from_str::<u32>("\"赵六 100101199001010000\"").unwrap_err();
        assert!(error.to_string().contains("赵六"), "the library quotes the value: {error}");
        let cause = AppError::from(error).cause.expect("a cause for the log");
        let logged = format!("{cause} {cause:?}");
        assert!(logged.contains("line 1"), "{logged}");
        assert!(!logged.contains("赵六") && !logged.contains("1001"), "{logged}");
    }
}
