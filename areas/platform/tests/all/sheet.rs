//! Tables from outside are read as a person sees them, and refused when they are too much.

use std::io::{Cursor, Write as _};

use linli_platform::{
    clock::At,
    sheet::{
        self, Mark, MarkedRow, MarkedTable, Out, Sheet, SheetError, WriteOptions, read_bytes, read_file, write,
        write_marked,
    },
};
use proptest::prelude::*;

const KNOWN: &[&str] = &["姓名", "证件号码", "人数", "登记日期"];

fn fixture(name: &str) -> Result<Sheet, SheetError> {
    read_file(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name), KNOWN)
}

fn texts(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|r| (0..sheet.headers.len()).map(|c| r.text(c)).collect()).collect()
}

fn options(watermark: Option<&str>) -> WriteOptions {
    WriteOptions {
        sheet_name: "居民/表".into(), watermark: watermark.map(Into::into), at: At(1_795_140_000_000_000)
    }
}

#[test]
fn a_workbook_of_another_program_reads_as_it_looks_there() {
    for name in ["libreoffice.xlsx", "libreoffice.xls"] {
        let sheet = fixture(name).unwrap();
        assert_eq!(sheet.headers, ["姓名", "证件号码", "人数", "登记日期", "比例", "号码（数值）"], "{name}");
        assert_eq!((sheet.heading_row, sheet.rows[0].number), (2, 3), "{name}: the title row is skipped");
        let rows = texts(&sheet);
        assert_eq!(rows[0], ["张三", "100101199001011234", "3", "2026-11-02", "0.5", "1.00101E+17"], "{name}");
        assert_eq!(rows[1], ["李四", "10010119920304567X", "12", "2026-11-20", "1.25", "13800138000"], "{name}");
        assert_eq!(rows[2][1], "00123", "{name}: the apostrophe is not part of the text");
        assert!(sheet.rows[0].cells[5].is_damaged() && !sheet.rows[0].cells[1].is_damaged(), "{name}");
    }
}

#[test]
fn what_we_write_reads_back_and_nothing_in_it_is_a_formula() {
    let rows = vec![
        vec![Out::from("=1+1"), Out::from("+86"), Out::from(3), Out::from("")],
        vec![Out::from("@cmd"), Out::from("-\t"), Out::from(0.5), Out::from("ＡＢ１２")],
    ];
    let bytes = write(KNOWN, &rows, &options(Some("张三 2026-11-20 10:00 & 内部资料"))).unwrap();
    let sheet = read_bytes(&bytes, KNOWN).unwrap();
    assert_eq!((sheet.name.as_str(), sheet.heading_row), ("居民表", 2));
    assert_eq!(sheet.headers, KNOWN);
    assert_eq!(texts(&sheet), [vec!["=1+1", "+86", "3", ""], vec!["@cmd", "-", "0.5", "ＡＢ１２"]]);
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>") && xml.contains("oddFooter"));
}

#[test]
fn an_error_workbook_marks_the_cells_and_tells_everything_in_its_last_column() {
    let table = MarkedTable {
        number_heading: "行号".into(),
        headings: vec!["姓名".into(), "人数".into()],
        messages_heading: "问题".into(),
        rows: vec![MarkedRow {
            number: 7,
            cells: vec!["张*".into(), "三".into()],
            marks: vec![Mark { column: 1, text: "要写数字".into(), fatal: true }],
            messages: vec!["人数: 要写数字".into(), "整行重复".into()],
        }],
    };
    let bytes = write_marked(&table, &options(Some("甲"))).unwrap();
    let sheet = read_bytes(&bytes, KNOWN).unwrap();
    assert_eq!(sheet.headers, ["行号", "姓名", "人数", "问题"]);
    assert_eq!(texts(&sheet), [["7", "张*", "三", "人数: 要写数字；整行重复"]]);
    assert!(part(&bytes, "xl/comments1.xml").contains("要写数字"));
    assert!(part(&bytes, "xl/styles.xml").contains("FFF8CFC8"));
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[test]
fn text_tables_read_in_every_encoding_and_with_every_separator_that_offices_send() {
    let table = "姓名;人数\n\"张;三\";３\n\n李四;=\"0012\"\n";
    let gb = encoding_rs::GB18030.encode(table).0.into_owned();
    let bom = [&b"\xef\xbb\xbf"[..], table.as_bytes()].concat();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [table.as_bytes().to_vec(), gb, bom, utf16] {
        for (from, to) in [(";", ";"), (";", ","), (";", "\t")] {
            // The separator inside quotes stays; only plain UTF-8 is rewritten.
            let bytes = match std::str::from_utf8(&bytes) {
                Ok(text) => text.replace(from, to).into_bytes(),
                Err(_) => bytes.clone(),
            };
            let sheet = read_bytes(&bytes, KNOWN).unwrap();
            assert_eq!(sheet.headers, ["姓名", "人数"]);
            assert_eq!(sheet.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 4]);
            assert_eq!((sheet.rows[0].text(1), sheet.rows[1].text(1)), ("３", "0012"));
            assert!(sheet.rows[0].text(0).starts_with('张') && sheet.rows[0].text(0).ends_with('三'));
        }
    }
}

