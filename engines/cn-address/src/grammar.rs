//! The parser: one pass from left to right, one pending name, numbers placed by their unit or their context.

use smallvec::SmallVec;

use crate::{
    address::Address,
    classify,
    cluster::{self, Ch, Joint, Part},
    element::Element,
    fold::{Folder, Kind, kind},
    gazetteer::Gazetteer,
    words::{self, Ending, Unit, at},
};

/// A parser of written addresses. Cheap to copy by reference, free of state between calls.
#[derive(Debug, Clone)]
pub struct Parser {
    folder: Folder,
    gazetteer: Gazetteer,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser that knows only the grammar.
    #[must_use]
    pub fn new() -> Self {
        Self::with_gazetteer(Gazetteer::new())
    }

    /// A parser that also knows the names of a table.
    #[must_use]
    pub fn with_gazetteer(gazetteer: Gazetteer) -> Self {
        Self { folder: Folder::new(), gazetteer }
    }

    /// Parses one address. Any text is accepted; what it does not understand becomes a note.
    #[must_use]
    pub fn parse(&self, text: &str) -> Address {
        let mut address = Address::default();
        self.parse_into(text, &mut address);
        address
    }

    /// As [`Parser::parse`], into an address whose memory is used again.
    pub fn parse_into(&self, text: &str, address: &mut Address) {
        address.clear();
        address.reserve(text.len() + 16);
        let mut buf = SmallVec::<[Ch; 64]>::new();
        buf.extend(text.char_indices().map(|(at, c)| Ch { c: self.folder.fold(c), at: at as u32 }));
        let mut run = Run {
            buf: &buf,
            end: text.len() as u32,
            gazetteer: &self.gazetteer,
            address,
            name: None,
            closed: None,
            cursor: 0,
        };
        run.all();
    }
}

pub(crate) struct Run<'a> {
    pub buf: &'a [Ch],
    end: u32,
    pub gazetteer: &'a Gazetteer,
    pub address: &'a mut Address,
    /// Where the pending name began.
    pub name: Option<usize>,
    /// Where it ended, when a separator has come since.
    pub closed: Option<usize>,
    /// The character now being read; an open name reaches to it.
    pub cursor: usize,
}

