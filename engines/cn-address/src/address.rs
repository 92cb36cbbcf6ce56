//! A parsed address: its pieces, their values and places in the input.

use std::fmt;

use smallvec::SmallVec;

use crate::{
    compare::DoorKey,
    element::{Element, Span},
};

const ABSENT: u8 = u8::MAX;
/// Longer addresses keep their further pieces, but only the first 254 can be asked for by element.
const MAX_INDEXED: usize = 254;
/// No more addresses than this come out of [`Address::expand`].
const MAX_EXPANDED: usize = 512;

/// The order of the normal writing, which differs from the elements' in that an estate stands behind its lane.
const WRITTEN: [Element; 17] = [
    Element::Province,
    Element::City,
    Element::District,
    Element::Town,
    Element::Village,
    Element::Hamlet,
    Element::Group,
    Element::Road,
    Element::Lane,
    Element::SubLane,
    Element::Site,
    Element::Phase,
    Element::Number,
    Element::Building,
    Element::Unit,
    Element::Floor,
    Element::Room,
];

#[derive(Debug, Clone, Copy)]
struct Stored {
    element: Element,
    start: u32,
    end: u32,
    from: u32,
    to: u32,
}

/// One part of an address as it was found in the input.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub element: Element,
    /// Where it stands in the input, in bytes.
    pub span: Span,
    /// Its normalised value: simplified, half width, numerals as digits, unit words left out of numbers.
    pub value: &'a str,
}

/// A parsed address (地址). It does not keep the input; spans refer to the text that was parsed.
#[derive(Clone)]
pub struct Address {
    pieces: SmallVec<[Stored; 10]>,
    text: String,
    first: [u8; Element::COUNT],
}

/// Masked: the element and its span, never the value.
impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{:?}", self.element.name(), self.span)
    }
}

/// Masked: which elements there are and where, never their values.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pieces()).finish()
    }
}

impl Default for Address {
    fn default() -> Self {
        Self { pieces: SmallVec::new(), text: String::new(), first: [ABSENT; Element::COUNT] }
    }
}

impl Address {
    /// The normalised value of an element; lists joined by `、`, ranges by `~`. Of several notes the first.
    #[must_use]
    pub fn get(&self, element: Element) -> Option<&str> {
        self.stored(element).map(|piece| self.value(piece))
    }

    /// Where the element stands in the input; of a repeated element the first place.
    #[must_use]
    pub fn span(&self, element: Element) -> Option<Span> {
        self.stored(element).map(|piece| piece.start as usize..piece.end as usize)
    }

