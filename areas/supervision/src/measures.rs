//! Measures after a finding of neglect (处理措施, R33): which ones a post knows stands in the policy pack; who manages the
//! post decides, and the other sides, who oversee it, may propose; whoever it concerns is heard before. It is seen by that colleague and those who manage the
//! post, in no other list, and nothing is counted from it (boundary 6).

use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    clock::At,
    deadline,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_team::{Post, StaffId, store::appointments};
use linli_work::notices::{self, To, args};
use policy_pack::{DeadlineId, MeasureKind, Pack, RoleId};
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::Neglect,
    ids::{FindingId, MeasureId},
    suggestions::guarded,
};

/// The longest text of a measure, a statement or a decision.
pub const WORDS_MAX_CHARS: usize = 1_000;

/// A measure.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MeasureRow {
    /// Id.
    pub measure_id: MeasureId,
    /// Whom it concerns.
    pub staff_id: StaffId,
    /// That colleague's account.
    pub account_id: Option<AccountId>,
    /// That colleague's name (R3).
    pub staff_name: String,
    /// Code of the post.
    pub post: String,
    /// Code of the [`MeasureKind`].
    pub kind: String,
    /// Code of the [`Neglect`].
    pub neglect: String,
    /// The finding it rests on, if it does.
    pub finding_id: Option<FindingId>,
    /// The reasons.
    pub words: String,
    /// `proposed`, `heard`, `decided`, `dropped`.
    pub state: String,
    /// Until when the colleague can say something.
    pub hear_by: At,
    /// What the colleague said.
    pub statement: String,
    /// When.
    pub heard_at: Option<At>,
    /// When it was decided or dropped.
    pub decided_at: Option<At>,
    /// Why it was decided so.
    pub decision: Option<String>,
    /// Version.
    pub version: i64,
}

impl MeasureRow {
    /// Whether nothing is decided.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "proposed" | "heard")
    }
    /// Whether it can be decided: the colleague was heard, or the time for it is over.
    pub fn is_ripe(&self, now: At) -> bool {
        self.is_open() && (self.heard_at.is_some() || self.hear_by < now)
    }
    /// Whether a reader manages the post that it is about.
    pub fn is_managed_by(&self, reader: &Reader) -> bool {
        Post::from_code(&self.post).is_some_and(|post| manages(reader, post))
    }
}

/// A measure about to be proposed.
#[derive(Debug, Clone)]
pub struct NewMeasure {
    /// Whom it concerns.
    pub staff: StaffId,
    /// Which.
    pub kind: MeasureKind,
    /// What was neglected.
    pub neglect: Neglect,
    /// The finding it rests on.
    pub finding: Option<FindingId>,
    /// The reasons.
    pub words: String,
}

/// The pack's role of a post that knows measures.
fn role_of(post: Post) -> Option<RoleId> {
    match post {
        Post::GridLeader => Some(RoleId::GridLeader),
        Post::Officer => Some(RoleId::CommunityOfficer),
        Post::Coordinator => Some(RoleId::Coordinator),
        _ => None,
    }
}

/// The measures that the pack knows for a post.
pub fn kinds(pack: &Pack, post: Post) -> Vec<MeasureKind> {
    let of = |role: RoleId| pack.governance.measures.iter().filter(move |m| m.role == role);
    role_of(post).into_iter().flat_map(of).flat_map(|m| m.kinds.iter().copied()).collect()
}

/// The posts whose holders a reader manages (R33): a committee its grid leaders, the station the officers, station and
/// office the coordinators.
pub fn managed(reader: &Reader) -> Vec<Post> {
    let mut posts = Vec::new();
    if reader.is(Role::CommitteeSecretary) {
        posts.push(Post::GridLeader);
    }
    if reader.is(Role::Station) {
        posts.push(Post::Officer);
    }
    if reader.is(Role::Station) || reader.is(Role::PopulationOffice) {
        posts.push(Post::Coordinator);
    }
    posts
}

/// The posts that a reader oversees, and may propose measures for: all that know any, for those who manage one of them
/// (R33: each side oversees the others' staff).
pub fn overseen(reader: &Reader) -> Vec<Post> {
    match managed(reader).is_empty() {
        true => Vec::new(),
        false => vec![Post::GridLeader, Post::Officer, Post::Coordinator],
    }
}

/// Whether a reader manages a post.
pub fn manages(reader: &Reader, post: Post) -> bool {
    managed(reader).contains(&post)
}

/// Somebody whose post a reader oversees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed {
    /// Who.
    pub staff_id: StaffId,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Post,
    /// One of the grids that it is held in.
    pub grid: GridId,
}

