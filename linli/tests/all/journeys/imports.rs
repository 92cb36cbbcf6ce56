//! Journey 1: tables and boundaries become records, after they were looked at.

use std::path::Path;

use super::{
    browser::{Browser, journey},
    files::{
        FORBIDDEN, HEADINGS, boundaries, cells, note, number, row, stored_below, workbook, workbook_of_libreoffice,
        wrong_number,
    },
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
        b.see("民族：按规定不采集这类信息，该列已丢弃。").await;
        assert!(!b.shows(FORBIDDEN).await, "no value of a forbidden column is shown");
        b.see("校验位不对").await;
        b.shot("journey-1-preview").await;
        messages_stand_in_their_cells(&b.download("a[href$='/errors.xlsx']").await);
        let data = b.town.folder.join("demo");
        assert!(stored_below(&data, "residents.xlsx"), "the file's name is stored, so what is stored can be found");
        assert!(!stored_below(&data, FORBIDDEN), "no value of a forbidden column is stored while it is staged");
        // All or nothing: without leaving the bad rows out knowingly, nothing is written.
        confirm(b).await;
        b.find("#e-leave_out_bad").await;
        b.click("#f-leave_out_bad").await;
        confirm(b).await;
        b.see("已写入 1 行").await;
        b.see("民族：按规定不采集这类信息，该列已丢弃。").await;
        assert!(!stored_below(&data, FORBIDDEN), "nor afterwards");
        b.search(&number(1990, 11)).await;
        b.see("司***").await;
        b.search(&number(2090, 13)).await;
        assert!(!b.shows("司***").await, "a row with a bad cell was left out");
    });
}

/// The messages come back as a workbook: at their cells as notes, and beside each row.
fn messages_stand_in_their_cells(book: &[u8]) {
    let rows = cells(book);
    let heading = rows.iter().position(|r| r.first().is_some_and(|c| c == "行号")).expect("a heading");
    assert_eq!(rows[heading][1..4], ["姓名", "证件号码", "手机号"], "{rows:?}");
    assert!(!rows[heading].iter().any(|c| c.contains("民族")), "{rows:?}");
    let bad: Vec<&Vec<String>> = rows[heading + 1..].iter().filter(|r| !r[0].is_empty()).collect();
    assert_eq!(bad.len(), 3, "rows with a message, hints among them: {rows:?}");
    for (n, (row, message)) in [("3", "校验位不对"), ("4", "出生日期在今天之后")].into_iter().enumerate()
    {
        let name = ["司**平", "司**安"][n];
        let own = bad[n + 1];
        assert_eq!((own[0].as_str(), own[1].as_str()), (row, name), "{own:?}");
        assert!(own.last().unwrap().contains(message), "{own:?}");
        // Column C is the document's number; rows of a sheet count from 1.
        let place = format!("C{}", heading + 3 + n);
        let note = note(book, &place).unwrap_or_default();
        assert!(note.contains(message), "the note at {place} says “{note}”");
    }
}

/// Uploads a table of a kind as it was guessed, and writes it.
async fn import(b: &Browser, kind: &str, file: &Path) {
    b.goto(&format!("/imports/new?kind={kind}")).await;
    b.choose("#f-kind", kind).await;
    b.fill("#f-file", &file.display().to_string()).await;
    b.click("form[action='/imports'] button[type=submit]").await;
    b.click("form[action$='/mapping'] button[type=submit]").await;
    b.find("form[action$='/confirmation']").await;
    confirm(b).await;
    b.see("已写入 1 行").await;
}

#[test]
fn every_table_of_the_register_comes_in_by_the_page_in_the_writing_of_offices() {
    journey("1-tables", async |b| {
        b.sign_in("population-office").await;
        b.goto("/map").await;
        b.script("document.querySelector('details.card').open = true").await;
        let (grid, committee) = (
            b.text_of("details.card tbody tr td small").await,
            b.text_of("details.card tbody tr td:nth-child(2)").await,
        );
        let door = "上海市青浦区香花桥街道新试验路901弄1号101室";
        let at = |name: &str| b.town.folder.join(name);
        // GB 18030, as a spreadsheet saves it in Chinese.
        let addresses = format!("标准地址,村居,微网格代码\r\n{door},{committee},{grid}\r\n");
        std::fs::write(at("addresses.csv"), encoding_rs::GB18030.encode(&addresses).0).unwrap();
        import(b, "addresses", &at("addresses.csv")).await;
        // UTF-8 with a mark of the byte order.
        std::fs::write(at("homes.csv"), format!("\u{feff}房屋地址,房屋类型\n{door},住宅\n")).unwrap();
        import(b, "homes", &at("homes.csv")).await;
        // The standard's own example of a company.
        let employers =
            format!("统一社会信用代码,单位名称,地址,从业人数\n91110000600037341L,试验电子有限公司,{door},12\n");
        std::fs::write(at("employers.csv"), employers).unwrap();
        import(b, "employers", &at("employers.csv")).await;
        // An apostrophe that keeps a number a text, and digits of double width.
        let wide: String = "15400000071".chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        let residents = format!(
            "姓名,身份证号,联系电话,现住址,工作单位\n公孙执笔,'{},{wide},{door},试验电子有限公司\n",
            number(1981, 71)
        );
        std::fs::write(at("people.csv"), residents).unwrap();
        import(b, "residents", &at("people.csv")).await;
        for known in [number(1981, 71).as_str(), "15400000071", door] {
            b.search(known).await;
            b.see("公***").await;
        }
        b.click("#list tbody td a").await;
        b.see("试验电子有限公司").await;
        // A committee that is known already gets another name that tables may write.
        b.goto("/territory").await;
        let committee = b.attr("table tbody tr td a", "href").await;
        let code = committee.rsplit('/').next().unwrap().to_owned();
        let row = b.text_of("table tbody tr td a").await;
        std::fs::write(at("committees.csv"), format!("村居代码,村居,考核分组,别名\n{code},{row},A,试写法居委\n"))
            .unwrap();
        import(b, "committees", &at("committees.csv")).await;
        let written = "标准地址,村居\n上海市青浦区香花桥街道新试验路902弄1号101室,试写法居委\n";
        std::fs::write(at("alias.csv"), written).unwrap();
        import(b, "addresses", &at("alias.csv")).await;
        b.shot("journey-1-tables").await;
    });
}

#[test]
fn a_number_that_a_spreadsheet_has_ruined_is_told_and_not_guessed() {
    journey("1-ruined", async |b| {
        b.sign_in("population-office").await;
        let address = some_address(b).await;
        let file = b.town.folder.join("ruined.csv");
        let rows = format!(
            "王甲,1.00101E+17,15400000081,{address},\n李乙,{}000,15400000082,{address},\n赵丙,{},15400000083,{address},\n",
            &number(1980, 82)[..15],
            number(1980, 83)
        );
        std::fs::write(&file, format!("{}\n{rows}", HEADINGS.join(","))).unwrap();
        upload_residents(b, &file).await;
        b.see("号码已被表格软件改坏").await;
        assert_eq!(b.text_of(".stat .late").await.trim(), "2", "both rows would be left out");
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
