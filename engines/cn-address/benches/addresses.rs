//! Parsing and resolving against 444,000 doors: `cargo bench -p cn-address`.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{
    collections::{HashMap, HashSet},
    hint::black_box,
    time::Instant,
};

use cn_address::{Address, Element, Index, Parser, Verdict};

const DOORS: usize = 444_000;
const TOWNS: [&str; 4] = ["香花桥街道", "盈浦街道", "夏阳街道", "重固镇"];
const FIRST: &str = "盈青崧香华新汇公城淀山湖珠溪重固白鹤练塘金泽";
const SECOND: &str = "港浦泾塘桥园平安福乐和泰康宁祥瑞丰盛兴隆";
const ENDING: [&str; 6] = ["路", "东路", "西路", "公路", "支路", "街"];

#[derive(Clone, Copy)]
struct Door {
    road: usize,
    lane: usize,
    number: usize,
    unit: usize,
    room: usize,
    village: bool,
}

fn place(n: usize, village: bool) -> String {
    let (first, second): (Vec<char>, Vec<char>) = (FIRST.chars().collect(), SECOND.chars().collect());
    let ending = if village { "村" } else { ENDING[n / 7 % ENDING.len()] };
    format!("{}{}{ending}", first[n % first.len()], second[n / first.len() % second.len()])
}

fn doors() -> Vec<Door> {
    (0..DOORS)
        .map(|n| Door {
            road: n / 1100,
            lane: 100 + n / 110 % 10 * 11,
            number: 1 + n / 10 % 11,
            unit: 1 + n % 10 / 5,
            room: 101 + n % 5 * 100,
            village: n % 1100 / 110 == 9,
        })
        .map(|door| {
            if door.village {
                Door {
                    lane: door.lane % 13 + 1,
                    number: door.number * 10 + door.unit * 5 + door.room / 100 - 5,
                    ..door
                }
            } else {
                door
            }
        })
        .collect()
}

fn standard(d: Door) -> String {
    let town = TOWNS[d.road % TOWNS.len()];
    let name = place(d.road, d.village);
    if d.village {
        format!("上海市青浦区{town}{name}{}组{}号", d.lane, d.number)
    } else {
        format!("上海市青浦区{town}{name}{}弄{}号{}单元{}室", d.lane, d.number, d.unit, d.room)
    }
}

/// One of fourteen ways of writing the door.
fn written(d: Door, way: usize) -> String {
    let (name, town) = (place(d.road, d.village), TOWNS[d.road % TOWNS.len()]);
    let Door { lane, number, unit, room, .. } = d;
    if d.village {
        return match way % 5 {
            0 => format!("{name}{lane}组{number}号"),
            1 => format!("{town}{name}第{lane}村民小组{number}号"),
            2 => format!("{name}（{lane}組）{number}號"),
            3 => format!("{name}{}组{number}", han(lane)),
            _ => format!("青浦区{town} {name} {lane}组 {number}号"),
        };
    }
    match way % 14 {
        0 => standard(d),
        1 => format!("{name}{lane}弄{number}号{unit}单元{room}室"),
        2 => format!("{name}{lane}弄{number}号{unit}单元{room}"),
        3 => format!("{name}{lane}弄{number}号{unit}-{room}"),
        4 => format!("{name}{lane}弄{number}-{unit}-{room}"),
        5 => format!("{town}{name}{lane}弄{number}号楼{unit}单元{room}室"),
        6 => wide(&format!("{name}{lane}弄{number}号{unit}单元{room}室")),
        7 => format!("{name}{}弄{}号{}单元{}室", han(lane), han(number), han(unit), han(room)),
        8 => format!("{name}{lane}弄{number}號{unit}單元{room}室"),
        9 => format!("{name} {lane} 弄 {number} 号 {unit} 单元 {room} 室"),
        10 => format!("上海青浦{town}{name}{lane}弄{number}幢{unit}单元{room}"),
        11 => format!("{name}{lane}弄，{number}号，{unit}单元，{room}室"),
        12 => format!("上海市{name}（{lane}弄）{number}号{unit}单元{}层{room}室", room / 100),
        _ => format!("{name}{lane}弄{number}#{unit}单元{room}户"),
    }
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
        .collect()
}

