//! Journey 1: tables and boundaries become records, after they were looked at.

use std::path::Path;

use super::{
    browser::{Browser, journey},
    files::{boundaries, number, row, workbook, workbook_of_libreoffice, wrong_number},
};

/// Uploads a table of residents, confirms the mapping and waits for the preview.
async fn upload_residents(b: &Browser, file: &Path) {
    b.goto("/imports/new?kind=residents").await;
    b.choose("#f-kind", "residents").await;
    b.fill("#f-file", &file.display().to_string()).await;
    b.click("form[action='/imports'] button[type=submit]").await;
    // The mapping was guessed: the office's headings are not ours.
    b.see("身份证号码").await;
    assert_eq!(b.chosen("form[action$='/mapping'] select").await, "resident-name");
    b.click("form[action$='/mapping'] button[type=submit]").await;
    b.find("form[action$='/confirmation']").await;
}

async fn confirm(b: &Browser) {
    b.click("form[action$='/confirmation'] button[type=submit]").await;
}

/// An address that stands in the register.
async fn some_address(b: &Browser) -> String {
    b.goto("/addresses").await;
    b.text_of("#list tbody tr td").await
}

#[test]
fn a_table_with_bad_cells_enters_the_register_only_as_confirmed() {
    journey("1-import", async |b| {
        b.sign_in("population-office").await;
        let address = some_address(b).await;
        let file = b.town.folder.join("residents.xlsx");
        let rows = [
            row("司马清和", &number(1990, 11), "15400000011", &address),
            row("司马清平", &wrong_number(1991, 12), "15400000012", &address),
            row("司马清安", &number(2090, 13), "15400000013", &address),
        ];
        workbook(&file, &rows);
        upload_residents(b, &file).await;
        // The column of ethnicity is gone, and the report says so.
        b.see("民族").await;
        assert!(!b.shows("汉").await, "no value of a forbidden column is shown");
        b.see("校验位不对").await;
        b.shot("journey-1-preview").await;
        let errors = b.download("a[href$='/errors.xlsx']").await;
        assert!(errors.starts_with(b"PK"), "the messages come back as a workbook");
        // All or nothing: without leaving the bad rows out knowingly, nothing is written.
        confirm(b).await;
        b.find("#e-leave_out_bad").await;
        b.click("#f-leave_out_bad").await;
        confirm(b).await;
        b.see("已写入").await;
        b.search(&number(1990, 11)).await;
        b.see("司***").await;
        b.search(&number(2090, 13)).await;
        assert!(!b.shows("司***").await, "a row with a bad cell was left out");
    });
}

#[test]
fn a_workbook_of_libreoffice_is_imported_as_well() {
    journey("1-libreoffice", async |b| {
        b.sign_in("population-office").await;
        let address = some_address(b).await;
        let rows = [row("诸葛知远", &number(1988, 21), "15400000021", &address)];
        let file = workbook_of_libreoffice(&b.town.folder, "of-libreoffice", &rows);
        upload_residents(b, &file).await;
        confirm(b).await;
        b.see("已写入").await;
        b.search(&number(1988, 21)).await;
        b.see("诸***").await;
    });
}

#[test]
fn boundaries_with_crossing_grids_are_refused_with_the_reason() {
    journey("1-boundaries", async |b| {
        b.sign_in("population-office").await;
        b.goto("/territory").await;
        let committee = b.text_of("table tbody tr td a").await;
        let file = b.town.folder.join("crossing.geojson");
        let square = [(121.10, 31.17), (121.11, 31.17), (121.11, 31.18), (121.10, 31.18), (121.10, 31.17)];
        let bow = [(121.12, 31.17), (121.13, 31.18), (121.13, 31.17), (121.12, 31.18), (121.12, 31.17)];
        boundaries(&file, &committee, [&square, &bow]);
        upload_boundaries(b, &file).await;
        b.see("边界线自相交叉").await;
        let over = [(121.105, 31.17), (121.115, 31.17), (121.115, 31.18), (121.105, 31.18), (121.105, 31.17)];
        boundaries(&file, &committee, [&square, &over]);
        upload_boundaries(b, &file).await;
        // A draft shows where two grids lie over each other, and takes no effect with that.
        b.see("重叠").await;
        b.find(".boundary-map path.leaflet-interactive").await;
        b.shot("journey-1-boundaries").await;
        let day = linli_platform::clock::Clock::system().today().plus_days(30);
        b.fill("#f-day", &day.to_string()).await;
        b.click("form[action$='/schedule'] button[type=submit]").await;
        b.see("处重叠").await;
        b.click("form[action$='/removal'] button[type=submit]").await;
        b.wait("the list", async || b.path().await == "/territory/boundaries").await;
    });
}

async fn upload_boundaries(b: &Browser, file: &Path) {
    b.goto("/territory/boundaries").await;
    b.fill("#f-file", &file.display().to_string()).await;
    b.click("form[action='/territory/boundaries'] button[type=submit]").await;
}
