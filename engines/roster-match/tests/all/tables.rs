//! Tables as people send them, and what is said of broken ones.

use proptest::prelude::*;
use roster_match::{
    Lang, Matcher, Model, Options,
    tables::{AddressTable, RegisterTable, RosterTable, TableError, read_columns, write_missing, write_results},
};

const ADDRESSES: &str = "addr_id,text\nA1,外青松公路5800弄12号301室\nA2,\"盈港东路88号,101室\"\n";
const PERSONS: &str = "pid,name,doc_type,doc_no,phone,addr_id,employer_id,remark\n\
    p1,张小满,resident,990101199003070023,15400000001,A1,E1,x\n\
    07,李大海,resident,,15400000002,A2,E1,\n";
const ROSTER: &str = "\u{FEFF}employer_id,row_id,employer,name,id_no,phone,address\r\n\
    E1,r1,泽禾,張小滿,990101199003070023,15400000001,外青松公路5800弄12-301\r\n\
    \r\n\
    E1,\"r,2\",泽禾,王新人,990101199003070103,15400000009,外青松公路5800弄99号\r\n";

#[test]
fn a_roster_and_a_register_become_results_and_a_list_of_the_missing() {
    let roster = RosterTable::read(ROSTER.as_bytes()).unwrap();
    let addresses = AddressTable::read(ADDRESSES.as_bytes()).unwrap();
    let register = RegisterTable::read(PERSONS.as_bytes(), addresses, &roster, Options::default()).unwrap();
    let rows = roster.rows();
    let matcher = Matcher::new(&register.register, &Model::default());
    let results = matcher.compare(&rows);
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    write_results(&roster, &register, &results, Lang::Zh, &mut found).unwrap();
    write_missing(&roster, &register, &matcher.missing(&rows, &results), &mut gone).unwrap();
    let found = String::from_utf8(found).unwrap();
    assert!(
        found.starts_with("row_id,pid,decision,cls,probability,reason\nr1,p1,match,same,1.000000,\"证件号一致; "),
        "{found}"
    );
    assert!(found.contains("\n\"r,2\",,none,,0.000000,\"") && !found.ends_with(",\"\"\n"), "{found}");
    assert_eq!(String::from_utf8(gone).unwrap(), "employer_id,pid\nE1,07\n");
}

#[test]
fn what_is_wrong_is_told_with_line_and_column() {
    let heading = "row_id,employer_id,name,id_no,phone,address\n";
    let cases: [(&[u8], u64, u64, &str); 6] = [
        (b"", 1, 0, "the table is empty"),
        (b"row_id,name\n1,x\n", 1, 3, "there is no column `employer_id`"),
        (b"1,E,x,,,\n2,E,x\n", 3, 3, "the line has 3 cells, the heading has 6"),
        (b"1,E,\xD5\xC5\xC8\xFD,,,\n", 2, 3, "the text is not UTF-8; save the table as CSV UTF-8"),
        (b"1,E,\"x,,,\n2,E,x,,,\n", 2, 3, "the quotation mark at the beginning of the cell is never closed"),
        (b"1,E,\"a\nb\",,,\n2,E,\"x\"y,,,\n", 4, 3, "text stands behind the closing quotation mark of the cell"),
    ];
    for (n, (body, line, column, problem)) in cases.into_iter().enumerate() {
        let bytes = if n < 2 { body.to_vec() } else { [heading.as_bytes(), body].concat() };
        let TableError { line: l, column: c, problem: p } = RosterTable::read(&bytes).unwrap_err();
        assert_eq!((l, c, p.to_string().as_str()), (line, column, problem));
    }
}

#[test]
fn a_pid_that_stands_twice_is_told_with_both_lines() {
    let heading = "pid,name,doc_type,doc_no,phone,addr_id,employer_id\n";
    let line = |pid: &str| format!("{pid},张小满,resident,,154{:08},,\n", 7);
    let read = |pids: &[String]| {
        let text = heading.to_owned() + &pids.iter().map(|pid| line(pid)).collect::<String>();
        let roster = RosterTable::read(ROSTER.as_bytes()).unwrap();
        let addresses = AddressTable::read(ADDRESSES.as_bytes()).unwrap();
        RegisterTable::read(text.as_bytes(), addresses, &roster, Options::default()).map(|_| ())
    };
    let mut pids: Vec<String> = (0..4_000).map(|n| if n % 2 == 0 { n.to_string() } else { format!("p{n}") }).collect();
    assert_eq!(read(&pids), Ok(()));
    pids.reverse();
    assert_eq!(read(&pids), Ok(()));
    for (first, again) in [(0, 1), (2_998, 3_999), (17, 2_500)] {
        let mut pids = pids.clone();
        pids[again] = pids[first].clone();
        let TableError { line, column, problem } = read(&pids).unwrap_err();
        assert_eq!((line, column), (again as u64 + 2, 1));
        assert_eq!(problem.to_string(), format!("the id stands in line {} already", first + 2));
    }
}

#[test]
fn a_large_register_is_read_in_two_halves_as_in_one() {
    let lines: String = (0..4_000).map(|n| format!("{n},张{n},resident,,154{n:08},,E{}\n", n % 7)).collect();
    let heading = "pid,name,doc_type,doc_no,phone,addr_id,employer_id\n";
    let roster = RosterTable::read(b"row_id,employer_id,name,id_no,phone,address\n1,E3,\xE5\xBC\xA0,,,\n").unwrap();
    let read = |text: String| {
        let addresses = AddressTable::read(ADDRESSES.as_bytes()).unwrap();
        let table = RegisterTable::read(text.as_bytes(), addresses, &roster, Options::default()).unwrap();
        let matcher = Matcher::new(&table.register, &Model::default());
        let missing = matcher.missing(&roster.rows(), &matcher.compare(&roster.rows()));
        missing.iter().map(|(_, pid)| table.pid(*pid).into_owned()).collect::<Vec<_>>()
    };
    let halves = read(format!("{heading}{lines}"));
    assert_eq!(halves.len(), 571);
    // A quoted cell makes it one part.
    assert_eq!(halves, read(format!("{heading}{lines}x,\"a\",,,,,\n")));
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn no_bytes_make_a_reader_panic(body in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..60)) {
        let mut bytes = b"row_id,employer_id,name,id_no,phone,address\n".to_vec();
        bytes.extend(&body);
        if let Ok(roster) = RosterTable::read(&bytes) {
            prop_assert!(roster.rows().len() <= body.len() + 1);
        }
        let _ = AddressTable::read(&body);
        let _ = read_columns(&body, &["x"]);
    }

    #[test]
    fn a_cell_comes_out_as_it_went_in(text in "[^\\x00]{0,20}") {
        let quoted = format!("a,b\n\"{}\",1\n", text.replace('"', "\"\""));
        let read = read_columns(quoted.as_bytes(), &["b", "a"]).unwrap();
        prop_assert_eq!(&read[1][0], &text);
    }
}
