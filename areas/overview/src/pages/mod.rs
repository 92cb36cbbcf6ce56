//! Pages of the overview.

mod auditor;
pub(crate) mod duties;
pub(crate) mod map;
pub(crate) mod overview;
pub(crate) mod units;

use linli_platform::{Result, app::App, area::Duty, reader::Reader};

/// The reader's duties of all areas: late ones first, then what is still to do.
async fn all_duties(app: &App, reader: &Reader) -> Result<Vec<Duty>> {
    let mut all = Vec::new();
    for source in &app.duties {
        all.extend(source.duties(app, reader).await?);
    }
    all.sort_by_key(|d| (d.late == 0, d.done >= d.due, -d.late, -(d.due - d.done)));
    Ok(all)
}
