//! Plans, surveys and comparisons from files alone.

use std::fs;

use super::world::{run, said};

/// A folder with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (name, text) in files {
            folder.put(name, text);
        }
        folder
    }
    fn put(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
    }
    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }
}

/// What a command printed that ended well.
fn good(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

/// What a command said that did not.
fn bad(args: &[&str]) -> String {
    let output = run(args);
    assert!(!output.status.success(), "{}", said(&output));
    said(&output)
}

/// A let that is two days over, a vacant home in time, a home of the month's verification.
const PREMISES: &str = "id,kind,size,last_seen,lon,lat,max_gap_days,last_visited,monthly\n\
    let,dormitory,8,2026-05-01,121.110,31.150,10,2026-05-01,\n\
    vacant,flat,1,2026-05-01,121.111,31.151,30,2026-05-01,no\n\
    home,flat,3,2026-04-20,121.112,31.152,,,yes\n";

fn past() -> String {
    let row = |gap| format!("dormitory,{gap},500,{}\nflat,{gap},1000,{gap}\n", gap * 5);
    let rows: String = (1..60).map(row).collect();
    format!("kind,gap_days,size,changes\n{rows}")
}

#[test]
fn visits_are_listed_by_urgency_walked_in_order_or_spread_over_working_days() {
    let work = Folder::with(&[("p.csv", PREMISES), ("past.csv", &past())]);
    let plan = |more: &[&str]| good(&[&["plan", "visits", &work.at("p.csv"), "--today", "2026-05-13"], more].concat());
    assert_eq!(
        plan(&[]),
        "date,order,id,reason,days_past,walk_m,staleness,gain\n\
         2026-05-13,1,let,overdue,2,,,\n2026-05-13,2,home,monthly,-18,293,,\n"
    );
    let walk = plan(&["--most", "1", "--start", "121.100,31.150", "--past", &work.at("past.csv")]);
    assert!(walk.contains("2026-05-13,1,let,overdue,2,952,0.61"), "{walk}");
    assert_eq!(walk.lines().count(), 2, "{walk}");
    let spread = plan(&["--days", "2"]);
    assert!(spread.contains("\n2026-05-13,1,let,") && spread.contains("\n2026-05-14,1,home,"), "{spread}");
    let beyond = bad(&["plan", "visits", &work.at("p.csv"), "--today", "2031-05-13", "--days", "2"]);
    assert!(beyond.contains("2031"), "{beyond}");
}

#[test]
fn what_cannot_be_read_of_the_premises_is_told_with_line_and_column() {
    let work = Folder::with(&[("past.csv", "kind,gap_days,size,changes\n")]);
    let heading = "id,lon,lat,max_gap_days,last_visited,monthly\n";
    for (text, told) in [
        ("name\nx\n", "p.csv:1:2: there is no column `id`"),
        (&format!("{heading},121,31,10,,\n"), "p.csv:2:1: the cell is empty; it wants the name of the premises"),
        (&format!("{heading}a,,,ten,,\n"), "p.csv:2:4: `ten` is not a whole number from 0"),
        (&format!("{heading}a,,,,13/5,\n"), "p.csv:2:5: `13/5` is not a date such as 2026-05-31"),
        (&format!("{heading}a,221,31,,,\n"), "p.csv:2:2: longitude or latitude is out of range"),
        (&format!("{heading}a,,,,,maybe\n"), "p.csv:2:6: `maybe` is not `true` or `false`"),
    ] {
        work.put("p.csv", text);
        let said = bad(&["plan", "visits", &work.at("p.csv")]);
        assert!(said.contains(told), "{said}");
    }
    work.put("p.csv", PREMISES);
    let said = bad(&["plan", "stale", &work.at("p.csv"), "--past", &work.at("past.csv")]);
    assert!(said.contains("past.csv: the table has no row to learn from"), "{said}");
}

#[test]
fn the_likeliest_stale_premises_come_first() {
    let work = Folder::with(&[("p.csv", PREMISES), ("past.csv", &past())]);
    let args = ["plan", "stale", &work.at("p.csv"), "--past", &work.at("past.csv"), "--today", "2026-05-20"];
    let ranked = good(&args);
    let ids: Vec<&str> = ranked.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(ids, ["let", "home", "vacant"], "{ranked}");
    assert!(ranked.starts_with("order,id,staleness,gain\n1,let,0.7"), "{ranked}");
}

const WEEK: &str = r#"
monday = "2026-06-08"
rest_days = 1
[[people]]
id = "officer"
role = "officer"
grids = [1, 2]
[[people]]
id = "one"
role = "coordinator"
grids = [1]
[[people]]
id = "two"
role = "coordinator"
grids = [2]
"#;

#[test]
fn a_proposed_week_passes_its_own_check_and_a_thinned_one_does_not() {
    let work = Folder::with(&[("week.toml", WEEK)]);
    good(&["plan", "shifts", &work.at("week.toml"), "--out", &work.at("plan.csv")]);
    let plan = work.read("plan.csv");
    assert!(plan.starts_with("date,who,shift,starts,ends,hours,round_starts\n2026-06-08,"), "{plan}");
    let check = ["plan", "shifts", &work.at("week.toml"), "--check", &work.at("plan.csv")];
    assert_eq!(good(&check), "rule,who,date,grid,found,limit,clause,text\n");
    let thin: Vec<&str> = plan.lines().filter(|line| !line.contains(",officer,")).collect();
    work.put("plan.csv", &thin.join("\n"));
    let said = bad(&check);
    assert!(said.contains("off-hours rounds led by an officer,officer,,,0,1,"), "{said}");
    assert!(said.contains("plan.csv: the plan breaks 2 rules"), "{said}");
    work.put("plan.csv", "date,who,shift\n2026-06-08,one,night\n");
    assert!(bad(&check).contains("plan.csv:2:3: there is no shift `night`; there are day, late, long"));
}

#[test]
fn rules_that_collide_are_named_and_a_broken_week_is_told_with_its_place() {
    let away = WEEK.replacen("id = \"one\"", "id = \"one\"\naway = [\"2026-06-13\", \"2026-06-14\"]", 1);
    let work = Folder::with(&[("week.toml", &away)]);
    let shifts = || bad(&["plan", "shifts", &work.at("week.toml")]);
    let said = shifts();
    assert!(said.contains("cannot be kept together: one, 2026-06-13, no work on a day of leave; one,"), "{said}");
    assert!(said.contains("a coordinator's weekend days: 1 (附件2)"), "{said}");
    work.put("week.toml", &WEEK.replacen("\"officer\"\ngrids", "\"chief\"\ngrids", 1));
    assert!(shifts().contains("week.toml:6:8: `chief` is none of the values: officer coordinator other"));
    work.put("week.toml", &WEEK.replace("\"two\"", "\"one\""));
    assert!(shifts().contains("week.toml: `one` is there twice"));
    work.put("week.toml", &WEEK.replace("2026-06-08", "2032-06-07"));
    assert!(shifts().contains("2032"));
    good(&["plan", "shifts", &work.at("week.toml"), "--weekdays-beyond-known"]);
}

#[test]
fn a_sample_is_drawn_verified_and_estimated_from_files_alone() {
    let rows: String = (0..400).map(|n| format!("h{n:04},flat,Qinghe,{}\n", n % 5)).collect();
    let work = Folder::with(&[
        ("frame.csv", &format!("pseudonym,stratum,committee,people\n{rows}")),
        ("a.txt", "the office's long enough secret sentence"),
        ("b.txt", "the residents' long enough secret sentence"),
    ]);
    let (a, b) = (format!("office={}", work.at("a.txt")), format!("residents={}", work.at("b.txt")));
    let sample = |more: &[&str]| {
        let common = ["survey", "sample", &work.at("frame.csv"), "--out", &work.at("receipt.json"), "--party", &a];
        run(&[&common, more].concat())
    };
    let alone = sample(&[]);
    assert!(!alone.status.success(), "one party alone draws nothing: {}", said(&alone));
    let drawn = sample(&["--party", &b, "--method", "proportional-to-size"]);
    assert!(drawn.status.success() && said(&drawn).contains("homes with"), "{}", said(&drawn));
    good(&["survey", "verify", &work.at("receipt.json"), &work.at("frame.csv")]);
    let receipt: serde_json::Value = serde_json::from_str(&work.read("receipt.json")).unwrap();
    let homes = receipt["households"].as_array().unwrap();
    let found: String = homes
        .iter()
        .map(|home| {
            let (name, people) = (home["pseudonym"].as_str().unwrap(), home["people"].as_u64().unwrap());
            format!("{name},{people},{people},{people},0,{people},{people},{people},{people}\n")
        })
        .collect();
    let heading =
        "pseudonym,found,found_registered,registered,gone,items,items_correct,mobile_checked,mobile_correct\n";
    let table = format!("{heading}{found}");
    work.put("found.csv", &table);
    let estimate = ["survey", "estimate", &work.at("found.csv"), "--receipt", &work.at("receipt.json")];
    let rates = good(&estimate);
    assert!(rates.starts_with("rate,value,low,high,level,people,items,households,deff,uncovered,verdict\n"), "{rates}");
    assert!(rates.contains("\nregistration,1.000000,0.") && rates.contains(",cannot tell\n"), "{rates}");
    assert!(rates.contains("\nover-registration,0.000000,") && rates.contains("\naccuracy of mobile,1."), "{rates}");
    let weights = good(&["survey", "weights", &work.at("found.csv"), "--receipt", &work.at("receipt.json")]);
    assert!(weights.starts_with("pseudonym,weight,replicate_1,replicate_2,"), "{weights}");
    assert_eq!(weights.lines().count(), homes.len() + 2, "a row for each home, and one for the factors");
    let first = homes[0]["pseudonym"].as_str().unwrap();
    for (row, told) in [
        ("h9999,1,1,1,0,1,1,,".to_owned(), "`h9999` was not drawn"),
        (format!("{first},1,1,1,0,1,1,,"), "stands in line 2 already"),
    ] {
        work.put("found.csv", &format!("{table}{row}\n"));
        assert!(bad(&estimate).contains(told));
    }
    work.put("found.csv", &format!("{heading}{first},1,2,1,0,1,1,,\n"));
    assert!(bad(&estimate).contains("found.csv:2:3: `found_registered` is 2, more than the 1 looked at"));
}

#[test]
fn people_on_neither_list_are_estimated_and_the_published_minimum_is_said_to_be_too_few() {
    let both: String = (0..50).map(|n| format!("1,{},{}\n", u8::from(n < 20), u8::from(n >= 40))).collect();
    let work = Folder::with(&[("lists.csv", &format!("both,survey_only,roster_only\n{both}"))]);
    let missed = good(&["survey", "missed", &work.at("lists.csv")]);
    assert!(missed.starts_with("listed,people,missed,low,high,level,deff\n80,83."), "{missed}");
    work.put("lists.csv", "both,survey_only,roster_only\n0,1,2\n");
    assert!(bad(&["survey", "missed", &work.at("lists.csv")]).contains("nobody is on both lists"));
    let size = good(&["survey", "size"]);
    assert!(size.contains("149") && size.contains("30") && size.contains("90.5 %"), "{size}");
    assert!(!good(&["survey", "size", "--people", "149"]).contains("149 people, all of them right, show"));
    bad(&["survey", "size", "--target", "98"]);
}

#[test]
fn two_addresses_are_compared_with_the_reason() {
    let (one, other) = ("香花桥街道某路501弄12号301室", "某路501弄12-301");
    assert_eq!(good(&["address", "compare", one, other]), "same-door: all equal\n");
    let work = Folder::with(&[("t.csv", &format!("n,a,b\n1,{one},某路501弄12号302室\n2,{one},\n"))]);
    let table = good(&["address", "compare", "--file", &work.at("t.csv"), "--left", "a", "--right", "b"]);
    assert!(table.contains("n,a,b,level,reason\n") && table.contains(",same-building,room differs\n"), "{table}");
    assert!(table.contains(",unknown,"), "{table}");
    assert!(bad(&["address", "compare", "--file", &work.at("t.csv")]).contains("t.csv:1:4: there is no column `left`"));
    bad(&["address", "compare", one]);
}

#[test]
fn working_days_are_counted_and_added() {
    assert_eq!(good(&["workday", "2026-10-01..2026-10-31", "--count"]), "18\n");
    assert_eq!(good(&["workday", "2026-09-30", "--add", "2"]), "2026-10-09\n");
    assert_eq!(good(&["workday", "2026-10-08", "--add", "-1"]), "2026-09-30\n");
    bad(&["workday", "2031-10-01..2031-10-31", "--count"]);
}
