//! Numbers of doors: placed by their unit word, or by what is still missing (`12-2-301`).

use smallvec::SmallVec;

use crate::{
    cluster::{self, Joint, Part},
    element::Element,
    fold::{Kind, after, at, kind_at},
    grammar::Run,
    lattice::{Mask, bit},
    words::{self, Unit, unit_at},
};

/// Longer numbers without a unit are telephones and codes.
const MAX_BARE: u32 = 99_999;

const INSIDE: Mask = bit(Element::Number) | bit(Element::Building) | bit(Element::Unit) | bit(Element::Floor);
const PLACED: Mask = INSIDE
    | bit(Element::Road)
    | bit(Element::Lane)
    | bit(Element::Village)
    | bit(Element::Hamlet)
    | bit(Element::Group)
    | bit(Element::Site);

/// A cluster of numbers at `i`, and where it ends; nothing when it belongs to a name.
pub(crate) fn number(run: &mut Run<'_>, i: usize) -> Option<usize> {
    let parts = cluster::read(run.buf, i);
    let last = parts.last()?;
    match unit_at(run.buf, last.end) {
        Some((unit, end)) => with_unit(run, &parts, unit, end),
        None => bare(run, &parts),
    }
}

fn with_unit(run: &mut Run<'_>, parts: &[Part], unit: Unit, end: usize) -> Option<usize> {
    let first = parts.first()?;
    if belongs_to_name(run, parts, unit, end) {
        return None;
    }
    let unit = if unit == Unit::Storey { storey(run, parts, end) } else { unit };
    let split = chain_split(run, parts, unit);
    run.flush(first.start, Some(if split > 0 { Unit::Number } else { unit }));
    if split > 0 {
        place_chain(run, &parts[..split], Some(unit));
    }
    place(run, unit, &parts[split..], end);
    Some(after_unit(run, unit, end))
}

/// 三房村, A户型, 三门路: what looks like a number with its unit is part of a name.
fn belongs_to_name(run: &Run<'_>, parts: &[Part], unit: Unit, end: usize) -> bool {
    let Some(first) = parts.first() else { return true };
    let word = at(run.buf, end - 1);
    if first.spelled
        && (words::name_goes_on(run.buf, end) || matches!(word, '门' | '户' | '间' | '房') && run.mask & INSIDE == 0)
    {
        return true;
    }
    let named = run.text.is_some();
    match unit {
        Unit::Zone if !named && !parts.iter().any(|part| part.spelled || part.before.is_some()) => true,
        // A letter before a plain unit such as 户 is not a number: "A户型".
        _ if parts.len() == 1 && first.value.is_none() => {
            !matches!(unit, Unit::Building | Unit::Zone | Unit::Entrance | Unit::Floor | Unit::Room)
                || at(run.buf, end) == '型'
        }
        _ => false,
    }
}

/// 楼 is a building before 单元, and before a room that lies on another floor; else a floor.
fn storey(run: &Run<'_>, parts: &[Part], end: usize) -> Unit {
    if run.has(Element::Building) {
        return Unit::Floor;
    }
    let next = cluster::read(run.buf, if at(run.buf, end) == '-' { end + 1 } else { end });
    let Some(last) = next.last() else { return Unit::Floor };
    let own = parts.last().and_then(|part| part.value);
    match unit_at(run.buf, last.end) {
        Some((Unit::Entrance | Unit::Floor | Unit::Storey, _)) => Unit::Building,
        Some((Unit::Room, _)) | None => match (own, last.value) {
            (Some(own), Some(room)) if room >= 100 && room / 100 != own && next.len() == 1 => {
                let whole = run.has(Element::Lane) && run.has(Element::Number);
                if whole { Unit::Floor } else { Unit::Building }
            }
            _ if next.len() > 1 => Unit::Building,
            _ => Unit::Floor,
        },
        _ => Unit::Floor,
    }
}

