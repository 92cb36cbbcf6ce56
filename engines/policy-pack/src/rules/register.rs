//! `register.toml`: what the register holds and from whom (R6 to R15, R19, R21).

use serde::Deserialize;

use crate::{Ruled, Subject};

choice! {
    /// Where a resident's household is registered (户籍); nothing finer is kept (boundary 10).
    HouseholdRegistration {
        /// Here.
        Local = "local",
        /// Anywhere else.
        Elsewhere = "elsewhere",
    }
}

choice! {
    /// Kinds of identity document.
    DocumentKindId {
        /// Resident identity card.
        Resident = "resident",
        /// Residence permit of Hong Kong, Macau and Taiwan residents.
        HmtPermit = "hmt-permit",
        /// Foreign permanent resident card.
        ForeignPermanent = "foreign-permanent",
        /// Mainland travel permit.
        TravelPermit = "travel-permit",
        /// Passport.
        Passport = "passport",
        /// Other.
        Other = "other",
    }
}

choice! {
    /// The five classes of a roster comparison (R15).
    ComparisonId {
        /// Registered at the same address.
        SameAddress = "same-address",
        /// Registered at another address.
        OtherAddress = "other-address",
        /// Not registered.
        NotRegistered = "not-registered",
        /// Uncertain: a person decides.
        Uncertain = "uncertain",
        /// In the register at this employer, gone from the roster.
        GoneFromRoster = "gone-from-roster",
    }
}

choice! {
    /// The closed list of discrepancies that a data check carries (boundary 9).
    DiscrepancyId {
        /// Lives here, not registered.
        NotRegistered = "not-registered",
        /// Left, not cancelled.
        NotCancelled = "not-cancelled",
        /// The address differs.
        WrongAddress = "wrong-address",
        /// The employer differs.
        WrongEmployer = "wrong-employer",
        /// An item of the registration is missing.
        Incomplete = "incomplete",
        /// Registered twice.
        RegisteredTwice = "registered-twice",
    }
}

choice! {
    /// All that a volunteer can report (boundary 3).
    NoticeId {
        /// A move in or out at premises they look after.
        Move = "move",
        /// A safety hazard of premises.
        Hazard = "hazard",
        /// A resident wants help with declaring.
        HelpWanted = "help-wanted",
    }
}

item! {
    /// A kind of identity document (证件种类).
    DocumentKind(DocumentKindId) {}
}
item! {
    /// A type of home (房屋类型).
    HomeType(String) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// A shape of standard address (地址形式).
    AddressForm(String) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// A kind of employer or operator that reports (实有单位).
    EmployerKind(String) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// Who sends rosters (花名册).
    RosterSender(String) {
        /// What it is about.
        subject: Subject,
        /// Number of people from which it applies, if it goes by number.
        min_employees: Option<u32>,
    }
}
item! {
    /// A class of the comparison of a roster with the register.
    ComparisonClass(ComparisonId) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// A discrepancy of registration.
    Discrepancy(DiscrepancyId) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// Somebody with a legal duty who is served a notice of it (R13).
    DutyBearer(String) {
        /// What it is about.
        subject: Subject,
    }
}
item! {
    /// A kind of volunteer's notice (R21).
    NoticeKind(NoticeId) {
        /// What it is about.
        subject: Subject,
    }
}

/// What the register holds and from whom.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterRules {
    /// The values of household registration.
    pub household_registrations: Ruled<Vec<HouseholdRegistration>>,
    /// Main residences of a person; always 1.
    pub main_residences_per_person: Ruled<u32>,
    /// Fewest named liaisons of a roster sender.
    pub roster_liaisons_at_least: Ruled<u32>,
    /// How a resident reaches the self-declaration.
    pub declaration_channels: Ruled<Vec<String>>,
    /// A transfer is complete when accepted; always true.
    pub transfer_needs_acceptance: Ruled<bool>,
    /// Identity documents.
    #[serde(rename = "document_kind")]
    pub document_kinds: Vec<DocumentKind>,
    /// Types of home.
    #[serde(rename = "home_type")]
    pub home_types: Vec<HomeType>,
    /// Shapes of address.
    #[serde(rename = "address_form")]
    pub address_forms: Vec<AddressForm>,
    /// Employers and operators.
    #[serde(rename = "employer_kind")]
    pub employer_kinds: Vec<EmployerKind>,
    /// Senders of rosters.
    #[serde(rename = "roster_sender")]
    pub roster_senders: Vec<RosterSender>,
    /// Classes of a comparison.
    #[serde(rename = "comparison_class")]
    pub comparison_classes: Vec<ComparisonClass>,
    /// Discrepancies of data checks.
    #[serde(rename = "discrepancy")]
    pub discrepancies: Vec<Discrepancy>,
    /// Who has legal duties.
    #[serde(rename = "duty_bearer")]
    pub duty_bearers: Vec<DutyBearer>,
    /// Kinds of volunteers' notices.
    #[serde(rename = "notice_kind")]
    pub notice_kinds: Vec<NoticeKind>,
}