    /// All pieces in the order of the input. They do not overlap, and between them stand only marks and
    /// spaces.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.pieces.iter().map(|piece| Piece {
            element: piece.element,
            span: piece.start as usize..piece.end as usize,
            value: self.value(piece),
        })
    }

    /// All notes joined by spaces (备注); empty when everything was understood.
    #[must_use]
    pub fn notes(&self) -> String {
        let mut notes = String::new();
        for piece in self.pieces.iter().filter(|piece| piece.element == Element::Note) {
            if !notes.is_empty() {
                notes.push(' ');
            }
            notes.push_str(self.value(piece));
        }
        notes
    }

    /// True when nothing at all was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The address in one normal writing (规范写法): simplified, half width, elements from the largest to the smallest
    /// with their usual unit words, notes in brackets at the end. Parsing it again gives the same writing.
    ///
    /// ```
    /// use cn_address::Parser;
    ///
    /// let address = Parser::new().parse("外青松公路５８００弄（近盈港路）12號樓２单元301");
    /// assert_eq!(address.canonical(), "外青松公路5800弄12号楼2单元301室（近盈港路）");
    /// ```
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::with_capacity(64);
        for element in WRITTEN {
            let Some(value) = self.get(element) else { continue };
            if element == Element::Phase {
                write_phase(value, &mut out);
                continue;
            }
            out.push_str(value);
            out.push_str(match element {
                Element::Group => "组",
                Element::Lane => "弄",
                Element::SubLane => "支弄",
                Element::Number => "号",
                Element::Building => "号楼",
                Element::Unit => "单元",
                Element::Floor => "层",
                Element::Room => "室",
                _ => "",
            });
        }
        let notes = self.notes();
        if !notes.is_empty() {
            out.push('（');
            out.push_str(&notes);
            out.push('）');
        }
        out
    }

    /// The comparison key: what tells one door from another, without province, note and other trimmings.
    #[must_use]
    pub fn key(&self) -> DoorKey {
        DoorKey::of(self)
    }

    /// One address for each member of its lists and ranges (1—6号, 3.4.5组); itself alone when there are none.
    ///
    /// A range counts every number between its ends. At most 512 addresses come out; a longer range stays
    /// unexpanded.
    #[must_use]
    pub fn expand(&self) -> Vec<Self> {
        let mut out = vec![self.clone()];
        for element in
            [Element::Group, Element::Lane, Element::Number, Element::Building, Element::Floor, Element::Room]
        {
            let Some(values) = self.get(element).and_then(members) else { continue };
            if values.len() * out.len() > MAX_EXPANDED {
                continue;
            }
            out =
                out.iter().flat_map(|address| values.iter().map(|value| address.with_value(element, value))).collect();
        }
        out
    }

    fn with_value(&self, element: Element, value: &str) -> Self {
        let mut changed = self.clone();
        let (from, to) = changed.append(|text| text.push_str(value));
        let at = changed.first[element as usize] as usize;
        if let Some(piece) = changed.pieces.get_mut(at) {
            piece.from = from;
            piece.to = to;
        }
        changed
    }

    pub(crate) fn has(&self, element: Element) -> bool {
        self.first[element as usize] != ABSENT
    }

    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        self.text.clear();
        self.first = [ABSENT; Element::COUNT];
    }

    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Adds a piece. A second one of the same element keeps its place but leaves the first one's value.
    pub(crate) fn push(&mut self, element: Element, span: (u32, u32), write: impl FnOnce(&mut String)) {
        let (from, to) = self.append(write);
        let at = self.pieces.len();
        self.pieces.push(Stored { element, start: span.0, end: span.1, from, to });
        let first = &mut self.first[element as usize];
        if *first == ABSENT && at < MAX_INDEXED {
            *first = at as u8;
        }
    }

    /// Joins the last piece's value to the first one of its element: `11组，13组` reads as `11、13`.
    pub(crate) fn merge_last(&mut self, joint: char) {
        let Some(last) = self.pieces.last().copied() else { return };
        let at = self.first[last.element as usize] as usize;
        if at + 1 >= self.pieces.len() {
            return;
        }
        let joined = format!("{}{joint}{}", self.value(&self.pieces[at]), self.value(&last));
        let (from, to) = self.append(|text| text.push_str(&joined));
        self.pieces[at].from = from;
        self.pieces[at].to = to;
    }

    /// Adds to the last piece: `128号甲` after `128`.
    pub(crate) fn extend_last(&mut self, end: u32, write: impl FnOnce(&mut String)) {
        let Some(last) = self.pieces.last_mut() else { return };
        // A merged value stands elsewhere; it is taken to the end of the text, where there is room.
        if last.to as usize != self.text.len() {
            let (from, to) = (last.from as usize, last.to as usize);
            last.from = self.text.len() as u32;
            self.text.extend_from_within(from..to);
        }
        write(&mut self.text);
        last.end = end;
        last.to = self.text.len() as u32;
    }

    /// The byte where the last piece ends.
    pub(crate) fn last_end(&self) -> u32 {
        self.pieces.last().map_or(0, |piece| piece.end)
    }

    pub(crate) fn last_element(&self) -> Option<Element> {
        self.pieces.last().map(|piece| piece.element)
    }

    fn append(&mut self, write: impl FnOnce(&mut String)) -> (u32, u32) {
        let from = self.text.len() as u32;
        write(&mut self.text);
        (from, self.text.len() as u32)
    }

    fn stored(&self, element: Element) -> Option<&Stored> {
        self.pieces.get(self.first[element as usize] as usize).filter(|_| self.has(element))
    }

    fn value(&self, piece: &Stored) -> &str {
        &self.text[piece.from as usize..piece.to as usize]
    }
}

/// 2期, B区, 2期东区.
fn write_phase(value: &str, out: &mut String) {
    for part in value.split('-') {
        out.push_str(part);
        out.push_str(if part.starts_with(|c: char| c.is_ascii_digit()) { "期" } else { "区" });
    }
}

/// The members of a list or range; nothing for a single value.
fn members(value: &str) -> Option<Vec<String>> {
    if !value.contains(['、', '~']) {
        return None;
    }
    let mut out = Vec::new();
    for part in value.split('、') {
        match part.split_once('~') {
            Some((low, high)) => match (low.parse::<u32>(), high.parse::<u32>()) {
                (Ok(low), Ok(high)) if low <= high && (high - low) as usize <= MAX_EXPANDED => {
                    out.extend((low..=high).map(|n| n.to_string()));
                }
                _ => out.push(part.to_owned()),
            },
            None => out.push(part.to_owned()),
        }
    }
    Some(out)
}
