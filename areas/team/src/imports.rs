//! Import of staff: one row an appointment. Somebody with several grids has several rows with the same mobile number.

use std::collections::HashMap;

use cn_identity::{Mobile, name};
use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::{Action, AreaKind},
    app::App,
    clock::Day,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::{Query, Tx},
};
use linli_territory::{
    Committees, Grid,
    imports::{committee_cell, fatal, grid_cell},
};

use crate::{
    ids::StaffId,
    post::Post,
    store::{
        appointments::{self, Appointment, NewAppointment},
        staff::{self, Person},
    },
};

/// The table of staff.
pub struct StaffImport;

const fn column(name: &'static str, headings: &'static [&'static str], required: bool, personal: bool) -> ColumnSpec {
    ColumnSpec { name, headings, required, personal }
}

const COLUMNS: &[ColumnSpec] = &[
    column("staff-name", &["姓名", "name"], true, true),
    column("staff-mobile", &["手机", "手机号", "手机号码", "联系电话", "电话", "mobile", "phone"], false, true),
    column("staff-post", &["岗位", "职务", "角色", "post", "role"], true, false),
    column("staff-committee", &["村居", "所属村居", "村居名称", "committee"], false, false),
    column("staff-grid", &["微网格", "微网格代码", "网格代码", "网格", "grid", "grid_code"], false, false),
    column("staff-from", &["任职日期", "开始日期", "起始日期", "from"], false, false),
    column("staff-until", &["离任日期", "结束日期", "截止日期", "until"], false, false),
];

fn cell(row: &MappedRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |c| c.trim())
}

/// A day as tables write it: 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105.
fn day(text: &str) -> Option<Day> {
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty()).collect();
    let (y, m, d) = match parts.as_slice() {
        [y, m, d] => (*y, *m, *d),
        [all] if all.len() == 8 && all.is_ascii() => (&all[..4], &all[4..6], &all[6..]),
        _ => return None,
    };
    format!("{:04}-{:02}-{:02}", y.parse::<u16>().ok()?, m.parse::<u8>().ok()?, d.parse::<u8>().ok()?).parse().ok()
}

struct Read {
    row: u64,
    name: String,
    mobile: Option<Mobile>,
    post: Post,
    area: String,
    from: Day,
    until: Option<Day>,
}

/// What rows are read against.
struct Tables {
    committees: Committees,
    grids: Vec<Grid>,
    today: Day,
    division: String,
}

impl Tables {
    async fn load(q: &impl Query, today: Day) -> Result<Tables> {
        let committees = linli_territory::committees(q).await?;
        let grids = linli_territory::all_grids(q).await?;
        Ok(Tables { committees, grids, today, division: q.division().to_owned() })
    }

    fn read(&self, row: &MappedRow) -> Result<Read, Vec<CellProblem>> {
        let mut problems = Vec::new();
        let mut note = |p: CellProblem| problems.push(p);
        let name = name::check(cell(row, 0)).ok();
        if name.is_none() {
            note(fatal(row.row, "staff-name", "staff-name", vec![]));
        }
        let mobile = Some(cell(row, 1)).filter(|t| !t.is_empty()).map(Mobile::parse).transpose();
        if mobile.is_err() {
            note(fatal(row.row, "staff-mobile", "staff-mobile", vec![]));
        }
        let post = Post::read(cell(row, 2)).filter(|p| !p.role().is_administrator());
        match post {
            None => note(fatal(row.row, "staff-post", "staff-post", vec![])),
            Some(Post::HrLiaison) => note(fatal(row.row, "staff-post", "staff-post-employer", vec![])),
            Some(_) => {}
        }
        let area = post.and_then(|p| self.area(row, p).map_err(&mut note).ok());
        let from = if cell(row, 5).is_empty() { Some(self.today) } else { day(cell(row, 5)) };
        let last = if cell(row, 6).is_empty() { Some(None) } else { day(cell(row, 6)).map(Some) };
        if from.is_none() {
            note(fatal(row.row, "staff-from", "staff-day", vec![]));
        }
        match (from, last) {
            (_, None) => note(fatal(row.row, "staff-until", "staff-day", vec![])),
            (Some(from), Some(Some(last))) if last < from => {
                note(fatal(row.row, "staff-until", "staff-days", vec![]));
            }
            _ => {}
        }
        match (name, mobile, post, area, from, last) {
            (Some(name), Ok(mobile), Some(post), Some(area), Some(from), Some(last)) if problems.is_empty() => {
                let until = last.map(|d| d.plus_days(1));
                Ok(Read { row: row.row, name, mobile, post, area, from, until })
            }
            _ => Err(problems),
        }
    }

    fn area(&self, row: &MappedRow, post: Post) -> Result<String, CellProblem> {
        let committee = || match cell(row, 3) {
            "" => Ok(None),
            text => committee_cell(&self.committees, row.row, "staff-committee", text).map(Some),
        };
        match post.area_kind() {
            AreaKind::Grid => {
                let within = committee()?;
                let grid = grid_cell(&self.grids, row.row, "staff-grid", cell(row, 4), within.as_deref())?;
                Ok(grid.grid_id.to_string())
            }
            AreaKind::Committee => {
                committee()?.ok_or_else(|| fatal(row.row, "staff-committee", "staff-committee-missing", vec![]))
            }
            _ => Ok(self.division.clone()),
        }
    }
}

