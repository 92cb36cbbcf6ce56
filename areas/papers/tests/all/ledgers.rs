//! A ledger is a real table that another program opens: filters, print area, head rows on every page, no formulas.

use std::{
    io::{Cursor, Read as _},
    process::{Command, Stdio},
};

use calamine::{Data, Reader as _, Xlsx};
use http::StatusCode;
use linli_platform::{
    access::Role,
    clock::Month,
    sheet::{self, Out, WriteOptions},
    store::Query as _,
    testing::{BEGIN, DIVISION},
    vals,
};

use super::world::{RISKY, rows, worlds};

const MONTH: Month = Month { year: 2026, month: 10 };

fn book() -> Vec<u8> {
    let options =
        WriteOptions { sheet_name: "例会台账".into(), watermark: Some("邻里导出 · A&B".into()), at: BEGIN };
    sheet::write_table("例会台账（2026-10）", &["日期", "内容", "次数"], &rows(MONTH, 120), &options).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_workbook_has_a_table_with_filters_a_print_area_and_repeated_head_rows_and_no_formula() {
    let bytes = book();
    let table = part(&bytes, "xl/tables/table1.xml");
    assert!(table.contains("ref=\"A3:C123\"") && table.contains("<autoFilter"), "{table}");
    let workbook = part(&bytes, "xl/workbook.xml");
    assert!(workbook.contains("_xlnm.Print_Area") && workbook.contains("$A$1:$C$123"), "{workbook}");
    assert!(workbook.contains("_xlnm.Print_Titles") && workbook.contains("$3:$3"), "{workbook}");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && sheet.contains("orientation=\"landscape\""), "a formula, or upright");
    let mut read: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = read.worksheet_range("例会台账").unwrap();
    assert_eq!(range.get_value((0, 0)), Some(&Data::String("例会台账（2026-10）".into())));
    for (n, risky) in RISKY.iter().enumerate() {
        let row = u32::try_from(n + 3).unwrap();
        assert_eq!(range.get_value((row, 1)), Some(&Data::String((*risky).into())));
        assert_eq!(range.get_value((row, 2)), Some(&Data::Float(n as f64)));
    }
    let empty = sheet::write_table(
        "空",
        &["日期"],
        &Vec::<Vec<Out>>::new(),
        &WriteOptions { sheet_name: "空".into(), watermark: None, at: BEGIN },
    );
    assert!(part(&empty.unwrap(), "xl/tables/table1.xml").contains("ref=\"A3:A4\""));
}

/// LibreOffice's rendering of a file in another form.
fn converted(bytes: &[u8], to: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let status = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir"])
        .arg(folder.path())
        .arg(&file)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let form = to.split(':').next().unwrap();
    std::fs::read(folder.path().join(format!("ledger.{form}"))).unwrap()
}

#[test]
fn another_program_reads_every_cell_as_text_and_prints_the_head_row_on_every_page() {
    let bytes = book();
    // Separator, quotation mark, UTF-8, and cells as they are shown.
    let csv = String::from_utf8(converted(&bytes, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")).unwrap();
    for risky in ["=1+1", "+86 21", "-5℃", "@某人"] {
        assert!(csv.contains(risky), "{risky} was computed: {csv}");
    }
    assert!(!csv.contains("#NAME") && !csv.contains("Err:"), "{csv}");
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("ledger.pdf");
    std::fs::write(&pdf, converted(&bytes, "pdf")).unwrap();
    let out = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| !p.trim().is_empty()).collect();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for page in &pages {
        assert!(page.contains("次数") && page.contains("A&B"), "{page}");
    }
}

#[tokio::test]
async fn the_office_takes_a_month_of_a_ledger_and_the_taking_is_on_record() {
    for world in worlds().await {
        let office = world.office().await;
        let page = office.get("/ledgers?month=2026-10").await;
        assert!(page.text.contains("/ledgers/odd.xlsx?month=2026-10"), "{}", page.text);
        assert!(page.text.contains("例会台账") && page.text.contains("考核要求的六类台账之一"), "the pack's name");
        let running = office.get("/ledgers?month=2026-11").await;
        assert!(running.text.contains("本月尚未结束"));
        for wrong in ["2026-13", "nichts", "2026-12"] {
            let refused = office.get(&format!("/ledgers?month={wrong}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(refused.text.contains(&format!("value=\"{wrong}\"")), "{}", refused.text);
        }
        let file = office.get("/ledgers/odd.xlsx?month=2026-10").await;
        assert!(file.header("content-type").contains("spreadsheetml"), "{}", file.text);
        assert!(file.header("content-disposition").contains("ledger-odd-2026-10.xlsx"));
        let q = world.test.store.reads();
        let taken = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'export.made'";
        assert_eq!(q.number(taken, vals![q.division()]).await.unwrap(), 1, "{}", world.test.engine);
        for missing in ["/ledgers/other.xlsx?month=2026-10", "/ledgers/odd.xlsx", "/ledgers/odd.csv?month=2026-10"] {
            assert_eq!(office.get(missing).await.status, StatusCode::NOT_FOUND, "{missing}");
        }
        let leader = world.client("leader", Role::TaskForce, DIVISION).await;
        assert_eq!(leader.get("/ledgers").await.status, StatusCode::FORBIDDEN);
    }
}
