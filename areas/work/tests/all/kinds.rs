use std::sync::Arc;

use linli_platform::{
    clock::At,
    texts::{Lang, T, Texts},
};
use linli_work::{Outcome, TaskKind, task_due_at};
use policy_pack::Subject;

#[test]
fn no_kind_of_task_is_about_a_person_or_lies_on_one() {
    for kind in TaskKind::ALL {
        assert!(matches!(kind.subject(), Subject::Premises | Subject::Work | Subject::Organisation), "{kind}");
        assert!(!kind.lies_on().is_empty(), "{kind}");
        assert!(kind.lies_on().iter().all(|on| !["resident", "person", "account"].contains(on)), "{kind}");
    }
}

#[test]
fn every_kind_and_outcome_has_its_text_in_both_languages() {
    let (zh, en) = linli_work::area().texts.unwrap();
    let texts = Texts::new(&[("work", zh, en)]).unwrap();
    for kind in TaskKind::ALL {
        assert!(texts.has(&format!("task-{kind}")), "{kind}");
        assert!(kind.outcomes().contains(&Outcome::Overtaken), "{kind}");
    }
    for outcome in Outcome::ALL {
        assert!(texts.has(&format!("task-outcome-{outcome}")), "{outcome}");
    }
    let t = T::new(Arc::new(texts), Lang::Zh);
    assert_eq!(t.code("task", TaskKind::HomeVerification), "兜底核查");
}

#[test]
fn a_deadline_follows_the_pack_and_the_official_working_days() {
    let pack = policy_pack::Pack::embedded();
    let calendar = cn_workday::Calendar::official();
    let at = |text: &str| At::from_timestamp(text.parse().unwrap());
    // Wednesday before the National Day holiday; 10 October is a working Saturday of 2026 by the official list.
    let from = at("2026-09-30T16:00:00+08:00");
    for (kind, want) in [
        (TaskKind::RosterAddressDiffers, "2026-10-11T00:00:00+08:00"),
        (TaskKind::RosterUnregistered, "2026-10-11T00:00:00+08:00"),
        (TaskKind::RosterLeftEmployer, "2026-10-11T00:00:00+08:00"),
        (TaskKind::HomeVerification, "2026-10-01T00:00:00+08:00"),
        (TaskKind::SurveyError, "2026-10-01T16:00:00+08:00"),
        (TaskKind::DataCheck, "2026-10-11T00:00:00+08:00"),
        (TaskKind::DataCheckDesk, "2026-10-10T00:00:00+08:00"),
        (TaskKind::DataCheckSecondVisit, "2026-10-11T00:00:00+08:00"),
        (TaskKind::Transfer, "2026-10-10T00:00:00+08:00"),
        (TaskKind::Correction, "2026-10-16T00:00:00+08:00"),
        (TaskKind::Declaration, "2026-10-11T00:00:00+08:00"),
    ] {
        let due = task_due_at(&pack, &calendar, kind, from).unwrap();
        assert_eq!(due.minute_text(), at(want).minute_text(), "{kind}");
    }
}

#[test]
fn a_deadline_beyond_the_known_working_days_is_refused_with_its_year() {
    let calendar = cn_workday::Calendar::official();
    let far = At::from_timestamp("2060-01-05T10:00:00+08:00".parse().unwrap());
    let refused = task_due_at(&policy_pack::Pack::embedded(), &calendar, TaskKind::Transfer, far).unwrap_err();
    assert!(refused.is("workday-year"));
    assert_eq!(refused.args, vec![("year", "2060".to_owned())]);
}
