//! The form of a household: a home, a day, and one or several people. Rows are added and taken away by buttons that send
//! the form, so that it works without scripts.

use linli_platform::{Result, app::App, clock::Day, texts::T, web::FormErrors};

use super::form::{Typed, day, home, member};
use crate::{codes::Kind, content::Newcomer, newcomers::MEMBERS_MAX, person::Identity};

/// What was typed. No `Debug`: it holds personal values.
#[derive(Clone, Default)]
pub(super) struct Household {
    /// Address and day, and what of the declaring person is not known from the entrance.
    pub first: Typed,
    /// The others.
    pub members: Vec<Typed>,
    /// A row is asked for.
    more: bool,
    /// This row is to go, from 1.
    less: Option<usize>,
}

/// One row, as templates show it.
pub(super) struct MemberRow<'a> {
    pub number: usize,
    pub typed: &'a Typed,
}

impl MemberRow<'_> {
    /// The name of a field in this row.
    pub fn at(&self, field: &str) -> String {
        format!("{field}{}", mark(self.number))
    }
}

pub(super) fn mark(number: usize) -> String {
    format!("_{number}")
}

fn set(typed: &mut Typed, field: &str, value: &str) {
    let place = match field {
        "name" => &mut typed.name,
        "doc_kind" => &mut typed.doc_kind,
        "doc_no" => &mut typed.doc_no,
        "phone" => &mut typed.phone,
        "sex" => &mut typed.sex,
        "birth" => &mut typed.birth,
        "local" => &mut typed.local,
        "guardian" => &mut typed.guardian,
        "address" => &mut typed.address,
        "day" => &mut typed.day,
        "kind" => &mut typed.kind,
        "field" => &mut typed.field,
        "value" => &mut typed.value,
        _ => return,
    };
    *place = value.to_owned();
}

impl Household {
    /// The empty form of a day.
    pub fn blank(today: Day) -> Household {
        Household { first: Typed { day: today.to_string(), ..Typed::default() }, ..Household::default() }
    }
    /// From the fields of a form.
    pub fn of(fields: &[(String, String)]) -> Household {
        let mut all = Household::default();
        for (name, value) in fields {
            match name.rsplit_once('_').and_then(|(field, n)| Some((field, n.parse::<usize>().ok()?))) {
                Some((field, n)) if (1..MEMBERS_MAX).contains(&n) => {
                    if all.members.len() < n {
                        all.members.resize(n, Typed::default());
                    }
                    set(&mut all.members[n - 1], field, value);
                }
                _ if name == "more" => all.more = true,
                _ if name == "less" => all.less = value.parse().ok(),
                _ => set(&mut all.first, name, value),
            }
        }
        all
    }
    /// With a row, where what is asked is about somebody who is named.
    #[must_use]
    pub fn naming(mut self) -> Household {
        if self.members.is_empty() && self.first.asked().is_some_and(Kind::is_for_another) {
            self.members.push(Typed::default());
        }
        self
    }
    /// The form of what is asked.
    pub fn asking(first: Typed) -> Household {
        Household { first, ..Household::default() }.naming()
    }
    /// Whether there is room for another row.
    pub fn has_room(&self) -> bool {
        self.members.len() + 1 < MEMBERS_MAX
    }
    /// Whether a button for rows was pressed.
    pub fn changes_rows(&self) -> bool {
        self.more || self.less.is_some()
    }
    /// Does what the button says.
    pub fn change_rows(&mut self) {
        if self.more && self.members.len() + 1 < MEMBERS_MAX {
            self.members.push(Typed::default());
        }
        if let Some(n) = self.less.filter(|n| (1..=self.members.len()).contains(n)) {
            self.members.remove(n - 1);
        }
    }
    /// The rows.
    pub fn rows(&self) -> Vec<MemberRow<'_>> {
        self.members.iter().enumerate().map(|(n, typed)| MemberRow { number: n + 1, typed }).collect()
    }
    /// The address and everybody, checked: the declaring person first, if there is one. `None` where an error stands at
    /// a field.
    pub async fn read(
        &self,
        app: &App,
        t: &T,
        declares: Option<&Identity>,
        errors: &mut FormErrors,
    ) -> Result<Option<(String, Vec<Newcomer>)>> {
        let place = home(app, t, "address", &self.first.address, errors).await?;
        let members = self.people(app, t, declares, errors);
        let Some((home, address)) = place.filter(|_| errors.is_empty()) else { return Ok(None) };
        Ok(Some((address, members.into_iter().map(|m| Newcomer { home, ..m }).collect())))
    }
    /// Everybody, checked, of a home that the caller knows.
    pub fn people(&self, app: &App, t: &T, declares: Option<&Identity>, errors: &mut FormErrors) -> Vec<Newcomer> {
        let today = app.store.now().day();
        let since = day(app, &self.first, errors).unwrap_or(today);
        let mut all = Vec::new();
        if let Some(who) = declares {
            let own = Typed {
                name: who.name.clone(),
                doc_kind: who.doc_kind.clone(),
                doc_no: who.doc_no.clone(),
                phone: who.phone.clone(),
                guardian: String::new(),
                ..self.first.clone()
            };
            all.extend(member(t, today, &own, "", errors));
        }
        for row in self.rows() {
            // A row that was opened and left empty is nobody.
            if !row.typed.name.trim().is_empty() || !row.typed.doc_no.trim().is_empty() {
                all.extend(member(t, today, row.typed, &mark(row.number), errors));
            }
        }
        refuse_twice(&all, errors);
        all.into_iter().map(|m| Newcomer { day: since, ..m }).collect()
    }
}

pub(super) fn refuse_twice(members: &[Newcomer], errors: &mut FormErrors) {
    let twice = members.iter().enumerate().any(|(n, m)| members[..n].iter().any(|o| o.doc_no == m.doc_no));
    errors.require(!twice, "", "household-twice");
}
