use std::collections::BTreeSet;

use policy_pack::{
    CommitteeKind, DeadlineId, Deduction, Item, MeetingDay, MeetingId, Pack, Points, RetentionId, RoleId, Subject,
    Unit, excluded_word,
};

#[test]
fn the_embedded_pack_is_valid() {
    if let Err(problems) = Pack::from_files(&Pack::embedded_files()) {
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", texts.join("\n"));
    }
}

#[test]
fn the_basic_points_are_85_as_the_scheme_divides_them() {
    let pack = Pack::embedded();
    let points = |hundredths| Points::from_hundredths(hundredths);
    assert_eq!(*pack.scoring.basic_points, points(8500));
    assert_eq!(*pack.scoring.bonus_points_at_most, points(1500));
    let sections: Vec<(&str, i64)> =
        pack.scoring.sections.iter().map(|s| (s.id.as_str(), s.points.hundredths() / 100)).collect();
    let expected = [
        ("groundwork", 25),
        ("information-quality", 30),
        ("outside", 10),
        ("premises", 10),
        ("information-security", 10),
    ];
    assert_eq!(sections, expected);
    let groundwork: Vec<i64> = pack.items_of("groundwork").map(|item| item.points.hundredths() / 100).collect();
    assert_eq!(groundwork, [15, 5, 5]);
    let quality: Vec<i64> = pack.items_of("information-quality").map(|item| item.points.hundredths() / 100).collect();
    assert_eq!(quality, [10, 10, 10]);
    let outside: Vec<&str> =
        pack.scoring.items.iter().filter(|item| item.scored_outside).map(|item| item.id.as_str()).collect();
    assert_eq!(outside, ["outside-item"]);
    let member_work = pack.scoring.items.iter().find(|item| item.id == "members-work").unwrap();
    assert!(matches!(
        member_work.deduction,
        Deduction::MembersWork { min_members: 2, items_per_member_per_day: 2, .. }
    ));
}

#[test]
fn the_published_numbers_stand_in_the_pack() {
    let pack = Pack::embedded();
    let survey = &pack.survey;
    assert_eq!((*survey.min_households, *survey.min_people, *survey.min_surveyors), (15, 30, 3));
    assert_eq!((*survey.target_registration_percent, *survey.target_accuracy_percent), (98, 98));
    assert_eq!((*survey.target_homes_percent, *survey.target_employers_percent), (100, 100));
    assert_eq!(*pack.visits.rounds.grid_worker_share_percent, 20);
    assert_eq!(*pack.team.n_members_per_committee, 2);
    let gaps = [("dormitory", 10), ("shared-let", 10), ("basement", 15), ("site-hut", 15), ("vacant", 30)];
    for (label, days) in gaps {
        assert_eq!(pack.max_gap_days(label), Some(days), "{label}");
    }
    assert_eq!(pack.label("ten-or-more").unwrap().min_people, Some(10));
    let deadlines = [
        (DeadlineId::Entry, 24, Unit::Hours),
        (DeadlineId::EmployerReport, 2, Unit::Workdays),
        (DeadlineId::SuggestionAnswer, 3, Unit::Workdays),
        (DeadlineId::RosterChange, 1, Unit::Days),
        (DeadlineId::RosterFull, 1, Unit::Months),
    ];
    for (id, amount, unit) in deadlines {
        let deadline = pack.deadline(id);
        assert_eq!((deadline.amount, deadline.unit, deadline.office_may_change), (amount, unit, false), "{id}");
    }
    let large = pack.register.roster_senders.iter().find(|sender| sender.id == "large-employer").unwrap();
    assert_eq!(large.min_employees, Some(50));
    let shifts = &pack.shifts;
    assert_eq!(*shifts.officer_off_hours_rounds_per_week, 1);
    assert_eq!(*shifts.coordinator_weekend_days_per_week, 1);
    assert_eq!(*shifts.coordinator_off_hours_rounds_per_week, 2);
    assert_eq!(*pack.scoring.listing.months_running, 2);
    assert_eq!(pack.meeting(MeetingId::Weekly).day, MeetingDay::FirstWorkdayOfWeek);
    assert_eq!(pack.meeting(MeetingId::Monthly).day, MeetingDay::LastWorkdayOfMonth);
    assert_eq!(pack.retention(RetentionId::DataCheckRow).keep_months, 0);
    let dates: Vec<(u8, u8)> = pack.scoring.submissions.iter().map(|s| (s.by_month, s.by_day)).collect();
    assert_eq!(dates, [(11, 30), (12, 10)]);
    assert_eq!((pack.ledgers.len(), pack.scenes.len()), (6, 16));
    assert!(pack.ledgers.iter().all(|ledger| ledger.office_may_change));
    assert!(pack.scenes.iter().all(|scene| scene.office_may_change && scene.subject == Subject::Premises));
}