fn han(n: usize) -> String {
    n.to_string()
        .chars()
        .map(|c| ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"][c as usize - '0' as usize])
        .collect()
}

fn main() {
    let doors = doors();
    let table: Vec<String> = doors.iter().map(|&door| standard(door)).collect();
    let questions: Vec<(usize, String)> =
        (0..200_000).map(|n| n * 7919 % DOORS).enumerate().map(|(n, at)| (at, written(doors[at], n))).collect();
    parsing(&doors, &questions);
    let start = Instant::now();
    let index = Index::build(table.iter().enumerate().map(|(n, text)| (n as u32, text.as_str())));
    println!("index: {} doors in {:.2?}", index.len(), start.elapsed());
    resolving("fourteen ways", &index, &table, &questions);
    let real: HashSet<String> = doors.iter().map(|door| place(door.road, door.village)).collect();
    let damaged: Vec<_> =
        questions.iter().enumerate().map(|(n, (at, text))| (*at, damaged(text, doors[*at], n, &real))).collect();
    resolving("with errors", &index, &table, &damaged);
}

/// One in ten has a typing error in the road or village. An error that makes another real name is left out:
/// nobody could tell.
fn damaged(text: &str, door: Door, n: usize, real: &HashSet<String>) -> String {
    let name = place(door.road, door.village);
    let chars: Vec<char> = name.chars().collect();
    let rest: String = chars[2..].iter().collect();
    let other = ['浦', '清', '徐', '河', '松'].into_iter().find(|&o| o != chars[1]).unwrap_or('浦');
    let wrong = match n % 20 {
        0 => format!("{}{other}{rest}", chars[0]),
        1 => format!("{}{}{rest}", chars[1], chars[0]),
        _ => return text.to_owned(),
    };
    if real.contains(&wrong) { text.to_owned() } else { text.replace(&name, &wrong) }
}

fn parsing(doors: &[Door], questions: &[(usize, String)]) {
    let parser = Parser::new();
    let mut address = Address::default();
    let start = Instant::now();
    for (_, text) in questions {
        parser.parse_into(black_box(text), &mut address);
        black_box(&address);
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut wrong: HashMap<usize, (usize, &str)> = HashMap::new();
    for (n, (at, text)) in questions.iter().enumerate() {
        if !right(&parser.parse(text), doors[*at]) {
            let entry = wrong.entry(if doors[*at].village { 100 + n % 5 } else { n % 14 }).or_insert((0, text));
            entry.0 += 1;
        }
    }
    let count: usize = wrong.values().map(|one| one.0).sum();
    println!(
        "parse: {:.0} a second, all elements right on {:.4}",
        questions.len() as f64 / seconds,
        1.0 - count as f64 / questions.len() as f64
    );
    for (way, (count, example)) in wrong {
        println!("  way {way}: {count} wrong, such as {example}");
    }
}

fn right(address: &Address, door: Door) -> bool {
    let is = |element, value: usize| address.get(element) == Some(value.to_string().as_str());
    let name = place(door.road, door.village);
    if door.village {
        return address.get(Element::Village) == Some(&name)
            && is(Element::Group, door.lane)
            && is(Element::Number, door.number);
    }
    let house =
        address.get(Element::Number).or(address.get(Element::Building)) == Some(door.number.to_string().as_str());
    address.get(Element::Road) == Some(&name)
        && is(Element::Lane, door.lane)
        && house
        && is(Element::Unit, door.unit)
        && is(Element::Room, door.room)
}

fn resolving(title: &str, index: &Index, table: &[String], questions: &[(usize, String)]) {
    let start = Instant::now();
    let (mut found, mut correct) = (0, 0);
    for (at, text) in questions {
        let resolution = index.resolve(text);
        if resolution.verdict == Verdict::Door {
            found += 1;
            correct += usize::from(table[resolution.best[0].id as usize] == table[*at]);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "resolve {title}: {:.0} a second, precision {:.5}, recall {:.4}",
        questions.len() as f64 / seconds,
        correct as f64 / found.max(1) as f64,
        correct as f64 / questions.len() as f64
    );
}
