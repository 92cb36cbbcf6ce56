//! The tables of shifts: staff by id, days, codes.

use linli_platform::store::{
    Migration,
    schema::{id, index, int, int_null, references, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "shifts-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![plan(), turn(), swap()]
}

fn plan() -> TableCreateStatement {
    let columns = vec![
        id("plan_id"),
        text("committee_code"),
        text("monday"),
        text("state"),
        int("broken"),
        int("made_at"),
        int_null("filed_at"),
        int_null("acknowledged_at"),
        int("version"),
    ];
    spread_table("shift_week", &["plan_id"], columns)
}

fn turn() -> TableCreateStatement {
    let columns =
        vec![id("plan_id"), id("staff_id"), text("day"), text("cell"), text_null("worked"), int_null("confirmed_at")];
    let table = spread_table("shift_turn", &["plan_id", "staff_id", "day"], columns);
    references(table, "shift_turn", "plan_id", "shift_week", "plan_id")
}

fn swap() -> TableCreateStatement {
    let columns = vec![
        id("swap_id"),
        id("plan_id"),
        id("from_staff"),
        text("from_day"),
        text("from_cell"),
        id("to_staff"),
        text_null("to_day"),
        text_null("to_cell"),
        text("state"),
        int("made_at"),
        int_null("ended_at"),
        int("version"),
    ];
    let table = spread_table("shift_swap", &["swap_id"], columns);
    references(table, "shift_swap", "plan_id", "shift_week", "plan_id")
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("shift_week_once", "shift_week", &["committee_code", "monday"]),
        index("shift_week_by_monday", "shift_week", &["monday"]),
        index("shift_turn_by_staff", "shift_turn", &["staff_id", "day"]),
        index("shift_swap_by_plan", "shift_swap", &["plan_id"]),
        index("shift_swap_from", "shift_swap", &["from_staff", "state"]),
        index("shift_swap_to", "shift_swap", &["to_staff", "state"]),
    ]
}
