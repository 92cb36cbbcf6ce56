//! Import of the table of committees, and the checks of committee and grid cells that other tables share.

use std::{borrow::Cow, collections::HashMap};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::Tx,
};

use crate::{
    committee::{CommitteeKind, Committees, Group, Resolved, fold},
    store::{
        committees::{self, NewCommittee},
        grids::Grid,
    },
};

/// A message at a cell that keeps the row from being imported.
pub fn fatal(row: u64, column: &'static str, code: &'static str, args: Vec<(String, String)>) -> CellProblem {
    CellProblem { row, column: Cow::Borrowed(column), code: Cow::Borrowed(code), args, fatal: true }
}

/// Reads a committee cell. A name that is not sure becomes a problem that names what could be meant: the importer
/// decides, in the file or by adding an alias.
pub fn committee_cell(
    committees: &Committees,
    row: u64,
    column: &'static str,
    text: &str,
) -> Result<String, CellProblem> {
    let written = ("written".to_owned(), text.trim().to_owned());
    match committees.resolve(text) {
        Resolved::Exact(code) | Resolved::Alias(code) => Ok(code),
        Resolved::Unsure(codes) => {
            let suggestions = ("suggestions".to_owned(), committees.names_of(&codes));
            Err(fatal(row, column, "committee-unsure", vec![written, suggestions]))
        }
        Resolved::Unknown => Err(fatal(row, column, "committee-unknown", vec![written])),
    }
}

/// Reads a grid cell: a grid's code, or its name within the committee of the row.
pub fn grid_cell<'a>(
    grids: &'a [Grid],
    row: u64,
    column: &'static str,
    text: &str,
    committee: Option<&str>,
) -> Result<&'a Grid, CellProblem> {
    let key = fold(text);
    let in_committee = |g: &&Grid| committee.is_none_or(|c| c == g.committee_code);
    let named = |g: &&Grid| fold(&g.code) == key || fold(&g.name) == key;
    let args = || vec![("written".to_owned(), text.trim().to_owned())];
    let mut found = grids.iter().filter(named).filter(in_committee);
    match (found.next(), found.next()) {
        (Some(grid), None) => Ok(grid),
        (Some(_), Some(_)) => Err(fatal(row, column, "grid-ambiguous", args())),
        _ if grids.iter().any(|g| named(&g)) => Err(fatal(row, column, "grid-other-committee", args())),
        _ => Err(fatal(row, column, "grid-unknown", args())),
    }
}

/// The table of committees.
pub struct CommitteeImport;

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        name: "committee-code",
        headings: &["村居代码", "统计区划代码", "区划代码", "代码", "code", "committee_code"],
        required: true,
        personal: false,
    },
    ColumnSpec {
        name: "committee-name",
        headings: &["村居", "村居名称", "简称", "村居简称", "committee", "name", "short_name"],
        required: true,
        personal: false,
    },
    ColumnSpec {
        name: "committee-official-name",
        headings: &["正式名称", "全称", "统计名称", "official_name"],
        required: false,
        personal: false,
    },
    ColumnSpec {
        name: "committee-group",
        headings: &["考核分组", "分组", "组别", "group"],
        required: true,
        personal: false,
    },
    ColumnSpec {
        name: "committee-kind", headings: &["村居类型", "类型", "kind"], required: false, personal: false
    },
    ColumnSpec {
        name: "committee-police-area",
        headings: &["社区警务队", "警务队", "police_area", "police_team"],
        required: false,
        personal: false,
    },
    ColumnSpec {
        name: "committee-aliases",
        headings: &["别名", "其他写法", "aliases"],
        required: false,
        personal: false,
    },
];

fn cell(row: &MappedRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |c| c.trim())
}

fn read_row(row: &MappedRow) -> Result<NewCommittee, Vec<CellProblem>> {
    let mut problems = Vec::new();
    let (code, name) = (cell(row, 0), cell(row, 1));
    if code.len() != 12 || !code.bytes().all(|b| b.is_ascii_digit()) {
        problems.push(fatal(row.row, "committee-code", "committee-code", vec![]));
    }
    if name.is_empty() {
        problems.push(fatal(row.row, "committee-name", "committee-name", vec![]));
    }
    let group = Group::from_code(cell(row, 3));
    if group.is_none() {
        problems.push(fatal(row.row, "committee-group", "committee-group", vec![]));
    }
    let (Some(group), true) = (group, problems.is_empty()) else { return Err(problems) };
    let official = if cell(row, 2).is_empty() { name } else { cell(row, 2) };
    let aliases = cell(row, 6).split(['、', ',', '，', ';', '；']).map(str::trim).filter(|a| !a.is_empty());
    Ok(NewCommittee {
        code: code.into(),
        name: name.into(),
        official_name: official.into(),
        kind: CommitteeKind::read(cell(row, 4), name),
        group,
        police_area: Some(cell(row, 5)).filter(|t| !t.is_empty()).map(str::to_owned),
        aliases: aliases.map(str::to_owned).collect(),
    })
}

async fn check(app: &App, rows: &[MappedRow]) -> Result<CheckOutcome> {
    let known = committees::load(&app.store.reads()).await?;
    let mut out = CheckOutcome::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let (mut new, mut changed) = (0, 0);
    for row in rows {
        let committee = match read_row(row) {
            Ok(committee) => committee,
            Err(problems) => {
                out.problems.extend(problems);
                continue;
            }
        };
        for key in [fold(&committee.code), fold(&committee.name)] {
            if let Some(first) = seen.insert(key, row.row) {
                let args = vec![("row".to_owned(), first.to_string())];
                out.problems.push(fatal(row.row, "committee-code", "committee-twice", args));
            }
        }
        for (column, written) in std::iter::once(("committee-name", &committee.name))
            .chain(committee.aliases.iter().map(|a| ("committee-aliases", a)))
        {
            let other = match known.resolve(written) {
                Resolved::Exact(code) => Some(code).filter(|c| *c != committee.code),
                // An alias may be taken away from nobody silently.
                Resolved::Alias(code) if column == "committee-aliases" => Some(code).filter(|c| *c != committee.code),
                _ => None,
            };
            if let Some(other) = other {
                out.problems.push(fatal(row.row, column, "committee-alias-taken", vec![("code".to_owned(), other)]));
            }
        }
        if known.name(&committee.code).is_some() { changed += 1 } else { new += 1 }
    }
    out.counts = vec![("new".into(), new), ("known".into(), changed)];
    Ok(out)
}

/// Importing is allowed to more people than changing the territory is.
fn may(reader: &Reader) -> Result<()> {
    if reader.is_system() || reader.may(Action::TerritoryWrite) { Ok(()) } else { Err(AppError::forbidden()) }
}

impl ImportKind for CommitteeImport {
    fn name(&self) -> &'static str {
        "committees"
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
            may(reader)?;
            check(app, rows).await
        })
    }
    fn apply<'a>(
        &'a self,
        _app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        _job: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            may(tx.reader())?;
            let read: std::result::Result<Vec<_>, _> = rows.iter().map(read_row).collect();
            let all = read.map_err(|_| AppError::rule("import-unchecked"))?;
            committees::write(tx, &all).await
        })
    }
}
