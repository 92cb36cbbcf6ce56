//! What was typed, checked by the register's own rules, sealed as JSON under a key of the case's own.

use cn_identity::DocumentKind;
use jiff::civil::Date;
use linli_platform::clock::Day;
use linli_register::{
    EmployerId, HomeId,
    codes::SexCode,
    residents::{Change, NewResident},
    rules::{self, Problem},
};
use serde::{Deserialize, Serialize};

use crate::codes::Field;

/// What is asked for, in full. `Debug` is masked; it is stored sealed and nowhere else.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Content {
    /// Another value of a fact.
    Fact {
        /// Of which.
        field: String,
        /// The value in normal form; an id where `shown` says what it means.
        value: String,
        /// Kind of document, where the fact is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        doc_kind: Option<String>,
        /// What the value means to people, where it is an id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<String>,
    },
    /// A fact, or the record, is to go.
    Without {
        /// Which.
        field: String,
    },
    /// Lives elsewhere in the sub-district.
    Move {
        /// The home.
        home: HomeId,
        /// Its address.
        address: String,
        /// Since when.
        day: Day,
    },
    /// Somebody joins the home.
    MoveIn(Newcomer),
    /// Leaves the sub-district.
    MoveOut {
        /// Since when.
        day: Day,
    },
    /// People who are not registered yet move into a home: a newcomer with the household, or tenants.
    Household {
        /// The address of the home.
        address: String,
        /// Who; the first declares, where it is their own declaration.
        members: Vec<Newcomer>,
    },
    /// A resident declares for somebody else of the household, or a guardian for a child.
    ForOther {
        /// Who, as named.
        person: Named,
        /// The home of the resident who declares, when it was declared.
        from: Option<HomeId>,
        /// What: a move, a leaving, or another value of a fact.
        asks: Box<Content>,
    },
    /// A landlord or agent says that a tenant has left.
    TenantOut {
        /// The home.
        home: HomeId,
        /// Its address.
        address: String,
        /// The tenant's name.
        name: String,
        /// Since when.
        day: Day,
    },
    /// A landlord or agent says that a tenancy starts or ends.
    Tenancy {
        /// The home.
        home: HomeId,
        /// Its address.
        address: String,
        /// Since when.
        day: Day,
        /// Whether it starts.
        starts: bool,
    },
}

/// Somebody whom a resident names; whether anybody of this name and number is registered, only staff find out.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Its number.
    pub doc_no: String,
    /// Declared by a parent or guardian because the person is under 14 (监护人代为申报, PIPL 31).
    pub guardian: bool,
}

/// Somebody who joins the home (同住人员).
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newcomer {
    /// Name.
    pub name: String,
    /// Kind of document.
    pub doc_kind: String,
    /// Its number.
    pub doc_no: String,
    /// Mobile; empty for none.
    pub phone: String,
    /// Sex, where the number does not tell it.
    pub sex: Option<String>,
    /// Birth date, where the number does not tell it.
    pub birth: Option<String>,
    /// Household registration local.
    pub local: bool,
    /// The home.
    pub home: HomeId,
    /// Since when.
    pub day: Day,
    /// Declared by a parent or guardian because the person is under 14 (监护人代为申报, PIPL 31).
    pub guardian: bool,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(***)")
    }
}
impl std::fmt::Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Named(***)")
    }
}
impl std::fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Newcomer(***)")
    }
}

/// Up to this age somebody else declares for a child (PIPL 31).
pub const GUARDED_UNDER_YEARS: i16 = 14;

