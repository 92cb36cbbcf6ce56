//! The name directory: names and their pinyin in memory, so that they can be searched although they are stored sealed.
//!
//! It is filled from sealed names by recorded machine runs, can be rebuilt at any time, and only proposes: which of
//! its hits the reader sees, SQL decides.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
    time::Duration,
};

use linli_platform::{
    Result,
    app::App,
    clock::At,
    ids::GridId,
    reader::{Reader, Scope},
    sealed::MachineRun,
    store::{Freshness, Query as _, Store},
    vals,
};
use pinyin::ToPinyin as _;
use sea_orm::FromQueryResult;

use crate::{ids::ResidentId, residents};

/// So far back changes are looked for: longer than any transaction lasts, so that a late commit is not missed.
const LOOK_BACK_S: i64 = 600;
/// More changed entries than this are folded into a new directory.
const MAX_CHANGED: usize = 4_000;
/// A search does not wait longer than this for the directory to catch up.
const PATIENCE: Duration = Duration::from_millis(400);
/// A search gives at most so many people.
pub const MAX_HITS: usize = 200;

struct Entry {
    id: ResidentId,
    version: i64,
    grid: Option<GridId>,
    /// Comparison key of the name.
    name: Box<str>,
    /// Full pinyin without tones.
    full: Box<str>,
    /// Initials of the pinyin.
    initials: Box<str>,
}

impl Entry {
    fn new(id: ResidentId, version: i64, grid: Option<GridId>, name: &str) -> Self {
        let key = cn_identity::name::key(name);
        let (full, initials) = spelt(&key);
        Entry { id, version, grid, name: key.into(), full: full.into(), initials: initials.into() }
    }
    /// Whether it is what a search looks for.
    fn starts_with(&self, wanted: &Wanted<'_>) -> bool {
        match wanted {
            Wanted::Name(key) => self.name.starts_with(key),
            Wanted::Whole(key) => *self.name == **key,
            Wanted::Letters(letters) => {
                self.initials.starts_with(letters) || self.full.starts_with(letters) || self.name.starts_with(letters)
            }
        }
    }
}

