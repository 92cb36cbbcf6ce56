//! The 3+N team (R3) and the bodies above it (R40): staff, dated appointments and stand-ins, confidentiality
//! agreements, trainings, and what each account sees because of them.
//!
//! Appointing writes the account's role in the same transaction; [`TeamScopes`] turns the roles of a day into grids.
//! A signed agreement comes before access, and leaving ends it at once.

mod bulk;
pub mod ids;
mod imports;
mod ledger;
mod pages;
mod post;
pub mod promise;
mod scopes;
pub mod store;
mod teams;

use std::sync::Arc;

pub use bulk::{NewStaff, bulk};
pub use ids::{AgreementId, AppointmentId, MemberId, StaffId};
pub use imports::StaffImport;
pub use post::Post;
pub use scopes::TeamScopes;
pub use store::{
    appointments::{Appointment, NewAppointment, appoint, end as end_appointment, stand_in},
    bodies::{BodyMember, add as add_body_member},
    migrations,
    staff::{
        Person, Staff, create as create_staff, leave, link_account, record_training, sign_agreement, training_due,
    },
};
pub use teams::{CommitteeTeam, Gap, GridTeam, Member, SignLine, notice_sign, teams};

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
    key_rotation::{Indexed, SealedTable},
};

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// By what staff are found.
const INDEXED: &[Indexed] = &[Indexed { sealed: "mobile_sealed", blind: "mobile_blind", kind: "mobile" }];

/// The area.
pub fn area() -> Area {
    let nav = |group, order, key, href, action| NavItem { group, order, key, href, action };
    Area {
        name: "team",
        routes: pages::routes(),
        migrations: store::migrations(),
        texts: Some(TEXTS),
        nav: vec![
            nav(NavGroup::Team, 10, "team", "/team", Action::TeamRead),
            nav(NavGroup::Team, 12, "staff", "/team/staff", Action::AgreementFile),
            nav(NavGroup::Team, 14, "bodies", "/team/bodies", Action::TeamRead),
            nav(NavGroup::System, 38, "emergency", "/emergency", Action::SecondPerson),
        ],
        imports: vec![Arc::new(StaffImport)],
        ledgers: vec![Arc::new(ledger::Team)],
        sealed: vec![SealedTable::new("staff", "staff_id", &["mobile_sealed"]).indexed(INDEXED)],
        ..Area::default()
    }
}