impl Content {
    /// What lists show of it: masked, made by the program, nobody's words (boundary 12).
    pub fn masked(&self) -> String {
        match self {
            Content::Fact { field, value, shown, .. } => match Field::from_code(field) {
                Some(Field::Name) => cn_identity::mask::name(value),
                Some(Field::Document) => cn_identity::mask::any_document(value),
                Some(Field::Phone) => rules::check_phone(value).ok().flatten().map_or_else(String::new, |p| p.masked()),
                Some(Field::Address | Field::Employer) => shown.clone().unwrap_or_default(),
                _ => String::new(),
            },
            Content::Without { .. } => String::new(),
            Content::Move { address, day, .. } => format!("{address} · {day}"),
            Content::MoveIn(new) => format!("{} · {}", cn_identity::mask::name(&new.name), new.day),
            Content::MoveOut { day } => day.to_string(),
            Content::Household { address, members } => {
                let day = members.first().map(|m| m.day.to_string()).unwrap_or_default();
                format!("{address} · {} · {day}", masked_names(members))
            }
            Content::ForOther { person, asks, .. } => {
                let parts = [cn_identity::mask::name(&person.name), asks.masked()];
                parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
            }
            Content::TenantOut { address, name, day, .. } => {
                format!("{address} · {} · {day}", cn_identity::mask::name(name))
            }
            Content::Tenancy { address, day, .. } => format!("{address} · {day}"),
        }
    }
    /// The home it is about, where it is about one and not about a record.
    pub fn home(&self) -> Option<HomeId> {
        match self {
            Content::Household { members, .. } => members.first().map(|m| m.home),
            Content::TenantOut { home, .. } | Content::Tenancy { home, .. } => Some(*home),
            _ => None,
        }
    }
    /// The fact it is about, where it is about one.
    pub fn field(&self) -> Option<Field> {
        match self {
            Content::Fact { field, .. } | Content::Without { field } => Field::from_code(field),
            Content::ForOther { asks, .. } => asks.field(),
            _ => None,
        }
    }
    /// What the register changes for it; `None` where it is a move or a cancellation.
    pub fn change(&self) -> Option<Change> {
        let (field, value, kind) = match self {
            Content::Fact { field, value, doc_kind, .. } => (Field::from_code(field)?, value.as_str(), doc_kind),
            Content::Without { field } => (Field::from_code(field)?, "", &None),
            _ => return None,
        };
        let mut change = Change::default();
        match field {
            Field::Name => change.name = Some(value.to_owned()),
            Field::Document => {
                let kind = kind.as_deref().and_then(DocumentKind::from_code)?;
                // Somebody compares it with the card before it is accepted.
                change.doc = Some((kind, value.to_owned(), true));
            }
            Field::Phone => change.phone = Some(value.to_owned()),
            Field::Sex => change.sex = Some(SexCode::from_code(value)?),
            Field::Birth => change.birth = Some(value.parse::<Date>().ok()?),
            Field::Local => change.local = Some(value == "local"),
            Field::Employer => change.employer = Some(value.parse::<EmployerId>().ok()),
            Field::Address | Field::Record => return None,
        }
        Some(change)
    }
}

/// The names of a household, masked: the first three, and how many more.
pub(crate) fn masked_names(members: &[Newcomer]) -> String {
    let shown: Vec<String> = members.iter().take(3).map(|m| cn_identity::mask::name(&m.name)).collect();
    let more = members.len().saturating_sub(shown.len());
    let shown = shown.join(" ");
    if more > 0 { format!("{shown} +{more}") } else { shown }
}

impl Newcomer {
    /// As the register takes it.
    pub fn as_resident(&self, seen: linli_platform::clock::At) -> NewResident {
        NewResident {
            resident_id: None,
            name: self.name.clone(),
            doc_kind: DocumentKind::from_code(&self.doc_kind).unwrap_or(DocumentKind::Other),
            doc_no: self.doc_no.clone(),
            doc_confirmed: true,
            phone: Some(self.phone.clone()).filter(|p| !p.is_empty()),
            sex: self.sex.as_deref().and_then(SexCode::from_code),
            birth: self.birth.as_deref().and_then(|b| b.parse().ok()),
            local: self.local,
            home_id: self.home,
            employer_id: None,
            since_day: self.day,
            source: linli_register::codes::Source::SelfDeclaration,
            seen_at: Some(seen),
            entered_at: None,
        }
    }
}

/// Checks the value of a fact as the register would; in normal form.
///
/// # Errors
/// The register's own problem, at the field.
pub fn check_fact(field: Field, doc_kind: DocumentKind, value: &str, today: Day) -> Result<String, Problem> {
    let choose = |holds: bool, value: &str| {
        if holds { Ok(value.to_owned()) } else { Err(Problem::fatal("value", "form-choose")) }
    };
    let value = value.trim();
    match field {
        Field::Name => rules::check_name(value),
        Field::Document => rules::check_number(doc_kind, value, true).map(|d| d.number),
        Field::Phone => match rules::check_phone(value)? {
            Some(phone) => Ok(phone.as_str().to_owned()),
            None => Err(Problem::fatal("phone", "form-required")),
        },
        Field::Sex => choose(matches!(value, "female" | "male"), value),
        Field::Local => choose(matches!(value, "local" | "elsewhere"), value),
        Field::Birth => match value.parse::<Date>() {
            Ok(day) if day > today.0 => Err(Problem::fatal("birth", "birth-future")),
            Ok(day) => Ok(day.to_string()),
            Err(_) => Err(Problem::fatal("birth", "form-unreadable")),
        },
        Field::Employer | Field::Address | Field::Record => choose(!value.is_empty(), value),
    }
}
