//! The import of a list: guessed columns confirmed, bad cells named, all or nothing; what is not a known column is
//! dropped, and the report says so (boundary 9).

use std::{borrow::Cow, collections::HashMap};

use cn_identity::{DocumentKind, NumberError, check_document};
use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    event::NewEvent,
    free_text,
    ids::GridId,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    sealed::SubjectKey,
    store::{Query, Tx},
    vals,
};
use linli_register::{
    AddressId, HomeId,
    addresses::{self, AddressBook},
    rules,
};
use sea_orm::FromQueryResult;

use super::{
    codes::{CheckState, Discrepancy, RowState},
    rows::{Content, bind, road},
    store::subject,
};
use crate::ids::{CheckId, RowId};

/// Name of the import.
pub const KIND: &str = "data-checks";

const fn column(name: &'static str, headings: &'static [&'static str], required: bool, personal: bool) -> ColumnSpec {
    ColumnSpec { name, headings, required, personal }
}

const COLUMNS: &[ColumnSpec] = &[
    column("check-ref", &["编号", "序号", "清单编号", "ref", "no"], false, false),
    column("check-kind", &["问题类型", "差异类型", "核查类型", "差错类型", "discrepancy", "kind"], true, false),
    column("check-name", &["姓名", "人员姓名", "name"], true, true),
    column(
        "check-doc",
        &["证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "id_no", "ID number"],
        true,
        true,
    ),
    column("check-phone", &["手机号", "手机号码", "联系电话", "电话", "mobile", "phone"], false, true),
    column("check-address", &["居住地址", "现住址", "核查地址", "地址", "address"], true, true),
];
const REF: usize = 0;
const KIND_AT: usize = 1;
const NAME: usize = 2;
const DOC: usize = 3;
const PHONE: usize = 4;
const ADDRESS: usize = 5;

/// The longest number that a list gives its rows.
const REF_CHARS: usize = 20;
/// Digits from which the number of a row may be somebody's.
const REF_DIGITS: usize = 10;

/// The table of discrepancies.
pub struct CheckImport;

impl ImportKind for CheckImport {
    fn name(&self) -> &'static str {
        KIND
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        rows: &'a [MappedRow],
    ) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            may_run(reader)?;
            let ground = Ground::read(app, rows).await?;
            let read = read(rows, &ground);
            let placed = read.lines.iter().filter(|l| l.place.grid.is_some()).count();
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let counts = vec![
                ("check-placed".to_owned(), count(placed)),
                ("check-waiting".to_owned(), count(read.lines.len() - placed)),
            ];
            Ok(CheckOutcome { problems: read.problems, counts })
        })
    }
    fn apply<'a>(
        &'a self,
        app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        _job: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            may_run(tx.reader())?;
            let ground = Ground::read(app, rows).await?;
            let read = read(rows, &ground);
            if let Some(bad) = read.problems.iter().find(|p| p.fatal) {
                return Err(AppError::rule("import-no-longer-fits").arg("row", bad.row));
            }
            write(tx, &read.lines, &ground).await?;
            Ok(read.lines.len() as u64)
        })
    }
}

fn may_run(reader: &Reader) -> Result<()> {
    if reader.is_system() || reader.may(Action::DataCheckRun) { Ok(()) } else { Err(AppError::forbidden()) }
}

/// Where a row lies.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    address: Option<AddressId>,
    home: Option<HomeId>,
    grid: Option<GridId>,
    /// The grid of the nearest address, to suggest.
    near: Option<GridId>,
}

struct Line {
    row: u64,
    reference: String,
    kind: Discrepancy,
    content: Content,
    number: String,
    place: Place,
}

struct Read {
    lines: Vec<Line>,
    problems: Vec<CellProblem>,
}

/// The addresses that a list names, with their grids and homes.
struct Ground {
    book: std::sync::Arc<AddressBook>,
    grids: HashMap<AddressId, GridId>,
    homes: HashMap<AddressId, Vec<HomeId>>,
}

#[derive(FromQueryResult)]
struct AddressGrid {
    address_id: AddressId,
    grid_id: GridId,
}

#[derive(FromQueryResult)]
struct AddressHome {
    address_id: AddressId,
    home_id: HomeId,
}

