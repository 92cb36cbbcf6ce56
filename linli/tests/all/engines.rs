//! The engines by command line: fixed columns, and messages with file, line and column.

use std::fs;

use super::world::{run, said};

#[test]
fn numbers_are_checked_one_a_line() {
    let work = tempfile::tempdir().unwrap();
    let (file, out) = (work.path().join("ids.txt"), work.path().join("out.csv"));
    let numbers = [
        "\u{FEFF}11010519491231002x",
        "990101199003070023",
        "990101199003070203",
        "9.90101E+17",
        "大盈村",
        "H12345678",
        "",
        "99010120900307002X",
        "911398199012310021",
        "\"990101199003070023\"",
        "D2143569-X",
    ];
    fs::write(&file, numbers.join("\r\n")).unwrap();
    let output = run(&["id", "check", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    let table = fs::read_to_string(&out).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    let unknown = "warning: the area code 990101 is unknown";
    assert_eq!(lines[0], "input,kind,valid,normalised,suggestions,reason");
    assert_eq!(lines[1], "11010519491231002x,resident,true,11010519491231002X,,");
    assert_eq!(lines[2], format!("990101199003070023,resident,true,990101199003070023,,{unknown}"));
    assert!(lines[3].starts_with("990101199003070203,resident,false,,") && lines[3].contains("990101199003070023"));
    assert!(lines[4].starts_with("9.90101E+17,resident,false,,,\"damaged by a spreadsheet"), "{}", lines[4]);
    assert_eq!(lines[5], "大盈村,unknown,false,,,no kind of number has this form");
    assert!(lines[6].starts_with("H12345678,travel-permit,true,H12345678,,"), "{}", lines[6]);
    assert_eq!(lines[7], ",unknown,false,,,the line is empty");
    assert!(lines[8].starts_with("99010120900307002X,resident,false,,") && lines[8].ends_with("lies in the future"));
    assert_eq!(lines[9], "911398199012310021,foreign-permanent,true,911398199012310021,,");
    assert!(lines[10].contains(",resident,true,990101199003070023,,"), "{}", lines[10]);
    assert!(lines[11].starts_with("D2143569-X,organisation,true,D2143569X,"), "{}", lines[11]);
    assert_eq!(lines.len(), 12);
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
    assert!(!missing.status.success() && said(&missing).contains("t.csv:1:3: there is no column `addr_id`"));
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
fn no_command_writes_over_what_it_reads_and_a_failed_one_leaves_what_was_there() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    let persons = "pid,name,doc_type,doc_no,phone,addr_id,employer_id\np1,张小满,resident,,15400000001,A1,E1\n";
    let roster = "row_id,employer_id,employer,name,id_no,phone,address\nr1,E1,泽禾,張小滿,,15400000001,\n";
    let files = [("p.csv", persons), ("a.csv", "addr_id,text\nA1,香大路1号\n"), ("r.csv", roster), ("i.txt", "1\n")];
    for (name, text) in files {
        fs::write(at(name), text).unwrap();
    }
    let (p, a, r, i, out) = (at("p.csv"), at("a.csv"), at("r.csv"), at("i.txt"), at("out.csv"));
    let matching = |out: &str, more: &[&str]| {
        run(&[&["match", "--register", &p, "--addresses", &a, "--roster", &r, "--out", out], more].concat())
    };
    let dotted = work.path().join(".").join("r.csv").display().to_string();
    for output in [
        matching(&r, &[]),
        matching(&dotted, &[]),
        matching(&out, &["--missing", &p]),
        matching(&out, &["--model", &a]),
        matching(&out, &["--missing", &out]),
        run(&["id", "check", &i, "--out", &i]),
        run(&["address", "parse", &i, "--out", &i]),
        run(&["address", "resolve", "--standard", &a, "--column", "text", &a, "--out", &a]),
    ] {
        assert!(!output.status.success() && !said(&output).is_empty(), "{}", said(&output));
    }
    for (name, text) in files {
        assert_eq!(fs::read_to_string(at(name)).unwrap(), text, "{name}");
    }
    assert!(run(&["id", "check", &i, "--out", &out]).status.success());
    let before = fs::read_to_string(&out).unwrap();
    fs::write(&i, b"990101199003070023\nab\xFFcd\n").unwrap();
    assert!(!run(&["id", "check", &i, "--out", &out]).status.success());
    assert_eq!(fs::read_to_string(&out).unwrap(), before);
    assert!(!fs::exists(at("none.csv")).unwrap() && fs::read_dir(work.path()).unwrap().count() == 5);
    fs::write(&p, format!("{persons}p1,李大海,resident,,15400000002,A1,E1\n")).unwrap();
    let twice = said(&matching(&out, &[]));
    assert!(twice.contains("p.csv:3:1: the id stands in line 2 already"), "{twice}");
}

#[test]
fn the_engines_speak_the_users_language() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(at("ids.txt"), "990101199013070023\n9.90101E+17\n大盈村\n\n").unwrap();
    fs::write(at("s.csv"), "addr_id,text\nA1,香大路5弄12号301室\n").unwrap();
    fs::write(at("t.csv"), "address\n香大路5弄12号302室\n无此路1号\n").unwrap();
    fs::write(at("bad.csv"), "n,address\n1\n").unwrap();
    fs::write(at("frame.csv"), "pseudonym,stratum,committee,people\na,x\n").unwrap();
    fs::write(at("receipt.json"), "{").unwrap();
    fs::create_dir(at("log")).unwrap();
    let program = env!("CARGO_BIN_EXE_linli");
    let zh =
        |args: &[&str]| said(&std::process::Command::new(program).args(["--lang", "zh"]).args(args).output().unwrap());
    let cases = [
        (zh(&["id", "check", &at("ids.txt")]), "没有 13 月"),
        (zh(&["id", "check", &at("ids.txt")]), "科学计数法"),
        (zh(&["id", "check", &at("ids.txt")]), "不符合任何一种证件号码的格式"),
        (zh(&["address", "resolve", "--standard", &at("s.csv"), &at("t.csv")]), "没有这一户，但楼栋存在"),
        (zh(&["address", "resolve", "--standard", &at("s.csv"), &at("t.csv")]), "标准地址中没有任何相符之处"),
        (
            zh(&["address", "resolve", "--standard", &at("s.csv"), &at("bad.csv")]),
            "bad.csv:2:1: 本行有 1 格，表头有 2 格",
        ),
        (zh(&["address", "resolve", "--standard", &at("t.csv"), &at("t.csv")]), "缺少“addr_id”列"),
        (zh(&["address", "compare", "香大路5弄12号301室", "香大路5弄12号302室"]), "室号不同"),
        (zh(&["id", "check", &at("nothing.txt")]), "nothing.txt: 没有这个文件"),
        (zh(&["survey", "verify", &at("receipt.json"), &at("frame.csv")]), "frame.csv:2:2: 有 2 格，应为 4 格"),
        (zh(&["log", "verify", &at("log")]), "log: 没有给出公钥，文件夹里也没有 log.vkey"),
    ];
    for (text, words) in cases {
        assert!(text.contains(words), "{words}: {text}");
    }
    fs::write(at("frame.csv"), "pseudonym,stratum,committee,people\na,x,c,1\n").unwrap();
    let receipt = zh(&["survey", "verify", &at("receipt.json"), &at("frame.csv")]);
    assert!(receipt.contains("receipt.json:1:1: "), "{receipt}");
    let (verified, audited) = (zh(&["log", "verify", &at("log")]), zh(&["audit", "verify", &at("log")]));
    assert_eq!(verified, audited);
    assert!(!run(&["simulate", "--residents", "0"]).status.success());
}

#[test]
fn working_days_are_printed_and_an_unknown_year_is_an_error() {
    let output = run(&["workday", "2026-02-27..2026-03-01"]);
    assert_eq!(said(&output).lines().next(), Some("date,workday,name"));
    assert!(said(&output).contains("2026-02-28,true,"), "{}", said(&output));
    for range in ["2031-01-01..2031-01-02", "2026-03-01..2026-02-01", "soon"] {
        assert!(!run(&["workday", range]).status.success(), "{range}");
    }
    let beyond = run(&["workday", "2031-01-03..2031-01-04", "--weekdays-beyond-known"]);
    assert_eq!(said(&beyond), "date,workday,name\n2031-01-03,true,\n2031-01-04,false,\n");
    let work = tempfile::tempdir().unwrap();
    let table = work.path().join("2031.csv");
    fs::write(&table, "date,name,kind\n2031-01-01,元旦,off\n2031-10-01,国庆节,off\n").unwrap();
    let read = run(&["workday", "2031-01-01..2031-01-01", "--table", table.to_str().unwrap()]);
    assert_eq!(said(&read), "date,workday,name\n2031-01-01,false,元旦\n");
    fs::write(&table, "date,name,kind\n2031-01-01,元旦,free\n").unwrap();
    let broken = run(&["workday", "2031-01-01..2031-01-01", "--table", table.to_str().unwrap()]);
    assert!(!broken.status.success() && said(&broken).contains("2031.csv:2: "), "{}", said(&broken));
}
