//! The second factor (动态口令): a time-based one-time code of RFC 6238 from an app on the person's own phone, beside
//! the password.
//!
//! SHA-1, six digits, 30 seconds, which every authenticator app understands; one step before and after is accepted for
//! clocks that differ, and no step twice. The secret is sealed under the account's own data key. Ten recovery codes of
//! 80 bits are shown once and kept as digests alone; each signs in once, and the security officer hears of it.

use sea_orm::FromQueryResult;
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    accounts::subject,
    clock::{At, Rng},
    error::{AppError, Result},
    event::NewEvent,
    ids::AccountId,
    notices,
    sealed::{Bind, KeyRow, Sealed, SubjectKey},
    store::{Query, Tx},
    vals,
};

/// Recovery codes that are given at once.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Seconds of a step.
const STEP_S: u64 = 30;
/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// A secret on its way to the app.
pub struct Enrolment {
    secret: Zeroizing<Vec<u8>>,
}

impl Enrolment {
    /// The secret as an app takes it by hand: groups of four in base 32.
    pub fn by_hand(&self) -> String {
        let text = self.base32();
        let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|c| std::str::from_utf8(c).ok()).collect();
        groups.join(" ")
    }
    /// The address that a QR code holds; `issuer` and `name` are what the app shows.
    pub fn address(&self, issuer: &str, name: &str) -> String {
        let (issuer, name) = (crate::web::encode_query(issuer), crate::web::encode_query(name));
        format!("otpauth://totp/{issuer}:{name}?secret={}&issuer={issuer}&digits=6&period={STEP_S}", self.base32())
    }
    fn base32(&self) -> String {
        totp(&self.secret).secret().to_base32()
    }
    /// The code that an app shows at an instant.
    #[cfg(any(test, feature = "testing"))]
    pub fn code_at(&self, at: At) -> String {
        totp(&self.secret).generate(seconds(at)).to_string()
    }
}

fn totp(secret: &[u8]) -> Totp {
    Builder::new().with_secret(secret.to_vec()).build_noncompliant()
}

fn seconds(at: At) -> u64 {
    u64::try_from(at.0 / 1_000_000).unwrap_or(0)
}

fn bind(account: AccountId) -> Bind {
    Bind { table: "second_factor", column: "secret_sealed", row: account.0 }
}

#[derive(FromQueryResult)]
struct Row {
    secret_sealed: Sealed,
    active: bool,
    last_step: i64,
}

async fn row(q: &impl Query, account: AccountId) -> Result<Option<Row>> {
    let sql = "SELECT secret_sealed, active, last_step FROM second_factor WHERE division_code = $1 AND account_id = $2";
    q.row(sql, vals![q.division(), account]).await
}

async fn open(q: &impl Query, account: AccountId, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
    let sql = "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    let key: KeyRow = q.row(sql, vals![q.division(), account]).await?.ok_or_else(AppError::not_found)?;
    let secret = q.store().keys().unwrap(&key.epoch, account.0, &key.wrapped)?;
    let text = Zeroizing::new(SubjectKey::new(&secret, q.store().rng()).open(bind(account), sealed)?);
    let bytes = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        u8::from_str_radix(pair, 16).map_err(|_| AppError::internal("a second factor's secret is no hexadecimal text"))
    });
    Ok(Zeroizing::new(bytes.collect::<Result<_>>()?))
}

/// Whether the account signs in with a second factor.
pub async fn is_active(q: &impl Query, account: AccountId) -> Result<bool> {
    Ok(row(q, account).await?.is_some_and(|r| r.active))
}

/// The secret that waits to be confirmed.
pub async fn pending(q: &impl Query, account: AccountId) -> Result<Option<Enrolment>> {
    match row(q, account).await?.filter(|r| !r.active) {
        Some(row) => Ok(Some(Enrolment { secret: open(q, account, &row.secret_sealed).await? })),
        None => Ok(None),
    }
}

