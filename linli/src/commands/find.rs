//! `linli find`: the search of the register, masked, within somebody's scope.

use linli_platform::texts::T;
use linli_register::{Slice, residents};

use super::reader_of;
use crate::{failure::Outcome, start::Started};

/// Rows shown at most.
const SHOWN: i64 = 50;

/// Finds residents by name, pinyin, number, mobile or address, and prints them masked.
///
/// # Errors
/// `search-too-short`; `forbidden` for an account that may not read the register.
pub async fn find(started: &Started, text: &str, account: &str, t: &T) -> Outcome {
    let app = &started.app;
    let reader = reader_of(app, account).await?;
    if !reader.may(linli_platform::access::Action::RegisterRead) {
        return Err(linli_platform::AppError::forbidden().into());
    }
    let found = residents::search(app, &reader, text, Slice::first(SHOWN)).await?;
    for row in &found.rows {
        let phone = row.phone_masked.as_deref().unwrap_or("-");
        let address = row.address_text.as_deref().unwrap_or("-");
        crate::say!("{}\t{}\t{phone}\t{address}", row.name_masked, row.doc_masked);
    }
    crate::say!("{}", t.n("cli-found", found.total));
    Ok(())
}