#[test]
fn the_thirty_five_committees_stand_in_their_groups_and_are_found_under_every_name() {
    let pack = Pack::embedded();
    let committees = &pack.territory.committees;
    let count = |group: &str| committees.iter().filter(|committee| committee.group == group).count();
    assert_eq!([count("A"), count("B"), count("C"), count("D")], [9, 4, 15, 7]);
    let villages = committees.iter().filter(|committee| committee.kind == CommitteeKind::Village).count();
    assert_eq!(villages, 22);
    let names = [
        ("香花桥居委会", "310118003001"),
        ("香花居委会", "310118003001"),
        ("民惠社区居委会", "310118003007"),
        ("民惠一居委", "310118003007"),
        ("民惠第二社区居委会", "310118003008"),
        ("民惠社区第三居委会", "310118003015"),
        ("玫瑰湾社区居委会", "310118003014"),
        ("都汇华庭", "310118003009"),
        (" 泾阳村 村委会 ", "310118003218"),
    ];
    for (name, code) in names {
        assert_eq!(pack.committee_named(name).map(|committee| committee.code.as_str()), Some(code), "{name}");
    }
    assert!(pack.committee_named("香花").is_none());
    assert_eq!(pack.group_of("310118003218").unwrap().id, "C");
}

#[test]
fn each_of_the_four_roles_has_ten_duties_of_work() {
    let pack = Pack::embedded();
    for role in RoleId::ALL {
        assert_eq!(pack.duties_of(*role).count(), 10, "{role}");
        assert!(pack.duties_of(*role).all(|duty| duty.subject == Subject::Work));
        assert!(!pack.role(*role).name().is_empty());
    }
}

#[test]
fn every_rule_from_r1_to_r40_is_cited_and_none_beyond() {
    let pack = Pack::embedded();
    let cited: BTreeSet<&str> = pack.citations().iter().map(|citation| citation.rule.as_str()).collect();
    let all: Vec<String> = (1..=40).map(|number| format!("R{number}")).collect();
    assert_eq!(cited, all.iter().map(String::as_str).collect());
    let survey = pack.citations().iter().find(|citation| citation.path == "min_households").unwrap();
    assert_eq!(
        (survey.file.as_str(), survey.clause.as_str(), survey.rule.as_str()),
        ("survey.toml", "附件2 四", "R25")
    );
    assert!(pack.citations().iter().any(|citation| citation.path == "deadline.entry"));
}

#[test]
fn no_file_of_the_pack_has_a_word_of_what_is_left_out() {
    let words =
        ["X1", "X2", "X3", "X4", "民族", "宗教", "党派", "犯罪", "前科", "刑", "在逃", "涉毒", "重点人", "可疑"];
    for (file, text) in Pack::embedded_files() {
        for word in words {
            assert!(!text.contains(word), "{file} has {word}");
        }
        for line in text.lines() {
            assert_eq!(excluded_word(line), None, "{file}: {line}");
        }
    }
}

#[test]
fn the_digest_ignores_comments_and_order_and_sees_every_value() {
    let plain = Pack::embedded();
    assert_eq!(plain.digest().len(), 64);
    let edit = |file: &str, from: &str, to: &str| {
        let mut files = Pack::embedded_files();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replacen(from, to, 1);
        Pack::from_files(&files).unwrap().digest()
    };
    let meta = "format = 1\nid = \"xianghuaqiao-2023\"\n";
    assert_eq!(edit("pack.toml", meta, "id = \"xianghuaqiao-2023\"\n# a remark\nformat = 1\n"), plain.digest());
    assert_ne!(edit("survey.toml", "value = 15", "value = 16"), plain.digest());
    assert_ne!(edit("survey.toml", "附件2 四", "附件2 五"), plain.digest());
}