/// Those whose posts a reader oversees, in the reader's grids.
pub async fn people(q: &impl Query, reader: &Reader) -> Result<Vec<Managed>> {
    let posts = overseen(reader);
    let mut all: Vec<Managed> = Vec::new();
    for held in appointments::on(q, q.store().clock().today()).await? {
        let (Some(post), Some(grid)) = (held.post(), held.grid_id) else { continue };
        let known = all.iter().any(|m| m.staff_id == held.staff_id && m.post == post);
        if posts.contains(&post) && reader.scope.contains(Some(grid)) && !known {
            all.push(Managed { staff_id: held.staff_id, name: held.name.clone(), post, grid });
        }
    }
    all.sort_by(|a, b| (a.post, &a.name, a.staff_id).cmp(&(b.post, &b.name, b.staff_id)));
    Ok(all)
}

pub(crate) fn subject(id: MeasureId) -> SubjectRef {
    SubjectRef::new("staff-measure", id, None)
}

/// Proposes a measure and tells whoever it concerns that they are to be heard.
///
/// # Errors
/// `measure-whom` for somebody whose post the reader does not oversee; `measure-self` for oneself; `measure-kind` for one
/// that the post does not know; `not-found` for a finding outside the scope; `measure-words`, `free-text-number`,
/// `free-text-word`; `workday-year`.
pub async fn propose(app: &App, tx: &Tx, new: NewMeasure) -> Result<MeasureId> {
    let people = people(tx, tx.reader()).await?;
    let whom = people.iter().filter(|m| m.staff_id == new.staff);
    let whom = whom
        .clone()
        .find(|m| kinds(&app.pack, m.post).contains(&new.kind))
        .ok_or_else(|| AppError::rule(if whom.count() == 0 { "measure-whom" } else { "measure-kind" }))?;
    if let Some(finding) = new.finding {
        crate::findings::find(tx, tx.reader(), finding).await?;
    }
    let words = guarded(&new.words, WORDS_MAX_CHARS, "measure-words")?;
    let account = account_of(tx, new.staff).await?;
    if account == Some(tx.reader().account) {
        return Err(AppError::rule("measure-self"));
    }
    let hear_by = deadline::due_at(&app.pack, &app.calendar, DeadlineId::SuggestionAnswer, tx.now())?;
    let id: MeasureId = tx.new_id();
    let columns = [
        "division_code",
        "measure_id",
        "staff_id",
        "account_id",
        "post",
        "kind",
        "neglect",
        "finding_id",
        "words",
        "state",
        "proposed_by",
        "proposed_at",
        "hear_by",
        "statement",
        "version",
    ];
    let row = vals![
        tx.division(),
        id,
        new.staff,
        account,
        whom.post.code(),
        new.kind.code(),
        new.neglect.code(),
        new.finding,
        words,
        "proposed",
        tx.reader().account,
        tx.now(),
        hear_by,
        "",
        1_i64
    ];
    tx.insert_many("staff_measure", &columns, vec![row]).await?;
    tx.event(NewEvent::new("measure.proposed", subject(id))).await?;
    if let Some(account) = account {
        let told = args(&[("day", notices::Arg::Day(hear_by.day()))]);
        notices::send(tx, To::Account(account), "notice-measure-proposed", &told, &format!("/measures/{id}")).await?;
    }
    if !manages(tx.reader(), whom.post) {
        tell_managers(tx, id, whom).await?;
    }
    Ok(id)
}

/// Somebody who oversees the post has proposed: those who manage it are to decide.
async fn tell_managers(tx: &Tx, id: MeasureId, whom: &Managed) -> Result<()> {
    let managers: &[Role] = match whom.post {
        Post::GridLeader => &[Role::CommitteeSecretary],
        Post::Officer => &[Role::Station],
        _ => &[Role::Station, Role::PopulationOffice],
    };
    for role in managers {
        let href = format!("/measures/{id}");
        notices::send(tx, To::Role(*role, whom.grid), "notice-measure-to-decide", &args(&[]), &href).await?;
    }
    Ok(())
}

async fn account_of(q: &impl Query, staff: StaffId) -> Result<Option<AccountId>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: Option<AccountId>,
    }
    let sql = "SELECT account_id FROM staff WHERE division_code = $1 AND staff_id = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), staff]).await?;
    Ok(row.and_then(|r| r.account_id))
}

const COLUMNS: &str =
    "m.measure_id, m.staff_id, m.account_id, s.name AS staff_name, m.post, m.kind, m.neglect, m.finding_id,
 m.words, m.state, m.hear_by, m.statement, m.heard_at, m.decided_at, m.decision, m.version";
const JOIN: &str = "JOIN staff s ON s.division_code = m.division_code AND s.staff_id = m.staff_id";

