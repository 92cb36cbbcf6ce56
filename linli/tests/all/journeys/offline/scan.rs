//! What can be read in the files of a browser's profile.

use std::{fs, path::Path};

/// The files below a folder that hold a value, in UTF-8 or as the two-byte text that browsers write.
pub fn files_with(folder: &Path, value: &str) -> Vec<String> {
    let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut found = Vec::new();
    walk(folder, &mut |path, bytes| {
        if holds(bytes, value.as_bytes()) || holds(bytes, &wide) {
            found.push(path.display().to_string());
        }
    });
    found
}

fn walk(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // A running browser takes files away while they are counted.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, look),
            Ok(kind) if kind.is_file() => {
                if let Ok(bytes) = fs::read(&path) {
                    look(&path, &bytes);
                }
            }
            _ => {}
        }
    }
}

fn holds(bytes: &[u8], value: &[u8]) -> bool {
    let Some(first) = value.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| b == first) {
        if rest[at..].starts_with(value) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
