//! Doors written in many ways: nearly all elements must be right.

use cn_address::Parser;

use crate::common::{
    doors::{Dice, ESTATES, JUDGED, ZONES, door, site_is_read, truth},
    ways::{WAYS, Writer},
};

#[test]
fn doors_written_in_every_way_give_their_elements() {
    let (parser, writer, mut dice) = (Parser::new(), Writer::new(), Dice::new(7));
    let mut wrong = vec![Vec::new(); WAYS];
    let rounds = if std::env::var_os("LINLI_LONG").is_some() { 60_000 } else { 600 };
    for n in 0..rounds * WAYS {
        let (door, way) = (door(&mut dice), n % WAYS);
        let text = writer.write(&door, way, &mut dice);
        let address = parser.parse(&text);
        let found = JUDGED.map(|element| address.get(element).map(str::to_owned));
        let expected = truth(&door);
        if found != expected {
            wrong[way].push(format!("{text}\n   expected {expected:?}\n   found    {found:?}"));
        }
    }
    let shares: Vec<f64> = wrong.iter().map(|list| 1.0 - list.len() as f64 / rounds as f64).collect();
    for (way, list) in wrong.iter().enumerate() {
        println!("way {way}: {:.4}", shares[way]);
        for one in list.iter().take(6) {
            println!("  {one}");
        }
    }
    let mean = shares.iter().sum::<f64>() / WAYS as f64;
    assert!(mean >= 0.98 && shares.iter().all(|&share| share >= 0.95), "{mean:.4}: {shares:.3?}");
}

#[test]
fn a_part_of_an_estate_is_read_as_such_however_it_is_written() {
    let (parser, writer, mut dice) = (Parser::new(), Writer::new(), Dice::new(19));
    let mut wrong = Vec::new();
    let rounds = 120;
    for n in 0..rounds * WAYS {
        let mut door = door(&mut dice);
        (door.village, door.hamlet, door.group, door.road, door.lane) = (None, None, None, None, None);
        (door.site, door.zone) = (Some(dice.one(ESTATES)), Some(dice.one(ZONES)));
        let text = writer.write(&door, n % WAYS, &mut dice);
        if !site_is_read(&door, &parser.parse(&text)) {
            wrong.push(text);
        }
    }
    let share = 1.0 - wrong.len() as f64 / (rounds * WAYS) as f64;
    assert!(share >= 0.98, "{share:.4}: {:#?}", &wrong[..wrong.len().min(40)]);
}
