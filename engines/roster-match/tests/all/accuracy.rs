//! Right and found, on a damaged roster whose truth is known.

use roster_match::{Matcher, Model, Options, Register};

use super::town::{Score, Town};

fn run(noise: f64, learn: bool) -> Score {
    let town = Town::grow(20_231_101, 20_000, 4_000, noise);
    let register = Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default());
    let rows = town.roster();
    let mut matcher = Matcher::new(&register, &Model::default());
    if learn {
        matcher = Matcher::new(&register, &matcher.learn(&rows));
    }
    let results = matcher.compare(&rows);
    Score::of(&town, &results, &matcher.missing(&rows, &results))
}

#[test]
fn a_damaged_roster_is_matched_precisely_and_nearly_whole() {
    for learn in [false, true] {
        let score = run(1.0, learn);
        let told = format!("learnt {learn}: precision {} recall {}", score.precision(), score.recall());
        assert!(score.precision() >= 0.999, "{told}");
        assert!(score.recall() >= 0.985, "{told}");
        assert!(score.class_accuracy() >= 0.985, "{told}, class {}", score.class_accuracy());
        assert!(score.whole_share() >= 0.98, "{told}, whole {}", score.whole_share());
        assert!(score.review_share() <= 0.015, "{told}, review {}", score.review_share());
        assert!(score.missing_precision() >= 0.98, "{told}, missing {}", score.missing_precision());
        assert_eq!(score.silent, 0, "{told}");
    }
}

#[test]
fn with_two_and_a_half_times_the_noise_it_stays_precise() {
    let score = run(2.5, true);
    assert!(score.precision() >= 0.997, "precision {}", score.precision());
    assert!(score.f1() >= 0.97, "F1 {}", score.f1());
}

#[test]
fn the_same_rows_give_the_same_model_and_the_same_results() {
    let town = Town::grow(7, 2_000, 500, 1.0);
    let register = || Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default());
    let (one, other) = (register(), register());
    let rows = town.roster();
    let run = |register| {
        let model = Matcher::new(register, &Model::default()).learn(&rows);
        let results = Matcher::new(register, &model).compare(&rows);
        (model, results)
    };
    assert_eq!(run(&one), run(&other));
}
