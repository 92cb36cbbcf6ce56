//! The parser: one pass from left to right over numbers and the text between them.

use crate::{
    address::Address,
    cluster::{self, Part},
    doors,
    element::Element,
    fold::{self, CHANGED, Ch, Folder, Kind, SIGN, SPACE, at, kind_at},
    gazetteer::Gazetteer,
    lattice::{self, Context, Mask, Segment, bit},
    words::{self, Unit},
};

/// Addresses of no more characters are folded without an allocation.
const FEW_CHARS: usize = 96;

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
        let mut few = [fold::END; FEW_CHARS];
        let many: Vec<Ch>;
        let buf = match self.folder.fold_into(text, &mut few) {
            Some(count) => &few[..count],
            None => {
                many = text.char_indices().map(|(at, c)| self.folder.fold(c, at as u32)).collect();
                &many
            }
        };
        let mut run = Run {
            buf,
            input: text,
            folder: self.folder,
            end: text.len() as u32,
            gazetteer: &self.gazetteer,
            address,
            mask: 0,
            text: None,
            seen: 0,
            prefix: None,
        };
        run.all();
    }
}

pub(crate) struct Run<'a> {
    pub buf: &'a [Ch],
    input: &'a str,
    folder: Folder,
    end: u32,
    gazetteer: &'a Gazetteer,
    pub address: &'a mut Address,
    /// The elements that the address has.
    pub mask: Mask,
    /// Where the pending text began.
    pub text: Option<usize>,
    /// Characters before this one are part of pieces.
    seen: usize,
    /// Where 村民 began, which belongs to the next number.
    pub prefix: Option<usize>,
}

