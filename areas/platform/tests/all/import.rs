//! An import writes everything or nothing, once; what is staged is sealed and goes away.

#[path = "import_pages.rs"]
mod pages;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Role,
    app::{AccountScope, App, Installation, ScopeSource},
    area::Area,
    clock::Day,
    ids::{AccountId, ImportId},
    import::{self, CellProblem, CheckOutcome, ColumnSpec, DropReason, ImportKind, MappedRow, State},
    jobs::{self, Job},
    reader::{Reader, Scope},
    sheet,
    store::{Migration, Query as _, Store, Tx, migrations, schema},
    testing::{self, TestStore},
    texts::{Lang, T},
    vals,
};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec { name: "name", headings: &["姓名", "Name"], required: true, personal: true },
    ColumnSpec { name: "people", headings: &["人数"], required: false, personal: false },
];

/// Rows of a table of the test's own; the name `坏` makes writing fail after the rows before it were written.
#[derive(Default)]
struct Things {
    fails: AtomicBool,
    hangs: AtomicBool,
    refreshed: AtomicUsize,
}

impl ImportKind for Things {
    fn name(&self) -> &'static str {
        "things"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(
        &'a self,
        _app: &'a App,
        _reader: &'a Reader,
        rows: &'a [MappedRow],
    ) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let bad = rows.iter().filter(|r| r.cells[1].parse::<u32>().is_err());
            let problem = |r: &MappedRow| CellProblem {
                row: r.row,
                column: "people".into(),
                code: "not-a-number".into(),
                args: Vec::new(),
                fatal: true,
            };
            Ok(CheckOutcome { problems: bad.map(problem).collect(), counts: vec![("new".into(), rows.len() as i64)] })
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
            for (i, row) in rows.iter().enumerate() {
                if i == 1 && self.hangs.load(Ordering::Relaxed) {
                    std::future::pending::<()>().await;
                }
                if i == 1 && self.fails.load(Ordering::Relaxed) {
                    return Err(AppError::rule("stale-version"));
                }
                let id: uuid::Uuid = tx.new_id();
                tx.execute(
                    "INSERT INTO test_thing (division_code, thing_id, people) VALUES ($1, $2, $3)",
                    vals![tx.division(), id, row.cells[1].as_str()],
                )
                .await?;
            }
            Ok(rows.len() as u64)
        })
    }
    fn applied<'a>(&'a self, _app: &'a App) -> BoxFuture<'a, Result<()>> {
        self.refreshed.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(()) })
    }
}

struct Everything;
impl ScopeSource for Everything {
    fn scope<'a>(&'a self, _: &'a Store, _: AccountId, _: Day) -> BoxFuture<'a, Result<AccountScope>> {
        Box::pin(async { Ok(AccountScope { agreed: true, division: true, ..AccountScope::default() }) })
    }
}

fn all_migrations() -> Vec<Migration> {
    let mut all = migrations();
    all.push(Migration {
        id: "test-0001",
        tables: || {
            let columns = vec![schema::id("thing_id"), schema::text("people")];
            vec![schema::spread_table("test_thing", &["thing_id"], columns)]
        },
        indexes: Vec::new,
    });
    all
}

const OWN_TEXTS: &str = "import-things = 测试表\ncolumn-name = 姓名\ncolumn-people = 人数\n\
    cell-not-a-number = 要写数字\nsample-things-people = 3\n";

fn app(store: &Store, kind: &Arc<Things>) -> App {
    let own =
        Area { name: "test", texts: Some((OWN_TEXTS, OWN_TEXTS)), imports: vec![kind.clone()], ..Area::default() };
    let given = Installation { scopes: Arc::new(Everything), ..testing::installation(store) };
    App::assemble(&[own], given).unwrap()
}

struct Bench {
    test: TestStore,
    kind: Arc<Things>,
    app: App,
    reader: Reader,
}

async fn benches() -> Vec<Bench> {
    let mut all = Vec::new();
    for test in testing::stores_of_each_profile(all_migrations).await {
        let kind = Arc::new(Things::default());
        let app = app(&test.store, &kind);
        let reader = testing::reader(&test.store, &[Role::PopulationOffice], Scope::Division);
        all.push(Bench { test, kind, app, reader });
    }
    all
}

