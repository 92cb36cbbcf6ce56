//! Appointments and stand-ins (R3). What somebody is appointed to is, in the same transaction, a role of their account:
//! `account_role` is the only source of roles. As there, a day of end is the first on which it no longer holds, so
//! that something ended today is gone at once.

use linli_platform::{
    AppError, Result,
    access::{AreaKind, Role},
    accounts,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    sessions,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::staff;
use crate::{
    ids::{AppointmentId, StaffId},
    post::Post,
};

/// An appointment, or a stand-in's.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Appointment {
    /// Id.
    pub appointment_id: AppointmentId,
    /// Who.
    pub staff_id: StaffId,
    /// Their name.
    pub name: String,
    /// Post code.
    pub post: String,
    /// Kind of area.
    pub area_kind: String,
    /// Committee code, grid, employer or division code.
    pub area: String,
    /// The grid it is held in, where it is.
    pub grid_id: Option<GridId>,
    /// First day.
    pub from_day: Day,
    /// First day on which it no longer holds.
    pub until_day: Option<Day>,
    /// The appointment it stands in for.
    pub stands_in_for: Option<AppointmentId>,
    /// The account's role that goes with it.
    pub account_role_id: Option<Uuid>,
    /// Version.
    pub version: i64,
}

impl Appointment {
    /// The post.
    pub fn post(&self) -> Option<Post> {
        Post::from_code(&self.post)
    }
    /// The last day on which it holds, as people name the end.
    pub fn last_day(&self) -> Option<Day> {
        self.until_day.map(|day| day.plus_days(-1))
    }
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from_day <= day && self.until_day.is_none_or(|until| until > day)
    }
    /// Whether it shares a day with a span; `until` is the first day after it.
    fn meets(&self, from: Day, until: Option<Day>) -> bool {
        self.until_day.is_none_or(|own| own > from && own > self.from_day) && until.is_none_or(|u| u > self.from_day)
    }
}

const SELECT: &str = "SELECT a.appointment_id, a.staff_id, s.name, a.post, a.area_kind, a.area, a.grid_id, a.from_day,
       a.until_day, a.stands_in_for, a.account_role_id, a.version
     FROM appointment a JOIN staff s ON s.division_code = a.division_code AND s.staff_id = a.staff_id";

