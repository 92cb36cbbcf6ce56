//! A record fact by fact, masked, each with where it comes from.

use linli_platform::texts::T;

use crate::{codes::Fact, history::Provenance, residents::MaskedResident};

/// One fact as pages show it.
pub(super) struct FactRow {
    pub(super) fact: Fact,
    /// Masked; empty where the record has none.
    pub(super) value: String,
    /// Where it leads, if anywhere.
    pub(super) href: String,
    pub(super) told: Option<Provenance>,
}

/// The masked value of a fact; empty where there is none.
pub(super) fn value_of(t: &T, r: &MaskedResident, fact: Fact) -> String {
    match fact {
        Fact::Name => r.name_masked.clone(),
        Fact::Document => format!("{} {}", t.code("doc-kind", &r.doc_kind), r.doc_masked),
        Fact::Phone => r.phone_masked.clone().unwrap_or_default(),
        Fact::Sex => t.code("sex", &r.sex),
        Fact::Birth => r.birth_year.map(|y| y.to_string()).unwrap_or_default(),
        Fact::Local => t.s(if r.is_local { "local-local" } else { "local-elsewhere" }),
        Fact::Residence => r.address_text.clone().unwrap_or_default(),
        Fact::Employer => r.employer_name.clone().unwrap_or_default(),
    }
}

fn href_of(r: &MaskedResident, fact: Fact) -> String {
    match fact {
        Fact::Residence => r.home_id.map(|id| format!("/homes/{id}")).unwrap_or_default(),
        Fact::Employer => r.employer_id.map(|id| format!("/employers/{id}")).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Every fact of a record.
pub(super) fn rows(t: &T, r: &MaskedResident, told: &[Provenance]) -> Vec<FactRow> {
    let row = |fact: &Fact| FactRow {
        fact: *fact,
        value: value_of(t, r, *fact),
        href: href_of(r, *fact),
        told: told.iter().find(|p| p.fact == *fact).cloned(),
    };
    Fact::ALL.iter().map(row).collect()
}
