//! What a workbook's archive expands to, found out before anything parses it: once as declared, once for real.

use std::io::{self, Read, Seek};

use zip::{ZipArchive, result::ZipError};

use super::{MAX_EXPANDED_BYTES, MAX_EXPANSION, SheetError};

/// The most entries in an archive; a workbook has a few dozen.
const MAX_ENTRIES: usize = 5_000;
/// Below this expanded size the factor of expansion does not matter.
const HARMLESS_BYTES: u64 = 8 * 1024 * 1024;

/// Refuses what is not an `.xlsx`, what is encrypted, and what expands to too much.
pub(super) fn check<R: Read + Seek>(reader: R, file_bytes: u64) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(reader).map_err(refuse)?;
    if archive.len() > MAX_ENTRIES {
        return Err(SheetError::TooExpanded);
    }
    let limit = MAX_EXPANDED_BYTES.min((file_bytes * MAX_EXPANSION).max(HARMLESS_BYTES));
    let (mut declared, mut is_workbook) = (0u64, false);
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(refuse)?;
        if entry.encrypted() {
            return Err(SheetError::Encrypted);
        }
        declared = declared.saturating_add(entry.size());
        is_workbook |= entry.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/workbook.xml"));
    }
    if declared > limit {
        return Err(SheetError::TooExpanded);
    }
    if !is_workbook {
        return Err(SheetError::NotAWorkbook);
    }
    let mut real = 0u64;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(refuse)?.take(limit - real + 1);
        real += io::copy(&mut entry, &mut io::sink()).map_err(|_| SheetError::NotAWorkbook)?;
        if real > limit {
            return Err(SheetError::TooExpanded);
        }
    }
    Ok(())
}

fn refuse(e: ZipError) -> SheetError {
    match e {
        ZipError::UnsupportedArchive(reason) if reason == ZipError::PASSWORD_REQUIRED => SheetError::Encrypted,
        ZipError::Io(e) if e.kind() != io::ErrorKind::UnexpectedEof => SheetError::Io(e),
        _ => SheetError::NotAWorkbook,
    }
}
