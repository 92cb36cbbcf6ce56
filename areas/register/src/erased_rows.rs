//! Rows of tables that were sent and wait (an import, a roster) go with the record of the person whom they name.
//!
//! Such rows are sealed together, so the machine looks through them in a recorded run and blanks those that hold the
//! document number of a record that is being erased. A name alone is no proof: namesakes keep their rows.

use std::collections::HashSet;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    erasures::{self, ErasedWith},
    import::{blank_rows, table::StagedRow},
    keys::WrappedKey,
    sealed::{KeyRow, MachineRun, Sealed},
    store::{Query, Tx},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{HomeId, expire::KIND, residents::bind};

/// The document numbers of records that are being erased, and under which names the people lived in which homes.
/// `Debug` tells how many.
#[derive(Default)]
pub struct ErasedNumbers {
    numbers: HashSet<String>,
    lived: HashSet<(HomeId, String)>,
}

impl std::fmt::Debug for ErasedNumbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ErasedNumbers({})", self.numbers.len())
    }
}

impl ErasedNumbers {
    /// Reads them for the machine.
    ///
    /// # Errors
    /// A value that does not open.
    pub async fn of(tx: &Tx, run: &MachineRun, residents: &[Uuid]) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Row {
            resident_id: crate::ResidentId,
            name_sealed: Sealed,
            doc_sealed: Sealed,
            epoch: String,
            wrapped: WrappedKey,
        }
        #[derive(FromQueryResult)]
        struct Lived {
            resident_id: crate::ResidentId,
            home_id: HomeId,
        }
        let (marks, values) = erasures::listed(tx, residents);
        let sql = format!(
            "SELECT r.resident_id, r.name_sealed, r.doc_sealed, k.epoch, k.wrapped FROM resident r
             JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.resident_id
             WHERE r.division_code = $1 AND r.resident_id IN ({marks})"
        );
        let homes =
            format!("SELECT resident_id, home_id FROM residence WHERE division_code = $1 AND resident_id IN ({marks})");
        let homes: Vec<Lived> = tx.rows(&homes, values.clone()).await?;
        let mut erased = ErasedNumbers::default();
        for row in tx.rows::<Row>(&sql, values).await? {
            let id = row.resident_id;
            let key = KeyRow { subject_id: id.0, epoch: row.epoch, wrapped: row.wrapped };
            let places = [(bind("doc_sealed", id), &row.doc_sealed), (bind("name_sealed", id), &row.name_sealed)];
            let opened = run.open(&key, &places)?;
            erased.numbers.extend(opened.first().map(|text| squeezed(text.for_engine())));
            if let Some(name) = opened.get(1).map(|text| cn_identity::name::key(text.for_engine())) {
                let own = homes.iter().filter(|h| h.resident_id == id);
                erased.lived.extend(own.map(|h| (h.home_id, name.clone())));
            }
        }
        Ok(erased)
    }

    /// Whether a document number is one of them.
    pub fn has(&self, number: &str) -> bool {
        self.numbers.contains(&squeezed(number))
    }

    /// Whether one of the people has lived in a home under a name: for what names somebody of a home without a number.
    pub fn lived(&self, home: HomeId, name: &str) -> bool {
        self.lived.contains(&(home, cn_identity::name::key(name)))
    }

    /// Whether a cell of a row holds one of them.
    pub fn are_in(&self, row: &StagedRow) -> bool {
        row.cells.iter().any(|cell| self.has(cell))
    }

    /// Whether a text within a JSON value is one of them.
    pub fn are_in_json(&self, text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|value| self.within(&value))
    }

    fn within(&self, value: &serde_json::Value) -> bool {
        use serde_json::Value::{Array, Object, String};
        match value {
            String(text) => self.has(text),
            Array(items) => items.iter().any(|item| self.within(item)),
            Object(fields) => fields.values().any(|item| self.within(item)),
            _ => false,
        }
    }
}

/// As numbers are compared: without blanks and hyphens, in capitals, with the usual digits.
fn squeezed(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(plain).filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

/// Rows of imports under way.
pub(crate) struct StagedRows;

impl ErasedWith for StagedRows {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let sql = "SELECT COUNT(*) FROM import_chunk WHERE division_code = $1";
            if tx.number(sql, linli_platform::vals![tx.division()]).await? == 0 {
                return Ok(());
            }
            let run = tx.machine_run("erasure").await?;
            let numbers = ErasedNumbers::of(tx, &run, subjects).await?;
            blank_rows(tx, &run, |row| numbers.are_in(row)).await.map(|_| ())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_however_it_was_typed_and_a_part_of_one_is_not() {
        let numbers =
            ErasedNumbers { numbers: HashSet::from(["99010119900307271X".to_owned()]), ..ErasedNumbers::default() };
        let row = |cell: &str| StagedRow { row: 2, cells: vec!["赵".into(), cell.into()], damaged: Vec::new() };
        for same in ["99010119900307271x", " 990101 19900307 271X ", "９９０１０１１９９００３０７２７１Ｘ"]
        {
            assert!(numbers.are_in(&row(same)), "{same}");
        }
        for other in ["9901011990030727", "99010119900307271X0", ""] {
            assert!(!numbers.are_in(&row(other)), "{other}");
        }
        assert!(numbers.are_in_json(r#"{"cells":["a",{"no":"99010119900307271x"}]}"#));
        assert!(!numbers.are_in_json("[1]") && !numbers.are_in_json("99010119900307271X"));
    }
}
