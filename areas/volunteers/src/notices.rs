//! What volunteers tell of premises (志愿者线索, R21): it becomes a task of the grid's coordinator, is checked at the door,
//! and thanks and result go back to whoever told it. Codes alone, of premises alone (boundary 3).

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_register::HomeId;
use linli_work::{
    TaskId, TaskKind, notices as told,
    notices::{Arg, To, args},
    task_due_at,
    tasks::{self, NewTask},
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use crate::{
    codes::{Hazard, NoticeKind, NoticeResult, NoticeState, SeenWhen},
    ids::{PlaceId, StipendId, VolunteerNoticeId},
    places,
};

/// What the task of a notice comes from.
pub const ORIGIN: &str = "volunteer-notice";
/// What one volunteer can tell on one day.
pub const MOST_A_DAY: i64 = 40;

/// What somebody tells.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Its id, made with the form: what is sent twice is one notice.
    pub id: VolunteerNoticeId,
    /// What.
    pub kind: NoticeKind,
    /// Of which premises.
    pub place: PlaceId,
    /// The home; none for a hazard of common parts.
    pub home: Option<HomeId>,
    /// Which hazard, if it is one.
    pub hazard: Option<Hazard>,
    /// When it was seen.
    pub seen: SeenWhen,
}

impl NewNotice {
    fn check(&self) -> Result<()> {
        if self.kind == NoticeKind::Hazard && self.hazard.is_none() {
            return Err(AppError::rule("volunteer-hazard"));
        }
        if self.kind.needs_home() && self.home.is_none() {
            return Err(AppError::rule("volunteer-home"));
        }
        Ok(())
    }
    fn hazard_code(&self) -> &'static str {
        self.hazard.filter(|_| self.kind == NoticeKind::Hazard).map_or("", Hazard::code)
    }
}

/// A notice as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Notice {
    /// Id.
    pub notice_id: VolunteerNoticeId,
    /// Who told it.
    pub account_id: AccountId,
    /// Their name, which colleagues see (R3).
    pub account_name: Option<String>,
    /// The grid whose work it is.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// The premises as they were given.
    pub prefix: String,
    /// The home.
    pub home_id: Option<HomeId>,
    /// Its address.
    pub address: Option<String>,
    /// [`NoticeKind`].
    pub kind: String,
    /// [`Hazard`], or empty.
    pub hazard: String,
    /// [`SeenWhen`].
    pub seen: String,
    /// [`NoticeState`].
    pub state: String,
    /// [`NoticeResult`].
    pub result: Option<String>,
    /// Its task.
    pub task_id: TaskId,
    /// By when it is to be checked.
    pub due_at: At,
    /// When it was told.
    pub made_at: At,
    /// When it was checked.
    pub checked_at: Option<At>,
    /// By whom.
    pub checked_name: Option<String>,
    /// Its stipend, unless it was refused.
    pub stipend_id: Option<StipendId>,
    /// That one's state; of a refused one too.
    pub stipend_state: Option<String>,
    /// That one's amount in yuan.
    pub yuan: Option<i64>,
    /// Version.
    pub version: i64,
}

impl Notice {
    /// Its kind.
    pub fn kind(&self) -> NoticeKind {
        NoticeKind::from_code(&self.kind).unwrap_or(NoticeKind::Hazard)
    }
    /// Whether it waits for its check.
    pub fn is_open(&self) -> bool {
        self.state == NoticeState::Open.code()
    }
    /// Whether what it told was so.
    pub fn is_confirmed(&self) -> bool {
        self.state == NoticeState::Confirmed.code()
    }
    /// Whether its time is over, now if it is open or when it was checked.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at <= self.checked_at.unwrap_or(now)
    }
    /// Where it is: the home's address, or the premises.
    pub fn place(&self) -> &str {
        self.address.as_deref().unwrap_or(&self.prefix)
    }
}

pub(crate) fn subject(id: VolunteerNoticeId, grid: GridId) -> SubjectRef {
    SubjectRef::new(ORIGIN, id, Some(grid))
}

