//! Tables that are broken, too large or in another form, at the commands that read them.

use std::{fs, process::Output};

use super::world::{run, run_with, said};

const PERSONS: &str = "pid,name,doc_type,doc_no,phone,addr_id,employer_id\n\
    11,张小满,resident,990101199003070023,15400000001,1,7\n12,李大海,resident,,15400000002,2,7\n";
const ADDRESSES: &str = "addr_id,text\n1,外青松公路5800弄12号301室\n2,外青松公路5800弄12号302室\n";
const ROSTER: &str = "row_id,employer_id,employer,name,id_no,phone,address\n\
    1,7,泽禾,張小滿,990101199003070023,15400000001,外青松公路5800弄12-301\n2,7,泽禾,王新人,990101199003070103,,\n";
const LINK: &str =
    "matched = 0.1\n[[field]]\nname = \"name\"\n[[field]]\nname = \"phone\"\n[[block]]\nfields = [\"name\"]\n";

/// A folder with sound tables.
struct Work(tempfile::TempDir);

impl Work {
    fn new() -> Self {
        let work = Work(tempfile::tempdir().unwrap());
        for (name, table) in
            [("persons.csv", PERSONS), ("addresses.csv", ADDRESSES), ("roster.csv", ROSTER), ("link.toml", LINK)]
        {
            fs::write(work.0.path().join(name), table).unwrap();
        }
        work
    }
    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
    /// The words of a command that reads `file` in the place of a sound table.
    fn words(&self, command: &str, file: &str) -> Vec<String> {
        let at = |name: &str| self.at(name);
        let matching = |register: &str, addresses: &str, roster: &str| {
            let files = ["match", "--register", &at(register), "--addresses", &at(addresses), "--roster", &at(roster)];
            files.iter().map(|word| (*word).to_owned()).chain(["--out".into(), at("results.csv")]).collect::<Vec<_>>()
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match command {
            "register" => matching(file, "addresses.csv", "roster.csv"),
            "addresses" => matching("persons.csv", file, "roster.csv"),
            "roster" => matching("persons.csv", "addresses.csv", file),
            "link" => {
                words(&["link", "--left", &at(file), "--right", &at("persons.csv"), "--config", &at("link.toml")])
            }
            "id" => words(&["id", "check", &at(file)]),
            "parse" => words(&["address", "parse", &at(file)]),
            "resolve" => words(&["address", "resolve", "--standard", &at("addresses.csv"), &at(file)]),
            "standard" => words(&["address", "resolve", "--standard", &at(file), &at("roster.csv")]),
            other => panic!("{other}"),
        }
    }
    fn run(&self, command: &str, file: &str) -> Output {
        let words = self.words(command, file);
        run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_file_line_and_column() {
    let work = Work::new();
    let more = |table: &str, row: &[u8]| [table.as_bytes(), row].concat();
    let mixed = |table: &str| more(table, &gb("9,香花桥\n"));
    let cases: [(&str, Vec<u8>, &str); 22] = [
        ("register", more(PERSONS, b"13,x\n"), ":4:2: the line has 2 cells, the heading has 7"),
        ("register", more(PERSONS, b"13,\"x,,,,,\n\n\n"), ":4:2: the quotation mark"),
        ("register", more(PERSONS, &gb("13,香花桥,,,,,\n")), ":4:2: the text is not UTF-8"),
        ("register", PERSONS.replace("doc_no", "number").into(), ":1:8: there is no column `doc_no`"),
        ("register", b"PK\x03\x04 a workbook".into(), ":1:1: this is a workbook"),
        ("addresses", more(ADDRESSES, b"3,\"a\"b\n"), ":4:2: text stands behind"),
        ("addresses", mixed(ADDRESSES), ":4:2: the text is not UTF-8"),
        ("addresses", b"".into(), ":1: the table is empty"),
        ("roster", more(ROSTER, b"3,7,a,b,c,d,e,f\n"), ":4:8: the line has 8 cells"),
        ("roster", [gb(ROSTER), "香花桥街道\n".into()].concat(), ":4:1: UTF-8, unlike"),
        ("link", more(PERSONS, b"13,\"x\n"), ":4:2: the quotation mark"),
        ("link", "pid,name\n".into(), ":1:3: there is no column `phone`"),
        ("link", b"pid,name,phone\n1,\xFF\xFF,2\n".into(), ":2:3: neither UTF-8"),
        ("id", mixed("大盈村\n"), ":2:3: not UTF-8, unlike"),
        ("id", b"99\n12\0\n".into(), ":2:3: a zero byte"),
        ("parse", mixed("大盈村\n"), ":2:3: not UTF-8, unlike"),
        ("parse", mixed(&ADDRESSES.replace("addr_id", "n")), ":4:3: not UTF-8, unlike"),
        ("parse", "n,address\n1,\"大盈村\n2,x\n".into(), ":2:2: the quotation mark"),
        ("resolve", "n,address\n1\n".into(), ":2:1: the line has 1 cells"),
        ("resolve", "n,text\n".into(), ":1:3: there is no column `address`"),
        ("standard", more(ADDRESSES, b"3,\"a\nb\n"), ":4:2: the quotation mark"),
        ("standard", mixed(ADDRESSES), ":4:3: not UTF-8, unlike"),
    ];
    for (command, content, words) in cases {
        fs::write(work.at("broken.csv"), content).unwrap();
        let output = work.run(command, "broken.csv");
        let text = said(&output);
        assert!(!output.status.success(), "{command} {words}: {text}");
        assert!(text.contains(&format!("broken.csv{words}")), "{command} {words}: {text}");
    }
}

#[test]
fn tables_in_gb_18030_are_read_as_those_in_utf_8() {
    let work = Work::new();
    for (command, table) in [("register", PERSONS), ("addresses", ADDRESSES), ("roster", ROSTER)] {
        assert!(work.run(command, &format!("{command}.csv").replace("register", "persons")).status.success());
        let expected = fs::read(work.at("results.csv")).unwrap();
        for (name, bytes) in [("gb.csv", gb(table)), ("cr.csv", table.replace('\n', "\r").into())] {
            fs::write(work.at(name), bytes).unwrap();
            let output = work.run(command, name);
            assert!(output.status.success(), "{command} {name}: {}", said(&output));
            assert_eq!(fs::read(work.at("results.csv")).unwrap(), expected, "{command} {name}");
        }
    }
    for (command, table) in [("link", PERSONS), ("resolve", ROSTER), ("parse", ADDRESSES), ("standard", ADDRESSES)] {
        fs::write(work.at("utf8.csv"), table).unwrap();
        fs::write(work.at("gb.csv"), gb(table)).unwrap();
        let (one, other) = (work.run(command, "utf8.csv"), work.run(command, "gb.csv"));
        assert!(one.status.success() && said(&one).lines().count() > 2, "{command}: {}", said(&one));
        assert_eq!(said(&one), said(&other), "{command}");
    }
}

/// Ten gigabytes that take no room on the disk: a sound beginning, then nothing.
#[test]
fn a_file_of_ten_gigabytes_ends_in_a_message_and_not_in_the_memory() {
    let work = Work::new();
    for (command, table) in [
        ("register", PERSONS),
        ("addresses", ADDRESSES),
        ("roster", ROSTER),
        ("link", PERSONS),
        ("id", "990101199003070023\n1\n2\n"),
        ("parse", "大盈村\n大盈村\n大盈村\n"),
        ("resolve", ROSTER),
        ("standard", ADDRESSES),
    ] {
        fs::write(work.at("large.csv"), table).unwrap();
        fs::OpenOptions::new().write(true).open(work.at("large.csv")).unwrap().set_len(10 << 30).unwrap();
        // A limit on the memory that may be asked for, in kilobytes: less than a tenth of the file.
        let words = work.words(command, "large.csv");
        let output = std::process::Command::new("sh")
            .args(["-c", "ulimit -v 1000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_linli"), "--lang", "en"])
            .args(&words)
            .output()
            .unwrap();
        let text = said(&output);
        assert!(!output.status.success(), "{command}: {text}");
        assert!(text.contains("large.csv:4:1: a zero byte; this is no text file"), "{command}: {text}");
    }
}

#[cfg(feature = "parquet")]
fn written_by_others(name: &str) -> String {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet").join(name).display().to_string()
}

#[cfg(feature = "parquet")]
fn compared(work: &Work, tables: [&str; 3], out: [&str; 2]) -> Output {
    let [register, addresses, roster] = tables;
    let [results, missing] = out.map(|name| work.at(name));
    let files = ["match", "--register", register, "--addresses", addresses, "--roster", roster];
    run(&[files.as_slice(), &["--out", &results, "--missing", &missing]].concat())
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_of_other_programs_is_compared_like_csv() {
    let work = Work::new();
    let theirs = ["persons.parquet", "addresses.parquet", "roster.parquet"].map(written_by_others);
    let [persons, addresses, roster] = theirs.each_ref().map(String::as_str);
    let output = compared(&work, [persons, addresses, roster], ["results.csv", "missing.csv"]);
    assert!(output.status.success(), "{}", said(&output));
    let results = fs::read_to_string(work.at("results.csv")).unwrap();
    assert!(results.contains("\n1,11,match,same,") && results.contains("\n2,,none,,"), "{results}");
    assert_eq!(fs::read_to_string(work.at("missing.csv")).unwrap(), "employer_id,pid\n7,12\n");
    // What we write in Parquet is read again: the results as a roster's ids, the missing as a table to link.
    let output = compared(&work, [persons, addresses, roster], ["results.parquet", "missing.parquet"]);
    assert!(output.status.success(), "{}", said(&output));
    fs::write(work.at("same.toml"), "[[field]]\nname = \"pid\"\ncompare = \"exact\"\n[[block]]\nfields = [\"pid\"]\n")
        .unwrap();
    let (missing, same, out) = (work.at("missing.parquet"), work.at("same.toml"), work.at("links.parquet"));
    let linked = run(&["link", "--left", &missing, "--right", persons, "--config", &same, "--out", &out]);
    assert!(linked.status.success(), "{}", said(&linked));
    assert!(fs::read(&out).unwrap().starts_with(b"PAR1"));
}

/// What has been read of a pipe does not come again: a list of several blocks has a row for every line.
#[cfg(unix)]
#[test]
fn addresses_from_a_pipe_are_parsed_from_the_first_to_the_last() {
    const LINES: usize = 120_000;
    let work = Work::new();
    for heading in ["", "id,address\n"] {
        let line = |n| {
            if heading.is_empty() { format!("外青松公路{n}弄\n") } else { format!("{n},外青松公路{n}弄\n") }
        };
        let text: String = std::iter::once(heading.to_owned()).chain((1..=LINES).map(line)).collect();
        let output = run_with(&["address", "parse", "/dev/stdin", "--out", &work.at("parsed.csv")], &text);
        assert!(output.status.success(), "{}", said(&output));
        let parsed = fs::read_to_string(work.at("parsed.csv")).unwrap();
        let lanes: Vec<&str> = parsed.lines().skip(1).filter_map(|row| row.split(',').nth(9)).collect();
        assert_eq!((lanes.len(), lanes[0], lanes[LINES - 1]), (LINES, "1", "120000"));
    }
}

/// Settings and proofs are said to be wrong in the user's language, at their place.
#[test]
fn settings_that_cannot_be_read_are_told_in_chinese_with_line_and_column() {
    let work = Work::new();
    let week = |name: &str| vec!["plan".to_owned(), "shifts".into(), work.at(name)];
    let link =
        |name: &str| vec!["link".to_owned(), "--left".into(), work.at("persons.csv"), "--config".into(), work.at(name)];
    let proof = |name: &str| vec!["log".to_owned(), "proof".into(), work.at(name)];
    for (text, words, said_of_it) in [
        ("people = []\nmonday = 8\n", week("f.toml"), "f.toml:2:10: 这里是整数 8，应为日期，例如 2026-06-08"),
        ("mondy = 2026-06-08\n", week("f.toml"), "f.toml:1:1: 没有“mondy”这一项，可写的有：monday"),
        ("monday = [\n", week("f.toml"), "f.toml:1:11: 写法有误"),
        ("matched = 0.5\nfeild = 1\n", link("f.toml"), "f.toml:2:1: 没有“feild”这一项，可写的有："),
        ("\u{0}", link("f.toml"), "f.toml:1:1: 含有零字节"),
        ("{}\n", proof("f.toml"), "f.toml:1:2: 缺少“"),
    ] {
        fs::write(work.at("f.toml"), text).unwrap();
        let program = env!("CARGO_BIN_EXE_linli");
        let output = std::process::Command::new(program).args(["--lang", "zh"]).args(words).output().unwrap();
        assert!(!output.status.success() && said(&output).contains(said_of_it), "{text}: {}", said(&output));
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_that_cannot_be_read_says_why() {
    let work = Work::new();
    let persons = fs::read(written_by_others("persons.parquet")).unwrap();
    let half = &persons[..persons.len() / 2];
    for (content, words) in [
        (half, "this is no sound Parquet file"),
        (PERSONS.as_bytes(), "this is no sound Parquet file"),
        (b"".as_slice(), "this is no sound Parquet file"),
    ] {
        fs::write(work.at("p.parquet"), content).unwrap();
        let output = work.run("register", "p.parquet");
        assert!(!output.status.success() && said(&output).contains(words), "{}", said(&output));
    }
    fs::write(work.at("nested.toml"), LINK.replace("phone", "remarks")).unwrap();
    let left = written_by_others("persons.parquet");
    let nested = run(&["link", "--left", &left, "--config", &work.at("nested.toml")]);
    assert!(
        said(&nested).contains("persons.parquet:1:10: the column `remarks.list.element` is nested"),
        "{}",
        said(&nested)
    );
    fs::write(work.at("p.csv"), persons).unwrap();
    assert!(said(&work.run("register", "p.csv")).contains("p.csv:1:1: this is a Parquet file"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_so() {
    let work = Work::new();
    fs::write(work.at("p.parquet"), b"PAR1").unwrap();
    let output = work.run("register", "p.parquet");
    assert!(!output.status.success() && said(&output).contains("was built without Parquet"), "{}", said(&output));
}
