//! The name directory: names and their pinyin in memory, so that they can be searched although they are stored sealed.
//!
//! It is filled from sealed names by recorded machine runs, can be rebuilt at any time, and only proposes: which of
//! its hits the reader sees, SQL decides.

mod changes;
pub(crate) mod syllables;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

use linli_platform::{
    Result,
    app::App,
    ids::GridId,
    reader::Scope,
    store::{Freshness, Store},
};
use pinyin::ToPinyin as _;

use self::changes::Seen;
use crate::{ids::ResidentId, residents};

/// More changed entries than this are folded into a new directory, while the old one serves.
const MAX_CHANGED: usize = 4_000;
/// More than this, as after an import, are not taken in one by one.
const TOO_MANY_CHANGED: usize = 12_000;
/// A search does not wait longer than this for the directory to catch up.
const PATIENCE: Duration = Duration::from_millis(400);
/// A search gives at most so many people.
pub const MAX_HITS: usize = 200;

/// So many characters of a text are tried as one name.
const MAX_NAME_CHARS: usize = 24;
/// Names of so few letters are looked for as words alone.
const SHORT_LETTERS: usize = 4;

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
            Wanted::Initials(letters) => self.initials.starts_with(letters) || self.name.starts_with(letters),
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
    /// Initials, or a name in letters, that begin so: of letters that spell no more than a surname.
    Initials(&'a str),
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
            Wanted::Initials(letters) => {
                let initials = self.stretch(&self.by_initials, |e| &e.initials, letters).map(entry);
                let name = self.stretch(&self.by_name, |e| &e.name, letters).map(entry);
                Box::new(initials.chain(name.filter(move |e| !e.initials.starts_with(letters))))
            }
        }
    }
}

struct Inner {
    sorted: Sorted,
    /// Changed since: an entry, or none for somebody cancelled.
    changed: HashMap<ResidentId, (i64, Option<Entry>)>,
    seen: Seen,
    looked_for_late: Instant,
}

/// The directory of one division.
pub struct Directory {
    inner: RwLock<Inner>,
    freshness: Freshness,
}

static BUILDING: LazyLock<tokio::sync::Mutex<()>> = LazyLock::new(tokio::sync::Mutex::default);

impl Directory {
    /// How many names it holds.
    pub fn len(&self) -> usize {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.sorted.entries.len() + inner.changed.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory that the names hold, in bytes, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let sorted = &inner.sorted;
        let spelt: usize = sorted.entries.iter().map(|e| e.name.len() + e.full.len() + e.initials.len()).sum();
        let orders = sorted.by_name.len() + sorted.by_full.len() + sorted.by_initials.len();
        sorted.entries.capacity() * size_of::<Entry>()
            + spelt
            + orders * size_of::<u32>()
            + sorted.places.capacity() * (size_of::<(ResidentId, u32)>() + 1)
    }

    /// Ids of people found, within the scope as the directory knows it, at most [`MAX_HITS`] and one more.
    pub(crate) fn find(&self, wanted: &Wanted<'_>, scope: &Scope) -> Vec<ResidentId> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let changed = inner.changed.values().filter_map(|(_, e)| e.as_ref()).filter(|e| e.starts_with(wanted));
        let unchanged = inner.sorted.fitting(wanted).filter(|e| !inner.changed.contains_key(&e.id));
        let within = changed.chain(unchanged).filter(|e| scope.contains(e.grid));
        within.take(MAX_HITS + 1).map(|e| e.id).collect()
    }

    /// Whether a text holds somebody's whole name, however it is spaced and written: for texts that leave the house.
    /// Short names in letters count where they stand as a word; within a word they would be found in half of all words.
    pub fn holds_name(&self, text: &str) -> bool {
        let key: Vec<char> = cn_identity::name::key(text).chars().collect();
        let words = text.split(|c: char| !c.is_alphanumeric()).map(cn_identity::name::key);
        let words: Vec<String> = words.filter(|w| !w.is_empty()).collect();
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let is_name = |part: &str| {
            let wanted = Wanted::Whole(part);
            let mut unchanged = inner.sorted.fitting(&wanted).filter(|e| !inner.changed.contains_key(&e.id));
            unchanged.next().is_some()
        };
        let mut part = String::new();
        for from in 0..key.len() {
            part.clear();
            for (n, c) in key[from..].iter().take(MAX_NAME_CHARS).enumerate() {
                part.push(*c);
                let long_enough = n >= 1 && (n >= SHORT_LETTERS || !part.is_ascii());
                if long_enough && is_name(&part) {
                    return true;
                }
            }
        }
        let whole: String = key.iter().collect();
        let told = |entry: &Entry| match entry.name.is_ascii() && entry.name.len() <= SHORT_LETTERS {
            true => words.contains(&entry.name.to_string()),
            false => entry.name.chars().count() > 1 && whole.contains(&*entry.name),
        };
        words.iter().any(|word| is_name(word)) || inner.changed.values().filter_map(|(_, e)| e.as_ref()).any(told)
    }

