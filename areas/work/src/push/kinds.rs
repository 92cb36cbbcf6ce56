//! Kinds of notices, as far as a device is told.

use linli_platform::codes;

codes! {
    /// What something new is about. Fluent text: `push-kind-<code>`.
    PushKind, "push-kind" {
        /// The grid's channel (工作群).
        Channel = "channel",
        /// An order (指令).
        Order = "order",
        /// A meeting (会议).
        Meeting = "meeting",
        /// A shift (错时班次).
        Shift = "shift",
        /// A roster (花名册).
        Roster = "roster",
        /// A volunteer's notice or stipend (志愿者).
        Volunteer = "volunteer",
        /// A visit (走访).
        Visit = "visit",
        /// Something that is overdue (超期事项).
        Overdue = "overdue",
        /// Any other work (工作).
        Work = "work",
    }
}

impl PushKind {
    /// The kind of a notice, by the key of its text.
    pub fn of(text_key: &str) -> PushKind {
        let kinds = [
            ("notice-announcement", PushKind::Channel),
            ("notice-outward", PushKind::Channel),
            ("notice-order", PushKind::Order),
            ("notice-meeting", PushKind::Meeting),
            ("notice-shift", PushKind::Shift),
            ("notice-roster", PushKind::Roster),
            ("notice-volunteer", PushKind::Volunteer),
            ("notice-stipend", PushKind::Volunteer),
            ("notice-officer-joins", PushKind::Visit),
            ("notice-phone", PushKind::Visit),
            ("notice-visits", PushKind::Visit),
            ("notice-overdue", PushKind::Overdue),
        ];
        kinds.iter().find(|(begins, _)| text_key.starts_with(begins)).map_or(PushKind::Work, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notices_kind_is_known_by_its_text_and_an_unknown_one_is_work() {
        for (key, kind) in [
            ("notice-announcement", PushKind::Channel),
            ("notice-order-climbed", PushKind::Order),
            ("notice-overdue-doubt", PushKind::Overdue),
            ("notice-something-new", PushKind::Work),
            ("", PushKind::Work),
        ] {
            assert_eq!(PushKind::of(key), kind, "{key}");
        }
    }
}
