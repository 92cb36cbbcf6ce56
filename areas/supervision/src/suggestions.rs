//! Suggestions and objections (意见建议, R33): any colleague brings one forward, the task force answers within the policy
//! pack's working days. Whoever brought it sees it and its answer, and so does the task force; nobody else.

use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    clock::At,
    deadline,
    event::{NewEvent, SubjectRef},
    free_text,
    ids::AccountId,
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_work::notices::{self, Arg, To, args};
use policy_pack::DeadlineId;
use sea_orm::{FromQueryResult, Value};

use crate::{codes::SuggestionKind, ids::SuggestionId};

/// The longest text of a suggestion or its answer.
pub const WORDS_MAX_CHARS: usize = 1_000;

/// A suggestion.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SuggestionRow {
    /// Id.
    pub suggestion_id: SuggestionId,
    /// Code of its [`SuggestionKind`].
    pub kind: String,
    /// The text.
    pub words: String,
    /// Who brought it forward.
    pub account_id: AccountId,
    /// That colleague's name.
    pub account_name: Option<String>,
    /// When.
    pub made_at: At,
    /// By when it is to be answered.
    pub due_at: At,
    /// `open` or `answered`.
    pub state: String,
    /// The answer.
    pub answer: String,
    /// When it was given.
    pub answered_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl SuggestionRow {
    /// Whether it waits for an answer.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
    /// Whether it was answered late, or is not answered and its time is over.
    pub fn is_late(&self, now: At) -> bool {
        self.answered_at.unwrap_or(now) > self.due_at
    }
}

/// What is brought forward.
#[derive(Debug, Clone)]
pub struct NewSuggestion {
    /// Its kind.
    pub kind: SuggestionKind,
    /// The text.
    pub words: String,
}

pub(crate) fn subject(id: SuggestionId) -> SubjectRef {
    SubjectRef::new("suggestion", id, None)
}

/// A guarded text of the area: neither empty nor too long, without anybody's number or an excluded word.
pub(crate) fn guarded<'a>(text: &'a str, max: usize, rule: &'static str) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > max {
        return Err(AppError::rule(rule).arg("max", max));
    }
    free_text::check(text)?;
    Ok(text)
}

/// Brings something forward in the name of the transaction's reader. The clock begins to run.
///
/// # Errors
/// `suggestion-words`, `free-text-number`, `free-text-word`; `workday-year`.
pub async fn make(app: &App, tx: &Tx, new: NewSuggestion) -> Result<SuggestionId> {
    let words = guarded(&new.words, WORDS_MAX_CHARS, "suggestion-words")?;
    let due_at = deadline::due_at(&app.pack, &app.calendar, DeadlineId::SuggestionAnswer, tx.now())?;
    let id: SuggestionId = tx.new_id();
    tx.insert_many(
        "suggestion",
        &[
            "division_code",
            "suggestion_id",
            "kind",
            "words",
            "account_id",
            "made_at",
            "due_at",
            "state",
            "answer",
            "version",
        ],
        vec![vals![
            tx.division(),
            id,
            new.kind.code(),
            words,
            tx.reader().account,
            tx.now(),
            due_at,
            "open",
            "",
            1_i64
        ]],
    )
    .await?;
    let body = serde_json::json!({ "kind": new.kind.code() });
    tx.event(NewEvent::new("suggestion.made", subject(id)).body(body)).await?;
    let told = args(&[("day", Arg::Day(due_at.day()))]);
    if let Some(grid) = linli_territory::all_grids(tx).await?.first() {
        // A notice for a role is sent by way of a grid; the task force's scope holds them all.
        let to = To::Role(Role::TaskForce, grid.grid_id);
        notices::send(tx, to, "notice-suggestion-made", &told, &format!("/suggestions/{id}")).await?;
    }
    Ok(id)
}

const COLUMNS: &str =
    "s.suggestion_id, s.kind, s.words, s.account_id, a.display_name AS account_name, s.made_at, s.due_at,
 s.state, s.answer, s.answered_at, s.version";
const JOIN: &str = "LEFT JOIN account a ON a.division_code = s.division_code AND a.account_id = s.account_id";

/// The task force sees all, everybody else the own.
fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    if reader.may(Action::SuggestionAnswer) {
        return "1 = 1".to_owned();
    }
    values.push(reader.account.into());
    format!("s.account_id = ${}", values.len())
}

/// A page of those that are open, or of those that were answered, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, open: bool, paging: &Paging) -> Result<(Vec<SuggestionRow>, i64)> {
    let mut values = vals![q.division(), if open { "open" } else { "answered" }];
    let seen = seen(reader, &mut values);
    let condition = format!("s.division_code = $1 AND s.state = $2 AND {seen}");
    let total = q.number(&format!("SELECT COUNT(*) FROM suggestion s WHERE {condition}"), values.clone()).await?;
    let order = if open { "s.due_at" } else { "s.answered_at DESC" };
    let sql = format!(
        "SELECT {COLUMNS} FROM suggestion s {JOIN} WHERE {condition} ORDER BY {order}, s.suggestion_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: SuggestionId) -> Result<SuggestionRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM suggestion s {JOIN} WHERE s.division_code = $1 AND s.suggestion_id = $2 AND {seen}"
    );
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Answers in the name of the task force and tells whoever brought it forward.
///
/// # Errors
/// `not-found`; `suggestion-answered`; `suggestion-answer`, `free-text-number`, `free-text-word`; `stale-version`.
pub async fn answer(tx: &Tx, id: SuggestionId, version: i64, words: &str) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    if !row.is_open() {
        return Err(AppError::rule("suggestion-answered"));
    }
    let words = guarded(words, WORDS_MAX_CHARS, "suggestion-answer")?;
    tx.execute_one(
        "UPDATE suggestion SET state = 'answered', answer = $4, answered_at = $5, answered_by = $6, version = version + 1
         WHERE division_code = $1 AND suggestion_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, words, tx.now(), tx.reader().account],
    )
    .await?;
    let body = serde_json::json!({ "in-time": tx.now() <= row.due_at });
    tx.event(NewEvent::new("suggestion.answered", subject(id)).version(version + 1).body(body)).await?;
    let told = args(&[("day", Arg::Day(row.made_at.day()))]);
    notices::send(tx, To::Account(row.account_id), "notice-suggestion-answered", &told, &format!("/suggestions/{id}"))
        .await?;
    Ok(())
}
