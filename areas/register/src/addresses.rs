//! Standard addresses (标准地址, R6): one text, one place, one grid.

use std::sync::Arc;

use cn_address::{Index, Level, Parser, Verdict};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Freshness, Query, Store, Tx, engine::like_escape},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::{AddressState, Source},
    ids::AddressId,
    told::{Found, Slice},
};

/// An address about to be written.
#[derive(Debug, Clone)]
pub struct NewAddress {
    /// Its id, where the caller has named it already.
    pub address_id: Option<AddressId>,
    /// The full text as the office writes it.
    pub text: String,
    /// The committee (村居) it belongs to.
    pub committee_code: String,
    /// The grid it lies in.
    pub grid_id: Option<GridId>,
    /// Longitude in degrees, WGS 84.
    pub lon: Option<f64>,
    /// Latitude in degrees, WGS 84.
    pub lat: Option<f64>,
    /// Where it comes from.
    pub source: Source,
}

/// An address as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct AddressRow {
    /// Id.
    pub address_id: AddressId,
    /// Text.
    pub text: String,
    /// Committee.
    pub committee_code: String,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// [`AddressState`].
    pub state: String,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "a.address_id, a.text, a.committee_code, a.grid_id, a.lon, a.lat, a.state, a.version";

/// The key under which two ways of writing one complete address are equal.
pub fn match_key(text: &str) -> String {
    Parser::new().parse(text).key().as_str().to_owned()
}

/// Writes many addresses, with an event each.
pub async fn insert_many(tx: &Tx, addresses: Vec<NewAddress>) -> Result<Vec<AddressId>> {
    insert_seen(tx, addresses, None).await
}

/// The same, all seen at an instant.
pub(crate) async fn insert_seen(tx: &Tx, addresses: Vec<NewAddress>, seen_at: Option<At>) -> Result<Vec<AddressId>> {
    let parser = Parser::new();
    let (mut ids, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for a in addresses {
        let id = a.address_id.unwrap_or_else(|| tx.new_id());
        let key = parser.parse(&a.text).key();
        rows.push(vals![
            tx.division(),
            id,
            a.text.trim(),
            key.as_str(),
            a.committee_code,
            a.grid_id,
            a.lon,
            a.lat,
            AddressState::Current.code(),
            a.source.code(),
            tx.now(),
            tx.now(),
            1i64
        ]);
        events.push(
            NewEvent::new("address.added", SubjectRef::new("address", id, a.grid_id))
                .seen(seen_at)
                .body(serde_json::json!({ "source": a.source.code() })),
        );
        ids.push(id);
    }
    let columns = &[
        "division_code",
        "address_id",
        "text",
        "match_key",
        "committee_code",
        "grid_id",
        "lon",
        "lat",
        "state",
        "source",
        "entered_at",
        "changed_at",
        "version",
    ];
    tx.insert_many("address", columns, rows).await?;
    tx.events(events).await?;
    crate::sql::count_after_load(tx, ids.len(), &["address"]).await?;
    Ok(ids)
}

/// One address within the reader's scope.
pub async fn find(q: &impl Query, reader: &Reader, id: AddressId) -> Result<AddressRow> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("a.grid_id", &mut values);
    let sql = format!("SELECT {COLUMNS} FROM address a WHERE a.division_code = $1 AND a.address_id = $2 AND {scope}");
    q.row(&sql, values).await?.ok_or_else(linli_platform::AppError::not_found)
}

/// What the list of addresses is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the text.
    pub text: String,
    /// A committee.
    pub committee: Option<String>,
    /// A grid.
    pub grid: Option<GridId>,
    /// Only addresses outside any grid.
    pub without_grid: bool,
}

/// SQL for the addresses whose name has this part, today's or one that they had (R6).
pub(crate) fn named_with(part: &str, values: &mut Vec<sea_orm::Value>) -> String {
    let like = format!("%{}%", like_escape(part.trim()));
    let (now, before) = (crate::sql::mark(values, like.clone()), crate::sql::mark(values, like));
    format!(
        "SELECT address_id FROM address WHERE division_code = $1 AND text LIKE {now} ESCAPE '\\'
         UNION SELECT address_id FROM address_name WHERE division_code = $1 AND text LIKE {before} ESCAPE '\\'"
    )
}

fn condition(reader: &Reader, filter: &Filter, values: &mut Vec<sea_orm::Value>) -> String {
    let mut sql = format!("FROM address a WHERE a.division_code = $1 AND {}", reader.scope.sql("a.grid_id", values));
    if !filter.text.trim().is_empty() {
        let named = named_with(&filter.text, values);
        sql.push_str(&format!(" AND a.address_id IN ({named})"));
    }
    if let Some(committee) = &filter.committee {
        values.push(committee.as_str().into());
        sql.push_str(&format!(" AND a.committee_code = ${}", values.len()));
    }
    if let Some(grid) = filter.grid {
        values.push(grid.into());
        sql.push_str(&format!(" AND a.grid_id = ${}", values.len()));
    }
    if filter.without_grid {
        sql.push_str(" AND a.grid_id IS NULL");
    }
    sql
}

/// The list within the reader's scope.
pub async fn list(q: &impl Query, reader: &Reader, filter: &Filter, slice: Slice) -> Result<Found<AddressRow>> {
    let mut values = vals![q.division()];
    let sql = condition(reader, filter, &mut values);
    let total = q.number(&format!("SELECT COUNT(*) {sql}"), values.clone()).await?;
    let rows = q.rows(&format!("SELECT {COLUMNS} {sql} ORDER BY a.text, a.address_id{}", slice.sql()), values).await?;
    Ok(Found { rows, total })
}

