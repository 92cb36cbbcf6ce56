//! Undoing a merge: the two records stand again as before, and what was changed since stays changed.

use linli_platform::{
    AppError, Result,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{
    COLUMNS,
    rows::{self, Made},
};
use crate::{
    codes::Fact,
    history,
    ids::{HomeId, MergeId, ResidentId},
    residents::{self, MaskedResident, friendly, grid_of},
};

const COLUMNS_MADE: &str = "m.kept_id, m.absorbed_id, m.state, m.taken, m.kept_version, m.absorbed_home_id,
 m.absorbed_employer_id, m.absorbed_residence_id, m.kept_residence_id, m.made_residence_id, m.version";

/// A merge of two records that both, and the home that the one goes back to, lie within the reader's scope: one statement,
/// so that one outside costs what none costs.
async fn made(tx: &Tx, id: MergeId) -> Result<Made> {
    let mut values = vals![tx.division(), id];
    let within = ["k.grid_id", "a.grid_id", "h.grid_id"]
        .map(|column| crate::sql::scope_of_found(&tx.reader().scope, column, &mut values))
        .join(" AND ");
    let sql = format!(
        "SELECT {COLUMNS_MADE} FROM record_merge m
         JOIN resident k ON k.division_code = m.division_code AND k.resident_id = m.kept_id
         JOIN resident a ON a.division_code = m.division_code AND a.resident_id = m.absorbed_id
         JOIN home h ON h.division_code = m.division_code AND h.home_id = m.absorbed_home_id
         WHERE m.division_code = $1 AND m.merge_id = $2 AND {within}"
    );
    tx.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Undoes a merge of two records within the scope of the transaction's reader.
///
/// # Errors
/// `not-found`, `merge-undone` if it is already, `merge-kept-gone` where the kept record is no current one any more,
/// `two-main-residences` where the absorbed one's number stands on another record by now, `stale-version`.
pub async fn undo(tx: &Tx, id: MergeId, version: i64) -> Result<()> {
    let made = made(tx, id).await?;
    let kept = residents::find(tx, tx.reader(), made.kept_id).await?;
    let absorbed = residents::find(tx, tx.reader(), made.absorbed_id).await?;
    let grid = grid_of(tx, made.absorbed_home_id).await?;
    if made.state != "merged" {
        return Err(AppError::rule("merge-undone"));
    }
    if made.version != version {
        return Err(AppError::stale());
    }
    if kept.state != "current" {
        return Err(AppError::rule("merge-kept-gone"));
    }
    let back = give_back(tx, id, &made, &kept).await?;
    bring_back(tx, &made, &absorbed, grid).await?;
    tx.execute_one(
        "UPDATE record_merge SET state = 'undone', undone_by = $4, undone_at = $5, version = version + 1
         WHERE division_code = $1 AND merge_id = $2 AND version = $3",
        vals![tx.division(), id, version, tx.reader().account, tx.now()],
    )
    .await?;
    let fields: Vec<&str> = back.iter().map(|f| f.code()).collect();
    let kept_grid = residents::find(tx, &linli_platform::reader::Reader::system(), made.kept_id).await?.grid_id;
    let event = |r: &MaskedResident, grid: Option<GridId>, other: ResidentId| {
        NewEvent::new("resident.unmerged", SubjectRef::new("resident", r.resident_id, grid))
            .version(r.version + 1)
            .body(serde_json::json!({ "merge": id, "other": other, "fields": fields }))
    };
    tx.events(vec![event(&kept, kept_grid, made.absorbed_id), event(&absorbed, grid, made.kept_id)]).await?;
    Ok(())
}

/// The facts that the kept record gives back: those it took over, unless somebody changed them since.
async fn given_back(tx: &Tx, made: &Made) -> Result<Vec<Fact>> {
    let later = history::settled_since(tx, made.kept_id, made.kept_version).await?;
    let touched = |fact: &Fact| match fact {
        Fact::Document => later.iter().any(|f| matches!(f, Fact::Document | Fact::Birth | Fact::Sex)),
        fact => later.contains(fact),
    };
    Ok(made.taken.split(',').filter_map(Fact::from_code).filter(|f| !touched(f)).collect())
}

async fn give_back(tx: &Tx, id: MergeId, made: &Made, kept: &MaskedResident) -> Result<Vec<Fact>> {
    #[derive(FromQueryResult)]
    struct Home {
        home_id: HomeId,
    }
    let back = given_back(tx, made).await?;
    let columns = COLUMNS.iter().filter(|(fact, _)| back.contains(fact)).flat_map(|(_, columns)| columns.iter());
    let mut values = vals![tx.division(), made.kept_id, kept.version, tx.now()];
    let before = |column: &&str, values: &mut Vec<sea_orm::Value>| {
        let merge = crate::sql::mark(values, id);
        format!(
            "{column} = (SELECT m.{column} FROM record_merge m WHERE m.division_code = $1 AND m.merge_id = {merge}), "
        )
    };
    let set: String = columns.map(|c| before(c, &mut values)).collect();
    let mut moved = String::new();
    if let (true, Some(residence)) = (back.contains(&Fact::Residence), made.made_residence_id) {
        let home: Home = tx
            .row(
                "SELECT home_id FROM record_merge WHERE division_code = $1 AND merge_id = $2",
                vals![tx.division(), id],
            )
            .await?
            .ok_or_else(AppError::not_found)?;
        let grid = grid_of(tx, home.home_id).await?;
        tx.execute_one(
            "DELETE FROM residence WHERE division_code = $1 AND residence_id = $2 AND until_day IS NULL",
            vals![tx.division(), residence],
        )
        .await?;
        rows::reopen(tx, made.kept_residence_id, grid).await?;
        let (home, grid) = (crate::sql::mark(&mut values, home.home_id), crate::sql::mark(&mut values, grid));
        moved = format!("home_id = {home}, grid_id = {grid}, ");
    }
    let sql = format!(
        "UPDATE resident SET {set}{moved}changed_at = $4, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'current'"
    );
    tx.execute_one(&sql, values).await.map_err(|e| friendly(e, "two-main-residences"))?;
    Ok(back)
}

async fn bring_back(tx: &Tx, made: &Made, absorbed: &MaskedResident, grid: Option<GridId>) -> Result<()> {
    rows::reopen(tx, made.absorbed_residence_id, grid).await?;
    tx.execute_one(
        "UPDATE resident SET state = 'current', home_id = $4, grid_id = $5, employer_id = $6, cancel_reason = NULL,
         cancelled_day = NULL, changed_at = $7, version = version + 1
         WHERE division_code = $1 AND resident_id = $2 AND version = $3 AND state = 'merged'",
        vals![
            tx.division(),
            made.absorbed_id,
            absorbed.version,
            made.absorbed_home_id,
            grid,
            made.absorbed_employer_id,
            tx.now()
        ],
    )
    .await
    .map_err(|e| friendly(e, "two-main-residences"))
}
