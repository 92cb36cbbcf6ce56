//! The frame: the list that is drawn from, published without anybody's data.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

const HEADER: &str = "pseudonym,stratum,committee,people";

/// One household or empty home of the frame (抽样单元).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// Keyed pseudonym of the household, unique in the frame.
    pub pseudonym: String,
    /// Stratum by type of premises (房屋类型), never by who lives there.
    pub stratum: String,
    /// Committee (村居) it lies in, if the frame spans several.
    pub committee: Option<String>,
    /// People registered there; 0 for a home thought vacant.
    pub people: u32,
}

/// Why a list is no frame. Lines are counted from 1; in a frame that is not read from CSV, line 2
/// is the first unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The first line is not the expected heading.
    #[error("line 1: the heading must be {HEADER:?}")]
    Heading,
    /// A line has not four fields.
    #[error("line {line}: {found} fields instead of 4")]
    Fields {
        /// Line.
        line: usize,
        /// Fields found.
        found: usize,
    },
    /// The number of people is none.
    #[error("line {line}, column 4: {value:?} is no number of people")]
    People {
        /// Line.
        line: usize,
        /// What stands there.
        value: String,
    },
    /// A field is empty, begins or ends in a space, or holds a comma, a quote or a control
    /// character.
    #[error("line {line}, column {column}: {value:?} is empty or holds a character that a frame must not hold")]
    Field {
        /// Line.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What stands there.
        value: String,
    },
    /// Two units have the same pseudonym.
    #[error("the pseudonym {0:?} occurs twice")]
    Duplicate(String),
}

/// A sampling frame (抽样框): units sorted by pseudonym, no pseudonym twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    units: Vec<Unit>,
}

impl Frame {
    /// A frame of these units, in any order.
    ///
    /// # Errors
    /// [`FrameError::Field`], [`FrameError::Duplicate`].
    pub fn new(mut units: Vec<Unit>) -> Result<Frame, FrameError> {
        let mut seen = BTreeSet::new();
        for (position, unit) in units.iter().enumerate() {
            check_unit(unit, position + 2)?;
            if !seen.insert(unit.pseudonym.as_str()) {
                return Err(FrameError::Duplicate(unit.pseudonym.clone()));
            }
        }
        units.sort();
        Ok(Frame { units })
    }

    /// Units by pseudonym.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The canonical form: a heading, then one line for each unit by pseudonym in the order of
    /// its UTF-8 bytes; fields `pseudonym,stratum,committee,people` without quotes, lines ended by
    /// a line feed, no byte order mark.
    pub fn to_csv(&self) -> String {
        let mut csv = format!("{HEADER}\n");
        for unit in &self.units {
            let committee = unit.committee.as_deref().unwrap_or("");
            let line = writeln!(csv, "{},{},{committee},{}", unit.pseudonym, unit.stratum, unit.people);
            line.expect("writing to a string does not fail");
        }
        csv
    }

    /// Reads a frame; order, line ends and a byte order mark may differ from the canonical form.
    ///
    /// # Errors
    /// [`FrameError`] with line and column.
    pub fn parse_csv(csv: &str) -> Result<Frame, FrameError> {
        let mut lines = csv.strip_prefix('\u{feff}').unwrap_or(csv).lines();
        if lines.next() != Some(HEADER) {
            return Err(FrameError::Heading);
        }
        let units: Result<Vec<_>, _> = lines.enumerate().map(|(n, line)| parse_line(line, n + 2)).collect();
        Frame::new(units?)
    }

    /// SHA-256 of the canonical form: what `sha256sum frame.csv` prints.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_csv().as_bytes())
    }
}

fn parse_line(text: &str, line: usize) -> Result<Unit, FrameError> {
    let fields: Vec<_> = text.split(',').collect();
    let [pseudonym, stratum, committee, people] = fields.as_slice() else {
        return Err(FrameError::Fields { line, found: fields.len() });
    };
    let number: Option<u32> = people.parse().ok();
    let value = (*people).to_owned();
    Ok(Unit {
        pseudonym: (*pseudonym).to_owned(),
        stratum: (*stratum).to_owned(),
        committee: (!committee.is_empty()).then(|| (*committee).to_owned()),
        people: number.ok_or(FrameError::People { line, value })?,
    })
}

fn check_unit(unit: &Unit, line: usize) -> Result<(), FrameError> {
    let fields = [Some(&unit.pseudonym), Some(&unit.stratum), unit.committee.as_ref()];
    for (position, field) in fields.into_iter().enumerate() {
        let Some(value) = field else { continue };
        let refused = |c: char| c == ',' || c == '"' || c.is_control() || c == '\u{feff}';
        if value.is_empty() || value.trim() != value || value.contains(refused) {
            return Err(FrameError::Field { line, column: position + 1, value: value.clone() });
        }
    }
    Ok(())
}
