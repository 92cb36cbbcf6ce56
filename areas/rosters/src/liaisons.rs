//! An employer's liaisons (企业人事联络员, R14): N members with an appointment for that employer. Who is one, naming one
//! for good, replacing one from a day on, ending one. The account, the role and the agreement before the first use go by
//! the rules of the team; the employer keeps an event of its own.

use linli_platform::{
    AppError, Result, accounts,
    clock::Day,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::Reader,
    store::{Query, Store, Tx},
};
use linli_register::{
    EmployerId,
    employers::{self, EmployerRow},
};
use linli_team::{
    Appointment, AppointmentId, NewAppointment, Person, Post, StaffId, appoint, create_staff, end_appointment,
    store::{appointments, staff},
};

/// Somebody who is, was or will be a liaison of an employer.
#[derive(Debug, Clone)]
pub struct Liaison {
    /// The appointment.
    pub appointment: Appointment,
    /// Their mobile number, masked.
    pub mobile_masked: Option<String>,
    /// Whether they can sign in at all.
    pub has_account: bool,
    /// Whether the terms of confidentiality were accepted and hold.
    pub agreed: bool,
    /// Whether it holds today or begins later.
    pub open: bool,
}

/// Somebody about to be named.
#[derive(Debug, Clone)]
pub struct Named {
    /// Name, as colleagues see it (R3).
    pub name: String,
    /// Mobile number as written, if told.
    pub mobile: Option<String>,
    /// The account that they sign in with.
    pub account: AccountId,
    /// First day.
    pub from: Day,
    /// Whom they replace: that one's last day is the day before.
    pub replaces: Option<AppointmentId>,
}

/// An employer whose liaisons the reader may name: it lies in the own grids. That somebody answers for it gives no right.
///
/// # Errors
/// `not-found`.
pub async fn employer(q: &impl Query, reader: &Reader, id: EmployerId) -> Result<EmployerRow> {
    let found = employers::find(q, reader, id).await?;
    if reader.scope.contains(found.grid_id) { Ok(found) } else { Err(AppError::not_found()) }
}

/// The liaisons of an employer, the newest first.
///
/// # Errors
/// Those of the store.
pub async fn of_employer(store: &Store, id: EmployerId) -> Result<Vec<Liaison>> {
    let q = store.reads();
    let today = store.now().day();
    let mut all = Vec::new();
    for appointment in appointments::of_area(&q, Post::HrLiaison, &id.to_string()).await? {
        let member = staff::find(&q, &Reader::system(), appointment.staff_id).await?;
        let agreements = staff::agreements(&q, appointment.staff_id).await?;
        let open = appointment.until_day.is_none_or(|until| until > today) && member.left_day.is_none();
        all.push(Liaison {
            mobile_masked: member.mobile_masked,
            has_account: member.account_id.is_some(),
            agreed: agreements.iter().any(|a| a.ended_day.is_none_or(|ended| ended > today)),
            open,
            appointment,
        });
    }
    Ok(all)
}

fn event(kind: &'static str, employer: &EmployerRow) -> NewEvent {
    NewEvent::new(kind, SubjectRef::new("employer", employer.employer_id, employer.grid_id))
}

/// Names a liaison for good, in place of another where one is given.
///
/// # Errors
/// `roster-liaison-employer-gone`; `roster-liaison-account-name` if the account is that of a member of another name; `not-found` for
/// somebody to replace who is none of this employer's; those of the team for entering, appointing and ending.
pub async fn name(tx: &Tx, employer: &EmployerRow, new: &Named) -> Result<AppointmentId> {
    if employer.state != "current" {
        return Err(AppError::rule("roster-liaison-employer-gone"));
    }
    let member = member(tx, new).await?;
    if let Some(old) = new.replaces {
        let old = open_of(tx, employer, old).await?;
        // Who ends before that day anyway is not kept longer.
        if old.until_day.is_none_or(|until| until > new.from) {
            end_appointment(tx, old.appointment_id, new.from).await?;
        }
    }
    let appointment = NewAppointment {
        staff: member,
        post: Post::HrLiaison,
        area: employer.employer_id.to_string(),
        grid: employer.grid_id,
        from: new.from,
        until: None,
    };
    let id = appoint(tx, appointment).await?;
    let kind = if new.replaces.is_some() { "employer.liaison-replaced" } else { "employer.liaison-named" };
    tx.event(event(kind, employer).body(serde_json::json!({ "from": new.from }))).await?;
    Ok(id)
}

/// The member whom an account belongs to; a new one where it is nobody's yet.
async fn member(tx: &Tx, new: &Named) -> Result<StaffId> {
    if accounts::find(tx, new.account).await?.disabled {
        return Err(AppError::rule("staff-account-unknown"));
    }
    match staff::of_account(tx, new.account).await? {
        Some(known) if known.name == new.name.trim() => Ok(known.staff_id),
        Some(_) => Err(AppError::rule("roster-liaison-account-name")),
        None => {
            let person = Person {
                name: new.name.clone(),
                mobile: new.mobile.clone(),
                from_day: new.from.min(tx.now().day()),
                account: Some(new.account),
            };
            let made = create_staff(tx, &[person]).await?;
            made.first().copied().ok_or_else(|| AppError::internal("a member was not made"))
        }
    }
}

/// An appointment as liaison of this employer that has not ended.
async fn open_of(q: &impl Query, employer: &EmployerRow, id: AppointmentId) -> Result<Appointment> {
    let today = q.store().now().day();
    let held = appointments::of_area(q, Post::HrLiaison, &employer.employer_id.to_string()).await?;
    let open = |a: &Appointment| a.appointment_id == id && a.until_day.is_none_or(|until| until > today);
    held.into_iter().find(open).ok_or_else(AppError::not_found)
}

/// Ends a liaison; `until` is the first day on which it no longer holds, today at once.
///
/// # Errors
/// `not-found` for somebody who is none of this employer's; `stale-version` if it ends before that day already.
pub async fn end(tx: &Tx, employer: &EmployerRow, id: AppointmentId, until: Day) -> Result<()> {
    end_appointment(tx, open_of(tx, employer, id).await?.appointment_id, until).await?;
    tx.event(event("employer.liaison-ended", employer).body(serde_json::json!({ "until": until }))).await?;
    Ok(())
}