/// Those that concern or were proposed by the reader, and those of posts that the reader manages within the own grids.
fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    values.push(reader.account.into());
    let own = format!("(m.account_id = ${0} OR m.proposed_by = ${0})", values.len());
    let posts = managed(reader);
    if posts.is_empty() {
        return own;
    }
    let first = values.len() + 1;
    values.extend(posts.iter().map(|p| Value::from(p.code())));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let scope = reader.scope.sql("a.grid_id", values);
    format!(
        "({own} OR (m.post IN ({}) AND EXISTS (SELECT 1 FROM appointment a WHERE a.division_code = m.division_code
           AND a.staff_id = m.staff_id AND {scope})))",
        marks.join(", ")
    )
}

/// A page of the cases that are open, or over, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, open: bool, paging: &Paging) -> Result<(Vec<MeasureRow>, i64)> {
    let mut values = vals![q.division()];
    let seen = seen(reader, &mut values);
    let states = if open { "('proposed', 'heard')" } else { "('decided', 'dropped')" };
    let condition = format!("m.division_code = $1 AND m.state IN {states} AND {seen}");
    let total = q.number(&format!("SELECT COUNT(*) FROM staff_measure m WHERE {condition}"), values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_measure m {JOIN} WHERE {condition} ORDER BY m.proposed_at DESC, m.measure_id
         LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: MeasureId) -> Result<MeasureRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_measure m {JOIN} WHERE m.division_code = $1 AND m.measure_id = $2 AND {seen}"
    );
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// Whoever it concerns says something to it.
///
/// # Errors
/// `not-found`; `measure-not-own`; `measure-over` once it is decided; `measure-statement`, `free-text-number`,
/// `free-text-word`; `stale-version`.
pub async fn be_heard(tx: &Tx, id: MeasureId, version: i64, statement: &str) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    if row.account_id != Some(tx.reader().account) {
        return Err(AppError::rule("measure-not-own"));
    }
    if !row.is_open() {
        return Err(AppError::rule("measure-over"));
    }
    let statement = guarded(statement, WORDS_MAX_CHARS, "measure-statement")?;
    tx.execute_one(
        "UPDATE staff_measure SET state = 'heard', statement = $4, heard_at = $5, version = version + 1
         WHERE division_code = $1 AND measure_id = $2 AND version = $3 AND state IN ('proposed', 'heard')",
        vals![tx.division(), id, version, statement, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("measure.heard", subject(id)).version(version + 1)).await?;
    Ok(())
}

/// Decides a measure, once whoever it concerns was heard or let the time for it pass.
///
/// # Errors
/// `not-found`; `measure-whom`; `measure-over`; `measure-unheard` with the day until which it waits; `measure-decision`,
/// `free-text-number`, `free-text-word`; `stale-version`.
pub async fn decide(tx: &Tx, id: MeasureId, version: i64, words: &str) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    if !row.is_ripe(tx.now()) && row.is_open() {
        return Err(AppError::rule("measure-unheard").arg("day", row.hear_by.day()));
    }
    end(tx, &row, version, words, "decided").await
}

/// Drops a proposal: nothing follows.
///
/// # Errors
/// Those of [`decide`], but for `measure-unheard`.
pub async fn drop_measure(tx: &Tx, id: MeasureId, version: i64, words: &str) -> Result<()> {
    let row = find(tx, tx.reader(), id).await?;
    end(tx, &row, version, words, "dropped").await
}

async fn end(tx: &Tx, row: &MeasureRow, version: i64, words: &str, state: &'static str) -> Result<()> {
    if !row.is_managed_by(tx.reader()) || row.account_id == Some(tx.reader().account) {
        return Err(AppError::rule("measure-whom"));
    }
    if !row.is_open() {
        return Err(AppError::rule("measure-over"));
    }
    let words = guarded(words, WORDS_MAX_CHARS, "measure-decision")?;
    let id = row.measure_id;
    tx.execute_one(
        "UPDATE staff_measure SET state = $4, decision = $5, decided_at = $6, decided_by = $7, version = version + 1
         WHERE division_code = $1 AND measure_id = $2 AND version = $3 AND state IN ('proposed', 'heard')",
        vals![tx.division(), id, version, state, words, tx.now(), tx.reader().account],
    )
    .await?;
    let event = if state == "decided" { "measure.decided" } else { "measure.dropped" };
    tx.event(NewEvent::new(event, subject(id)).version(version + 1)).await?;
    if let Some(account) = row.account_id {
        let key = if state == "decided" { "notice-measure-decided" } else { "notice-measure-dropped" };
        notices::send(tx, To::Account(account), key, &args(&[]), &format!("/measures/{id}")).await?;
    }
    Ok(())
}
