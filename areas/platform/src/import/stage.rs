//! Staging: rows sealed under a data key of the import's own, in chunks.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Case, DropReason, DroppedColumn, ImportKind, MappedRow, Mapping, State, case,
    table::{self, Permitted, StagedRow},
};
use crate::{
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::ImportId,
    jobs,
    keys::WrappedKey,
    reader::Reader,
    sealed::{Bind, KeyRow, MachineRun, Sealed, SubjectKey},
    sheet::Sheet,
    store::{Query as _, Store, Tx},
    vals,
};

/// Rows in a chunk.
const CHUNK_ROWS: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Chunk {
    mapped: bool,
    rows: Vec<StagedRow>,
}

/// Stages a table: permitted columns alone, sealed. Its state is then `uploaded`.
///
/// # Errors
/// `forbidden` without the right to import; `sheet-no-heading` if not one heading is known.
pub async fn stage(
    store: &Store,
    reader: &Reader,
    kind: &dyn ImportKind,
    file_name: &str,
    sheet: Sheet,
) -> Result<ImportId> {
    super::apply::may_import(reader)?;
    let permitted = table::permit(kind.columns(), sheet)?;
    let tx = store.begin(reader).await?;
    let id: ImportId = tx.new_id();
    insert_case(&tx, id, kind, file_name, State::Uploaded, &permitted).await?;
    let key = tx.create_keys(&[id.0]).await?.pop().ok_or_else(|| AppError::internal("one key was asked for"))?;
    let rows = permitted.rows.len();
    insert_chunks(&tx, id, &key, false, permitted.rows).await?;
    tx.event(
        NewEvent::new("import.uploaded", SubjectRef::new("import", id, None))
            .body(serde_json::json!({ "kind": kind.name(), "rows": rows })),
    )
    .await?;
    // Whatever is left lying is cleared away once a day, asked for by whoever comes first.
    jobs::enqueue(&tx, "import.expire", &tx.now().day().to_string(), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn insert_case(
    tx: &Tx,
    id: ImportId,
    kind: &dyn ImportKind,
    file_name: &str,
    state: State,
    permitted: &Permitted,
) -> Result<()> {
    let file_name = crate::free_text::file_name(file_name);
    let rows = i64::try_from(permitted.rows.len()).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO import_case (division_code, import_id, kind, state, file_name, account_id, made_at, headers,
         mapping, dropped, row_count, bad_count, summary, ended_at, job_id, params)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '{}', NULL, NULL, '{}')",
        vals![
            tx.division(),
            id,
            kind.name(),
            state.code(),
            file_name,
            tx.reader().account,
            tx.now(),
            serde_json::to_string(&permitted.headers)?,
            serde_json::to_string(&permitted.mapping)?,
            serde_json::to_string(&permitted.dropped)?,
            rows
        ],
    )
    .await?;
    Ok(())
}

/// Confirms what the columns are. What is not mapped is dropped, and the check is asked for.
///
/// # Errors
/// Those of [`Mapping::validate`]; `import-columns-changed` if it does not fit the file; `stale-version` if the
/// import is past this step.
pub async fn map_columns(
    store: &Store,
    reader: &Reader,
    kind: &dyn ImportKind,
    id: ImportId,
    m: Mapping,
) -> Result<()> {
    super::apply::may_import(reader)?;
    m.validate(kind.columns())?;
    let tx = store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if m.0.len() != case.headers.len() {
        return Err(AppError::rule("import-columns-changed"));
    }
    let mut dropped: Vec<DroppedColumn> =
        case.dropped.into_iter().filter(|d| d.reason == DropReason::Forbidden).collect();
    dropped.extend(table::unmapped(&case.headers, &m));
    let job = jobs::enqueue(&tx, "import.check", "", serde_json::json!({ "import_id": id })).await?;
    tx.execute_one(
        "UPDATE import_case SET state = 'mapped', mapping = $3, dropped = $4, job_id = $5
         WHERE division_code = $1 AND import_id = $2 AND state = 'uploaded'",
        vals![tx.division(), id, serde_json::to_string(&m)?, serde_json::to_string(&dropped)?, job],
    )
    .await?;
    tx.commit().await
}

fn bind(id: ImportId, chunk: i64) -> Bind {
    // A chunk has no id of its own; the import's with the chunk's number added keeps chunks from being exchanged.
    let row = Uuid::from_u128(id.0.as_u128().wrapping_add(u128::from(chunk.unsigned_abs())));
    Bind { table: "import_chunk", column: "rows_sealed", row }
}

