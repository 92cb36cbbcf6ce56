//! An invented table of standard addresses, and questions about it with typing errors and left-out parts.

use std::collections::HashSet;

use super::{
    doors::{Dice, Door, ESTATES, HAMLETS, TOWNS, VILLAGES, ZONES, road},
    ways::{WAYS, Writer},
};

/// So many doors, each once, in lanes, estates and villages of uneven size.
pub fn doors(count: usize, dice: &mut Dice) -> Vec<Door> {
    let (mut out, mut lanes) = (Vec::with_capacity(count), HashSet::new());
    let mut roads: Vec<(String, &'static str)> = Vec::new();
    while roads.len() < 60 + count / 900 {
        let name = road(dice);
        if roads.iter().all(|(known, _)| *known != name) {
            roads.push((name, dice.one(TOWNS)));
        } else if roads.len() >= 500 {
            let n = roads.len();
            roads.push((format!("{}{name}", ["新", "老", "上", "东"][n % 4]), dice.one(TOWNS)));
        }
    }
    let mut village = 0;
    while out.len() < count {
        if dice.chance(6) && village < VILLAGES.len() * 28 {
            houses(village, dice, &mut out);
            village += 1;
            continue;
        }
        let (name, town) = roads[dice.below(roads.len())].clone();
        let lane = 1 + dice.below(5999) as u32;
        if lanes.insert((name.clone(), lane)) {
            flats(Door { town, road: Some(name), lane: Some(lane), ..Door::default() }, dice, &mut out);
        }
    }
    out.truncate(count);
    out
}

fn houses(n: usize, dice: &mut Dice, out: &mut Vec<Door>) {
    let (village, group) = (VILLAGES[n % VILLAGES.len()], (n / VILLAGES.len() + 1) as u32);
    let base = Door {
        town: TOWNS[n % VILLAGES.len() % TOWNS.len()],
        village: Some(village),
        group: Some(group),
        hamlet: n.is_multiple_of(3).then(|| HAMLETS[n % HAMLETS.len()]),
        ..Door::default()
    };
    out.extend((1..=20 + dice.below(50) as u32).map(|number| Door { number: Some(number), ..base.clone() }));
}

fn flats(mut base: Door, dice: &mut Dice, out: &mut Vec<Door>) {
    let (floors, wide) = (dice.one(&[5, 6, 6, 6, 11, 18]), 2 + dice.below(3) as u32);
    let shape = dice.below(10);
    base.site = (shape == 0).then(|| dice.one(ESTATES));
    base.zone = base.site.filter(|_| dice.chance(30)).map(|_| dice.one(ZONES));
    base.sublane = (shape == 1).then(|| 1 + dice.below(99) as u32);
    for building in 1..=4 + dice.below(26) as u32 {
        for unit in if shape >= 7 { 1..=2 } else { 0..=0 } {
            for floor in 1..=floors {
                for flat in 1..=wide {
                    let mut door = base.clone();
                    door.room = Some(floor * 100 + flat);
                    match unit {
                        0 => door.number = Some(building),
                        _ => (door.building, door.unit) = (Some(building), Some(unit)),
                    }
                    out.push(door);
                }
            }
        }
    }
}

/// What was asked, and the row that is meant; nothing when there is no such door.
pub struct Question {
    pub text: String,
    pub row: Option<u32>,
    /// The door as it was written, with its errors and without what was left out.
    pub door: Door,
}

const WRONG: &[(char, &str)] = &[
    ('盈', "赢莹"),
    ('港', "巷岗"),
    ('青', "清请"),
    ('松', "忪淞"),
    ('泾', "径经"),
    ('桥', "侨乔"),
    ('新', "欣心"),
    ('华', "花画"),
    ('漕', "槽曹"),
    ('崧', "松嵩"),
    ('泽', "择译"),
    ('胜', "盛剩"),
    ('公', "工"),
    ('园', "圆元"),
    ('金', "今进"),
    ('米', "迷来"),
    ('联', "连"),
    ('东', "冬"),
];

/// A name with one typing error: a similar or any other character, one missing, or two exchanged.
fn misspelt(name: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    // The ending is typed right: with another it is another road.
    let stem = chars.len().saturating_sub(1).max(1);
    let at = dice.below(stem);
    let like = WRONG.iter().find(|(c, _)| *c == chars[at]).map(|(_, like)| like.chars().collect::<Vec<_>>());
    match dice.below(10) {
        0..=5 => chars[at] = dice.one(&like.unwrap_or_else(|| "浦清徐河松海安平洪".chars().collect())),
        6 | 7 if stem >= 2 => chars.swap(at.min(stem - 2), at.min(stem - 2) + 1),
        8 if stem >= 3 => {
            chars.remove(at);
        }
        _ => chars[at] = dice.one(&['浦', '洪', '清', '滨', '朝']),
    }
    chars.into_iter().collect()
}

/// Questions in all ways of writing: of a hundred, `errors` have a typing error in a name, `left_out` lack a
/// part, and `absent` ask for a door that is not there.
pub fn questions(doors: &[Door], count: usize, percent: [usize; 3], dice: &mut Dice) -> Vec<Question> {
    let [errors, left_out, absent] = percent;
    let writer = Writer::new();
    let names: HashSet<String> =
        doors.iter().flat_map(|d| [d.road.clone(), d.village.map(str::to_owned)]).flatten().collect();
    let mut out = Vec::with_capacity(count);
    while out.len() < count {
        let row = dice.below(doors.len());
        let (mut door, mut answer) = (doors[row].clone(), Some(row as u32));
        if dice.chance(errors) {
            let wrong = door.road.as_deref().map(|name| misspelt(name, dice)).filter(|wrong| !names.contains(wrong));
            if let Some(wrong) = wrong {
                door.road = Some(wrong);
            }
        }
        if dice.chance(left_out) {
            match dice.below(3) {
                0 => door.unit = None,
                1 if door.road.is_some() => door.site = None,
                _ => door.hamlet = door.hamlet.filter(|_| door.village.is_none()),
            }
        }
        if dice.chance(absent) {
            match (door.room, dice.below(2)) {
                (Some(room), 0) => door.room = Some(room + 2000),
                _ => door.number = door.number.or(door.building.take()).map(|number| number + 400),
            }
            answer = None;
        }
        let way = dice.below(WAYS);
        out.push(Question { text: writer.write(&door, way, dice), row: answer, door });
    }
    out
}

/// As [`questions`], with the typing error in any of the names: of the road, village, hamlet or estate.
pub fn questions_with_any_name_misspelt(
    doors: &[Door],
    count: usize,
    percent: [usize; 3],
    dice: &mut Dice,
) -> Vec<Question> {
    let names: HashSet<String> = doors.iter().flat_map(|door| names_of(door).map(str::to_owned)).collect();
    let mut out = questions(doors, count, [0, percent[1], percent[2]], dice);
    let writer = Writer::new();
    for question in &mut out {
        let written: Vec<String> = names_of(&question.door).map(str::to_owned).collect();
        if written.is_empty() || !dice.chance(percent[0]) {
            continue;
        }
        let name = &written[dice.below(written.len())];
        let wrong: &'static str = misspelt(name, dice).leak();
        if names.contains(wrong) {
            continue;
        }
        let door = &mut question.door;
        for part in [&mut door.village, &mut door.hamlet, &mut door.site].into_iter().flatten() {
            if *part == name {
                *part = wrong;
            }
        }
        door.road = door.road.take().map(|road| if road == *name { wrong.to_owned() } else { road });
        question.text = writer.write(door, dice.below(WAYS), dice);
    }
    out
}

/// The road, village, hamlet and estate, as far as there are such.
pub fn names_of(door: &Door) -> impl Iterator<Item = &str> {
    [door.road.as_deref(), door.village, door.hamlet, door.site].into_iter().flatten()
}

/// How a row of the table is written.
pub fn standard(door: &Door) -> String {
    let mut text = format!("上海市青浦区{}", door.town);
    let mut add = |part: Option<String>| text.extend(part);
    add(door.village.map(str::to_owned));
    add(door.hamlet.map(str::to_owned));
    add(door.group.map(|n| format!("{n}组")));
    add(door.road.clone());
    add(door.lane.map(|n| format!("{n}弄")));
    add(door.sublane.map(|n| format!("{n}支弄")));
    add(door.site.map(str::to_owned));
    add(door.zone.map(|zone| zone.0.to_owned()));
    add(door.number.map(|n| format!("{n}号")));
    add(door.building.map(|n| format!("{n}号楼")));
    add(door.unit.map(|n| format!("{n}单元")));
    add(door.room.map(|n| format!("{n}室")));
    text
}
