//! Ranges of numbers, and values that a boundary fixes.

use super::Checker;
use crate::pack::Rules;
use crate::source::{Step, steps};
use crate::{Reason, Ruled};

/// A number with its place and range.
struct Ranged<'a> {
    file: &'a str,
    path: Vec<Step>,
    found: u32,
    min: u32,
    max: u32,
}

pub(super) fn check(checker: &mut Checker<'_>, rules: &Rules) {
    for ranged in survey(rules).into_iter().chain(team_and_visits(rules)).chain(work(rules)).chain(lists(rules)) {
        if !(ranged.min..=ranged.max).contains(&ranged.found) {
            let reason = Reason::OutOfRange {
                found: i64::from(ranged.found),
                min: i64::from(ranged.min),
                max: i64::from(ranged.max),
            };
            checker.report(ranged.file, &ranged.path, reason);
        }
    }
    fixed(checker, rules);
    orders(checker, rules);
}

fn at<'a>(file: &'a str, table: &str, key: &str, value: &Ruled<u32>, (min, max): (u32, u32)) -> Ranged<'a> {
    let path = if table.is_empty() { steps![key, "value"] } else { steps![table, key, "value"] };
    Ranged { file, path, found: **value, min, max }
}

fn survey(rules: &Rules) -> Vec<Ranged<'static>> {
    let survey = &rules.survey;
    let file = "survey.toml";
    vec![
        at(file, "", "every_months", &survey.every_months, (1, 12)),
        at(file, "", "min_households", &survey.min_households, (1, 10_000)),
        at(file, "", "min_people", &survey.min_people, (1, 10_000)),
        at(file, "", "min_surveyors", &survey.min_surveyors, (1, 100)),
        at(file, "", "min_seed_parties", &survey.min_seed_parties, (2, 20)),
        at(file, "", "second_interview_percent", &survey.second_interview_percent, (1, 50)),
        at(file, "", "min_second_interviews", &survey.min_second_interviews, (1, 100)),
        at(file, "", "target_registration_percent", &survey.target_registration_percent, (1, 100)),
        at(file, "", "target_accuracy_percent", &survey.target_accuracy_percent, (1, 100)),
        at(file, "", "target_homes_percent", &survey.target_homes_percent, (1, 100)),
        at(file, "", "target_employers_percent", &survey.target_employers_percent, (1, 100)),
        at(file, "", "confidence_percent", &survey.confidence_percent, (50, 99)),
    ]
}

fn team_and_visits(rules: &Rules) -> Vec<Ranged<'static>> {
    let (team, visits, shifts) = (&rules.team, &rules.visits, &rules.shifts);
    let (t, v, s) = ("team.toml", "intervals.toml", "shifts.toml");
    vec![
        at(t, "", "n_members_per_committee", &team.n_members_per_committee, (1, 1000)),
        at(t, "", "duties_per_role", &team.duties_per_role, (1, 100)),
        at(t, "", "confidentiality_training_every_months", &team.confidentiality_training_every_months, (1, 12)),
        at(t, "", "instruction_every_months", &team.instruction_every_months, (1, 12)),
        at(v, "full_verification", "every_months", &visits.full_verification.every_months, (1, 12)),
        at(v, "rounds", "officer_led_visits_per_week", &visits.rounds.officer_led_visits_per_week, (1, 50)),
        at(v, "rounds", "grid_worker_share_percent", &visits.rounds.grid_worker_share_percent, (0, 100)),
        at(s, "", "plan_ahead_days", &shifts.plan_ahead_days, (1, 60)),
        at(s, "", "officer_off_hours_rounds_per_week", &shifts.officer_off_hours_rounds_per_week, (0, 7)),
        at(s, "", "coordinator_weekend_days_per_week", &shifts.coordinator_weekend_days_per_week, (0, 2)),
        at(s, "", "coordinator_off_hours_rounds_per_week", &shifts.coordinator_off_hours_rounds_per_week, (0, 7)),
        // Labour Law, article 36 as changed in 1995: 40 hours.
        at(s, "", "normal_hours_per_week", &shifts.normal_hours_per_week, (1, 44)),
    ]
}

