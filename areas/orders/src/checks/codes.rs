//! The closed lists of data checks (数据核查, R19; boundary 9).

use linli_work::Outcome;

linli_platform::codes! {
    /// A discrepancy of registration: all that a list may say of a row. Fluent text: `discrepancy-<code>`.
    Discrepancy {
        /// Lives there and is not registered (未登记).
        NotRegistered = "not-registered",
        /// Registered at another address (地址不符).
        AddressDiffers = "address-differs",
        /// Has left and is still registered (已离未注销).
        NotCancelled = "not-cancelled",
        /// Registered twice (重复登记).
        Twice = "twice",
        /// The number has a mistake (证件号码差错).
        Number = "number",
        /// The name differs (姓名不符).
        Name = "name",
        /// The employer differs (工作单位不符).
        Employer = "employer",
    }
}

impl Discrepancy {
    /// The discrepancy that a word of a list means, in Chinese, in English or as code.
    pub fn of_word(word: &str) -> Option<Discrepancy> {
        use Discrepancy::*;
        let word: String = word.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(coded) = Discrepancy::from_code(&word) {
            return Some(coded);
        }
        Some(match word.as_str() {
            "未登记" | "漏登" | "漏登记" | "应登未登" | "notregistered" => NotRegistered,
            "地址不符" | "住址不符" | "地址不一致" | "居住地址不符" | "addressdiffers" => {
                AddressDiffers
            }
            "已离未注销" | "未注销" | "应销未销" | "离开未注销" | "notcancelled" => NotCancelled,
            "重复登记" | "重复" | "一人多址" | "registeredtwice" => Twice,
            "证件号码差错" | "证件号码错误" | "身份证号错误" | "号码差错" | "numberwrong" => {
                Number
            }
            "姓名不符" | "姓名差错" | "姓名不一致" | "namediffers" => Name,
            "工作单位不符" | "单位不符" | "employerdiffers" => Employer,
            _ => return None,
        })
    }
}

linli_platform::codes! {
    /// Where a list stands. Fluent text: `check-state-<code>`.
    CheckState {
        /// Imported; waits for its steward (待分发).
        Received = "received",
        /// With the levels (核查中).
        Sent = "sent",
        /// Closed; its rows are gone (已办结).
        Closed = "closed",
        /// Taken back before it went down; its rows are gone (已撤销).
        Removed = "removed",
    }
}

linli_platform::codes! {
    /// Where a row stands. Fluent text: `row-state-<code>`.
    RowState {
        /// Without a grid; waits for the steward (待确定网格).
        Waiting = "waiting",
        /// In a grid; on its way down (待下派).
        Placed = "placed",
        /// First visit (首次上门).
        FirstVisit = "first-visit",
        /// The officer's desk check (民警研判).
        Desk = "desk",
        /// Second visit (二次上门).
        SecondVisit = "second-visit",
        /// Settled (已办结).
        Settled = "settled",
        /// Handed out of the sub-district (已转出).
        Elsewhere = "elsewhere",
    }
}

impl RowState {
    /// Whether a grid has something to do with it.
    pub fn is_with_grid(self) -> bool {
        matches!(self, RowState::Placed | RowState::FirstVisit | RowState::Desk | RowState::SecondVisit)
    }
    /// Whether it has ended.
    pub fn is_final(self) -> bool {
        matches!(self, RowState::Settled | RowState::Elsewhere)
    }
}

linli_platform::codes! {
    /// What was found, at the door or at the desk: coded, without a word of its own (boundary 12). Fluent text:
    /// `found-<code>`.
    Found {
        /// Registered now (已补登记).
        Registered = "registered",
        /// The record was corrected (已更正登记).
        Changed = "changed",
        /// The registration was moved here (已变更住址).
        Moved = "moved",
        /// The registration was cancelled (已注销).
        Cancelled = "cancelled",
        /// The register was right (登记无误).
        Confirmed = "confirmed",
        /// Nobody of the kind lives there (无此居住人).
        NotThere = "not-there",
        /// Lives in another grid (在其他网格).
        OtherGrid = "other-grid",
        /// Lives outside the sub-district (在街道以外).
        Outside = "outside",
        /// Nobody opened (无人应门).
        Nobody = "nobody",
        /// Refused at the door (拒绝配合).
        Refused = "refused",
        /// Not clear at the door (现场无法确认).
        Unclear = "unclear",
        /// Two visits and a desk check settled nothing (两次上门未能核实).
        Unresolved = "unresolved",
    }
}

impl Found {
    /// Whether it settles the row.
    pub fn settles(self) -> bool {
        !matches!(self, Found::Nobody | Found::Refused | Found::Unclear | Found::OtherGrid)
    }
    /// What somebody can find at the door.
    pub fn at_the_door() -> impl Iterator<Item = Found> {
        Found::ALL.iter().copied().filter(|f| *f != Found::Unresolved)
    }
    /// What the officer can find at the desk, in Linli alone.
    pub fn at_the_desk() -> [Found; 6] {
        [Found::Confirmed, Found::Changed, Found::Cancelled, Found::NotThere, Found::OtherGrid, Found::Outside]
    }
    /// As the outcome of its task.
    pub fn outcome(self) -> Outcome {
        match self {
            Found::Registered => Outcome::Registered,
            Found::Changed => Outcome::Changed,
            Found::Moved => Outcome::Moved,
            Found::Cancelled => Outcome::Cancelled,
            Found::Confirmed => Outcome::Confirmed,
            Found::NotThere => Outcome::NotThere,
            Found::OtherGrid | Found::Outside => Outcome::HandedOver,
            Found::Nobody | Found::Refused | Found::Unclear | Found::Unresolved => Outcome::NotSettled,
        }
    }
    /// What a task that ended elsewhere, such as at the door of its home, has found.
    pub fn of_outcome(outcome: &str) -> Option<Found> {
        Some(match Outcome::from_code(outcome)? {
            Outcome::Registered => Found::Registered,
            Outcome::Changed => Found::Changed,
            Outcome::Moved => Found::Moved,
            Outcome::Cancelled => Found::Cancelled,
            Outcome::Confirmed => Found::Confirmed,
            Outcome::NotThere => Found::NotThere,
            Outcome::HandedOver => Found::OtherGrid,
            Outcome::Refused => Found::Refused,
            Outcome::NotSettled => Found::Unclear,
            Outcome::CarriedOut | Outcome::Overtaken => return None,
        })
    }
}

/// What the officer decides at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// The home is visited a second time.
    SecondVisit,
    /// The desk check settles it, or finds where it belongs.
    Found(Found),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_list_is_one_of_the_closed_kinds_or_none() {
        for (word, kind) in [
            ("未登记", Some(Discrepancy::NotRegistered)),
            (" 地址 不符 ", Some(Discrepancy::AddressDiffers)),
            ("Not registered", Some(Discrepancy::NotRegistered)),
            ("not-cancelled", Some(Discrepancy::NotCancelled)),
            ("涉案", None),
            ("关注", None),
            ("", None),
        ] {
            assert_eq!(Discrepancy::of_word(word), kind, "{word}");
        }
    }

    #[test]
    fn what_a_task_says_and_what_was_found_agree() {
        for found in Found::ALL {
            let back = Found::of_outcome(found.outcome().code()).unwrap();
            assert_eq!(
                back.settles(),
                found.settles() && *found != Found::Outside && *found != Found::Unresolved,
                "{found}"
            );
        }
    }
}
