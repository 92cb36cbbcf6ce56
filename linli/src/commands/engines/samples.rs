//! Surveys from files alone, with no installation: `linli survey sample`, `estimate`, `weights`, `missed` and
//! `size`.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write as _,
    path::{Path, PathBuf},
};

use linli_platform::texts::T;
use roster_match::tables::TableProblem;
use survey_sample::{
    Commitment, Design, Estimate, EstimateError, Frame, FrameError, ItemsOf, Listed, Method, PartyCommitment,
    PartyOpening, Plan, Receipt, ReceiptError, Surveyed, Verdict, accuracy, accuracy_by_item, dual_system,
    over_registration, registration_rate, replicate_weights, smallest_sample, smallest_sample_of, too_few_people,
    verdict,
};

use crate::{
    commands::{
        cells::Cells,
        output::NewFile,
        survey::secret_in,
        table::{Sink, Table},
        text, toml_file,
    },
    failure::{Failure, Outcome},
    said::{Said, Wanted, Why, receipt_text},
};

/// Columns `<item>_checked` and `<item>_correct` are an item of the records.
const CHECKED: &str = "_checked";
const CORRECT: &str = "_correct";

/// What is drawn.
#[derive(Debug, clap::Args)]
pub struct Sample {
    /// The frame, CSV: `pseudonym,stratum,committee,people`.
    frame: PathBuf,
    /// A party and the file with its secret, `office=secret.txt`; at least two. Their commitments are to be published
    /// before any secret is opened.
    #[arg(long = "party", value_name = "NAME=FILE", required = true, value_parser = party)]
    parties: Vec<(String, PathBuf)>,
    /// How: `simple`, `stratified`, `proportional-to-size` or `stratified-proportional-to-size`.
    #[arg(long, default_value = "stratified", value_parser = method)]
    method: Method,
    /// Of this committee alone.
    #[arg(long)]
    committee: Option<String>,
    /// Households, at least.
    #[arg(long, default_value_t = 15)]
    households: u32,
    /// People, at least.
    #[arg(long, default_value_t = 30)]
    people: u32,
    /// Where the receipt goes, JSON.
    #[arg(long)]
    out: PathBuf,
}