const TABLE: &str = "姓名,民族,人数,备注\n欧阳测试甲,汉,3,私人备注\n欧阳测试乙,汉,三,\n欧阳测试丙,汉,5,\n";

impl Bench {
    fn store(&self) -> &Store {
        &self.test.store
    }
    async fn staged(&self, table: &str) -> ImportId {
        let sheet = sheet::read_bytes(table.as_bytes(), &["姓名"]).unwrap();
        import::stage(self.store(), &self.reader, self.kind.as_ref(), "表.csv", sheet).await.unwrap()
    }
    async fn checked(&self, table: &str) -> ImportId {
        let id = self.staged(table).await;
        let mapping = self.case(id).await.mapping;
        import::map_columns(self.store(), &self.reader, self.kind.as_ref(), id, mapping).await.unwrap();
        assert_eq!(import::check(&self.app, &self.reader, id, None).await.unwrap(), State::Checked);
        id
    }
    async fn case(&self, id: ImportId) -> import::Case {
        import::find(&self.store().reads(), &self.reader, id).await.unwrap()
    }
    async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
        self.store().reads().number(&sql, vals![self.store().division()]).await.unwrap()
    }
    /// Everything the database wrote to disk, on SQLite.
    fn on_disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.test.dir.path()).unwrap();
        files.flat_map(|f| std::fs::read(f.unwrap().path()).unwrap()).collect()
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

#[tokio::test]
async fn an_import_drops_forbidden_columns_checks_and_writes_only_what_was_confirmed() {
    for b in benches().await {
        let id = b.staged(TABLE).await;
        let case = b.case(id).await;
        assert_eq!(case.headers, ["姓名", "人数", "备注"]);
        assert_eq!((case.dropped[0].heading.as_str(), case.dropped[0].reason), ("民族", DropReason::Forbidden));
        import::map_columns(b.store(), &b.reader, b.kind.as_ref(), id, case.mapping).await.unwrap();
        import::check(&b.app, &b.reader, id, None).await.unwrap();
        let case = b.case(id).await;
        assert_eq!((case.row_count, case.bad_count, case.good_count()), (3, 1, 2));
        assert_eq!((case.dropped[1].heading.as_str(), case.dropped[1].reason), ("备注", DropReason::Unmapped));
        let problems = import::problems(&b.store().reads(), id).await.unwrap();
        assert_eq!((problems[0].row, problems[0].shown.as_str()), (3, "三"));

        let refused = import::confirm(b.store(), &b.reader, id, false, 2).await.unwrap_err();
        assert_eq!(refused.code, "import-bad-rows", "{}", b.test.engine);
        let refused = import::confirm(b.store(), &b.reader, id, true, 3).await.unwrap_err();
        assert_eq!(refused.code, "stale-version", "the number that was shown is what is confirmed");
        import::confirm(b.store(), &b.reader, id, true, 2).await.unwrap();
        assert_eq!(import::apply(&b.app, &b.reader, id).await.unwrap(), Some(2));
        assert_eq!(b.count("test_thing").await, 2);
        assert_eq!(b.case(id).await.state, State::Applied);
    }
}

#[tokio::test]
async fn a_staged_row_that_is_blanked_is_written_by_nobody_and_the_others_are() {
    for b in benches().await {
        let id = b.staged("姓名,人数\n欧阳测试甲,3\n欧阳测试丙,5\n").await;
        let tx = b.store().begin(&Reader::system()).await.unwrap();
        let run = tx.machine_run("erasure").await.unwrap();
        let gone = |row: &import::table::StagedRow| row.cells.iter().any(|cell| cell == "欧阳测试甲");
        assert_eq!(import::blank_rows(&tx, &run, gone).await.unwrap(), 1);
        tx.commit().await.unwrap();
        import::map_columns(b.store(), &b.reader, b.kind.as_ref(), id, b.case(id).await.mapping).await.unwrap();
        import::check(&b.app, &b.reader, id, None).await.unwrap();
        assert_eq!((b.case(id).await.row_count, b.case(id).await.good_count()), (1, 1), "an empty row is none");
    }
}

