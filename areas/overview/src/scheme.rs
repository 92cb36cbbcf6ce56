//! The scheme's ten duties of a role (附件1, R4), each with what the work itself says of it this period.

use linli_platform::area::Duty;
use policy_pack::Source;

/// The lines of the duty board that a duty of the scheme is derived from; none where the program holds nothing to derive it
/// from.
pub fn keys(source: Source) -> &'static [&'static str] {
    match source {
        Source::Verification | Source::Visits => &["verification"],
        Source::PremisesRounds => &["premises-visits"],
        Source::Meetings => &["meetings", "meetings-mine"],
        Source::Orders => &["orders-parts", "orders-issued", "orders-raised"],
        Source::DataChecks => &["check-visits", "check-desk", "check-waiting"],
        Source::Scenes => &["scenes"],
        Source::Publicity => &["publicity"],
        Source::Guidance => &["guidance", "guidance-own"],
        Source::Rosters => &["rosters-late", "rosters-review", "roster-day"],
        Source::Shifts => &["shift-plans", "shift-notes", "shift-worked"],
        Source::Registrations => &["tasks", "doubts", "transfers"],
        Source::DailyReports => &["daily-reports"],
        Source::Notices => &["volunteer-notices", "volunteer-told"],
        Source::Declarations => &["declarations"],
        Source::Appointments
        | Source::Confidentiality
        | Source::DutyNotices
        | Source::Listings
        | Source::MemberWork
        | Source::PremisesLabels
        | Source::Signs
        | Source::StandardAddresses => &[],
    }
}

/// What the reader's board says of a duty: the sums of its lines, and where the work waits. None without a line.
pub fn state(source: Source, board: &[Duty]) -> Option<Duty> {
    let lines: Vec<&Duty> = board.iter().filter(|d| keys(source).contains(&d.key)).collect();
    let first = lines.iter().max_by_key(|d| (d.late, d.due - d.done)).copied()?;
    let sum = |of: fn(&Duty) -> i64| -> i64 { lines.iter().map(|d| of(d)).sum() };
    Some(Duty { due: sum(|d| d.due), done: sum(|d| d.done), late: sum(|d| d.late), ..first.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &'static str, due: i64, done: i64, late: i64) -> Duty {
        Duty { key, due, done, late, href: format!("/{key}") }
    }

    #[test]
    fn a_duty_of_the_scheme_is_the_sum_of_its_lines_and_leads_to_what_is_late() {
        let board = [line("meetings", 4, 3, 0), line("meetings-mine", 2, 1, 1), line("scenes", 9, 9, 0)];
        let meetings = state(Source::Meetings, &board).unwrap();
        assert_eq!((meetings.due, meetings.done, meetings.late), (6, 4, 1));
        assert_eq!(meetings.href, "/meetings-mine");
        assert_eq!(state(Source::Scenes, &board).unwrap().done, 9);
        assert_eq!(state(Source::Rosters, &board), None, "the reader has no such line");
        assert_eq!(state(Source::Signs, &board), None, "nothing to derive it from");
    }
}