/// What is estimated.
#[derive(Debug, clap::Args)]
pub struct Estimates {
    /// What was found, CSV: `pseudonym,found,found_registered,registered,gone,items,items_correct`, and for single
    /// items of the records pairs such as `mobile_checked,mobile_correct`.
    file: PathBuf,
    /// The receipt of the draw.
    #[arg(long)]
    receipt: PathBuf,
    /// Level of the intervals, two-sided.
    #[arg(long, default_value_t = 0.95)]
    level: f64,
    /// The rate that registration and accuracy are held against.
    #[arg(long, default_value_t = 0.98)]
    target: f64,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Whose weights.
#[derive(Debug, clap::Args)]
pub struct Weights {
    /// What was found, CSV as for `estimate`.
    file: PathBuf,
    /// The receipt of the draw.
    #[arg(long)]
    receipt: PathBuf,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Who is counted.
#[derive(Debug, clap::Args)]
pub struct Missed {
    /// Households by the lists their people are on, CSV: `both,survey_only,roster_only`.
    file: PathBuf,
    /// Level of the interval, two-sided.
    #[arg(long, default_value_t = 0.95)]
    level: f64,
    /// Where the table goes; without it, the screen.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What is to be shown.
#[derive(Debug, clap::Args)]
pub struct Size {
    /// The rate to be shown.
    #[arg(long, default_value_t = 0.98)]
    target: f64,
    /// Level, one-sided.
    #[arg(long, default_value_t = 0.95)]
    level: f64,
    /// Of a population of so many people.
    #[arg(long)]
    population: Option<u64>,
    /// What a sample of so many people can show.
    #[arg(long, default_value_t = 30)]
    people: u64,
}

fn party(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("it wants a name, `=` and a file")?;
    Ok((name.to_owned(), file.into()))
}

fn method(text: &str) -> Result<Method, String> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|e| e.to_string())
}

fn whole(file: &Path, reason: impl Into<Why>) -> Failure {
    Failure::Cell { file: file.into(), line: 0, column: 0, reason: reason.into() }
}

/// A fault of a frame at its place.
pub(in crate::commands) fn frame_failure(file: &Path, e: &FrameError) -> Failure {
    let (line, column) = match e {
        FrameError::Heading => (1, 1),
        FrameError::Fields { line, found } => (*line, *found),
        FrameError::People { line, .. } => (*line, 4),
        FrameError::Field { line, column, .. } => (*line, *column),
        FrameError::Duplicate(_) => (0, 0),
    };
    Failure::Cell { file: file.into(), line: line as u64, column: column as u64, reason: e.into() }
}

/// Draws a sample and writes its receipt, which `linli survey verify` repeats.
///
/// # Errors
/// A frame or secret that cannot be read; fewer than two parties; a frame with nothing to draw.
pub fn sample(asked: &Sample, t: &T) -> Outcome {
    let text = text::small(&asked.frame)?;
    let frame = Frame::parse_csv(&text).map_err(|e| frame_failure(&asked.frame, &e))?;
    let (mut openings, mut commitments) = (Vec::new(), Vec::new());
    for (party, file) in &asked.parties {
        let opening = secret_in(file)?;
        commitments.push(PartyCommitment { party: party.clone(), commitment: Commitment::of(&opening) });
        openings.push(PartyOpening { party: party.clone(), opening });
    }
    let plan = Plan {
        method: asked.method,
        committee: asked.committee.clone(),
        min_households: asked.households,
        min_people: asked.people,
    };
    let receipt =
        Receipt::new(&frame, commitments, openings, plan).map_err(|e| whole(&asked.frame, receipt_text(&e)))?;
    let inputs: Vec<&Path> =
        asked.parties.iter().map(|(_, file)| file.as_path()).chain([asked.frame.as_path()]).collect();
    let mut out = NewFile::create(&asked.out, &inputs)?;
    writeln!(out, "{}", receipt.to_json()).map_err(Failure::file(&asked.out))?;
    out.finish()?;
    let draw = receipt.draw();
    let args = [("homes", draw.households.len().to_string()), ("people", draw.people().to_string())];
    let args = [args.as_slice(), &[("file", asked.out.display().to_string())]].concat();
    crate::say!("{}", t.all("cli-survey-sampled", &args));
    if let Some(short) = &receipt.shortfall {
        let args = [("homes", short.households.to_string()), ("people", short.people.to_string())];
        crate::say!("{}", t.all("cli-survey-short", &args));
    }
    Ok(())
}

/// What was found at the homes of a draw.
struct Found {
    design: Design,
    pseudonyms: Vec<String>,
    surveyed: Vec<Surveyed>,
    items: Vec<ItemsOf>,
}

fn read_found(file: &Path, receipt: &Path) -> Outcome<Found> {
    let draw = Receipt::parse_json(&text::small(receipt)?).map_err(|e| match e {
        ReceiptError::Json(e) => toml_file::json(receipt, &e),
        other => whole(receipt, receipt_text(&other)),
    });
    let draw = draw?.draw();
    let drawn: HashMap<&str, _> = draw.households.iter().map(|it| (it.pseudonym.as_str(), it)).collect();
    let mut found = Found { design: draw.design(), pseudonyms: Vec::new(), surveyed: Vec::new(), items: Vec::new() };
    let mut table = Table::open(file)?;
    let columns = Columns::of(&table)?;
    let mut seen = HashMap::new();
    table.each(|line, row| {
        let cells = Cells::new(file, line, row);
        let place = Some(columns.pseudonym);
        let name = cells.text(place);
        let home = drawn.get(name).ok_or_else(|| {
            let said = Said::plain("cli-survey-not-drawn").arg("name", name);
            cells.wrong(place, Why::new(format!("`{name}` was not drawn"), said))
        })?;
        if let Some(before) = seen.insert(name.to_owned(), line) {
            return Err(cells.wrong(place, &TableProblem::Twice { line: before }));
        }
        let (stratum, chance) = (home.stratum.clone(), home.chance);
        found.surveyed.push(Surveyed { stratum: stratum.clone(), chance, ..columns.counts(cells)? });
        found.items.push(ItemsOf { stratum, items: columns.items(cells)?, chance });
        found.pseudonyms.push(name.to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// Rates of a surveyed sample with their intervals.
///
/// # Errors
/// A table or receipt that cannot be read; a household that was not drawn, with file and line; nothing to rest on.
pub fn estimate(asked: &Estimates) -> Outcome {
    let Found { design, surveyed, items, .. } = read_found(&asked.file, &asked.receipt)?;
    let failed = |e: EstimateError| whole(&asked.file, &e);
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file, &asked.receipt])?;
    sink.row([
        "rate",
        "value",
        "low",
        "high",
        "level",
        "people",
        "items",
        "households",
        "deff",
        "uncovered",
        "verdict",
    ])?;
    let registered = registration_rate(&surveyed, &design, asked.level).map_err(failed)?;
    sink.row(row("registration", &registered, Some(asked.target)))?;
    sink.row(row("over-registration", &over_registration(&surveyed, &design, asked.level).map_err(failed)?, None))?;
    sink.row(row("accuracy", &accuracy(&surveyed, &design, asked.level).map_err(failed)?, Some(asked.target)))?;
    for (item, found) in accuracy_by_item(&items, &design, asked.level).map_err(failed)? {
        sink.row(row(&format!("accuracy of {item}"), &found, Some(asked.target)))?;
    }
    sink.end()
}

/// Weights of the surveyed homes and their jackknife replicates, for any other statistics program. The last row holds
/// what each replicate's squared difference counts.
///
/// # Errors
/// As [`estimate`].
pub fn weights(asked: &Weights) -> Outcome {
    let Found { design, surveyed, pseudonyms, .. } = read_found(&asked.file, &asked.receipt)?;
    let found = replicate_weights(&surveyed, &design).map_err(|e| whole(&asked.file, &e))?;
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file, &asked.receipt])?;
    let replicates = || found.replicates.iter();
    let headings = replicates().zip(1..).map(|(_, n)| format!("replicate_{n}"));
    sink.row(["pseudonym".to_owned(), "weight".to_owned()].into_iter().chain(headings))?;
    for (n, (name, weight)) in pseudonyms.iter().zip(&found.weights).enumerate() {
        let own = replicates().filter_map(|it| it.weights.get(n)).map(|weight| format!("{weight:.6}"));
        sink.row([name.clone(), format!("{weight:.6}")].into_iter().chain(own))?;
    }
    let factors = replicates().map(|it| format!("{:.9}", it.factor));
    sink.row([String::new(), String::new()].into_iter().chain(factors))?;
    sink.end()
}

fn row(name: &str, found: &Estimate, target: Option<f64>) -> [String; 11] {
    let judged = target.map_or("", |target| match verdict(found, target) {
        Verdict::AboveTarget => "above target",
        Verdict::BelowTarget => "below target",
        Verdict::CannotTell => "cannot tell",
    });
    let [value, low, high] = [found.value, found.low, found.high].map(|rate| format!("{rate:.6}"));
    let [people, items, homes] = [found.n_people, found.n_items, found.n_households].map(|n| n.to_string());
    let (level, deff) = (found.level.to_string(), format!("{:.3}", found.deff));
    let uncovered = found.uncovered_households.to_string();
    [name.to_owned(), value, low, high, level, people, items, homes, deff, uncovered, judged.to_owned()]
}

/// Where the columns of a surveyed sample stand.
struct Columns {
    pseudonym: usize,
    counts: [usize; 6],
    /// Item, checked, correct.
    items: Vec<(String, usize, usize)>,
}

impl Columns {
    fn of(table: &Table) -> Outcome<Self> {
        let names = ["found", "found_registered", "registered", "gone", "items", "items_correct"];
        let mut counts = [0; 6];
        for (place, name) in counts.iter_mut().zip(names) {
            *place = table.column(name)?;
        }
        let mut items = Vec::new();
        for (checked, heading) in table.headings().iter().enumerate() {
            if let Some(item) = heading.strip_suffix(CHECKED) {
                items.push((item.to_owned(), checked, table.column(&format!("{item}{CORRECT}"))?));
            }
        }
        Ok(Columns { pseudonym: table.column("pseudonym")?, counts, items })
    }

