//! Clues as a table (R22): what was found, and where. What is open there already is left as it is, so that a file can be
//! imported again.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    ids::GridId,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::AddressId;
use policy_pack::{Item, Pack};
use sea_orm::FromQueryResult;

use crate::{
    brought, premises,
    scenes::{self, NewScene},
};

/// Name of the import.
pub const KIND: &str = "scenes";

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        name: "scene-kind",
        headings: &["场景", "场景类型", "线索类型", "类型", "scene", "kind"],
        required: true,
        personal: false,
    },
    ColumnSpec {
        name: "scene-address",
        headings: &["地址", "场所地址", "发现地址", "位置", "address", "premises"],
        required: true,
        personal: false,
    },
];
const KIND_AT: usize = 0;
const ADDRESS: usize = 1;

/// The table of clues.
pub struct SceneImport;

impl ImportKind for SceneImport {
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
            let read = read(app, reader, &app.store.reads(), rows).await?;
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let counts =
                vec![("scene-new".to_owned(), count(read.lines.len())), ("scene-there".to_owned(), count(read.there))];
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
            let read = read(app, tx.reader(), tx, rows).await?;
            if let Some(bad) = read.problems.iter().find(|p| p.fatal) {
                return Err(AppError::rule("import-no-longer-fits").arg("row", bad.row));
            }
            let mut grids = Vec::with_capacity(read.lines.len());
            for line in &read.lines {
                let new = NewScene { id: tx.new_id(), code: line.code.clone(), grid: line.grid, address: line.address };
                scenes::open(app, tx, &new).await?;
                grids.push(line.grid);
            }
            if grids.is_empty() {
                tx.housekeeping("everything in the file was open already");
            }
            brought::tell(tx, &grids).await?;
            Ok(grids.len() as u64)
        })
    }
}

/// Whoever may import tables and sees the work.
fn may_run(reader: &Reader) -> Result<()> {
    let may = reader.may(Action::Import) && reader.may(Action::TaskRead);
    if reader.is_system() || may { Ok(()) } else { Err(AppError::forbidden()) }
}

struct Line {
    code: String,
    grid: GridId,
    address: AddressId,
}

struct Read {
    lines: Vec<Line>,
    /// Rows that are open already.
    there: usize,
    problems: Vec<CellProblem>,
}

/// The scene that a cell names: by its name in either language, or by its id.
fn code_of(pack: &Pack, written: &str) -> Option<String> {
    let key =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect() };
    let wanted = key(written);
    let found = pack.scenes.iter().find(|s| [s.id.as_str(), s.name(), s.name_en()].iter().any(|n| key(n) == wanted));
    found.filter(|_| !wanted.is_empty()).map(|s| s.id.clone())
}

/// Premises with what is open at them.
async fn open_there(q: &impl Query) -> Result<HashSet<(AddressId, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        address_id: AddressId,
        code: String,
    }
    let sql = "SELECT address_id, code FROM scene WHERE division_code = $1 AND state <> 'closed'";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    Ok(rows.into_iter().map(|r| (r.address_id, r.code)).collect())
}

async fn read(app: &App, reader: &Reader, q: &impl Query, rows: &[MappedRow]) -> Result<Read> {
    let open = open_there(q).await?;
    let mut seen: HashMap<(AddressId, String), u64> = HashMap::new();
    let mut read = Read { lines: Vec::new(), there: 0, problems: Vec::new() };
    for row in rows {
        let cell = |at: usize| row.cells.get(at).map_or("", |c| c.trim());
        let mut add = |at: usize, code: &'static str, args: Vec<(String, String)>, fatal: bool| {
            let column = Cow::Borrowed(COLUMNS[at].name);
            read.problems.push(CellProblem { row: row.row, column, code: Cow::Borrowed(code), args, fatal });
        };
        let code = code_of(&app.pack, cell(KIND_AT));
        if code.is_none() {
            add(KIND_AT, "scene-unknown", Vec::new(), true);
        }
        let place = match cell(ADDRESS) {
            "" => Err(("address-empty", Vec::new())),
            written => match premises::find(app, reader, written).await? {
                Ok(found) => found.grid_id.map(|g| (found.address_id, g)).ok_or(("scene-no-grid", Vec::new())),
                Err(Some(near)) => Err(("address-unknown-near", vec![("suggestion".to_owned(), near)])),
                Err(None) => Err(("address-unknown", Vec::new())),
            },
        };
        let (address, grid) = match place {
            Ok(found) => found,
            Err((fault, args)) => {
                add(ADDRESS, fault, args, true);
                continue;
            }
        };
        let Some(code) = code else { continue };
        let first = *seen.entry((address, code.clone())).or_insert(row.row);
        if first != row.row {
            add(ADDRESS, "scene-twice", vec![("row".into(), first.to_string())], true);
        } else if open.contains(&(address, code.clone())) {
            add(ADDRESS, "scene-there", Vec::new(), false);
            read.there += 1;
        } else {
            read.lines.push(Line { code, grid, address });
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_is_named_in_either_language_or_by_its_id_and_nothing_else_is_one() {
        let pack = Pack::embedded();
        for (written, code) in [
            ("消防通道堵塞", Some("fire-exit-blocked")),
            (" 消防 通道堵塞 ", Some("fire-exit-blocked")),
            ("Blocked fire exit", Some("fire-exit-blocked")),
            ("BLOCKED FIRE EXIT", Some("fire-exit-blocked")),
            ("fire-exit-blocked", Some("fire-exit-blocked")),
            ("可疑人员", None),
            ("", None),
            ("  ", None),
        ] {
            assert_eq!(code_of(&pack, written).as_deref(), code, "{written}");
        }
    }
}
