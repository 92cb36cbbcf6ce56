//! What every handler and job has at hand.

use std::{path::PathBuf, sync::Arc};

use futures::future::BoxFuture;

use crate::{
    api,
    area::{Area, DutySource, NavItem},
    clock::Day,
    erasures::{ErasedWith, Eraser},
    error::{AppError, Result},
    ids::{AccountId, GridId},
    import::ImportKind,
    jobs::JobKind,
    key_rotation::{KeyedUse, SealedTable},
    ledger::Ledger,
    paper::{Mark, Paper},
    proof::AccessSettings,
    proposals::ProposalKind,
    reader::Grant,
    store::Store,
    texts::{TextError, Texts},
    ways::SignInWay,
    wording::Template,
};

/// The parts of a running Linli. Cheap to clone.
#[derive(Clone)]
pub struct App(pub Arc<AppParts>);

impl std::ops::Deref for App {
    type Target = AppParts;
    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// The parts.
pub struct AppParts {
    /// The store.
    pub store: Store,
    /// The rules of the sub-district.
    pub pack: Arc<policy_pack::Pack>,
    /// Official working days.
    pub calendar: Arc<cn_workday::Calendar>,
    /// Texts in both languages.
    pub texts: Arc<Texts>,
    /// Answers which grids, committees and employers an account sees today; given by the area `team`.
    pub scopes: Arc<dyn ScopeSource>,
    /// Typesets documents; given by the binary.
    pub documents: Arc<dyn Typesetter>,
    /// Left menu.
    pub nav: Vec<NavItem>,
    /// Imports by name.
    pub imports: Vec<Arc<dyn ImportKind>>,
    /// Jobs by kind.
    pub jobs: Vec<Arc<dyn JobKind>>,
    /// Duty board.
    pub duties: Vec<Arc<dyn DutySource>>,
    /// What needs a second person, by kind.
    pub proposals: Vec<Arc<dyn ProposalKind>>,
    /// What erases subjects for good, by kind.
    pub erasers: Vec<Arc<dyn Eraser>>,
    /// What goes with an erased subject of another area.
    pub erased_with: Vec<Arc<dyn ErasedWith>>,
    /// Tables of values sealed under a subject's own key.
    pub sealed: Vec<SealedTable>,
    /// Keyed digests that cannot be computed anew.
    pub keyed: Vec<KeyedUse>,
    /// What the operations for other systems say of themselves.
    pub api: Vec<Arc<api::Described>>,
    /// Ways to sign in, beside password and code.
    pub ways: Vec<Arc<dyn SignInWay>>,
    /// Ledgers by code.
    pub ledgers: Vec<Arc<dyn Ledger>>,
    /// Documents whose sentences the office may change.
    pub templates: Vec<Arc<dyn Template>>,
    /// The folder of the policy pack; none where it is the one that comes with the program.
    pub policy_dir: Option<PathBuf>,
    /// The folder of the keys, where erasures are kept too; none for an application without one.
    pub key_dir: Option<PathBuf>,
    /// Where files of the installation lie.
    pub data_dir: PathBuf,
    /// Whether cookies are marked `Secure` with the `__Host-` prefix (TLS here or at a proxy in front).
    pub secure_cookies: bool,
    /// Hosts that requests may come from, beside the request's own `Host`.
    pub trusted_origins: Vec<String>,
    /// The demonstration says so on every page.
    pub demonstration: bool,
    /// What the installation asks for beside a password.
    pub access: AccessSettings,
    /// Values that areas keep in memory and can rebuild, such as the name directory.
    pub caches: Caches,
}

/// What an installation gives to its [`App`], beside its areas.
pub struct Installation {
    /// The store.
    pub store: Store,
    /// The rules of the sub-district.
    pub pack: Arc<policy_pack::Pack>,
    /// Official working days.
    pub calendar: Arc<cn_workday::Calendar>,
    /// Answers what an account sees.
    pub scopes: Arc<dyn ScopeSource>,
    /// Typesets documents.
    pub documents: Arc<dyn Typesetter>,
    /// The folder of the policy pack; none where it is the one that comes with the program.
    pub policy_dir: Option<PathBuf>,
    /// The folder of the keys, where erasures are kept too.
    pub key_dir: Option<PathBuf>,
    /// Where files of the installation lie.
    pub data_dir: PathBuf,
    /// Whether cookies are for TLS alone.
    pub secure_cookies: bool,
    /// Hosts that requests may come from, beside the request's own.
    pub trusted_origins: Vec<String>,
    /// The demonstration says so on every page.
    pub demonstration: bool,
    /// What the installation asks for beside a password.
    pub access: AccessSettings,
}

impl App {
    /// Puts an installation and its areas together; the platform's own areas are there whether listed or not.
    ///
    /// # Errors
    /// If texts do not parse or a key stands twice.
    pub fn assemble(areas: &[Area], given: Installation) -> Result<App, TextError> {
        let own = crate::web::own_areas();
        let all: Vec<&Area> = crate::web::with_own(&own, areas).collect();
        let texts: Vec<_> = all.iter().filter_map(|a| a.texts.map(|(zh, en)| (a.name, zh, en))).collect();
        Ok(App(Arc::new(AppParts {
            texts: Arc::new(Texts::new(&texts)?),
            nav: all.iter().flat_map(|a| a.nav.iter().cloned()).collect(),
            imports: all.iter().flat_map(|a| a.imports.iter().cloned()).collect(),
            jobs: all.iter().flat_map(|a| a.jobs.iter().cloned()).collect(),
            duties: all.iter().flat_map(|a| a.duties.iter().cloned()).collect(),
            store: given.store,
            pack: given.pack,
            calendar: given.calendar,
            scopes: given.scopes,
            documents: given.documents,
            proposals: all.iter().flat_map(|a| a.proposals.iter().cloned()).collect(),
            erasers: all.iter().flat_map(|a| a.erasers.iter().cloned()).collect(),
            erased_with: all.iter().flat_map(|a| a.erased_with.iter().cloned()).collect(),
            sealed: all.iter().flat_map(|a| a.sealed.iter().copied()).collect(),
            keyed: all.iter().flat_map(|a| a.keyed.iter().copied()).collect(),
            api: all.iter().flat_map(|a| a.api.iter().map(|r| r.described.clone())).collect(),
            ways: all.iter().flat_map(|a| a.ways.iter().cloned()).collect(),
            ledgers: all.iter().flat_map(|a| a.ledgers.iter().cloned()).collect(),
            templates: all.iter().flat_map(|a| a.templates.iter().cloned()).collect(),
            policy_dir: given.policy_dir,
            key_dir: given.key_dir,
            data_dir: given.data_dir,
            secure_cookies: given.secure_cookies,
            trusted_origins: given.trusted_origins,
            demonstration: given.demonstration,
            access: given.access,
            caches: Caches::default(),
        })))
    }
}

/// What an account sees on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountScope {
    /// Whether the account's confidentiality agreement is in force, or its roles need none. Without, no role of the
    /// account is in force (R3).
    pub agreed: bool,
    /// Where each role is held, as far as it opens grids; it may stay empty.
    pub grants: Vec<Grant>,
    /// The whole sub-district.
    pub division: bool,
    /// Grids.
    pub grids: Vec<GridId>,
    /// Committees by code.
    pub committees: Vec<String>,
    /// Employers.
    pub employers: Vec<uuid::Uuid>,
}

