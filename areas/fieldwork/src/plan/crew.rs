//! Who is there (当班人员): a grid's colleagues who visit homes, with the days on which each is there. Somebody for whom a
//! colleague stands in is away for that time, and the colleague takes over what was planned for them.

use std::collections::{BTreeSet, HashMap};

use linli_platform::{
    Result,
    clock::Day,
    ids::{AccountId, GridId},
    store::Query,
    vals,
};
use linli_team::{AppointmentId, Post};
use sea_orm::FromQueryResult;

/// A day is parted into so many, so that somebody with several grids has a whole part for each.
const DAY_PARTS: i64 = 12;

/// Days from one until another; the end is the first day that is not meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Day,
    /// The first day after it.
    pub until: Option<Day>,
}

impl Span {
    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| until > day)
    }
}

/// A colleague of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub account: AccountId,
    /// The name (R3).
    pub name: String,
    /// The post held here.
    pub post: Post,
    /// When it is held.
    pub spans: Vec<Span>,
    /// Who stands in, and when.
    pub stand_ins: Vec<(Span, AccountId)>,
    /// Days on which the colleague is away; no reason is kept.
    pub away: BTreeSet<Day>,
    /// Days without work by the filed shift plan (R31).
    pub off_duty: BTreeSet<Day>,
    /// How much of a day this grid has: less for whoever works in several.
    pub weight: u32,
}

impl Colleague {
    /// Whether the colleague is there on a day.
    pub fn is_there(&self, day: Day) -> bool {
        self.spans.iter().any(|s| s.holds(day))
            && !self.away.contains(&day)
            && !self.off_duty.contains(&day)
            && !self.stand_ins.iter().any(|(span, _)| span.holds(day))
    }
    /// Whether visits are the post's daily work; leader and officer lead them.
    fn visits_daily(&self) -> bool {
        matches!(self.post, Post::Coordinator | Post::GridWorker)
    }
}

/// The colleagues of one grid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crew(pub Vec<Colleague>);

impl Crew {
    /// A colleague.
    pub fn find(&self, account: AccountId) -> Option<&Colleague> {
        self.0.iter().find(|c| c.account == account)
    }
    /// A colleague's name; empty for somebody who is not of the grid any more.
    pub fn name(&self, account: AccountId) -> &str {
        self.find(account).map_or("", |c| c.name.as_str())
    }
    /// Whether somebody is there on a day.
    pub fn is_there(&self, account: AccountId, day: Day) -> bool {
        self.find(account).is_some_and(|c| c.is_there(day))
    }
    /// Who does on a day what was planned for somebody: that colleague, or whoever stands in; nobody if neither is there.
    pub fn acting(&self, account: AccountId, day: Day) -> Option<AccountId> {
        let planned = self.find(account)?;
        if planned.is_there(day) {
            return Some(account);
        }
        let stands_in = |(span, who): &(Span, AccountId)| span.holds(day).then_some(*who);
        planned.stand_ins.iter().find_map(stands_in).filter(|who| self.is_there(*who, day))
    }
    /// Those among whom a plan is shared out: coordinators and full-time grid workers; leader and officer only where
    /// there is neither.
    pub fn shared_among(&self) -> Vec<&Colleague> {
        let daily: Vec<&Colleague> = self.0.iter().filter(|c| c.visits_daily()).collect();
        if daily.is_empty() { self.0.iter().collect() } else { daily }
    }
}

#[derive(FromQueryResult)]
struct Row {
    appointment_id: AppointmentId,
    grid_id: GridId,
    post: String,
    from_day: Day,
    until_day: Option<Day>,
    stands_in_for: Option<AppointmentId>,
    account_id: AccountId,
    name: String,
}