impl Run<'_> {
    fn all(&mut self) {
        let mut i = 0;
        while i < self.buf.len() {
            i = self.step(i);
        }
        self.flush(i, None);
        self.keep_up_to(self.end);
    }

    fn step(&mut self, i: usize) -> usize {
        let c = self.buf[i];
        match c.kind {
            Kind::Mark if c.c == '(' && words::is_remark(self.buf, i + 1) => self.remark(i),
            Kind::Mark | Kind::Space => i + 1,
            Kind::Digit | Kind::Letter | Kind::Numeral | Kind::Capital => {
                doors::number(self, i).unwrap_or_else(|| self.pending(i))
            }
            Kind::Text if c.flags & SIGN != 0 => doors::number(self, i).unwrap_or_else(|| self.pending(i)),
            // #301: the sign alone says nothing. 1号至6号: it joins two numbers, which `doors` looks at again.
            Kind::Text if c.c == '#' && kind_at(self.buf, i + 1) != Kind::Text => i + 1,
            Kind::Text
                if self.text.is_none()
                    && matches!(c.c, '至' | '到' | '和' | '及' | '与')
                    && kind_at(self.buf, i + 1) == Kind::Digit
                    && (self.has(Element::Number) || self.has(Element::Group) || self.has(Element::Room)) =>
            {
                // It belongs to the number before it, so that it is not lost when the next is of another kind.
                self.address.extend_last(self.offset(i + 1), |_| ());
                i + 1
            }
            Kind::Text => self.pending(i),
        }
    }

    /// The characters from `i` belong to a name. Digits and letters are taken together.
    fn pending(&mut self, i: usize) -> usize {
        self.text.get_or_insert(i);
        let mut end = i + 1;
        if matches!(self.buf[i].kind, Kind::Digit | Kind::Letter) {
            while matches!(kind_at(self.buf, end), Kind::Digit | Kind::Letter) {
                end += 1;
            }
        }
        end
    }

    /// A bracket that begins with 近, 原, 电话 and the like is a note as a whole.
    fn remark(&mut self, open: usize) -> usize {
        self.flush(open, None);
        let close = (open + 1..self.buf.len()).find(|&n| at(self.buf, n) == ')').unwrap_or(self.buf.len());
        self.push(Element::Note, open + 1, close);
        (close + 1).min(self.buf.len())
    }

    /// Divides the pending text into names, before a number with the unit `next` or at the end.
    pub(crate) fn flush(&mut self, to: usize, next: Option<Unit>) {
        let Some(start) = self.text.take() else { return };
        let estate = next.is_some() && self.buf[start..to].iter().any(|ch| ch.c == '村');
        let urban = estate && words::is_urban(self.buf, to);
        let context = Context { mask: self.mask, next, urban };
        for segment in lattice::divide(self.buf, start, to, context, self.gazetteer) {
            self.name(segment);
        }
    }

    fn name(&mut self, segment: Segment) {
        let Segment { element, start, end, shortened } = segment;
        if element == Element::Group {
            self.prefix = Some(start);
            return;
        }
        if element == Element::Phase {
            let quarter = at(self.buf, start);
            self.phase((self.offset(start), self.offset(end)), |text| text.push(quarter));
            return;
        }
        let full = shortened.then(|| self.gazetteer.whole(&self.buf[start..end]).and_then(|(_, full)| full)).flatten();
        match full {
            Some(full) => {
                let span = (self.offset(start), self.offset(end));
                self.keep_up_to(span.0);
                self.mask |= bit(element);
                self.address.push(element, span, |text| text.push_str(full));
            }
            None => self.push(element, start, end),
        }
    }

    /// A name or a note, as it is written.
    pub(crate) fn push(&mut self, element: Element, start: usize, end: usize) {
        let mut end = end;
        while end > start && matches!(self.buf[end - 1].kind, Kind::Space) {
            end -= 1;
        }
        if end == start {
            return;
        }
        let span = (self.offset(start), self.offset(end));
        self.keep_up_to(span.0);
        if element == Element::Note {
            self.note(span);
            return;
        }
        self.mask |= bit(element);
        let (input, chars) = (self.input, &self.buf[start..end]);
        let flags = chars.iter().fold(0, |all, ch| all | ch.flags);
        self.address.push(element, span, |text| {
            if flags & (CHANGED | SPACE) == 0 {
                text.push_str(&input[span.0 as usize..span.1 as usize]);
            } else {
                text.extend(chars.iter().filter(|ch| ch.flags & SPACE == 0).map(|ch| ch.c));
            }
        });
    }

    /// A note keeps what was written; two with nothing but marks between them are one, brackets apart.
    fn note(&mut self, span: (u32, u32)) {
        self.mask |= bit(Element::Note);
        let (input, end) = (self.input, self.address.last_end() as usize);
        let brackets = |c: char| matches!(self.folder.fold(c, 0).c, '(' | ')');
        let together = self.address.last_element() == Some(Element::Note)
            && input.get(end..span.0 as usize).is_some_and(|between| !between.contains(brackets));
        if together {
            self.address.extend_last(span.1, |text| text.push_str(&input[end..span.1 as usize]));
        } else {
            self.address.push(Element::Note, span, |text| text.push_str(&input[span.0 as usize..span.1 as usize]));
        }
    }

    /// A phase or part of a site; directly behind another both count: 二期东区 is `2-东`.
    pub(crate) fn phase(&mut self, span: (u32, u32), write: impl FnOnce(&mut String)) {
        self.keep_up_to(span.0);
        self.mask |= bit(Element::Phase);
        if self.address.last_element() == Some(Element::Phase) {
            self.address.extend_last(span.1, |text| {
                text.push('-');
                write(text);
            });
        } else {
            self.address.push(Element::Phase, span, write);
        }
    }

    /// A number of an element.
    pub(crate) fn push_value(&mut self, element: Element, span: (u32, u32), parts: &[Part]) {
        self.keep_up_to(span.0);
        self.mask |= bit(element);
        self.address.push(element, span, |text| cluster::write(parts, text));
    }

    /// What no reading has claimed before the byte `to` becomes a note: nothing is lost.
    fn keep_up_to(&mut self, to: u32) {
        let from = self.address.last_end();
        if to <= from {
            return;
        }
        while self.seen < self.buf.len() && self.buf[self.seen].at < from {
            self.seen += 1;
        }
        let rest = self.buf[self.seen..].iter().take_while(|ch| ch.at < to);
        let mut kept = rest.enumerate().filter(|(_, ch)| !matches!(ch.kind, Kind::Mark | Kind::Space) && ch.c != '#');
        let Some((first, _)) = kept.next() else { return };
        let last = kept.last().map_or(first, |(last, _)| last);
        let (start, end) = (self.seen + first, self.seen + last + 1);
        self.note((self.offset(start), self.offset(end)));
    }

    pub(crate) fn has(&self, element: Element) -> bool {
        self.mask & bit(element) != 0
    }

    /// The byte where the character `i` begins, or the end of the text.
    pub(crate) fn offset(&self, i: usize) -> u32 {
        self.buf.get(i).map_or(self.end, |ch| ch.at)
    }
}
