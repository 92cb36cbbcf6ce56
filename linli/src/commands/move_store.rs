//! `linli move`: from one database to another, compared table by table.

use linli_platform::{
    clock::{Clock, Rng},
    config::Config,
    move_store::{self, TableDigest},
    store::{DatabaseUrl, Store},
    texts::T,
};

use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    start,
};

/// Copies every table into an empty PostgreSQL database and says how the settings name it.
///
/// # Errors
/// `cli-move-target`; those of [`move_store::copy`].
pub async fn run(config: &Config, to: &str, t: &T) -> Outcome {
    let target = DatabaseUrl(to.to_owned());
    if !target.is_postgres() {
        return Err(Failure::say("cli-move-target"));
    }
    let source = start::connect(config, Clock::system(), Rng::system()).await?;
    start::check_schema(&source).await?;
    let (keys, division) = (source.keys().clone(), source.division().to_owned());
    let store = Store::connect(&target, &division, keys, Clock::system(), Rng::system()).await?;
    let show = |d: &TableDigest| crate::say!("  {:<22} {:>10}  {}", d.table, d.rows, &d.digest[..16]);
    let moved = move_store::copy(&source, &store, &migrations(), &show).await?;
    let rows: u64 = moved.iter().map(|d| d.rows).sum();
    let args = [("tables", moved.len().to_string()), ("rows", rows.to_string()), ("to", target.masked())];
    crate::say!("{}", t.all("cli-move-done", &args));
    Ok(())
}