/// Surnames that are read otherwise than the character is in other words.
const SURNAMES: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('单', "shan"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('区', "ou"),
    ('任', "ren"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('盖', "ge"),
    ('缪', "miao"),
    ('乐', "yue"),
    ('员', "yun"),
    ('华', "hua"),
    ('覃', "qin"),
    ('洗', "xian"),
    ('冼', "xian"),
];

/// Full pinyin and initials of a name; letters and digits stand for themselves.
fn spelt(name: &str) -> (String, String) {
    let (mut full, mut initials) = (String::new(), String::new());
    for (n, c) in name.chars().enumerate() {
        let surname = SURNAMES.iter().find(|(s, _)| n == 0 && *s == c).map(|(_, read)| *read);
        match surname.or_else(|| c.to_pinyin().map(|p| p.plain())) {
            Some(read) => {
                full.push_str(&read.replace('ü', "v"));
                initials.extend(read.chars().next());
            }
            None => {
                full.push(c);
                initials.push(c);
            }
        }
    }
    (full, initials)
}

/// What a search looks for.
pub(crate) enum Wanted<'a> {
    /// Names that begin so (a comparison key).
    Name(&'a str),
    /// Names that are just so (a comparison key).
    Whole(&'a str),
    /// Pinyin or its initials that begin so, lower case.
    Letters(&'a str),
}

/// Entries, and their order by each of the three spellings.
#[derive(Default)]
struct Sorted {
    entries: Vec<Entry>,
    by_name: Vec<u32>,
    by_full: Vec<u32>,
    by_initials: Vec<u32>,
    places: HashMap<ResidentId, u32>,
}

impl Sorted {
    fn new(entries: Vec<Entry>) -> Self {
        let order = |spelling: fn(&Entry) -> &str| {
            let mut order: Vec<u32> = (0u32..).take(entries.len()).collect();
            order.sort_by(|a, b| spelling(&entries[*a as usize]).cmp(spelling(&entries[*b as usize])));
            order
        };
        let (by_name, by_full, by_initials) = (order(|e| &e.name), order(|e| &e.full), order(|e| &e.initials));
        let places = (0u32..).zip(&entries).map(|(n, e)| (e.id, n)).collect();
        Sorted { entries, by_name, by_full, by_initials, places }
    }
    fn stretch<'a>(
        &'a self,
        order: &'a [u32],
        spelling: fn(&Entry) -> &str,
        prefix: &'a str,
    ) -> impl Iterator<Item = u32> {
        let from = order.partition_point(|n| spelling(&self.entries[*n as usize]) < prefix);
        order[from..].iter().copied().take_while(move |n| spelling(&self.entries[*n as usize]).starts_with(prefix))
    }
    /// Entries that fit, each once, in the order of the spellings; found as they are asked for.
    fn fitting<'a>(&'a self, wanted: &'a Wanted<'a>) -> Box<dyn Iterator<Item = &'a Entry> + 'a> {
        let entry = |n: u32| &self.entries[n as usize];
        match *wanted {
            Wanted::Name(key) => Box::new(self.stretch(&self.by_name, |e| &e.name, key).map(entry)),
            Wanted::Whole(key) => {
                let whole = self.stretch(&self.by_name, |e| &e.name, key).map(entry);
                Box::new(whole.take_while(move |e| *e.name == *key))
            }
            Wanted::Letters(letters) => {
                let initials = self.stretch(&self.by_initials, |e| &e.initials, letters).map(entry);
                let full = self.stretch(&self.by_full, |e| &e.full, letters).map(entry);
                let full = full.filter(move |e| !e.initials.starts_with(letters));
                let name = self.stretch(&self.by_name, |e| &e.name, letters).map(entry);
                let name = name.filter(move |e| !e.initials.starts_with(letters) && !e.full.starts_with(letters));
                Box::new(initials.chain(full).chain(name))
            }
        }
    }
}

/// What the changes since an instant looked like, to see whether there are new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
struct Signature {
    n: i64,
    versions: Option<i64>,
}

struct Inner {
    sorted: Sorted,
    /// Changed since: an entry, or none for somebody cancelled.
    changed: HashMap<ResidentId, (i64, Option<Entry>)>,
    since: At,
    signature: Signature,
}

/// The directory of one division.
pub struct Directory {
    inner: RwLock<Inner>,
    freshness: Freshness,
}

static BUILDING: LazyLock<tokio::sync::Mutex<()>> = LazyLock::new(tokio::sync::Mutex::default);

impl Directory {
    /// Ids of people found, within the scope as the directory knows it, at most [`MAX_HITS`] and one more.
    pub(crate) fn find(&self, wanted: &Wanted<'_>, scope: &Scope) -> Vec<ResidentId> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let changed = inner.changed.values().filter_map(|(_, e)| e.as_ref()).filter(|e| e.starts_with(wanted));
        let unchanged = inner.sorted.fitting(wanted).filter(|e| !inner.changed.contains_key(&e.id));
        let within = changed.chain(unchanged).filter(|e| scope.contains(e.grid));
        within.take(MAX_HITS + 1).map(|e| e.id).collect()
    }

    fn known_version(&self, id: ResidentId) -> Option<i64> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let changed = inner.changed.get(&id).map(|(version, _)| *version);
        changed.or_else(|| inner.sorted.places.get(&id).map(|n| inner.sorted.entries[*n as usize].version))
    }

    async fn build(store: &Store) -> Result<Self> {
        let since = store.now().plus_s(-LOOK_BACK_S);
        let signature = signature(store, since).await?;
        let run = record_run(store).await?;
        let mut entries = Vec::new();
        residents::machine_rows(&store.reads(), &run, |r| {
            entries.push(Entry::new(r.resident_id, r.version, r.grid_id, r.name.for_engine()));
        })
        .await?;
        let sorted = tokio::task::spawn_blocking(move || Sorted::new(entries))
            .await
            .map_err(linli_platform::AppError::internal)?;
        let inner = RwLock::new(Inner { sorted, changed: HashMap::new(), since, signature });
        Ok(Directory { inner, freshness: Freshness::default() })
    }

    /// Takes in what changed; `false` if so much did that a new directory is better.
    async fn catch_up(&self, store: &Store) -> Result<bool> {
        let Some(look) = self.freshness.due(store) else {
            return Ok(true);
        };
        let caught_up = self.take_in_changes(store).await?;
        if caught_up {
            self.freshness.looked(look);
        }
        Ok(caught_up)
    }

    async fn take_in_changes(&self, store: &Store) -> Result<bool> {
        let (since, known, size) = {
            let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
            (inner.since, inner.signature, inner.changed.len())
        };
        if signature(store, since).await? == known {
            return Ok(true);
        }
        let next = store.now().plus_s(-LOOK_BACK_S).max(since);
        let signature = signature(store, next).await?;
        let changed: Vec<(ResidentId, i64)> = changed_since(store, since).await?;
        let new: Vec<ResidentId> = changed
            .into_iter()
            .filter(|(id, version)| self.known_version(*id) != Some(*version))
            .map(|c| c.0)
            .collect();
        if size + new.len() > MAX_CHANGED {
            return Ok(false);
        }
        let entries = if new.is_empty() { Vec::new() } else { read_names(store, &new).await? };
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        for (id, version, entry) in entries {
            inner.changed.insert(id, (version, entry));
        }
        (inner.since, inner.signature) = (next, signature);
        Ok(true)
    }
}

