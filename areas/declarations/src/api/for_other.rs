//! What other systems bring for somebody else: one of the household who moves along or leaves too, or a child under 14, by its
//! guardian (PIPL 31). Checked as on the own page; whether anybody of that name and number is registered, nobody is told.

use linli_platform::{Result, store::Query as _, store::Tx, vals};
use linli_register::{HomeId, ResidentId, rules};

use super::{
    check::Reading,
    sent::{Other, SentDeclaration, SentKind},
};
use crate::{
    codes::{Field, Kind},
    content::{Content, GUARDED_UNDER_YEARS, Named},
};

/// A wish for somebody else; whose home it is compared with, the declarant's record tells when it is filed.
#[derive(Debug)]
pub struct ForOther {
    person: Named,
    asks: Content,
}

impl ForOther {
    /// As a case of the declarant, who lives at a home.
    pub(super) fn content(&self, from: Option<HomeId>) -> Content {
        Content::ForOther { person: self.person.clone(), from, asks: Box::new(self.asks.clone()) }
    }

    /// Why it cannot be filed: without moving oneself one declares as the guardian of a child alone.
    pub(super) async fn stopped(&self, tx: &Tx, declarant: ResidentId, kind: Kind) -> Result<Option<&'static str>> {
        let own = match kind {
            _ if self.person.guardian => return Ok(None),
            Kind::MoveAlong => Kind::Move,
            _ => Kind::MoveOut,
        };
        let sql = "SELECT COUNT(*) FROM declaration
                   WHERE division_code = $1 AND resident_id = $2 AND kind = $3 AND state = 'open'";
        let own = tx.number(sql, vals![tx.division(), declarant, own.code()]).await?;
        Ok((own == 0).then_some("others-alone"))
    }
}

impl Reading<'_> {
    /// What belongs to a wish for somebody else.
    pub(super) async fn for_other(&mut self, sent: &SentDeclaration) -> Result<Option<ForOther>> {
        let asks = match sent.kind {
            SentKind::MoveAlong => self.moves(sent).await?,
            SentKind::LeaveAlong => self.day(sent).map(|day| Content::MoveOut { day }),
            _ => self.fact(sent, Field::OF_CHILDREN).await?,
        };
        let person = self.named(sent)?;
        Ok(person.zip(asks).map(|(person, asks)| ForOther { person, asks }))
    }

    fn named(&mut self, sent: &SentDeclaration) -> Result<Option<Named>> {
        let Some(other) = &sent.other else {
            self.missing("/other");
            return Ok(None);
        };
        let birth = other.birth.as_deref().map(linli_register::api::day);
        if birth == Some(None) {
            self.add("/other/birth", "value", "api-field-value");
        }
        let doc_kind = other.doc_kind.known()?;
        let written = rules::Written {
            name: &other.name,
            doc_kind,
            doc_no: &other.doc_no,
            doc_confirmed: true,
            phone: "",
            sex: None,
            birth: birth.flatten().map(|day| day.0),
        };
        let today = self.app.store.clock().today();
        let (checked, problems) = rules::check(&written, today);
        for p in problems.iter().filter(|p| p.fatal) {
            self.problem(&format!("/other/{}", p.field), p);
        }
        let Some(checked) = checked else { return Ok(None) };
        let declares = rules::check_number(sent.declarant.doc_kind.known()?, &sent.declarant.doc_no, true).ok();
        if declares.is_some_and(|own| own.number == checked.doc.number) {
            self.add("/other/doc_no", "household-twice", "household-twice");
        }
        let child = checked.birth.map(|b| today.full_years_since(b) < GUARDED_UNDER_YEARS);
        self.guardian(sent.kind, other, child);
        let number = checked.doc.number;
        Ok(Some(Named {
            name: checked.name,
            doc_kind: doc_kind.code().into(),
            doc_no: number,
            guardian: other.guardian,
        }))
    }

    /// A guardian declares for a child under 14, and only so is anything but a move of the household declared.
    fn guardian(&mut self, kind: SentKind, other: &Other, child: Option<bool>) {
        match (child, other.guardian) {
            (Some(true), false) => self.add("/other/guardian", "guardian-missing", "declaration-guardian-missing"),
            (Some(false), true) => self.add("/other/guardian", "guardian-too-old", "declaration-guardian-too-old"),
            // Without a birth date nobody can say that it is a child's.
            (None, true) => self.add("/other/birth", "guardian-birth", "declaration-guardian-birth"),
            (_, false) if kind == SentKind::ChildCorrection => {
                self.add("/other/guardian", "child-alone", "declaration-child-alone");
            }
            _ => {}
        }
    }
}
