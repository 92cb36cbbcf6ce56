//! Finding a resident by name, pinyin, document number, mobile or address: masked, within the reader's scope.

use cn_identity::{DocumentKind, Mobile, ResidentNumber, check_document, identify};
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    store::{Query, engine::like_escape},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use super::list::{COLUMNS, JOINS, MaskedResident};
use crate::{
    addresses,
    directory::{self, MAX_HITS, Wanted, syllables},
    ids::{AddressId, ResidentId},
    sql::{mark, marks, marks_in, scope_of_found},
    told::Slice,
};

/// As what a text was searched. Text: `search-kind-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchKind {
    /// A whole document number.
    Number,
    /// A whole mobile.
    Mobile,
    /// A name or its beginning.
    Name,
    /// Pinyin or its initials.
    Pinyin,
    /// An address.
    Address,
}

impl SearchKind {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            SearchKind::Number => "number",
            SearchKind::Mobile => "mobile",
            SearchKind::Name => "name",
            SearchKind::Pinyin => "pinyin",
            SearchKind::Address => "address",
        }
    }
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Search {
    /// As what the text was searched.
    pub kind: SearchKind,
    /// The rows.
    pub rows: Vec<MaskedResident>,
    /// How many there are within the scope; of names at most 200 are counted, as the directory knows them.
    pub total: i64,
    /// There are more than were counted: the question should say more.
    pub more: bool,
}

/// Finds residents. An empty or nearly empty question finds nobody.
///
/// # Errors
/// `search-too-short`, of one character, letter or digit, and of one syllable of pinyin.
pub async fn search(app: &App, reader: &Reader, text: &str, slice: Slice) -> Result<Search> {
    let text = text.trim();
    let shape = Shape::of(text);
    // One character would list everybody of a surname (boundary 10).
    if shape.letters + shape.digits + shape.han < 2 {
        return Err(AppError::rule("search-too-short"));
    }
    if shape.han == 0 && shape.digits > 0 {
        return by_number(app, reader, text, slice).await;
    }
    if shape.han > 0 && shape.digits > 0 {
        return by_address(app, reader, text, slice).await;
    }
    let found = by_name(app, reader, text, shape.han > 0, slice).await?;
    if found.total == 0 && shape.han > 1 {
        return by_address(app, reader, text, slice).await;
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    han: usize,
    letters: usize,
    digits: usize,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Shape::default();
        for c in text.chars() {
            match c {
                '0'..='9' | '０'..='９' => shape.digits += 1,
                _ if c.is_ascii_alphabetic() || ('\u{FF21}'..='\u{FF5A}').contains(&c) => shape.letters += 1,
                _ if c.is_alphanumeric() => shape.han += 1,
                _ => {}
            }
        }
        shape
    }
}

/// The condition for a list of blind indexes in one column.
pub(super) async fn by_blind(
    app: &App,
    reader: &Reader,
    column: &str,
    blinds: Vec<Vec<u8>>,
    slice: Slice,
) -> Result<(Vec<MaskedResident>, i64)> {
    if blinds.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let scope = scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let ids = marks(&mut values, blinds);
    let condition = format!("WHERE r.division_code = $1 AND {scope} AND r.{column} IN ({ids})");
    let rows: Vec<MaskedResident> = q
        .rows(
            &format!(
                "SELECT {COLUMNS} FROM resident r {JOINS} {condition} ORDER BY COALESCE(r.state, '') DESC, r.entered_at DESC{}",
                slice.sql()
            ),
            values.clone(),
        )
        .await?;
    let total = match slice.total_of(rows.len()) {
        Some(total) => total,
        None => q.number(&format!("SELECT COUNT(*) FROM resident r {condition}"), values).await?,
    };
    Ok((rows, total))
}