impl Ground {
    async fn read(app: &App, rows: &[MappedRow]) -> Result<Ground> {
        let book = addresses::book(app).await?;
        let mut named: Vec<AddressId> = Vec::new();
        for row in rows {
            let found = book.resolve(cell(row, ADDRESS));
            named.extend(found.door.iter().chain(&found.doors).chain(found.suggestion.as_ref().map(|(id, _)| id)));
        }
        named.sort_unstable();
        named.dedup();
        let (mut grids, mut homes) = (HashMap::new(), HashMap::<AddressId, Vec<HomeId>>::new());
        let q = app.store.reads();
        for chunk in named.chunks(5_000) {
            let mut values = vals![q.division()];
            values.extend(chunk.iter().map(|id| sea_orm::Value::from(*id)));
            let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            let marks = marks.join(", ");
            let sql = format!(
                "SELECT a.address_id, a.grid_id FROM address a WHERE a.division_code = $1 AND a.grid_id IS NOT NULL
                 AND a.address_id IN ({marks})"
            );
            let rows: Vec<AddressGrid> = q.rows(&sql, values.clone()).await?;
            grids.extend(rows.into_iter().map(|r| (r.address_id, r.grid_id)));
            let sql = format!(
                "SELECT h.address_id, h.home_id FROM home h WHERE h.division_code = $1 AND h.address_id IN ({marks})
                 ORDER BY h.home_id"
            );
            let rows: Vec<AddressHome> = q.rows(&sql, values).await?;
            rows.into_iter().for_each(|r| homes.entry(r.address_id).or_default().push(r.home_id));
        }
        Ok(Ground { book, grids, homes })
    }
    /// Where a written address lies: at its door; without one in the grid that all doors that fit lie in.
    fn place(&self, text: &str) -> Place {
        let found = self.book.resolve(text);
        let near = found.suggestion.as_ref().and_then(|(id, _)| self.grids.get(id)).copied();
        let Some(address) = found.door else {
            let mut grids: Vec<_> = found.doors.iter().map(|d| self.grids.get(d).copied()).collect();
            grids.dedup();
            let grid = if let [Some(one)] = grids.as_slice() { Some(*one) } else { None };
            return Place { grid, near, ..Place::default() };
        };
        let home = self.homes.get(&address).filter(|h| h.len() == 1).map(|h| h[0]);
        Place { address: Some(address), home, grid: self.grids.get(&address).copied(), near }
    }
}

fn cell(row: &MappedRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |c| c.trim())
}

fn read(rows: &[MappedRow], ground: &Ground) -> Read {
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(String, Discrepancy), u64> = HashMap::new();
    for row in rows {
        let mut add = |at: usize, code: &'static str, args: Vec<(String, String)>, fatal: bool| {
            let column = Cow::Borrowed(COLUMNS[at].name);
            problems.push(CellProblem { row: row.row, column, code: Cow::Borrowed(code), args, fatal });
        };
        let mut of_rule = |at: usize, p: rules::Problem| {
            add(at, p.code, p.args.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(), p.fatal);
            None::<String>
        };
        let name = rules::check_name(cell(row, NAME)).map_or_else(|p| of_rule(NAME, p), Some);
        let number = number(cell(row, DOC)).map_or_else(|p| of_rule(DOC, p), Some);
        let phone = match rules::check_phone(cell(row, PHONE)) {
            Ok(phone) => phone.map(|p| p.as_str().to_owned()).unwrap_or_default(),
            Err(p) => of_rule(PHONE, p).unwrap_or_default(),
        };
        let kind = Discrepancy::of_word(cell(row, KIND_AT));
        if kind.is_none() {
            add(KIND_AT, "check-kind-unknown", Vec::new(), true);
        }
        let reference = cell(row, REF);
        if !is_reference(reference) {
            add(REF, "check-ref", vec![("n".into(), REF_CHARS.to_string())], true);
        }
        let address = cell(row, ADDRESS);
        if address.is_empty() {
            add(ADDRESS, "address-empty", Vec::new(), true);
        }
        let place = ground.place(address);
        if !address.is_empty() && place.grid.is_none() {
            add(ADDRESS, "check-address-waits", Vec::new(), false);
        }
        let (Some(name), Some(number), Some(kind)) = (name, number, kind) else { continue };
        let first = *seen.entry((number.clone(), kind)).or_insert(row.row);
        if first != row.row {
            add(DOC, "check-row-twice", vec![("row".into(), first.to_string())], true);
        }
        let content = Content { name, doc_no: number.clone(), phone, address: address.to_owned() };
        lines.push(Line { row: row.row, reference: reference.to_owned(), kind, content, number, place });
    }
    Read { lines, problems }
}

