//! Files as offices and employers would send them. Everybody in them is invented; numbers carry the area code 100101,
//! which was never issued.

use std::{
    io::{Cursor, Read as _},
    path::{Path, PathBuf},
    process::Command,
};

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::Workbook;

/// The headings of a table of residents as an office may have written them; the fifth is never stored (boundary 1).
pub const HEADINGS: [&str; 5] = ["姓名", "身份证号码", "联系电话", "现住址", "民族"];

/// A valid number that was never issued: born on 7 March of a year, male if `sequence` is odd.
pub fn number(year: i16, sequence: u16) -> String {
    cn_identity::make::resident_number("100101", (year, 3, 7), sequence).as_str().to_owned()
}

/// The same with a wrong check digit.
pub fn wrong_number(year: i16, sequence: u16) -> String {
    let right = number(year, sequence);
    let (body, digit) = right.split_at(17);
    format!("{body}{}", if digit == "5" { '6' } else { '5' })
}

/// What the forbidden column holds; nothing else in the demonstration is called so.
pub const FORBIDDEN: &str = "试验某族";

/// A row of [`HEADINGS`].
pub fn row(name: &str, number: &str, mobile: &str, address: &str) -> [String; 5] {
    [name, number, mobile, address, FORBIDDEN].map(str::to_owned)
}

/// A workbook of our own making.
pub fn workbook(file: &Path, rows: &[[String; 5]]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, cells) in std::iter::once(HEADINGS.map(str::to_owned)).chain(rows.iter().cloned()).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(line).unwrap(), u16::try_from(column).unwrap(), cell).unwrap();
        }
    }
    book.save(file).unwrap();
}

/// A workbook that LibreOffice wrote, from a comma-separated file whose columns it reads as text.
pub fn workbook_of_libreoffice(folder: &Path, name: &str, rows: &[[String; 5]]) -> PathBuf {
    let text = folder.join(format!("{name}.csv"));
    let lines: Vec<String> =
        std::iter::once(HEADINGS.map(str::to_owned)).chain(rows.iter().cloned()).map(|r| r.join(",")).collect();
    std::fs::write(&text, lines.join("\n")).unwrap();
    let own = format!("-env:UserInstallation=file://{}", folder.join("office").display());
    let mut command = Command::new("soffice");
    command.args([&own, "--headless", "--infilter=CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2", "--convert-to", "xlsx"]);
    command.arg("--outdir").arg(folder).arg(&text).stdout(std::process::Stdio::null());
    let ended = command.status().expect("LibreOffice is there (Debian: apt-get install libreoffice-calc)");
    assert!(ended.success(), "LibreOffice converts {}", text.display());
    folder.join(format!("{name}.xlsx"))
}

/// The cells of a workbook's first sheet as texts, from its first row.
pub fn cells(book: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book)).expect("it is a workbook");
    let sheet = book.worksheet_range_at(0).expect("it has a sheet").expect("which can be read");
    let text = |cell: &Data| cell.to_string();
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}

/// The note at a cell such as `C4`.
pub fn note(book: &[u8], cell: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook is an archive");
    let mut notes = String::new();
    archive.by_name("xl/comments1.xml").ok()?.read_to_string(&mut notes).expect("notes are text");
    let (_, rest) = notes.split_once(&format!("ref=\"{cell}\""))?;
    let own = rest.split("</comment>").next()?;
    let texts = own.split("<t").skip(1).filter_map(|t| t.split_once('>')?.1.split_once("</t>"));
    Some(texts.map(|(text, _)| text).collect())
}

/// Whether a text stands in any file below a folder.
pub fn stored_below(folder: &Path, text: &str) -> bool {
    let entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.iter().any(|path| match path.is_dir() {
        true => stored_below(path, text),
        // A file of the database may come and go.
        false => std::fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|w| w == text.as_bytes())),
    })
}

/// Boundaries of two grids of one committee, each a ring of corners.
pub fn boundaries(file: &Path, committee: &str, rings: [&[(f64, f64)]; 2]) {
    let features: Vec<serde_json::Value> = (1..)
        .zip(rings)
        .map(|(n, ring)| {
            let corners: Vec<[f64; 2]> = ring.iter().map(|(lon, lat)| [*lon, *lat]).collect();
            serde_json::json!({
                "type": "Feature",
                "properties": { "grid_code": format!("试-{n}"), "name": format!("试画{n}格"), "committee": committee },
                "geometry": { "type": "Polygon", "coordinates": [corners] },
            })
        })
        .collect();
    let all = serde_json::json!({ "type": "FeatureCollection", "features": features });
    std::fs::write(file, all.to_string()).unwrap();
}
