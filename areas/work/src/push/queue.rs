//! What waits: notices not yet looked up for whom they are meant, and messages to devices.

use std::collections::HashMap;

use linli_platform::{
    Result,
    app::App,
    ids::{AccountId, PushId},
    push,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use super::PushKind;
use crate::{
    ids::NoticeId,
    notices,
    outward::outbox::{ATTEMPTS, pause_s},
};

/// Notices looked up at once.
const NOTICES: usize = 500;
/// Messages sent at once.
const MESSAGES: usize = 100;

/// A notice is to be looked up, if anybody has a device. In the notice's own transaction.
pub(crate) async fn add(tx: &Tx, notice: NoticeId) -> Result<()> {
    let some = "SELECT COUNT(*) FROM (SELECT push_id FROM push_device WHERE division_code = $1 LIMIT 1) d";
    if tx.number(some, vals![tx.division()]).await? > 0 {
        let row = vals![tx.division(), notice, tx.now()];
        tx.insert_many("push_waiting", &["division_code", "notice_id", "made_at"], vec![row]).await?;
    }
    Ok(())
}

fn marks(values: &mut Vec<Value>, ids: &[NoticeId]) -> String {
    let first = values.len() + 1;
    values.extend(ids.iter().map(|id| Value::from(*id)));
    (first..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Looks up for whom the notices that wait are meant, as their own page would, and makes the messages to their devices. Of
/// several of one kind the last is told.
pub(super) async fn spread(app: &App) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        notice_id: NoticeId,
    }
    let q = app.store.reads();
    let sql = format!(
        "SELECT notice_id FROM push_waiting WHERE division_code = $1 ORDER BY made_at, notice_id LIMIT {NOTICES}"
    );
    let rows: Vec<Row> = q.rows(&sql, vals![q.division()]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<NoticeId> = rows.iter().map(|r| r.notice_id).collect();
    let mut told: HashMap<(AccountId, PushKind), NoticeId> = HashMap::new();
    for reader in push::readers(app).await? {
        for (notice, text_key) in notices::unread_of(&q, &reader, &ids).await? {
            told.insert((reader.account, PushKind::of(&text_key)), notice);
        }
    }
    let tx = app.store.begin(&Reader::system()).await?;
    tx.housekeeping("what is told of a notice has the notice's own ground");
    let mut values = vals![tx.division()];
    let list = marks(&mut values, &ids);
    let taken = tx
        .execute(&format!("DELETE FROM push_waiting WHERE division_code = $1 AND notice_id IN ({list})"), values)
        .await?;
    if taken != ids.len() as u64 {
        // Another process was faster with some of them; the others are looked up again.
        return Ok(());
    }
    for ((account, kind), notice) in told {
        for device in push::of_account(&tx, account).await? {
            message(&tx, device.push_id, account, kind, notice).await?;
        }
    }
    tx.commit().await
}

async fn message(tx: &Tx, device: PushId, account: AccountId, kind: PushKind, notice: NoticeId) -> Result<()> {
    tx.execute(
        "INSERT INTO push_message (division_code, push_id, kind, account_id, notice_id, attempts, made_at, next_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
         ON CONFLICT (division_code, push_id, kind) DO UPDATE SET notice_id = excluded.notice_id",
        vals![tx.division(), device, kind.code(), account, notice, tx.now(), tx.now()],
    )
    .await?;
    Ok(())
}

/// A message about to go out.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Due {
    pub push_id: PushId,
    pub kind: String,
    pub account_id: AccountId,
    pub notice_id: NoticeId,
    pub language: String,
    pub attempts: i64,
}

impl Due {
    pub fn kind(&self) -> PushKind {
        PushKind::from_code(&self.kind).unwrap_or(PushKind::Work)
    }
}

/// Takes what is due, the longest first, each for one attempt; what was read or has no device any more goes.
pub(super) async fn take(app: &App) -> Result<Vec<(Due, push::Subscription)>> {
    let q = app.store.reads();
    let due = "SELECT COUNT(*) FROM push_message WHERE division_code = $1 AND next_at <= $2";
    if q.number(due, vals![q.division(), q.store().now()]).await? == 0 {
        return Ok(Vec::new());
    }
    let tx = app.store.begin(&Reader::system()).await?;
    tx.housekeeping("an attempt is noted before it is made");
    tx.execute(
        "DELETE FROM push_message WHERE division_code = $1 AND (
           NOT EXISTS (SELECT 1 FROM push_device d WHERE d.division_code = push_message.division_code
             AND d.push_id = push_message.push_id)
           OR EXISTS (SELECT 1 FROM notice_receipt r WHERE r.division_code = push_message.division_code
             AND r.notice_id = push_message.notice_id AND r.account_id = push_message.account_id))",
        vals![tx.division()],
    )
    .await?;
    let sql = format!(
        "SELECT m.push_id, m.kind, m.account_id, m.notice_id, a.language, m.attempts FROM push_message m
         JOIN account a ON a.division_code = m.division_code AND a.account_id = m.account_id
         WHERE m.division_code = $1 AND m.next_at <= $2 ORDER BY m.next_at, m.push_id, m.kind LIMIT {MESSAGES}"
    );
    let due: Vec<Due> = tx.rows(&sql, vals![tx.division(), tx.now()]).await?;
    let mut taken = Vec::with_capacity(due.len());
    for one in due {
        let next = tx.now().plus_s(pause_s(one.attempts + 1));
        let sql = "UPDATE push_message SET attempts = attempts + 1, next_at = $4
             WHERE division_code = $1 AND push_id = $2 AND kind = $3 AND attempts = $5";
        let values = vals![tx.division(), one.push_id, one.kind.as_str(), next, one.attempts];
        if tx.execute(sql, values).await? == 1 {
            taken.push(one);
        }
    }
    let mut ids: Vec<PushId> = taken.iter().map(|d| d.push_id).collect();
    ids.sort();
    ids.dedup();
    let opened: HashMap<PushId, push::Subscription> = push::open(&tx, &ids).await?.into_iter().collect();
    tx.commit().await?;
    Ok(taken.into_iter().filter_map(|d| opened.get(&d.push_id).cloned().map(|to| (d, to))).collect())
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The push service has it.
    Arrived,
    /// Not now; not before so many seconds.
    Later(&'static str, i64),
    /// Never this message.
    Never(&'static str),
    /// The service knows the device no more.
    Gone,
}

/// Notes how an attempt ended.
pub(super) async fn end(tx: &Tx, due: &Due, ended: Ended) -> Result<()> {
    match ended {
        Ended::Arrived => {
            forget(tx, due).await?;
            push::note(tx, due.push_id, None).await
        }
        Ended::Later(_, _) if due.attempts + 1 >= ATTEMPTS => {
            forget(tx, due).await?;
            push::note(tx, due.push_id, Some("given-up")).await
        }
        Ended::Later(why, wait_s) => {
            let next = tx.now().plus_s(wait_s);
            tx.execute(
                "UPDATE push_message SET next_at = $4
                 WHERE division_code = $1 AND push_id = $2 AND kind = $3 AND next_at < $4",
                vals![tx.division(), due.push_id, due.kind.as_str(), next],
            )
            .await?;
            push::note(tx, due.push_id, Some(why)).await
        }
        Ended::Never(why) => {
            forget(tx, due).await?;
            push::note(tx, due.push_id, Some(why)).await
        }
        Ended::Gone => {
            tx.housekeeping("its device has its own event");
            let sql = "DELETE FROM push_message WHERE division_code = $1 AND push_id = $2";
            tx.execute(sql, vals![tx.division(), due.push_id]).await?;
            push::gone(tx, due.push_id, due.account_id).await
        }
    }
}

/// A message goes; one that took its place meanwhile stays.
async fn forget(tx: &Tx, due: &Due) -> Result<()> {
    let sql = "DELETE FROM push_message WHERE division_code = $1 AND push_id = $2 AND kind = $3 AND notice_id = $4";
    tx.execute(sql, vals![tx.division(), due.push_id, due.kind.as_str(), due.notice_id]).await?;
    Ok(())
}