/// The rows after the one that was given last, by key, within the reader's scope: for exports.
pub async fn after(
    q: &impl Query,
    reader: &Reader,
    filter: &Filter,
    last: Option<AddressId>,
    limit: i64,
) -> Result<Vec<AddressRow>> {
    let mut values = vals![q.division()];
    let mut sql = condition(reader, filter, &mut values);
    if let Some(last) = last {
        values.push(last.into());
        sql.push_str(&format!(" AND a.address_id > ${}", values.len()));
    }
    let sql = format!("SELECT {COLUMNS} {sql} ORDER BY a.address_id LIMIT {}", limit.clamp(1, 2_000));
    q.rows(&sql, values).await
}

/// The standard addresses in memory, for resolving written ones.
pub struct AddressBook {
    index: Index<u32>,
    rows: Vec<(AddressId, Box<str>)>,
    state: (i64, i64),
    freshness: Freshness,
}

/// What a written address was resolved to.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The one door that is meant.
    pub door: Option<AddressId>,
    /// The nearest address otherwise, with its text, to suggest.
    pub suggestion: Option<(AddressId, String)>,
    /// All doors that fit equally well.
    pub doors: Vec<AddressId>,
}

impl AddressBook {
    /// Resolves a written address.
    pub fn resolve(&self, text: &str) -> Resolved {
        let found = self.index.resolve(text);
        let of = |row: u32| self.rows.get(row as usize);
        let doors: Vec<AddressId> =
            found.best.iter().filter(|c| c.level == Level::SameDoor).filter_map(|c| of(c.id).map(|(id, _)| *id)).fold(
                Vec::new(),
                |mut doors, id| {
                    // An old and a new name of one house are one door.
                    if !doors.contains(&id) {
                        doors.push(id);
                    }
                    doors
                },
            );
        let door = (found.verdict == Verdict::Door).then(|| doors.first().copied()).flatten();
        let suggestion = found.best.first().and_then(|c| of(c.id)).map(|(id, text)| (*id, text.to_string()));
        Resolved { door, suggestion: if door.is_some() { None } else { suggestion }, doors }
    }
    /// How many addresses it holds.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether there is no address yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// The parser that has learnt the road and village names.
    pub fn parser(&self) -> &Parser {
        self.index.parser()
    }
}

#[derive(FromQueryResult)]
struct Changed {
    n: i64,
    last: Option<i64>,
}

/// The last change of an address, and how many changed in that instant. All of them are never counted: this is asked
/// after every commit, and of half a million addresses the count alone takes longer than what it is asked for. A load
/// gives one instant to more than are counted here, but it is one transaction.
async fn book_state(store: &Store) -> Result<(i64, i64)> {
    let row: Option<Changed> = store
        .reads()
        .row(
            "SELECT COUNT(*) AS n, MAX(s.changed_at) AS last FROM (
               SELECT a.changed_at FROM address a WHERE a.division_code = $1 AND a.changed_at =
                 (SELECT MAX(m.changed_at) FROM address m WHERE m.division_code = $1)
               LIMIT 1000) s",
            vals![store.division()],
        )
        .await?;
    Ok(row.map_or((0, 0), |r| (r.n, r.last.unwrap_or(0))))
}

/// Reads all current addresses into a new book, and the old names that no other house has by now.
pub async fn read_book(store: &Store) -> Result<AddressBook> {
    #[derive(FromQueryResult)]
    struct Row {
        address_id: AddressId,
        text: String,
    }
    let state = book_state(store).await?;
    let rows: Vec<Row> = store
        .reads()
        .rows(
            "SELECT address_id, text FROM address WHERE division_code = $1 AND state <> 'demolished'
             UNION ALL
             SELECT n.address_id, n.text FROM address_name n
             JOIN address a ON a.division_code = n.division_code AND a.address_id = n.address_id
             WHERE n.division_code = $1 AND a.state <> 'demolished' AND n.match_key <> a.match_key AND NOT EXISTS (
               SELECT 1 FROM address c WHERE c.division_code = n.division_code AND c.match_key = n.match_key
                 AND c.state = 'current')
             ORDER BY address_id",
            vals![store.division()],
        )
        .await?;
    tokio::task::spawn_blocking(move || {
        let index = Index::build((0u32..).zip(rows.iter().map(|r| r.text.as_str())));
        let rows = rows.into_iter().map(|r| (r.address_id, r.text.into_boxed_str())).collect();
        AddressBook { index, rows, state, freshness: Freshness::default() }
    })
    .await
    .map_err(linli_platform::AppError::internal)
}

/// The book of addresses, kept in memory and read anew after a change.
pub async fn book(app: &App) -> Result<Arc<AddressBook>> {
    if let Some(book) = app.caches.get::<AddressBook>() {
        let Some(look) = book.freshness.due(&app.store) else {
            return Ok(book);
        };
        if book.state == book_state(&app.store).await? {
            book.freshness.looked(look);
            return Ok(book);
        }
    }
    let book = Arc::new(read_book(&app.store).await?);
    app.caches.put(book.clone());
    Ok(book)
}

/// Resolves a written address to a standard one.
pub async fn resolve(app: &App, text: &str) -> Result<Resolved> {
    Ok(book(app).await?.resolve(text))
}
