//! Where the files of a published log lie.

/// A tile or a bundle of entries.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) entries: bool,
    pub(super) level: u8,
    pub(super) index: u64,
    pub(super) width: usize,
}

impl Place {
    /// The tile at a place in a log of `size` leaves.
    pub(super) fn of(level: u8, index: u64, size: u64) -> Option<Place> {
        let nodes = if level < 8 { size >> (8 * level) } else { 0 };
        let (full, rest) = (nodes / 256, (nodes % 256) as usize);
        let width = match index.cmp(&full) {
            std::cmp::Ordering::Less => 256,
            std::cmp::Ordering::Equal => rest,
            std::cmp::Ordering::Greater => 0,
        };
        (width > 0).then_some(Place { entries: false, level, index, width })
    }

    pub(super) fn path(self) -> String {
        let digits = self.index.to_string();
        let digits = format!("{}{digits}", "0".repeat((3 - digits.len() % 3) % 3));
        let last = digits.len() - 3;
        let mut path = if self.entries { String::from("tile/entries") } else { format!("tile/{}", self.level) };
        for start in (0..digits.len()).step_by(3) {
            path.push_str(if start == last { "/" } else { "/x" });
            path.push_str(&digits[start..start + 3]);
        }
        if self.width < 256 {
            path.push_str(&format!(".p/{}", self.width));
        }
        path
    }

    /// The place that a path names, if it is written as [`Place::path`] writes it.
    pub(super) fn parse(path: &str) -> Option<Place> {
        let (kind, mut number) = path.strip_prefix("tile/")?.split_once('/')?;
        let mut width = 256;
        if let Some((before, partial)) = number.split_once(".p/") {
            width = partial.parse().ok().filter(|width| (1..256).contains(width))?;
            number = before;
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let index = digits.parse().ok()?;
        let entries = kind == "entries";
        let level = if entries { 0 } else { kind.parse().ok()? };
        Some(Place { entries, level, index, width }).filter(|place| place.path() == path)
    }
}

/// Takes the next entry of a bundle: two bytes of length, big-endian, and so many bytes.
pub(super) fn next_entry<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let [high, low, after @ ..] = *rest else { return None };
    let length = usize::from(*high) * 256 + usize::from(*low);
    let entry = after.get(..length)?;
    *rest = &after[length..];
    Some(entry)
}
