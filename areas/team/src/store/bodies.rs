//! Members of the bodies (R40): leading group, task force, assessment group. Which bodies there are and which posts sit
//! in them is the policy pack's.

use linli_platform::{
    AppError, Result,
    clock::Day,
    event::{NewEvent, SubjectRef},
    store::{Query, Tx},
    vals,
};
use policy_pack::{Body, Pack};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::ids::MemberId;

/// A member of a body.
#[derive(Debug, Clone, FromQueryResult)]
pub struct BodyMember {
    /// Id.
    pub member_id: MemberId,
    /// The body's id in the pack.
    pub body: String,
    /// The post's id in the pack.
    pub post: String,
    /// `head`, `deputy` or `member`.
    pub place: String,
    /// Name.
    pub name: String,
    /// First day.
    pub from_day: Day,
    /// First day on which they are no longer a member.
    pub until_day: Option<Day>,
}

impl BodyMember {
    /// The last day of membership.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|day| day.plus_days(-1))
    }
    /// Whether they are a member on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from_day <= day && self.until_day.is_none_or(|until| until > day)
    }
}

/// All members of all bodies, present ones first.
pub async fn all(q: &impl Query) -> Result<Vec<BodyMember>> {
    q.rows(
        "SELECT member_id, body, post, place, name, from_day, until_day FROM body_member WHERE division_code = $1
         ORDER BY CASE WHEN until_day IS NULL THEN 0 ELSE 1 END,
           CASE place WHEN 'head' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, from_day, member_id",
        vals![q.division()],
    )
    .await
}

/// The place of a post in a body: `head`, `deputy` or `member`.
pub fn place_of(body: &Body, post: &str) -> Option<&'static str> {
    let within = |posts: &[String]| posts.iter().any(|p| p == post);
    match body {
        b if within(&b.heads) => Some("head"),
        b if within(&b.deputies) => Some("deputy"),
        b if within(&b.members) => Some("member"),
        _ => None,
    }
}

/// Adds a member.
///
/// # Errors
/// `body-unknown`; `body-post` if the body has no such post; `body-days`; `staff-name`; `body-head-taken` if the body
/// has a head on one of these days.
pub async fn add(
    tx: &Tx,
    pack: &Pack,
    body: &str,
    post: &str,
    name: &str,
    from: Day,
    until: Option<Day>,
) -> Result<MemberId> {
    let known = pack.governance.bodies.iter().find(|b| b.id == body).ok_or_else(|| AppError::rule("body-unknown"))?;
    let place = place_of(known, post).ok_or_else(|| AppError::rule("body-post"))?;
    let name = cn_identity::name::check(name).map_err(|_| AppError::rule("staff-name"))?;
    if until.is_some_and(|u| u <= from) {
        return Err(AppError::rule("body-days"));
    }
    let meets = |m: &BodyMember| m.until_day.is_none_or(|u| u > from) && until.is_none_or(|u| u > m.from_day);
    let members = all(tx).await?;
    if place == "head" && members.iter().any(|m| m.body == body && m.place == "head" && meets(m)) {
        return Err(AppError::rule("body-head-taken"));
    }
    let id: MemberId = tx.new_id();
    tx.insert_many(
        "body_member",
        &["division_code", "member_id", "body", "post", "place", "name", "from_day", "until_day"],
        vec![vals![tx.division(), id, body, post, place, name, from, until]],
    )
    .await?;
    let event = NewEvent::new("body.member-added", SubjectRef::new("body-member", id, None));
    tx.event(event.body(json!({ "body": body, "post": post, "from": from }))).await?;
    Ok(id)
}

/// Ends a membership; `until` is the first day on which it no longer holds.
pub async fn end(tx: &Tx, id: MemberId, until: Day) -> Result<()> {
    tx.execute_one(
        "UPDATE body_member SET until_day = $3
         WHERE division_code = $1 AND member_id = $2 AND (until_day IS NULL OR until_day > $3)",
        vals![tx.division(), id, until],
    )
    .await?;
    let event = NewEvent::new("body.member-ended", SubjectRef::new("body-member", id, None));
    tx.event(event.body(json!({ "until": until }))).await?;
    Ok(())
}
