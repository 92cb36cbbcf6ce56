//! Lives a town and prints how large it is and how right its register stayed:
//! `cargo run -p townsim --example town -- 20000 3 1` for 20,000 residents, 3 months, seed 1.

use jiff::civil::date;
use townsim::{ActKind, Config, Event, EventKind, Source, Town};

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
    let mut events = Vec::new();
    for _ in 0..months {
        let new = town.live(1);
        report(&town, &format!("{} after {} events", town.today(), new.len()));
        events.extend(new);
    }
    yearly(&events, f64::from(town.truth().population()) * f64::from(months) / 12.0);
    let acts = town.acts();
    let late = acts.iter().filter(|a| a.entered_at_s - a.seen_at_s > 86_400).count();
    let visits = acts.iter().filter(|a| matches!(a.kind, ActKind::HomeVerified { .. })).count();
    let declared = acts.iter().filter(|a| a.source != Source::Visit).count();
    println!("{} acts: {visits} visits, {declared} declared, {late} late", acts.len());
}

/// What happened in truth, a year and thousand residents.
fn yearly(events: &[Event], person_years: f64) {
    let per_thousand = |is: fn(&EventKind) -> bool| {
        events.iter().filter(|event| is(&event.kind)).count() as f64 * 1_000.0 / person_years
    };
    let kinds: [(&str, fn(&EventKind) -> bool); 7] = [
        ("born", |kind| matches!(kind, EventKind::Born { .. })),
        ("died", |kind| matches!(kind, EventKind::Died { .. })),
        ("moved in or back", |kind| matches!(kind, EventKind::MovedIn { .. } | EventKind::Returned { .. })),
        ("moved out", |kind| matches!(kind, EventKind::MovedOut { .. })),
        ("moved within", |kind| matches!(kind, EventKind::MovedWithin { .. })),
        ("changed work", |kind| matches!(kind, EventKind::ChangedEmployer { .. })),
        ("changed mobile", |kind| matches!(kind, EventKind::ChangedMobile)),
    ];
    for (name, is) in kinds {
        println!("{name}: {:.1} a year and thousand residents", per_thousand(is));
    }
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
