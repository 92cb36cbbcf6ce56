//! Parsing, indexing and resolving: `cargo bench -p cn-address`. `ROWS` and `WRITINGS` change the sizes.
#![allow(clippy::disallowed_methods, clippy::expect_used, missing_docs)]

mod common;

use std::{collections::BTreeMap, hint::black_box, path::PathBuf, time::Instant};

use cn_address::{Address, Index, Parser, Verdict};
use common::{
    doors::{Dice, Door, JUDGED, door, site_is_read, truth},
    files,
    fits::Fits,
    peer::Peer,
    town::{self, Question, names_of},
    ways::{WAYS, Writer},
};

const DOORS: usize = 444_000;
const QUESTIONS: usize = 200_000;
/// What the peers are asked too.
const HARDEST: &str = "one in five misspelt, one in five with a part left out, one in ten absent";

/// Processor seconds of this thread, since the machine may be shared.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = text.split(' ').next().and_then(|ns| ns.parse().ok());
    nanoseconds.map_or(0.0, |ns| ns / 1e9)
}

fn resident_mib() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).map_or(0, |pages| pages * 4 / 1024)
}

/// Where the peers find what is asked here.
fn written_to() -> Option<PathBuf> {
    std::env::var_os("WRITE").map(PathBuf::from)
}

fn main() {
    let number = |name, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    parsing(number("WRITINGS", 260_000));
    let rows = number("ROWS", DOORS);
    if rows > 0 {
        resolving(rows);
    }
}

fn parsing(count: usize) {
    let (writer, mut dice) = (Writer::new(), Dice::new(11));
    let writings: Vec<(Door, String)> = (0..count)
        .map(|n| {
            let door = door(&mut dice);
            let text = writer.write(&door, n % WAYS, &mut dice);
            (door, text)
        })
        .collect();
    if let Some(folder) = written_to() {
        files::writings(&folder, &writings).expect("the folder can be written to");
    }
    let parser = Parser::new();
    let mut address = Address::default();
    let start = cpu();
    for (_, text) in &writings {
        parser.parse_into(black_box(text), &mut address);
        black_box(&address);
    }
    let seconds = cpu() - start;
    let right = judge(&writings, |text| {
        let address = parser.parse(text);
        JUDGED.map(|element| address.get(element).map(str::to_owned))
    });
    report("cn-address", seconds, count, &right);
    let zoned: Vec<_> = writings.iter().filter(|(door, _)| door.zone.is_some()).collect();
    let read = zoned.iter().filter(|(door, text)| site_is_read(door, &parser.parse(text))).count();
    println!("  estates with parts (东区): site and part right on {:.4}", read as f64 / zoned.len().max(1) as f64);
    let (peer, few) = (Peer::new(), &writings[..count / 10]);
    let start = cpu();
    for (_, text) in few {
        black_box(peer.read(black_box(text)));
    }
    let seconds = cpu() - start;
    report("regular expression", seconds, few.len(), &judge(few, |text| peer.read(text)));
}

fn judge(writings: &[(Door, String)], read: impl Fn(&str) -> [Option<String>; 8]) -> Vec<f64> {
    let mut counts = vec![(0usize, 0usize); WAYS];
    for (n, (door, text)) in writings.iter().enumerate() {
        let count = &mut counts[n % WAYS];
        count.0 += 1;
        count.1 += usize::from(read(text) == truth(door));
    }
    counts.into_iter().map(|(all, right)| right as f64 / all.max(1) as f64).collect()
}

fn report(name: &str, seconds: f64, count: usize, right: &[f64]) {
    let mean = right.iter().sum::<f64>() / right.len() as f64;
    println!("{name}: {:.0} a second, all eight elements right on {mean:.4}", count as f64 / seconds);
    println!("  by way of writing: {right:.3?}");
}

