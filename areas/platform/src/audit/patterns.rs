//! What an auditor looks at twice (异常查阅): readings at odd hours, many people on a day, readings that no work
//! followed, and readings across many grids. Each line is something to ask about and no verdict on anybody; it leads to
//! the readings themselves.
//!
//! Looked at are readings by staff. What residents read of their own record, and what somebody appointed or a guardian
//! reads for them, is theirs: an alert on it would be one on a person (boundary 2).

use std::collections::{BTreeMap, BTreeSet};

use cn_workday::Calendar;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    access::codes,
    clock::{At, Day, shanghai},
    error::Result,
    ids::{AccountId, GridId},
    store::Query,
    vals,
};

codes! {
    /// A kind of pattern. Fluent text: `pattern-<code>`, with the number `$n`.
    Pattern {
        /// Readings between 22:00 and 06:00, or on a day off by somebody who in the eight weeks before read on working days:
        /// fewer than one in ten of the days with readings were days off. Who works weekends in turn (R31) does not stand
        /// out.
        OddHours = "odd-hours",
        /// Many more people on a day than is usual for the role.
        ManyPeople = "many-people",
        /// Records opened, and no change, visit or decision of the same person on them that day or the next.
        NothingDone = "nothing-done",
        /// Homes in many grids on one day.
        ManyGrids = "many-grids",
    }
}

/// Readings before this hour of the day, or from [`LATE_HOUR`] on, are odd.
const EARLY_HOUR: i8 = 6;
/// See [`EARLY_HOUR`].
const LATE_HOUR: i8 = 22;
/// So many days before a day off tell what is usual for the account.
const HABIT_DAYS: i64 = 56;
/// On fewer working days with readings nothing is usual yet.
const HABIT_WORKDAYS: usize = 5;
/// One day off among so many days with readings is a habit.
const HABIT_ONE_IN: usize = 10;
/// So many people on a day are never called many.
const FEW_PEOPLE: usize = 10;
/// So many times the role's median of a day is many.
const TIMES_MEDIAN: usize = 3;
/// So many readings without work after them on a day are worth a question.
const IDLE_READINGS: usize = 5;
/// Purposes that end in an answer or a talk and leave no change on the record.
const LOOKING_ENOUGH: [&str; 2] = ["survey-interview", "counter-service"];
/// So many grids on one day are many.
const GRIDS_A_DAY: usize = 4;

/// One line for the auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub pattern: Pattern,
    /// Who.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// In which role.
    pub role: String,
    /// On which day.
    pub day: Day,
    /// How many readings, people or grids.
    pub number: i64,
}

/// A reading, as far as patterns need it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Reading {
    /// When.
    pub at: At,
    /// Who.
    pub account_id: AccountId,
    /// Their name.
    pub name: Option<String>,
    /// In which role.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// What.
    pub subject_id: Uuid,
    /// Where.
    pub grid_id: Option<GridId>,
}

#[derive(FromQueryResult)]
struct Worked {
    account_id: AccountId,
    subject_id: Uuid,
    entered_at: At,
}

/// The patterns of the days from one up to and with another.
pub async fn of_days(q: &impl Query, calendar: &Calendar, from: Day, last: Day) -> Result<Vec<Finding>> {
    let readings: Vec<Reading> = q
        .rows(
            "SELECT x.at, x.account_id, a.display_name AS name, x.role, x.purpose, x.subject_id, x.grid_id FROM access_record x
             LEFT JOIN account a ON a.division_code = x.division_code AND a.account_id = x.account_id
             WHERE x.division_code = $1 AND x.at >= $2 AND x.at < $3 AND x.purpose <> 'own-record'
               AND x.role NOT IN ('resident', 'representative') ORDER BY x.at",
            vals![q.division(), from.start(), last.end()],
        )
        .await?;
    let days = days_with_readings(q, from.plus_days(-HABIT_DAYS), last).await?;
    let worked: Vec<Worked> = q
        .rows(
            "SELECT DISTINCT e.account_id, e.subject_id, e.entered_at FROM event e
             WHERE e.division_code = $1 AND e.entered_at >= $2 AND e.entered_at < $3
               AND EXISTS (SELECT 1 FROM access_record x WHERE x.division_code = e.division_code
                   AND x.account_id = e.account_id AND x.subject_id = e.subject_id AND x.at >= $2)",
            vals![q.division(), from.start(), last.plus_days(1).end()],
        )
        .await?;
    let worked: BTreeSet<(AccountId, Uuid, Day)> =
        worked.into_iter().map(|w| (w.account_id, w.subject_id, w.entered_at.day())).collect();
    Ok(find(&readings, &worked, &days, calendar))
}

/// On which days an account read anything.
type Days = BTreeMap<AccountId, BTreeSet<Day>>;