#[tokio::test]
async fn writing_twice_does_nothing_the_second_time_but_refresh_memory() {
    for b in benches().await {
        let id = b.checked("姓名,人数\n甲,1\n乙,2\n").await;
        import::confirm(b.store(), &b.reader, id, false, 2).await.unwrap();
        assert_eq!(import::apply(&b.app, &b.reader, id).await.unwrap(), Some(2));
        assert_eq!(import::apply(&b.app, &b.reader, id).await.unwrap(), None);
        assert_eq!(b.count("test_thing").await, 2);
        assert_eq!(b.kind.refreshed.load(Ordering::Relaxed), 2);
        assert!(import::confirm(b.store(), &b.reader, id, false, 2).await.is_err());
        assert!(import::cancel(b.store(), &b.reader, id).await.is_err());
    }
}

#[tokio::test]
async fn when_writing_fails_midway_nothing_is_written_and_it_can_be_checked_again() {
    for b in benches().await {
        let id = b.checked("姓名,人数\n甲,1\n乙,2\n").await;
        import::confirm(b.store(), &b.reader, id, false, 2).await.unwrap();
        b.kind.fails.store(true, Ordering::Relaxed);
        assert!(import::apply(&b.app, &b.reader, id).await.is_err());
        assert_eq!(b.count("test_thing").await, 0, "{}", b.test.engine);
        let case = b.case(id).await;
        assert_eq!((case.state, case.summary.applied_rows), (State::Applying, 0));
        assert_eq!(b.count("import_chunk").await, 1, "what is staged stays for the next try");
        b.kind.fails.store(false, Ordering::Relaxed);
        assert_eq!(import::apply(&b.app, &b.reader, id).await.unwrap(), Some(2));
    }
}

#[tokio::test]
async fn what_is_staged_is_sealed_and_gone_afterwards_with_its_key() {
    for b in benches().await {
        let applied = b.checked("姓名,人数\n欧阳测试甲,1\n").await;
        let cancelled = b.checked("姓名,人数\n欧阳测试乙,x\n").await;
        assert_eq!(b.count("import_chunk").await, 2);
        if b.test.engine == "sqlite" {
            let disk = b.on_disk();
            assert!(holds(&disk, "人数"), "the headings can be read");
            assert!(!holds(&disk, "欧阳测试"), "the rows cannot");
        }
        import::confirm(b.store(), &b.reader, applied, false, 1).await.unwrap();
        import::apply(&b.app, &b.reader, applied).await.unwrap();
        import::cancel(b.store(), &b.reader, cancelled).await.unwrap();
        assert_eq!((b.count("import_chunk").await, b.count("subject_key").await), (0, 0), "{}", b.test.engine);
        assert!(b.count("machine_run").await >= 3, "each opening is recorded");
    }
}

#[tokio::test]
async fn remarks_are_gone_from_staging_once_columns_are_confirmed() {
    let b = benches().await.remove(0);
    let id = b.checked(TABLE).await;
    let t = T::new(b.app.texts.clone(), Lang::Zh);
    let book = import::problem_workbook(&b.app, &b.reader, &t, id).await.unwrap();
    let sheet = sheet::read_bytes(&book, &["姓名"]).unwrap();
    assert_eq!(sheet.headers, ["行号", "姓名", "人数", "问题"]);
    let row: Vec<&str> = sheet.rows[0].cells.iter().map(|c| c.text()).collect();
    assert_eq!(row, ["3", "欧***乙", "三", "人数: 要写数字"]);
}

#[tokio::test]
async fn a_damaged_number_blocks_its_row() {
    let b = benches().await.remove(0);
    let id = b.checked("姓名,人数\n甲,1\n1.23E+17,2\n").await;
    let problems = import::problems(&b.store().reads(), id).await.unwrap();
    assert_eq!((problems[0].row, problems[0].code.as_str(), problems[0].fatal), (3, "damaged-number", true));
    assert_eq!(b.case(id).await.bad_count, 1);
}