/// Answers what an account sees on a day.
pub trait ScopeSource: Send + Sync {
    /// Roles' areas on that day, resolved to grids; stand-ins included.
    fn scope<'a>(&'a self, store: &'a Store, account: AccountId, day: Day) -> BoxFuture<'a, Result<AccountScope>>;
    /// Today's grids of committees, by code; none where the source knows of no committees.
    fn grids_of<'a>(&'a self, _store: &'a Store, _committees: &'a [String]) -> BoxFuture<'a, Result<Vec<GridId>>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// Turns a document's source into PDF (the crate with the typesetter is injected by the binary).
pub trait Typesetter: Send + Sync {
    /// Typesets a Typst source with its data; PDF bytes.
    fn pdf(&self, source: &str, data: serde_json::Value) -> Result<Vec<u8>>;
    /// Typesets a paper in the layout of official documents; PDF bytes.
    fn paper_pdf(&self, _paper: &Paper) -> Result<Vec<u8>> {
        Err(AppError::rule("fonts-missing"))
    }
    /// Writes a paper as a Word file; needs no fonts here.
    fn paper_word(&self, _paper: &Paper) -> Result<Vec<u8>> {
        Err(AppError::rule("fonts-missing"))
    }
    /// The same PDF with what tells a numbered paper from another at its end.
    fn numbered_pdf(&self, _paper: &Paper, _mark: &Mark) -> Result<Vec<u8>> {
        Err(AppError::rule("fonts-missing"))
    }
    /// The same Word file with what tells a numbered paper from another at its end.
    fn numbered_word(&self, _paper: &Paper, _mark: &Mark) -> Result<Vec<u8>> {
        Err(AppError::rule("fonts-missing"))
    }
}

/// Rebuildable values of areas, by type.
#[derive(Default)]
pub struct Caches(std::sync::RwLock<std::collections::HashMap<std::any::TypeId, Arc<dyn std::any::Any + Send + Sync>>>);

impl Caches {
    /// The value of a type, if it was put.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let map = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.get(&std::any::TypeId::of::<T>()).cloned().and_then(|v| v.downcast().ok())
    }
    /// Puts a value.
    pub fn put<T: Send + Sync + 'static>(&self, value: Arc<T>) {
        let mut map = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(std::any::TypeId::of::<T>(), value);
    }
}
