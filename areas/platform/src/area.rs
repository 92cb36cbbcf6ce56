//! What an area of the application gives to the whole: its routes, each with its action, its migrations, texts,
//! navigation, imports, jobs and duties. The binary walks the list of areas, and so does the test that tries every
//! route as somebody without the right.

use std::sync::Arc;

use axum::routing::{MethodRouter, delete, get, post};
use futures::future::BoxFuture;

use crate::{
    access::Action,
    api::ApiRoute,
    app::App,
    erasures::{ErasedWith, Eraser},
    error::Result,
    import::ImportKind,
    jobs::JobKind,
    key_rotation::{KeyedUse, SealedTable},
    proposals::ProposalKind,
    reader::Reader,
    store::Migration,
    ways::SignInWay,
};

/// One area.
#[derive(Default)]
pub struct Area {
    /// Its name, as the crate's without `linli-`.
    pub name: &'static str,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its operations for other systems.
    pub api: Vec<ApiRoute>,
    /// Its migrations, in order.
    pub migrations: Vec<Migration>,
    /// Its Fluent texts: zh-CN, then en.
    pub texts: Option<(&'static str, &'static str)>,
    /// Its entries in the left menu.
    pub nav: Vec<NavItem>,
    /// The tables it imports.
    pub imports: Vec<Arc<dyn ImportKind>>,
    /// The background jobs it knows.
    pub jobs: Vec<Arc<dyn JobKind>>,
    /// Its part of the duty board (R4) and of the dashboard: figures derived from the work itself.
    pub duties: Vec<Arc<dyn DutySource>>,
    /// What of it needs a second person.
    pub proposals: Vec<Arc<dyn ProposalKind>>,
    /// What erases its subjects for good.
    pub erasers: Vec<Arc<dyn Eraser>>,
    /// What of it goes with a subject of another area that is erased for good.
    pub erased_with: Vec<Arc<dyn ErasedWith>>,
    /// Its tables of values sealed under a subject's own key.
    pub sealed: Vec<SealedTable>,
    /// Its keyed digests that cannot be computed anew when the key is exchanged.
    pub keyed: Vec<KeyedUse>,
    /// Its ways to sign in, beside password and code.
    pub ways: Vec<Arc<dyn SignInWay>>,
}

/// Whether a page opens to somebody whose second factor is still missing. Most do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Early {
    /// Only when nothing is missing.
    #[default]
    No,
    /// Where the second factor is to be given after the password.
    BeforeCode,
    /// Where a role asks for a second factor and it is being set up.
    BeforeEnrolment,
}

/// A route: one method, one path, one action.
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path in axum's notation: `/residents/{id}`.
    pub path: &'static str,
    /// What it does, as the matrix knows it.
    pub action: Action,
    /// The handler.
    pub handler: MethodRouter<App>,
    /// Whether it opens while the second factor is missing.
    pub early: Early,
}

impl Route {
    /// A page or fragment.
    pub fn get<H, T>(path: &'static str, action: Action, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        Route { method: "GET", path, action, handler: get(handler), early: Early::No }
    }
    /// A change.
    pub fn post<H, T>(path: &'static str, action: Action, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        Route { method: "POST", path, action, handler: post(handler), early: Early::No }
    }
    /// A removal (API only; forms use POST).
    pub fn delete<H, T>(path: &'static str, action: Action, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        Route { method: "DELETE", path, action, handler: delete(handler), early: Early::No }
    }
    /// The same route for somebody whose second factor is still missing.
    #[must_use]
    pub fn early(mut self, early: Early) -> Self {
        self.early = early;
        self
    }
    /// The same route accepting bodies up to a size: for uploads. Others end at
    /// [`BODY_MAX_BYTES`](crate::web::BODY_MAX_BYTES).
    #[must_use]
    pub fn accepts_bytes(mut self, max: usize) -> Self {
        self.handler = self.handler.layer(axum::extract::DefaultBodyLimit::max(max));
        self
    }
}

/// The groups of the left menu, by the user's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NavGroup {
    /// Without a heading, first.
    Top,
    /// 登记
    Register,
    /// 日常
    Daily,
    /// 质量与考核
    Quality,
    /// 文书
    Documents,
    /// 系统
    System,
}

/// An entry of the left menu. Fluent text: `nav-<key>`.
#[derive(Clone)]
pub struct NavItem {
    /// Group.
    pub group: NavGroup,
    /// Order within the group.
    pub order: u16,
    /// Text key after `nav-`.
    pub key: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Shown to whoever may do this.
    pub action: Action,
}

/// One line of the duty board: what is due, done and late, derived from the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Fluent text `duty-<key>`.
    pub key: &'static str,
    /// So many are due in the period.
    pub due: i64,
    /// So many of them are done.
    pub done: i64,
    /// So many are late.
    pub late: i64,
    /// Where the work waits.
    pub href: String,
}

/// Derives duties for one reader. Counting happens within the reader's scope, in SQL.
pub trait DutySource: Send + Sync {
    /// The reader's duties of this area today.
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>>;
}
