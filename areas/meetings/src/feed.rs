//! A member's meetings as a calendar feed (日历订阅) in the form of RFC 5545, behind a secret link of the own that can be
//! revoked. It holds kinds of meetings, days and names of grids; nobody's name and nobody's data.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    sessions,
    store::{Query, Tx},
    texts::{Lang, T},
    vals,
};
use sea_orm::FromQueryResult;
use sha2::{Digest as _, Sha256};

use crate::meetings::{self, MeetingRow};

/// Meetings so many days back are in the feed.
const BACK_DAYS: i64 = 60;
/// How long a meeting lasts in the calendar, since nobody says so beforehand.
const LASTS_S: i64 = 3_600;
/// The longest line in octets, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Makes a secret link for the transaction's reader and ends the one before. The token is shown once and stored nowhere.
pub async fn make_feed(tx: &Tx, lang: Lang) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    tx.execute(
        "INSERT INTO meeting_feed (division_code, account_id, token_hash, lang, made_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (division_code, account_id) DO UPDATE SET token_hash = excluded.token_hash, lang = excluded.lang,
           made_at = excluded.made_at, revoked_at = NULL",
        vals![tx.division(), tx.reader().account, digest(&token), lang.code(), tx.now()],
    )
    .await?;
    let subject = SubjectRef::new("account", tx.reader().account, None);
    tx.event(NewEvent::new("meeting.feed-made", subject)).await?;
    Ok(token)
}

/// Ends the reader's link.
///
/// # Errors
/// `stale-version` if there is none.
pub async fn revoke_feed(tx: &Tx) -> Result<()> {
    tx.execute_one(
        "UPDATE meeting_feed SET revoked_at = $3 WHERE division_code = $1 AND account_id = $2 AND revoked_at IS NULL",
        vals![tx.division(), tx.reader().account, tx.now()],
    )
    .await?;
    let subject = SubjectRef::new("account", tx.reader().account, None);
    tx.event(NewEvent::new("meeting.feed-revoked", subject)).await?;
    Ok(())
}

/// Since when the reader has a link that works.
pub(crate) async fn since(q: &impl Query, account: AccountId) -> Result<Option<At>> {
    #[derive(FromQueryResult)]
    struct Row {
        made_at: At,
    }
    let sql = "SELECT made_at FROM meeting_feed WHERE division_code = $1 AND account_id = $2 AND revoked_at IS NULL";
    let row: Option<Row> = q.row(sql, vals![q.division(), account]).await?;
    Ok(row.map(|r| r.made_at))
}

#[derive(FromQueryResult)]
struct Owner {
    account_id: AccountId,
    lang: String,
}

/// The calendar behind a token.
///
/// # Errors
/// `not-found` for a token that is nobody's or was revoked, and for an account that is disabled or whose roles see no
/// meetings today: leaving ends the feed at once (R3).
pub async fn calendar(app: &App, token: &str) -> Result<String> {
    let q = app.store.reads();
    let owner: Option<Owner> = q
        .row(
            "SELECT f.account_id, f.lang FROM meeting_feed f
             JOIN account a ON a.division_code = f.division_code AND a.account_id = f.account_id
             WHERE f.division_code = $1 AND f.token_hash = $2 AND f.revoked_at IS NULL AND a.disabled = FALSE",
            vals![q.division(), digest(token)],
        )
        .await?;
    let owner = owner.ok_or_else(AppError::not_found)?;
    let today = app.store.clock().today();
    let reader = sessions::reader(app, owner.account_id, String::new(), today).await?;
    if !reader.may(Action::MeetingRead) {
        return Err(AppError::not_found());
    }
    let from = today.plus_days(-BACK_DAYS).start();
    let all = meetings::of_account(&q, owner.account_id, from).await?;
    let t = T::new(app.texts.clone(), Lang::from_code(&owner.lang));
    Ok(write(&t, app.store.now(), &all))
}

fn write(t: &T, now: At, all: &[MeetingRow]) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Linli//Meetings//ZH");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escape(&t.s("meeting-feed-name")));
    for meeting in all {
        let kind = t.code("meeting-kind", &meeting.kind);
        let summary = format!("{kind} · {}", meeting.area_name.as_deref().unwrap_or(""));
        line("BEGIN", "VEVENT");
        line("UID", &format!("{}@linli", meeting.meeting_id));
        line("DTSTAMP", &instant(now));
        line("DTSTART", &instant(meeting.starts_at));
        line("DTEND", &instant(meeting.starts_at.plus_s(LASTS_S)));
        line("SEQUENCE", &meeting.moves.to_string());
        line("STATUS", "CONFIRMED");
        line("SUMMARY", &escape(&summary));
        if !meeting.place.is_empty() {
            line("LOCATION", &escape(&meeting.place));
        }
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// `20261123T060000Z`.
fn instant(at: At) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded between characters where it is longer than [`LINE_OCTETS`].
fn fold(out: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_the_standard_asks_and_are_folded_between_characters() {
        let mut out = String::new();
        fold(&mut out, &format!("SUMMARY:{}", "会".repeat(60)));
        let lines: Vec<&str> = out.strip_suffix("\r\n").unwrap_or_default().split("\r\n").collect();
        assert!(lines.len() > 2 && lines.iter().all(|l| l.len() <= LINE_OCTETS), "{lines:?}");
        assert!(lines[1..].iter().all(|l| l.starts_with(' ')));
        let unfolded = out.replace("\r\n ", "");
        assert_eq!(unfolded.matches('会').count(), 60);
    }

    #[test]
    fn separators_in_a_text_are_escaped() {
        assert_eq!(escape("一, 二; 三\\四\n五\u{7}"), "一\\, 二\\; 三\\\\四\\n五");
        assert_eq!(instant(At(1_795_140_000_000_000)), "20261120T020000Z");
    }
}