/// Whether a row says what is there already.
fn is_held(held: &[Appointment], id: StaffId, row: &Read) -> bool {
    held.iter().any(|a| a.staff_id == id && a.post() == Some(row.post) && a.area == row.area)
}

async fn check(app: &App, rows: &[MappedRow]) -> Result<CheckOutcome> {
    let reads = app.store.reads();
    let today = app.store.now().day();
    let tables = Tables::load(&reads, today).await?;
    let held = appointments::on(&reads, today).await?;
    let mut out = CheckOutcome::default();
    let (mut new, mut same) = (0, 0);
    let mut names: HashMap<String, (String, u64)> = HashMap::new();
    let mut posts: HashMap<(Post, String), u64> = HashMap::new();
    for row in rows {
        let read = match tables.read(row) {
            Ok(read) => read,
            Err(problems) => {
                out.problems.extend(problems);
                continue;
            }
        };
        let known = match &read.mobile {
            Some(mobile) => staff::by_mobile(&reads, mobile).await?,
            None => None,
        };
        if known.as_ref().is_some_and(|s| s.name != read.name) {
            out.problems.push(fatal(read.row, "staff-mobile", "staff-mobile-other", vec![]));
        }
        if let Some(mobile) = &read.mobile {
            let first = names.entry(mobile.as_str().to_owned()).or_insert_with(|| (read.name.clone(), read.row));
            if first.0 != read.name {
                let args = vec![("row".to_owned(), first.1.to_string())];
                out.problems.push(fatal(read.row, "staff-mobile", "staff-mobile-twice", args));
            }
        }
        if known.as_ref().is_some_and(|s| is_held(&held, s.staff_id, &read)) {
            same += 1;
            continue;
        }
        new += 1;
        if read.post.most_per_grid().is_some() {
            let holder = |a: &&Appointment| {
                a.post() == Some(read.post) && a.area == read.area && a.stands_in_for.is_none() && a.until_day.is_none()
            };
            if held.iter().any(|a| holder(&a)) {
                out.problems.push(fatal(read.row, "staff-post", "staff-post-taken", vec![]));
            }
            if let Some(first) = posts.insert((read.post, read.area.clone()), read.row) {
                let args = vec![("row".to_owned(), first.to_string())];
                out.problems.push(fatal(read.row, "staff-post", "staff-post-twice", args));
            }
        }
    }
    out.counts = vec![("new".into(), new), ("same".into(), same)];
    Ok(out)
}

async fn apply(tx: &Tx, rows: &[MappedRow]) -> Result<u64> {
    let tables = Tables::load(tx, tx.now().day()).await?;
    let held = appointments::on(tx, tx.now().day()).await?;
    let mut people: HashMap<String, StaffId> = HashMap::new();
    let mut written = 0;
    for row in rows {
        let read = tables.read(row).map_err(|_| AppError::rule("import-unchecked"))?;
        let id = who(tx, &read, &mut people).await?;
        if is_held(&held, id, &read) {
            continue;
        }
        let new = NewAppointment {
            staff: id,
            post: read.post,
            area: read.area,
            grid: None,
            from: read.from,
            until: read.until,
        };
        appointments::appoint(tx, new).await?;
        written += 1;
    }
    Ok(written)
}

/// The member a row is about, by mobile number; somebody new is written. Without a number it is always somebody new.
async fn who(tx: &Tx, read: &Read, people: &mut HashMap<String, StaffId>) -> Result<StaffId> {
    if let Some(mobile) = &read.mobile {
        if let Some(id) = people.get(mobile.as_str()) {
            return Ok(*id);
        }
        if let Some(known) = staff::by_mobile(tx, mobile).await? {
            people.insert(mobile.as_str().to_owned(), known.staff_id);
            return Ok(known.staff_id);
        }
    }
    let mobile = read.mobile.as_ref().map(|m| m.as_str().to_owned());
    let person = Person { name: read.name.clone(), mobile: mobile.clone(), from_day: read.from, account: None };
    let id = staff::create(tx, &[person]).await?[0];
    people.extend(mobile.map(|m| (m, id)));
    Ok(id)
}

/// Importing is allowed to more people than appointing is.
fn may(reader: &Reader) -> Result<()> {
    if reader.is_system() || reader.may(Action::TeamWrite) { Ok(()) } else { Err(AppError::forbidden()) }
}

impl ImportKind for StaffImport {
    fn name(&self) -> &'static str {
        "staff"
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
            apply(tx, rows).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_tables_write_them() {
        let expected: Day = "2026-01-05".parse().unwrap();
        for text in ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "20260105"] {
            assert_eq!(day(text), Some(expected), "{text}");
        }
        for text in ["", "明天", "2026-13-01", "2026-02-30", "1/5", "2026-1-5-6"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
