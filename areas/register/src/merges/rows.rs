//! A record as its row holds it, sealed values sealed.

use linli_platform::{
    AppError, Result,
    clock::Day,
    ids::GridId,
    keys::WrappedKey,
    sealed::{KeyRow, MachineRun, Sealed, SubjectKey},
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use super::COLUMNS;
use crate::{
    codes::Fact,
    ids::{EmployerId, HomeId, ResidenceId, ResidentId},
    residents::bind,
    sql::mark,
};

/// The whole row of a current record and its main residence.
#[derive(Clone, FromQueryResult)]
pub(super) struct Whole {
    pub resident_id: ResidentId,
    pub version: i64,
    pub name_sealed: Sealed,
    pub name_masked: String,
    pub doc_kind: String,
    pub doc_sealed: Sealed,
    pub doc_masked: String,
    pub doc_blind: Vec<u8>,
    pub phone_sealed: Option<Sealed>,
    pub phone_masked: Option<String>,
    pub phone_blind: Option<Vec<u8>>,
    pub facts_sealed: Sealed,
    pub sex: String,
    pub birth_year: Option<i64>,
    pub is_local: bool,
    pub home_id: HomeId,
    pub grid_id: Option<GridId>,
    pub employer_id: Option<EmployerId>,
    pub residence_id: ResidenceId,
    pub from_day: Day,
    pub epoch: String,
    pub wrapped: WrappedKey,
}

const SELECT: &str = "SELECT r.resident_id, r.version, r.name_sealed, r.name_masked, r.doc_kind, r.doc_sealed,
 r.doc_masked, r.doc_blind, r.phone_sealed, r.phone_masked, r.phone_blind, r.facts_sealed, r.sex, r.birth_year,
 r.is_local, r.home_id, r.grid_id, r.employer_id, l.residence_id, l.from_day, k.epoch, k.wrapped
 FROM resident r
 JOIN residence l ON l.division_code = r.division_code AND l.resident_id = r.resident_id AND l.is_main = TRUE
   AND l.until_day IS NULL
 JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.resident_id
 WHERE r.division_code = $1 AND r.resident_id = $2 AND r.state = 'current'";

/// A current record at a version, within the scope of the transaction's reader.
pub(super) async fn whole(tx: &Tx, id: ResidentId, version: i64) -> Result<Whole> {
    let mut values = vals![tx.division(), id];
    let scope = crate::sql::scope_of_found(&tx.reader().scope, "r.grid_id", &mut values);
    let found: Option<Whole> = tx.row(&format!("{SELECT} AND {scope}"), values).await?;
    let Some(row) = found else {
        crate::residents::find(tx, tx.reader(), id).await?;
        return Err(AppError::rule("already-cancelled"));
    };
    if row.version == version { Ok(row) } else { Err(AppError::stale()) }
}

/// A value of a column, as an update sets it.
pub(super) fn value(of: &Whole, column: &str) -> Value {
    match column {
        "name_sealed" => of.name_sealed.clone().into(),
        "name_masked" => of.name_masked.clone().into(),
        "doc_kind" => of.doc_kind.clone().into(),
        "doc_sealed" => of.doc_sealed.clone().into(),
        "doc_masked" => of.doc_masked.clone().into(),
        "doc_blind" => of.doc_blind.clone().into(),
        "phone_sealed" => of.phone_sealed.clone().into(),
        "phone_masked" => of.phone_masked.clone().into(),
        "phone_blind" => of.phone_blind.clone().into(),
        "facts_sealed" => of.facts_sealed.clone().into(),
        "sex" => of.sex.clone().into(),
        "birth_year" => of.birth_year.into(),
        "is_local" => of.is_local.into(),
        _ => of.employer_id.into(),
    }
}

/// The columns of some facts with what they hold in a record: `column = $n, …`, values pushed.
pub(super) fn setting(of: &Whole, facts: &[Fact], values: &mut Vec<Value>) -> String {
    let columns = COLUMNS.iter().filter(|(fact, _)| facts.contains(fact)).flat_map(|(_, columns)| columns.iter());
    let set: Vec<String> = columns.map(|c| format!("{c} = {}", mark(values, value(of, c)))).collect();
    set.iter().map(|s| format!("{s}, ")).collect()
}

/// The record with its sealed values sealed anew for another record: opened by the machine, shown to nobody.
pub(super) fn resealed(from: &Whole, run: &MachineRun, for_id: ResidentId, key: &SubjectKey) -> Result<Whole> {
    let id = from.resident_id;
    let key_row = KeyRow { subject_id: id.0, epoch: from.epoch.clone(), wrapped: from.wrapped.clone() };
    let mut fields = vec![
        (bind("name_sealed", id), &from.name_sealed),
        (bind("doc_sealed", id), &from.doc_sealed),
        (bind("facts_sealed", id), &from.facts_sealed),
    ];
    fields.extend(from.phone_sealed.as_ref().map(|phone| (bind("phone_sealed", id), phone)));
    let texts = run.open(&key_row, &fields)?;
    let seal = |n: usize, column| texts.get(n).map(|t| key.seal(bind(column, for_id), t.for_engine()));
    let missing = || AppError::internal("a sealed value is missing");
    Ok(Whole {
        name_sealed: seal(0, "name_sealed").ok_or_else(missing)?,
        doc_sealed: seal(1, "doc_sealed").ok_or_else(missing)?,
        facts_sealed: seal(2, "facts_sealed").ok_or_else(missing)?,
        phone_sealed: seal(3, "phone_sealed"),
        ..from.clone()
    })
}

/// Ends a main residence on a day, not before it began.
pub(super) async fn end(tx: &Tx, residence: ResidenceId, day: Day) -> Result<()> {
    tx.execute_one(
        "UPDATE residence SET until_day = CASE WHEN from_day > $3 THEN from_day ELSE $4 END
         WHERE division_code = $1 AND residence_id = $2 AND until_day IS NULL",
        vals![tx.division(), residence, day, day],
    )
    .await
}

/// Lets a residence go on as if it had not ended, in the grid that its home lies in now.
pub(super) async fn reopen(tx: &Tx, residence: ResidenceId, grid: Option<GridId>) -> Result<()> {
    tx.execute_one(
        "UPDATE residence SET until_day = NULL, grid_id = $3 WHERE division_code = $1 AND residence_id = $2
         AND until_day IS NOT NULL",
        vals![tx.division(), residence, grid],
    )
    .await
}

/// What stands of a merge.
#[derive(Clone, FromQueryResult)]
pub(super) struct Made {
    pub kept_id: ResidentId,
    pub absorbed_id: ResidentId,
    pub state: String,
    pub taken: String,
    pub kept_version: i64,
    pub absorbed_home_id: HomeId,
    pub absorbed_employer_id: Option<EmployerId>,
    pub absorbed_residence_id: ResidenceId,
    pub kept_residence_id: ResidenceId,
    pub made_residence_id: Option<ResidenceId>,
    pub version: i64,
}