/// How many leading parts of `12-2-301室` belong to larger elements than the unit's.
fn chain_split(run: &Run<'_>, parts: &[Part], unit: Unit) -> usize {
    let n = parts.len();
    if n < 2 {
        return 0;
    }
    let joint = parts[n - 1].joint;
    let loose = matches!(joint, Joint::Space | Joint::Slash);
    match unit {
        Unit::Room => {
            let keep = 1 + (1..n).take_while(|k| one_room_list(&parts[n - k - 1], &parts[n - k])).count();
            n - keep
        }
        Unit::Entrance | Unit::Floor if loose || joint == Joint::Dash => n - 1,
        Unit::Number if loose && n == 2 && !run.has(Element::Lane) && !run.has(Element::Number) => {
            let falling = parts[0].value > parts[1].value;
            usize::from(falling)
        }
        _ => 0,
    }
}

/// True when two joined numbers before 室 are both rooms: 101、102, 301-303, 301-2.
fn one_room_list(a: &Part, b: &Part) -> bool {
    let (Some(low), Some(high)) = (a.value, b.value) else { return b.value.is_none() && a.value.is_some() };
    match b.joint {
        Joint::Dash => low >= 100 && (high < 100 || high > low && high - low < 20),
        Joint::Sub | Joint::Annex => true,
        _ => low >= 100 || high < 100,
    }
}

fn place(run: &mut Run<'_>, unit: Unit, parts: &[Part], end: usize) {
    let Some(first) = parts.first() else { return };
    let element = element_of(run, unit, first, end);
    let start = run.prefix.take().unwrap_or(first.start);
    let span = (run.offset(start), run.offset(end));
    let again = run.has(element);
    let adjacent = run.address.last_element() == Some(element);
    let before = first.start.checked_sub(1).map_or('\0', |n| at(run.buf, n));
    let joint = match before {
        '~' | '-' | '至' | '到' => '~',
        _ => '、',
    };
    let listed = matches!(before, '、' | ',' | '.' | ' ' | '/' | '~' | '-' | '至' | '到' | '和' | '及' | '与');
    let joins = again && (adjacent && listed || element == Element::Group);
    if element == Element::Phase && (adjacent || !again) {
        run.phase(span, |text| cluster::write(parts, text));
        return;
    }
    if again && !joins {
        run.push(Element::Note, start, end);
        return;
    }
    run.push_value(element, span, parts);
    if again {
        run.address.merge_last(if adjacent { joint } else { '、' });
    }
}

/// Which element a unit word means here: a second 号 is the building's or the room's.
fn element_of(run: &Run<'_>, unit: Unit, first: &Part, end: usize) -> Element {
    match unit {
        Unit::Lane if run.has(Element::Lane) => Element::SubLane,
        Unit::Lane => Element::Lane,
        Unit::SubLane => Element::SubLane,
        Unit::Number => number_element(run, first, end),
        // 3幢B座101: the second of two buildings is a part of the first.
        Unit::Building if first.before.is_some() && run.has(Element::Building) && !run.has(Element::Unit) => {
            Element::Unit
        }
        Unit::Building => Element::Building,
        Unit::Entrance => Element::Unit,
        Unit::Storey | Unit::Floor => Element::Floor,
        Unit::Room => Element::Room,
        Unit::Group | Unit::Team => Element::Group,
        Unit::Phase | Unit::Zone => Element::Phase,
    }
}

fn number_element(run: &Run<'_>, first: &Part, end: usize) -> Element {
    let last = run.address.last_element();
    let after_place = matches!(
        last,
        Some(Element::Road | Element::Lane | Element::SubLane | Element::Group | Element::Village | Element::Hamlet)
    );
    let inside = run.has(Element::Building) || run.has(Element::Unit) || run.has(Element::Floor);
    if !run.has(Element::Number) {
        // 3幢301号 is a room, 3幢12号301室 a house.
        let goes_on = matches!(kind_at(run.buf, end), Kind::Digit | Kind::Numeral);
        let room = inside && !after_place && !goes_on && !run.has(Element::Room);
        return if room { Element::Room } else { Element::Number };
    }
    let before = first.start.checked_sub(1).map_or('\0', |n| at(run.buf, n));
    let listed = matches!(before, '、' | ',' | '.' | '~' | '-' | '至' | '到' | '和' | '及' | '与' | '/');
    if last == Some(Element::Number) && listed {
        Element::Number
    } else if inside || first.value.is_some_and(|value| value >= 100) {
        if run.has(Element::Room) { Element::Number } else { Element::Room }
    } else {
        Element::Building
    }
}

