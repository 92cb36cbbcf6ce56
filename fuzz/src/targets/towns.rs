//! What an experiment with a simulated town varies.

use townsim::{Churn, VisitRules};

use super::text;

/// Intervals of visits, ways of moving: what can be read is in range, or what is out of range is named.
pub fn experiment(data: &[u8]) {
    let text = text(data);
    let problems = [
        toml::from_str::<VisitRules>(&text).ok().and_then(|rules| rules.problem()),
        toml::from_str::<Churn>(&text).ok().and_then(|churn| churn.problem()),
    ];
    for problem in problems.into_iter().flatten() {
        assert!(!problem.field.is_empty() && !problem.to_string().is_empty(), "the field is named");
    }
}

/// Fields of both, in range and out of it.
pub fn experiment_seeds() -> Vec<Vec<u8>> {
    [
        "crowded_days = 10\nvacant_days = 30\n",
        "crowded_days = 0\n",
        "owner_moves_yearly = 0.05\n",
        "owner_moves_yearly = 1.5\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
