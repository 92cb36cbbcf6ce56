//! References between lists, and entries that must be there.

use super::Checker;
use crate::pack::Rules;
use crate::source::{Step, steps};
use crate::{DeadlineId, Item, MeetingId, Reason, RetentionId, RoleId, Subject};

pub(super) fn check(checker: &mut Checker<'_>, rules: &Rules) {
    complete(checker, rules);
    duties(checker, rules);
    labels(checker, rules);
    purposes(checker, rules);
    bodies(checker, rules);
    subjects(checker, rules);
}

/// The program asks for each of these by its code.
fn complete(checker: &mut Checker<'_>, rules: &Rules) {
    let d = &rules.deadlines;
    let lists = [
        ("deadlines.toml", "deadline", missing(DeadlineId::ALL, &d.deadlines)),
        ("deadlines.toml", "retention", missing(RetentionId::ALL, &d.retentions)),
        ("team.toml", "role", missing(RoleId::ALL, &rules.team.roles)),
        ("meetings.toml", "meeting", missing(MeetingId::ALL, &rules.meetings.meetings)),
    ];
    for (file, list, ids) in lists {
        for id in ids {
            checker.report(file, &steps![list], Reason::MissingEntry { id });
        }
    }
}

fn missing<C: AsRef<str>>(codes: &[C], items: &[impl Item]) -> Vec<String> {
    let absent = codes.iter().map(AsRef::as_ref).filter(|code| !items.iter().any(|item| item.id() == *code));
    absent.map(str::to_owned).collect()
}

fn duties(checker: &mut Checker<'_>, rules: &Rules) {
    let expected = *rules.team.duties_per_role;
    for (place, role) in rules.team.roles.iter().enumerate() {
        let found = rules.team.duties.iter().filter(|duty| duty.role == role.id).count();
        if u32::try_from(found) != Ok(expected) {
            let reason = Reason::DutyCount { role: role.id.code(), expected, found };
            checker.report("team.toml", &steps!["role", place, "id"], reason);
        }
    }
}

fn labels(checker: &mut Checker<'_>, rules: &Rules) {
    let visits = &rules.visits;
    for (place, photo) in visits.photos.iter().enumerate() {
        for (at, id) in photo.categories.iter().enumerate() {
            if !visits.categories.iter().any(|category| category.id == *id) {
                let reason = Reason::UnknownReference { id: id.clone() };
                checker.report("intervals.toml", &steps!["photo", place, "categories", at], reason);
            }
        }
        if photo.outcomes.is_empty() {
            let reason = Reason::Empty { key: "outcomes".to_owned() };
            checker.report("intervals.toml", &steps!["photo", place, "outcomes"], reason);
        }
    }
    for (place, label) in visits.labels.iter().enumerate() {
        if !visits.categories.iter().any(|category| category.id == label.category) {
            let reason = Reason::UnknownReference { id: label.category.clone() };
            checker.report("intervals.toml", &steps!["label", place, "category"], reason);
        }
    }
}

fn purposes(checker: &mut Checker<'_>, rules: &Rules) {
    let work = &rules.work;
    for (place, purpose) in work.purposes.iter().enumerate() {
        if purpose.tasks.is_empty() {
            let reason = Reason::Empty { key: "tasks".to_owned() };
            checker.report("work.toml", &steps!["purpose", place, "tasks"], reason);
        }
        for (at, id) in purpose.tasks.iter().enumerate() {
            if !work.tasks.iter().any(|task| task.id == *id) {
                let reason = Reason::UnknownReference { id: id.code().to_owned() };
                checker.report("work.toml", &steps!["purpose", place, "tasks", at], reason);
            }
        }
    }
    for (place, level) in work.levels.iter().enumerate() {
        if work.levels.iter().take(place).any(|other| other.order == level.order) {
            let reason = Reason::Duplicate { id: level.order.to_string() };
            checker.report("work.toml", &steps!["level", place, "order"], reason);
        }
    }
}

fn bodies(checker: &mut Checker<'_>, rules: &Rules) {
    let governance = &rules.governance;
    for (place, body) in governance.bodies.iter().enumerate() {
        let posts = [("heads", &body.heads), ("deputies", &body.deputies), ("members", &body.members)];
        for (key, ids) in posts {
            for (at, id) in ids.iter().enumerate() {
                if !governance.posts.iter().any(|post| post.id == *id) {
                    let reason = Reason::UnknownReference { id: id.clone() };
                    checker.report("governance.toml", &steps!["body", place, key, at], reason);
                }
            }
        }
    }
}

/// Labels, hazards, photos, scenes and homes are premises; nothing else will do for them (boundaries 4 and 8).
fn subjects(checker: &mut Checker<'_>, rules: &Rules) {
    let labels = rules.visits.labels.iter().map(|label| label.subject).enumerate();
    let scenes = rules.scenes.iter().map(|scene| scene.subject).enumerate();
    let wrong_labels = labels.map(|(place, subject)| ("intervals.toml", steps!["label", place, "subject"], subject));
    let wrong_scenes = scenes.map(|(place, subject)| ("scenes.toml", steps!["scene", place, "subject"], subject));
    let hazards = rules.visits.hazards.iter().map(|hazard| hazard.subject).enumerate();
    let photos = rules.visits.photos.iter().map(|photo| photo.subject).enumerate();
    let wrong_hazards = hazards.map(|(place, subject)| ("intervals.toml", steps!["hazard", place, "subject"], subject));
    let wrong_photos = photos.map(|(place, subject)| ("intervals.toml", steps!["photo", place, "subject"], subject));
    let wrong: Vec<(&str, Vec<Step>, Subject)> =
        wrong_labels.chain(wrong_scenes).chain(wrong_hazards).chain(wrong_photos).collect();
    for (file, path, subject) in wrong {
        if subject != Subject::Premises {
            let reason = Reason::SubjectMustBe { expected: Subject::Premises.code() };
            checker.report(file, &path, reason);
        }
    }
}
