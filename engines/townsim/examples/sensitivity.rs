//! How much each assumption moves the register's true rates: every field of `Churn` is halved and raised by half.
//! `cargo run --release -p townsim --example sensitivity -- 20000 6 3` for 20,000 residents, 6 months, 3 seeds.

use jiff::civil::date;
use townsim::{Churn, Config, Town, TrueRates};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u32>().unwrap_or(1));
    let residents = arguments.next().unwrap_or(20_000);
    let months = arguments.next().unwrap_or(6);
    let seeds = arguments.next().unwrap_or(3);
    let rates = |churn: &Churn| {
        let mut sum = TrueRates::default();
        for seed in 1..=u64::from(seeds) {
            let config = Config { churn: churn.clone(), ..Config::new(residents, seed, date(2026, 1, 1)) };
            let mut town = Town::new(config);
            town.live(months);
            sum = sum + town.true_rates_of_town();
        }
        let percent = |rate: Option<f64>| rate.unwrap_or(f64::NAN) * 100.0;
        (percent(sum.registration_rate()), percent(sum.accuracy_rate()))
    };
    let (registration, accuracy) = rates(&Churn::default());
    println!("as assumed: registration {registration:.2} %, accuracy {accuracy:.2} %");
    println!("field,halved: registration,accuracy,raised by half: registration,accuracy");
    let usual = serde_json::to_value(Churn::default()).unwrap_or_default();
    for (field, value) in usual.as_object().into_iter().flatten() {
        let value = value.as_f64().unwrap_or_default();
        let most = if field.ends_with("_yearly") { f64::MAX } else { 1.0 };
        let moved = |factor: f64| {
            let mut changed = usual.clone();
            changed[field] = (value * factor).min(most).into();
            let churn = serde_json::from_value(changed).unwrap_or_default();
            let rates = rates(&churn);
            (rates.0 - registration, rates.1 - accuracy)
        };
        let (less, more) = (moved(0.5), moved(1.5));
        println!("{field},{:+.2},{:+.2},{:+.2},{:+.2}", less.0, less.1, more.0, more.1);
    }
}
