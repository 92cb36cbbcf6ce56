//! The tables of the area: premises, codes and numbers of people reached; nobody.

use linli_platform::store::{
    Migration,
    schema::{id, id_null, index, int, int_null, spread_table, text, text_null, unique_where},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "scenes-0001", tables, indexes },
        Migration { id: "scenes-0002", tables: brought_tables, indexes: brought_indexes },
    ]
}

/// Which system brought a clue.
fn brought_tables() -> Vec<TableCreateStatement> {
    vec![spread_table("scene_brought", &["scene_id"], vec![id("scene_id"), id("client_id"), int("brought_at")])]
}

fn brought_indexes() -> Vec<IndexCreateStatement> {
    vec![index("scene_brought_by_client", "scene_brought", &["client_id", "scene_id"])]
}

fn tables() -> Vec<TableCreateStatement> {
    let scene = spread_table(
        "scene",
        &["scene_id"],
        vec![
            id("scene_id"),
            text("code"),
            id("grid_id"),
            id("address_id"),
            text("state"),
            id("task_id"),
            id("made_by"),
            int("made_at"),
            int("due_at"),
            int_null("passed_at"),
            id_null("closed_by"),
            int_null("closed_at"),
            text_null("result"),
            int("version"),
        ],
    );
    let campaign = spread_table(
        "campaign",
        &["campaign_id"],
        vec![
            id("campaign_id"),
            text("kind"),
            id("grid_id"),
            text("day"),
            text("means"),
            text("place"),
            id("account_id"),
            int("made_at"),
            text_null("held_day"),
            int_null("reached"),
            int_null("leaflets"),
            int("version"),
        ],
    );
    vec![scene, campaign]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("scene_by_grid", "scene", &["grid_id", "state", "due_at"]),
        index("scene_by_time", "scene", &["made_at"]),
        // The same at one address is one clue until it is closed.
        unique_where("scene_once", "scene", &["address_id", "code"], "state <> 'closed'"),
        index("campaign_by_grid", "campaign", &["grid_id", "day"]),
    ]
}
