//! Following what was filed, by whoever holds the receipt.

use linli_platform::{
    Result,
    keys::KeyRing,
    store::{Query, Store},
    vals,
};
use linli_register::rules::Document;

use crate::{
    door::Visitor,
    ids::DeclarationId,
    person::is_one_of,
    requests::{COLUMNS, Request},
};

/// Digits and letters that nobody takes for each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 50 bits.
const CODE_CHARS: usize = 10;

/// The code on the receipt of a case. It is a MAC of the case under the installation's key, so it is stored nowhere.
pub fn receipt_code(keys: &KeyRing, id: DeclarationId) -> String {
    code_of(&keys.blind_index("newcomer-receipt", &id.to_string()))
}

fn code_of(mac: &[u8]) -> String {
    let bits = mac.iter().take(8).fold(0u64, |all, byte| all << 8 | u64::from(*byte));
    let letter = |n: usize| char::from(ALPHABET[(bits >> (5 * n) & 31) as usize]);
    let code: String = (0..CODE_CHARS).map(letter).collect();
    format!("{}-{}", &code[..5], &code[5..])
}

/// A code as typed: small letters, blanks and letters that look like digits are put right.
fn normal(typed: &str) -> String {
    let kept = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    kept.map(|c| {
        if c == 'O' {
            '0'
        } else if matches!(c, 'I' | 'L') {
            '1'
        } else {
            c
        }
    })
    .collect()
}

/// The case of a document number and the code on its receipt; `None` for any other pair, and which of the two is wrong
/// is not told.
pub async fn follow(store: &Store, document: &Document, code: &str) -> Result<Option<Request>> {
    let (q, code) = (store.reads(), normal(code));
    let mut values = vals![q.division()];
    let same = is_one_of("p.doc_blind", &store.keys().blind_forms("doc", &document.number), &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM declaration d
         JOIN declaration_place p ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
         WHERE d.division_code = $1 AND {same} ORDER BY d.made_at DESC, d.declaration_id DESC LIMIT 20"
    );
    let rows: Vec<Request> = q.rows(&sql, values).await?;
    let codes = |id: DeclarationId| store.keys().blind_forms("newcomer-receipt", &id.to_string());
    Ok(rows.into_iter().find(|r| codes(r.declaration_id).iter().any(|mac| normal(&code_of(mac)) == code)))
}

/// What was filed in a visit.
pub async fn of_visit(q: &impl Query, visitor: &Visitor) -> Result<Option<Request>> {
    let Some(id) = visitor.declaration_id else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM declaration d WHERE d.division_code = $1 AND d.declaration_id = $2");
    q.row(&sql, vals![q.division(), id]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_the_same_however_it_is_typed() {
        assert_eq!(normal("ab0de-1ghjk"), "AB0DE1GHJK");
        assert_eq!(normal(" abode ighjk"), "AB0DE1GHJK");
        assert_ne!(normal("ab0de-2ghjk"), "AB0DE1GHJK");
    }
}
