//! `linli log proof`: checking a proof that somebody was given, without a database.

use std::path::Path;

use linli_platform::{log_proofs::LogProof, texts::T};
use transparency_log::VerifierKey;

use crate::{
    commands::{text, toml_file},
    failure::{Failure, Outcome},
};

/// Checks a proof file against the log's public key: the one given, or, with a word of warning, the file's own.
///
/// # Errors
/// `cli-log-fault` with what does not hold.
pub fn check(file: &Path, key: Option<&str>, t: &T) -> Outcome {
    let text = text::small(file)?;
    let fault =
        |e: &dyn std::fmt::Display| Failure::say("cli-log-fault").arg("fault", format!("{}: {e}", file.display()));
    let found: LogProof = serde_json::from_str(&text).map_err(|e| toml_file::json(file, &e))?;
    let verifier = VerifierKey::parse(key.unwrap_or(&found.key)).map_err(|e| fault(&e))?;
    found.check(&verifier).map_err(|e| fault(&e))?;
    crate::say!("{}", found.record);
    let args = [("index", found.index.to_string()), ("size", found.size.to_string())];
    crate::say!("\n{}", t.all("cli-log-proof-good", &args));
    if key.is_none() {
        crate::say!("{}", t.s("cli-log-proof-own-key"));
    }
    Ok(())
}
