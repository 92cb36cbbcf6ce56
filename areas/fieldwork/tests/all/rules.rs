use linli_fieldwork::{
    due::max_gap_days,
    visit::{Fate, VisitOutcome, settles},
};
use linli_work::{Outcome, TaskKind};

#[test]
fn a_full_visit_settles_what_it_can_tell_and_nothing_else() {
    use TaskKind::*;
    let home = |registered, changed, cancelled| Fate::Home { registered, changed, cancelled };
    for (kind, fate, want) in [
        (HomeVerification, home(0, 0, 0), Some(Outcome::Confirmed)),
        (HomeVerification, home(1, 1, 1), Some(Outcome::Registered)),
        (HomeVerification, home(0, 2, 1), Some(Outcome::Changed)),
        (SurveyError, home(0, 0, 3), Some(Outcome::Cancelled)),
        (SurveyError, Fate::Gone, Some(Outcome::Cancelled)),
        (DataCheck, Fate::Here, Some(Outcome::Confirmed)),
        (DataCheck, Fate::Changed, Some(Outcome::Changed)),
        (RosterAddressDiffers, Fate::Here, Some(Outcome::Confirmed)),
        (RosterAddressDiffers, Fate::Gone, Some(Outcome::NotThere)),
        (RosterAddressDiffers, Fate::Changed, None),
        (RosterLeftEmployer, Fate::Gone, Some(Outcome::Cancelled)),
        (RosterLeftEmployer, Fate::Here, None),
        (RosterUnregistered, home(1, 0, 0), None),
        (Transfer, Fate::Here, None),
        (Correction, Fate::Changed, None),
        (BoundaryChange, home(0, 0, 0), None),
    ] {
        assert_eq!(settles(kind, fate), want, "{kind} {fate:?}");
    }
}

#[test]
fn a_visit_settles_a_task_only_as_its_kind_can_end() {
    let fates = [Fate::Here, Fate::Gone, Fate::Changed].into_iter().chain(
        [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)].map(|(registered, changed, cancelled)| Fate::Home {
            registered,
            changed,
            cancelled,
        }),
    );
    for fate in fates {
        for kind in TaskKind::ALL {
            let outcome = settles(*kind, fate);
            assert!(outcome.is_none_or(|o| kind.outcomes().contains(&o)), "{kind} {fate:?} {outcome:?}");
        }
    }
}

#[test]
fn labels_have_the_longest_gaps_of_the_pack_and_care_visits_none() {
    let pack = policy_pack::Pack::embedded();
    for (label, days) in [("crowded", Some(10)), ("informal", Some(15)), ("vacant", Some(30)), ("care", None)] {
        assert_eq!(max_gap_days(&pack, label), days, "{label}");
    }
}

#[test]
fn only_a_full_check_verifies_and_every_outcome_has_its_text() {
    let (zh, en) = linli_fieldwork::area().texts.unwrap();
    let texts = linli_platform::texts::Texts::new(&[("fieldwork", zh, en)]).unwrap();
    for outcome in VisitOutcome::ALL {
        assert!(texts.has(&format!("visit-outcome-{}", outcome.code())), "{outcome:?}");
        assert_eq!(VisitOutcome::from_code(outcome.code()), Some(outcome));
        assert_eq!(outcome.verifies(), outcome == VisitOutcome::Verified);
    }
    assert!(!VisitOutcome::Refused.visits() && !VisitOutcome::NobodyHome.visits());
}
