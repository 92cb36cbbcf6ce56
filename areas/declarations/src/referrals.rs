//! Referrals (移送, R13): a duty that stays neglected after the notice of it is referred to the authority in charge. Kept are
//! the premises or the employer, which duty of the closed list, the authority, number and date, and nothing else: no
//! words, no outcome, and never a person.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::{EmployerId, HomeId, employers, homes};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    codes::{Authority, NoticeKind},
    ids::ReferralId,
};

/// The longest number of a referral, in characters.
pub const NUMBER_MAX_CHARS: usize = 30;
/// Signs that a number may have beside letters and digits.
const SIGNS: &str = "〔〕()（）[]【】-—_/·.";

/// What a referral is about; never a person (boundary 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neglected {
    /// Let premises.
    Home(HomeId),
    /// An employer.
    Employer(EmployerId),
}

impl Neglected {
    /// From the words of [`path`](Neglected::path).
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "homes" => id.parse().ok().map(Neglected::Home),
            "employers" => id.parse().ok().map(Neglected::Employer),
            _ => None,
        }
    }
    /// Its page.
    pub fn path(self) -> String {
        format!("/declarations/referrals/{}s/{}", self.code(), self.id())
    }
    /// Code of its kind.
    pub fn code(self) -> &'static str {
        match self {
            Neglected::Home(_) => "home",
            Neglected::Employer(_) => "employer",
        }
    }
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Neglected::Home(id) => id.0,
            Neglected::Employer(id) => id.0,
        }
    }
    /// The duties that can be neglected there.
    pub fn duties(self) -> &'static [NoticeKind] {
        match self {
            Neglected::Home(_) => &[NoticeKind::Tenants],
            Neglected::Employer(_) => &[NoticeKind::Staff, NoticeKind::Rosters],
        }
    }
    /// Its address or name, and its grid.
    ///
    /// # Errors
    /// `not-found` outside the scope.
    pub async fn find(self, q: &impl Query, reader: &Reader) -> Result<(String, Option<GridId>)> {
        match self {
            Neglected::Home(id) => homes::find(q, reader, id).await.map(|h| (h.address_text, h.grid_id)),
            Neglected::Employer(id) => employers::find(q, reader, id).await.map(|e| (e.name, e.grid_id)),
        }
    }
}

/// What is written of a referral.
#[derive(Debug, Clone)]
pub struct NewReferral {
    /// Which duty.
    pub duty: NoticeKind,
    /// To whom.
    pub authority: Authority,
    /// The number of the paper (文号).
    pub number: String,
    /// Its date.
    pub day: Day,
}

/// A referral on record.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Referral {
    /// Id.
    pub referral_id: ReferralId,
    /// `home` or `employer`.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: Uuid,
    /// Address or name.
    pub subject_name: Option<String>,
    /// [`NoticeKind`].
    pub duty: String,
    /// [`Authority`].
    pub authority: String,
    /// Number.
    pub number: String,
    /// Date.
    pub day: Day,
    /// When it was put on record.
    pub written_at: At,
}

/// A number is one: some digits, and no words that could say more than which paper it is.
///
/// # Errors
/// `referral-number`; those of the guard (boundary 12).
fn check_number(text: &str) -> Result<String> {
    let text = text.trim();
    let sign = |c: char| c.is_alphanumeric() || SIGNS.contains(c);
    let fits = (1..=NUMBER_MAX_CHARS).contains(&text.chars().count())
        && text.chars().all(sign)
        && text.chars().any(|c| c.is_ascii_digit());
    if !fits {
        return Err(AppError::rule("referral-number").arg("n", NUMBER_MAX_CHARS));
    }
    free_text::check(text)?;
    Ok(text.to_owned())
}

/// When a notice of the duty was last served: of premises, on a landlord or agent who answers for them.
async fn served(q: &impl Query, of: Neglected, duty: NoticeKind) -> Result<Option<Day>> {
    #[derive(FromQueryResult)]
    struct Row {
        served_at: At,
    }
    let whose = match of {
        Neglected::Employer(_) => "n.to_id = $2",
        Neglected::Home(_) => {
            "n.to_id IN (SELECT l.liaison_id FROM letting_home l WHERE l.division_code = n.division_code AND l.home_id = $2)"
        }
    };
    let sql = format!(
        "SELECT n.served_at FROM duty_notice n WHERE n.division_code = $1 AND {whose} AND n.kind = $3
         ORDER BY n.served_at LIMIT 1"
    );
    let first: Option<Row> = q.row(&sql, vals![q.division(), of.id(), duty.code()]).await?;
    Ok(first.map(|r| r.served_at.day()))
}

