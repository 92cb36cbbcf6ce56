//! Numbers that the assessors enter: what is scored outside, back-checks, ledgers and signs missing, scenes opened
//! and closed, breaches, bonus points. A number, an assessor and a date; no attachment, no remark (boundary 13).

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    clock::{Day, Month},
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{ids::EntryId, round};

/// What can be entered. Fluent text: `entry-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKey {
    /// Ledgers missing or out of date (台账缺失).
    LedgersMissing,
    /// Scenes received (场景线索).
    ScenesOpened,
    /// Of them, closed (办结).
    ScenesClosed,
    /// Notice signs missing (公示牌缺失).
    SignsMissing,
    /// Records audited at a back-check (倒查核查数).
    BackCheckAudited,
    /// Of them, unregistered (未登记).
    BackCheckUnregistered,
    /// Of them, not cancelled (未注销).
    BackCheckNotCancelled,
    /// Breaches of confidentiality (泄密违规).
    Breaches,
    /// Points of the item scored outside, in hundredths (另行评定).
    Outside,
    /// Bonus points, in hundredths (加分).
    Bonus,
}

impl EntryKey {
    /// All, in the order of the form.
    pub const ALL: &'static [EntryKey] = &[
        EntryKey::LedgersMissing,
        EntryKey::ScenesOpened,
        EntryKey::ScenesClosed,
        EntryKey::SignsMissing,
        EntryKey::BackCheckAudited,
        EntryKey::BackCheckUnregistered,
        EntryKey::BackCheckNotCancelled,
        EntryKey::Breaches,
        EntryKey::Outside,
        EntryKey::Bonus,
    ];
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            EntryKey::LedgersMissing => "ledgers-missing",
            EntryKey::ScenesOpened => "scenes-opened",
            EntryKey::ScenesClosed => "scenes-closed",
            EntryKey::SignsMissing => "signs-missing",
            EntryKey::BackCheckAudited => "back-check-audited",
            EntryKey::BackCheckUnregistered => "back-check-unregistered",
            EntryKey::BackCheckNotCancelled => "back-check-not-cancelled",
            EntryKey::Breaches => "breaches",
            EntryKey::Outside => "outside",
            EntryKey::Bonus => "bonus",
        }
    }
    /// By code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.code() == code)
    }
    /// Whether it is points, entered with up to two decimals, rather than a count.
    pub fn is_points(self) -> bool {
        matches!(self, EntryKey::Outside | EntryKey::Bonus)
    }
    /// The largest number that makes sense: the pack's points, the pack's ledgers, or a plain limit.
    pub fn at_most(self, pack: &Pack) -> i64 {
        match self {
            EntryKey::LedgersMissing => pack.ledgers.len() as i64,
            EntryKey::Bonus => pack.scoring.bonus_points_at_most.hundredths(),
            EntryKey::Outside => {
                pack.scoring.items.iter().filter(|i| i.scored_outside).map(|i| i.points.hundredths()).sum()
            }
            _ => 1_000_000,
        }
    }
    /// Reads what was typed. Empty is no entry.
    ///
    /// # Errors
    /// `entry-number` if it is no number of this kind, or out of range.
    pub fn parse(self, typed: &str, pack: &Pack) -> Result<Option<i64>> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let wrong = || AppError::rule("entry-number").arg("most", self.shown(self.at_most(pack)));
        let number = if self.is_points() { hundredths(typed) } else { typed.parse().ok() }.ok_or_else(wrong)?;
        if (0..=self.at_most(pack)).contains(&number) { Ok(Some(number)) } else { Err(wrong()) }
    }
    /// As shown in the form.
    pub fn shown(self, number: i64) -> String {
        if self.is_points() { policy_pack::Points::from_hundredths(number).to_string() } else { number.to_string() }
    }
}

/// `7`, `7.5`, `7.25` in hundredths.
fn hundredths(typed: &str) -> Option<i64> {
    let (whole, part) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    /// Committee.
    pub committee_code: String,
    /// Which number.
    pub key: String,
    /// The number; hundredths for points.
    pub number: i64,
    /// Who entered it.
    pub account_id: AccountId,
    /// When.
    pub day: Day,
}

/// The numbers of a month, by committee and key.
pub type Entries = HashMap<(String, EntryKey), i64>;

/// All entries of a month.
pub async fn of_month(q: &impl Query, month: Month) -> Result<Vec<Entry>> {
    q.rows(
        "SELECT committee_code, key, number, account_id, day FROM assessment_entry
         WHERE division_code = $1 AND month = $2 ORDER BY committee_code, key",
        vals![q.division(), month],
    )
    .await
}

/// Entries by committee and key.
pub fn by_key(rows: &[Entry]) -> Entries {
    rows.iter().filter_map(|e| Some(((e.committee_code.clone(), EntryKey::from_code(&e.key)?), e.number))).collect()
}

/// Enters one number, replacing the earlier one; `None` takes it back. Refused once the month is final.
pub async fn enter(tx: &Tx, month: Month, committee: &str, key: EntryKey, number: Option<i64>) -> Result<()> {
    round::refuse_final(tx, month).await?;
    let id: EntryId = tx.new_id();
    match number {
        Some(number) => {
            tx.execute(
                "INSERT INTO assessment_entry
                   (division_code, entry_id, month, committee_code, key, number, account_id, day, entered_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (division_code, month, committee_code, key)
                 DO UPDATE SET number = $6, account_id = $7, day = $8, entered_at = $9",
                vals![
                    tx.division(),
                    id,
                    month,
                    committee,
                    key.code(),
                    number,
                    tx.reader().account,
                    tx.now().day(),
                    tx.now()
                ],
            )
            .await?;
        }
        None => {
            tx.execute(
                "DELETE FROM assessment_entry WHERE division_code = $1 AND month = $2 AND committee_code = $3 AND key = $4",
                vals![tx.division(), month, committee, key.code()],
            )
            .await?;
        }
    }
    let body = json!({ "month": month.to_string(), "committee": committee, "key": key.code(), "number": number });
    tx.event(NewEvent::new("assessment.entered", SubjectRef::new("assessment", id, None)).body(body)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_to_the_hundredth_and_nothing_else_is() {
        for (typed, expected) in [("7", Some(700)), ("7.5", Some(750)), ("7.25", Some(725)), ("0", Some(0))] {
            assert_eq!(hundredths(typed), expected, "{typed}");
        }
        for typed in ["", ".5", "7.255", "-1", "七", "1e3", "99999999"] {
            assert_eq!(hundredths(typed), None, "{typed}");
        }
    }

    #[test]
    fn every_key_is_found_by_its_code() {
        for key in EntryKey::ALL {
            assert_eq!(EntryKey::from_code(key.code()), Some(*key));
        }
    }
}
