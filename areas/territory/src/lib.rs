//! Territory (R1, R2): committees with their assessment group and the ways their names are written, micro-grids,
//! and sets of boundaries that take effect on a day, with a preview of who and what changes hands.
//!
//! Reading a committee's name goes through [`Committees::resolve`], finding the grid of a point through
//! [`GridIndex`]. The register, a floor above, tells where premises lie through [`premises::PremisesPoints`].

pub mod api;
pub mod boundary;
mod committee;
pub mod datum;
pub mod effect;
mod grid_index;
pub mod ids;
pub mod imports;
pub mod map;
mod pages;
pub mod premises;
mod setup;
mod sign_map;
pub mod store;

use std::sync::Arc;

pub use committee::{CommitteeKind, Committees, Group, Known, MAX_SUGGESTIONS, Resolved};
pub use datum::Datum;
pub use grid_index::GridIndex;
pub use ids::{CommitteeId, SetId};
pub use premises::{Premises, PremisesPoint, PremisesPoints};
pub use setup::{Uploaded, import_geojson, setup_from_pack, upload};
pub use sign_map::{SignMap, sign_map};
pub use store::{
    boundaries::grids_on,
    committees::{Committee, NewCommittee, load as committees, names as committee_names},
    grids::{
        Grid, NewGrid, all as all_grids, by_code as grid_by_code, in_scope as grids, names as grid_names,
        names_of as names_of_grids,
    },
    migrations,
};

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
};

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// The area.
pub fn area() -> Area {
    Area {
        name: "territory",
        routes: pages::routes(),
        api: api::routes(),
        migrations: store::migrations(),
        texts: Some(TEXTS),
        nav: vec![NavItem {
            group: NavGroup::Register,
            order: 10,
            key: "territory",
            href: "/territory",
            action: Action::TerritoryRead,
        }],
        imports: vec![Arc::new(imports::CommitteeImport)],
        jobs: vec![effect::job()],
        ..Area::default()
    }
}
