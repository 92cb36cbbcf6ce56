//! The tables of the assessment.

use linli_platform::store::{
    Migration,
    schema::{id, index, int, int_null, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "assessment-0001", tables, indexes },
        Migration { id: "assessment-0002", tables: year_tables, indexes: Vec::new },
    ]
}

/// The scheme of each month, and the year (R35).
fn year_tables() -> Vec<TableCreateStatement> {
    let year = vec![int("year"), text("pack_digest"), int("final_at"), int("version")];
    let score = vec![
        int("year"),
        text("committee_code"),
        text("group_code"),
        int("months"),
        int_null("first_half"),
        int_null("second_half"),
        int("mean"),
        int_null("first_rank"),
        int_null("second_rank"),
        int("rank_in_group"),
        int("rank_overall"),
        text_null("consequence"),
    ];
    let handing = vec![int("year"), text("submission"), id("account_id"), int("handed_at")];
    vec![
        spread_table("assessment_scheme", &["month"], vec![text("month"), text("scheme")]),
        spread_table("assessment_year", &["year"], year),
        spread_table("assessment_year_score", &["year", "committee_code"], score),
        spread_table("assessment_handing", &["year", "submission"], handing),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    let score = vec![
        text("month"),
        text("committee_code"),
        text("group_code"),
        int("deducted"),
        int("bonus"),
        int("total"),
        int("rank_in_group"),
        int("rank_overall"),
    ];
    let line = vec![
        text("month"),
        text("committee_code"),
        text("item_id"),
        int("points"),
        int("deducted"),
        text("found"),
        text("missing"),
    ];
    let round = vec![
        text("month"),
        text("state"),
        text("pack_digest"),
        int("computed_at"),
        int_null("published_at"),
        int_null("final_at"),
        int("version"),
    ];
    let entry = vec![
        id("entry_id"),
        text("month"),
        text("committee_code"),
        text("key"),
        int("number"),
        id("account_id"),
        text("day"),
        int("entered_at"),
    ];
    let objection = vec![
        id("objection_id"),
        text("month"),
        text("committee_code"),
        text("item_id"),
        text("reason"),
        text("state"),
        id("account_id"),
        int("made_at"),
        int_null("answered_at"),
        text_null("answer"),
        int("version"),
    ];
    vec![
        spread_table("assessment_round", &["month"], round),
        spread_table("assessment_score", &["month", "committee_code"], score),
        spread_table("assessment_line", &["month", "committee_code", "item_id"], line),
        spread_table("assessment_entry", &["entry_id"], entry),
        spread_table("assessment_objection", &["objection_id"], objection),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("assessment_entry_once", "assessment_entry", &["month", "committee_code", "key"]),
        index("assessment_objection_month", "assessment_objection", &["month", "committee_code"]),
    ]
}