/// All normal forms that the text can be a whole number of.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    forms.extend(identify(text).result.ok().map(|d| d.as_str().to_owned()));
    forms.extend(ResidentNumber::parse_confirmed(text).ok().map(|n| n.as_str().to_owned()));
    for kind in [DocumentKind::Passport, DocumentKind::TravelPermit, DocumentKind::Other] {
        forms.extend(check_document(kind, text).ok().map(|d| d.as_str().to_owned()));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

async fn by_number(app: &App, reader: &Reader, text: &str, slice: Slice) -> Result<Search> {
    let keys = app.store.keys();
    if let Ok(mobile) = Mobile::parse(text) {
        let blinds = keys.blind_forms("mobile", mobile.as_str());
        let (rows, total) = by_blind(app, reader, "phone_blind", blinds, slice).await?;
        return Ok(Search { kind: SearchKind::Mobile, rows, total, more: false });
    }
    let blinds = numbers(text).iter().flat_map(|n| keys.blind_forms("doc", n)).collect();
    let (rows, total) = by_blind(app, reader, "doc_blind", blinds, slice).await?;
    Ok(Search { kind: SearchKind::Number, rows, total, more: false })
}

async fn by_name(app: &App, reader: &Reader, text: &str, han: bool, slice: Slice) -> Result<Search> {
    let key = cn_identity::name::key(text);
    let kind = if han { SearchKind::Name } else { SearchKind::Pinyin };
    // Letters that spell no more than a syllable would list a surname (boundary 10).
    let wanted = match (han, syllables::within_one(&key)) {
        (true, _) => Wanted::Name(&key),
        (false, true) if syllables::is_one(&key) => return Err(AppError::rule("search-too-short")),
        (false, true) => Wanted::Initials(&key),
        (false, false) => Wanted::Letters(&key),
    };
    let directory = directory::directory(app).await?;
    let mut proposed = directory.find(&wanted, &reader.scope);
    let more = proposed.len() > MAX_HITS;
    proposed.truncate(MAX_HITS);
    let from = usize::try_from(slice.offset.max(0)).unwrap_or(usize::MAX);
    let count = usize::try_from(slice.limit.clamp(1, 500)).unwrap_or(1);
    let page = |ids: &[ResidentId]| ids.iter().copied().skip(from).take(count).collect::<Vec<_>>();
    // The directory has just caught up and knows grids: as long as every row that is to be shown is one that SQL lets the
    // reader see, the others need not be looked up to be counted.
    let wanted = page(&proposed);
    let mut rows = of_found(app, reader, &wanted).await?;
    if rows.len() < wanted.len() {
        proposed = within_scope(app, reader, &proposed).await?;
        rows = of_found(app, reader, &page(&proposed)).await?;
    }
    Ok(Search { kind, rows, total: i64::try_from(proposed.len()).unwrap_or(i64::MAX), more })
}

/// SQL decides which of the directory's proposals the reader sees.
async fn within_scope(app: &App, reader: &Reader, proposed: &[ResidentId]) -> Result<Vec<ResidentId>> {
    #[derive(FromQueryResult)]
    struct Row {
        resident_id: ResidentId,
    }
    if proposed.is_empty() {
        return Ok(Vec::new());
    }
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let scope = scope_of_found(&reader.scope, "grid_id", &mut values);
    let ids = marks_in(&mut values, proposed);
    let sql = format!(
        "SELECT resident_id FROM resident
         WHERE division_code = $1 AND {scope} AND state = 'current' AND resident_id IN ({ids})"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let seen: std::collections::HashSet<ResidentId> = rows.into_iter().map(|r| r.resident_id).collect();
    Ok(proposed.iter().copied().filter(|id| seen.contains(id)).collect())
}

/// Records with these ids that lie within the scope, in the order of the ids.
pub(crate) async fn of_ids(app: &App, reader: &Reader, ids: &[ResidentId]) -> Result<Vec<MaskedResident>> {
    rows_of(app, reader, ids, "").await
}

/// The same of registrations in force.
async fn of_found(app: &App, reader: &Reader, ids: &[ResidentId]) -> Result<Vec<MaskedResident>> {
    rows_of(app, reader, ids, " AND r.state = 'current'").await
}

async fn rows_of(app: &App, reader: &Reader, ids: &[ResidentId], also: &str) -> Result<Vec<MaskedResident>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let scope = scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let places = marks_in(&mut values, ids);
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} WHERE r.division_code = $1 AND {scope} AND r.resident_id IN ({places}){also}"
    );
    let mut rows: Vec<MaskedResident> = q.rows(&sql, values).await?;
    rows.sort_by_key(|r| ids.iter().position(|id| *id == r.resident_id));
    Ok(rows)
}

/// At most so many addresses are looked into; a question that means more should say more.
const MAX_ADDRESSES: usize = 1_000;

/// Addresses within the scope whose text has this part, and whether there are more than are looked into. A part that no
/// address has today is looked for among the names that they had.
async fn addresses_with(app: &App, reader: &Reader, text: &str) -> Result<(Vec<AddressId>, bool)> {
    let mut ids = addresses_named(app, reader, "address a", "a.text", text).await?;
    if ids.is_empty() {
        let had = "address_name n JOIN address a ON a.division_code = n.division_code AND a.address_id = n.address_id";
        ids = addresses_named(app, reader, had, "n.text", text).await?;
    }
    let more = ids.len() > MAX_ADDRESSES;
    ids.truncate(MAX_ADDRESSES);
    Ok((ids, more))
}

async fn addresses_named(app: &App, reader: &Reader, from: &str, name: &str, text: &str) -> Result<Vec<AddressId>> {
    #[derive(FromQueryResult)]
    struct Row {
        address_id: AddressId,
    }
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("a.grid_id", &mut values);
    let part = mark(&mut values, format!("%{}%", like_escape(text)));
    let sql = format!(
        "SELECT a.address_id FROM {from}
         WHERE a.division_code = $1 AND {scope} AND {name} LIKE {part} ESCAPE '\\' LIMIT {}",
        MAX_ADDRESSES + 1
    );
    Ok(q.rows::<Row>(&sql, values).await?.into_iter().map(|r| r.address_id).collect())
}

async fn by_address(app: &App, reader: &Reader, text: &str, slice: Slice) -> Result<Search> {
    let doors = addresses::resolve(app, text).await?.doors;
    let (places, more) = if doors.is_empty() { addresses_with(app, reader, text).await? } else { (doors, false) };
    if places.is_empty() {
        return Ok(Search { kind: SearchKind::Address, rows: Vec::new(), total: 0, more: false });
    }
    let q = app.store.reads();
    let mut values: Vec<Value> = vals![q.division()];
    let scope = scope_of_found(&reader.scope, "r.grid_id", &mut values);
    let ids = marks_in(&mut values, &places);
    // From the address to its people: few addresses, then their homes, then who lives there.
    let condition = format!(
        "WHERE r.division_code = $1 AND {scope} AND r.state = 'current' AND r.home_id IN
           (SELECT home_id FROM home WHERE division_code = $1 AND address_id IN ({ids}))"
    );
    let sql = format!(
        "SELECT {COLUMNS} FROM resident r {JOINS} {condition}
         ORDER BY a.text, r.home_id, r.birth_year, r.resident_id{}",
        slice.sql()
    );
    let rows: Vec<MaskedResident> = q.rows(&sql, values.clone()).await?;
    let total = match slice.total_of(rows.len()) {
        Some(total) => total,
        None => q.number(&format!("SELECT COUNT(*) FROM resident r {condition}"), values).await?,
    };
    Ok(Search { kind: SearchKind::Address, rows, total, more })
}