/// The days with readings of every account, from one up to and with another.
async fn days_with_readings(q: &impl Query, from: Day, last: Day) -> Result<Days> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        day_number: i64,
    }
    // Shanghai is eight hours ahead, the year round.
    let rows: Vec<Row> = q
        .rows(
            "SELECT DISTINCT x.account_id, (x.at + 28800000000) / 86400000000 AS day_number FROM access_record x
             WHERE x.division_code = $1 AND x.at >= $2 AND x.at < $3",
            vals![q.division(), from.start(), last.end()],
        )
        .await?;
    let mut days = Days::new();
    for row in rows {
        days.entry(row.account_id).or_default().insert(At(row.day_number * 86_400_000_000).day());
    }
    Ok(days)
}

/// Whether an account that reads on a day off is otherwise at work on working days.
fn keeps_working_days(days: Option<&BTreeSet<Day>>, day: Day, calendar: &Calendar) -> bool {
    let Some(days) = days else { return false };
    let before: Vec<Day> = days.range(day.plus_days(-HABIT_DAYS)..day).copied().collect();
    let off = before.iter().filter(|d| is_off(calendar, **d)).count();
    before.len() - off >= HABIT_WORKDAYS && off * HABIT_ONE_IN < before.len()
}

fn is_off(calendar: &Calendar, day: Day) -> bool {
    !calendar.is_workday(day.0).unwrap_or(true)
}

type Key = (AccountId, String, Day);

/// The patterns among some readings; `worked` says who worked on what on which day, `with_readings` when who read.
fn find(
    readings: &[Reading],
    worked: &BTreeSet<(AccountId, Uuid, Day)>,
    with_readings: &Days,
    calendar: &Calendar,
) -> Vec<Finding> {
    let mut days: BTreeMap<Key, Vec<&Reading>> = BTreeMap::new();
    for reading in readings {
        days.entry((reading.account_id, reading.role.clone(), reading.at.day())).or_default().push(reading);
    }
    let medians = medians(&days);
    let mut found = Vec::new();
    for (key, of_day) in &days {
        let (account, role, day) = key;
        let people = distinct(of_day.iter().map(|r| r.subject_id));
        let idle = of_day
            .iter()
            .filter(|r| !LOOKING_ENOUGH.contains(&r.purpose.as_str()))
            .filter(|r| ![*day, day.plus_days(1)].iter().any(|d| worked.contains(&(*account, r.subject_id, *d))))
            .count();
        let odd = of_day.iter().filter(|r| is_odd(r.at)).count();
        let stands_out = is_off(calendar, *day) && keeps_working_days(with_readings.get(account), *day, calendar);
        let off = if stands_out { of_day.len() } else { 0 };
        let most = FEW_PEOPLE.max(TIMES_MEDIAN * medians.get(role).copied().unwrap_or(0));
        let grids = distinct(of_day.iter().filter_map(|r| r.grid_id));
        for (pattern, number, is_one) in [
            (Pattern::OddHours, odd.max(off), odd.max(off) > 0),
            (Pattern::ManyPeople, people, people > most),
            (Pattern::NothingDone, idle, idle >= IDLE_READINGS),
            (Pattern::ManyGrids, grids, grids >= GRIDS_A_DAY),
        ] {
            if is_one {
                let name = of_day[0].name.clone().unwrap_or_default();
                let number = i64::try_from(number).unwrap_or(i64::MAX);
                found.push(Finding { pattern, account: *account, name, role: role.clone(), day: *day, number });
            }
        }
    }
    found.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.name.cmp(&b.name)).then_with(|| a.pattern.cmp(&b.pattern)));
    found
}

fn distinct<K: Ord>(all: impl Iterator<Item = K>) -> usize {
    all.collect::<BTreeSet<K>>().len()
}

fn is_odd(at: At) -> bool {
    let hour = at.timestamp().to_zoned(shanghai()).hour();
    !(EARLY_HOUR..LATE_HOUR).contains(&hour)
}

