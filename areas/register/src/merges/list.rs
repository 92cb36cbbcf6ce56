//! Which records were merged into which, and whose readings belong to a record.

use linli_platform::{Result, clock::At, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

use crate::{
    ids::{MergeId, ResidentId},
    residents,
};

/// A merge that stands, as the kept record's page shows it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MergeRow {
    /// Id.
    pub merge_id: MergeId,
    /// The record that was absorbed.
    pub absorbed_id: ResidentId,
    /// Its number, masked.
    pub doc_masked: String,
    /// Kind of its document.
    pub doc_kind: String,
    /// When.
    pub made_at: At,
    /// By whom: a member of staff.
    pub account: Option<String>,
    /// Version of the merge.
    pub version: i64,
}

/// The merges that stand on a record within the reader's scope.
pub async fn of_record(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<MergeRow>> {
    residents::find(q, reader, id).await?;
    q.rows(
        "SELECT m.merge_id, m.absorbed_id, r.doc_masked, r.doc_kind, m.made_at, a.display_name AS account, m.version
         FROM record_merge m
         JOIN resident r ON r.division_code = m.division_code AND r.resident_id = m.absorbed_id
         LEFT JOIN account a ON a.division_code = m.division_code AND a.account_id = m.made_by
         WHERE m.division_code = $1 AND m.kept_id = $2 AND m.state = 'merged' ORDER BY m.made_at",
        vals![q.division(), id],
    )
    .await
}

#[derive(FromQueryResult)]
struct Linked {
    resident_id: ResidentId,
    until_at: Option<At>,
}

/// The record that one within the reader's scope was merged into.
pub async fn absorbed_into(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Option<ResidentId>> {
    residents::find(q, reader, id).await?;
    let row: Option<Linked> = q
        .row(
            "SELECT kept_id AS resident_id, CAST(NULL AS BIGINT) AS until_at FROM record_merge
             WHERE division_code = $1 AND absorbed_id = $2 AND state = 'merged'",
            vals![q.division(), id],
        )
        .await?;
    Ok(row.map(|r| r.resident_id))
}

/// A record's generations are few; more would be a fault.
const MAX_FAMILY: usize = 50;

/// The records whose readings are readings of this person: itself, what was merged into it, and up to the split what it
/// was split from.
pub(crate) async fn family(q: &impl Query, id: ResidentId) -> Result<Vec<(ResidentId, Option<At>)>> {
    let mut all: Vec<(ResidentId, Option<At>)> = vec![(id, None)];
    let mut next = 0;
    while let Some((id, until)) = all.get(next).copied() {
        next += 1;
        let rows: Vec<Linked> = q
            .rows(
                "SELECT absorbed_id AS resident_id, CAST(NULL AS BIGINT) AS until_at FROM record_merge
                 WHERE division_code = $1 AND kept_id = $2 AND state = 'merged'
                 UNION ALL
                 SELECT from_id AS resident_id, made_at AS until_at FROM record_split
                 WHERE division_code = $1 AND new_id = $2",
                vals![q.division(), id],
            )
            .await?;
        for row in rows {
            let until = match (until, row.until_at) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            if all.len() < MAX_FAMILY && !all.iter().any(|(known, _)| *known == row.resident_id) {
                all.push((row.resident_id, until));
            }
        }
    }
    Ok(all)
}

/// Whether a number stands on a record that was merged into a current one: registering it again would undo the merge
/// unseen.
pub(crate) async fn newcomer_is_absorbed(q: &impl Query, doc_blinds: Vec<Vec<u8>>) -> Result<bool> {
    let mut values = vals![q.division()];
    let marks = crate::sql::marks(&mut values, doc_blinds);
    let sql = format!(
        "SELECT COUNT(*) FROM resident r
         JOIN record_merge m ON m.division_code = r.division_code AND m.absorbed_id = r.resident_id AND m.state = 'merged'
         JOIN resident k ON k.division_code = m.division_code AND k.resident_id = m.kept_id AND k.state = 'current'
         WHERE r.division_code = $1 AND r.state = 'merged' AND r.doc_blind IN ({marks})"
    );
    Ok(q.number(&sql, values).await? > 0)
}
