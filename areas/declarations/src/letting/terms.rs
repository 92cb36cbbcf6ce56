//! The confidentiality terms (保密与使用须知) that a liaison accepts before the first use, and again when they change.

use std::{fs, path::Path};

use linli_platform::{
    Result,
    event::NewEvent,
    store::{Query as _, Tx},
    texts::Lang,
    vals,
};
use sha2::{Digest as _, Sha256};

use super::liaison::{Liaison, subject};

/// The office's own text, in the installation's folder.
const OWN_TEXT: &str = "liaison-terms.txt";

/// The terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Their paragraphs, as shown.
    pub paragraphs: Vec<String>,
    /// SHA-256 of the text that binds, in hexadecimal digits.
    pub digest: String,
}

impl Terms {
    /// The terms in a language: the office's own where it has some, which are then shown as they are. The Chinese text
    /// binds.
    pub fn load(data_dir: &Path, lang: Lang) -> Terms {
        let own = fs::read_to_string(data_dir.join(OWN_TEXT)).ok();
        let chinese = include_str!("../../texts/terms.zh-CN.txt");
        let (binding, shown) = match (&own, lang) {
            (Some(own), _) => (own.as_str(), own.as_str()),
            (None, Lang::Zh) => (chinese, chinese),
            (None, Lang::En) => (chinese, include_str!("../../texts/terms.en.txt")),
        };
        let paragraphs = shown.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let digest = Sha256::digest(binding.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        Terms { paragraphs, digest }
    }
    /// Whether a liaison has accepted just these.
    pub fn accepted_by(&self, liaison: &Liaison) -> bool {
        liaison.terms_digest.as_ref() == Some(&self.digest)
    }
}

/// The liaison accepts the terms; which text it was is kept by its digest.
pub async fn accept(tx: &Tx, liaison: &Liaison, terms: &Terms) -> Result<()> {
    tx.execute_one(
        "UPDATE letting_liaison SET terms_at = $3, terms_digest = $4, version = version + 1
         WHERE division_code = $1 AND liaison_id = $2 AND ended_at IS NULL",
        vals![tx.division(), liaison.liaison_id, tx.now(), terms.digest.as_str()],
    )
    .await?;
    let body = serde_json::json!({ "text": terms.digest });
    tx.event(NewEvent::new("liaison.terms-accepted", subject(liaison.liaison_id)).body(body)).await?;
    Ok(())
}
