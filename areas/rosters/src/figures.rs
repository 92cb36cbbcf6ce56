//! The month's figures of the comparison (R15): rows by class, of confirmed full lists and daily changes.

use linli_platform::{Result, clock::Month, ids::GridId, reader::Reader, store::Query, vals};
use linli_register::EmployerId;
use sea_orm::FromQueryResult;

/// So many rows of one class, of one employer, in one grid, confirmed in the month.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ClassFigure {
    /// Employer.
    pub employer_id: EmployerId,
    /// Its name.
    pub employer_name: String,
    /// Grid in which the work lies.
    pub grid_id: GridId,
    /// Its committee, where the grid is known.
    pub committee_code: Option<String>,
    /// [`Class`](crate::Class) by code.
    pub class: String,
    /// Rows.
    pub rows: i64,
}

/// The figures of a month within the reader's scope, by employer, grid and class.
pub async fn month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<ClassFigure>> {
    let mut values = vals![q.division(), month.start(), month.end()];
    let scope = reader.scope.sql("c.grid_id", &mut values);
    q.rows(
        &format!(
            "SELECT r.employer_id, e.name AS employer_name, c.grid_id, g.committee_code, c.class,
             CAST(SUM(c.row_count) AS BIGINT) AS rows
             FROM roster_count c
             JOIN roster r ON r.division_code = c.division_code AND r.roster_id = c.roster_id
             JOIN employer e ON e.division_code = r.division_code AND e.employer_id = r.employer_id
             LEFT JOIN micro_grid g ON g.division_code = c.division_code AND g.grid_id = c.grid_id
             WHERE c.division_code = $1 AND r.closed_at >= $2 AND r.closed_at < $3 AND {scope}
             GROUP BY r.employer_id, e.name, c.grid_id, g.committee_code, c.class
             ORDER BY e.name, r.employer_id, c.grid_id, c.class"
        ),
        values,
    )
    .await
}

/// How the work of a roster stands: tasks open and done within the reader's scope.
pub async fn progress(q: &impl Query, reader: &Reader, roster: crate::RosterId) -> Result<(i64, i64)> {
    let mut values = vals![q.division(), roster];
    let scope = reader.scope.sql("t.grid_id", &mut values);
    let count = |state: &str| {
        format!(
            "SELECT COUNT(*) FROM task t WHERE t.division_code = $1 AND t.origin_id = $2 AND {scope} AND t.state {state}"
        )
    };
    let open = q.number(&count("= 'open'"), values.clone()).await?;
    let closed = q.number(&count("<> 'open'"), values).await?;
    Ok((open, closed))
}
