//! From scored candidates to a decision, with the rules that keep the machine from deciding alone.

use crate::{
    levels::{AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel},
    matcher::{Class, Decision},
    model::{Model, probability},
    pairs::Pair,
    reason::Reason,
    register::Register,
};

/// A rival this many bits below the best one still counts as fitting.
const RIVAL_BITS: f64 = 6.0;
/// What a telephone and a door may add up to when the name does not agree: a household shares both.
const HOUSEHOLD_BITS: f64 = 12.0;

/// One candidate with all that speaks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scored {
    pub pair: Pair,
    pub bits: f64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// Which of the candidates is meant.
    pub best: Option<usize>,
    pub decision: Decision,
    pub class: Class,
    pub probability: f64,
    pub rule: Option<Reason>,
}

fn own_name(pattern: &Pattern) -> bool {
    matches!(pattern.name, NameLevel::Exact | NameLevel::Homophone)
}

/// The number agrees, but for a typing error or a spreadsheet.
fn own_number(pattern: &Pattern) -> bool {
    use NumberLevel::{Damaged, Exact, OneOff, Transposed};
    matches!(pattern.number, Exact | OneOff | Transposed | Damaged)
}

/// Telephone or door agree.
fn reached(pattern: &Pattern) -> bool {
    pattern.phone == PhoneLevel::Exact || pattern.address == AddressLevel::SameDoor
}

/// What must be taken off because a household shares telephone and door.
pub(crate) fn shared_by_household(pattern: &Pattern, weights: &[f64; 5]) -> f64 {
    if own_name(pattern) || own_number(pattern) {
        return 0.0;
    }
    (weights[2].max(0.0) + weights[3].max(0.0) - HOUSEHOLD_BITS).max(0.0)
}

/// The row bears a valid number, and nothing but a name, a birthday or an employer speaks for this person:
/// a namesake, however well he fits.
pub(crate) fn is_own_number_of_another(pattern: &Pattern) -> bool {
    pattern.number == NumberLevel::OtherPerson && !reached(pattern) && pattern.phone != PhoneLevel::OneOff
}

/// Decides on the candidates, of which the first is the best.
pub(crate) fn decide(candidates: &[Scored], model: &Model, register: &Register) -> Outcome {
    let nobody = Outcome { best: None, decision: Decision::None, class: Class::NotGiven, probability: 0.0, rule: None };
    let Some(best) = candidates.first() else { return Outcome { rule: Some(Reason::NobodyLike), ..nobody } };
    let chance = probability(best.bits);
    let by_chance = if chance >= model.thresholds.matched {
        Decision::Match
    } else if chance >= model.thresholds.review {
        Decision::Review
    } else {
        Decision::None
    };
    let (decision, rule) = guard(best, candidates, by_chance, register);
    if decision != Decision::None {
        let class = if decision == Decision::Match { class_of(best.pair.pattern.address) } else { Class::NotGiven };
        return Outcome { best: Some(0), decision, class, probability: chance, rule };
    }
    // Whoever the number belongs to has to be looked at, even when nothing else agrees.
    match candidates.iter().position(|one| one.pair.pattern.number == NumberLevel::Exact) {
        Some(owner) => Outcome {
            best: Some(owner),
            decision: Decision::Review,
            probability: probability(candidates[owner].bits),
            rule: Some(Reason::NumberUnderOtherName),
            ..nobody
        },
        None => {
            let own = candidates.iter().any(|one| one.pair.pattern.number == NumberLevel::OtherPerson);
            let rule = if own { Reason::NumberNotRegistered } else { Reason::NobodyEnough };
            Outcome { probability: chance, rule: Some(rule), ..nobody }
        }
    }
}

