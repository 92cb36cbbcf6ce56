//! The grid's channel (微网格工作群, R23): coded posts, each coordinator's day among them, summed from the work itself.
//! Posts hold numbers and names of places; no personal data, ever.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    jobs::{Job, JobKind},
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
    web::Paging,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ids::PostId,
    notices::{Arg, Args, args},
    outward::outbox::{self, NewOutward},
};

/// Kind of the post that sums up somebody's day. Fluent text: `channel-day`.
pub const DAY_POST: &str = "channel-day";

/// Kind of the post that says when a meeting is. Fluent text: `channel-meeting`, of the area that convenes.
pub const MEETING_POST: &str = "channel-meeting";
/// Kind of the post that says to when a meeting was moved. Fluent text: `channel-meeting-moved`.
pub const MEETING_MOVED_POST: &str = "channel-meeting-moved";

/// A post about to be made. Posting the same author, kind, topic and day again corrects the earlier one.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The grid whose channel it is.
    pub grid: GridId,
    /// Who posts; the system's account for posts of the program.
    pub author: AccountId,
    /// Key of the text.
    pub kind: &'static str,
    /// What tells posts of one kind and day apart; empty where there is one a day.
    pub topic: String,
    /// The day it is about.
    pub day: Day,
    /// Arguments of the text.
    pub args: Args,
}

/// Posts to grids' channels, with an event each; where a grid has a robot, its group gets them too.
pub async fn post_many(tx: &Tx, posts: Vec<NewPost>) -> Result<()> {
    let mut events = Vec::with_capacity(posts.len());
    for post in posts {
        tx.execute(
            "INSERT INTO channel_post (division_code, post_id, grid_id, account_id, kind, topic, day, args, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (division_code, grid_id, account_id, kind, topic, day)
             DO UPDATE SET args = excluded.args, made_at = excluded.made_at",
            vals![
                tx.division(),
                tx.new_id::<PostId>(),
                post.grid,
                post.author,
                post.kind,
                post.topic.as_str(),
                post.day,
                serde_json::to_string(&post.args)?,
                tx.now()
            ],
        )
        .await?;
        send_out(tx, &post).await?;
        let body = serde_json::json!({ "kind": post.kind, "day": post.day });
        events.push(NewEvent::new("channel.posted", SubjectRef::new("grid", post.grid, Some(post.grid))).body(body));
    }
    tx.events(events).await?;
    Ok(())
}

/// Queues a post for its grid's group under the id that it has, be it new or corrected.
async fn send_out(tx: &Tx, post: &NewPost) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        post_id: PostId,
        grid_name: String,
    }
    let text_key = match post.kind {
        DAY_POST => "outward-day",
        MEETING_POST => "outward-convened",
        MEETING_MOVED_POST => "outward-moved",
        _ => return Ok(()),
    };
    let sql = "SELECT p.post_id, g.name AS grid_name FROM channel_post p
         JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id
         WHERE p.division_code = $1 AND p.grid_id = $2 AND p.account_id = $3 AND p.kind = $4 AND p.topic = $5
         AND p.day = $6";
    let of = vals![tx.division(), post.grid, post.author, post.kind, post.topic.as_str(), post.day];
    let Some(row) = tx.row::<Row>(sql, of).await? else { return Ok(()) };
    let mut args = post.args.clone();
    args.insert("grid".into(), Arg::Name(row.grid_name));
    outbox::queue(tx, &NewOutward { grid: post.grid, origin: row.post_id.0, text_key, args }).await?;
    Ok(())
}

/// A post as the grid's members see it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PostRow {
    /// Id.
    pub post_id: PostId,
    /// Grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// Who posted it, if not the program itself.
    pub account_name: Option<String>,
    /// Key of the text.
    pub kind: String,
    /// The day it is about.
    pub day: Day,
    /// Arguments, for [`show`](crate::notices::show).
    pub args: String,
    /// When.
    pub made_at: At,
}