/// Makes a secret for the transaction's reader; it counts once a code was given back. One that waits is replaced.
///
/// # Errors
/// `second-factor-active` if there is one in use.
pub async fn begin(tx: &Tx) -> Result<()> {
    let account = tx.reader().account;
    if row(tx, account).await?.is_some_and(|r| r.active) {
        return Err(AppError::rule("second-factor-active"));
    }
    let secret = Zeroizing::new(tx.store().rng().bytes::<SECRET_BYTES>());
    let text = Zeroizing::new(crate::backup::hex(secret.as_slice()));
    drop_code(tx, account).await?;
    let keys = tx.create_keys(&[account.0]).await?;
    let sealed: Vec<Sealed> = keys.iter().map(|key| key.seal(bind(account), &text)).collect();
    let columns = ["division_code", "account_id", "secret_sealed", "active", "last_step", "made_at", "confirmed_at"];
    let rows = sealed.into_iter().map(|s| vals![tx.division(), account, s, false, 0_i64, tx.now(), None::<At>]);
    tx.insert_many("second_factor", &columns, rows.collect()).await?;
    tx.event(NewEvent::new("account.second-factor-begun", subject(account))).await?;
    Ok(())
}

/// Confirms the secret by a code from the app. Returns the recovery codes, which nobody sees again.
///
/// # Errors
/// `second-factor-none` without a secret that waits; `second-factor-code` if the code is not the app's of now.
pub async fn confirm(tx: &Tx, code: &str) -> Result<Vec<String>> {
    let account = tx.reader().account;
    let row = row(tx, account).await?.filter(|r| !r.active).ok_or_else(|| AppError::rule("second-factor-none"))?;
    let step = step_of(tx, account, &row, code).await?.ok_or_else(|| AppError::rule("second-factor-code"))?;
    tx.execute_one(
        "UPDATE second_factor SET active = TRUE, last_step = $3, confirmed_at = $4
         WHERE division_code = $1 AND account_id = $2 AND active = FALSE",
        vals![tx.division(), account, step, tx.now()],
    )
    .await?;
    let codes = new_recovery_codes(tx, account).await?;
    tx.event(NewEvent::new("account.second-factor-enrolled", subject(account))).await?;
    Ok(codes)
}

/// Gives new recovery codes to the transaction's reader, who has a second factor of whatever kind; the old ones no
/// longer sign in.
pub async fn renew_recovery(tx: &Tx) -> Result<Vec<String>> {
    let account = tx.reader().account;
    let codes = new_recovery_codes(tx, account).await?;
    tx.event(NewEvent::new("account.recovery-renewed", subject(account))).await?;
    Ok(codes)
}

async fn new_recovery_codes(tx: &Tx, account: AccountId) -> Result<Vec<String>> {
    tx.execute("DELETE FROM recovery_code WHERE division_code = $1 AND account_id = $2", vals![tx.division(), account])
        .await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(tx.store().rng())).collect();
    let rows = codes.iter().map(|c| vals![tx.division(), account, recovery_digest(account, c), None::<At>]).collect();
    tx.insert_many("recovery_code", &["division_code", "account_id", "code_hash", "used_at"], rows).await?;
    Ok(codes)
}

/// Sixteen letters in groups of four: 80 random bits.
fn recovery_code(rng: &Rng) -> String {
    let letters: Vec<u8> = rng.bytes::<16>().iter().map(|b| ALPHABET[usize::from(b % 32)]).collect();
    let groups: Vec<&str> = letters.chunks(4).filter_map(|c| std::str::from_utf8(c).ok()).collect();
    groups.join("-")
}

/// Eighty random bits cannot be guessed from a digest, so that no slow one is needed.
fn recovery_digest(account: AccountId, code: &str) -> Vec<u8> {
    let plain: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::new().chain_update(b"linli recovery code\n").chain_update(account.0).chain_update(plain).finalize().to_vec()
}

/// How many recovery codes are left.
pub async fn recovery_left(q: &impl Query, account: AccountId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM recovery_code WHERE division_code = $1 AND account_id = $2 AND used_at IS NULL";
    q.number(sql, vals![q.division(), account]).await
}