fn work(rules: &Rules) -> Vec<Ranged<'static>> {
    let (w, g, c, m) = ("work.toml", "governance.toml", "scoring.toml", "meetings.toml");
    let (work, admin, scoring) = (&rules.work, &rules.governance.administrators, &rules.scoring);
    vec![
        at(m, "", "notice_of_move_hours", &rules.meetings.notice_of_move_hours, (1, 240)),
        at("register.toml", "", "roster_liaisons_at_least", &rules.register.roster_liaisons_at_least, (1, 100)),
        at(w, "supervision", "min_officers", &work.supervision.min_officers, (1, 100)),
        at(w, "supervision", "min_coordinators", &work.supervision.min_coordinators, (1, 100)),
        at(w, "supervision", "bulletin_every_months", &work.supervision.bulletin_every_months, (1, 12)),
        at(w, "supervision", "repeats_that_escalate", &work.supervision.repeats_that_escalate, (1, 100)),
        at(w, "stipend", "approvers", &work.stipend.approvers, (2, 10)),
        at(w, "stipend", "max_yuan_per_notice", &work.stipend.max_yuan_per_notice, (0, 10_000)),
        at(w, "evaluation", "every_months", &work.evaluation.every_months, (1, 12)),
        // Fewer than three would point at somebody.
        at(w, "evaluation", "smallest_count_shown", &work.evaluation.smallest_count_shown, (3, 100)),
        at(g, "administrators", "people", &admin.people, (3, 3)),
        // GB/T 22239-2019 level 3: 30 minutes or less, customarily 5 failures and 10 to 30 minutes.
        at(g, "administrators", "idle_sign_out_minutes", &admin.idle_sign_out_minutes, (1, 30)),
        at(g, "administrators", "failures_before_lock_out", &admin.failures_before_lock_out, (3, 10)),
        at(g, "administrators", "lock_out_minutes", &admin.lock_out_minutes, (10, 1440)),
        at(g, "administrators", "checkpoint_every_hours", &admin.checkpoint_every_hours, (1, 168)),
        at(g, "access", "step_up_minutes", &rules.governance.access.step_up_minutes, (1, 60)),
        at(g, "access", "opened_minutes", &rules.governance.access.opened_minutes, (1, 30)),
        at(g, "access", "people_an_hour", &rules.governance.access.people_an_hour, (1, 500)),
        at(g, "access", "emergency_hours", &rules.governance.access.emergency_hours, (1, 24)),
        at(g, "access", "proposal_days", &rules.governance.access.proposal_days, (1, 31)),
        at(c, "listing", "months_running", &scoring.listing.months_running, (1, 12)),
        at(c, "rounds", "score_every_months", &scoring.rounds.score_every_months, (1, 12)),
        at(c, "rounds", "first_places", &scoring.rounds.first_places, (0, 100)),
        at(c, "rounds", "last_places", &scoring.rounds.last_places, (0, 100)),
    ]
}

fn lists(rules: &Rules) -> Vec<Ranged<'static>> {
    let gaps = rules.visits.categories.iter().enumerate().map(|(place, category)| Ranged {
        file: "intervals.toml",
        path: steps!["category", place, "max_gap_days"],
        found: category.max_gap_days,
        min: 1,
        max: 366,
    });
    let deadlines = rules.deadlines.deadlines.iter().enumerate().map(|(place, deadline)| Ranged {
        file: "deadlines.toml",
        path: steps!["deadline", place, "amount"],
        found: deadline.amount,
        min: 1,
        max: 366,
    });
    let retentions = rules.deadlines.retentions.iter().enumerate().map(|(place, retention)| Ranged {
        file: "deadlines.toml",
        path: steps!["retention", place, "keep_months"],
        found: retention.keep_months,
        min: retention.at_least_months,
        max: 360,
    });
    let hazards = rules.visits.hazards.iter().enumerate().map(|(place, hazard)| Ranged {
        file: "intervals.toml",
        path: steps!["hazard", place, "max_days"],
        found: hazard.max_days,
        min: 1,
        max: 366,
    });
    gaps.chain(deadlines).chain(retentions).chain(hazards).collect()
}

/// Values that the boundaries fix, whatever a sub-district would like.
fn fixed(checker: &mut Checker<'_>, rules: &Rules) {
    let (care, register) = (&rules.visits.care_visit, &rules.register);
    let flags = [
        ("intervals.toml", steps!["care_visit", "needs_consent"], care.needs_consent, true),
        ("intervals.toml", steps!["care_visit", "revocable"], care.revocable, true),
        ("work.toml", steps!["daily_report", "personal_data", "value"], *rules.work.daily_report.personal_data, false),
        ("survey.toml", steps!["errors_change_the_result", "value"], *rules.survey.errors_change_the_result, false),
        ("team.toml", steps!["agreement_before_access", "value"], *rules.team.agreement_before_access, true),
        ("team.toml", steps!["leaving_ends_access_at_once", "value"], *rules.team.leaving_ends_access_at_once, true),
        ("register.toml", steps!["transfer_needs_acceptance", "value"], *register.transfer_needs_acceptance, true),
    ];
    for (file, path, found, expected) in flags {
        if found != expected {
            let expected = if expected { "true" } else { "false" };
            checker.report(file, &path, Reason::MustBe { expected });
        }
    }
    if *register.main_residences_per_person != 1 {
        let path = steps!["main_residences_per_person", "value"];
        checker.report("register.toml", &path, Reason::MustBe { expected: "1" });
    }
    for (place, measure) in rules.governance.measures.iter().enumerate() {
        if !measure.right_to_be_heard {
            let path = steps!["measure", place, "right_to_be_heard"];
            checker.report("governance.toml", &path, Reason::MustBe { expected: "true" });
        }
    }
}

fn orders(checker: &mut Checker<'_>, rules: &Rules) {
    let shifts = &rules.shifts;
    if *shifts.workday_starts >= *shifts.workday_ends {
        let reason = Reason::NotBefore { first: "workday_starts", second: "workday_ends" };
        checker.report("shifts.toml", &steps!["workday_ends", "value"], reason);
    }
    for (place, role) in rules.team.roles.iter().enumerate() {
        if role.max_per_grid.is_some_and(|max| max < role.min_per_grid) {
            let reason = Reason::NotBefore { first: "min_per_grid", second: "max_per_grid" };
            checker.report("team.toml", &steps!["role", place, "max_per_grid"], reason);
        }
    }
}