impl Run<'_> {
    fn all(&mut self) {
        let mut i = 0;
        while i < self.buf.len() {
            self.cursor = i;
            i = self.step(i);
        }
        self.cursor = i;
        classify::flush(self, None);
    }

    fn step(&mut self, i: usize) -> usize {
        let c = self.buf[i].c;
        match kind(c) {
            Kind::Mark => {
                self.close(i);
                i + 1
            }
            Kind::Space => {
                self.space(i);
                i + 1
            }
            Kind::Digit | Kind::Letter | Kind::Numeral => self.number(i).unwrap_or_else(|| self.text(i)),
            Kind::Text if c == '第' || c == '临' || c == '附' || cluster::is_cyclic(c) => {
                self.number(i).unwrap_or_else(|| self.text(i))
            }
            Kind::Text => self.text(i),
        }
    }

    /// A mark ends the pending name, which a number may still claim.
    fn close(&mut self, i: usize) {
        if self.name.is_some() && self.closed.is_none() {
            self.closed = Some(i);
        }
    }

    /// A space inside a name is nothing; after a site's name, or beside digits and letters, it parts.
    fn space(&mut self, i: usize) {
        let Some(start) = self.name else { return };
        if self.closed.is_none() && (words::is_site(self.buf, start, i) || kind(at(self.buf, i + 1)) != Kind::Text) {
            self.closed = Some(i);
        }
    }

    /// One character of text: begins or carries on a name, and may end it.
    fn text(&mut self, i: usize) -> usize {
        if self.closed.is_some() {
            classify::flush(self, None);
        }
        let start = match self.name {
            Some(start) => start,
            None => {
                if let Some(end) = classify::known_name(self, i) {
                    return end;
                }
                self.name = Some(i);
                i
            }
        };
        match words::ending_at(self.buf, start, i) {
            Some((ending, end)) if self.accepts(ending) => {
                classify::ended(self, start, end, ending);
                self.name = None;
                end
            }
            _ => i + 1,
        }
    }

    /// Divisions are not looked for once a road or a door has been read.
    fn accepts(&self, ending: Ending) -> bool {
        let inner =
            self.address.has(Element::Road) || self.address.has(Element::Lane) || self.address.has(Element::Number);
        match ending {
            Ending::Province | Ending::City | Ending::District | Ending::Town => {
                !inner && !self.address.has(Element::Village)
            }
            Ending::Village | Ending::Hamlet => !self.address.has(Element::Number) && !self.address.has(Element::Lane),
            Ending::Road | Ending::Site => true,
        }
    }

    /// A cluster of numbers at `i`; nothing when it belongs to a name.
    fn number(&mut self, i: usize) -> Option<usize> {
        let parts = cluster::read(self.buf, i);
        let last = parts.last()?;
        match words::unit_at(self.buf, last.end) {
            Some((unit, end)) => self.with_unit(&parts, unit, end),
            None => self.bare(&parts, i),
        }
    }

    fn with_unit(&mut self, parts: &[Part], unit: Unit, end: usize) -> Option<usize> {
        let first = parts.first()?;
        let unit = match unit {
            Unit::Storey => self.storey(end),
            Unit::Zone if !parts.iter().any(|part| part.spelled || part.before.is_some()) && self.name.is_none() => {
                return None;
            }
            unit => unit,
        };
        // A letter before a plain unit such as 户 is not a number: "A户型".
        if parts.len() == 1
            && first.value.is_none()
            && !matches!(unit, Unit::Building | Unit::Zone | Unit::Entrance | Unit::Floor | Unit::Room)
        {
            return None;
        }
        if matches!(unit, Unit::Entrance) && first.spelled && at(self.buf, end.saturating_sub(1)) == '门' {
            return None;
        }
        let split = chain_split(parts, unit);
        classify::flush(self, Some(unit));
        if split > 0 {
            self.place_chain(&parts[..split], Some(unit));
        }
        self.place(unit, &parts[split..], end);
        Some(self.after_number(unit, end))
    }

    /// 楼 is a building before 单元 or when a floor would leave the building out; else a floor.
    fn storey(&self, end: usize) -> Unit {
        let next = cluster::read(self.buf, end);
        let before_unit = next.last().and_then(|part| words::unit_at(self.buf, part.end));
        match before_unit {
            Some((Unit::Entrance | Unit::Floor | Unit::Storey, _)) if !self.address.has(Element::Building) => {
                Unit::Building
            }
            _ => Unit::Floor,
        }
    }

    fn place(&mut self, unit: Unit, parts: &[Part], end: usize) {
        let element = self.element_of(unit);
        let Some(first) = parts.first() else { return };
        let span = (self.offset(first.start), self.offset(end));
        let again = self.address.has(element);
        let last = self.address.last_element();
        let between_marks = first.start > 0 && matches!(at(self.buf, first.start - 1), '、' | ',' | '.' | ' ');
        let joins = again && last == Some(element) && between_marks && element != Element::Phase;
        if again && !joins && element != Element::Group {
            self.address.push(Element::Note, span, cluster_text(self.buf, first.start, end));
            return;
        }
        let parts: SmallVec<[Part; 4]> = parts
            .iter()
            .enumerate()
            .map(|(n, &part)| if n == 0 { Part { joint: Joint::First, ..part } } else { part })
            .collect();
        self.address.push(element, span, cluster::value(&parts));
        if again {
            self.address.merge_last();
        }
    }

    /// Which element a unit word means here: a second 号 is the building's.
    fn element_of(&self, unit: Unit) -> Element {
        match unit {
            Unit::Lane if self.address.has(Element::Lane) => Element::SubLane,
            Unit::Lane => Element::Lane,
            Unit::SubLane => Element::SubLane,
            Unit::Number
                if self.address.has(Element::Number) && self.address.last_element() != Some(Element::Number) =>
            {
                Element::Building
            }
            Unit::Number
                if self.address.has(Element::Number) && !self.address.has(Element::Building) && !self.list_before() =>
            {
                Element::Building
            }
            Unit::Number => Element::Number,
            Unit::Building => Element::Building,
            Unit::Entrance => Element::Unit,
            Unit::Storey | Unit::Floor => Element::Floor,
            Unit::Room => Element::Room,
            Unit::Group | Unit::Team => Element::Group,
            Unit::Phase | Unit::Zone => Element::Phase,
        }
    }

    /// True when the last mark written before the current number makes it the next of a list.
    fn list_before(&self) -> bool {
        let Some(end) = self.address.pieces().last().map(|piece| piece.span.end as u32) else { return false };
        self.buf.iter().any(|ch| ch.at == end && matches!(ch.c, '、' | ',' | '.'))
    }

    /// What may still belong to a number after its 号.
    fn after_number(&mut self, unit: Unit, end: usize) -> usize {
        if unit != Unit::Number || self.address.last_element() != Some(Element::Number) {
            return end;
        }
        if words::is_trailing_cyclic(self.buf, end) {
            self.address.extend_last(self.offset(end + 1), std::iter::once(at(self.buf, end)));
            return end + 1;
        }
        let (sign, start) = match at(self.buf, end) {
            '之' => ('-', end + 1),
            '附' => ('附', end + 1),
            '-' => ('-', end + 1),
            _ => return end,
        };
        let Some((value, mut next, _)) = cluster::number(self.buf, start) else { return end };
        // 128号-1 is one door; 12号-301 a room of number 12.
        if at(self.buf, end) == '-'
            && (value > 20 || words::unit_at(self.buf, next).is_some() || at(self.buf, next) == '-')
        {
            return end;
        }
        next += usize::from(sign == '附' && at(self.buf, next) == '号');
        let digits = value.to_string();
        self.address.extend_last(self.offset(next), std::iter::once(sign).chain(digits.chars()));
        next
    }

    /// A number without a unit: part of a name, or placed by what came before.
    fn bare(&mut self, parts: &[Part], i: usize) -> Option<usize> {
        let first = *parts.first()?;
        let chain = parts.iter().take_while(|part| matches!(part.joint, Joint::First | Joint::Dash)).count();
        let parts = &parts[..chain];
        let end = parts.last()?.end;
        let next = at(self.buf, end);
        if first.spelled || first.value.is_none() && chain == 1 || kind(next) == Kind::Letter {
            return None;
        }
        // 318国道, 某1路: the number belongs to a road's name.
        if !self.address.has(Element::Road)
            && (end..end + 3).any(|n| {
                kind(at(self.buf, n)) == Kind::Text
                    && words::ending_at(self.buf, i.saturating_sub(1), n).is_some_and(|(e, _)| e == Ending::Road)
            })
            && (end..end + 1).all(|n| kind(at(self.buf, n)) == Kind::Text)
        {
            return None;
        }
        let placed = [
            Element::Road,
            Element::Lane,
            Element::Number,
            Element::Building,
            Element::Village,
            Element::Site,
            Element::Hamlet,
            Element::Unit,
            Element::Floor,
        ]
        .iter()
        .any(|&element| self.address.has(element));
        if !placed && (self.name.is_none() || kind(next) == Kind::Text) || self.address.has(Element::Room) {
            return None;
        }
        classify::flush(self, Some(Unit::Number));
        self.place_chain(parts, None);
        Some(end)
    }

    /// Places the numbers of a chain such as `12-2-301` from what is still missing. With `before`, the chain
    /// stands before a number with that unit.
    fn place_chain(&mut self, parts: &[Part], before: Option<Unit>) {
        let slots = classify::slots(self.address, parts, before);
        for (part, slot) in parts.iter().zip(slots) {
            let span = (self.offset(part.start), self.offset(part.end));
            let single = [Part { joint: Joint::First, ..*part }];
            match slot {
                Some(element) if !self.address.has(element) => {
                    self.address.push(element, span, cluster::value(&single))
                }
                Some(Element::Number) if self.address.last_element() == Some(Element::Number) => {
                    self.address.extend_last(span.1, std::iter::once('-').chain(cluster::value(&single)));
                }
                _ => self.address.push(Element::Note, span, cluster::value(&single)),
            }
        }
    }

    /// The byte where the character `i` begins, or the end of the text.
    pub(crate) fn offset(&self, i: usize) -> u32 {
        self.buf.get(i).map_or(self.end, |ch| ch.at)
    }
}

/// How many leading parts of `12-2-301室` belong to larger elements than the unit's.
fn chain_split(parts: &[Part], unit: Unit) -> usize {
    if parts.len() < 2 || parts[1..].iter().any(|part| part.joint != Joint::Dash) {
        return 0;
    }
    match unit {
        Unit::Room => {
            let n = parts.len();
            let (low, high) = (parts[n - 2].value.unwrap_or(0), parts[n - 1].value.unwrap_or(0));
            let same_floor = low >= 100 && high > low && high - low < 20;
            if same_floor { n - 2 } else { n - 1 }
        }
        Unit::Entrance | Unit::Floor => parts.len() - 1,
        _ => 0,
    }
}

pub(crate) fn cluster_text(buf: &[Ch], start: usize, end: usize) -> impl Iterator<Item = char> + '_ {
    buf[start..end].iter().map(|ch| ch.c)
}
