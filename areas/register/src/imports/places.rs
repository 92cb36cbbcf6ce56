//! Address cells: resolved to a standard address, and the home there.

use std::{collections::HashMap, sync::Arc};

use linli_platform::{Result, app::App, import::CellProblem, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

use super::{problem, with_arg};
use crate::{
    addresses::{self, AddressBook},
    ids::{AddressId, HomeId},
};

/// Resolves address cells; each text is read once.
pub(super) struct Places {
    book: Arc<AddressBook>,
    read: HashMap<String, Result<AddressId, Option<String>>>,
}

impl Places {
    pub(super) async fn load(app: &App) -> Result<Self> {
        Ok(Places { book: addresses::book(app).await?, read: HashMap::new() })
    }
    /// The standard address of a cell, or the message with the nearest one.
    pub(super) fn at(&mut self, row: u64, column: &'static str, text: &str) -> Result<AddressId, CellProblem> {
        if text.is_empty() {
            return Err(problem(row, column, "address-empty", true));
        }
        let book = &self.book;
        let read = self.read.entry(text.to_owned()).or_insert_with(|| {
            let found = book.resolve(text);
            found.door.ok_or_else(|| found.suggestion.map(|(_, text)| text))
        });
        read.clone().map_err(|suggestion| match suggestion {
            Some(text) => with_arg(problem(row, column, "address-unknown-near", true), "suggestion", text),
            None => problem(row, column, "address-unknown", true),
        })
    }
}

/// A home found at an address.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(super) struct HomeAt {
    pub(super) home_id: HomeId,
    pub(super) address_id: AddressId,
}

/// The first home at each address within the reader's scope.
pub(super) async fn homes_at(
    q: &impl Query,
    reader: &Reader,
    addresses: &[AddressId],
) -> Result<HashMap<AddressId, HomeAt>> {
    let mut homes = HashMap::new();
    for chunk in addresses.chunks(5_000) {
        let mut values = vals![q.division()];
        let scope = reader.scope.sql("grid_id", &mut values);
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let sql = format!(
            "SELECT home_id, address_id FROM home
             WHERE division_code = $1 AND {scope} AND address_id IN ({marks}) ORDER BY home_id"
        );
        let rows: Vec<HomeAt> = q.rows(&sql, values).await?;
        for row in rows {
            homes.entry(row.address_id).or_insert(row);
        }
    }
    Ok(homes)
}