    fn known_version(&self, id: ResidentId) -> Option<i64> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let changed = inner.changed.get(&id).map(|(version, _)| *version);
        changed.or_else(|| inner.sorted.places.get(&id).map(|n| inner.sorted.entries[*n as usize].version))
    }

    async fn build(store: &Store) -> Result<Self> {
        let seen = Seen::first(store).await?;
        let run = changes::record_run(store).await?;
        let mut entries = Vec::new();
        residents::machine_rows(&store.reads(), &run, |r| {
            entries.push(Entry::new(r.resident_id, r.version, r.grid_id, r.name.for_engine()));
        })
        .await?;
        let sorted = tokio::task::spawn_blocking(move || Sorted::new(entries))
            .await
            .map_err(linli_platform::AppError::internal)?;
        let inner = RwLock::new(Inner { sorted, changed: HashMap::new(), seen, looked_for_late: Instant::now() });
        Ok(Directory { inner, freshness: Freshness::default() })
    }

    /// Takes in what changed, and says how much has gathered.
    async fn catch_up(&self, store: &Store) -> Result<Gathered> {
        let Some(look) = self.freshness.due(store) else {
            return Ok(Gathered::Little);
        };
        let gathered = self.take_in_changes(store).await?;
        if gathered != Gathered::TooMuch {
            self.freshness.looked(look);
        }
        Ok(gathered)
    }

    async fn take_in_changes(&self, store: &Store) -> Result<Gathered> {
        let (seen, size, looked) = {
            let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
            (inner.seen, inner.changed.len(), inner.looked_for_late)
        };
        let late = looked.elapsed() >= changes::LATE_EVERY;
        let news = if late { Some(seen.late(store).await?) } else { seen.soon(store).await? };
        let Some(news) = news else { return Ok(Gathered::Little) };
        let changed = changes::changed_since(store, news.from).await?;
        let new: Vec<ResidentId> = changed
            .into_iter()
            .filter(|(id, version)| self.known_version(*id) != Some(*version))
            .map(|c| c.0)
            .collect();
        if size + new.len() > TOO_MANY_CHANGED {
            return Ok(Gathered::TooMuch);
        }
        let names = if new.is_empty() { Vec::new() } else { changes::read_names(store, &new).await? };
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        for n in names {
            let entry = n.current.then(|| Entry::new(n.resident_id, n.version, n.grid_id, n.name.for_engine()));
            inner.changed.insert(n.resident_id, (n.version, entry));
        }
        inner.seen = news.seen;
        if late {
            inner.looked_for_late = Instant::now();
        }
        Ok(if inner.changed.len() > MAX_CHANGED { Gathered::Much } else { Gathered::Little })
    }
}

/// How much has changed since the directory was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gathered {
    /// It serves on.
    Little,
    /// It serves on, and a new one is built meanwhile.
    Much,
    /// A new one is quicker than taking all of it in.
    TooMuch,
}

/// The directory of this process, built at the first search and caught up with at each.
pub async fn directory(app: &App) -> Result<Arc<Directory>> {
    if let Some(directory) = app.caches.get::<Directory>() {
        let caught_up = tokio::time::timeout(PATIENCE, directory.catch_up(&app.store)).await;
        if matches!(caught_up, Ok(Ok(Gathered::Much))) && BUILDING.try_lock().is_ok() {
            let app = app.clone();
            // Where that fails the old one serves on, and the next search tries again.
            tokio::spawn(async move { rebuild(&app).await.map(drop) });
        }
        // While a long import holds the writer, yesterday's names are better than none.
        if !matches!(caught_up, Ok(Ok(Gathered::TooMuch))) {
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
