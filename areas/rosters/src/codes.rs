//! Closed lists of the area.

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable code, as stored.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    };
}

closed_list! {
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

closed_list! {
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

closed_list! {
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
