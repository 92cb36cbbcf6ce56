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
        assert!(score.precision() >= 0.995, "learnt {learn}: {score:?} precision {}", score.precision());
        assert!(score.recall() >= 0.95, "learnt {learn}: {score:?} recall {}", score.recall());
        assert!(score.class_accuracy() >= 0.97, "learnt {learn}: {score:?} class {}", score.class_accuracy());
        assert!(score.review <= 4_000 * 4 / 100, "learnt {learn}: {score:?}");
        assert!(score.missing_precision >= 0.97, "learnt {learn}: {score:?}");
    }
}

#[test]
fn with_two_and_a_half_times_the_noise_it_stays_precise() {
    let score = run(2.5, true);
    assert!(score.precision() >= 0.99, "{score:?} precision {}", score.precision());
    assert!(score.recall() >= 0.90, "{score:?} recall {}", score.recall());
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
