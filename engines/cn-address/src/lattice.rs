//! A stretch of text between two numbers, divided into names: the cheapest path through all readings.
//!
//! Every place where a name may begin is a node; every reading of the characters behind it (a name by its ending,
//! by the table of names, or what stands before a number) is an edge with a price. The prices say how many
//! characters such names have, and what may follow what; they are in `names.rs` and here.

mod known;
mod places;

use smallvec::SmallVec;

use crate::{
    element::Element,
    fold::{Ch, ENDS, Kind, MARK, SPACE, after, at},
    gazetteer::Gazetteer,
    names::{Ending, Inner, endings_at, quarter_at},
    words::{Unit, contact_at, has_telephone, relative_at},
};
use places::Places;

/// Names are not longer than this; longer text is a note.
const MAX_NAME_CHARS: usize = 26;

/// A set of elements.
pub(crate) type Mask = u32;

pub(crate) const fn bit(element: Element) -> Mask {
    1 << element as u32
}

const INNER: Mask =
    bit(Element::Road) | bit(Element::Lane) | bit(Element::Number) | bit(Element::Village) | bit(Element::Hamlet);
/// What parts of an estate (东区) stand behind.
const ZONED: Mask = INNER | bit(Element::Town) | bit(Element::Site) | bit(Element::Building) | bit(Element::Phase);
const DOOR: Mask = bit(Element::Lane) | bit(Element::Number) | bit(Element::Building) | bit(Element::Room);

/// One name found in a stretch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    /// [`Element::Group`] stands for 村民 before a group's number, which belongs to that.
    pub element: Element,
    pub start: usize,
    pub end: usize,
    /// The ending was left out; the table of names has it.
    pub shortened: bool,
}

/// What is known about the surroundings of a stretch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    /// What the address already has.
    pub mask: Mask,
    /// The unit of the number behind the stretch.
    pub next: Option<Unit>,
    /// Rooms or buildings follow: a town rather than a village.
    pub urban: bool,
}

/// Longer stretches are no address: a note as a whole.
const MAX_STRETCH: usize = 600;
/// Stretches of fewer characters are divided without an allocation.
const FEW_NODES: usize = 40;

/// The best way to a place in the stretch: its last name, and the node where that began.
#[derive(Debug, Clone, Copy)]
struct Node {
    price: u32,
    mask: Mask,
    from: u16,
    name_start: u16,
    name_end: u16,
    element: Element,
    shortened: bool,
}

const UNREACHED: Node =
    Node { price: u32::MAX, mask: 0, from: 0, name_start: 0, name_end: 0, element: Element::Note, shortened: false };

struct Lattice<'a> {
    buf: &'a [Ch],
    start: usize,
    end: usize,
    context: Context,
    gazetteer: &'a Gazetteer,
    /// The name now being read begins with a province or district.
    divided: bool,
    /// Behind a province or district, of the name or before it, stands a town of the table, which ends here.
    town_until: Option<usize>,
    /// Where names may end, and spaces.
    ends: Places,
    /// Brackets and marks.
    marks: Places,
    nodes: &'a mut [Node],
}

pub(crate) fn divide(
    buf: &[Ch],
    start: usize,
    end: usize,
    context: Context,
    gazetteer: &Gazetteer,
) -> SmallVec<[Segment; 8]> {
    if end - start > MAX_STRETCH {
        return SmallVec::from_iter([Segment { element: Element::Note, start, end, shortened: false }]);
    }
    let mut few = [UNREACHED; FEW_NODES];
    let mut many = Vec::new();
    let nodes = if let Some(nodes) = few.get_mut(..=end - start) {
        nodes
    } else {
        many.resize(end - start + 1, UNREACHED);
        many.as_mut_slice()
    };
    let places = |flags| Places::of(&buf[start..end], flags);
    let (ends, marks) = (places(ENDS | SPACE), places(MARK));
    let mut lattice =
        Lattice { buf, start, end, context, gazetteer, divided: false, town_until: None, ends, marks, nodes };
    lattice.nodes[0] = Node { price: 0, mask: context.mask, ..UNREACHED };
    for p in start..end {
        // No way on from here can be cheaper than what already leads to the end.
        if lattice.nodes[p - start].price < lattice.nodes[end - start].price {
            lattice.readings_from(p);
        }
    }
    lattice.path()
}