/// What may still belong to a number behind its unit: 128号甲, 128号-1, 301室A.
fn after_unit(run: &mut Run<'_>, unit: Unit, end: usize) -> usize {
    match (unit, run.address.last_element()) {
        (Unit::Number, Some(Element::Number)) => after_number(run, end),
        (Unit::Room, Some(Element::Room)) => after_room(run, end),
        _ => end,
    }
}

fn after_number(run: &mut Run<'_>, end: usize) -> usize {
    if words::is_trailing_cyclic(run.buf, end) {
        let letter = at(run.buf, end);
        run.address.extend_last(run.offset(end + 1), |text| text.push(letter));
        return end + 1;
    }
    let (sign, start) = match at(run.buf, end) {
        '之' => ('-', end + 1),
        '附' => ('附', end + 1),
        '-' => ('-', end + 1),
        _ => return end,
    };
    let Some((value, mut next, _)) = cluster::number(run.buf, start) else { return end };
    // 128号-1 is one door; 12号-301 a room of number 12.
    if at(run.buf, end) == '-'
        && (value > 20 || unit_at(run.buf, next).is_some() || matches!(at(run.buf, next), '-' | '~' | '/'))
    {
        return end;
    }
    next += usize::from(sign != '-' && matches!(at(run.buf, next), '号'));
    run.address.extend_last(run.offset(next), |text| {
        text.push(sign);
        cluster::write_number(value, text);
    });
    next
}

fn after_room(run: &mut Run<'_>, end: usize) -> usize {
    if kind_at(run.buf, end) == Kind::Letter
        && kind_at(run.buf, end + 1) != Kind::Letter
        && kind_at(run.buf, end + 1) != Kind::Digit
    {
        if unit_at(run.buf, end + 1).is_some() {
            return end;
        }
        let letter = at(run.buf, end);
        run.address.extend_last(run.offset(end + 1), |text| text.push(letter));
        return end + 1;
    }
    if at(run.buf, end) == '-'
        && let Some((value, next, _)) = cluster::number(run.buf, end + 1)
        && value < 100
        && unit_at(run.buf, next).is_none()
        && !matches!(kind_at(run.buf, next), Kind::Letter | Kind::Digit)
    {
        run.address.extend_last(run.offset(next), |text| {
            text.push('-');
            cluster::write_number(value, text);
        });
        return next;
    }
    end
}

/// Numbers without a unit: part of a name, or placed by what came before.
fn bare(run: &mut Run<'_>, parts: &[Part]) -> Option<usize> {
    let (first, last) = (*parts.first()?, *parts.last()?);
    let next = kind_at(run.buf, last.end);
    let inside = run.text.is_none() && run.mask & (INSIDE | bit(Element::Lane) | bit(Element::Group)) != 0;
    let closed = next != Kind::Text || last.value >= Some(100) && words::relative_at(run.buf, last.end).is_some();
    if parts.iter().any(|part| part.spelled) && !(inside && closed)
        || first.value.is_none() && (parts.len() == 1 || !inside)
        || next == Kind::Letter
        || parts.iter().any(|part| part.value.is_some_and(|value| value > MAX_BARE))
        || run.has(Element::Room)
        || names_road(run, last.end)
    {
        return None;
    }
    let behind_name = run.text.is_some()
        && (next != Kind::Text
            || matches!(at(run.buf, first.start - 1), '路' | '街' | '道' | '巷' | '村' | '苑' | '园'));
    let behind_number = run.text.is_none() && run.mask & PLACED != 0;
    if !behind_name && !behind_number {
        return None;
    }
    run.flush(first.start, Some(Unit::Number));
    let rooms = last.value.is_some_and(|v| v >= 100) && first.value.is_some_and(|v| v < 100);
    let listed = parts.len() > 1
        && parts[1..].iter().all(|part| match part.joint {
            Joint::List | Joint::Range => !rooms,
            Joint::Sub | Joint::Annex => true,
            _ => false,
        });
    if listed {
        let element = slots(run, &parts[..1], None).first().copied().flatten().unwrap_or(Element::Note);
        run.push_value(element, (run.offset(first.start), run.offset(last.end)), parts);
    } else {
        place_chain(run, parts, None);
    }
    Some(last.end)
}

