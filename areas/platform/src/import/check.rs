//! Checking staged rows: a message at each bad cell, nothing written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow, Problem, ProblemGroup, State, Summary,
    case::{self, ChunkProblems},
    kind_of, stage,
    table::StagedRow,
};
use crate::{
    app::App,
    error::{AppError, Result},
    ids::ImportId,
    jobs::{self, Job},
    reader::Reader,
    store::{Query as _, Store, Tx},
    vals,
};

/// So many messages are kept one by one; beyond it only their number.
pub(super) const KEPT_PROBLEMS: usize = 20_000;
/// So many kinds of messages are listed.
const KEPT_GROUPS: usize = 50;
/// The longest value shown beside a message.
const SHOWN_CHARS: usize = 40;

/// Checks an import whose columns are confirmed. Does nothing if it is past that.
///
/// # Errors
/// Those of the kind's check; what is staged stays.
pub async fn check(app: &App, reader: &Reader, id: ImportId, job: Option<&Job>) -> Result<State> {
    let tx = app.store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if !matches!(case.state, State::Mapped | State::Checking) {
        return Ok(case.state);
    }
    let kind = kind_of(app, &case.kind)?;
    let staged = stage::load(&tx, kind, &case).await?;
    let total = count(staged.len());
    tx.execute_one(
        "UPDATE import_case SET state = 'checking', row_count = $3
         WHERE division_code = $1 AND import_id = $2 AND state IN ('mapped', 'checking')",
        vals![tx.division(), id, total],
    )
    .await?;
    tx.commit().await?;
    if let Some(job) = job {
        job.progress(&app.store, "import-stage-check", 0, total).await?;
    }
    let (rows, outcome) = outcome(app, reader, kind, staged).await?;
    let tx = app.store.begin(reader).await?;
    save(tx, kind, id, &rows, outcome).await
}

/// Checks rows by the kind's rules, and that no cell has lost its value.
pub(super) async fn outcome(
    app: &App,
    reader: &Reader,
    kind: &dyn ImportKind,
    staged: Vec<StagedRow>,
) -> Result<(Vec<MappedRow>, CheckOutcome)> {
    let lost = damaged(kind.columns(), &staged);
    let rows = stage::plain(staged);
    let mut outcome = kind.check(app, reader, &rows).await?;
    let places: BTreeSet<(u64, &str)> = lost.iter().map(|p| (p.row, p.column.as_ref())).collect();
    outcome.problems.retain(|p| !places.contains(&(p.row, p.column.as_ref())));
    outcome.problems.extend(lost.iter().cloned());
    outcome.problems.sort_by(|a, b| (a.row, !a.fatal, &a.column).cmp(&(b.row, !b.fatal, &b.column)));
    Ok((rows, outcome))
}

fn damaged(columns: &[ColumnSpec], rows: &[StagedRow]) -> Vec<CellProblem> {
    let at = |r: &StagedRow, c: usize| CellProblem {
        row: r.row,
        column: columns.get(c).map_or("", |c| c.name).into(),
        code: if r.cells.get(c).is_some_and(|t| t.starts_with('#')) { "formula-error" } else { "damaged-number" }
            .into(),
        args: Vec::new(),
        fatal: true,
    };
    rows.iter().flat_map(|r| r.damaged.iter().map(move |c| at(r, *c))).collect()
}

/// The rows that have a fatal message, and whether there is one at no row of the file.
pub(super) fn bad_rows(rows: &[MappedRow], problems: &[CellProblem]) -> (BTreeSet<u64>, bool) {
    let known: BTreeSet<u64> = rows.iter().map(|r| r.row).collect();
    let bad: BTreeSet<u64> = problems.iter().filter(|p| p.fatal).map(|p| p.row).collect();
    let blocked = bad.iter().any(|r| !known.contains(r));
    (bad.intersection(&known).copied().collect(), blocked)
}

async fn save(tx: Tx, kind: &dyn ImportKind, id: ImportId, rows: &[MappedRow], outcome: CheckOutcome) -> Result<State> {
    let (bad, blocked) = bad_rows(rows, &outcome.problems);
    let summary = Summary {
        counts: outcome.counts,
        groups: groups(&outcome.problems),
        problem_count: count(outcome.problems.len()),
        blocked,
        ..Summary::default()
    };
    let shown = shown(kind.columns(), rows, &outcome.problems);
    tx.housekeeping("what the check found is staged beside the rows");
    let saved = tx
        .execute(
            "UPDATE import_case SET state = 'checked', bad_count = $3, summary = $4
             WHERE division_code = $1 AND import_id = $2 AND state = 'checking'",
            vals![tx.division(), id, count(bad.len()), serde_json::to_string(&summary)?],
        )
        .await?;
    if saved == 0 {
        // Given up in the meantime; leaving without a commit writes nothing.
        return Ok(State::Cancelled);
    }
    save_chunks(&tx, id, rows, &bad, shown).await?;
    tx.commit().await?;
    Ok(State::Checked)
}

