use policy_pack::{ForbiddenKind, Lang, Pack, Points, Problem, Reason};

/// The problems of the embedded pack after one edit of one file.
fn problems_after(file: &str, from: &str, to: &str) -> (Vec<Problem>, String) {
    let mut files = Pack::embedded_files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let text = text.clone();
    (Pack::from_files(&files).err().unwrap_or_default(), text)
}

fn text(found: &str) -> String {
    found.to_owned()
}

/// File, what is replaced, by what, text whose line is reported, reason.
type Case = (&'static str, &'static str, &'static str, &'static str, Reason);

fn check(cases: Vec<Case>) {
    for (file, from, to, needle, reason) in cases {
        let (problems, edited) = problems_after(file, from, to);
        let offset = edited.find(needle).unwrap_or_else(|| panic!("{needle}"));
        let line = edited[..offset].matches('\n').count() + 1;
        let hit = problems.iter().any(|p| p.file == file && p.line == line && p.reason == reason);
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(hit, "{from} → {to}: expected line {line}, {reason}; found:\n{}", found.join("\n"));
        for problem in &problems {
            assert!(problem.column >= 1 && !problem.text(Lang::Zh).is_empty());
        }
    }
}

#[test]
fn points_that_do_not_add_up_are_refused_at_their_total() {
    let points = |hundredths| Points::from_hundredths(hundredths);
    let off = |total, sum| Reason::PointsDoNotAddUp { total: points(total), sum: points(sum) };
    let section = "name_en = \"Information quality\"\npoints = 30";
    let item = "subject = \"work\"\npoints = 15";
    check(vec![
        ("scoring.toml", "basic_points = { value = 85", "basic_points = { value = 90", "basic_points", off(9000, 8500)),
        ("scoring.toml", "points = 25", "points = 26", "points = 26", off(2600, 2500)),
        ("scoring.toml", "points = 25", "points = 26", "basic_points", off(8500, 8600)),
        ("scoring.toml", section, "name_en = \"Information quality\"\npoints = 29", "points = 29", off(2900, 3000)),
        ("scoring.toml", item, "subject = \"work\"\npoints = 14.5", "points = 25", off(2500, 2450)),
    ]);
}

#[test]
fn a_subject_other_than_the_three_is_refused() {
    let refused = |found: &str| Reason::SubjectRefused { found: text(found) };
    let subject = "subject = \"premises\"";
    check(vec![
        ("intervals.toml", subject, "subject = \"resident\"", "\"resident\"", refused("resident")),
        ("scenes.toml", subject, "subject = \"person\"", "\"person\"", refused("person")),
        ("ledgers.toml", "subject = \"work\"", "subject = \"household\"", "\"household\"", refused("household")),
        ("work.toml", subject, "subject = \"resident\"", "\"resident\"", refused("resident")),
        ("scoring.toml", "subject = \"work\"", "subject = \"resident\"", "\"resident\"", refused("resident")),
        ("team.toml", "subject = \"work\"", "subject = \"resident\"", "\"resident\"", refused("resident")),
        ("scenes.toml", subject, "subject = \"work\"", "\"work\"", Reason::SubjectMustBe { expected: "premises" }),
        (
            "intervals.toml",
            subject,
            "subject = \"organisation\"",
            "\"organisation\"",
            Reason::SubjectMustBe { expected: "premises" },
        ),
    ]);
}

#[test]
fn forbidden_and_excluded_words_are_refused_in_names() {
    let forbidden = |kind| Reason::Forbidden { kind };
    check(vec![
        ("scenes.toml", "name = \"疑似群租\"", "name = \"民族聚居\"", "民族", forbidden(ForbiddenKind::Ethnicity)),
        (
            "intervals.toml",
            "name = \"集体宿舍\"",
            "name = \"宗教场所住人\"",
            "宗教",
            forbidden(ForbiddenKind::Religion),
        ),
        ("ledgers.toml", "\"Meetings\"", "\"Political views\"", "Political", forbidden(ForbiddenKind::Politics)),
        ("work.toml", "name = \"指令\"", "name = \"重点人员走访\"", "重点人员", Reason::Excluded { word: "重点人" }),
        (
            "work.toml",
            "\"Transfer\"\nsubject",
            "\"Criminal inquiry\"\nsubject",
            "Criminal inquiry",
            forbidden(ForbiddenKind::CriminalRecord),
        ),
        (
            "intervals.toml",
            "\"Vacant home\"",
            "\"Suspicious home\"",
            "Suspicious",
            Reason::Excluded { word: "suspicious" },
        ),
    ]);
}