fn resolving(rows: usize) {
    let mut dice = Dice::new(5);
    let doors = town::doors(rows, &mut dice);
    let table: Vec<String> = doors.iter().map(town::standard).collect();
    let before = resident_mib();
    let (start, wall) = (cpu(), Instant::now());
    let index = Index::build((0u32..).zip(table.iter().map(String::as_str)));
    println!(
        "index: {} doors in {:.2} s of processor time ({:.2} s), {} MiB",
        index.len(),
        cpu() - start,
        wall.elapsed().as_secs_f64(),
        resident_mib().saturating_sub(before)
    );
    let fits = Fits::new(&doors);
    type Asking = fn(&[Door], usize, [usize; 3], &mut Dice) -> Vec<Question>;
    let sets: [(&str, Asking, [usize; 3]); 4] = [
        ("all ways of writing", town::questions, [0, 0, 0]),
        ("one in ten misspelt", town::questions, [10, 0, 0]),
        (HARDEST, town::questions, [20, 20, 10]),
        ("as before, any name misspelt", town::questions_with_any_name_misspelt, [20, 20, 10]),
    ];
    for (title, asking, percent) in sets {
        let questions = asking(&doors, QUESTIONS, percent, &mut dice);
        if let (HARDEST, Some(folder)) = (title, written_to()) {
            files::questions(&folder, &table, &questions).expect("the folder can be written to");
        }
        ask(title, &index, &table, &questions);
        kinds(&index, &doors, &table, &fits, &questions);
    }
}

fn ask(title: &str, index: &Index, table: &[String], questions: &[Question]) {
    let start = cpu();
    let answers: Vec<Option<u32>> = questions
        .iter()
        .map(|question| {
            let found = index.resolve(black_box(&question.text));
            found.best.first().filter(|_| found.verdict == Verdict::Door).map(|best| best.id)
        })
        .collect();
    let seconds = cpu() - start;
    let same = |a: u32, b: u32| table[a as usize] == table[b as usize];
    let (mut named, mut right, mut there) = (0usize, 0usize, 0usize);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (question, answer) in questions.iter().zip(&answers) {
        there += usize::from(question.row.is_some());
        match (answer, question.row) {
            (Some(found), Some(row)) if same(*found, row) => (named, right) = (named + 1, right + 1),
            (Some(found), row) => {
                named += 1;
                wrong.push(format!(
                    "{} -> {} for {:?}",
                    question.text,
                    table[*found as usize],
                    row.map(|row| &table[row as usize])
                ));
            }
            (None, Some(row)) => missed.push(format!("{} for {}", question.text, table[row as usize])),
            (None, None) => {}
        }
    }
    println!(
        "resolve, {title}: {:.0} a second, precision {:.5}, recall {:.4}",
        questions.len() as f64 / seconds,
        right as f64 / named.max(1) as f64,
        right as f64 / there.max(1) as f64
    );
    if std::env::var_os("SHOW").is_some() {
        wrong.iter().step_by(1 + wrong.len() / 12).for_each(|one| println!("  wrong  {one}"));
        missed.iter().step_by(1 + missed.len() / 25).for_each(|one| println!("  missed {one}"));
    }
}

/// What was found of each kind of question, and how often several doors fit one so well that nobody could tell them apart.
fn kinds(index: &Index, doors: &[Door], table: &[String], fits: &Fits, questions: &[Question]) {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut shown = Vec::new();
    for question in questions {
        let Some(row) = question.row else { continue };
        let (asked, meant) = (&question.door, &doors[row as usize]);
        let misspelt = names_of(asked).any(|name| names_of(meant).all(|right| right != name));
        let left_out = names_of(asked).count() < names_of(meant).count();
        let kind = match (misspelt, asked.unit != meant.unit, left_out) {
            (false, false, false) => "as it is",
            (true, false, false) => "misspelt",
            (false, true, _) => "unit left out",
            (true, true, _) => "misspelt, unit left out",
            (false, false, true) => "name left out",
            (true, false, true) => "misspelt, name left out",
        };
        let found = index.resolve(&question.text);
        let found = found.verdict == Verdict::Door
            && found.best.first().is_some_and(|best| table[best.id as usize] == table[row as usize]);
        let several = fits.several(question);
        for counted in ["all", kind] {
            let count = counts.entry(counted).or_default();
            count[0] += 1;
            count[1] += usize::from(found);
            count[2] += usize::from(several);
            count[3] += usize::from(found && !several);
        }
        if !found && !several {
            shown.push(format!("{kind}: {} for {}", question.text, table[row as usize]));
        }
    }
    for (kind, [all, found, several, clear]) in &counts {
        let single = all - several;
        println!(
            "  {kind}: {all} asked, {found} found; {several} fit several doors, of the {single} others {:.4}",
            *clear as f64 / single.max(1) as f64
        );
    }
    if std::env::var_os("SHOW").is_some() {
        shown.iter().step_by(1 + shown.len() / 60).for_each(|one| println!("  missed {one}"));
    }
}
