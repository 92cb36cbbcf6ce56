//! Many members at once, for an installation and the demonstration.

use linli_platform::{
    AppError, Result,
    access::AreaKind,
    clock::Day,
    event::NewEvent,
    ids::{AccountId, GridId},
    store::{Query as _, Tx},
    vals,
};
use uuid::Uuid;

use crate::{
    ids::{AgreementId, AppointmentId, StaffId},
    post::Post,
    store::{
        appointments::{self, NewAppointment, Row},
        staff::{self, Person},
    },
};

/// A member with everything about them.
#[derive(Clone)]
pub struct NewStaff {
    /// Name.
    pub name: String,
    /// Mobile number, if told.
    pub mobile: Option<String>,
    /// Post.
    pub post: Post,
    /// Where: grid ids, committee codes or employer ids as text, one appointment each; posts of the whole sub-district
    /// have one appointment whatever stands here.
    pub areas: Vec<String>,
    /// The grid an HR liaison belongs to; for grid posts it follows from the area.
    pub grid: Option<GridId>,
    /// Account, if they sign in. It gets the roles here; make it without any.
    pub account: Option<AccountId>,
    /// First day.
    pub from_day: Day,
    /// First day on which the appointment no longer holds.
    pub until_day: Option<Day>,
    /// Day on which the agreement was signed.
    pub agreement_day: Option<Day>,
    /// Day of the last training in confidentiality.
    pub trained_day: Option<Day>,
}

/// Writes members with their appointments, roles, agreements and trainings. Areas are taken as given, without the
/// checks of [`appointments::appoint`].
///
/// # Errors
/// `forbidden` for an administrator's post unless the system itself writes; `appointment-area` for a grid that is no
/// id; those of [`staff::create`].
pub async fn bulk(tx: &Tx, members: Vec<NewStaff>) -> Result<Vec<StaffId>> {
    if members.iter().any(|m| m.post.role().is_administrator()) && !tx.reader().is_system() {
        return Err(AppError::forbidden());
    }
    let people: Vec<Person> = members
        .iter()
        .map(|m| Person { name: m.name.clone(), mobile: m.mobile.clone(), from_day: m.from_day, account: m.account })
        .collect();
    let ids = staff::create(tx, &people).await?;
    let (mut agreements, mut trainings): (Vec<(AgreementId, StaffId, Day)>, Vec<_>) = (Vec::new(), Vec::new());
    for (member, id) in members.iter().zip(&ids) {
        agreements.extend(member.agreement_day.map(|day| (tx.new_id(), *id, day)));
        trainings.extend(member.trained_day.map(|day| vals![tx.division(), *id, day]));
    }
    staff::insert_agreements(tx, agreements).await?;
    tx.insert_many("training", &["division_code", "staff_id", "held_day"], trainings).await?;
    let appointed = appointed(tx, &members, &ids)?;
    let mut roles = Vec::new();
    let mut rows = Vec::with_capacity(appointed.len());
    for (new, account) in &appointed {
        let role_id: Option<Uuid> = account.map(|_| tx.new_id());
        if let (Some(id), Some(account)) = (role_id, account) {
            roles.push((id, *account, new.post.role(), new.area.clone(), new.from, new.until));
        }
        let id: AppointmentId = tx.new_id();
        rows.push(Row { id, new, area: &new.area, grid: new.grid, stands_in_for: None, role_id });
    }
    appointments::insert(tx, rows).await?;
    appointments::insert_roles(tx, roles).await?;
    let event = |(new, _): &(NewAppointment, Option<AccountId>)| {
        let body = serde_json::json!({ "post": new.post.code(), "area": new.area, "from": new.from });
        NewEvent::new("staff.appointed", staff::subject(new.staff)).body(body)
    };
    tx.events(appointed.iter().map(event).collect()).await?;
    Ok(ids)
}

fn appointed(tx: &Tx, members: &[NewStaff], ids: &[StaffId]) -> Result<Vec<(NewAppointment, Option<AccountId>)>> {
    let mut all = Vec::new();
    for (member, id) in members.iter().zip(ids) {
        let whole = [tx.division().to_owned()];
        let kind = member.post.area_kind();
        let areas = match kind {
            AreaKind::Division | AreaKind::Assignment => whole.as_slice(),
            _ => member.areas.as_slice(),
        };
        for area in areas {
            let grid = match kind {
                AreaKind::Grid => Some(area.parse().map_err(|_| AppError::rule("appointment-area"))?),
                AreaKind::Employer => member.grid,
                _ => None,
            };
            let new = NewAppointment {
                staff: *id,
                post: member.post,
                area: area.clone(),
                grid,
                from: member.from_day,
                until: member.until_day,
            };
            all.push((new, member.account));
        }
    }
    Ok(all)
}
