//! How many doors of the table fit a question equally well, told from the elements themselves, not from a parser.

use std::collections::HashMap;

use super::{doors::Door, town::Question, ways::Writer};

type Key = (Option<u32>, Option<u32>, Option<u32>, Option<u32>, Option<u32>);

/// The table's doors by lane, sub-lane, group, house and room.
pub struct Fits<'d> {
    doors: &'d [Door],
    rows: HashMap<Key, Vec<u32>>,
    writer: Writer,
}

impl<'d> Fits<'d> {
    pub fn new(doors: &'d [Door]) -> Self {
        let mut rows: HashMap<Key, Vec<u32>> = HashMap::new();
        for (row, door) in (0u32..).zip(doors) {
            rows.entry(key(door)).or_default().push(row);
        }
        Self { doors, rows, writer: Writer::new() }
    }

    /// True when at least one other door than the one meant agrees with all that was written, but for as many errors
    /// in its names.
    pub fn several(&self, question: &Question) -> bool {
        let asked = &question.door;
        let Some(row) = question.row else { return false };
        let meant = &self.doors[row as usize];
        let errors = errors(asked, meant);
        let town_told = self.writer.has(&question.text, asked.town);
        self.rows.get(&key(asked)).into_iter().flatten().any(|&other| {
            let door = &self.doors[other as usize];
            other != row
                && super::town::standard(door) != super::town::standard(meant)
                && (!town_told || door.town == asked.town)
                && (asked.unit.is_none() || asked.unit == door.unit)
                && self::errors(asked, door) <= errors
        })
    }
}

fn key(door: &Door) -> Key {
    (door.lane, door.sublane, door.group, door.number.or(door.building), door.room)
}

/// Characters wrong in all names that were written; an estate and a hamlet may be left out.
fn errors(asked: &Door, door: &Door) -> usize {
    let told = |told: Option<&str>, has: Option<&str>| told.map_or(0, |_| distance(told, has));
    distance(asked.road.as_deref(), door.road.as_deref())
        + distance(asked.village, door.village)
        + told(asked.hamlet, door.hamlet)
        + told(asked.site, door.site)
}

/// Characters wrong, missing, too many or exchanged.
fn distance(a: Option<&str>, b: Option<&str>) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.unwrap_or_default().chars().collect(), b.unwrap_or_default().chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let other = usize::from(a[i - 1] != b[j - 1]);
                let plain = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + other);
                if exchanged { plain.min(rows[i - 2][j - 2] + 1) } else { plain }
            };
        }
    }
    rows[a.len()][b.len()]
}
