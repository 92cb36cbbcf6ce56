//! Tests of the team, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected should end there")]

#[path = "all/appointments.rs"]
mod appointments;
#[path = "all/imports.rs"]
mod imports;
#[path = "all/pages.rs"]
mod pages;
#[path = "all/promise.rs"]
mod promise;
#[path = "all/scopes.rs"]
mod scopes;
#[path = "all/teams.rs"]
mod teams;

use std::sync::Arc;

use linli_platform::{
    access::Role,
    app::{AccountScope, App, ScopeSource},
    area::Area,
    clock::Day,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    testing::{self, BEGIN, TestStore, reader},
};
use linli_team::{NewAppointment, Person, Post, StaffId, TeamScopes};
use linli_territory::NewGrid;
use policy_pack::Pack;

/// Two committees of the pack, by code.
pub const JINGYANG: &str = "310118003218";
/// The other.
pub const XINQIAO: &str = "310118003216";

/// A store with two grids in 泾阳村 and one in 新桥村.
pub struct Town {
    /// The store and its clock.
    pub t: TestStore,
    /// The application, with the team's scopes.
    pub app: App,
    /// Somebody of the population office.
    pub office: Reader,
    /// a1, a2, b1.
    pub grids: Vec<GridId>,
    /// The day of the test.
    pub today: Day,
}

/// The areas under test.
pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), linli_team::area()]
}

/// Fresh towns on every engine.
pub async fn towns() -> Vec<Town> {
    let migrations = || {
        let mut all = linli_platform::store::migrations();
        all.extend(linli_territory::migrations());
        all.extend(linli_team::migrations());
        all
    };
    let mut towns = Vec::new();
    for t in testing::stores(migrations).await {
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        let grid = |code: &str, committee: &str| NewGrid {
            grid_id: None,
            code: code.into(),
            name: format!("第{code}微网格"),
            committee_code: committee.into(),
        };
        let new = vec![grid("a1", JINGYANG), grid("a2", JINGYANG), grid("b1", XINQIAO)];
        let today = BEGIN.day();
        let grids = linli_territory::store::grids::open(&tx, new, today.plus_days(-100)).await.unwrap();
        tx.commit().await.unwrap();
        let installation =
            linli_platform::app::Installation { scopes: Arc::new(TeamScopes), ..testing::installation(&t.store) };
        let app = App::assemble(&areas(), installation).unwrap();
        let office = reader(&t.store, &[Role::PopulationOffice], Scope::Division);
        towns.push(Town { t, app, office, grids, today });
    }
    towns
}

impl Town {
    /// A member of staff without an account.
    pub async fn person(&self, name: &str) -> StaffId {
        let tx = self.t.store.begin(&self.office).await.unwrap();
        let person = Person { name: name.into(), mobile: None, from_day: self.today, account: None };
        let id = linli_team::create_staff(&tx, &[person]).await.unwrap()[0];
        tx.commit().await.unwrap();
        id
    }
    /// A member of staff with an account and, if wished, an agreement.
    pub async fn with_account(&self, name: &str, agreed: bool) -> (StaffId, AccountId) {
        let id = self.person(name).await;
        let sign_in = id.0.simple().to_string();
        let account = testing::account(&self.t.store, &sign_in, &[]).await;
        let tx = self.t.store.begin(&self.office).await.unwrap();
        linli_team::link_account(&tx, id, account).await.unwrap();
        if agreed {
            linli_team::sign_agreement(&tx, id, self.today).await.unwrap();
        }
        tx.commit().await.unwrap();
        (id, account)
    }
    /// An appointment about to be made, from today on without an end.
    pub fn to(&self, staff: StaffId, post: Post, area: impl ToString) -> NewAppointment {
        NewAppointment { staff, post, area: area.to_string(), grid: None, from: self.today, until: None }
    }
    /// Appoints in a transaction of its own.
    pub async fn appoint(&self, new: NewAppointment) -> linli_platform::Result<linli_team::AppointmentId> {
        let tx = self.t.store.begin(&self.office).await?;
        let id = linli_team::appoint(&tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }
    /// What an account sees on a day.
    pub async fn scope(&self, account: AccountId, day: Day) -> AccountScope {
        TeamScopes.scope(&self.t.store, account, day).await.unwrap()
    }
}