#[test]
fn keys_and_codes_that_nobody_knows_are_refused() {
    let key = |key: &str| Reason::UnknownKey { key: text(key) };
    let choice = |found: &str| Reason::UnknownChoice { found: text(found) };
    check(vec![
        ("survey.toml", "min_people = ", "min_persons = ", "min_persons", key("min_persons")),
        ("survey.toml", "value = 15,", "value = 15, score = 1,", "score = 1", key("score")),
        ("scoring.toml", "evidence = \"scenes\"", "evidence = \"rumour\"", "rumour", choice("rumour")),
        ("work.toml", "tasks = [\"care-visit\"]", "tasks = [\"inquiry\"]", "[\"inquiry\"]", choice("inquiry")),
        ("deadlines.toml", "unit = \"hours\"", "unit = \"minutes\"", "minutes", choice("minutes")),
        ("register.toml", "[\"local\", \"elsewhere\"]", "[\"local\", \"province\"]", "province", choice("province")),
        ("survey.toml", "rule = \"R25\"", "rule = \"X1\"", "\"X1\"", Reason::BadRule { found: text("X1") }),
        ("survey.toml", "rule = \"R25\"", "rule = \"R41\"", "\"R41\"", Reason::BadRule { found: text("R41") }),
    ]);
}

#[test]
fn numbers_out_of_range_and_fixed_values_are_refused() {
    let range = |found, min, max| Reason::OutOfRange { found, min, max };
    check(vec![
        ("survey.toml", "value = 15", "value = 0", "value = 0", range(0, 1, 10_000)),
        ("survey.toml", "value = 98", "value = 101", "value = 101", range(101, 1, 100)),
        ("intervals.toml", "max_gap_days = 10", "max_gap_days = 0", "max_gap_days = 0", range(0, 1, 366)),
        ("deadlines.toml", "amount = 24", "amount = 0", "amount = 0", range(0, 1, 366)),
        (
            "deadlines.toml",
            "keep_months = 36\nat_least_months = 6",
            "keep_months = 3\nat_least_months = 6",
            "keep_months = 3\nat_least_months = 6",
            range(3, 6, 360),
        ),
        ("scoring.toml", "by_month = 11", "by_month = 13", "by_month = 13", range(13, 1, 12)),
        ("scoring.toml", "by_day = 30", "by_day = 31", "by_day = 31", range(31, 1, 30)),
        ("governance.toml", "people = { value = 3", "people = { value = 1", "people = { value = 1", range(1, 3, 3)),
        ("pack.toml", "2023-08-04", "1923-08-04", "1923", range(1923, 2000, 2100)),
        (
            "intervals.toml",
            "needs_consent = true",
            "needs_consent = false",
            "needs_consent",
            Reason::MustBe { expected: "true" },
        ),
        (
            "register.toml",
            "main_residences_per_person = { value = 1",
            "main_residences_per_person = { value = 2",
            "main_residences",
            Reason::MustBe { expected: "1" },
        ),
        (
            "work.toml",
            "personal_data = { value = false",
            "personal_data = { value = true",
            "personal_data",
            Reason::MustBe { expected: "false" },
        ),
        (
            "scoring.toml",
            "scored_outside = true",
            "scored_outside = false",
            "{ kind = \"number-entered\"",
            Reason::MustBe { expected: "a deduction by rule" },
        ),
        (
            "shifts.toml",
            "\"17:30\"",
            "\"08:30\"",
            "\"08:30\"",
            Reason::NotBefore { first: "workday_starts", second: "workday_ends" },
        ),
    ]);
}