#[tokio::test]
async fn an_import_is_seen_by_nobody_else_and_needs_the_right() {
    let b = benches().await.remove(0);
    let id = b.staged(TABLE).await;
    let other = testing::reader(b.store(), &[Role::PopulationOffice], Scope::Division);
    assert!(import::find(&b.store().reads(), &other, id).await.unwrap_err().is("not-found"));
    assert!(import::cancel(b.store(), &other, id).await.unwrap_err().is("not-found"));
    let officer = testing::reader(b.store(), &[Role::Officer], Scope::Division);
    let sheet = sheet::read_bytes(TABLE.as_bytes(), &["姓名"]).unwrap();
    let refused = import::stage(b.store(), &officer, b.kind.as_ref(), "表.csv", sheet).await.unwrap_err();
    assert!(refused.is("forbidden"));
}

#[tokio::test]
async fn a_table_without_a_known_heading_is_not_staged() {
    let b = benches().await.remove(0);
    let sheet = sheet::read_bytes("张三,13800138000\n李四,13900139000\n".as_bytes(), &["姓名"]).unwrap();
    let refused = import::stage(b.store(), &b.reader, b.kind.as_ref(), "表.csv", sheet).await.unwrap_err();
    assert_eq!(refused.code, "sheet-no-heading");
}

#[tokio::test]
async fn an_import_that_nobody_finishes_is_given_up_after_a_week() {
    for b in benches().await {
        let id = b.staged(TABLE).await;
        b.test.clock.set(testing::BEGIN.plus_hours(24 * 8));
        assert!(jobs::run_one(&b.app).await.unwrap());
        assert_eq!(b.case(id).await.state, State::Cancelled);
        assert_eq!(b.count("import_chunk").await, 0);
    }
}

#[tokio::test]
async fn the_template_is_accepted_and_its_sample_row_is_not_imported() {
    let b = benches().await.remove(0);
    for lang in [Lang::Zh, Lang::En] {
        let t = T::new(b.app.texts.clone(), lang);
        let book = import::template(&t, b.kind.as_ref(), testing::BEGIN).unwrap();
        let sheet = sheet::read_bytes(&book, &["姓名", "人数"]).unwrap();
        assert_eq!(sheet.rows[0].text(1), "3");
        let refused = import::stage(b.store(), &b.reader, b.kind.as_ref(), "模板.xlsx", sheet).await.unwrap_err();
        assert_eq!(refused.code, "sheet-no-rows");
    }
}

#[tokio::test]
async fn a_file_is_imported_from_the_command_line_with_the_same_rules() {
    for b in benches().await {
        let path = b.test.dir.path().join("表.csv");
        std::fs::write(&path, encoding_rs::GB18030.encode(TABLE).0).unwrap();
        let run =
            |leave_out, dry| import::run_file(&b.app, &b.reader, "things", &path, None, leave_out, dry, &|_, _, _| {});
        let report = run(false, false).await.unwrap();
        assert_eq!((report.rows, report.bad_rows, report.applied), (3, 1, None));
        assert_eq!(report.dropped_columns.len(), 2);
        assert_eq!(run(true, true).await.unwrap().applied, None, "a dry run writes nothing");
        assert_eq!(b.count("test_thing").await, 0);
        let report = run(true, false).await.unwrap();
        assert_eq!((report.applied, b.count("test_thing").await), (Some(2), 2), "{}", b.test.engine);
        assert_eq!(b.case(report.import.unwrap()).await.state, State::Applied);
        let by_hand = [("备注".to_owned(), "people".to_owned())];
        let report = import::run_file(&b.app, &b.reader, "things", &path, Some(&by_hand), false, true, &|_, _, _| {})
            .await
            .unwrap();
        assert_eq!(report.mapped_columns[1].0, "备注");
    }
}

#[test]
fn every_text_of_imports_stands_in_both_languages() {
    let (zh, en) = import::texts();
    let keys = |ftl: &str| -> Vec<String> {
        ftl.lines().filter_map(|l| l.split_once(" = ")).map(|(k, _)| k.to_owned()).collect()
    };
    assert_eq!(keys(zh), keys(en));
    let area: Area = import::area();
    assert_eq!((area.name, area.nav[0].key), ("imports", "imports"));
}
