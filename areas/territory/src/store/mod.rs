//! The territory's tables and SQL.

pub mod boundaries;
pub mod committees;
pub mod grids;

use linli_platform::store::schema::*;

/// The territory's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "territory-0001", tables, indexes }]
}

fn tables() -> Vec<sea_orm::sea_query::TableCreateStatement> {
    vec![
        spread_table(
            "committee",
            &["committee_code"],
            vec![
                text("committee_code"),
                id("committee_id"),
                text("name"),
                text("official_name"),
                text("kind"),
                text("group_code"),
                text_null("police_area"),
                int("version"),
            ],
        ),
        references(
            spread_table(
                "committee_alias",
                &["alias_key"],
                vec![text("alias_key"), text("alias"), text("committee_code")],
            ),
            "committee_alias",
            "committee_code",
            "committee",
            "committee_code",
        ),
        references(
            spread_table(
                "micro_grid",
                &["grid_id"],
                vec![
                    id("grid_id"),
                    text("code"),
                    text("name"),
                    text("committee_code"),
                    text("from_day"),
                    text_null("until_day"),
                    int("version"),
                ],
            ),
            "micro_grid",
            "committee_code",
            "committee",
            "committee_code",
        ),
        spread_table(
            "boundary_set",
            &["set_id"],
            vec![
                id("set_id"),
                text("file_name"),
                text("datum"),
                text("state"),
                text_null("takes_effect_day"),
                text_null("until_day"),
                int("grid_count"),
                int("made_at"),
                id("account_id"),
                int("version"),
            ],
        ),
        // No key to micro_grid: a draft's new grids have their ids before they exist.
        references(
            spread_table(
                "grid_boundary",
                &["set_id", "grid_id"],
                vec![
                    id("set_id"),
                    id("grid_id"),
                    text("code"),
                    text("name"),
                    text("committee_code"),
                    text("geojson"),
                    float("lon"),
                    float("lat"),
                    float("area_m2"),
                ],
            ),
            "grid_boundary",
            "set_id",
            "boundary_set",
            "set_id",
        ),
    ]
}

fn indexes() -> Vec<sea_orm::sea_query::IndexCreateStatement> {
    vec![
        unique("committee_id", "committee", &["committee_id"]),
        unique("committee_name", "committee", &["name"]),
        index("committee_alias_committee", "committee_alias", &["committee_code"]),
        unique_where("micro_grid_code", "micro_grid", &["code"], "until_day IS NULL"),
        index("micro_grid_committee", "micro_grid", &["committee_code"]),
        unique("grid_boundary_code", "grid_boundary", &["set_id", "code"]),
        // Two sets on one day would leave open which of them holds.
        unique_where("boundary_set_day", "boundary_set", &["takes_effect_day"], "state <> 'dropped'"),
    ]
}