/// 318国道, 某1路, 3号路: the number belongs to a road's name.
fn names_road(run: &Run<'_>, end: usize) -> bool {
    kind_at(run.buf, end) == Kind::Text
        && [
            "国道", "省道", "县道", "乡道", "号", "线", "公路", "大道", "支路", "路", "街", "东路", "西路", "南路",
            "北路",
        ]
        .iter()
        .any(|word| after(run.buf, end, word).is_some())
}

/// Places the numbers of a chain such as `12-2-301` from what is still missing. With `before`, the chain
/// stands before a number with that unit.
fn place_chain(run: &mut Run<'_>, parts: &[Part], before: Option<Unit>) {
    let slots = slots(run, parts, before);
    for (part, slot) in parts.iter().zip(slots) {
        let span = (run.offset(part.start), run.offset(part.end));
        let single = [*part];
        match slot {
            Some(element) if !run.has(element) => run.push_value(element, span, &single),
            Some(element @ (Element::Number | Element::Room)) if run.address.last_element() == Some(element) => {
                run.address.extend_last(span.1, |text| {
                    text.push('-');
                    cluster::write(&single, text);
                });
            }
            _ => run.push_value(Element::Note, span, &single),
        }
    }
}

/// Which elements the numbers of a chain are, from what the address already has.
fn slots(run: &Run<'_>, parts: &[Part], before: Option<Unit>) -> SmallVec<[Option<Element>; 4]> {
    use Element::{Building, Lane, Number, Room, Unit as Entrance};
    let count = parts.len() + usize::from(before.is_some());
    let has = |element| run.has(element);
    let small = |n: usize| parts.get(n).is_some_and(|part| part.value.is_some_and(|value| value < 100));
    let rooms = before.is_some() || !small(1);
    let letter = parts.first().is_some_and(|part| part.value.is_none());
    let order: &[Element] = match before {
        Some(Unit::Number) => &[Lane],
        Some(Unit::Entrance | Unit::Floor) if parts.len() == 1 => &[Building],
        _ if has(Entrance) || has(Element::Floor) => &[Room, Room],
        _ if has(Building) => match count {
            1 => &[Room],
            2 if !rooms && parts.first().is_some_and(|part| part.value >= Some(100)) => &[Room, Room],
            _ => &[Entrance, Room],
        },
        _ if letter => &[Building, Room],
        _ if has(Number) => match count {
            1 => &[Room],
            2 if !rooms && parts.first().is_some_and(|part| part.value >= Some(100)) => &[Room, Room],
            2 if has(Lane) => &[Entrance, Room],
            2 => &[Building, Room],
            _ => &[Building, Entrance, Room],
        },
        _ => match count {
            1 => &[Number],
            2 if rooms => &[Number, Room],
            2 => &[Number, Number],
            3 if has(Lane) || !has(Element::Road) => &[Building, Entrance, Room],
            3 => &[Lane, Number, Room],
            _ => &[Lane, Building, Entrance, Room],
        },
    };
    let mut slots: SmallVec<[Option<Element>; 4]> = order.iter().copied().map(Some).take(parts.len()).collect();
    slots.resize(parts.len(), None);
    slots
}