/// Takes in what the transaction's reader tells of premises that they look after. Told again with the same id, nothing
/// happens.
///
/// # Errors
/// `not-found` for premises of somebody else; `volunteer-home`, `volunteer-hazard` where the form lacks one;
/// `volunteer-already` if the same waits for its check; `volunteer-day-full` beyond [`MOST_A_DAY`]; `workday-year`.
pub async fn report(app: &App, tx: &Tx, new: &NewNotice) -> Result<VolunteerNoticeId> {
    let reader = tx.reader();
    new.check()?;
    let place = places::find(tx, reader, new.place).await?;
    if place.account_id != reader.account {
        return Err(AppError::not_found());
    }
    if is_there(tx, new.id).await? {
        tx.housekeeping("what is sent twice has one effect");
        return Ok(new.id);
    }
    if let Some(home) = new.home
        && !places::homes(tx, &place).await?.iter().any(|h| h.home_id == home)
    {
        return Err(AppError::rule("volunteer-home"));
    }
    let today = tx.now().day().start();
    let made = "SELECT COUNT(*) FROM volunteer_notice WHERE division_code = $1 AND account_id = $2 AND made_at >= $3";
    if tx.number(made, vals![tx.division(), reader.account, today]).await? >= MOST_A_DAY {
        return Err(AppError::rule("volunteer-day-full").arg("n", MOST_A_DAY));
    }
    if let Some(home) = new.home {
        let waits = "SELECT COUNT(*) FROM volunteer_notice WHERE division_code = $1 AND home_id = $2 AND kind = $3
             AND hazard = $4 AND state = 'open'";
        let same = vals![tx.division(), home, new.kind.code(), new.hazard_code()];
        if tx.number(waits, same).await? > 0 {
            return Err(AppError::rule("volunteer-already"));
        }
    }
    let due = task_due_at(&app.pack, &app.calendar, TaskKind::VolunteerNotice, tx.now())?;
    let task = open_task(tx, new, place.grid_id, due).await?;
    write(tx, new, place.grid_id, task, due).await?;
    Ok(new.id)
}

async fn is_there(tx: &Tx, id: VolunteerNoticeId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM volunteer_notice WHERE division_code = $1 AND notice_id = $2";
    Ok(tx.number(sql, vals![tx.division(), id]).await? > 0)
}

async fn open_task(tx: &Tx, new: &NewNotice, grid: GridId, due: At) -> Result<TaskId> {
    let on = match new.home {
        Some(home) => SubjectRef::new("home", home, Some(grid)),
        None => subject(new.id, grid),
    };
    let task = NewTask {
        kind: TaskKind::VolunteerNotice,
        subject: on,
        home_id: new.home,
        grid,
        origin_kind: ORIGIN,
        origin_id: new.id.0,
        due_at: Some(due),
        masked_note: String::new(),
        sealed_note: None,
    };
    let opened = tasks::open_many(tx, vec![task]).await?;
    opened.first().copied().ok_or_else(|| AppError::internal("a task was not opened"))
}

async fn write(tx: &Tx, new: &NewNotice, grid: GridId, task: TaskId, due: At) -> Result<()> {
    let columns = &[
        "division_code",
        "notice_id",
        "account_id",
        "grid_id",
        "place_id",
        "home_id",
        "kind",
        "hazard",
        "seen",
        "state",
        "task_id",
        "due_at",
        "made_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        new.id,
        tx.reader().account,
        grid,
        new.place,
        new.home,
        new.kind.code(),
        new.hazard_code(),
        new.seen.code(),
        NoticeState::Open.code(),
        task,
        due,
        tx.now(),
        1i64
    ];
    tx.insert_many("volunteer_notice", columns, vec![row]).await?;
    let today = tx.now().day();
    let seen = match new.seen {
        SeenWhen::Today => Some(tx.now()),
        SeenWhen::Yesterday => Some(today.plus_days(-1).start()),
        SeenWhen::Week => None,
    };
    let body = json!({ "kind": new.kind.code(), "hazard": new.hazard_code() });
    tx.event(NewEvent::new("volunteer.told", subject(new.id, grid)).seen(seen).body(body)).await?;
    Ok(())
}

const SELECT: &str = "SELECT n.notice_id, n.account_id, o.display_name AS account_name,
 COALESCE(t.grid_id, n.grid_id) AS grid_id, g.name AS grid_name, p.prefix, n.home_id, a.text AS address, n.kind,
 n.hazard, n.seen, n.state, n.result, n.task_id, n.due_at, n.made_at, n.checked_at, c.display_name AS checked_name,
 s.stipend_id, COALESCE(s.state, (SELECT MAX(x.state) FROM stipend x WHERE x.division_code = n.division_code
   AND x.notice_id = n.notice_id)) AS stipend_state, s.yuan, n.version";
const FROM: &str = "FROM volunteer_notice n
 JOIN volunteer_place p ON p.division_code = n.division_code AND p.place_id = n.place_id
 LEFT JOIN task t ON t.division_code = n.division_code AND t.task_id = n.task_id
 LEFT JOIN micro_grid g ON g.division_code = n.division_code AND g.grid_id = COALESCE(t.grid_id, n.grid_id)
 LEFT JOIN home h ON h.division_code = n.division_code AND h.home_id = n.home_id
 LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 LEFT JOIN account o ON o.division_code = n.division_code AND o.account_id = n.account_id
 LEFT JOIN account c ON c.division_code = n.division_code AND c.account_id = n.checked_by
 LEFT JOIN stipend s ON s.division_code = n.division_code AND s.notice_id = n.notice_id AND s.state <> 'refused'
 WHERE n.division_code = $1";
