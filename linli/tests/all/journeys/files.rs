//! Files as offices and employers would send them. Everybody in them is invented; numbers carry the area code 100101,
//! which was never issued.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

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

/// A row of [`HEADINGS`].
pub fn row(name: &str, number: &str, mobile: &str, address: &str) -> [String; 5] {
    [name, number, mobile, address, "汉"].map(str::to_owned)
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
