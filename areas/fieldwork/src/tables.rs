//! The tables of the area. A visit names the home and counts; there is no row per person seen (boundary 11). An entry that
//! waits for a decision is sealed as a whole, and names the records it is about only until it is decided.

use linli_platform::store::{
    Migration,
    schema::{
        bytes, bytes_null, flag, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique,
    },
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "fieldwork-0001", tables, indexes },
        Migration { id: "fieldwork-0002", tables: phone_tables, indexes: phone_indexes },
        crate::photo::migration(),
        Migration { id: "fieldwork-0003", tables: plan_tables, indexes: plan_indexes },
        Migration { id: "fieldwork-0004", tables: off_duty_tables, indexes: Vec::new },
    ]
}

/// Plans hold homes, days and colleagues; nothing of residents.
fn plan_tables() -> Vec<TableCreateStatement> {
    let plan = vec![
        id("plan_id"),
        id("grid_id"),
        text("month"),
        int("made_at"),
        id("made_by"),
        int("changed_at"),
        text("pack_digest"),
        int("version"),
    ];
    let stop = vec![
        id("stop_id"),
        id("plan_id"),
        id("home_id"),
        text("day"),
        id("account_id"),
        int("seq"),
        text("why"),
        flag("by_hand"),
        text_null("done_day"),
    ];
    let stop =
        references(spread_table("month_stop", &["stop_id"], stop), "month_stop", "plan_id", "month_plan", "plan_id");
    vec![
        spread_table("month_plan", &["plan_id"], plan),
        references(stop, "month_stop", "home_id", "home", "home_id"),
        spread_table("field_absence", &["account_id", "day"], vec![id("account_id"), text("day"), id("made_by")]),
    ]
}

/// Days without work by the filed shift plans; no reason.
fn off_duty_tables() -> Vec<TableCreateStatement> {
    vec![spread_table("field_off_duty", &["account_id", "day"], vec![id("account_id"), text("day")])]
}

fn plan_indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("month_plan_once", "month_plan", &["grid_id", "month"]),
        index("month_plan_by_month", "month_plan", &["month"]),
        index("month_stop_by_plan", "month_stop", &["plan_id", "day"]),
        index("month_stop_by_home", "month_stop", &["home_id", "day"]),
    ]
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

fn phone_tables() -> Vec<TableCreateStatement> {
    let device = spread_table(
        "phone_device",
        &["device_id"],
        vec![
            id("device_id"),
            id("account_id"),
            text("label"),
            int("made_at"),
            int("seen_at"),
            int_null("taken_at"),
            int_null("revoked_at"),
            id_null("revoked_by"),
        ],
    );
    let entry = spread_table(
        "phone_entry",
        &["entry_id"],
        vec![
            id("entry_id"),
            id("account_id"),
            id("device_id"),
            id("home_id"),
            id_null("grid_id"),
            text("state"),
            text_null("reason"),
            text_null("detail"),
            text("fields"),
            id_null("conflict_id"),
            bytes("digest"),
            int("seen_at"),
            int("received_at"),
            id_null("corrects"),
        ],
    );
    let person = spread_table(
        "phone_conflict_person",
        &["conflict_id", "resident_id"],
        vec![id("conflict_id"), id("resident_id"), flag("shown")],
    );
    let note = spread_table("visit_note", &["visit_id", "code"], vec![id("visit_id"), text("code")]);
    vec![device, entry, conflict_table(), person, references(note, "visit_note", "visit_id", "visit", "visit_id")]
}

fn conflict_table() -> TableCreateStatement {
    let table = spread_table(
        "phone_conflict",
        &["conflict_id"],
        vec![
            id("conflict_id"),
            id("entry_id"),
            id("home_id"),
            id("grid_id"),
            id("account_id"),
            text("reason"),
            text("fields"),
            bytes_null("content_sealed"),
            text("state"),
            text_null("aside"),
            int("seen_at"),
            int("made_at"),
            int_null("decided_at"),
            id_null("decided_by"),
            int("version"),
        ],
    );
    references(table, "phone_conflict", "home_id", "home", "home_id")
}

fn phone_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("phone_device_by_account", "phone_device", &["account_id"]),
        index("phone_entry_by_time", "phone_entry", &["received_at"]),
        unique("phone_conflict_entry", "phone_conflict", &["entry_id"]),
        index("phone_conflict_by_grid", "phone_conflict", &["grid_id", "state"]),
        index("phone_conflict_by_resident", "phone_conflict_person", &["resident_id"]),
    ]
}
