//! The tables of the area. None holds anything of a resident: premises, codes, and the accounts of colleagues.

use linli_platform::store::{
    Migration,
    schema::{flag, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique_where},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "volunteers-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    let mut all = vec![place(), notice(), stipend()];
    all.extend(accounts());
    all.extend(guidance());
    all
}

fn place() -> TableCreateStatement {
    spread_table(
        "volunteer_place",
        &["place_id"],
        vec![
            id("place_id"),
            id("account_id"),
            id("grid_id"),
            // What the addresses of these premises begin with.
            text("prefix"),
            text("from_day"),
            text_null("until_day"),
            id("made_by"),
        ],
    )
}

fn notice() -> TableCreateStatement {
    // No key to home: a notice outlives a home that is taken out of the register.
    let table = spread_table(
        "volunteer_notice",
        &["notice_id"],
        vec![
            id("notice_id"),
            id("account_id"),
            id("grid_id"),
            id("place_id"),
            id_null("home_id"),
            text("kind"),
            text("hazard"),
            text("seen"),
            text("state"),
            text_null("result"),
            id("task_id"),
            int("due_at"),
            int("made_at"),
            id_null("checked_by"),
            int_null("checked_at"),
            int("version"),
        ],
    );
    references(table, "volunteer_notice", "place_id", "volunteer_place", "place_id")
}

fn stipend() -> TableCreateStatement {
    // No key to the notice, which goes years before the accounts.
    spread_table(
        "stipend",
        &["stipend_id"],
        vec![
            id("stipend_id"),
            id("notice_id"),
            id("account_id"),
            id("grid_id"),
            int("yuan"),
            text("state"),
            id("applied_by"),
            int("applied_at"),
            int("due_at"),
            text_null("refusal"),
            id_null("ended_by"),
            int_null("ended_at"),
            int("version"),
        ],
    )
}

fn accounts() -> Vec<TableCreateStatement> {
    let approval = spread_table(
        "stipend_approval",
        &["stipend_id", "account_id"],
        vec![id("stipend_id"), id("account_id"), int("step"), text("role"), int("at")],
    );
    let entry = spread_table(
        "stipend_entry",
        &["entry_id"],
        vec![id("entry_id"), text("kind"), id_null("stipend_id"), id("account_id"), int("at")],
    );
    let posting =
        spread_table("stipend_posting", &["entry_id", "book"], vec![id("entry_id"), text("book"), int("yuan")]);
    vec![
        references(approval, "stipend_approval", "stipend_id", "stipend", "stipend_id"),
        entry,
        references(posting, "stipend_posting", "entry_id", "stipend_entry", "entry_id"),
        // What each book stands at: the row that two payments at once wait for.
        spread_table("stipend_book", &["book"], vec![text("book"), int("yuan")]),
    ]
}

fn guidance() -> Vec<TableCreateStatement> {
    let session = spread_table(
        "guidance",
        &["guidance_id"],
        vec![id("guidance_id"), id("grid_id"), text("day"), text("topic"), id("account_id"), int("made_at")],
    );
    let attendance = spread_table(
        "guidance_attendance",
        &["guidance_id", "staff_id"],
        vec![id("guidance_id"), id("staff_id"), flag("attended")],
    );
    vec![session, references(attendance, "guidance_attendance", "guidance_id", "guidance", "guidance_id")]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("volunteer_place_by_account", "volunteer_place", &["account_id"]),
        index("volunteer_place_by_grid", "volunteer_place", &["grid_id"]),
        unique_where(
            "volunteer_place_once",
            "volunteer_place",
            &["account_id", "grid_id", "prefix"],
            "until_day IS NULL",
        ),
        index("volunteer_notice_by_account", "volunteer_notice", &["account_id", "made_at"]),
        index("volunteer_notice_by_grid", "volunteer_notice", &["grid_id", "state", "due_at"]),
        // What waits to be checked already is not told a second time.
        unique_where(
            "volunteer_notice_once",
            "volunteer_notice",
            &["home_id", "kind", "hazard"],
            "state = 'open' AND home_id IS NOT NULL",
        ),
        unique_where("stipend_once", "stipend", &["notice_id"], "state <> 'refused'"),
        index("stipend_by_state", "stipend", &["state", "applied_at"]),
        index("stipend_by_account", "stipend", &["account_id"]),
        index("stipend_entry_by_time", "stipend_entry", &["at"]),
        index("guidance_by_grid", "guidance", &["grid_id", "day"]),
        index("guidance_attendance_by_staff", "guidance_attendance", &["staff_id"]),
    ]
}
