//! What a name is: by its ending, by the table of names, or by the number that follows it.

use smallvec::SmallVec;

use crate::{
    address::Address,
    cluster::Part,
    element::Element,
    fold::{Kind, kind},
    grammar::{Run, cluster_text},
    places::{MUNICIPALITIES, PROVINCES, SHANGHAI},
    words::{self, Ending, Unit, at, starts},
};

/// A name known without its ending at the start of a run: a bare province or district, or one of the table.
pub(crate) fn known_name(run: &mut Run<'_>, i: usize) -> Option<usize> {
    if let Some((element, end)) = run.gazetteer.longest(run.buf, i)
        && !carries_on(run, element, end)
    {
        push(run, element, i, end, None);
        return Some(end);
    }
    if run.address.has(Element::Road) || run.address.has(Element::Village) || run.address.has(Element::District) {
        return None;
    }
    let bare = |names: &[&str]| names.iter().find(|name| starts(run.buf, i, name)).map(|name| i + name.chars().count());
    if !run.address.has(Element::Province)
        && let Some(end) = bare(&PROVINCES)
        && division_follows(run, end)
    {
        push(run, Element::Province, i, end, None);
        return Some(end);
    }
    let end = bare(&SHANGHAI)?;
    let town = (end + 1..end + 8).any(|n| at(run.buf, n) == '镇' || starts(run.buf, n, "街道"));
    (run.address.has(Element::Province) && at(run.buf, end) != '区' && town && !road_within(run, end)).then(|| {
        push(run, Element::District, i, end, None);
        end
    })
}

/// A known name that is only the beginning of a longer one: 新村 before 新村路.
fn carries_on(run: &Run<'_>, element: Element, end: usize) -> bool {
    let next = at(run.buf, end);
    element != Element::Road && matches!(next, '路' | '街') && at(run.buf, end + 1) != '道'
        || matches!(element, Element::Site | Element::Hamlet)
            && kind(next) == Kind::Text
            && run.gazetteer.longest(run.buf, end).is_none()
            && words::unit_at(run.buf, end).is_none()
            && !matches!(next, '第' | '临')
}

/// After a bare province must come a city, district or county, before any road: 山西北路 is a road.
fn division_follows(run: &Run<'_>, end: usize) -> bool {
    if matches!(at(run.buf, end), '省' | '市') {
        return false;
    }
    if at(run.buf, end) == ' ' {
        return true;
    }
    let district = SHANGHAI.iter().any(|name| starts(run.buf, end, name));
    (district || (end + 1..end + 6).any(|n| matches!(at(run.buf, n), '市' | '区' | '县'))) && !road_within(run, end)
}

fn road_within(run: &Run<'_>, end: usize) -> bool {
    (end..end + 4).any(|n| matches!(at(run.buf, n), '路') || at(run.buf, n) == '街' && at(run.buf, n + 1) != '道')
}

/// A name that ended in its own word.
pub(crate) fn ended(run: &mut Run<'_>, start: usize, end: usize, ending: Ending) {
    let element = match ending {
        Ending::Province => Element::Province,
        Ending::City => city(run, start, end),
        Ending::District => Element::District,
        Ending::Town => Element::Town,
        Ending::Village if run.address.has(Element::Village) => second_village(run, start, end),
        Ending::Village => Element::Village,
        Ending::Hamlet => Element::Hamlet,
        Ending::Road if run.address.has(Element::Road) || run.address.has(Element::Number) => Element::Note,
        Ending::Road => Element::Road,
        Ending::Site => Element::Site,
    };
    push(run, element, start, end, None);
}

fn second_village(run: &Run<'_>, start: usize, end: usize) -> Element {
    let same = run.address.get(Element::Village).is_some_and(|name| cluster_text(run.buf, start, end).eq(name.chars()));
    if same || run.address.has(Element::Hamlet) { Element::Village } else { Element::Hamlet }
}

fn city(run: &Run<'_>, start: usize, end: usize) -> Element {
    let municipality = MUNICIPALITIES.iter().any(|name| starts(run.buf, start, name) && end - start == 3);
    match (municipality, run.address.has(Element::Province)) {
        (true, false) => Element::Province,
        (_, _) if run.address.has(Element::City) => Element::District,
        _ => Element::City,
    }
}

