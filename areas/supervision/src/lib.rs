//! Supervision (督查, R32) and staff matters (R33).
//!
//! An *inspection* is planned for grids, with a group of at least one officer and one coordinator who do not work there.
//! On its day the group goes through the policy pack's checklist, says what is in order and notes *findings*: faults of
//! premises, work or organisation, and praise. A full inspection cannot be closed while an item was not looked at. A fault goes to the grid as a task with a deadline; the grid says what was put right, the
//! group looks again and settles it or sends it back. What is found again in the same grid, and what is serious, goes up
//! to the task force. The month's bulletin counts all of it by committee.
//!
//! A *suggestion* or objection of any colleague is answered by the task force within the pack's working days. A *measure*
//! after a finding of neglect follows the pack's list by role; whoever it concerns is heard before it is decided. A measure
//! is a case between that colleague and those who manage the post: it is in no list of persons, no count and no score
//! (boundary 6).

mod bulletin;
mod checks;
mod codes;
mod duties;
mod expire;
mod findings;
mod group;
mod ids;
mod inspections;
mod life;
mod measures;
mod pages;
mod paper;
mod photos;
mod photos_expire;
mod suggestions;
mod tables;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
    key_rotation::SealedTable,
};

pub use bulletin::{CommitteeLine, of_month as bulletin_of};
pub use checks::{Looked, look};
pub use codes::{FindingKind, FindingState, Mode, Neglect, PhotoOf, SuggestionKind};
pub use findings::{FindingRow, NewFinding, find as find_finding, note as note_finding, of_grids as findings_of};
pub use group::{Candidate, candidates};
pub use ids::{FindingId, InspectionId, MeasureId, PhotoId, SuggestionId};
pub use inspections::{
    InspectionRow, NewInspection, close, find as find_inspection, list as inspections, plan, withdraw,
};
pub use life::{correct, send_back, settle};
pub use measures::{MeasureRow, NewMeasure, be_heard, decide, drop_measure, find as find_measure, propose};
pub use photos::{PhotoRow, keep as keep_photo, of_finding as photos_of, open as open_photo};
pub use suggestions::{NewSuggestion, SuggestionRow, answer, find as find_suggestion, list as suggestions, make};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// The area.
pub fn area() -> Area {
    let nav = |group, order, key, href, action| NavItem { group, order, key, href, action };
    Area {
        name: "supervision",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: vec![
            nav(NavGroup::Quality, 30, "inspections", "/inspections", Action::InspectionRead),
            nav(NavGroup::Quality, 34, "suggestions", "/suggestions", Action::SuggestionMake),
            nav(NavGroup::Quality, 36, "measures", "/measures", Action::MeasureRead),
        ],
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::SupervisionDuties)],
        sealed: vec![SealedTable::new("finding_photo", "photo_id", &["photo_sealed", "small_sealed"])],
        templates: vec![Arc::new(paper::Bulletin)],
        ..Area::default()
    }
}
