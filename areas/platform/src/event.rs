//! Events: every change has one beside it, in the same transaction, with who, when seen, when received, when entered.

use uuid::Uuid;

use crate::{
    clock::At,
    error::Result,
    ids::{EventId, GridId},
    record,
    store::Tx,
};

/// What an event or an access record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectRef {
    /// `resident`, `home`, `employer`, `address`, `grid`, `account`, `roster` …
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The grid it lies in, where it lies in one.
    pub grid: Option<GridId>,
}

impl SubjectRef {
    /// A subject.
    pub fn new(kind: &'static str, id: impl Into<Uuid>, grid: Option<GridId>) -> Self {
        SubjectRef { kind, id: id.into(), grid }
    }
}

/// An event about to be recorded. `body` holds codes, numbers and ids; never a personal value.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Stable kind, e.g. `resident.registered`, `home.verified`. Fluent text: `event-<kind with dots as dashes>`.
    pub kind: &'static str,
    /// What it is about.
    pub subject: SubjectRef,
    /// When the fact was seen in the world, if it was (R10's clock starts here).
    pub seen_at: Option<At>,
    /// When it reached the office, if earlier than it was entered.
    pub received_at: Option<At>,
    /// The subject's version after the change.
    pub version: i64,
    /// Codes and numbers.
    pub body: serde_json::Value,
}

impl NewEvent {
    /// An event seen and entered now.
    pub fn new(kind: &'static str, subject: SubjectRef) -> Self {
        NewEvent { kind, subject, seen_at: None, received_at: None, version: 1, body: serde_json::Value::Null }
    }
    /// With a body.
    #[must_use]
    pub fn body(mut self, body: serde_json::Value) -> Self {
        self.body = body;
        self
    }
    /// With the version the subject now has.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }
    /// With the instant it was seen.
    #[must_use]
    pub fn seen(mut self, at: Option<At>) -> Self {
        self.seen_at = at;
        self
    }
}

impl Tx {
    /// Records one event with a leaf of its own.
    pub async fn event(&self, event: NewEvent) -> Result<EventId> {
        Ok(self.events(vec![event]).await?[0])
    }
    /// Records events; a leaf covers up to 1,000 of them.
    pub async fn events(&self, events: Vec<NewEvent>) -> Result<Vec<EventId>> {
        record::events(self, events, None).await
    }
    /// Records events that were entered earlier: building the past of a demonstration.
    pub async fn events_entered(&self, events: Vec<(NewEvent, At)>) -> Result<Vec<EventId>> {
        let (events, entered): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        record::events(self, events, Some(entered)).await
    }
}
