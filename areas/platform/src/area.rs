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
    ledger::Ledger,
    proposals::ProposalKind,
    reader::Reader,
    store::Migration,
    ways::SignInWay,
    wording::Template,
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
    /// Its ledgers (台账, R36).
    pub ledgers: Vec<Arc<dyn Ledger>>,
    /// Its documents whose sentences the office may change (R36).
    pub templates: Vec<Arc<dyn Template>>,
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

/// The groups of the left menu, by the user's day: what is to be done now comes first, what is looked after once a
/// month or by few comes last. An area puts each entry where its user looks for it, not where its crate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NavGroup {
    /// Without a heading, first, never folded.
    Top,
    /// 今日工作: what waits for me, never folded.
    Daily,
    /// 上门与走访
    Visits,
    /// 登记底册
    Register,
    /// 申报与单位
    Declarations,
    /// 协同办理
    Cooperation,
    /// 质量
    Quality,
    /// 考核与文书
    Documents,
    /// 队伍与班次
    Team,
    /// 管理
    System,
    /// 审计
    Audit,
}

impl NavGroup {
    /// All, in the order in which they are shown.
    pub const ALL: [NavGroup; 11] = [
        NavGroup::Top,
        NavGroup::Daily,
        NavGroup::Visits,
        NavGroup::Register,
        NavGroup::Declarations,
        NavGroup::Cooperation,
        NavGroup::Quality,
        NavGroup::Documents,
        NavGroup::Team,
        NavGroup::System,
        NavGroup::Audit,
    ];

    /// Fluent key of its heading; the first group has none.
    pub fn heading(self) -> Option<&'static str> {
        match self {
            NavGroup::Top => None,
            NavGroup::Daily => Some("nav-group-daily"),
            NavGroup::Visits => Some("nav-group-visits"),
            NavGroup::Register => Some("nav-group-register"),
            NavGroup::Declarations => Some("nav-group-declarations"),
            NavGroup::Cooperation => Some("nav-group-cooperation"),
            NavGroup::Quality => Some("nav-group-quality"),
            NavGroup::Documents => Some("nav-group-documents"),
            NavGroup::Team => Some("nav-group-team"),
            NavGroup::System => Some("nav-group-system"),
            NavGroup::Audit => Some("nav-group-audit"),
        }
    }
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
