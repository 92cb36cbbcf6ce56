//! The tables of meetings. Who took part is staff by id; nothing of a resident stands here.

use linli_platform::store::{
    Migration,
    schema::{bytes, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique},
};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};

/// The area's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![Migration { id: "meetings-0001", tables, indexes }]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![meeting(), grid(), attendee(), agenda(), decision(), feed()]
}

fn meeting() -> TableCreateStatement {
    let columns = vec![
        id("meeting_id"),
        text("kind"),
        text("area"),
        id_null("grid_id"),
        text("period"),
        int("starts_at"),
        text("place"),
        text("state"),
        text("convener_role"),
        int("moves"),
        int_null("moved_from"),
        text_null("move_reason"),
        text("summary"),
        int("made_at"),
        int_null("held_at"),
        id_null("held_by"),
        int("version"),
    ];
    spread_table("meeting", &["meeting_id"], columns)
}

fn of_meeting(table: TableCreateStatement, name: &'static str) -> TableCreateStatement {
    references(table, name, "meeting_id", "meeting", "meeting_id")
}

/// The grids whose team meets; they decide who sees the meeting.
fn grid() -> TableCreateStatement {
    let table = spread_table("meeting_grid", &["meeting_id", "grid_id"], vec![id("meeting_id"), id("grid_id")]);
    of_meeting(table, "meeting_grid")
}

fn attendee() -> TableCreateStatement {
    let columns = vec![
        id("meeting_id"),
        id("staff_id"),
        id_null("account_id"),
        text("post"),
        text("state"),
        text_null("reason"),
        text_null("how"),
        int_null("marked_at"),
    ];
    of_meeting(spread_table("meeting_attendee", &["meeting_id", "staff_id"], columns), "meeting_attendee")
}

/// The agenda as it stood when the meeting was held: coded texts with numbers.
fn agenda() -> TableCreateStatement {
    let columns = vec![id("meeting_id"), int("position"), text("code"), text("lines"), text("href")];
    of_meeting(spread_table("meeting_agenda", &["meeting_id", "position"], columns), "meeting_agenda")
}

fn decision() -> TableCreateStatement {
    let columns = vec![
        id("decision_id"),
        id("meeting_id"),
        text("words"),
        id("grid_id"),
        id("staff_id"),
        text("due_day"),
        id_null("task_id"),
        int("made_at"),
    ];
    of_meeting(spread_table("meeting_decision", &["decision_id"], columns), "meeting_decision")
}

/// One secret calendar link an account; what is stored of it is a digest.
fn feed() -> TableCreateStatement {
    let columns = vec![id("account_id"), bytes("token_hash"), text("lang"), int("made_at"), int_null("revoked_at")];
    spread_table("meeting_feed", &["account_id"], columns)
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        // A regular meeting is convened once, whoever comes first.
        unique("meeting_once", "meeting", &["kind", "area", "period"]),
        index("meeting_by_start", "meeting", &["starts_at"]),
        index("meeting_grid_by_grid", "meeting_grid", &["grid_id"]),
        index("meeting_attendee_by_account", "meeting_attendee", &["account_id"]),
        index("meeting_decision_by_meeting", "meeting_decision", &["meeting_id"]),
        index("meeting_decision_by_grid", "meeting_decision", &["grid_id"]),
        unique("meeting_feed_token", "meeting_feed", &["token_hash"]),
    ]
}
