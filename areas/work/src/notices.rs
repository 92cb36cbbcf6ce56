//! Notices (提醒): to one colleague, or to whoever holds a role in a grid. A notice is a text's key with numbers, days
//! and names of places or organisations; there is no way to write a person's data into one.

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Day},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Query, Tx},
    texts::T,
    vals,
};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use crate::{ids::NoticeId, push::queue};

/// An argument of a coded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arg {
    /// A number.
    Number(i64),
    /// A day.
    Day(Day),
    /// The key of another text.
    Text(String),
    /// The name of a grid, a committee, premises or an organisation. Never of a person.
    Name(String),
}

/// Arguments by name.
pub type Args = BTreeMap<String, Arg>;

/// Arguments of a coded text.
pub fn args(list: &[(&str, Arg)]) -> Args {
    list.iter().map(|(name, arg)| ((*name).to_owned(), arg.clone())).collect()
}

/// A coded text in the page's language. Arguments that do not parse are left out.
pub fn show(t: &T, key: &str, stored: &str) -> String {
    let args: Args = serde_json::from_str(stored).unwrap_or_default();
    t.all(key, &shown(t, &args))
}

/// Arguments as the page's language has them.
pub fn shown<'a>(t: &T, args: &'a Args) -> Vec<(&'a str, String)> {
    args.iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Number(n) => n.to_string(),
                Arg::Day(day) => day.to_string(),
                Arg::Text(key) => t.s(key),
                Arg::Name(name) => name.clone(),
            };
            (name.as_str(), value)
        })
        .collect()
}

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// One colleague.
    Account(AccountId),
    /// Whoever holds the role in the grid.
    Role(Role, GridId),
}

/// Sends a notice. `href` is a path of this site that leads to the work; its text key is `key`.
pub async fn send(tx: &Tx, to: To, key: &'static str, args: &Args, href: &str) -> Result<NoticeId> {
    let id: NoticeId = tx.new_id();
    let (account, role, grid) = match to {
        To::Account(account) => (Some(account), None, None),
        To::Role(role, grid) => (None, Some(role.code()), Some(grid)),
    };
    tx.housekeeping("a notice tells of something that has its own event");
    tx.insert_many(
        "notice",
        &["division_code", "notice_id", "account_id", "role", "grid_id", "text_key", "args", "href", "made_at"],
        vec![vals![tx.division(), id, account, role, grid, key, serde_json::to_string(args)?, href, tx.now()]],
    )
    .await?;
    queue::add(tx, id).await?;
    Ok(id)
}

/// A notice as its reader sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct NoticeRow {
    /// Id.
    pub notice_id: NoticeId,
    /// Key of the text.
    pub text_key: String,
    /// Arguments, for [`show`].
    pub args: String,
    /// Where the work is.
    pub href: String,
    /// When it was sent.
    pub made_at: At,
    /// When this reader read it.
    pub read_at: Option<At>,
}

/// The condition for notices meant for a reader.
fn meant(reader: &Reader, values: &mut Vec<Value>) -> String {
    values.push(reader.account.into());
    let own = format!("n.account_id = ${}", values.len());
    if reader.roles.is_empty() {
        return own;
    }
    let first = values.len() + 1;
    values.extend(reader.roles.iter().map(|r| Value::from(r.code())));
    let roles: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let scope = match &reader.scope {
        // A notice to a grid's role is for those who hold it there.
        Scope::Division => "n.grid_id IS NOT NULL".to_owned(),
        scope @ Scope::Grids(_) => scope.sql("n.grid_id", values),
    };
    format!("({own} OR (n.role IN ({}) AND {scope}))", roles.join(", "))
}

const JOIN: &str = "FROM notice n LEFT JOIN notice_receipt r ON r.division_code = n.division_code
 AND r.notice_id = n.notice_id AND r.account_id = $2 WHERE n.division_code = $1";

/// The reader's last notices, unread ones first.
pub async fn list(q: &impl Query, reader: &Reader, limit: u16) -> Result<Vec<NoticeRow>> {
    let mut values = vals![q.division(), reader.account];
    let meant = meant(reader, &mut values);
    let sql = format!(
        "SELECT n.notice_id, n.text_key, n.args, n.href, n.made_at, r.read_at {JOIN} AND {meant}
         ORDER BY CASE WHEN r.read_at IS NULL THEN 0 ELSE 1 END, n.made_at DESC, n.notice_id LIMIT {limit}"
    );
    q.rows(&sql, values).await
}

/// How many notices the reader has not read.
pub async fn count_unread(q: &impl Query, reader: &Reader) -> Result<i64> {
    let mut values = vals![q.division(), reader.account];
    let meant = meant(reader, &mut values);
    q.number(&format!("SELECT COUNT(*) {JOIN} AND r.read_at IS NULL AND {meant}"), values).await
}

/// Those among some notices that are meant for a reader who has not read them, the oldest first, with the keys of their
/// texts.
pub(crate) async fn unread_of(q: &impl Query, reader: &Reader, ids: &[NoticeId]) -> Result<Vec<(NoticeId, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        notice_id: NoticeId,
        text_key: String,
    }
    let mut values = vals![q.division(), reader.account];
    let meant = meant(reader, &mut values);
    let first = values.len() + 1;
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT n.notice_id, n.text_key {JOIN} AND r.read_at IS NULL AND n.notice_id IN ({}) AND {meant}
         ORDER BY n.made_at, n.notice_id",
        marks.join(", ")
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| (r.notice_id, r.text_key)).collect())
}

/// The path that a notice leads to.
///
/// # Errors
/// `not-found` if it is meant for others.
pub async fn leads_to(q: &impl Query, reader: &Reader, id: NoticeId) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Row {
        href: String,
    }
    let mut values = vals![q.division(), reader.account, id];
    let meant = meant(reader, &mut values);
    let row: Option<Row> = q.row(&format!("SELECT n.href {JOIN} AND n.notice_id = $3 AND {meant}"), values).await?;
    row.map(|r| r.href).ok_or_else(AppError::not_found)
}

/// Marks a notice as read by the transaction's reader; the path it leads to.
///
/// # Errors
/// `not-found` if it is meant for others.
pub async fn mark_read(tx: &Tx, id: NoticeId) -> Result<String> {
    let href = leads_to(tx, tx.reader(), id).await?;
    tx.housekeeping("that a colleague read a notice changes nothing in the world");
    tx.execute(
        "INSERT INTO notice_receipt (division_code, notice_id, account_id, read_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (division_code, notice_id, account_id) DO NOTHING",
        vals![tx.division(), id, tx.reader().account, tx.now()],
    )
    .await?;
    Ok(href)
}
