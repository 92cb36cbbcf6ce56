//! `linli retention`: what is over its time, and deleting it.

use linli_platform::{retention, texts::T};

use crate::{failure::Outcome, start::Started};

/// Lists what is over its time, kind by kind, and deletes it unless it is a rehearsal. The server does the same by
/// itself once a day.
///
/// # Errors
/// Those of the store.
pub async fn run(started: &Started, dry_run: bool, t: &T) -> Outcome {
    let app = &started.app;
    let due = if dry_run { retention::due(app).await? } else { retention::erase(app).await? };
    for kind in &due {
        let args = [
            ("what", t.code("retained", kind.key)),
            ("before", kind.before.minute_text()),
            ("rows", kind.rows.to_string()),
        ];
        crate::say!("  {}", t.all("cli-retention-line", &args));
    }
    let rows: i64 = due.iter().map(|d| d.rows).sum();
    crate::say!("{}", t.n(if dry_run { "cli-retention-would" } else { "cli-retention-done" }, rows));
    Ok(())
}