/// The grid that its task went to where boundaries changed.
const GRID: &str = "COALESCE(t.grid_id, n.grid_id)";

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What waits for its check.
    Open,
    /// What is over its time.
    Late,
    /// What was checked.
    Checked,
}

impl Which {
    fn sql(self, now: At, values: &mut Vec<Value>) -> String {
        match self {
            Which::Open => "n.state = 'open'".into(),
            Which::Checked => "n.state <> 'open'".into(),
            Which::Late => {
                values.push(now.into());
                format!("n.state = 'open' AND n.due_at <= ${}", values.len())
            }
        }
    }
}

/// The notices of the reader's grids: open ones by deadline, checked ones the last first; and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, which: Which, paging: &Paging) -> Result<(Vec<Notice>, i64)> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql(GRID, &mut values);
    let state = which.sql(q.store().now(), &mut values);
    let total = q.number(&format!("SELECT COUNT(*) {FROM} AND {scope} AND {state}"), values.clone()).await?;
    let order = if which == Which::Checked { "n.checked_at DESC" } else { "n.due_at" };
    let sql = format!(
        "{SELECT} {FROM} AND {scope} AND {state} ORDER BY {order}, n.notice_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// What the reader told, the last first.
pub async fn own(q: &impl Query, reader: &Reader, limit: u16) -> Result<Vec<Notice>> {
    let sql = format!("{SELECT} {FROM} AND n.account_id = $2 ORDER BY n.made_at DESC, n.notice_id LIMIT {limit}");
    q.rows(&sql, vals![q.division(), reader.account]).await
}

/// One notice of the reader's grids.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: VolunteerNoticeId) -> Result<Notice> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql(GRID, &mut values);
    let sql = format!("{SELECT} {FROM} AND n.notice_id = $2 AND {scope}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Says what the check at the door brought: the task ends, and whoever told it is thanked and told the result.
///
/// # Errors
/// `not-found`; `volunteer-own` for one's own notice; `volunteer-result` if its kind cannot end so; `stale-version` if
/// somebody was faster.
pub async fn check(tx: &Tx, id: VolunteerNoticeId, version: i64, result: NoticeResult) -> Result<()> {
    let notice = find(tx, tx.reader(), id).await?;
    if notice.account_id == tx.reader().account {
        return Err(AppError::rule("volunteer-own"));
    }
    if !notice.kind().results().contains(&result) {
        return Err(AppError::rule("volunteer-result"));
    }
    tx.execute_one(
        "UPDATE volunteer_notice SET state = $4, result = $5, checked_by = $6, checked_at = $7, version = version + 1
         WHERE division_code = $1 AND notice_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, result.state().code(), result.code(), tx.reader().account, tx.now()],
    )
    .await?;
    tasks::end_of_origin(tx, ORIGIN, id.0, result.outcome()).await?;
    let body = json!({ "kind": notice.kind, "result": result.code(), "late": notice.is_late(tx.now()) });
    let event = NewEvent::new("volunteer.checked", subject(id, notice.grid_id)).version(version + 1).body(body);
    tx.event(event).await?;
    let key = if result.confirms() { "notice-volunteer-confirmed" } else { "notice-volunteer-checked" };
    let said = args(&[
        ("what", Arg::Text(format!("volunteer-kind-{}", notice.kind))),
        ("result", Arg::Text(format!("volunteer-result-{}", result.code()))),
        ("day", Arg::Day(notice.made_at.day())),
    ]);
    told::send(tx, To::Account(notice.account_id), key, &said, "/volunteer").await?;
    Ok(())
}

/// How many notices were confirmed in a month, by committee: items of N members' work (R34).
pub async fn confirmed_in(q: &impl Query, month: Month) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        items: i64,
    }
    let sql = "SELECT g.committee_code, COUNT(*) AS items FROM volunteer_notice n
         JOIN micro_grid g ON g.division_code = n.division_code AND g.grid_id = n.grid_id
         WHERE n.division_code = $1 AND n.state = 'confirmed' AND n.checked_at >= $2 AND n.checked_at < $3
         GROUP BY g.committee_code";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), month.start(), month.end()]).await?;
    Ok(rows.into_iter().map(|r| (r.committee_code, r.items)).collect())
}