impl Lattice<'_> {
    fn path(&self) -> SmallVec<[Segment; 8]> {
        let mut found = SmallVec::new();
        let mut n = self.end - self.start;
        while n > 0 {
            let node = &self.nodes[n];
            found.extend(self.segment(node));
            n = node.from as usize;
        }
        found.reverse();
        found
    }

    /// The name that leads to a node; nothing when only marks do.
    fn segment(&self, node: &Node) -> Option<Segment> {
        let Node { element, shortened, .. } = *node;
        let (start, end) = (self.start + node.name_start as usize, self.start + node.name_end as usize);
        (end > start).then_some(Segment { element, start, end, shortened })
    }

    fn readings_from(&mut self, p: usize) {
        let mut s = p;
        s += self.buf[s..self.end].iter().take_while(|ch| ch.flags & (SPACE | MARK) != 0).count();
        if s == self.end {
            self.reach(p, s, 0, None);
            return;
        }
        let stop = s + self.marks.first_from(s - self.start).min(MAX_NAME_CHARS).min(self.end - s);
        self.known(p, s, stop);
        let inner = self.by_ending(p, s, stop);
        if self.nodes[p - self.start].mask != 0
            && let Some(end) = relative_at(self.buf, s).filter(|&end| end <= stop)
        {
            self.reach(p, s, if end == stop { 2 } else { 7 }, Some((Element::Note, end)));
        }
        if self.nodes[p - self.start].mask & ZONED != 0
            && let Some(end) = quarter_at(self.buf, s).filter(|&end| end <= stop)
        {
            self.reach(p, s, 1, Some((Element::Phase, end)));
        }
        if contact_at(self.buf, s).is_some_and(|end| end <= stop) {
            self.reach(p, s, 2, Some((Element::Note, stop)));
        }
        self.open(p, s, stop, inner);
        let digits = self.buf[s..stop].iter().take_while(|ch| ch.kind == Kind::Digit).count();
        if digits >= 4 {
            self.reach(p, s, 5, Some((Element::Note, s + digits)));
        }
        // A space may part two names: 仁恒西郊 张江一路.
        if inner.spaces > 0
            && let Some(space) = (s..stop).find(|&n| self.buf[n].kind == Kind::Space)
        {
            self.open(p, s, space, Inner::default());
        }
    }

    fn by_ending(&mut self, p: usize, s: usize, stop: usize) -> Inner {
        let mut inner = Inner::default();
        let buf = self.buf;
        for i in self.ends.within(s - self.start, stop - s).map(|n| s + n) {
            if buf[i].flags & ENDS == 0 {
                inner.spaces += 1;
                continue;
            }
            let before = inner;
            for one in endings_at(buf, s, i, before).into_iter().flatten() {
                if one.end <= stop {
                    self.add(p, s, one);
                }
                match one.element {
                    Element::Road => inner.road = Some(i + 1),
                    Element::Village | Element::Hamlet => inner.place = true,
                    // 赵镇路 has no town.
                    Element::Town => (inner.place, inner.town) = (true, inner.town || one.end - s > 2),
                    // 桥梓湾公寓 goes on behind a weak ending.
                    Element::Site => inner.place |= one.price <= 3,
                    Element::District | Element::City | Element::Province => inner.place |= one.price <= 4,
                    _ => {}
                }
            }
        }
        inner
    }

    /// A reading by its ending, in the light of what the address has already.
    fn add(&mut self, p: usize, s: usize, found: Ending) {
        use Element::{City, District, Hamlet, Note, Province, Road, Site, Town, Village};
        let Node { price: so_far, mask, .. } = self.nodes[p - self.start];
        let Ending { element, end, mut price } = found;
        // What the address has already makes a reading dearer, never cheaper: this one leads nowhere.
        if so_far + price + 1 >= self.nodes[end - self.start].price.min(self.nodes[self.end - self.start].price) {
            return;
        }
        let has = |element| mask & bit(element) != 0;
        let element = match element {
            Province | Town => {
                price += 3 * u32::from(has(element) && !self.repeats(p, s, end)) + 10 * u32::from(mask & INNER != 0);
                element
            }
            City | District => {
                price += 10 * u32::from(mask & (INNER | bit(Town)) != 0);
                // 民惠佳苑 南区 is no district, 攀枝花市 东区 is one.
                let quarter = quarter_at(self.buf, end - 2).is_some() && (has(Site) || end - s == 2 && !has(City));
                price += 10 * u32::from(quarter);
                if has(City) && element == City { District } else { element }
            }
            Village if has(Village) && !has(Hamlet) && !self.repeats(p, s, end) => Hamlet,
            Road if at(self.buf, s) == '近' => Note,
            Road if has(Road) || has(Number) => {
                price += 6;
                Note
            }
            // 张家巷 within a village is a hamlet.
            Road if has(Village) && !has(Hamlet) && at(self.buf, end - 1) == '巷' => Hamlet,
            Site if has(Site) => {
                price += 2;
                Note
            }
            other => other,
        };
        use Element::Number;
        if matches!(element, Village | Hamlet) {
            price += 6 * u32::from(mask & DOOR != 0) + 4 * u32::from(has(Road)) + 3 * u32::from(has(element));
        }
        price += self.estate_or_village(found.element, s, end) + self.prefixed(found.element, s, end);
        self.reach(p, s, price, Some((element, end)));
    }

    /// 曹杨一村 is an estate where rooms follow, a village where groups do.
    fn estate_or_village(&self, element: Element, s: usize, end: usize) -> u32 {
        let before = at(self.buf, end.wrapping_sub(2));
        if at(self.buf, end - 1) != '村' || before != '新' && crate::fold::numeral(before).is_none() {
            return 0;
        }
        let groups = matches!(self.context.next, Some(Unit::Group | Unit::Team));
        match (element, end - s > 3) {
            (Element::Site, _) if groups => 8,
            (Element::Site, false) if !self.context.urban => 4,
            (Element::Village, true) if !groups => 3,
            (Element::Village, false) if self.context.urban && !groups => 5,
            _ => 0,
        }
    }

    /// A name of five characters or more that begins with a province or district is likelier two names
    /// (青浦香大路), and no division begins with digits.
    fn prefixed(&self, element: Element, s: usize, end: usize) -> u32 {
        use Element::{City, District, Hamlet, Province, Road, Site, Town, Village};
        let swallows = self.town_until.is_some_and(|town| town + 1 < end);
        if swallows && matches!(element, Village | Hamlet | Road | Site) {
            return 10;
        }
        if !matches!(element, Province | City | District | Town | Village | Hamlet | Road) {
            return 0;
        }
        if self.buf[s].kind == Kind::Digit {
            return if element == Road { 0 } else { 12 };
        }
        if end - s >= 5 && self.divided && element != Province { 5 } else { 0 }
    }

    /// True when the name is one that the path to `p` already has.
    fn repeats(&self, p: usize, s: usize, end: usize) -> bool {
        let mut n = p - self.start;
        while n > 0 {
            let node = &self.nodes[n];
            if let Some(segment) = self.segment(node)
                && self.buf[segment.start..segment.end].iter().map(|ch| ch.c).eq(self.buf[s..end].iter().map(|ch| ch.c))
            {
                return true;
            }
            n = node.from as usize;
        }
        false
    }

    /// True when nothing but marks and spaces stands between `stop` and the number behind the stretch.
    fn clear_behind(&self, stop: usize) -> bool {
        self.buf[stop..self.end].iter().all(|ch| matches!(ch.kind, Kind::Mark | Kind::Space))
    }

    /// The rest up to the next mark, as a name without an ending or a note.
    fn open(&mut self, p: usize, s: usize, stop: usize, inner: Inner) {
        use Element::{Group, Hamlet, Note, Road, Room, Site, Village};
        let Node { price: so_far, mask, .. } = self.nodes[p - self.start];
        let has = |element: Element| mask & bit(element) != 0;
        let count = stop - s - inner.spaces;
        let doubts = [inner.place, inner.road.is_some(), self.divided && count > 4].map(u32::from);
        let doubt = 8 * doubts.iter().sum::<u32>() + 3 * inner.spaces as u32;
        // None of the offers below costs less than this, but 村民 before a group.
        let least = if matches!(self.context.next, Some(Unit::Group | Unit::Team)) { 0 } else { 4 };
        if so_far + doubt + least + 1 >= self.nodes[stop - self.start].price {
            return;
        }
        let short = |from: usize| (from..=5).contains(&count);
        let before_number = self.context.next.filter(|_| self.clear_behind(stop));
        let offer = |lattice: &mut Self, element, price: u32| {
            lattice.reach(p, s, price + doubt, Some((element, stop)));
        };
        if matches!(before_number, Some(Unit::Group | Unit::Team)) && mask & bit(Village) != 0 {
            let filler = ["村民", "村民小组", "居民", "民", "生产", "社员"]
                .iter()
                .any(|word| after(self.buf, s, word) == Some(stop));
            if filler {
                offer(self, Group, 0);
            }
        }
        match before_number {
            Some(Unit::Group | Unit::Team) if has(Village) && short(1) => {
                offer(self, Hamlet, if count == 1 { 8 } else { 4 })
            }
            Some(Unit::Group) if short(2) => offer(self, Village, 8),
            Some(Unit::Team) if short(1) => offer(self, Hamlet, 8),
            Some(Unit::Lane) if !has(Road) && short(2) => offer(self, Road, 8),
            Some(Unit::Lane | Unit::Number) if has(Village) && !has(Road) && !has(Hamlet) && short(1) => {
                offer(self, Hamlet, 5)
            }
            _ => {}
        }
        let bracketed = s > 0 && at(self.buf, s - 1) == '(';
        if bracketed && has(Village) && !has(Hamlet) && !has(Road) && (2..=4).contains(&count) {
            offer(self, Hamlet, 9);
        }
        let late = mask & (DOOR | bit(Road)) != 0;
        let named = count >= 2 && !has(Site) && !has(Room) && self.buf[s].kind != Kind::Digit;
        if named && !has_telephone(&self.buf[s..stop]) {
            let before = before_number.is_some() as u32;
            offer(self, Site, if late { 18 } else { 14 } - before);
        }
        let price = match () {
            () if has(Room) => 4,
            () if late => 15,
            () => 17,
        };
        offer(self, Note, price + count as u32 / 2);
    }

    fn reach(&mut self, p: usize, s: usize, price: u32, reading: Option<(Element, usize)>) {
        let from = p - self.start;
        let Node { price: so_far, mask, .. } = self.nodes[from];
        let end = reading.map_or(s, |(_, end)| end);
        // A name more is a little less likely than one name.
        let price = so_far + price + u32::from(reading.is_some());
        let node = &mut self.nodes[end - self.start];
        if price < node.price {
            *node = Node {
                price,
                mask: reading.map_or(mask, |(element, _)| mask | bit(element)),
                from: from as u16,
                name_start: (s - self.start) as u16,
                name_end: (end - self.start) as u16,
                element: reading.map_or(Element::Note, |(element, _)| element),
                shortened: false,
            };
        }
    }
}
