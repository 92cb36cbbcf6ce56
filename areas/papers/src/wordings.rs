//! The sentences that the office changed, version by version. Nothing is overwritten: a document names the version that
//! it was made with.

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    texts::Lang,
    vals,
    wording::{Template, Words},
};
use sea_orm::FromQueryResult;
use serde_json::json;

#[derive(FromQueryResult)]
struct Row {
    edition: i64,
    words: String,
}

/// The words of a template that are in force.
pub async fn words(q: &impl Query, template: &dyn Template, lang: Lang) -> Result<Words> {
    let sql = "SELECT edition, words FROM paper_wording WHERE division_code = $1 AND template = $2 AND lang = $3
         ORDER BY edition DESC LIMIT 1";
    let row: Option<Row> = q.row(sql, vals![q.division(), template.code(), lang.code()]).await?;
    let Some(row) = row else { return Ok(Words::original(template, lang)) };
    let kept: BTreeMap<String, String> = serde_json::from_str(&row.words)?;
    Ok(Words::new(template, lang, row.edition, &kept))
}

/// The words for a document of a subject: those in force; or, once the subject is closed, those that its issued document
/// was made with, so that a later change of sentences does not make it another.
pub async fn words_for(
    q: &impl Query,
    template: &dyn Template,
    lang: Lang,
    (kind, subject): (&str, &str),
    closed: bool,
) -> Result<Words> {
    #[derive(FromQueryResult)]
    struct Made {
        wording: String,
    }
    if closed {
        let sql = "SELECT v.wording FROM paper p JOIN paper_version v ON v.division_code = p.division_code
             AND v.paper_id = p.paper_id WHERE p.division_code = $1 AND p.kind = $2 AND p.subject = $3
             AND v.issued_at IS NOT NULL AND v.wording IS NOT NULL ORDER BY v.edition DESC LIMIT 1";
        let made: Option<Made> = q.row(sql, vals![q.division(), kind, subject]).await?;
        if let Some(edition) = made.and_then(|m| m.wording.rsplit('/').next()?.parse().ok()) {
            return of_edition(q, template, lang, edition).await;
        }
    }
    words(q, template, lang).await
}

async fn of_edition(q: &impl Query, template: &dyn Template, lang: Lang, edition: i64) -> Result<Words> {
    let sql = "SELECT edition, words FROM paper_wording WHERE division_code = $1 AND template = $2 AND lang = $3
         AND edition = $4";
    let row: Option<Row> = q.row(sql, vals![q.division(), template.code(), lang.code(), edition]).await?;
    let Some(row) = row else { return Ok(Words::original(template, lang)) };
    let kept: BTreeMap<String, String> = serde_json::from_str(&row.words)?;
    Ok(Words::new(template, lang, row.edition, &kept))
}

/// A version of a template's words, without them.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct History {
    /// From 1.
    pub edition: i64,
    /// Whether the original was put back.
    pub is_original: bool,
    /// When.
    pub made_at: At,
    /// By whom.
    pub made_name: Option<String>,
}

/// The versions, newest first.
pub async fn history(q: &impl Query, template: &dyn Template, lang: Lang) -> Result<Vec<History>> {
    let sql = "SELECT w.edition, w.is_original, w.made_at, a.display_name AS made_name FROM paper_wording w
         LEFT JOIN account a ON a.division_code = w.division_code AND a.account_id = w.made_by
         WHERE w.division_code = $1 AND w.template = $2 AND w.lang = $3 ORDER BY w.edition DESC LIMIT 50";
    q.rows(sql, vals![q.division(), template.code(), lang.code()]).await
}

/// Keeps new words as the next version after `seen`; none puts the original back. What was typed has been checked slot by
/// slot by [`linli_platform::wording::check`].
///
/// # Errors
/// `stale-version` if there is a newer version than the page showed.
pub async fn change(
    tx: &Tx,
    template: &dyn Template,
    lang: Lang,
    seen: i64,
    words: Option<&BTreeMap<String, String>>,
) -> Result<i64> {
    if self::words(tx, template, lang).await?.version != seen {
        return Err(AppError::stale());
    }
    let edition = seen + 1;
    let kept = match words {
        Some(words) => serde_json::to_string(words)?,
        None => "{}".to_owned(),
    };
    let columns = ["division_code", "template", "lang", "edition", "words", "is_original", "made_at", "made_by"];
    let row = vals![
        tx.division(),
        template.code(),
        lang.code(),
        edition,
        kept,
        words.is_none(),
        tx.now(),
        tx.reader().account
    ];
    tx.insert_many("paper_wording", &columns, vec![row]).await?;
    let body = json!({ "kind": template.code(), "lang": lang.code(), "edition": edition, "original": words.is_none() });
    let subject = SubjectRef::new("wording", tx.new_id::<uuid::Uuid>(), None);
    tx.event(NewEvent::new("wording.changed", subject).version(edition).body(body)).await?;
    Ok(edition)
}
