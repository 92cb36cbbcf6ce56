//! What a client sends. Each list of codes is a part of the register's own.

use cn_identity::DocumentKind;
use linli_platform::{AppError, Result};
use linli_register::codes::SexCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::codes::{Field, Kind};

/// A declaration (申报): who declares, what, and what belongs to it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "declarant": { "name": "䶮明", "doc_kind": "resident", "doc_no": "990101198802290570" },
    "kind": "deletion",
    "fact": "phone"
}))]
pub struct SentDeclaration {
    /// Who declares, as the client has established it.
    pub declarant: Declarant,
    /// What is declared.
    pub kind: SentKind,
    /// Since when: for `move`, `move-in`, `move-out`, `move-along`, `leave-along`, and for what is of a home; today or up to
    /// 366 days back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub day: Option<String>,
    /// The new or right address: for `move`, `move-along`, and for a `correction` or `child-correction` of the address; that of
    /// the home for what is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub address: Option<String>,
    /// Which fact: for `change`, `correction`, `deletion` and `child-correction`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<SentFact>,
    /// Its new or right value: for `change`, `correction` and `child-correction`. `employer` is an organisation code;
    /// `local` is `local` or `elsewhere`; `sex` is `female` or `male`; `birth` a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub value: Option<String>,
    /// Kind of the new document, where the fact is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_kind: Option<SentDocumentKind>,
    /// Who joins the declarant's home: for `move-in`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// For whom the declarant declares: for `move-along`, `leave-along` and `child-correction`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Other>,
    /// Who moves into the home: for `newcomer`, the declarant first, and for `tenant-in`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 8)]
    pub people: Vec<Person>,
    /// The name of whoever moved out: for `tenant-out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50)]
    pub tenant: Option<String>,
}

/// Who declares.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declarant {
    /// Name, up to 50 characters.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Kind of document.
    pub doc_kind: SentDocumentKind,
    /// Its number.
    #[schema(min_length = 1, max_length = 40)]
    pub doc_no: String,
}

/// Somebody who moves in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name, up to 50 characters.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Kind of document.
    pub doc_kind: SentDocumentKind,
    /// Its number.
    #[schema(min_length = 1, max_length = 40)]
    pub doc_no: String,
    /// Mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20)]
    pub phone: Option<String>,
    /// Sex, where the number does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<SentSex>,
    /// Birth date, where the number does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub birth: Option<String>,
    /// Whether the household registration is local.
    pub local: bool,
    /// Whether the declarant is parent or guardian; must be so for somebody under 14.
    #[serde(default)]
    pub guardian: bool,
}

/// Somebody of the household, or a child under 14, for whom the declarant declares.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// Name, up to 50 characters.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Kind of document.
    pub doc_kind: SentDocumentKind,
    /// Its number.
    #[schema(min_length = 1, max_length = 40)]
    pub doc_no: String,
    /// Birth date of a child, where the number does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub birth: Option<String>,
    /// Whether the declarant is parent or guardian; must be so for somebody under 14, and for nobody else. For an adult of
    /// the household `move-along` and `leave-along` follow the declarant's own `move` or `move-out`.
    #[serde(default)]
    pub guardian: bool,
}

macro_rules! sent_codes {
    ($(#[$doc:meta])* $name:ident => $to:ty { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum $name { $(#[doc = $code] #[serde(rename = $code)] $variant),+ }
        impl $name {
            /// Its code, which is the register's.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The register's own.
            pub(super) fn known(self) -> Result<$to> { <$to>::from_code(self.code()).ok_or_else(AppError::not_found) }
        }
    };
}
sent_codes! {
    /// What can be declared through the interface: by whoever is registered, also for others of the household and for a child
    /// (`move-along`, `leave-along`, `child-correction`); by a newcomer (`newcomer`); by a landlord or
    /// agent on file of a home that they answer for (`tenant-in`, `tenant-out`, `tenancy-start`, `tenancy-end`).
    SentKind => Kind {
        Move = "move",
        MoveIn = "move-in",
        MoveOut = "move-out",
        Change = "change",
        Correction = "correction",
        Deletion = "deletion",
        MoveAlong = "move-along",
        LeaveAlong = "leave-along",
        ChildCorrection = "child-correction",
        Newcomer = "newcomer",
        TenantIn = "tenant-in",
        TenantOut = "tenant-out",
        TenancyStart = "tenancy-start",
        TenancyEnd = "tenancy-end",
    }
}
sent_codes! {
    /// A fact of the record.
    SentFact => Field {
        Name = "name",
        Document = "document",
        Phone = "phone",
        Sex = "sex",
        Birth = "birth",
        Local = "local",
        Employer = "employer",
        Address = "address",
        Record = "record",
    }
}
sent_codes! {
    /// Sex.
    SentSex => SexCode { Female = "female", Male = "male" }
}

sent_codes! {
    /// Kind of a person's document.
    SentDocumentKind => DocumentKind {
        Resident = "resident",
        HmtPermit = "hmt-permit",
        ForeignPermanent = "foreign-permanent",
        TravelPermit = "travel-permit",
        Passport = "passport",
        Other = "other",
    }
}

impl std::fmt::Debug for SentDeclaration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SentDeclaration(***)")
    }
}
