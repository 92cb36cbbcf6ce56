//! The premises of a clue: a written address, resolved to a door of the reader's grids.

use linli_platform::{Result, app::App, reader::Reader};
use linli_register::addresses::{self, AddressRow};

/// The premises that were written, in the reader's grids; otherwise the nearest there, to suggest.
pub(crate) async fn find(app: &App, reader: &Reader, written: &str) -> Result<Result<AddressRow, Option<String>>> {
    let q = app.store.reads();
    let found = addresses::resolve(app, written).await?;
    // Of doors that fit equally well only those of the own grids are looked at.
    for door in found.door.into_iter().chain(found.doors) {
        match addresses::find(&q, reader, door).await {
            Ok(row) => return Ok(Ok(row)),
            Err(e) if e.is("not-found") => {}
            Err(e) => return Err(e),
        }
    }
    let Some((id, text)) = found.suggestion else { return Ok(Err(None)) };
    let near = addresses::find(&q, reader, id).await.is_ok();
    Ok(Err(near.then_some(text)))
}