/// A list's own number of a row: letters and digits, too short to be a person's number.
fn is_reference(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    plain && text.len() <= REF_CHARS && digits < REF_DIGITS && free_text::check(text).is_ok()
}

/// The number in normal form, as whatever document it looks like.
fn number(written: &str) -> Result<String, rules::Problem> {
    let kind = match check_document(DocumentKind::Resident, written) {
        Err(NumberError::OtherKind { looks_like }) => looks_like,
        _ => DocumentKind::Resident,
    };
    rules::check_number(kind, written, false).map(|d| d.number)
}

const WRITTEN: &[&str] = &[
    "division_code",
    "row_id",
    "check_id",
    "row_no",
    "ref",
    "kind",
    "state",
    "name_masked",
    "doc_masked",
    "road",
    "content_sealed",
    "doc_blind",
    "address_id",
    "home_id",
    "grid_id",
    "near_grid_id",
    "version",
];

async fn write(tx: &Tx, lines: &[Line], ground: &Ground) -> Result<CheckId> {
    let id: CheckId = tx.new_id();
    let day = tx.now().day();
    let sql = "SELECT COALESCE(MAX(number), 0) FROM data_check WHERE division_code = $1 AND day = $2";
    let number = tx.number(sql, vals![tx.division(), day]).await? + 1;
    let rows = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    tx.insert_many(
        "data_check",
        &["division_code", "check_id", "day", "number", "state", "account_id", "row_count", "received_at", "version"],
        vec![vals![
            tx.division(),
            id,
            day,
            number,
            CheckState::Received.code(),
            tx.reader().account,
            rows,
            tx.now(),
            1i64
        ]],
    )
    .await?;
    let ids: Vec<RowId> = lines.iter().map(|_| tx.new_id()).collect();
    let subjects: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let keys = tx.create_keys(&subjects).await?;
    let mut written = Vec::with_capacity(lines.len());
    let mut bases = Vec::with_capacity(lines.len());
    for ((line, row), key) in lines.iter().zip(&ids).zip(&keys) {
        written.push(row_values(tx, id, *row, line, key, ground)?);
        bases.push((tx.new_id(), super::rows::subject(*row, line.place.grid), PURPOSE, row.0, None, None));
    }
    tx.insert_many("check_row", WRITTEN, written).await?;
    linli_platform::basis::open_many(tx, bases).await?;
    tx.event(NewEvent::new("check.received", subject(id)).body(serde_json::json!({ "rows": rows }))).await?;
    Ok(id)
}

/// What a row entitles to, until it is settled.
const PURPOSE: linli_platform::reader::Purpose = linli_platform::reader::Purpose::DataCheck;

fn row_values(
    tx: &Tx,
    check: CheckId,
    id: RowId,
    line: &Line,
    key: &SubjectKey,
    ground: &Ground,
) -> Result<Vec<sea_orm::Value>> {
    let state = if line.place.grid.is_some() { RowState::Placed } else { RowState::Waiting };
    let sealed = key.seal(bind(id), &serde_json::to_string(&line.content)?);
    let blind = tx.store().keys().blind_index("doc", &line.number);
    let row_no = i64::try_from(line.row).unwrap_or(i64::MAX);
    Ok(vals![
        tx.division(),
        id,
        check,
        row_no,
        line.reference.as_str(),
        line.kind.code(),
        state.code(),
        cn_identity::mask::name(&line.content.name),
        cn_identity::mask::any_document(&line.content.doc_no),
        road(ground.book.parser(), &line.content.address),
        sealed,
        blind,
        line.place.address,
        line.place.home,
        line.place.grid,
        line.place.near,
        1i64
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_own_number_is_short_and_nobodys() {
        for (text, fine) in [
            ("", true),
            ("17", true),
            ("QP-2026/0817", true),
            ("13900001111", false),
            ("99010119900307002X", false),
            ("张三", false),
            ("A-123456789012345678", false),
        ] {
            assert_eq!(is_reference(text), fine, "{text}");
        }
    }
}
