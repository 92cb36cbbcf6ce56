//! The frame and its canonical form.

use proptest::prelude::*;
use survey_sample::{Digest, Frame, FrameError, Unit};

use crate::frame;

#[test]
fn the_canonical_form_is_plain_csv_and_its_digest_plain_sha256() {
    let unit =
        |pseudonym: &str, people| Unit { pseudonym: pseudonym.into(), stratum: "s".into(), committee: None, people };
    let frame = Frame::new(vec![unit("b", 0), unit("a", 2)]).unwrap();
    assert_eq!(frame.to_csv(), "pseudonym,stratum,committee,people\na,s,,2\nb,s,,0\n");
    assert_eq!(frame.digest(), Digest::of(frame.to_csv().as_bytes()));
    // printf 'pseudonym,stratum,committee,people\na,s,,2\nb,s,,0\n' | sha256sum
    assert_eq!(frame.digest().to_string(), "0e666487be64f7dee25e1b5feb8167a929ed8fe191c2de05bee7f6cc901542d7");
}

#[test]
fn other_line_ends_order_and_byte_order_mark_are_the_same_frame() {
    let canonical = frame(20);
    let mut lines: Vec<_> = canonical.to_csv().lines().map(str::to_owned).collect();
    lines[1..].reverse();
    let other = format!("\u{feff}{}\r\n", lines.join("\r\n"));
    assert_eq!(Frame::parse_csv(&other).unwrap().digest(), canonical.digest());
}

#[test]
fn a_bad_frame_says_where() {
    let head = "pseudonym,stratum,committee,people\n";
    for (csv, message) in [
        ("id,people\n".to_owned(), "line 1: the heading must be \"pseudonym,stratum,committee,people\""),
        (format!("{head}a,s,2\n"), "line 2: 3 fields instead of 4"),
        (format!("{head}a,s,c,-1\n"), "line 2, column 4: \"-1\" is no number of people"),
        (
            format!("{head}a,s,c,1\n ,s,c,1\n"),
            "line 3, column 1: \" \" is empty or holds a character that a frame must not hold",
        ),
        (
            format!("{head}a,\"s\",c,1\n"),
            "line 2, column 2: \"\\\"s\\\"\" is empty or holds a character that a frame must not hold",
        ),
        (format!("{head}a,s,c,1\na,t,c,1\n"), "the pseudonym \"a\" occurs twice"),
        (format!("{head}a,s,c,1\n\n"), "line 3: 1 fields instead of 4"),
    ] {
        assert_eq!(Frame::parse_csv(&csv).unwrap_err().to_string(), message);
    }
    let comma = Unit { pseudonym: "a".into(), stratum: "s,t".into(), committee: None, people: 1 };
    assert!(matches!(Frame::new(vec![comma]), Err(FrameError::Field { line: 2, column: 2, .. })));
}

proptest! {
    #[test]
    fn a_frame_reads_back(households in 0_u32..60) {
        let frame = frame(households);
        prop_assert_eq!(Frame::parse_csv(&frame.to_csv()), Ok(frame));
    }

    #[test]
    fn reading_a_frame_never_panics(body in "(\u{feff}|pseudonym,stratum,committee,people\n)?[a-z,\"\r\n0-9 邻]{0,40}") {
        if let Ok(frame) = Frame::parse_csv(&body) {
            prop_assert_eq!(Frame::parse_csv(&frame.to_csv()), Ok(frame));
        }
    }

    #[test]
    fn any_change_changes_the_digest(place in any::<prop::sample::Index>(), people in 0_u32..9) {
        let before = frame(30);
        let mut units = before.units().to_vec();
        let unit = place.get_mut(&mut units);
        prop_assume!(unit.people != people);
        unit.people = people;
        prop_assert_ne!(Frame::new(units).unwrap().digest(), before.digest());
    }
}