#[test]
fn ids_clauses_and_references_are_checked() {
    let duplicate = |id: &str| Reason::Duplicate { id: text(id) };
    let unknown = |id: &str| Reason::UnknownReference { id: text(id) };
    check(vec![
        (
            "survey.toml",
            "clause = \"附件2 四\"",
            "clause = \" \"",
            "clause = \" \"",
            Reason::Empty { key: text("clause") },
        ),
        ("scenes.toml", "name = \"疑似群租\"", "name = \"\"", "name = \"\"", Reason::Empty { key: text("name") }),
        ("scenes.toml", "\"dormitory-overcrowded\"", "\"shared-let-found\" # 2", "# 2", duplicate("shared-let-found")),
        ("territory.toml", "310118003008", "310118003007\" # again\n#\"", "# again", duplicate("310118003007")),
        (
            "territory.toml",
            "\"310118003008\"",
            "\"310115003008\"",
            "310115003008",
            Reason::BadDivisionCode { found: text("310115003008") },
        ),
        ("territory.toml", "group = \"B\"", "group = \"E\"", "group = \"E\"", unknown("E")),
        ("territory.toml", "\"民惠二居\"", "\"民惠三居\"", "aliases = [\"民惠社区第三居委会\"", duplicate("民惠三居")),
        ("territory.toml", "id = \"D\"", "id = \"F\"", "id = \"F\"", Reason::EmptyGroup { id: text("F") }),
        ("intervals.toml", "category = \"vacant\"", "category = \"empty\"", "\"empty\"", unknown("empty")),
        ("governance.toml", "\"station-deputy-head\"]", "\"station-cook\"]", "station-cook", unknown("station-cook")),
        ("scoring.toml", "section = \"premises\"", "section = \"houses\"", "\"houses\"", unknown("houses")),
        (
            "team.toml",
            "role = \"grid-leader\"",
            "role = \"coordinator\"",
            "id = \"grid-leader\"",
            Reason::DutyCount { role: "grid-leader", expected: 10, found: 9 },
        ),
        (
            "deadlines.toml",
            "id = \"entry\"",
            "id = \"bulletin\" # twice",
            "id = \"bulletin\"\nname",
            duplicate("bulletin"),
        ),
    ]);
    let (problems, _) = problems_after("deadlines.toml", "id = \"entry\"", "id = \"bulletin\"");
    assert!(problems.iter().any(|problem| problem.reason == Reason::MissingEntry { id: text("entry") }));
}

#[test]
fn missing_keys_wrong_types_and_broken_toml_are_reported_with_their_line() {
    check(vec![(
        "survey.toml",
        "min_people = { value = 30, ",
        "min_people = { ",
        "min_people",
        Reason::MissingKey { key: text("value") },
    )]);
    let (problems, _) = problems_after("survey.toml", "value = 15", "value = \"fifteen\"");
    assert_eq!(problems.len(), 1);
    assert!(matches!(&problems[0].reason, Reason::WrongValue { message } if message.contains("fifteen")));
    assert_eq!(problems[0].line, 4);
    let (problems, _) = problems_after("survey.toml", "value = 15", "value = = 15");
    assert!(matches!(problems[0].reason, Reason::Syntax { .. }));
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("survey.toml", 4));
    let (problems, _) = problems_after("pack.toml", "2023-08-04", "2023-02-30");
    assert!(matches!(problems[0].reason, Reason::WrongValue { .. }));
}

#[test]
fn missing_and_unknown_files_are_named() {
    let mut files = Pack::embedded_files();
    files.remove("survey.toml");
    files.insert(text("people.toml"), String::new());
    let problems = Pack::from_files(&files).unwrap_err();
    let found: Vec<(&str, &Reason)> = problems.iter().map(|p| (p.file.as_str(), &p.reason)).collect();
    assert_eq!(found, [("people.toml", &Reason::UnknownFile), ("survey.toml", &Reason::MissingFile)]);
}

#[test]
fn a_message_gives_file_line_column_and_reason_in_both_languages() {
    let (problems, _) = problems_after("survey.toml", "value = 15", "value = 0");
    assert_eq!(problems[0].to_string(), "survey.toml:4:28: 0 is not between 1 and 10000");
    assert_eq!(problems[0].text(Lang::Zh), "survey.toml:4:28: 0 不在 1 至 10000 之间");
}