async fn insert_chunks(tx: &Tx, id: ImportId, key: &SubjectKey, mapped: bool, rows: Vec<StagedRow>) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    let mut number = 0i64;
    while rows.peek().is_some() {
        let chunk = Chunk { mapped, rows: rows.by_ref().take(CHUNK_ROWS).collect() };
        let sealed = key.seal(bind(id, number), &serde_json::to_string(&chunk)?);
        let row = vals![tx.division(), id, number, sealed, "{}"];
        let columns = &["division_code", "import_id", "chunk", "rows_sealed", "problems"];
        tx.insert_many("import_chunk", columns, vec![row]).await?;
        number += 1;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct ChunkRow {
    rows_sealed: Sealed,
    epoch: String,
    wrapped: WrappedKey,
}

async fn open(tx: &Tx, run: &MachineRun, id: ImportId, chunk: i64) -> Result<Option<Chunk>> {
    let row: Option<ChunkRow> = tx
        .row(
            "SELECT c.rows_sealed, k.epoch, k.wrapped FROM import_chunk c
             JOIN subject_key k ON k.division_code = c.division_code AND k.subject_id = c.import_id
             WHERE c.division_code = $1 AND c.import_id = $2 AND c.chunk = $3",
            vals![tx.division(), id, chunk],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let key = KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped };
    let opened = run.open(&key, &[(bind(id, chunk), &row.rows_sealed)])?;
    let text = opened.first().ok_or_else(|| AppError::internal("one value was opened"))?;
    Ok(Some(serde_json::from_str(text.for_engine())?))
}

/// Opens the staged rows in a recorded run, in the kind's columns. The first time, what is not mapped is dropped
/// for good: the chunks are written anew without it.
pub(super) async fn load(tx: &Tx, kind: &dyn ImportKind, case: &Case) -> Result<Vec<StagedRow>> {
    let run = tx.machine_run("import").await?;
    let (mut rows, mut mapped, mut chunk) = (Vec::new(), true, 0);
    while let Some(opened) = open(tx, &run, case.id, chunk).await? {
        mapped &= opened.mapped;
        rows.extend(opened.rows);
        chunk += 1;
    }
    if mapped {
        return Ok(rows);
    }
    let rows = table::remap(kind.columns(), &case.mapping, rows);
    let key = tx.key_of(case.id.0).await?;
    delete_chunks(tx, case.id).await?;
    insert_chunks(tx, case.id, &key, true, rows.clone()).await?;
    Ok(rows)
}

/// The rows as a kind takes them.
pub(super) fn plain(rows: Vec<StagedRow>) -> Vec<MappedRow> {
    rows.into_iter().map(|r| MappedRow { row: r.row, cells: r.cells }).collect()
}

/// Row numbers of each chunk, as [`insert_chunks`] cuts them.
pub(super) fn chunks(rows: &[MappedRow]) -> impl Iterator<Item = (i64, &[MappedRow])> {
    (0i64..).zip(rows.chunks(CHUNK_ROWS))
}

/// Blanks staged rows of every import, in a recorded run; how many. They keep their numbers.
///
/// # Errors
/// A chunk that does not open.
pub async fn blank_rows(tx: &Tx, run: &MachineRun, goes: impl Fn(&StagedRow) -> bool) -> Result<u64> {
    #[derive(FromQueryResult)]
    struct Place {
        import_id: ImportId,
        chunk: i64,
    }
    let sql = "SELECT import_id, chunk FROM import_chunk WHERE division_code = $1";
    let places: Vec<Place> = tx.rows(sql, vals![tx.division()]).await?;
    let mut all = 0;
    for Place { import_id: id, chunk: number } in places {
        let Some(mut chunk) = open(tx, run, id, number).await? else { continue };
        let blanked = table::blank(&mut chunk.rows, &goes);
        if blanked > 0 {
            let sealed = tx.key_of(id.0).await?.seal(bind(id, number), &serde_json::to_string(&chunk)?);
            let sql =
                "UPDATE import_chunk SET rows_sealed = $4 WHERE division_code = $1 AND import_id = $2 AND chunk = $3";
            tx.execute_one(sql, vals![tx.division(), id, number, sealed]).await?;
        }
        all += blanked;
    }
    Ok(all)
}

async fn delete_chunks(tx: &Tx, id: ImportId) -> Result<()> {
    tx.execute("DELETE FROM import_chunk WHERE division_code = $1 AND import_id = $2", vals![tx.division(), id])
        .await?;
    Ok(())
}

/// Removes staged rows and their key: without it, no copy of the rows opens.
pub(super) async fn clear(tx: &Tx, id: ImportId) -> Result<()> {
    delete_chunks(tx, id).await?;
    tx.execute("DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2", vals![tx.division(), id.0])
        .await?;
    Ok(())
}