/// Posts of the channels in the reader's scope, the last first, and how many there are.
pub async fn list(
    q: &impl Query,
    reader: &Reader,
    grid: Option<GridId>,
    paging: &Paging,
) -> Result<(Vec<PostRow>, i64)> {
    let mut values = vals![q.division()];
    let mut condition = reader.scope.sql("p.grid_id", &mut values);
    if let Some(grid) = grid {
        values.push(grid.into());
        condition.push_str(&format!(" AND p.grid_id = ${}", values.len()));
    }
    let count = format!("SELECT COUNT(*) FROM channel_post p WHERE p.division_code = $1 AND {condition}");
    let total = q.number(&count, values.clone()).await?;
    let sql = format!(
        "SELECT p.post_id, p.grid_id, g.name AS grid_name, o.display_name AS account_name, p.kind, p.day, p.args, p.made_at
         FROM channel_post p
         LEFT JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id
         LEFT JOIN account o ON o.division_code = p.division_code AND o.account_id = p.account_id
         WHERE p.division_code = $1 AND {condition} ORDER BY p.made_at DESC, p.post_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// What one person did in one grid on one day, counted from events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct DaySum {
    /// Who.
    pub account_id: AccountId,
    /// Where.
    pub grid_id: GridId,
    /// Homes visited.
    pub visited: i64,
    /// Residents registered.
    pub registered: i64,
    /// Records changed or moved.
    pub changed: i64,
    /// Registrations cancelled.
    pub cancelled: i64,
    /// Tasks closed.
    pub tasks: i64,
}

impl DaySum {
    fn post(&self, day: Day) -> NewPost {
        let figures = [
            ("visited", self.visited),
            ("registered", self.registered),
            ("changed", self.changed),
            ("cancelled", self.cancelled),
            ("tasks", self.tasks),
        ];
        let mut list: Vec<(&str, Arg)> = figures.map(|(name, n)| (name, Arg::Number(n))).to_vec();
        list.push(("day", Arg::Day(day)));
        let (grid, author) = (self.grid_id, self.account_id);
        NewPost { grid, author, kind: DAY_POST, topic: String::new(), day, args: args(&list) }
    }
}

/// Sums of a day by person and grid, of one person or of all who hold the coordinator's role.
pub async fn day_sums(q: &impl Query, day: Day, account: Option<AccountId>) -> Result<Vec<DaySum>> {
    let mut values = vals![q.division(), day.start(), day.end()];
    let who = match account {
        Some(account) => {
            values.push(account.into());
            "e.account_id = $4"
        }
        None => "e.role = 'coordinator'",
    };
    let count = |kinds: &str| format!("CAST(SUM(CASE WHEN e.kind IN ({kinds}) THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT e.account_id, e.grid_id, {} AS visited, {} AS registered, {} AS changed, {} AS cancelled, {} AS tasks
         FROM event e WHERE e.division_code = $1 AND e.entered_at >= $2 AND e.entered_at < $3 AND e.grid_id IS NOT NULL
         AND e.kind IN ('home.visited', 'resident.registered', 'resident.changed', 'resident.moved',
                        'resident.cancelled', 'task.closed') AND {who}
         GROUP BY e.account_id, e.grid_id ORDER BY e.grid_id, e.account_id",
        count("'home.visited'"),
        count("'resident.registered'"),
        count("'resident.changed', 'resident.moved'"),
        count("'resident.cancelled'"),
        count("'task.closed'"),
    );
    q.rows(&sql, values).await
}

/// Posts the day of one person to the channels of the grids worked in; how many posts.
pub async fn post_day(tx: &Tx, day: Day, account: Option<AccountId>) -> Result<usize> {
    let posts: Vec<NewPost> = day_sums(tx, day, account).await?.iter().map(|sum| sum.post(day)).collect();
    let made = posts.len();
    if made == 0 {
        tx.housekeeping("a day without work has no post");
    }
    post_many(tx, posts).await?;
    Ok(made)
}

/// The job that posts every coordinator's day (R23). Its payload names the day.
pub struct DailyReport;

/// Payload of [`DailyReport`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct DailyReportOf {
    /// The day.
    pub day: Day,
}

impl DailyReport {
    /// Its kind. Fluent text: `job-daily-report`.
    pub const KIND: &'static str = "daily-report";

    /// Asks for the report of a day; asked for again, it is the same job.
    pub async fn ask(store: &Store, day: Day) -> Result<Uuid> {
        let tx = store.begin(&Reader::system()).await?;
        let payload = serde_json::to_value(DailyReportOf { day })?;
        let job = linli_platform::jobs::enqueue(&tx, Self::KIND, &day.to_string(), payload).await?;
        tx.commit().await?;
        Ok(job.0)
    }
}

impl JobKind for DailyReport {
    fn kind(&self) -> &'static str {
        Self::KIND
    }
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let of: DailyReportOf = job.payload()?;
            let tx = app.store.begin(&Reader::system()).await?;
            post_day(&tx, of.day, None).await?;
            tx.commit().await?;
            Ok("/channel".into())
        })
    }
}
