//! The confidentiality agreement signed on the screen (保密承诺书, R3, R37): its text, and the signature.
//!
//! What was signed is kept by the digest of the text: the office may use its own text, a file beside the data, and a
//! signature then says which one it was.

use std::{fs, path::Path};

use linli_platform::{
    AppError, Result,
    clock::At,
    store::{Query, Tx},
    texts::Lang,
    vals,
};
use sea_orm::FromQueryResult;
use sha2::{Digest as _, Sha256};

use crate::{
    ids::{AgreementId, StaffId},
    store::staff,
};

/// The office's own text, in the installation's folder.
pub const OWN_TEXT: &str = "agreement.txt";

/// The text of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its paragraphs, as shown.
    pub paragraphs: Vec<String>,
    /// SHA-256 of the text that binds, in hexadecimal digits.
    pub digest: String,
}

impl Promise {
    /// The text in a language: the office's own where it has one, which is then shown as it is. The Chinese text binds.
    pub fn load(data_dir: &Path, lang: Lang) -> Promise {
        let own = fs::read_to_string(data_dir.join(OWN_TEXT)).ok();
        let chinese = include_str!("../texts/agreement.zh-CN.txt");
        let (binding, shown) = match (&own, lang) {
            (Some(own), _) => (own.as_str(), own.as_str()),
            (None, Lang::Zh) => (chinese, chinese),
            (None, Lang::En) => (chinese, include_str!("../texts/agreement.en.txt")),
        };
        let paragraphs = shown.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let digest = Sha256::digest(binding.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        Promise { paragraphs, digest }
    }
}

/// A signature given on the screen.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Signature {
    /// When.
    pub signed_at: At,
    /// SHA-256 of the text.
    pub text_digest: String,
}

/// The transaction's reader signs for themselves, by writing their name as it is on file. Access opens at once.
///
/// # Errors
/// `agreement-nobody` if the account belongs to nobody on file; `agreement-name` for another name;
/// `agreement-signed` if one is in force.
pub async fn sign(tx: &Tx, promise: &Promise, name: &str) -> Result<AgreementId> {
    let account = tx.reader().account;
    let own = staff::of_account(tx, account).await?.ok_or_else(|| AppError::rule("agreement-nobody"))?;
    if own.name != name.trim() {
        return Err(AppError::rule("agreement-name"));
    }
    let id = staff::sign_agreement(tx, own.staff_id, tx.now().day()).await?;
    let columns = ["division_code", "agreement_id", "account_id", "signed_at", "text_digest"];
    let row = vals![tx.division(), id, account, tx.now(), promise.digest.as_str()];
    tx.insert_many("agreement_signature", &columns, vec![row]).await?;
    Ok(id)
}

/// The signatures that a member gave on the screen, the newest first.
pub async fn signatures(q: &impl Query, id: StaffId) -> Result<Vec<Signature>> {
    q.rows(
        "SELECT g.signed_at, g.text_digest FROM agreement_signature g
         JOIN agreement a ON a.division_code = g.division_code AND a.agreement_id = g.agreement_id
         WHERE g.division_code = $1 AND a.staff_id = $2 ORDER BY g.signed_at DESC",
        vals![q.division(), id],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offices_own_text_takes_the_place_of_ours_and_has_another_digest() {
        let dir = tempfile::tempdir().unwrap();
        let (ours, english) = (Promise::load(dir.path(), Lang::Zh), Promise::load(dir.path(), Lang::En));
        assert!(ours.paragraphs.len() >= 7 && english.paragraphs.len() == ours.paragraphs.len());
        assert_eq!(ours.digest, english.digest, "what binds is one text");
        fs::write(dir.path().join(OWN_TEXT), "第一条\n\n第二条\n").unwrap();
        let own = Promise::load(dir.path(), Lang::En);
        assert_eq!(own.paragraphs, ["第一条", "第二条"]);
        assert_ne!(own.digest, ours.digest);
    }
}
