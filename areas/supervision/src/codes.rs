//! The closed lists of the area.

linli_platform::codes! {
    /// How an inspection looks (督查方式, R32). Fluent text: `inspection-mode-<code>`.
    Mode, "inspection-mode" {
        /// Everything on the checklist (全面检查).
        Full = "full",
        /// Some of it, unannounced (抽查).
        Spot = "spot",
    }
}

linli_platform::codes! {
    /// What a finding says. Fluent text: `finding-kind-<code>`.
    FindingKind, "finding-kind" {
        /// A fault that is to be put right (问题).
        Fault = "fault",
        /// What others may learn from (表扬).
        Praise = "praise",
    }
}

linli_platform::codes! {
    /// Where a finding is. Fluent text: `finding-state-<code>`.
    FindingState {
        /// To be put right (待整改).
        Open = "open",
        /// Said to be put right, to be looked at again (待复查).
        Corrected = "corrected",
        /// Looked at again and in order (已销号).
        Settled = "settled",
        /// Nothing follows: praise (已记录).
        Noted = "noted",
    }
}

linli_platform::codes! {
    /// What a photo on a finding is of. Fluent text: `finding-photo-<code>`.
    PhotoOf {
        /// What the group found (发现时).
        Found = "found",
        /// What the grid put right (整改后).
        Corrected = "corrected",
    }
}

linli_platform::codes! {
    /// What a colleague brings forward (R33). Fluent text: `suggestion-kind-<code>`.
    SuggestionKind, "suggestion-kind" {
        /// How something may be done better (建议).
        Suggestion = "suggestion",
        /// That something is not right as it was decided (异议).
        Objection = "objection",
    }
}

linli_platform::codes! {
    /// Why a measure is proposed: what was neglected, never what somebody is. Fluent text: `neglect-<code>`.
    Neglect, "neglect" {
        /// Faults were not put right by their day (逾期未整改).
        NotCorrected = "not-corrected",
        /// The same fault came back (同类问题反复).
        Repeated = "repeated",
        /// Registrations that should have been made were not (该登未登、该销未销).
        NotRegistered = "not-registered",
        /// Registrations were made up (虚假登记).
        MadeUp = "made-up",
        /// Confidentiality was broken (违反保密规定).
        Confidentiality = "confidentiality",
        /// Shifts, meetings or rounds were not held without a reason (无故不到岗).
        Absent = "absent",
    }
}
