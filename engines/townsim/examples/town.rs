//! Lives a town and prints how large it is and how right its register stayed:
//! `cargo run -p townsim --example town -- 20000 3 1` for 20,000 residents, 3 months, seed 1.

use jiff::civil::date;
use townsim::{ActKind, Config, Source, Town};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u32>().unwrap_or(1));
    let residents = arguments.next().unwrap_or(20_000);
    let months = arguments.next().unwrap_or(3);
    let seed = arguments.next().unwrap_or(1);
    let mut town = Town::new(Config::new(residents, u64::from(seed), date(2026, 1, 1)));
    println!(
        "{} grids, {} addresses, {} homes, {} employers ({} with rosters), {} staff",
        town.grids().len(),
        town.addresses().len(),
        town.homes().len(),
        town.employers().len(),
        town.roster_employers().count(),
        town.staff().len()
    );
    report(&town, "at the start");
    for _ in 0..months {
        let events = town.live(1).len();
        report(&town, &format!("{} after {events} events", town.today()));
    }
    let acts = town.acts();
    let late = acts.iter().filter(|a| a.entered_at_s - a.seen_at_s > 86_400).count();
    let visits = acts.iter().filter(|a| matches!(a.kind, ActKind::HomeVerified { .. })).count();
    let declared = acts.iter().filter(|a| a.source != Source::Visit).count();
    println!("{} acts: {visits} visits, {declared} declared, {late} late", acts.len());
}

fn report(town: &Town, when: &str) {
    let rates = town.true_rates_of_town();
    let percent = |rate: Option<f64>| rate.unwrap_or(f64::NAN) * 100.0;
    println!(
        "{when}: {} people, {} records, registration {:.2} %, accuracy {:.2} %",
        rates.living,
        rates.records,
        percent(rates.registration_rate()),
        percent(rates.accuracy_rate())
    );
}
