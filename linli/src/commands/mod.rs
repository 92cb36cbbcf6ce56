//! The commands, one file each.

pub mod account;
pub mod api;
pub mod backup;
pub mod bench;
mod cells;
pub mod config;
pub mod doctor;
pub mod engines;
pub mod find;
pub mod import;
pub mod init;
pub mod keys;
mod lines;
pub mod log;
pub mod move_store;
mod output;
pub mod papers;
#[cfg_attr(not(feature = "parquet"), path = "no_parquet.rs")]
mod parquet;
pub mod retention;
pub mod roster;
pub mod score;
pub mod simulate;
pub mod survey;
mod table;
mod text;
mod toml_file;
pub mod town;
pub mod witness;

use linli_platform::{accounts, app::App, reader::Reader, sessions};

use crate::failure::{Failure, Outcome};

/// The reader that an account is today, as signing in makes it: its roles, its grids, nothing more.
///
/// # Errors
/// `cli-no-account` for a name that nobody has, or whose account is disabled.
pub async fn reader_of(app: &App, name: &str) -> Outcome<Reader> {
    let account = accounts::find_by_name(&app.store.reads(), name).await?;
    match account.filter(|a| !a.disabled) {
        Some(a) => Ok(sessions::reader(app, a.account_id, a.display_name, app.store.clock().today()).await?),
        None => Err(Failure::say("cli-no-account").arg("name", name)),
    }
}