/// Gives the pending name its element before a number with `unit`, or without one before other text.
pub(crate) fn flush(run: &mut Run<'_>, unit: Option<Unit>) {
    let Some(start) = run.name.take() else {
        run.closed = None;
        return;
    };
    let end = run.closed.take().unwrap_or(run.cursor);
    if end <= start {
        return;
    }
    let known = run.gazetteer.whole(&run.buf[start..end]).map(|(element, full)| (element, full.map(str::to_owned)));
    if let Some((element, full)) = known
        && !run.address.has(element)
    {
        push(run, element, start, end, full.as_deref());
        return;
    }
    let element = match unit {
        Some(unit) => before_number(run, start, end, unit),
        None => alone(run, start, end),
    };
    push(run, element, start, end, None);
}

fn before_number(run: &Run<'_>, start: usize, end: usize, unit: Unit) -> Element {
    let has = |element| run.address.has(element);
    if words::is_relative(run.buf, start, end) {
        return Element::Note;
    }
    let site = words::is_site(run.buf, start, end);
    let place = match unit {
        Unit::Group if !has(Element::Village) && !site => Element::Village,
        Unit::Group | Unit::Team => Element::Hamlet,
        Unit::Lane if !has(Element::Road) && !site => Element::Road,
        Unit::Lane | Unit::Number if has(Element::Village) && !has(Element::Hamlet) && !has(Element::Road) && !site => {
            Element::Hamlet
        }
        _ => Element::Site,
    };
    if has(place) { Element::Note } else { place }
}

/// A name that nothing follows: a site, a hamlet in brackets after its village, or a note.
fn alone(run: &Run<'_>, start: usize, end: usize) -> Element {
    let has = |element| run.address.has(element);
    if words::is_relative(run.buf, start, end) || has(Element::Site) {
        return Element::Note;
    }
    if words::is_site(run.buf, start, end) {
        return Element::Site;
    }
    let bracketed = start > 0 && at(run.buf, start - 1) == '(';
    if bracketed && has(Element::Village) && !has(Element::Hamlet) && !has(Element::Road) && end - start <= 4 {
        return Element::Hamlet;
    }
    let inner = [Element::Road, Element::Lane, Element::Number, Element::Group, Element::Village];
    if inner.iter().any(|&element| has(element)) || end - start < 2 { Element::Note } else { Element::Site }
}

fn push(run: &mut Run<'_>, element: Element, start: usize, end: usize, full: Option<&str>) {
    let span = (run.offset(start), run.offset(end));
    match full {
        Some(full) => run.address.push(element, span, full.chars()),
        None => {
            let buf = run.buf;
            run.address.push(element, span, cluster_text(buf, start, end).filter(|&c| c != ' '));
        }
    }
}

/// Which elements the numbers of a chain are, from what the address already has.
pub(crate) fn slots(address: &Address, parts: &[Part], before: Option<Unit>) -> SmallVec<[Option<Element>; 4]> {
    use Element::{Building, Lane, Number, Room, Unit as Entrance};
    let count = parts.len() + usize::from(before.is_some());
    let has = |element| address.has(element);
    let door = |n: usize| parts.get(n).and_then(|part| part.value).is_none_or(|value| value >= 100);
    let mut slots: SmallVec<[Option<Element>; 4]> = if has(Entrance) || has(Element::Floor) {
        SmallVec::from_slice(&[Some(Room)])
    } else if has(Building) {
        two(count, Entrance, Room)
    } else if has(Number) {
        match count {
            1 => two(1, Entrance, Room),
            2 if has(Lane) => two(2, Entrance, Room),
            2 => two(2, Building, Room),
            _ => SmallVec::from_slice(&[Some(Building), Some(Entrance), Some(Room)]),
        }
    } else if has(Lane) || !has(Element::Road) {
        match count {
            1 => SmallVec::from_slice(&[Some(Number)]),
            2 if before.is_some() || door(1) => two(2, Number, Room),
            2 => two(2, Number, Number),
            _ => SmallVec::from_slice(&[Some(Building), Some(Entrance), Some(Room)]),
        }
    } else {
        match count {
            1 => SmallVec::from_slice(&[Some(Number)]),
            2 if before.is_some() || door(1) => two(2, Number, Room),
            2 => two(2, Number, Number),
            3 => SmallVec::from_slice(&[Some(Lane), Some(Number), Some(Room)]),
            _ => SmallVec::from_slice(&[Some(Lane), Some(Building), Some(Entrance), Some(Room)]),
        }
    };
    if matches!(before, Some(Unit::Entrance | Unit::Floor)) && parts.len() == 1 {
        slots = SmallVec::from_slice(&[Some(Building)]);
    }
    slots.resize(parts.len(), None);
    slots
}

fn two(count: usize, first: Element, second: Element) -> SmallVec<[Option<Element>; 4]> {
    if count == 1 { SmallVec::from_slice(&[Some(second)]) } else { SmallVec::from_slice(&[Some(first), Some(second)]) }
}
