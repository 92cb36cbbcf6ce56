//! The tables of the survey.

use linli_platform::store::{
    Migration,
    schema::{
        flag, float_null, id, id_null, index, int, int_null, references, spread_table, text, text_null, unique_where,
    },
};
use sea_orm::sea_query::{ColumnDef, IndexCreateStatement, TableCreateStatement};

/// The survey's migrations.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { id: "surveys-0001", tables, indexes },
        Migration {
            id: "surveys-0002",
            tables: || vec![listing_plan(), listing_step(), evaluation()],
            indexes: Vec::new,
        },
        Migration {
            id: "surveys-0003",
            tables: || vec![lock(), again(), answer_of("survey_again_answer")],
            indexes: again_indexes,
        },
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![survey(), frame(), stratum(), commitment(), home(), answer(), result(), listing()]
}

fn survey() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        text("month"),
        text_null("committee_code"),
        text("state"),
        text("frame_digest"),
        int("frame_homes"),
        int("frame_people"),
        int("households"),
        text("plans"),
        text_null("announcement"),
        text_null("receipt"),
        int("made_at"),
        int("until_at"),
        int_null("announced_at"),
        int_null("drawn_at"),
        int_null("answered_at"),
        int_null("locked_at"),
        int("version"),
    ];
    spread_table("survey", &["survey_id"], columns)
}

/// The frame as published: pseudonyms, strata, numbers of people. Which home is which, only the key tells.
fn frame() -> TableCreateStatement {
    let table = spread_table("survey_frame", &["survey_id"], vec![id("survey_id"), text("csv")]);
    references(table, "survey_frame", "survey_id", "survey", "survey_id")
}

fn stratum() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        int("line"),
        text("committee_code"),
        id_null("grid_id"),
        text("stratum"),
        int("homes"),
        int("people"),
    ];
    let table = spread_table("survey_stratum", &["survey_id", "line"], columns);
    references(table, "survey_stratum", "survey_id", "survey", "survey_id")
}

fn commitment() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        id("account_id"),
        text("role"),
        text("party"),
        text("commitment"),
        int("committed_at"),
        text_null("opening"),
        int_null("opened_at"),
    ];
    let table = spread_table("survey_commitment", &["survey_id", "account_id"], columns);
    references(table, "survey_commitment", "survey_id", "survey", "survey_id")
}

fn home() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        id("home_id"),
        text("pseudonym"),
        text("committee_code"),
        id_null("grid_id"),
        text("stratum"),
        int("place"),
        int("people"),
        id("assignment_id"),
        id_null("account_id"),
        text("state"),
    ];
    let table = spread_table("survey_home", &["survey_id", "home_id"], columns);
    let table = references(table, "survey_home", "survey_id", "survey", "survey_id");
    references(table, "survey_home", "home_id", "home", "home_id")
}

/// Counts alone: what was found, never whom.
fn answer() -> TableCreateStatement {
    answer_of("survey_answer")
}

/// The homes that another surveyor asks a second time, and what was decided where the answers differ.
fn again() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        id("home_id"),
        int("place"),
        int("percent"),
        int("least"),
        id("assignment_id"),
        id("account_id"),
        text("state"),
        text_null("kept"),
        text_null("reason"),
        int_null("decided_at"),
        id_null("decided_by"),
    ];
    let table = spread_table("survey_again", &["survey_id", "home_id"], columns);
    references(table, "survey_again", "survey_id", "survey", "survey_id")
}

fn again_indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("survey_again_by_account", "survey_again", &["account_id", "state"]),
        index("survey_again_by_assignment", "survey_again", &["assignment_id"]),
    ]
}

fn answer_of(name: &'static str) -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        id("home_id"),
        id("account_id"),
        int("seen_at"),
        int("entered_at"),
        int("found"),
        int("found_registered"),
        int("registered"),
        int("gone"),
        int("items"),
        int("items_correct"),
        text("problems"),
    ];
    let table = spread_table(name, &["survey_id", "home_id"], columns);
    references(table, name, "survey_id", "survey", "survey_id")
}

fn result() -> TableCreateStatement {
    let mut columns: Vec<ColumnDef> = vec![id("survey_id"), text("level"), text("code"), text("month")];
    columns.extend(
        [
            "frame_homes",
            "homes",
            "homes_answered",
            "found",
            "found_registered",
            "registered",
            "gone",
            "items",
            "items_correct",
        ]
        .map(int),
    );
    columns.push(flag("complete"));
    columns.extend(
        [
            "reg_value",
            "reg_low",
            "reg_high",
            "reg_deff",
            "acc_value",
            "acc_low",
            "acc_high",
            "acc_deff",
            "over_value",
            "over_low",
            "over_high",
            "over_deff",
        ]
        .map(float_null),
    );
    columns.extend(["reg_verdict", "acc_verdict"].map(text_null));
    let table = spread_table("survey_result", &["survey_id", "level", "code"], columns);
    references(table, "survey_result", "survey_id", "survey", "survey_id")
}

fn listing() -> TableCreateStatement {
    let columns = vec![
        id("listing_id"),
        text("committee_code"),
        text("month"),
        text("cause"),
        text("rates"),
        flag("beyond_chance"),
        text("state"),
        id_null("survey_id"),
        int("listed_at"),
        int_null("delisted_at"),
        int("version"),
    ];
    spread_table("listing", &["listing_id"], columns)
}

/// The plan by which a listed committee gets better; who filed it leads the work.
fn listing_plan() -> TableCreateStatement {
    let columns = vec![id("listing_id"), text("words"), id("account_id"), int("filed_at")];
    let table = spread_table("listing_plan", &["listing_id"], columns);
    references(table, "listing_plan", "listing_id", "listing", "listing_id")
}

fn listing_step() -> TableCreateStatement {
    let columns =
        vec![id("listing_id"), int("line"), text("words"), text("until_day"), int_null("done_at"), id_null("done_by")];
    let table = spread_table("listing_step", &["listing_id", "line"], columns);
    references(table, "listing_step", "listing_id", "listing", "listing_id")
}

/// Each time that results were locked, and what the second person said.
fn lock() -> TableCreateStatement {
    let columns = vec![
        id("survey_id"),
        int("number"),
        text("digest"),
        text("answers_digest"),
        int("asked_twice"),
        int("differing"),
        int("locked_at"),
        id("locked_by"),
        text("locked_role"),
        text_null("outcome"),
        int_null("decided_at"),
        id_null("decided_by"),
        text_null("decided_role"),
        text_null("reason"),
    ];
    let table = spread_table("survey_lock", &["survey_id", "number"], columns);
    references(table, "survey_lock", "survey_id", "survey", "survey_id")
}

/// What was published of a year (R28), as it was published.
fn evaluation() -> TableCreateStatement {
    let columns = vec![int("year"), text("content"), text("digest"), id("account_id"), int("published_at")];
    spread_table("evaluation", &["year"], columns)
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        // One round of the whole sub-district a month; a withdrawn one makes way for another.
        unique_where("survey_one_round", "survey", &["month"], "committee_code IS NULL AND state <> 'withdrawn'"),
        index("survey_by_state", "survey", &["state"]),
        index("survey_home_by_account", "survey_home", &["account_id", "state"]),
        index("survey_result_by_code", "survey_result", &["level", "code", "month"]),
        index("survey_result_by_month", "survey_result", &["month", "level"]),
        unique_where("listing_one_open", "listing", &["committee_code", "cause"], "state = 'listed'"),
        index("listing_by_month", "listing", &["month"]),
    ]
}
