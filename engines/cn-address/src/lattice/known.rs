//! Names that need no ending: those of the table, provinces, districts of Shanghai.

use super::{INNER, Lattice, bit};
use crate::{
    element::Element,
    fold::{HEAD, at},
    names::Ending,
    places::{province_at, shanghai_at},
};

impl Lattice<'_> {
    pub(super) fn known(&mut self, p: usize, s: usize, stop: usize) {
        // Before anything is read from here: what the last place found says nothing of the names at this one.
        (self.divided, self.town_until) = (false, None);
        if !self.gazetteer.is_empty() {
            self.of_the_table(p, s, stop);
        }
        let mask = self.nodes[p - self.start].mask;
        if mask & (bit(Element::Province) | bit(Element::District)) != 0
            && mask & (INNER | bit(Element::Town)) == 0
            && !self.gazetteer.is_empty()
        {
            self.town_until = self.gazetteer.town(&self.buf[..stop], s);
        }
        if self.buf[s].flags & HEAD == 0 {
            return;
        }
        let numbered = self.context.next.is_some();
        let apart = |end: &usize| *end <= stop && !(*end == self.end && numbered);
        let (province, district) = (province_at(self.buf, s).filter(apart), shanghai_at(self.buf, s).filter(apart));
        self.divided = province.is_some() || district.is_some();
        if self.divided && !self.gazetteer.is_empty() {
            self.town_until = self.gazetteer.town(&self.buf[..stop], self.after_divisions(s));
        }
        if mask & (INNER | bit(Element::Town) | bit(Element::District)) != 0 {
            return;
        }
        let province = province.filter(|_| mask & bit(Element::Province) == 0);
        if let Some(end) = province.filter(|&end| !matches!(at(self.buf, end), '路' | '街' | '省' | '市')) {
            self.add(p, s, Ending { element: Element::Province, end, price: 3 });
        }
        if let Some(end) = district.filter(|&end| !matches!(at(self.buf, end), '路' | '街' | '区' | '镇')) {
            self.add(p, s, Ending { element: Element::District, end, price: 3 });
        }
    }

    /// Behind the province and the district of Shanghai that stand at `s`, with their endings or without.
    fn after_divisions(&self, s: usize) -> usize {
        let past = |end: usize, endings: &[char]| end + usize::from(endings.contains(&at(self.buf, end)));
        let province = province_at(self.buf, s).map_or(s, |end| past(end, &['省', '市']));
        shanghai_at(self.buf, province).map_or(province, |end| past(end, &['区', '县']))
    }

    fn of_the_table(&mut self, p: usize, s: usize, stop: usize) {
        if let Some((element, end)) = self.gazetteer.longest(self.buf, s)
            && end <= stop
        {
            self.add(p, s, Ending { element, end, price: 0 });
        }
        if let Some((element, true)) = self.gazetteer.whole(&self.buf[s..stop]).map(|(e, full)| (e, full.is_some()))
            && self.context.next.is_some()
            && self.clear_behind(stop)
        {
            self.shortened(p, s, stop, element);
        }
        if self.nodes[p - self.start].mask & (INNER | bit(Element::Town)) == 0
            && let Some(end) = self.gazetteer.town(&self.buf[..stop], s)
            // 香花桥镇泾阳村 has its ending, if not the one that the table knows.
            && !matches!((at(self.buf, end), at(self.buf, end + 1)), ('镇' | '乡', _) | ('街', '道'))
        {
            self.shortened(p, s, end, Element::Town);
        }
    }

    fn shortened(&mut self, p: usize, s: usize, end: usize, element: Element) {
        let n = end - self.start;
        let before = self.nodes[n].price;
        self.reach(p, s, 1, Some((element, end)));
        self.nodes[n].shortened |= self.nodes[n].price != before;
    }
}
