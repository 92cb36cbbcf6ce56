//! The same number of visits, in turn and by hazard: how right is the register after six months?
//!
//! `cargo run --release -p visit-plan --example in_turn -- 20000 6 1` (residents, months, seed)

mod simulation;

use simulation::{Effort, Policy, run};

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u32>());
    let mut number = |otherwise: u32| words.next().and_then(Result::ok).unwrap_or(otherwise);
    let (residents, months, seed) = (number(20_000), number(6), number(1));
    println!("{residents} residents, {months} months, seed {seed}");
    for (effort, text) in [
        (Effort { a_home_and_month: 1.0 }, "one visit a home and month"),
        (Effort { a_home_and_month: 1.5 }, "one and a half"),
    ] {
        println!(
            "\n{text}\n{:<26} {:>8} {:>13} {:>9} {:>13}",
            "", "visits", "registration", "accuracy", "wrong records"
        );
        for (policy, name) in [
            (Policy::InTurn, "in turn"),
            (Policy::ByHazard, "by hazard"),
            (Policy::MonthlyThenHazard, "monthly first, then hazard"),
        ] {
            let end = run(residents, months, u64::from(seed), effort, policy);
            let (registered, right) = (end.registration_rate() * 100.0, end.accuracy_rate() * 100.0);
            println!("{:<26} {:>8} {registered:>11.2} % {right:>7.2} % {:>13}", name, end.visits, end.wrong());
        }
    }
}