/// Puts a referral on record, of premises or an employer within the scope of the transaction's reader.
///
/// # Errors
/// `not-found` outside the scope; `referral-duty` for a duty of others; `referral-number`; `referral-day` for a day to
/// come; `referral-without-notice` where no notice of the duty was served by then; `referral-known` for the same paper
/// again; those of the guard.
pub async fn write(tx: &Tx, of: Neglected, new: &NewReferral) -> Result<ReferralId> {
    let (_, grid) = of.find(tx, tx.reader()).await?;
    if !of.duties().contains(&new.duty) {
        return Err(AppError::rule("referral-duty"));
    }
    let number = check_number(&new.number)?;
    if new.day > tx.now().day() {
        return Err(AppError::rule("referral-day"));
    }
    if served(tx, of, new.duty).await?.is_none_or(|served| served > new.day) {
        return Err(AppError::rule("referral-without-notice"));
    }
    let same = "SELECT COUNT(*) FROM duty_referral
                WHERE division_code = $1 AND subject_id = $2 AND duty = $3 AND number = $4";
    if tx.number(same, vals![tx.division(), of.id(), new.duty.code(), number.as_str()]).await? > 0 {
        return Err(AppError::rule("referral-known"));
    }
    let id: ReferralId = tx.new_id();
    let columns = &[
        "division_code",
        "referral_id",
        "subject_kind",
        "subject_id",
        "duty",
        "authority",
        "number",
        "day",
        "written_by",
        "written_at",
    ];
    let row = vals![
        tx.division(),
        id,
        of.code(),
        of.id(),
        new.duty.code(),
        new.authority.code(),
        number,
        new.day,
        tx.reader().account,
        tx.now()
    ];
    tx.insert_many("duty_referral", columns, vec![row]).await?;
    let body = serde_json::json!({ "kind": new.duty.code() });
    tx.event(NewEvent::new("duty.referred", SubjectRef::new(of.code(), of.id(), grid)).body(body)).await?;
    Ok(id)
}

const SELECT: &str = "SELECT r.referral_id, r.subject_kind, r.subject_id, COALESCE(e.name, a.text) AS subject_name,
 r.duty, r.authority, r.number, r.day, r.written_at FROM duty_referral r
 LEFT JOIN employer e ON e.division_code = r.division_code AND e.employer_id = r.subject_id
 LEFT JOIN home h ON h.division_code = r.division_code AND h.home_id = r.subject_id
 LEFT JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
 WHERE r.division_code = $1";

/// The referrals of one place, the latest first. The caller has found it within the reader's scope.
pub async fn of(q: &impl Query, of: Neglected) -> Result<Vec<Referral>> {
    let sql = format!("{SELECT} AND r.subject_id = $2 ORDER BY r.day DESC, r.referral_id DESC LIMIT 200");
    q.rows(&sql, vals![q.division(), of.id()]).await
}

/// The referrals within a reader's scope, the latest first.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<Referral>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("COALESCE(e.grid_id, h.grid_id)", &mut values);
    let sql = format!("{SELECT} AND {scope} ORDER BY r.day DESC, r.referral_id DESC LIMIT 500");
    q.rows(&sql, values).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_a_paper_and_nobody() {
        for (text, fits) in [
            ("青公治移〔2026〕12号", true),
            (" 2026-17 ", true),
            ("QP/2026(3)", true),
            ("", false),
            ("移送函", false),
            ("张三，已移送1次", false),
            ("15900010203", false),
            ("99010119900307002X", false),
            ("涉重点人员1号", false),
            ("青公治移〔2026〕12号青公治移〔2026〕12号青公治移〔2026〕12号", false),
        ] {
            assert_eq!(check_number(text).is_ok(), fits, "{text}");
        }
    }
}
