//! The same for what is not on the own page: visits at the other entrances and where they came from go after a day;
//! people appointed, landlords and agents after the months of declarations from their end on, or with the record;
//! notices of duty after those months from their receipt on; referrals after months of their own.

use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use policy_pack::RetentionId;
use sea_orm::Value;

/// Rows of a table that go, each with its key.
struct Ends {
    /// Text `retained-<key>`.
    key: &'static str,
    table: &'static str,
    /// The column that names the row, where it has a key of its own.
    sealed_by: Option<&'static str>,
    /// Over its time; `$2` is the instant, `$3` its day.
    over: &'static str,
}

/// Visits and their sources.
const BY_DAY: [Ends; 3] = [
    Ends { key: "own-entrance", table: "door_visit", sealed_by: Some("visit_id"), over: "made_at < $2 AND $3 <> ''" },
    Ends { key: "own-entrance", table: "door_source", sealed_by: None, over: "made_at < $2 AND $3 <> ''" },
    Ends {
        key: "own-entrance",
        table: "own_session_by",
        sealed_by: None,
        over: "$2 > 0 AND $3 <> '' AND NOT EXISTS (SELECT 1 FROM own_session s
               WHERE s.division_code = own_session_by.division_code AND s.session_id = own_session_by.session_id)",
    },
];

/// What ends with its own time.
const BY_MONTHS: [Ends; 4] = [
    Ends {
        key: "representative",
        table: "representative",
        sealed_by: Some("representative_id"),
        over: "(ended_at < $2 OR until_day < $3 OR NOT EXISTS (SELECT 1 FROM resident r
               WHERE r.division_code = representative.division_code AND r.resident_id = representative.resident_id))",
    },
    Ends {
        key: "liaison",
        table: "letting_home",
        sealed_by: None,
        over: "(until_day < $3 OR liaison_id IN (SELECT s.liaison_id FROM letting_liaison s
               WHERE s.division_code = letting_home.division_code AND s.ended_at < $2))",
    },
    Ends {
        key: "liaison",
        table: "letting_liaison",
        sealed_by: Some("liaison_id"),
        over: "ended_at < $2 AND $3 <> ''",
    },
    Ends { key: "duty-notice", table: "duty_notice", sealed_by: None, over: "receipted_at < $2 AND $3 <> ''" },
];

/// Referrals, by their own months.
const REFERRALS: Ends =
    Ends { key: "referral", table: "duty_referral", sealed_by: None, over: "written_at < $2 AND $3 <> ''" };

fn of(before: At) -> Vec<Value> {
    vals![before, before.day()]
}

async fn count(app: &App, ends: &Ends, before: At) -> Result<i64> {
    let q = app.store.reads();
    let mut values = vals![q.division()];
    values.extend(of(before));
    let sql = format!("SELECT COUNT(*) FROM {} WHERE division_code = $1 AND {}", ends.table, ends.over);
    q.number(&sql, values).await
}

async fn delete(app: &App, ends: &Ends, before: At) -> Result<u64> {
    let tx = app.store.begin(&Reader::system()).await?;
    let mut values = vals![tx.division()];
    values.extend(of(before));
    if let Some(id) = ends.sealed_by {
        // With the key every copy of what was typed becomes unreadable.
        let sql = format!(
            "DELETE FROM subject_key WHERE division_code = $1
             AND subject_id IN (SELECT {id} FROM {} WHERE division_code = $1 AND {})",
            ends.table, ends.over
        );
        tx.execute(&sql, values.clone()).await?;
    }
    let sql = format!("DELETE FROM {} WHERE division_code = $1 AND {}", ends.table, ends.over);
    let gone = tx.execute(&sql, values).await?;
    if gone > 0 {
        retention::note(&tx, ends.key, gone).await?;
        tx.commit().await?;
    }
    Ok(gone)
}

/// What of it is over its time; visits are counted with those of the own page.
pub(crate) async fn due(app: &App, entrance: At) -> Result<(i64, Vec<Due>)> {
    let mut visits = 0;
    for ends in &BY_DAY {
        visits += count(app, ends, entrance).await?;
    }
    let before = retention::before(app, RetentionId::Declaration);
    let mut all: Vec<Due> = Vec::new();
    for ends in &BY_MONTHS {
        let rows = count(app, ends, before).await?;
        match all.iter_mut().find(|d| d.key == ends.key) {
            Some(due) => due.rows += rows,
            None => all.push(Due { key: ends.key, before, rows }),
        }
    }
    let before = retention::before(app, RetentionId::Referral);
    all.push(Due { key: REFERRALS.key, before, rows: count(app, &REFERRALS, before).await? });
    Ok((visits, all))
}

/// Deletes it; how many rows.
pub(crate) async fn expire(app: &App, entrance: At) -> Result<u64> {
    let mut gone = 0;
    for ends in &BY_DAY {
        gone += delete(app, ends, entrance).await?;
    }
    let before = retention::before(app, RetentionId::Declaration);
    for ends in &BY_MONTHS {
        gone += delete(app, ends, before).await?;
    }
    gone += delete(app, &REFERRALS, retention::before(app, RetentionId::Referral)).await?;
    Ok(gone)
}