async fn step_of(q: &impl Query, account: AccountId, row: &Row, code: &str) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let secret = open(q, account, &row.secret_sealed).await?;
    let step = totp(&secret).check(&code, seconds(q.store().now())).and_then(|s| i64::try_from(s).ok());
    Ok(step.filter(|step| *step > row.last_step))
}

/// Whether a code of the app, or a recovery code, is right for the transaction's reader; each is right once.
pub async fn accepts(tx: &Tx, code: &str) -> Result<bool> {
    let account = tx.reader().account;
    // Whoever has a passkey alone has recovery codes and no app.
    let step = match row(tx, account).await?.filter(|r| r.active) {
        Some(row) => step_of(tx, account, &row, code).await?,
        None => None,
    };
    if let Some(step) = step {
        // Not by account alone: the same code sent twice at one moment counts once.
        let taken = tx
            .execute(
                "UPDATE second_factor SET last_step = $3 WHERE division_code = $1 AND account_id = $2 AND last_step < $3",
                vals![tx.division(), account, step],
            )
            .await?;
        tx.housekeeping("what the code opens has its own event");
        return Ok(taken == 1);
    }
    let used = tx
        .execute(
            "UPDATE recovery_code SET used_at = $4
             WHERE division_code = $1 AND account_id = $2 AND code_hash = $3 AND used_at IS NULL",
            vals![tx.division(), account, recovery_digest(account, code), tx.now()],
        )
        .await?;
    if used == 0 {
        return Ok(false);
    }
    tx.event(NewEvent::new("account.recovery-used", subject(account))).await?;
    notices::raise(tx, notices::Kind::RecoveryUsed, account, recovery_left(tx, account).await?).await?;
    Ok(true)
}

/// Takes the recovery codes away: the last second factor they belong to is gone.
pub async fn drop_recovery(tx: &Tx, account: AccountId) -> Result<()> {
    let sql = "DELETE FROM recovery_code WHERE division_code = $1 AND account_id = $2";
    tx.execute(sql, vals![tx.division(), account]).await?;
    Ok(())
}

/// Takes the app's secret away, with its key.
pub(crate) async fn drop_code(tx: &Tx, account: AccountId) -> Result<()> {
    let sql = "DELETE FROM second_factor WHERE division_code = $1 AND account_id = $2";
    tx.execute(sql, vals![tx.division(), account]).await?;
    let sql = "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2";
    tx.execute(sql, vals![tx.division(), Uuid::from(account)]).await?;
    Ok(())
}

/// Takes the code of the transaction's reader away; the recovery codes too, unless `other` says that there is a second
/// factor of another kind that they belong to as well.
///
/// # Errors
/// `second-factor-none` if there is none in use.
pub async fn remove(tx: &Tx, other: bool) -> Result<()> {
    let account = tx.reader().account;
    if !is_active(tx, account).await? {
        return Err(AppError::rule("second-factor-none"));
    }
    drop_code(tx, account).await?;
    if !other {
        drop_recovery(tx, account).await?;
    }
    tx.event(NewEvent::new("account.second-factor-removed", subject(account))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of the eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(totp(secret).generate(seconds).to_string(), code);
        }
    }

    #[test]
    fn an_app_gets_the_secret_by_address_or_by_hand() {
        let enrolment = Enrolment { secret: Zeroizing::new(b"12345678901234567890".to_vec()) };
        assert_eq!(enrolment.by_hand(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let address = enrolment.address("邻里", "li.na");
        assert!(address.starts_with("otpauth://totp/%E9%82%BB%E9%87%8C:li.na?secret=GEZDGNBVGY3TQOJQ"), "{address}");
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed_and_belongs_to_one_account() {
        let (one, two) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let code = recovery_code(&Rng::seeded(7));
        assert_eq!(code.len(), 19);
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(recovery_digest(one, &code), recovery_digest(one, &typed));
        assert_ne!(recovery_digest(one, &code), recovery_digest(two, &code));
    }
}