/// One appointment.
pub async fn find(q: &impl Query, id: AppointmentId) -> Result<Appointment> {
    let sql = format!("{SELECT} WHERE a.division_code = $1 AND a.appointment_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// Everything a member was, is and will be appointed to, the newest first.
pub async fn of_staff(q: &impl Query, id: StaffId) -> Result<Vec<Appointment>> {
    let sql = format!(
        "{SELECT} WHERE a.division_code = $1 AND a.staff_id = $2 ORDER BY a.from_day DESC, a.appointment_id DESC"
    );
    q.rows(&sql, vals![q.division(), id]).await
}

/// Everybody who was, is or will be appointed to a post for an area, the newest first.
pub async fn of_area(q: &impl Query, post: Post, area: &str) -> Result<Vec<Appointment>> {
    let sql = format!(
        "{SELECT} WHERE a.division_code = $1 AND a.post = $2 AND a.area = $3 ORDER BY a.from_day DESC, a.appointment_id DESC"
    );
    q.rows(&sql, vals![q.division(), post.code(), area]).await
}

/// Everything that holds on a day, of those who still work.
pub async fn on(q: &impl Query, day: Day) -> Result<Vec<Appointment>> {
    let sql = format!(
        "{SELECT} WHERE a.division_code = $1 AND a.from_day <= $2 AND (a.until_day IS NULL OR a.until_day > $2)
          AND s.left_day IS NULL ORDER BY a.from_day, a.appointment_id"
    );
    q.rows(&sql, vals![q.division(), day]).await
}

/// Somebody about to be appointed.
#[derive(Debug, Clone)]
pub struct NewAppointment {
    /// Who.
    pub staff: StaffId,
    /// To what.
    pub post: Post,
    /// Where: a committee code, a grid or employer id; for posts of the whole sub-district it does not matter.
    pub area: String,
    /// The grid an HR liaison belongs to; for others it follows from the area.
    pub grid: Option<GridId>,
    /// From when.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub until: Option<Day>,
}

/// Appoints somebody.
///
/// # Errors
/// `staff-left`; `appointment-days` if it ends before it begins; `appointment-area` for an area that does not exist;
/// `post-taken` if a grid would have two leaders or two officers (R3); `appointment-held` if they hold it already;
/// `appointment-own` for one's own account; `admins-apart` (R38), `forbidden` for the posts of administrators, which only an installation gives.
pub async fn appoint(tx: &Tx, new: NewAppointment) -> Result<AppointmentId> {
    let staff = staff::working(tx, new.staff).await?;
    if new.until.is_some_and(|until| until <= new.from) {
        return Err(AppError::rule("appointment-days"));
    }
    allowed(tx, new.post, &staff)?;
    let (area, grid) = place(tx, &new).await?;
    free(tx, &new, &area).await?;
    let id: AppointmentId = tx.new_id();
    let role_id = match staff.account_id {
        Some(account) => Some(grant(tx, account, new.post.role(), &area, new.from, new.until).await?),
        None => None,
    };
    insert(tx, vec![Row { id, new: &new, area: &area, grid, stands_in_for: None, role_id }]).await?;
    let event = NewEvent::new("staff.appointed", SubjectRef::new("staff", new.staff, grid));
    tx.event(event.body(json!({ "post": new.post.code(), "area": area, "from": new.from, "until": new.until })))
        .await?;
    Ok(id)
}

/// Nobody appoints themselves, and the posts of administrators are an installation's to give.
fn allowed(tx: &Tx, post: Post, staff: &staff::Staff) -> Result<()> {
    if post.role().is_administrator() && !tx.reader().is_system() {
        return Err(AppError::forbidden());
    }
    if staff.account_id == Some(tx.reader().account) { Err(AppError::rule("appointment-own")) } else { Ok(()) }
}

async fn place(tx: &Tx, new: &NewAppointment) -> Result<(String, Option<GridId>)> {
    let unknown = || AppError::rule("appointment-area");
    match new.post.area_kind() {
        AreaKind::Grid => {
            let id: GridId = new.area.parse().map_err(|_| unknown())?;
            let grid = linli_territory::store::grids::find(tx, id).await.map_err(|_| unknown())?;
            if grid.until_day.is_some_and(|u| u <= new.from) { Err(unknown()) } else { Ok((id.to_string(), Some(id))) }
        }
        AreaKind::Committee => {
            let found = linli_territory::store::committees::find(tx, &new.area).await.map_err(|_| unknown())?;
            Ok((found.committee_code, None))
        }
        AreaKind::Employer => {
            let id: Uuid = new.area.parse().map_err(|_| unknown())?;
            Ok((id.to_string(), new.grid))
        }
        AreaKind::Division | AreaKind::Assignment => Ok((tx.division().to_owned(), None)),
    }
}

async fn free(tx: &Tx, new: &NewAppointment, area: &str) -> Result<()> {
    let sql =
        format!("{SELECT} WHERE a.division_code = $1 AND a.area = $2 AND a.post = $3 AND a.stands_in_for IS NULL");
    let same: Vec<Appointment> = tx.rows(&sql, vals![tx.division(), area, new.post.code()]).await?;
    let held: Vec<&Appointment> = same.iter().filter(|a| a.meets(new.from, new.until)).collect();
    if held.iter().any(|a| a.staff_id == new.staff) {
        return Err(AppError::rule("appointment-held"));
    }
    match (new.post.most_per_grid(), held.first()) {
        (Some(most), Some(first)) if held.len() >= most => Err(AppError::rule("post-taken").arg("name", &first.name)),
        _ => Ok(()),
    }
}

/// Lets somebody stand in for an appointment: they have its role for that time, and only then.
///
/// # Errors
/// `stand-in-self`; `stand-in-days` if the days are not within the appointment's; `staff-left`;
/// `appointment-own`; `admins-apart`.
pub async fn stand_in(
    tx: &Tx,
    appointment: AppointmentId,
    by: StaffId,
    from: Day,
    until: Day,
) -> Result<AppointmentId> {
    let held = find(tx, appointment).await?;
    let post = held.post().filter(|_| held.stands_in_for.is_none()).ok_or_else(AppError::not_found)?;
    let staff = staff::working(tx, by).await?;
    if held.staff_id == by {
        return Err(AppError::rule("stand-in-self"));
    }
    if until <= from || from < held.from_day || held.until_day.is_some_and(|end| until > end) {
        return Err(AppError::rule("stand-in-days"));
    }
    allowed(tx, post, &staff)?;
    let id: AppointmentId = tx.new_id();
    let role_id = match staff.account_id {
        Some(account) => Some(grant(tx, account, post.role(), &held.area, from, Some(until)).await?),
        None => None,
    };
    let new = NewAppointment { staff: by, post, area: held.area.clone(), grid: held.grid_id, from, until: Some(until) };
    let row = Row { id, new: &new, area: &held.area, grid: held.grid_id, stands_in_for: Some(appointment), role_id };
    insert(tx, vec![row]).await?;
    let event = NewEvent::new("staff.stood-in", SubjectRef::new("staff", by, held.grid_id));
    tx.event(event.body(json!({ "post": held.post, "area": held.area, "from": from, "until": until }))).await?;
    Ok(id)
}

/// Ends an appointment, and what stands in for it. `until` is the first day on which it no longer holds: today ends it
/// at once, and closes the account's sessions.
///
/// # Errors
/// `stale-version` if it had ended by then already.
pub async fn end(tx: &Tx, id: AppointmentId, until: Day) -> Result<()> {
    let held = find(tx, id).await?;
    end_one(tx, &held, until).await?;
    let sql = format!("{SELECT} WHERE a.division_code = $1 AND a.stands_in_for = $2");
    let stand_ins: Vec<Appointment> = tx.rows(&sql, vals![tx.division(), id]).await?;
    for stand_in in stand_ins.iter().filter(|a| a.until_day.is_none_or(|u| u > until)) {
        end_one(tx, stand_in, until).await?;
    }
    Ok(())
}

async fn end_one(tx: &Tx, held: &Appointment, until: Day) -> Result<()> {
    tx.execute_one(
        "UPDATE appointment SET until_day = $3, version = version + 1
         WHERE division_code = $1 AND appointment_id = $2 AND (until_day IS NULL OR until_day > $3)",
        vals![tx.division(), held.appointment_id, until],
    )
    .await?;
    if let Some(role_id) = held.account_role_id {
        tx.execute(
            "UPDATE account_role SET until_day = $3
             WHERE division_code = $1 AND account_role_id = $2 AND (until_day IS NULL OR until_day > $3)",
            vals![tx.division(), role_id, until],
        )
        .await?;
    }
    let account = staff::find(tx, &linli_platform::reader::Reader::system(), held.staff_id).await?.account_id;
    if let Some(account) = account.filter(|_| until <= tx.now().day()) {
        sessions::end_all(tx, account).await?;
    }
    let event = NewEvent::new("staff.appointment-ended", SubjectRef::new("staff", held.staff_id, held.grid_id));
    tx.event(event.version(held.version + 1).body(json!({ "post": held.post, "area": held.area, "until": until })))
        .await?;
    Ok(())
}

/// Gives an account the roles of a member's present and coming appointments.
pub(crate) async fn grant_all(tx: &Tx, id: StaffId, account: AccountId) -> Result<()> {
    let today = tx.now().day();
    for held in of_staff(tx, id).await? {
        let Some(post) = held.post().filter(|_| held.until_day.is_none_or(|u| u > today)) else { continue };
        let role_id = grant(tx, account, post.role(), &held.area, held.from_day, held.until_day).await?;
        tx.execute_one(
            "UPDATE appointment SET account_role_id = $3 WHERE division_code = $1 AND appointment_id = $2",
            vals![tx.division(), held.appointment_id, role_id],
        )
        .await?;
    }
    Ok(())
}

/// Writes the role of an account. Unlike a grant by the security officer it may stand beside an equal one: somebody may
/// stand in twice.
async fn grant(tx: &Tx, account: AccountId, role: Role, area: &str, from: Day, until: Option<Day>) -> Result<Uuid> {
    // The account's row first: two grants at once must see each other.
    tx.execute_one(
        "UPDATE account SET version = version + 1 WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), account],
    )
    .await?;
    let today = tx.now().day();
    let held = accounts::roles_of(tx, account).await?;
    let current = held.iter().filter(|h| h.current_or_coming(today)).filter_map(|h| Role::from_code(&h.role));
    for other in current.filter(|r| *r != role) {
        if other.is_administrator() || role.is_administrator() {
            return Err(AppError::rule("admins-apart"));
        }
    }
    let id: Uuid = tx.new_id();
    insert_roles(tx, vec![(id, account, role, area.to_owned(), from, until)]).await?;
    Ok(id)
}

pub(crate) async fn insert_roles(tx: &Tx, rows: Vec<(Uuid, AccountId, Role, String, Day, Option<Day>)>) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|(id, account, role, area, from, until)| {
            vals![tx.division(), id, account, role.code(), role.area_kind().code(), area, from, until]
        })
        .collect();
    let columns =
        ["division_code", "account_role_id", "account_id", "role", "area_kind", "area", "from_day", "until_day"];
    tx.insert_many("account_role", &columns, rows).await
}

/// One row to insert.
pub(crate) struct Row<'a> {
    pub(crate) id: AppointmentId,
    pub(crate) new: &'a NewAppointment,
    pub(crate) area: &'a str,
    pub(crate) grid: Option<GridId>,
    pub(crate) stands_in_for: Option<AppointmentId>,
    pub(crate) role_id: Option<Uuid>,
}

pub(crate) async fn insert(tx: &Tx, rows: Vec<Row<'_>>) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|r| {
            let role = r.new.post.role();
            vals![
                tx.division(),
                r.id,
                r.new.staff,
                r.new.post.code(),
                role.code(),
                role.area_kind().code(),
                r.area,
                r.grid,
                r.new.from,
                r.new.until,
                r.stands_in_for,
                r.role_id,
                1_i64
            ]
        })
        .collect();
    let columns = [
        "division_code",
        "appointment_id",
        "staff_id",
        "post",
        "role",
        "area_kind",
        "area",
        "grid_id",
        "from_day",
        "until_day",
        "stands_in_for",
        "account_role_id",
        "version",
    ];
    tx.insert_many("appointment", &columns, rows).await
}
