use cn_workday::{Calendar, RowProblem};
use jiff::civil::date;
use proptest::prelude::*;

#[test]
fn each_unusable_line_is_reported_with_its_number() {
    let table = "date,name,kind\n2027-01-01,元旦,off\n2027-02-30,春节,off\n2027-1-4,元旦,off\n2027-02-06,春节,free\n2027-02-07,,off\n2027-01-01,元旦,off\n2027-02-08\n";
    let errors = Calendar::from_csv(table).unwrap_err();
    let found: Vec<_> = errors.into_iter().map(|e| (e.line, e.problem)).collect();
    assert_eq!(
        found,
        [
            (3, RowProblem::BadDate { found: "2027-02-30".into() }),
            (4, RowProblem::BadDate { found: "2027-1-4".into() }),
            (5, RowProblem::BadKind { found: "free".into() }),
            (6, RowProblem::EmptyName),
            (7, RowProblem::Duplicate { date: date(2027, 1, 1) }),
            (8, RowProblem::BadKind { found: String::new() }),
        ]
    );
}

#[test]
fn a_missing_heading_and_an_empty_table_are_said_so() {
    let cases = [
        ("day,name,kind\n2027-01-01,元旦,off\n", RowProblem::MissingColumn { column: "date" }),
        ("", RowProblem::MissingColumn { column: "date" }),
        ("date,name,kind\n", RowProblem::NoRows),
    ];
    for (table, problem) in cases {
        let errors = Calendar::from_csv(table).unwrap_err();
        assert_eq!((errors[0].line, &errors[0].problem), (1, &problem));
    }
}

#[test]
fn a_table_of_a_spreadsheet_with_byte_order_mark_and_crlf_is_read() {
    let calendar = Calendar::from_csv("\u{FEFF}Kind,Date,Name,Remark\r\noff,2027-10-01,国庆节,x\r\n").unwrap();
    assert_eq!(calendar.is_workday(date(2027, 10, 1)), Ok(false));
}

#[test]
fn a_newer_table_wins_and_a_stray_day_does_not_make_its_year_known() {
    let newer = Calendar::from_csv("date,name,kind\n2026-12-31,元旦,off\n2027-01-01,元旦,off\n").unwrap();
    let calendar = Calendar::official().with(newer);
    assert_eq!(calendar.is_workday(date(2026, 12, 31)), Ok(false));
    assert!(calendar.is_workday(date(2027, 1, 1)).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Calendar::from_csv(&text);
        let _ = Calendar::from_csv(&format!("date,name,kind\n{text}"));
    }
}
