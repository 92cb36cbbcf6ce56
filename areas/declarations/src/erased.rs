//! What others declared about somebody goes with that person's record: others of the household, landlords and agents, and
//! other systems.
//!
//! What was typed is sealed case by case, so the machine looks through the cases in a recorded run. Who is named by a
//! document number is known by it; a landlord who says that a tenant has left gives a name alone, which counts for the homes
//! in which the person has lived. Of a household the others stay.

use linli_platform::{
    Result,
    keys::WrappedKey,
    sealed::{KeyRow, MachineRun, Sealed},
    store::{Query, Tx},
    vals,
};
use linli_register::ErasedNumbers;
use linli_work::tasks;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    api, content,
    content::Content,
    expire,
    ids::{DeclarationId, InboundId},
    requests::{ORIGIN, bind},
};

/// Cases taken at a time: bounds the memory, not the result.
const CHUNK: usize = 1_000;

/// A sealed case with its key.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    content_sealed: Sealed,
    epoch: String,
    wrapped: WrappedKey,
}

/// What is left of a case.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    /// All of it: it names nobody of them.
    All,
    /// A household without them.
    Others,
    /// Nothing.
    Nothing,
}

/// Looks through every case that can still be read.
///
/// # Errors
/// A value that does not open.
pub(crate) async fn with(tx: &Tx, subjects: &[Uuid]) -> Result<()> {
    let sealed = "SELECT (SELECT COUNT(*) FROM declaration WHERE division_code = $1)
                  + (SELECT COUNT(*) FROM inbound_declaration WHERE division_code = $1)";
    if tx.number(sealed, vals![tx.division()]).await? == 0 {
        return Ok(());
    }
    let run = tx.machine_run("erasure").await?;
    let erased = ErasedNumbers::of(tx, &run, subjects).await?;
    declared(tx, &run, &erased).await?;
    brought(tx, &run, &erased).await
}

async fn rows(tx: &Tx, table: &str, id: &str, after: Option<Uuid>) -> Result<Vec<Row>> {
    let mut values = vals![tx.division()];
    let from = after.map_or("", |after| {
        values.push(after.into());
        " AND d.ID > $2"
    });
    let sql = format!(
        "SELECT d.ID AS id, d.content_sealed, k.epoch, k.wrapped FROM {table} d
         JOIN subject_key k ON k.division_code = d.division_code AND k.subject_id = d.ID
         WHERE d.division_code = $1 AND d.content_sealed IS NOT NULL{from} ORDER BY d.ID LIMIT {CHUNK}"
    );
    tx.rows(&sql.replace("ID", id), values).await
}

fn key_of(row: &Row) -> KeyRow {
    KeyRow { subject_id: row.id, epoch: row.epoch.clone(), wrapped: row.wrapped.clone() }
}

async fn declared(tx: &Tx, run: &MachineRun, erased: &ErasedNumbers) -> Result<()> {
    let mut after = None;
    loop {
        let cases = rows(tx, "declaration", "declaration_id", after).await?;
        for row in &cases {
            let id = DeclarationId(row.id);
            let opened = run.open(&key_of(row), &[(bind(id), &row.content_sealed)])?;
            let Some(text) = opened.first() else { continue };
            let mut content: Content = serde_json::from_str(text.for_engine())?;
            match left(&mut content, text.for_engine(), erased) {
                Left::All => {}
                Left::Others => seal_again(tx, id, &content).await?,
                Left::Nothing => {
                    tasks::forget(tx, ORIGIN, id.0).await?;
                    expire::delete(tx, id).await?;
                }
            }
        }
        if cases.len() < CHUNK {
            return Ok(());
        }
        after = cases.last().map(|row| row.id);
    }
}

fn left(content: &mut Content, text: &str, erased: &ErasedNumbers) -> Left {
    match content {
        Content::Household { members, .. } => {
            let before = members.len();
            members.retain(|m| !erased.has(&m.doc_no));
            match members.len() {
                0 => Left::Nothing,
                n if n < before => Left::Others,
                _ => Left::All,
            }
        }
        Content::TenantOut { home, name, .. } if erased.lived(*home, name.as_str()) => Left::Nothing,
        _ if erased.are_in_json(text) => Left::Nothing,
        _ => Left::All,
    }
}

/// The case without them, under its own key; what lists and its task show is made anew.
async fn seal_again(tx: &Tx, id: DeclarationId, content: &Content) -> Result<()> {
    let sealed = tx.key_of(id.0).await?.seal(bind(id), &serde_json::to_string(content)?);
    tx.execute(
        "UPDATE declaration SET content_sealed = $3, content_masked = $4, version = version + 1
         WHERE division_code = $1 AND declaration_id = $2",
        vals![tx.division(), id, sealed, content.masked()],
    )
    .await?;
    let Content::Household { members, .. } = content else { return Ok(()) };
    let names = content::masked_names(members);
    let sql = "UPDATE declaration_place SET name_masked = $3 WHERE division_code = $1 AND declaration_id = $2";
    tx.execute(sql, vals![tx.division(), id, names.clone()]).await?;
    tasks::note_anew(tx, ORIGIN, id.0, &names).await
}

/// What other systems brought: what waits because it fitted no record, and what became a case that is gone.
async fn brought(tx: &Tx, run: &MachineRun, erased: &ErasedNumbers) -> Result<()> {
    let mut after = None;
    loop {
        let waiting = rows(tx, "inbound_declaration", "inbound_id", after).await?;
        for row in &waiting {
            let id = InboundId(row.id);
            let opened = run.open(&key_of(row), &[(api::inbound::bind(id), &row.content_sealed)])?;
            if opened.first().is_some_and(|text| erased.are_in_json(text.for_engine())) {
                api::expire::delete(tx, id).await?;
            }
        }
        if waiting.len() < CHUNK {
            break;
        }
        after = waiting.last().map(|row| row.id);
    }
    #[derive(FromQueryResult)]
    struct Filed {
        inbound_id: InboundId,
    }
    let sql =
        "SELECT i.inbound_id FROM inbound_declaration i WHERE i.division_code = $1 AND i.declaration_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM declaration d WHERE d.division_code = i.division_code
               AND d.declaration_id = i.declaration_id)";
    for row in tx.rows::<Filed>(sql, vals![tx.division()]).await? {
        api::expire::delete(tx, row.inbound_id).await?;
    }
    Ok(())
}
