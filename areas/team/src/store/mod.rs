//! The team's tables and SQL.

pub mod appointments;
pub mod bodies;
pub mod staff;
pub mod trainings;

use linli_platform::store::schema::*;
use sea_orm::sea_query::TableCreateStatement;

/// The team's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "team-0001", tables, indexes },
        Migration { id: "team-0002", tables: signature_tables, indexes: Vec::new },
    ]
}

/// Agreements signed on the screen, and which text it was.
fn signature_tables() -> Vec<TableCreateStatement> {
    let signature = spread_table(
        "agreement_signature",
        &["agreement_id"],
        vec![id("agreement_id"), id("account_id"), int("signed_at"), text("text_digest")],
    );
    vec![references(signature, "agreement_signature", "agreement_id", "agreement", "agreement_id")]
}

fn of_staff(table: TableCreateStatement, name: &'static str) -> TableCreateStatement {
    references(table, name, "staff_id", "staff", "staff_id")
}

fn tables() -> Vec<TableCreateStatement> {
    let appointment = spread_table(
        "appointment",
        &["appointment_id"],
        vec![
            id("appointment_id"),
            id("staff_id"),
            text("post"),
            text("role"),
            text("area_kind"),
            text("area"),
            id_null("grid_id"),
            text("from_day"),
            text_null("until_day"),
            id_null("stands_in_for"),
            id_null("account_role_id"),
            int("version"),
        ],
    );
    let agreement = spread_table(
        "agreement",
        &["agreement_id"],
        vec![id("agreement_id"), id("staff_id"), text("signed_day"), text_null("ended_day")],
    );
    vec![
        spread_table(
            "staff",
            &["staff_id"],
            vec![
                id("staff_id"),
                id_null("account_id"),
                text("name"),
                bytes_null("mobile_sealed"),
                text_null("mobile_masked"),
                bytes_null("mobile_blind"),
                text("from_day"),
                text_null("left_day"),
                int("version"),
            ],
        ),
        of_staff(appointment, "appointment"),
        of_staff(agreement, "agreement"),
        of_staff(
            spread_table("training", &["staff_id", "held_day"], vec![id("staff_id"), text("held_day")]),
            "training",
        ),
        // The bodies themselves and the posts in them are the policy pack's.
        spread_table(
            "body_member",
            &["member_id"],
            vec![
                id("member_id"),
                text("body"),
                text("post"),
                text("place"),
                text("name"),
                text("from_day"),
                text_null("until_day"),
            ],
        ),
    ]
}

fn indexes() -> Vec<sea_orm::sea_query::IndexCreateStatement> {
    vec![
        unique_where("staff_account", "staff", &["account_id"], "account_id IS NOT NULL AND left_day IS NULL"),
        index("staff_mobile", "staff", &["mobile_blind"]),
        index("appointment_staff", "appointment", &["staff_id"]),
        index("appointment_grid", "appointment", &["grid_id"]),
        index("appointment_area", "appointment", &["area", "post"]),
        // Two requests at once cannot both appoint a leader or an officer to one grid (R3).
        unique_where(
            "appointment_one",
            "appointment",
            &["area", "post"],
            "until_day IS NULL AND stands_in_for IS NULL AND post IN ('grid-leader', 'officer')",
        ),
        index("agreement_staff", "agreement", &["staff_id"]),
        index("body_member_body", "body_member", &["body"]),
    ]
}