/// A machine run is recorded before anything is opened.
async fn record_run(store: &Store) -> Result<Arc<MachineRun>> {
    let tx = store.begin(&Reader::system()).await?;
    let run = tx.machine_run("name-directory").await?;
    tx.commit().await?;
    Ok(Arc::new(run))
}

async fn signature(store: &Store, since: At) -> Result<Signature> {
    let row = store
        .reads()
        .row(
            "SELECT COUNT(*) AS n, CAST(SUM(version) AS BIGINT) AS versions FROM resident
             WHERE division_code = $1 AND changed_at >= $2",
            vals![store.division(), since],
        )
        .await?;
    Ok(row.unwrap_or(Signature { n: 0, versions: None }))
}

async fn changed_since(store: &Store, since: At) -> Result<Vec<(ResidentId, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        resident_id: ResidentId,
        version: i64,
    }
    let rows: Vec<Row> = store
        .reads()
        .rows(
            "SELECT resident_id, version FROM resident WHERE division_code = $1 AND changed_at >= $2",
            vals![store.division(), since],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.resident_id, r.version)).collect())
}

async fn read_names(store: &Store, ids: &[ResidentId]) -> Result<Vec<(ResidentId, i64, Option<Entry>)>> {
    let run = record_run(store).await?;
    let names = residents::machine_names(&store.reads(), &run, ids).await?;
    Ok(names
        .into_iter()
        .map(|n| {
            let entry = n.current.then(|| Entry::new(n.resident_id, n.version, n.grid_id, n.name.for_engine()));
            (n.resident_id, n.version, entry)
        })
        .collect())
}

/// The directory of this process, built at the first search and caught up with at each.
pub async fn directory(app: &App) -> Result<Arc<Directory>> {
    if let Some(directory) = app.caches.get::<Directory>() {
        let caught_up = tokio::time::timeout(PATIENCE, directory.catch_up(&app.store)).await;
        // While a long import holds the writer, yesterday's names are better than none.
        if !matches!(caught_up, Ok(Ok(false))) {
            return Ok(directory);
        }
    }
    rebuild(app).await
}

/// Builds the directory anew; one process builds once at a time.
pub async fn rebuild(app: &App) -> Result<Arc<Directory>> {
    let before = app.caches.get::<Directory>();
    let _one = BUILDING.lock().await;
    if let Some(built) = app.caches.get::<Directory>()
        && !before.is_some_and(|b| Arc::ptr_eq(&b, &built))
    {
        return Ok(built);
    }
    let directory = Arc::new(Directory::build(&app.store).await?);
    app.caches.put(directory.clone());
    Ok(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_in_pinyin_with_its_surname_read_as_one() {
        for (name, full, initials) in [
            ("王小明", "wangxiaoming", "wxm"),
            ("曾国华", "zengguohua", "zgh"),
            ("吕绿", "lvlv", "ll"),
            ("john", "john", "john"),
        ] {
            assert_eq!(spelt(name), (full.to_owned(), initials.to_owned()), "{name}");
        }
    }
}
