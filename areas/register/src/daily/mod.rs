//! The daily file of changes for the official register (登记信息系统), and the receipt that comes back.
//!
//! A file holds, for one day that is over, each record that changed and has not been reported as it is now: new, changed or
//! gone. Its values are clear, so taking it is a reading of each person in it, on record for the purpose
//! `official-register`; the file itself is not kept. What the receipt refuses is shown beside the record, and is reported
//! again when it was put right. Of a receipt, results and coded reasons are kept and no remark (boundary 9).

mod columns;
mod make;
mod receipt;
mod take;

pub use columns::{Column, DEFAULT, mapping, save_mapping};
pub use make::{DailyFile, Standing, find, list, make, standing};
pub use receipt::{Answer, Counts, Refused, counts, read, receive, refused};
pub use take::{Line, take};

use linli_platform::clock::Day;

/// How a row is named in the file and in its receipt: `20261122-0007`.
fn reference(day: Day, row_no: i64) -> String {
    format!("{}-{row_no:04}", day.to_string().replace('-', ""))
}
