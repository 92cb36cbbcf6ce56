//! Data checks (数据核查, R19): a list of discrepancies of registration goes down the four levels to the grids its
//! addresses lie in and comes back closed.
//!
//! A list holds what boundary 9 allows: a kind from a closed list, name, number, mobile, address; everything else is
//! dropped at the import. Rows are sealed under a key each and travel masked; whoever has to visit opens one on record.
//! When the check is closed its rows and their keys are gone, and counts alone remain.

pub mod codes;
mod desk;
mod export;
mod finish;
mod import;
pub(crate) mod rows;
mod send;
mod store;
mod visit;

pub use codes::{CheckState, Desk, Discrepancy, Found, RowState};
pub use desk::{Match, decide, registered};
pub use export::workbook;
pub use finish::{close, remove};
pub(crate) use finish::{drop_rows, end_grid};
pub use import::{CheckImport, KIND};
pub use rows::{OpenRow, Row, RowFilter, find_row, list_rows, open_row};
pub(crate) use send::{begin_visits, targets};
pub use send::{place, send};
pub(crate) use store::open_rows_of;
pub use store::{Check, Progress, counts, find, list, progress};
pub use visit::{take_up, visited};