/// The colleagues of some grids who are there on any of these days, by grid and then by name.
pub async fn of_grids(q: &impl Query, grids: &[GridId], from: Day, until: Day) -> Result<HashMap<GridId, Crew>> {
    if grids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = vals![q.division(), from, until];
    values.extend(grids.iter().map(|g| sea_orm::Value::from(*g)));
    let marks: Vec<String> = (4..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT a.appointment_id, a.grid_id, a.post, a.from_day, a.until_day, a.stands_in_for, s.account_id, s.name
         FROM appointment a JOIN staff s ON s.division_code = a.division_code AND s.staff_id = a.staff_id
         WHERE a.division_code = $1 AND a.from_day <= $3 AND (a.until_day IS NULL OR a.until_day > $2)
           AND a.post IN ('grid-leader', 'officer', 'coordinator', 'grid-worker') AND a.grid_id IN ({})
           AND s.account_id IS NOT NULL AND s.left_day IS NULL
           AND EXISTS (SELECT 1 FROM agreement p WHERE p.division_code = s.division_code AND p.staff_id = s.staff_id
             AND p.ended_day IS NULL)
         ORDER BY s.name, s.staff_id, a.from_day, a.appointment_id",
        marks.join(", ")
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let mut crews: HashMap<GridId, Crew> = HashMap::new();
    for row in &rows {
        crews.entry(row.grid_id).or_default().add(row, &rows);
    }
    let away = days_of(q, "field_absence", from, until).await?;
    let off_duty = days_of(q, "field_off_duty", from, until).await?;
    let grids_of = grids_of(q, from).await?;
    for colleague in crews.values_mut().flat_map(|crew| &mut crew.0) {
        colleague.away = away.get(&colleague.account).cloned().unwrap_or_default();
        colleague.off_duty = off_duty.get(&colleague.account).cloned().unwrap_or_default();
        let grids = grids_of.get(&colleague.account).copied().unwrap_or(1).max(1);
        colleague.weight = u32::try_from((DAY_PARTS / grids).max(1)).unwrap_or(1);
    }
    Ok(crews)
}

/// The colleagues of one grid who are there on any of these days.
pub async fn of_grid(q: &impl Query, grid: GridId, from: Day, until: Day) -> Result<Crew> {
    Ok(of_grids(q, &[grid], from, until).await?.remove(&grid).unwrap_or_default())
}

impl Crew {
    fn add(&mut self, row: &Row, all: &[Row]) {
        let Some(post) = Post::from_code(&row.post) else { return };
        let span = Span { from: row.from_day, until: row.until_day };
        let stand_ins = all.iter().filter(|s| s.stands_in_for == Some(row.appointment_id));
        let stand_ins = stand_ins.map(|s| (Span { from: s.from_day, until: s.until_day }, s.account_id));
        match self.0.iter_mut().find(|c| c.account == row.account_id) {
            Some(known) => {
                known.spans.push(span);
                known.stand_ins.extend(stand_ins);
                // Whoever visits daily in one of two posts does.
                if matches!(post, Post::Coordinator | Post::GridWorker) {
                    known.post = post;
                }
            }
            None => self.0.push(Colleague {
                account: row.account_id,
                name: row.name.clone(),
                post,
                spans: vec![span],
                stand_ins: stand_ins.collect(),
                away: BTreeSet::new(),
                off_duty: BTreeSet::new(),
                weight: 1,
            }),
        }
    }
}

/// The days of each account in a table of days.
async fn days_of(
    q: &impl Query,
    table: &'static str,
    from: Day,
    until: Day,
) -> Result<HashMap<AccountId, BTreeSet<Day>>> {
    #[derive(FromQueryResult)]
    struct Away {
        account_id: AccountId,
        day: Day,
    }
    let sql = format!("SELECT account_id, day FROM {table} WHERE division_code = $1 AND day >= $2 AND day <= $3");
    let rows: Vec<Away> = q.rows(&sql, vals![q.division(), from, until]).await?;
    let mut all: HashMap<AccountId, BTreeSet<Day>> = HashMap::new();
    rows.into_iter().for_each(|row| {
        all.entry(row.account_id).or_default().insert(row.day);
    });
    Ok(all)
}

/// In how many grids each visits daily.
async fn grids_of(q: &impl Query, day: Day) -> Result<HashMap<AccountId, i64>> {
    #[derive(FromQueryResult)]
    struct Grids {
        account_id: AccountId,
        grids: i64,
    }
    let sql = "SELECT s.account_id, COUNT(DISTINCT a.grid_id) AS grids
         FROM appointment a JOIN staff s ON s.division_code = a.division_code AND s.staff_id = a.staff_id
         WHERE a.division_code = $1 AND a.from_day <= $2 AND (a.until_day IS NULL OR a.until_day > $2)
           AND a.post IN ('coordinator', 'grid-worker') AND s.account_id IS NOT NULL AND s.left_day IS NULL
         GROUP BY s.account_id";
    let rows: Vec<Grids> = q.rows(sql, vals![q.division(), day]).await?;
    Ok(rows.into_iter().map(|r| (r.account_id, r.grids)).collect())
}
