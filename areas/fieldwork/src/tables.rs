//! The tables of the area. A visit names the home and counts; there is no row per person seen (boundary 11).

use linli_platform::store::{
    Migration,
    schema::{id, index, int, references, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "fieldwork-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    let table = spread_table(
        "visit",
        &["visit_id"],
        vec![
            id("visit_id"),
            id("entry_id"),
            id("home_id"),
            id("grid_id"),
            id("account_id"),
            text("role"),
            int("seen_at"),
            int("received_at"),
            int("entered_at"),
            text("outcome"),
            int("people_checked"),
            int("registered"),
            int("changed"),
            int("cancelled"),
            text("day"),
            text_null("next_day"),
        ],
    );
    vec![references(table, "visit", "home_id", "home", "home_id")]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("visit_entry", "visit", &["entry_id"]),
        index("visit_by_home", "visit", &["home_id", "seen_at"]),
        index("visit_by_grid", "visit", &["grid_id", "day"]),
        index("visit_by_account", "visit", &["account_id", "day"]),
    ]
}