    fn counts(&self, cells: Cells<'_>) -> Outcome<Surveyed> {
        let mut counts = [0; 6];
        for (count, at) in counts.iter_mut().zip(self.counts) {
            *count = cells.required(at, Wanted::NUMBER)?;
        }
        let [found, found_registered, registered, gone, items, items_correct] = counts;
        let parts = [("found_registered", found_registered, found), ("gone", gone, registered)];
        for (n, (name, part, whole)) in parts.into_iter().chain([("items_correct", items_correct, items)]).enumerate() {
            if part > whole {
                let english = format!("`{name}` is {part}, more than the {whole} looked at");
                let said = Said::plain("cli-survey-more").arg("name", name).arg("part", part).arg("whole", whole);
                return Err(cells.wrong(Some(self.counts[2 * n + 1]), Why::new(english, said)));
            }
        }
        Ok(Surveyed { found, found_registered, registered, gone, items, items_correct, ..Surveyed::default() })
    }

    fn items(&self, cells: Cells<'_>) -> Outcome<BTreeMap<String, (u32, u32)>> {
        let mut found = BTreeMap::new();
        for (item, checked, correct) in &self.items {
            let Some(n_checked) = cells.optional::<u32>(Some(*checked), Wanted::NUMBER)? else { continue };
            let n_correct: u32 = cells.required(*correct, Wanted::NUMBER)?;
            if n_correct > n_checked {
                let english = format!("{n_correct} are right of {n_checked} checked");
                let said = Said::plain("cli-survey-right").arg("right", n_correct).arg("checked", n_checked);
                return Err(cells.wrong(Some(*correct), Why::new(english, said)));
            }
            found.insert(item.clone(), (n_checked, n_correct));
        }
        Ok(found)
    }
}

/// People on neither list, by capture and recapture.
///
/// # Errors
/// A table that cannot be read, with file, line and column; nobody on both lists.
pub fn missed(asked: &Missed) -> Outcome {
    let mut table = Table::held(&asked.file)?;
    let [both, survey, roster] = ["both", "survey_only", "roster_only"].map(|name| table.column(name));
    let (both, survey, roster) = (both?, survey?, roster?);
    let mut homes = Vec::new();
    table.each(|line, row| {
        let cells = Cells::new(&asked.file, line, row);
        let (survey_only, roster_only) =
            (cells.required(survey, Wanted::NUMBER)?, cells.required(roster, Wanted::NUMBER)?);
        homes.push(Listed { both: cells.required(both, Wanted::NUMBER)?, survey_only, roster_only });
        Ok(())
    })?;
    let found = dual_system(&homes, asked.level).map_err(|e| whole(&asked.file, &e))?;
    let mut sink = Sink::create(asked.out.as_deref(), &[&asked.file])?;
    sink.row(["listed", "people", "missed", "low", "high", "level", "deff"])?;
    let rounded = [found.people, found.missed(), found.low, found.high].map(|n| format!("{n:.1}"));
    let [people, missed, low, high] = rounded;
    let (level, deff) = (found.level.to_string(), format!("{:.3}", found.deff));
    sink.row([found.listed.to_string(), people, missed, low, high, level, deff])?;
    sink.end()
}

/// The smallest sample that can show a rate, and what a given one can.
///
/// # Errors
/// `cli-survey-size-range` where target or level lie outside 0 to 1.
pub fn size(asked: &Size, t: &T) -> Outcome {
    let (target, level) = (asked.target, asked.level);
    let least = match asked.population {
        Some(population) => smallest_sample_of(population, target, level),
        None => smallest_sample(target, level),
    };
    let least = least.ok_or_else(|| Failure::say("cli-survey-size-range"))?;
    let percent = |rate: f64| format!("{}", (rate * 1_000.0).round() / 10.0);
    let common = [("target", percent(target)), ("level", percent(level)), ("least", least.to_string())];
    crate::say!("{}", t.all("cli-survey-size", &common));
    if let Some(few) = too_few_people(asked.people, target, level).filter(|_| asked.people < least) {
        let shows = [("people", few.people.to_string()), ("shows", percent(few.shows))];
        crate::say!("{}", t.all("cli-survey-size-few", &[common.as_slice(), &shows].concat()));
    }
    Ok(())
}
