//! Which row is the heading.

use std::collections::HashSet;

use super::{Collector, HEADING_WITHIN, MAX_ROWS, Row, Sheet, SheetError};

/// A heading as it is compared: half-width, lower case, without spaces, brackets, stars and colons.
///
/// ```
/// use linli_platform::sheet::normalise_heading;
/// assert_eq!(normalise_heading(" ＩＤ　号码（必填）* "), normalise_heading("id号码(必填)："));
/// ```
pub fn normalise_heading(heading: &str) -> String {
    heading
        .chars()
        .map(half_width)
        .filter(|c| {
            !c.is_whitespace() && !c.is_control() && !"()[]{}【】〔〕《》<>*:'\"、_-\u{feff}\u{200b}".contains(*c)
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The half-width form of a full-width letter, digit or sign.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Where the heading stands and whether it is one that the caller knows.
pub(super) struct Found {
    index: usize,
    pub(super) known: bool,
}

/// Finds the heading: the first row of which at least half of the cells are known headings; otherwise the first
/// row with two cells or more.
pub(super) fn find(rows: &[Row], known: &[&str]) -> Option<Found> {
    let known: HashSet<String> = known.iter().map(|h| normalise_heading(h)).collect();
    let top = &rows[..rows.len().min(HEADING_WITHIN)];
    let is_known = |row: &Row| {
        let (mut filled, mut hits) = (0, 0);
        for cell in row.cells.iter().filter(|c| !c.is_empty()) {
            filled += 1;
            hits += usize::from(known.contains(&normalise_heading(cell.text())));
        }
        hits > 0 && hits * 2 >= filled
    };
    if let Some(index) = top.iter().position(is_known) {
        return Some(Found { index, known: true });
    }
    let two = |row: &Row| row.cells.iter().filter(|c| !c.is_empty()).count() >= 2;
    top.iter().position(two).map(|index| Found { index, known: false })
}

/// Makes a sheet of collected rows.
pub(super) fn sheet(name: String, collected: Collector, found: Option<Found>) -> Result<Sheet, SheetError> {
    let found = found.ok_or(SheetError::NoHeading)?;
    let mut rows = collected.rows;
    let body = rows.split_off(found.index + 1);
    let heading = rows.pop().ok_or(SheetError::NoHeading)?;
    if body.is_empty() {
        return Err(SheetError::NoRows);
    }
    if body.len() > MAX_ROWS {
        return Err(SheetError::TooManyRows);
    }
    let headers = heading.cells.iter().map(|c| c.text().to_owned()).collect();
    Ok(Sheet { name, heading_row: heading.number, headers, rows: body })
}
