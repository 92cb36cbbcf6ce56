//! The engines by command line: fixed columns, and messages with file, line and column.

use std::fs;

use super::world::{run, said};

#[test]
fn numbers_are_checked_one_a_line() {
    let work = tempfile::tempdir().unwrap();
    let (file, out) = (work.path().join("ids.txt"), work.path().join("out.csv"));
    fs::write(&file, "990101199003070023\n990101199003070203\n9.90101E+17\n大盈村\nH12345678\n").unwrap();
    let output = run(&["id", "check", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    let table = fs::read_to_string(&out).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "input,kind,valid,normalised,suggestions,reason");
    assert_eq!(lines[1], "990101199003070023,resident,true,990101199003070023,,");
    assert!(lines[2].starts_with("990101199003070203,resident,false,,") && lines[2].contains("990101199003070023"));
    assert!(lines[3].starts_with("9.90101E+17,resident,false"));
    assert!(lines[4].starts_with("大盈村,unknown,false"));
    assert!(lines[5].starts_with("H12345678,travel-permit,true"));
    fs::write(&file, b"990101199003070023\nab\xFFcd\n").unwrap();
    let wrong = run(&["id", "check", file.to_str().unwrap()]);
    assert!(!wrong.status.success() && said(&wrong).contains("ids.txt:2:3:"), "{}", said(&wrong));
}

#[test]
fn addresses_are_parsed_into_columns_and_resolved_against_a_table() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(at("a.txt"), "外青松公路5800弄12号2单元301室\n").unwrap();
    let parsed = run(&["address", "parse", &at("a.txt")]);
    let table = said(&parsed);
    assert!(table.starts_with(
        "province,city,district,town,village,hamlet,group,site,road,lane,sublane,number,building,unit,floor,room,note\n"
    ));
    assert!(table.contains("外青松公路,5800,"), "{table}");
    fs::write(at("s.csv"), "addr_id,text\nA1,上海市青浦区香花桥街道外青松公路5800弄12号301室\nA2,上海市青浦区香花桥街道外青松公路5800弄12号302室\n").unwrap();
    fs::write(at("t.csv"), "n,address\n1,外青松公路5800弄12号301\n2,大石桥路1号\n").unwrap();
    let resolved = run(&["address", "resolve", "--standard", &at("s.csv"), "--column", "address", &at("t.csv")]);
    let table = said(&resolved);
    assert!(table.starts_with("n,address,addr_id,level,score,reason\n1,外青松公路5800弄12号301,A1,door,"), "{table}");
    assert!(table.contains("2,大石桥路1号,,none,"), "{table}");
    let missing = run(&["address", "resolve", "--standard", &at("t.csv"), &at("t.csv")]);
    assert!(!missing.status.success() && said(&missing).contains("t.csv:1: there is no column `addr_id`"));
}

#[test]
fn a_roster_is_compared_with_a_register_from_csv() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(
        at("persons.csv"),
        "pid,name,doc_type,doc_no,phone,addr_id,employer_id,remark\n\
         p1,张小满,resident,990101199003070023,15400000001,A1,E1,x\n\
         p2,李大海,resident,,15400000002,A2,E1,\n",
    )
    .unwrap();
    fs::write(at("addresses.csv"), "addr_id,text\nA1,外青松公路5800弄12号301室\nA2,外青松公路5800弄12号302室\n")
        .unwrap();
    fs::write(
        at("roster.csv"),
        "row_id,employer_id,employer,name,id_no,phone,address\n\
         r1,E1,泽禾,張小滿,990101199003070023,15400000001,外青松公路5800弄12-301\n\
         r2,E1,泽禾,王新人,990101199003070103,15400000009,外青松公路5800弄99号\n",
    )
    .unwrap();
    let args = [
        "match",
        "--register",
        &at("persons.csv"),
        "--addresses",
        &at("addresses.csv"),
        "--roster",
        &at("roster.csv"),
        "--out",
        &at("results.csv"),
        "--missing",
        &at("missing.csv"),
        "--model",
        &at("model.toml"),
    ];
    let output = run(&args);
    assert!(output.status.success(), "{}", said(&output));
    let results = fs::read_to_string(at("results.csv")).unwrap();
    assert!(results.starts_with("row_id,pid,decision,cls,probability,reason\nr1,p1,match,same,"), "{results}");
    assert!(results.contains("\nr2,,none,,"), "{results}");
    assert_eq!(fs::read_to_string(at("missing.csv")).unwrap(), "employer_id,pid\nE1,p2\n");
    assert!(fs::metadata(at("model.toml")).unwrap().len() > 100, "learnt weights are kept");
    assert!(run(&args).status.success(), "and read again");
    fs::write(at("roster.csv"), "row_id,employer_id,employer,name,id_no,phone,address\nr1,E1,x\n").unwrap();
    let broken = run(&args);
    assert!(!broken.status.success() && said(&broken).contains("roster.csv:2:3: "), "{}", said(&broken));
}

#[test]
fn working_days_are_printed_and_an_unknown_year_is_an_error() {
    let output = run(&["workday", "2026-02-27..2026-03-01"]);
    assert_eq!(said(&output).lines().next(), Some("date,workday,name"));
    assert!(said(&output).contains("2026-02-28,true,"), "{}", said(&output));
    for range in ["2031-01-01..2031-01-02", "2026-03-01..2026-02-01", "soon"] {
        assert!(!run(&["workday", range]).status.success(), "{range}");
    }
}
