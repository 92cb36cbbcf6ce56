//! From scored candidates to a decision, with the rules that keep the machine from deciding alone.

use crate::{
    levels::{AddressLevel, NameLevel, NumberLevel, Pattern, PhoneLevel},
    matcher::{Class, Decision},
    model::{Model, probability},
    reason::{Finding, Reason},
};

/// A rival this many bits below the best one still counts as fitting.
const RIVAL_BITS: f64 = 6.0;
/// What a telephone and a door may add up to when the name does not agree: a household shares both.
const HOUSEHOLD_BITS: f64 = 12.0;

/// One candidate with its weights.
#[derive(Debug, Clone)]
pub(crate) struct Scored {
    pub person: usize,
    pub number: u64,
    pub pattern: Pattern,
    pub bits: f64,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub decision: Decision,
    pub class: Class,
    pub probability: f64,
    pub rule: Option<Reason>,
}

/// What must be taken off because a household shares telephone and door.
pub(crate) fn shared_by_household(pattern: &Pattern, weights: &[f64; 5]) -> f64 {
    let own_name = matches!(pattern.name, NameLevel::Exact | NameLevel::Homophone);
    let own_number = matches!(
        pattern.number,
        NumberLevel::Exact | NumberLevel::OneOff | NumberLevel::Transposed | NumberLevel::Damaged
    );
    if own_name || own_number {
        return 0.0;
    }
    (weights[2].max(0.0) + weights[3].max(0.0) - HOUSEHOLD_BITS).max(0.0)
}

/// Decides on the candidates, of which the first is the best.
pub(crate) fn decide(candidates: &[Scored], model: &Model) -> Outcome {
    let Some(best) = candidates.first() else {
        return Outcome { decision: Decision::None, class: Class::NotGiven, probability: 0.0, rule: None };
    };
    let chance = probability(best.bits);
    let (mut decision, mut rule) = if chance >= model.thresholds.matched {
        (Decision::Match, None)
    } else if chance >= model.thresholds.review {
        (Decision::Review, None)
    } else {
        (Decision::None, None)
    };
    // Whoever the number belongs to has to be looked at, even when nothing else agrees.
    if decision == Decision::None && best.pattern.number == NumberLevel::Exact {
        decision = Decision::Review;
    }
    if decision != Decision::None
        && let Some(reason) = guard(best, candidates)
    {
        decision = if reason == Reason::HouseholdOnly { decision.min(Decision::Review) } else { Decision::Review };
        rule = Some(reason);
    }
    let class = if decision == Decision::Match { class_of(best.pattern.address) } else { Class::NotGiven };
    Outcome { decision, class, probability: chance, rule }
}

fn guard(best: &Scored, candidates: &[Scored]) -> Option<Reason> {
    let pattern = &best.pattern;
    if pattern.number == NumberLevel::Exact {
        let strange = pattern.name == NameLevel::Different && pattern.phone != PhoneLevel::Exact;
        // Somebody else bears the row's name and telephone: whose is the number?
        let claimed = pattern.name != NameLevel::Exact
            && candidates.iter().skip(1).any(|other| {
                other.number != best.number
                    && other.pattern.name == NameLevel::Exact
                    && other.pattern.phone == PhoneLevel::Exact
            });
        return (strange || claimed).then_some(Reason::NumberUnderOtherName);
    }
    let rival = candidates
        .iter()
        .skip(1)
        .any(|other| other.bits > best.bits - RIVAL_BITS && (other.number != best.number || best.number == 0));
    if rival {
        return Some(Reason::SeveralCandidates);
    }
    let own_name = matches!(pattern.name, NameLevel::Exact | NameLevel::Homophone);
    let repaired = matches!(pattern.number, NumberLevel::OneOff | NumberLevel::Transposed | NumberLevel::Damaged);
    if !(own_name || repaired && pattern.name == NameLevel::OneCharacter) {
        return Some(Reason::HouseholdOnly);
    }
    if pattern.number == NumberLevel::OtherPerson {
        return Some(Reason::NumberOfOther);
    }
    None
}

fn class_of(address: AddressLevel) -> Class {
    match address {
        AddressLevel::SameDoor => Class::Same,
        AddressLevel::Missing => Class::NotGiven,
        _ => Class::Diff,
    }
}