/// How many people a holder of a role opens on the median of the days on which any are opened.
fn medians(days: &BTreeMap<Key, Vec<&Reading>>) -> BTreeMap<String, usize> {
    let mut of_role: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for ((_, role, _), of_day) in days {
        of_role.entry(role.clone()).or_default().push(distinct(of_day.iter().map(|r| r.subject_id)));
    }
    let middle = |(role, mut counts): (String, Vec<usize>)| {
        counts.sort_unstable();
        (role, counts[counts.len() / 2])
    };
    of_role.into_iter().map(middle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        At::from_timestamp(text.parse().unwrap())
    }

    fn read(account: u128, subject: u128, grid: u128, when: &str) -> Reading {
        Reading {
            at: at(when),
            account_id: AccountId(Uuid::from_u128(account)),
            name: Some(format!("p{account}")),
            role: "coordinator".into(),
            purpose: "field-verification".into(),
            subject_id: Uuid::from_u128(subject),
            grid_id: Some(GridId(Uuid::from_u128(grid))),
        }
    }

    fn patterns(readings: &[Reading], worked: &[(u128, u128)]) -> Vec<(Pattern, i64)> {
        let worked = worked
            .iter()
            .flat_map(|(account, subject)| {
                let (account, subject) = (AccountId(Uuid::from_u128(*account)), Uuid::from_u128(*subject));
                readings.iter().map(move |r| (account, subject, r.at.day()))
            })
            .collect();
        let calendar = Calendar::official().weekdays_beyond_known();
        let mut days = Days::new();
        for r in readings {
            days.entry(r.account_id).or_default().insert(r.at.day());
        }
        find(readings, &worked, &days, &calendar).into_iter().map(|f| (f.pattern, f.number)).collect()
    }

    #[test]
    fn readings_at_night_are_listed() {
        // 2026-11-20 is a Friday; times are UTC, Shanghai is eight hours ahead.
        for (when, odd) in [
            ("2026-11-20T02:00:00Z", false),
            ("2026-11-20T13:59:00Z", false),
            ("2026-11-20T14:00:00Z", true),
            ("2026-11-19T21:59:00Z", true),
            ("2026-11-19T22:00:00Z", false),
            ("2026-11-21T02:00:00Z", false),
        ] {
            let listed = patterns(&[read(1, 1, 1, when)], &[(1, 1)]);
            assert_eq!(!listed.is_empty(), odd, "{when}: {listed:?}");
        }
    }

    #[test]
    fn a_day_off_is_listed_where_the_account_otherwise_reads_on_working_days() {
        // 2026-11-21 is a Saturday. Days with readings before it, by day of November 2026.
        for (before, odd, why) in [
            (&[][..], false, "nothing is usual yet"),
            (&[16, 17, 18, 19], false, "four days are no habit"),
            (&[16, 17, 18, 19, 20], true, "a week of working days"),
            (&[9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20], true, "one Saturday in eleven days"),
            (&[9, 10, 11, 12, 14, 16, 17, 18, 19, 20], false, "weekend duty in turn (R31)"),
            (&[7, 8, 14, 15], false, "works at weekends"),
        ] {
            let days = before.iter().chain([&21]);
            let readings: Vec<Reading> = days.map(|d| read(1, 1, 1, &format!("2026-11-{d:02}T02:00:00Z"))).collect();
            let saturday = patterns(&readings, &[(1, 1)]).contains(&(Pattern::OddHours, 1));
            assert_eq!(saturday, odd, "{why}");
        }
    }

    #[test]
    fn many_people_on_a_day_are_measured_by_what_is_usual_for_the_role() {
        let usual = |account: u128, n: u128| (0..n).map(move |s| read(account, s, 1, "2026-11-20T02:00:00Z"));
        let all: Vec<(u128, u128)> = (0..60).flat_map(|s| (1..4).map(move |a| (a, s))).collect();
        let few: Vec<Reading> = usual(1, 10).collect();
        assert_eq!(patterns(&few, &all), []);
        let usual_day: Vec<Reading> = usual(1, 10).chain(usual(2, 10)).chain(usual(3, 30)).collect();
        assert_eq!(patterns(&usual_day, &all), [], "three times the median is not yet many");
        let many: Vec<Reading> = usual(1, 10).chain(usual(2, 10)).chain(usual(3, 31)).collect();
        assert_eq!(patterns(&many, &all), [(Pattern::ManyPeople, 31)]);
    }

    #[test]
    fn opening_records_without_any_work_on_them_is_listed() {
        let five: Vec<Reading> = (0..5).map(|s| read(1, s, 1, "2026-11-20T02:00:00Z")).collect();
        assert_eq!(patterns(&five, &[]), [(Pattern::NothingDone, 5)]);
        assert_eq!(patterns(&five, &[(1, 0)]), [], "four are not");
        assert_eq!(patterns(&five, &[(2, 0)]), [(Pattern::NothingDone, 5)], "somebody else's work is none of theirs");
    }

    #[test]
    fn one_day_in_many_grids_is_listed() {
        let read_in = |n: u128| (0..n).map(|g| read(1, g, g, "2026-11-20T02:00:00Z")).collect::<Vec<_>>();
        let done: Vec<(u128, u128)> = (0..9).map(|s| (1, s)).collect();
        assert_eq!(patterns(&read_in(3), &done), []);
        assert_eq!(patterns(&read_in(4), &done), [(Pattern::ManyGrids, 4)]);
    }
}
