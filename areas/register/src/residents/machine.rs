//! Current residents for a comparison by machine (a roster, the name directory).

use std::sync::Arc;

use linli_platform::{
    Result,
    ids::GridId,
    keys::WrappedKey,
    sealed::{KeyRow, MachineRun, MachineText, Sealed},
    store::Query,
    vals,
};
use sea_orm::FromQueryResult;

use super::bind;
use crate::{
    ids::{AddressId, EmployerId, HomeId, ResidentId},
    parallel,
    sql::mark,
};

/// One current resident as an engine takes it.
#[derive(Debug, Clone)]
pub struct MachineResident {
    /// Id.
    pub resident_id: ResidentId,
    /// Version of the record.
    pub version: i64,
    /// Name.
    pub name: MachineText,
    /// Kind of document.
    pub doc_kind: String,
    /// Number of the document.
    pub doc: MachineText,
    /// Mobile.
    pub phone: Option<MachineText>,
    /// Address of the main residence.
    pub address_id: Option<AddressId>,
    /// Home of the main residence.
    pub home_id: Option<HomeId>,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Employer.
    pub employer_id: Option<EmployerId>,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    resident_id: ResidentId,
    version: i64,
    name_sealed: Sealed,
    doc_kind: String,
    doc_sealed: Sealed,
    phone_sealed: Option<Sealed>,
    address_id: Option<AddressId>,
    home_id: Option<HomeId>,
    grid_id: Option<GridId>,
    employer_id: Option<EmployerId>,
    epoch: String,
    wrapped: WrappedKey,
}

/// Rows taken at a time: bounds the memory, not the result.
const CHUNK: usize = 5_000;

pub(super) const SELECTED: &str =
    "SELECT r.resident_id, r.version, r.name_sealed, r.doc_kind, r.doc_sealed, r.phone_sealed,
 h.address_id, r.home_id, r.grid_id, r.employer_id, k.epoch, k.wrapped
 FROM resident r
 JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.resident_id
 LEFT JOIN home h ON h.division_code = r.division_code AND h.home_id = r.home_id";

/// Gives every current resident of the division to `each`, in chunks, opened by a recorded run. A machine's
/// comparison sees the whole division; what a person is shown of its result is scoped and unmasked one by one.
pub async fn machine_rows(
    q: &impl Query,
    run: &Arc<MachineRun>,
    mut each: impl FnMut(MachineResident) + Send,
) -> Result<()> {
    let mut after: Option<ResidentId> = None;
    loop {
        let mut values = vals![q.division()];
        let from = after.map(|id| format!(" AND r.resident_id > {}", mark(&mut values, id))).unwrap_or_default();
        let sql = format!(
            "{SELECTED} WHERE r.division_code = $1 AND r.state = 'current'{from} ORDER BY r.resident_id LIMIT {CHUNK}"
        );
        let rows: Vec<Row> = q.rows(&sql, values).await?;
        let (full, last) = (rows.len() == CHUNK, rows.last().map(|r| r.resident_id));
        let run = run.clone();
        for resident in parallel::map(rows, move |row| opened(&run, row)).await? {
            each(resident?);
        }
        if !full {
            return Ok(());
        }
        after = last;
    }
}

pub(super) fn opened(run: &MachineRun, row: Row) -> Result<MachineResident> {
    let id = row.resident_id;
    let key = KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped };
    let mut fields = vec![(bind("name_sealed", id), &row.name_sealed), (bind("doc_sealed", id), &row.doc_sealed)];
    if let Some(phone) = &row.phone_sealed {
        fields.push((bind("phone_sealed", id), phone));
    }
    let mut texts = run.open(&key, &fields)?.into_iter();
    let mut next = || texts.next().ok_or_else(linli_platform::AppError::not_found);
    Ok(MachineResident {
        resident_id: id,
        version: row.version,
        name: next()?,
        doc_kind: row.doc_kind,
        doc: next()?,
        phone: texts.next(),
        address_id: row.address_id,
        home_id: row.home_id,
        grid_id: row.grid_id,
        employer_id: row.employer_id,
    })
}

/// A name for the directory.
pub struct MachineName {
    /// Whose.
    pub resident_id: ResidentId,
    /// The version of the record.
    pub version: i64,
    /// Whether the registration is in force.
    pub current: bool,
    /// The grid of the main residence.
    pub grid_id: Option<GridId>,
    /// The name, for the machine alone.
    pub name: MachineText,
}

#[derive(FromQueryResult)]
struct NameRow {
    resident_id: ResidentId,
    version: i64,
    state: String,
    grid_id: Option<GridId>,
    name_sealed: Sealed,
    epoch: String,
    wrapped: WrappedKey,
}

/// Names of some residents, current or not, opened by a recorded run.
pub async fn machine_names(q: &impl Query, run: &MachineRun, ids: &[ResidentId]) -> Result<Vec<MachineName>> {
    let mut names = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(1_000) {
        let mut values = vals![q.division()];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let sql = format!(
            "SELECT r.resident_id, r.version, r.state, r.grid_id, r.name_sealed, k.epoch, k.wrapped FROM resident r
             JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.resident_id
             WHERE r.division_code = $1 AND r.resident_id IN ({marks})"
        );
        let rows: Vec<NameRow> = q.rows(&sql, values).await?;
        for row in rows {
            let id = row.resident_id;
            let key = KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped };
            let opened = run.open(&key, &[(bind("name_sealed", id), &row.name_sealed)])?;
            names.extend(opened.into_iter().map(|name| MachineName {
                resident_id: id,
                version: row.version,
                current: row.state == "current",
                grid_id: row.grid_id,
                name,
            }));
        }
    }
    Ok(names)
}
