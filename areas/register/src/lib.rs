//! The register (一标三实, R6–R11): standard addresses, homes, employers and residents, each fact with its source and
//! dates, sealed where it is personal, and with an event beside every change.
//!
//! Lists are masked and within the reader's scope. One person's clear values are opened by purpose, on record
//! ([`residents::open`]); comparisons by machine run on [`residents::machine_rows`].

pub mod address_life;
pub mod addresses;
pub mod api;
pub mod care;
pub mod codes;
pub mod contacts;
pub mod counter;
pub mod daily;
pub mod directory;
pub mod doubts;
mod duties;
pub mod employer_change;
pub mod employers;
mod erased_rows;
pub mod erasure;
pub mod escalation;
pub mod expire;
pub mod facts_told;
pub mod figures;
pub mod hazards;
pub mod history;
pub mod home_change;
mod home_marks;
pub mod homes;
mod ids;
mod imports;
pub mod inward;
pub mod merges;
pub mod outward;
mod pages;
mod parallel;
mod premises;
pub mod residents;
pub mod rules;
mod sql;
mod tables;
mod tables_later;
mod tables_more;
mod told;
pub mod transfers;

use linli_platform::{
    area::Area,
    key_rotation::{Indexed, SealedTable},
};

pub use erased_rows::ErasedNumbers;
pub use ids::{
    AddressId, AddressNameId, ConsentId, CounterCaseId, DailyFileId, DoubtId, EmployerId, HomeId, MergeId, ResidenceId,
    ResidentId, SplitId, TransferId,
};
pub use premises::RegisterPremises;
pub use tables::migrations;
pub use told::{Found, Slice, Told};

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// What is sealed under a subject's own key.
const SEALED: &[SealedTable] = &[
    SealedTable::new("resident", "resident_id", RESIDENT_SEALED).indexed(RESIDENT_INDEXED),
    // What a record was before a merge, so that it can be undone.
    SealedTable::copies(("record_merge", "merge_id"), "resident", "kept_id", RESIDENT_SEALED).indexed(RESIDENT_INDEXED),
    SealedTable::new("inward_transfer", "transfer_id", &["name_sealed", "doc_sealed", "phone_sealed"])
        .indexed(&[Indexed { sealed: "doc_sealed", blind: "doc_blind", kind: "doc" }]),
    SealedTable::new("home", "home_id", &["owner_sealed", "landlord_sealed", "landlord_phone_sealed"]),
    SealedTable::new("employer", "employer_id", &["liaison_sealed", "liaison_phone_sealed"]),
];
const RESIDENT_INDEXED: &[Indexed] = &[
    Indexed { sealed: "doc_sealed", blind: "doc_blind", kind: "doc" },
    Indexed { sealed: "phone_sealed", blind: "phone_blind", kind: "mobile" },
];
const RESIDENT_SEALED: &[&str] = &["name_sealed", "doc_sealed", "phone_sealed", "facts_sealed"];

/// The area.
#[allow(clippy::needless_update, reason = "what an area can give grows; the register gives most of it")]
pub fn area() -> Area {
    Area {
        name: "register",
        routes: pages::routes(),
        api: api::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: pages::nav(),
        imports: imports::kinds(),
        duties: vec![std::sync::Arc::new(duties::RegisterDuties)],
        jobs: vec![std::sync::Arc::new(expire::Expire)],
        proposals: vec![std::sync::Arc::new(erasure::ResidentErasure)],
        erasers: vec![std::sync::Arc::new(expire::EraseResident)],
        erased_with: vec![std::sync::Arc::new(erased_rows::StagedRows)],
        sealed: SEALED.to_vec(),
        ..Area::default()
    }
}
