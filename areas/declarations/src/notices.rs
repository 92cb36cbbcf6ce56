//! Notices of duty (告知书, R13): served on a landlord or agent, or on an employer, and acknowledged by their liaison with
//! the time. A notice is one of a closed list and holds no words of anybody's.

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::{Purpose, Reader},
    store::{Query, Tx},
    vals,
};
use linli_register::{EmployerId, employers};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::{
    codes::NoticeKind,
    ids::{DutyNoticeId, LiaisonId},
    letting,
};

/// So long a notice that waits entitles to reach whom it is for.
const REACHED_WITHIN_S: i64 = 30 * 24 * 3600;

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    /// A landlord or agent.
    Liaison(LiaisonId),
    /// An employer.
    Employer(EmployerId),
}

impl Addressee {
    fn code(self) -> &'static str {
        match self {
            Addressee::Liaison(_) => "liaison",
            Addressee::Employer(_) => "employer",
        }
    }
    fn id(self) -> Uuid {
        match self {
            Addressee::Liaison(id) => id.0,
            Addressee::Employer(id) => id.0,
        }
    }
    /// The notices that can be served.
    pub fn kinds(self) -> &'static [NoticeKind] {
        match self {
            Addressee::Liaison(_) => &[NoticeKind::Tenants],
            Addressee::Employer(_) => &[NoticeKind::Staff, NoticeKind::Rosters],
        }
    }
}

/// A notice.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DutyNotice {
    /// Id.
    pub notice_id: DutyNoticeId,
    /// [`NoticeKind`].
    pub kind: String,
    /// `liaison` or `employer`.
    pub to_kind: String,
    /// Whose it is.
    pub to_id: Uuid,
    /// The employer's name, or the liaison's masked one.
    pub to_name: Option<String>,
    /// When it was served.
    pub served_at: At,
    /// When it was acknowledged.
    pub receipted_at: Option<At>,
}

const SELECT: &str = "SELECT n.notice_id, n.kind, n.to_kind, n.to_id, COALESCE(e.name, s.name_masked) AS to_name,
 n.served_at, n.receipted_at FROM duty_notice n
 LEFT JOIN employer e ON e.division_code = n.division_code AND e.employer_id = n.to_id
 LEFT JOIN letting_liaison s ON s.division_code = n.division_code AND s.liaison_id = n.to_id
 WHERE n.division_code = $1";
const ORDER: &str = "ORDER BY CASE WHEN n.receipted_at IS NULL THEN 0 ELSE 1 END, n.served_at DESC, n.notice_id";

/// Serves a notice on somebody within the scope of the transaction's reader.
///
/// # Errors
/// `not-found` outside the scope; `notice-kind` where it does not fit; `notice-open` where the same waits to be
/// acknowledged.
pub async fn serve(tx: &Tx, to: Addressee, kind: NoticeKind) -> Result<DutyNoticeId> {
    let grid: Option<GridId> = match to {
        Addressee::Employer(id) => employers::find(tx, tx.reader(), id).await?.grid_id,
        Addressee::Liaison(id) => {
            letting::find(tx, tx.reader(), id).await?;
            None
        }
    };
    if !to.kinds().contains(&kind) {
        return Err(AppError::rule("notice-kind"));
    }
    let same = "SELECT COUNT(*) FROM duty_notice
                WHERE division_code = $1 AND to_id = $2 AND kind = $3 AND receipted_at IS NULL";
    if tx.number(same, vals![tx.division(), to.id(), kind.code()]).await? > 0 {
        return Err(AppError::rule("notice-open"));
    }
    let id: DutyNoticeId = tx.new_id();
    let columns = &["division_code", "notice_id", "kind", "to_kind", "to_id", "grid_id", "served_by", "served_at"];
    let row = vals![tx.division(), id, kind.code(), to.code(), to.id(), grid, tx.reader().account, tx.now()];
    tx.insert_many("duty_notice", columns, vec![row]).await?;
    // Whoever it is for is to be reached, as long as it waits.
    let (on, until) = (SubjectRef::new(to.code(), to.id(), grid), tx.now().plus_s(REACHED_WITHIN_S));
    basis::open(tx, on, Purpose::DutyNotice, id.0, None, Some(until)).await?;
    let body = serde_json::json!({ "kind": kind.code(), "notice": id });
    tx.event(NewEvent::new("duty.notice-served", SubjectRef::new(to.code(), to.id(), grid)).body(body)).await?;
    Ok(id)
}

/// The notices of addressees that a reader may answer for.
pub async fn of(q: &impl Query, to: &[Addressee]) -> Result<Vec<DutyNotice>> {
    if to.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vals![q.division()];
    let marks = marks(&mut values, to);
    q.rows(&format!("{SELECT} AND n.to_id IN ({marks}) {ORDER} LIMIT 200"), values).await
}

fn marks(values: &mut Vec<Value>, to: &[Addressee]) -> String {
    let first = values.len() + 1;
    values.extend(to.iter().map(|a| Value::from(a.id())));
    (first..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The notices that staff see: of employers in their grids, and of liaisons of homes there.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<DutyNotice>> {
    let mut values = vals![q.division()];
    let employers = reader.scope.sql("e.grid_id", &mut values);
    let homes = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "{SELECT} AND ((e.employer_id IS NOT NULL AND {employers}) OR EXISTS (SELECT 1 FROM letting_home l
          JOIN home h ON h.division_code = l.division_code AND h.home_id = l.home_id
          WHERE l.division_code = n.division_code AND l.liaison_id = n.to_id AND {homes})) {ORDER} LIMIT 500"
    );
    q.rows(&sql, values).await
}

/// Acknowledges a notice of one of these addressees; who and when is kept.
///
/// # Errors
/// `not-found` for everybody else's; `stale-version` once it is acknowledged.
pub async fn acknowledge(tx: &Tx, to: &[Addressee], id: DutyNoticeId, by: Uuid) -> Result<()> {
    let mine = of(tx, to).await?;
    let notice = mine.into_iter().find(|n| n.notice_id == id).ok_or_else(AppError::not_found)?;
    tx.execute_one(
        "UPDATE duty_notice SET receipted_at = $3, receipted_by = $4
         WHERE division_code = $1 AND notice_id = $2 AND receipted_at IS NULL",
        vals![tx.division(), id, tx.now(), by],
    )
    .await?;
    basis::close(tx, id.0).await?;
    let kind = if notice.to_kind == "employer" { "employer" } else { "liaison" };
    let body = serde_json::json!({ "kind": notice.kind, "notice": id });
    tx.event(NewEvent::new("duty.notice-acknowledged", SubjectRef::new(kind, notice.to_id, None)).body(body)).await?;
    Ok(())
}