async fn save_chunks(
    tx: &Tx,
    id: ImportId,
    rows: &[MappedRow],
    bad: &BTreeSet<u64>,
    mut shown: HashMap<u64, Vec<Problem>>,
) -> Result<()> {
    let mut at_no_row = shown.remove(&0).unwrap_or_default();
    for (number, chunk) in stage::chunks(rows) {
        let mut cells = std::mem::take(&mut at_no_row);
        cells.extend(chunk.iter().filter_map(|r| shown.remove(&r.row)).flatten());
        let found = ChunkProblems { bad: chunk.iter().map(|r| r.row).filter(|r| bad.contains(r)).collect(), cells };
        tx.execute_one(
            "UPDATE import_chunk SET problems = $4 WHERE division_code = $1 AND import_id = $2 AND chunk = $3",
            vals![tx.division(), id, number, serde_json::to_string(&found)?],
        )
        .await?;
    }
    Ok(())
}

fn groups(problems: &[CellProblem]) -> Vec<ProblemGroup> {
    let mut counted: BTreeMap<(&str, &str, bool), ProblemGroup> = BTreeMap::new();
    for p in problems {
        let group = counted.entry((&p.column, &p.code, p.fatal)).or_insert_with(|| ProblemGroup {
            column: p.column.to_string(),
            code: p.code.to_string(),
            args: p.args.clone(),
            fatal: p.fatal,
            count: 0,
        });
        group.count += 1;
    }
    let mut groups: Vec<ProblemGroup> = counted.into_values().collect();
    groups.sort_by_key(|g| (!g.fatal, -g.count));
    groups.truncate(KEPT_GROUPS);
    groups
}

/// The first messages with the values they are at, masked; those at no row of the file under 0.
fn shown(columns: &[ColumnSpec], rows: &[MappedRow], problems: &[CellProblem]) -> HashMap<u64, Vec<Problem>> {
    let by_number: HashMap<u64, &MappedRow> = rows.iter().map(|r| (r.row, r)).collect();
    let mut shown: HashMap<u64, Vec<Problem>> = HashMap::new();
    for p in problems.iter().take(KEPT_PROBLEMS) {
        let row = by_number.get(&p.row);
        let value = columns.iter().position(|c| c.name == p.column).and_then(|i| {
            let cell = row?.cells.get(i)?;
            Some(masked(columns[i].personal, cell))
        });
        shown.entry(row.map_or(0, |r| r.row)).or_default().push(Problem {
            row: p.row,
            column: p.column.to_string(),
            code: p.code.to_string(),
            args: p.args.clone(),
            fatal: p.fatal,
            shown: value.unwrap_or_default(),
        });
    }
    shown
}

/// A value as a page may show it. Personal ones keep their ends; in others, a long run of digits does, since a
/// number may stand in the wrong column.
pub(super) fn masked(personal: bool, text: &str) -> String {
    let text: Vec<char> = text.chars().take(SHOWN_CHARS).collect();
    if personal {
        return mask(&text);
    }
    text.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .map(|run| if run.len() >= 7 && run[0].is_ascii_digit() { mask(run) } else { run.iter().collect() })
        .collect()
}

fn mask(text: &[char]) -> String {
    let (head, tail) = match text.len() {
        0 | 1 => (0, 0),
        2 => (1, 0),
        3..=7 => (1, 1),
        _ => (3, 2),
    };
    let stars = std::iter::repeat_n(&'*', text.len() - head - tail);
    text[..head].iter().chain(stars).chain(&text[text.len() - tail..]).collect()
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Checks anew what was checked before, failed or stands still, since the register may have changed.
///
/// # Errors
/// `stale-version` in every other state.
pub async fn check_again(store: &Store, reader: &Reader, id: ImportId) -> Result<()> {
    super::apply::may_import(reader)?;
    let tx = store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if !matches!(case.state, State::Checked | State::Failed) && !case::has_stopped(&tx, &case).await? {
        return Err(AppError::stale());
    }
    let job = jobs::enqueue(&tx, "import.check", "", serde_json::json!({ "import_id": id })).await?;
    tx.execute_one(
        "UPDATE import_case SET state = 'mapped', job_id = $3, summary = '{}', bad_count = 0, params = '{}'
         WHERE division_code = $1 AND import_id = $2 AND state = $4",
        vals![tx.division(), id, job, case.state.code()],
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_value_beside_a_message_shows_no_more_than_its_ends() {
        for (personal, text, shown) in [
            (true, "甲", "*"),
            (true, "张三", "张*"),
            (true, "欧阳小明", "欧**明"),
            (true, "100101199001011234", "100*************34"),
            (false, "香大路1188弄", "香大路1188弄"),
            (false, "电话13800138000转1", "电话138******00转1"),
        ] {
            assert_eq!(masked(personal, text), shown);
        }
    }
}
