//! The table of photos: the picture sealed, beside it when, where and why, and nothing of a person.

use linli_platform::store::{
    Migration,
    schema::{bytes, id, id_null, index, int, references, spread_table, text},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// Its migration.
pub(crate) fn migration() -> Migration {
    Migration { id: "fieldwork-photo-0001", tables, indexes }
}

fn tables() -> Vec<TableCreateStatement> {
    let table = spread_table(
        "visit_photo",
        &["photo_id"],
        vec![
            id("photo_id"),
            id("visit_id"),
            id("home_id"),
            id_null("grid_id"),
            id("account_id"),
            text("rule"),
            int("taken_at"),
            int("stored_at"),
            int("size_bytes"),
            bytes("photo_sealed"),
        ],
    );
    vec![references(table, "visit_photo", "home_id", "home", "home_id")]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("visit_photo_by_home", "visit_photo", &["home_id", "taken_at"]),
        index("visit_photo_by_time", "visit_photo", &["stored_at"]),
    ]
}
