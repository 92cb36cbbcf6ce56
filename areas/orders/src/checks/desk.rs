//! The officer's desk check (民警研判): what the register itself holds under the same number, and nothing else is
//! consulted (boundary 9).

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::ResidentId;
use linli_work::{Outcome, TaskKind, tasks};
use sea_orm::FromQueryResult;

use super::{
    codes::{Desk, Found, RowState},
    rows::{self, ORIGIN, Row},
    send::next_task,
    visit::take,
};
use crate::ids::RowId;

/// A record that the register has under a row's number. Of one outside the reader's scope only its grid is told, so
/// that the row can go there.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Match {
    /// The record, in scope.
    pub resident_id: Option<ResidentId>,
    /// Name, masked; in scope.
    pub name_masked: Option<String>,
    /// Address; in scope.
    pub address_text: Option<String>,
    /// The grid it is registered in.
    pub grid_id: Option<GridId>,
    /// Its name.
    pub grid_name: Option<String>,
}

/// What the register holds under the same number.
pub async fn registered(q: &impl Query, reader: &Reader, row: &Row) -> Result<Vec<Match>> {
    let mut found: Vec<Match> = q
        .rows(
            "SELECT p.resident_id, p.name_masked, a.text AS address_text, p.grid_id, g.name AS grid_name
             FROM check_row r JOIN resident p ON p.division_code = r.division_code AND p.doc_blind = r.doc_blind
               AND p.state = 'current'
             LEFT JOIN home h ON h.division_code = p.division_code AND h.home_id = p.home_id
             LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
             LEFT JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id
             WHERE r.division_code = $1 AND r.row_id = $2 ORDER BY p.resident_id",
            vals![q.division(), row.row_id],
        )
        .await?;
    let may_read = reader.may(Action::RegisterRead);
    for m in found.iter_mut().filter(|m| !may_read || !reader.scope.contains(m.grid_id)) {
        (m.resident_id, m.name_masked, m.address_text) = (None, None, None);
    }
    Ok(found)
}

/// What the officer decides of a row that the first visit did not settle.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version`; `check-step` unless the row waits for it; `check-found` for what cannot be
/// found at a desk.
pub async fn decide(app: &App, tx: &Tx, id: RowId, version: i64, desk: Desk) -> Result<()> {
    if !tx.reader().may(Action::DataCheckDesk) {
        return Err(AppError::forbidden());
    }
    let row = rows::find_row(tx, tx.reader(), id).await?;
    if row.version != version {
        return Err(AppError::stale());
    }
    if row.state() != RowState::Desk {
        return Err(AppError::rule("check-step"));
    }
    match desk {
        Desk::SecondVisit => {
            tasks::end_of_origin(tx, ORIGIN, id.0, Outcome::NotSettled).await?;
            next_task(app, tx, &row, TaskKind::DataCheckSecondVisit, RowState::SecondVisit).await?;
            let event = linli_platform::event::NewEvent::new("check.desk", row.subject()).version(row.version + 1);
            tx.event(event).await.map(|_| ())
        }
        Desk::Found(found) if Found::at_the_desk().contains(&found) => {
            tasks::end_of_origin(tx, ORIGIN, id.0, found.outcome()).await?;
            take(app, tx, row, found).await
        }
        Desk::Found(_) => Err(AppError::rule("check-found")),
    }
}
