//! What the duty board (R4) says of notices, stipends and the month's instruction: derived from the records themselves.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    clock::Day,
    reader::Reader,
    store::Query,
    vals,
};

use crate::{guidance, stipends};

/// In the month's last days whoever was not instructed yet counts as late (R5).
const LAST_DAYS: i64 = 3;

/// The duties of volunteers, of those who check at the door, of those who approve and pay, and of the officer.
pub(crate) struct VolunteerDuties;

impl DutySource for VolunteerDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let at = |action| reader.clone().doing(action);
            let mut duties = Vec::new();
            if reader.may(Action::VolunteerReport) {
                duties.push(told(&q, reader).await?);
                duties.extend(own_instruction(&q, reader).await?);
            }
            if reader.may(Action::FieldWork) {
                duties.push(to_check(&q, &at(Action::FieldWork)).await?);
            }
            if reader.may(Action::StipendApprove) {
                duties.push(to_approve(&q, app, &at(Action::StipendApprove)).await?);
            }
            if reader.may(Action::StipendPay) {
                duties.push(to_pay(&q).await?);
            }
            if reader.may(Action::GuidanceGive) {
                duties.push(to_instruct(&q, app, &at(Action::GuidanceGive)).await?);
            }
            Ok(duties)
        })
    }
}

/// What the volunteer told this month, and what of it was checked.
async fn told(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let month = q.store().now().day().month();
    let sql = "SELECT COUNT(*) FROM volunteer_notice n WHERE n.division_code = $1 AND n.account_id = $2
         AND n.made_at >= $3";
    let values = || vals![q.division(), reader.account, month.start()];
    let due = q.number(sql, values()).await?;
    let done = q.number(&format!("{sql} AND n.state <> 'open'"), values()).await?;
    Ok(Duty { key: "volunteer-told", due, done, late: 0, href: "/volunteer".into() })
}

/// The volunteer's own instruction of the month.
async fn own_instruction(q: &impl Query, reader: &Reader) -> Result<Option<Duty>> {
    let today = q.store().now().day();
    let Some(staff) = linli_team::store::staff::of_account(q, reader.account).await? else { return Ok(None) };
    let sql = "SELECT COUNT(*) FROM guidance_attendance a
         JOIN guidance g ON g.division_code = a.division_code AND g.guidance_id = a.guidance_id
         WHERE a.division_code = $1 AND a.staff_id = $2 AND a.attended = TRUE AND g.day >= $3";
    let times = q.number(sql, vals![q.division(), staff.staff_id, today.month().first_day()]).await?;
    let done = times.min(1);
    let late = if is_last(today) { 1 - done } else { 0 };
    Ok(Some(Duty { key: "guidance-own", due: 1, done, late, href: "/volunteer".into() }))
}

async fn to_check(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let now = q.store().now();
    let count = async |condition: &str, at| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql("COALESCE(t.grid_id, n.grid_id)", &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM volunteer_notice n
             LEFT JOIN task t ON t.division_code = n.division_code AND t.task_id = n.task_id
             WHERE n.division_code = $1 AND {condition} AND {scope}"
        );
        q.number(&sql, values).await
    };
    let done = count("n.checked_at >= $2", now.day().month().start()).await?;
    let open = count("n.state = 'open' AND n.made_at <= $2", now).await?;
    let late = count("n.state = 'open' AND n.due_at <= $2", now).await?;
    Ok(Duty { key: "volunteer-notices", due: open + done, done, late, href: "/volunteer-notices".into() })
}

/// The stipends whose next approval is the reader's: the last is the office's.
async fn to_approve(q: &impl Query, app: &App, reader: &Reader) -> Result<Duty> {
    let now = q.store().now();
    let last = stipends::approvals_needed(&app.pack) - 1;
    let turn = if reader.may(Action::StipendPay) { ">=" } else { "<" };
    let count = async |condition: &str, at| {
        let mut values = vals![q.division(), reader.account, at];
        let scope = reader.scope.sql("s.grid_id", &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM stipend s WHERE s.division_code = $1 AND s.state = 'applied' AND s.applied_by <> $2
             AND s.account_id <> $2 AND (SELECT COUNT(*) FROM stipend_approval x WHERE x.division_code = s.division_code
               AND x.stipend_id = s.stipend_id) {turn} {last} AND {condition} AND {scope}"
        );
        q.number(&sql, values).await
    };
    let due = count("s.applied_at <= $3", now).await?;
    let late = count("s.due_at <= $3", now).await?;
    Ok(Duty { key: "stipends-approve", due, done: 0, late, href: "/stipends".into() })
}

async fn to_pay(q: &impl Query) -> Result<Duty> {
    let month = q.store().now().day().month();
    let open = "SELECT COUNT(*) FROM stipend s WHERE s.division_code = $1 AND s.state = 'approved'";
    let open = q.number(open, vals![q.division()]).await?;
    let paid = "SELECT COUNT(*) FROM stipend s WHERE s.division_code = $1 AND s.state = 'paid' AND s.ended_at >= $2";
    let done = q.number(paid, vals![q.division(), month.start()]).await?;
    Ok(Duty { key: "stipends-pay", due: open + done, done, late: 0, href: "/stipends?tab=approved".into() })
}

async fn to_instruct(q: &impl Query, app: &App, reader: &Reader) -> Result<Duty> {
    let today = q.store().now().day();
    let (due, done) = guidance::counts(q, app, reader, today.month()).await?;
    let late = if is_last(today) { due - done } else { 0 };
    Ok(Duty { key: "guidance", due, done, late, href: "/guidance".into() })
}

fn is_last(day: Day) -> bool {
    day.month().last_day().days_since(day) < LAST_DAYS
}

#[cfg(test)]
mod tests {
    use super::is_last;

    #[test]
    fn who_was_not_instructed_is_late_in_the_last_three_days_of_the_month() {
        for (day, late) in [("2026-11-01", false), ("2026-11-27", false), ("2026-11-28", true), ("2026-11-30", true)] {
            assert_eq!(is_last(day.parse().unwrap()), late, "{day}");
        }
    }
}
