//! What is noted of premises for whoever comes next: codes, never words (boundary 12), and never of a person (boundary 8).

use linli_platform::{Result, codes, store::Query, store::Tx, vals};
use linli_register::HomeId;
use sea_orm::FromQueryResult;

use crate::ids::VisitId;

codes! {
    /// A note about premises (上门提示). Fluent text: `visit-note-<code>`.
    Note, "visit-note" {
        /// Somebody is more likely to open in the evening (晚间上门).
        ComeEvening = "come-evening",
        /// Or at the weekend (周末上门).
        ComeWeekend = "come-weekend",
        /// The bell does not ring (门铃不响，请敲门).
        Knock = "knock",
        /// The way in is at the side or behind (从侧门、后门进).
        SideEntrance = "side-entrance",
        /// The gate opens at the guard's (门卫处开门).
        AskGuard = "ask-guard",
        /// A dog is kept in the yard (院内有犬).
        DogInYard = "dog-in-yard",
    }
}

impl Note {
    /// What can be noted: a dog is a hazard since the pack names hazards, and goes by itself there.
    pub const OFFERED: [Note; 5] =
        [Note::ComeEvening, Note::ComeWeekend, Note::Knock, Note::SideEntrance, Note::AskGuard];
}

/// Writes the notes of a visit; unknown codes and doubles are left out.
pub(super) async fn write(tx: &Tx, visit: VisitId, codes: &[String]) -> Result<()> {
    let known = Note::ALL.iter().filter(|n| codes.iter().any(|c| c == n.code()));
    let rows: Vec<_> = known.map(|n| vals![tx.division(), visit, n.code()]).collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.insert_many("visit_note", &["division_code", "visit_id", "code"], rows).await
}

#[derive(FromQueryResult)]
struct Row {
    code: String,
}

/// The notes of the last visit to a home that has any. The caller has found the home within the scope.
pub(super) async fn of_home(q: &impl Query, home: HomeId) -> Result<Vec<String>> {
    let sql = "SELECT n.code FROM visit_note n WHERE n.division_code = $1 AND n.visit_id = (
                 SELECT v.visit_id FROM visit v JOIN visit_note m
                   ON m.division_code = v.division_code AND m.visit_id = v.visit_id
                 WHERE v.division_code = $1 AND v.home_id = $2
                 ORDER BY v.seen_at DESC, v.visit_id DESC LIMIT 1)
               ORDER BY n.code";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), home]).await?;
    Ok(rows.into_iter().map(|r| r.code).collect())
}
