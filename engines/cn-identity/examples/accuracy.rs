//! How often mistyped and damaged numbers are judged rightly: `cargo run --release -p cn-identity --example accuracy`.
//!
//! Numbers are made from a seed, with areas that were never issued (99xxxx), which is the harder case: a known area
//! would speak for the right neighbour.
#![allow(clippy::unwrap_used, missing_docs)]

use cn_identity::{DocumentKind, OrgCode, identify, make, suggest};

const EACH: usize = 20_000;
const TODAY: (i16, u8, u8) = (2026, 11, 23);

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }
}

fn resident(random: &mut Random) -> String {
    let area = format!("99{:04}", random.below(10_000));
    let part = |n: usize| u8::try_from(n).unwrap();
    let birth = (1935 + i16::from(part(random.below(85))), part(1 + random.below(12)), part(1 + random.below(28)));
    make::resident_number(&area, birth, u16::try_from(1 + random.below(99)).unwrap()).as_str().to_owned()
}

fn organisation(random: &mut Random) -> String {
    let body: String = (0..8).map(|_| char::from(b"0123456789ABCDEFGHJKLMNPQRTUWXY"[random.below(31)])).collect();
    OrgCode::from_sixteen(&format!("9199{:04}{body}", random.below(10_000))).unwrap().as_str().to_owned()
}

fn changed(number: &str, slip: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = number.chars().collect();
    let place = random.below(chars.len() - 1);
    match slip {
        "one digit wrong" => {
            let place = (place..).map(|p| p % chars.len()).find(|&p| chars[p].is_ascii_digit()).unwrap();
            let old = chars[place].to_digit(10).unwrap();
            chars[place] = char::from_digit((old + 1 + u32::try_from(random.below(9)).unwrap()) % 10, 10).unwrap();
        }
        "neighbours swapped" => {
            let other = (0..chars.len() - 1).map(|n| (place + n) % (chars.len() - 1));
            let place = other.into_iter().find(|&p| chars[p] != chars[p + 1]).unwrap();
            chars.swap(place, place + 1);
        }
        "one left out" => drop(chars.remove(place)),
        "one doubled" => chars.insert(place, chars[place]),
        "O for 0" => return number.replace('0', "O"),
        _ => {}
    }
    chars.into_iter().collect()
}

fn main() {
    let mut random = Random(20_261_123);
    println!("{:14} {:20} {:>9} {:>9} {:>9} {:>9} {:>7}", "kind", "slip", "refused", "kind", "among", "first", "mean");
    for (kind, made) in [
        (DocumentKind::Resident, resident as fn(&mut Random) -> String),
        (DocumentKind::Organisation, organisation as fn(&mut Random) -> String),
    ] {
        for slip in ["one digit wrong", "neighbours swapped", "one left out", "one doubled", "O for 0"] {
            measure(kind, slip, made, &mut random);
        }
    }
    spreadsheets(&mut random);
}

/// Share refused, share taken for the right kind, share with the right number among the suggestions and in the first
/// place, and how many suggestions there are.
fn measure(kind: DocumentKind, slip: &str, made: fn(&mut Random) -> String, random: &mut Random) {
    let (mut refused, mut right_kind, mut among, mut first, mut offered) = (0, 0, 0, 0, 0);
    for _ in 0..EACH {
        let number = std::iter::repeat_with(|| made(random))
            .find(|number| number.contains('0') && !number.ends_with("000"))
            .unwrap();
        let typed = changed(&number, slip, random);
        let found = identify(&typed);
        refused += usize::from(!found.is_valid());
        right_kind += usize::from(found.kind == Some(kind));
        let near = suggest(kind, &typed, Some(TODAY));
        let place = near.iter().position(|document| document.as_str() == number);
        among += usize::from(place.is_some());
        first += usize::from(place == Some(0));
        offered += near.len();
    }
    let share = |n: usize| format!("{:.2} %", n as f64 * 100.0 / EACH as f64);
    let mean = offered as f64 / EACH as f64;
    let (refused, right_kind, among, first) = (share(refused), share(right_kind), share(among), share(first));
    println!("{:14} {slip:20} {refused:>9} {right_kind:>9} {among:>9} {first:>9} {mean:>7.1}", kind.code());
}

/// What a spreadsheet makes of a number: none may pass.
fn spreadsheets(random: &mut Random) {
    let mut taken = [0; 4];
    for _ in 0..EACH {
        let number = resident(random);
        let value: f64 = number.replace('X', "0").parse().unwrap();
        let forms = [
            format!("{}000", &number[..15]),
            format!("{value:.5e}").replace('e', "E+"),
            format!("{value:.14e}").replace('e', "E+"),
            format!("{value:.1}"),
        ];
        for (count, form) in taken.iter_mut().zip(&forms) {
            *count += usize::from(identify(form).is_valid());
        }
    }
    println!(
        "taken as valid of {EACH}: ending in 000 {}, 9.9E+17 {}, with 15 digits {}, as a decimal {}",
        taken[0], taken[1], taken[2], taken[3]
    );
}