#[test]
fn a_rounded_number_is_marked_in_a_text_table_too() {
    let sheet = read_bytes("姓名,证件号码\n张三,1.23E+17\n李四,'100101199001011234\n".as_bytes(), KNOWN).unwrap();
    let [first, second] = [&sheet.rows[0].cells[1], &sheet.rows[1].cells[1]];
    assert_eq!((first.text(), first.is_damaged()), ("1.23E+17", true));
    assert_eq!((second.text(), second.is_damaged()), ("100101199001011234", false));
}

#[test]
fn a_row_keeps_its_number_below_cells_with_line_breaks() {
    let sheet = read_bytes("姓名,人数\n\"张\n三\",1\n李四,2\n".as_bytes(), KNOWN).unwrap();
    assert_eq!(sheet.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    let many_rows = "姓名,人数\n".to_owned() + &"a,1\n".repeat(sheet::MAX_ROWS + 1);
    let many_columns = vec!["列"; sheet::MAX_COLUMNS + 1].join(",") + "\n1,2\n";
    for (bytes, code) in [
        (&b"\x89PNG\r\n\x1a\n\0\0"[..], "sheet-not-a-workbook"),
        (b"%PDF-1.7\n1,2", "sheet-not-a-workbook"),
        (b"<html><table><tr><td>1</td></tr></table>", "sheet-not-a-workbook"),
        (b"PK\x03\x04 and nothing", "sheet-not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing", "sheet-not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "sheet-encrypted"),
        (b"", "sheet-no-heading"),
        (b"one\ntwo\n", "sheet-no-heading"),
        ("姓名,人数\n".as_bytes(), "sheet-no-rows"),
        ("姓名,人数\n张三,\"1\n李四,2\n".as_bytes(), "sheet-broken-quotes"),
        (b"name,count\n\xff\xff\xff\x80,1\n", "sheet-encoding"),
        (many_rows.as_bytes(), "sheet-too-many-rows"),
        (many_columns.as_bytes(), "sheet-too-many-columns"),
    ] {
        let error = linli_platform::AppError::from(read_bytes(bytes, KNOWN).unwrap_err());
        assert_eq!(error.code, code, "{:?}", &bytes[..bytes.len().min(20)]);
        if code == "sheet-broken-quotes" {
            assert_eq!(error.args, [("line", "2".to_owned()), ("column", "2".to_owned())]);
        }
    }
}

#[test]
fn a_file_beyond_the_limit_is_refused_before_it_is_read() {
    let file = tempfile::tempfile().unwrap();
    file.set_len(sheet::MAX_FILE_BYTES + 1).unwrap();
    assert!(matches!(sheet::read(file, KNOWN), Err(SheetError::TooLarge)));
}

/// A workbook whose one sheet is so many bytes of nothing.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    archive.write_all(b"<workbook/>").unwrap();
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let nothing = vec![b' '; 1024 * 1024];
    for _ in 0..bytes / nothing.len() {
        archive.write_all(&nothing).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_expands_too_much_is_refused_before_it_is_parsed() {
    let honest = bomb(64 * 1024 * 1024);
    assert!(honest.len() < 300_000, "the bomb is small");
    assert!(matches!(read_bytes(&honest, KNOWN), Err(SheetError::TooExpanded)));
    // One that lies about its size: in the sheet's local header and in its entry of the directory.
    let mut lying = honest;
    let size = (64u32 * 1024 * 1024).to_le_bytes();
    let places: Vec<usize> = (0..lying.len() - 4).filter(|i| lying[*i..*i + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    assert!(matches!(read_bytes(&lying, KNOWN), Err(SheetError::TooExpanded | SheetError::NotAWorkbook)));
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_string(0, 0, "姓名").unwrap().write_string(0, 1, "人数").unwrap();
    page.write_string(1_048_575, 1, "1").unwrap();
    let sheet = read_bytes(&book.save_to_buffer().unwrap(), KNOWN).unwrap();
    assert_eq!((sheet.rows.len(), sheet.rows[0].number), (1, 1_048_576));
    page_beyond();
}

fn page_beyond() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_string(0, 0, "姓名").unwrap().write_string(0, 16_383, "人数").unwrap();
    assert!(matches!(read_bytes(&book.save_to_buffer().unwrap(), KNOWN), Err(SheetError::TooManyColumns)));
}

#[test]
fn the_sheet_with_known_headings_is_taken() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let first = book.add_worksheet().set_name("说明").unwrap();
    first.write_string(0, 0, "第一").unwrap().write_string(0, 1, "第二").unwrap();
    first.write_string(1, 0, "a").unwrap();
    let second = book.add_worksheet().set_name("数据").unwrap();
    second.write_string(0, 0, "姓名").unwrap();
    second.write_string(1, 0, "张三").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read_bytes(&bytes, KNOWN).unwrap().name, "数据");
    assert_eq!(read_bytes(&bytes, &[]).unwrap().name, "说明");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), mark in 0usize..4) {
        let start: &[u8] = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf"][mark];
        let _ = read_bytes(&[start, &bytes].concat(), KNOWN);
    }
    #[test]
    fn no_text_makes_the_reader_panic_and_no_cell_is_lost(text in "[a-c姓名,;\t\"'=\n\r 0-9E+]{0,200}") {
        if let Ok(sheet) = read_bytes(text.as_bytes(), KNOWN) {
            prop_assert!(!sheet.rows.is_empty());
            prop_assert!(sheet.rows.windows(2).all(|w| w[0].number < w[1].number));
        }
    }
}
