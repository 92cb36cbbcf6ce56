//! Closed lists of the area.

linli_platform::codes! {
    /// What an employer sent (R14). Fluent text: `roster-kind-<code>`.
    Kind {
        /// The full list of the month (每月全量).
        Full = "full",
        /// The changes of a day (当日变动).
        Daily = "daily",
        /// No change today (今日无变化).
        NoChange = "no-change",
    }
}

linli_platform::codes! {
    /// How far a roster has come. Fluent text: `roster-state-<code>`.
    State {
        /// The file is read and its permitted columns are staged, sealed.
        Uploaded = "uploaded",
        /// Somebody said what each column is; each bad cell has its message.
        Checked = "checked",
        /// The employer has sent it; it is being compared.
        Sent = "sent",
        /// The comparison is there; nothing in the register has changed.
        Compared = "compared",
        /// The officer has confirmed it; the work is open.
        Confirmed = "confirmed",
        /// Withdrawn or sent back; its rows are gone.
        Rejected = "rejected",
    }
}

linli_platform::codes! {
    /// What a person decided about an uncertain row. Fluent text: `roster-decided-<code>`.
    Decided {
        /// The same person (是同一人).
        Same = "same",
        /// Somebody else (不是).
        Other = "other",
        /// To be asked at the door (上门问).
        Ask = "ask",
    }
}

/// The five classes of R15; the policy pack names them. Fluent text: `roster-class-<code>`.
pub use policy_pack::ComparisonId as Class;
