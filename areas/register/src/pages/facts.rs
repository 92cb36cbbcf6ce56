//! A record, a home and an employer fact by fact, masked, each with where it comes from.

use linli_platform::texts::T;

use crate::{
    codes::{EmployerFact, Fact, HomeFact},
    employers::EmployerRow,
    facts_told::FactTold,
    history::Provenance,
    homes::HomeRow,
    residents::MaskedResident,
};

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

/// One fact of premises or of an employer as pages show it.
pub(super) struct PremisesFact {
    pub(super) code: &'static str,
    /// Masked; empty where there is none.
    pub(super) value: String,
    /// Where it leads, if anywhere.
    pub(super) href: String,
    pub(super) told: Option<FactTold>,
}

fn premises_fact(code: &'static str, value: String, href: String, told: &[FactTold]) -> PremisesFact {
    PremisesFact { code, value, href, told: told.iter().find(|p| p.fact == code).cloned() }
}

/// Every fact of a home.
pub(super) fn of_home(t: &T, h: &HomeRow, told: &[FactTold]) -> Vec<PremisesFact> {
    let value = |fact: HomeFact| match fact {
        HomeFact::Kind => t.code("home-kind", &h.kind),
        HomeFact::Tenancy => t.code("tenancy", &h.tenancy),
        HomeFact::Occupancy => t.code("occupancy", &h.occupancy),
        HomeFact::Places => h.places.map(|n| n.to_string()).unwrap_or_default(),
        HomeFact::Owner => h.owner_masked.clone().unwrap_or_default(),
        HomeFact::Landlord => h.landlord_masked.clone().unwrap_or_default(),
        HomeFact::LandlordPhone => h.landlord_phone_masked.clone().unwrap_or_default(),
        HomeFact::Agent => h.agent_name.clone().unwrap_or_default(),
        HomeFact::Employer => h.employer_name.clone().unwrap_or_default(),
    };
    HomeFact::ALL.iter().map(|fact| premises_fact(fact.code(), value(*fact), String::new(), told)).collect()
}

/// Every fact of an employer.
pub(super) fn of_employer(t: &T, e: &EmployerRow, told: &[FactTold]) -> Vec<PremisesFact> {
    let value = |fact: EmployerFact| match fact {
        EmployerFact::OrgCode => e.org_code.clone(),
        EmployerFact::Name => e.name.clone(),
        EmployerFact::Business => e.business.clone(),
        EmployerFact::Site => e.site.clone(),
        EmployerFact::Address => e.address_text.clone().unwrap_or_default(),
        EmployerFact::Staff => e.staff_declared.to_string(),
        EmployerFact::Roster => t.s(if e.roster_duty { "common-yes" } else { "common-no" }),
        EmployerFact::Liaison => e.liaison_masked.clone().unwrap_or_default(),
        EmployerFact::LiaisonPhone => e.liaison_phone_masked.clone().unwrap_or_default(),
    };
    let href = |fact: EmployerFact| match (fact, e.address_id) {
        (EmployerFact::Address, Some(id)) => format!("/addresses/{id}"),
        _ => String::new(),
    };
    EmployerFact::ALL.iter().map(|fact| premises_fact(fact.code(), value(*fact), href(*fact), told)).collect()
}