/// The decision by probability, held back by what a machine must not decide.
fn guard(best: &Scored, all: &[Scored], decision: Decision, register: &Register) -> (Decision, Option<Reason>) {
    let pattern = &best.pair.pattern;
    let held = |reason| (Decision::Review, Some(reason));
    if pattern.number == NumberLevel::Exact {
        return if is_strange(best, all) && decision != Decision::None {
            held(Reason::NumberUnderOtherName)
        } else if own_name(pattern) && decision == Decision::None {
            (Decision::Review, None)
        } else {
            (decision, None)
        };
    }
    let valid_and_other = pattern.number == NumberLevel::OtherPerson;
    if decision == Decision::None || is_own_number_of_another(pattern) || valid_and_other && !own_name(pattern) {
        return (Decision::None, None);
    }
    // Whose number it is, is for a person to decide, unless the rest is beyond doubt; then the reason says it.
    let owned = valid_and_other && all.iter().any(is_owner);
    if owned && !is_beyond_doubt(pattern, all) {
        return held(Reason::NumberUnderOtherName);
    }
    let differs = |other: &&Scored| !register.same_human(best.pair.person as usize, other.pair.person as usize);
    if all.iter().skip(1).filter(|other| other.bits > best.bits - RIVAL_BITS).any(|other| differs(&other)) {
        return held(Reason::SeveralCandidates);
    }
    let repaired = own_number(pattern) && (pattern.name == NameLevel::OneCharacter);
    if !(own_name(pattern) || repaired) {
        return (decision.min(Decision::Review), Some(Reason::HouseholdOnly));
    }
    if owned {
        return (decision, Some(Reason::NumberOfRegistered));
    }
    if valid_and_other && !is_surely_the_bearer(pattern) {
        return held(Reason::NumberOfOther);
    }
    // Without a number, name and employer alone are what a namesake shares as well.
    let nearly = pattern.number == NumberLevel::Near && pattern.name == NameLevel::Exact;
    let traceable = own_number(pattern) || nearly || reached(pattern) || pattern.phone == PhoneLevel::OneOff;
    if traceable { (decision, None) } else { (decision.min(Decision::Review), None) }
}

/// The number is this person's, but another name stands beside it, and nothing that a person brings along.
fn is_strange(best: &Scored, all: &[Scored]) -> bool {
    let pattern = &best.pair.pattern;
    if own_name(pattern) {
        return false;
    }
    // Somebody else bears the row's name and telephone or door: whose is the number?
    let claimed = all.iter().skip(1).any(|other| {
        other.pair.pattern.number != NumberLevel::Exact
            && other.pair.pattern.name == NameLevel::Exact
            && reached(&other.pair.pattern)
    });
    // A relative whose number was written by mistake shares the door, often the employer too, but has a telephone of
    // the own.
    let alone = match pattern.name {
        NameLevel::OneCharacter => !reached(pattern) && pattern.employer != EmployerLevel::Same,
        NameLevel::Different => {
            let at_home_and_work = pattern.address == AddressLevel::SameDoor && pattern.employer == EmployerLevel::Same;
            let silent = pattern.phone == PhoneLevel::Missing;
            pattern.phone != PhoneLevel::Exact && !(at_home_and_work && silent)
        }
        _ => !reached(pattern),
    };
    claimed || alone
}

fn is_owner(one: &Scored) -> bool {
    one.pair.pattern.number == NumberLevel::Exact
}

/// The number is somebody else's by mistake: the name is this person's, telephone or door agree, and nothing speaks for
/// the number's owner.
fn is_beyond_doubt(pattern: &Pattern, all: &[Scored]) -> bool {
    let apart = |owner: &Scored| owner.pair.pattern.name == NameLevel::Different && !reached(&owner.pair.pattern);
    let both = pattern.phone == PhoneLevel::Exact && pattern.address == AddressLevel::SameDoor;
    let this_one = match pattern.name {
        NameLevel::Exact => reached(pattern),
        NameLevel::Homophone => both || reached(pattern) && pattern.employer == EmployerLevel::Same,
        _ => false,
    };
    this_one && all.iter().filter(|one| is_owner(one)).all(apart)
}

/// The row's number is nobody's in the register: the name is this person's, and so are telephone and door, or one of
/// them and the employer.
fn is_surely_the_bearer(pattern: &Pattern) -> bool {
    let both = pattern.phone == PhoneLevel::Exact && pattern.address == AddressLevel::SameDoor;
    let at_work = pattern.employer == EmployerLevel::Same;
    pattern.name == NameLevel::Exact && (both || reached(pattern) && at_work)
}

fn class_of(address: AddressLevel) -> Class {
    match address {
        AddressLevel::SameDoor => Class::Same,
        AddressLevel::Missing => Class::NotGiven,
        _ => Class::Diff,
    }
}
