//! What a token that holds says of somebody, under the installation's settings.

use linli_platform::config::Oidc;

use super::SsoFault;

/// What the provider said of somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// The value of the configured claim.
    pub subject: String,
    /// A name to recognise oneself by, shown once and kept nowhere.
    pub shown: String,
    /// Whether what it asked of the person counts as two factors here.
    pub strong: bool,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Told(***, strong: {})", self.strong)
    }
}

/// The longest that a provider takes from somebody's signing in to the token, beside what passes between question and
/// answer by our own clock.
const ANEW_SLACK_S: i64 = 10;

/// Whether the token is of somebody who signed in after the question, `elapsed_s` ago: both of its times are by the
/// provider's clock, which need not go as ours does.
pub(super) fn signed_in_anew(claims: &serde_json::Value, elapsed_s: i64) -> bool {
    let time = |name: &str| claims.get(name).and_then(|v| v.as_i64().or_else(|| v.as_f64().map(|f| f as i64)));
    match (time("auth_time"), time("iat")) {
        (Some(signed_in), Some(issued)) => {
            signed_in <= issued.saturating_add(ANEW_SLACK_S)
                && issued.saturating_sub(signed_in) <= elapsed_s.max(0).saturating_add(ANEW_SLACK_S)
        }
        _ => false,
    }
}

/// What the claims of a token that holds come to under these settings.
pub(super) fn told(oidc: &Oidc, claims: &serde_json::Value) -> Result<Told, SsoFault> {
    let text = |name: &str| claims.get(name).and_then(|v| v.as_str()).filter(|v| !v.is_empty());
    // An address of the mail may be taken by somebody else until the provider has checked it.
    let unchecked = oidc.claim == "email" && claims.get("email_verified") != Some(&true.into());
    let subject = text(&oidc.claim).filter(|_| !unchecked).ok_or(SsoFault::NoClaim)?;
    let shown = ["name", "preferred_username", "email", "sub"].into_iter().find_map(text).unwrap_or(subject);
    let methods = claims.get("amr").and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_str());
    let by_method = methods.into_iter().any(|m| oidc.second_factor_amr.iter().any(|known| known == m));
    let by_context = text("acr").is_some_and(|a| oidc.second_factor_acr.iter().any(|known| known == a));
    Ok(Told { subject: subject.to_owned(), shown: shown.to_owned(), strong: by_method || by_context })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oidc(claim: &str, amr: &[&str], acr: &[&str]) -> Oidc {
        let own = |values: &[&str]| values.iter().map(ToString::to_string).collect();
        Oidc {
            issuer: "https://sso.example.cn".into(),
            client_id: "linli".into(),
            client_secret: None,
            client_secret_file: None,
            name: None,
            claim: claim.into(),
            scopes: Vec::new(),
            second_factor_amr: own(amr),
            second_factor_acr: own(acr),
            timeout_s: 10,
        }
    }

    #[test]
    fn the_configured_claim_names_the_account_and_a_missing_one_names_nobody() {
        let claims = serde_json::json!({
            "sub": "u-17", "staff_no": "20260017", "email": "li.na@street.example", "name": "李娜", "level": 3
        });
        for (claim, subject) in [
            ("sub", Some("u-17")),
            ("staff_no", Some("20260017")),
            ("level", None),
            ("nickname", None),
            ("email", None),
        ] {
            let told = told(&oidc(claim, &[], &[]), &claims);
            assert_eq!(told.as_ref().map(|t| t.subject.as_str()).ok(), subject, "{claim}");
        }
        let checked = serde_json::json!({ "sub": "u-17", "email": "li.na@street.example", "email_verified": true });
        assert_eq!(told(&oidc("email", &[], &[]), &checked).unwrap().subject, "li.na@street.example");
        assert_eq!(told(&oidc("sub", &[], &[]), &claims).unwrap().shown, "李娜");
    }

    #[test]
    fn only_who_signed_in_after_the_question_signed_in_anew() {
        let at = |auth_time: serde_json::Value| serde_json::json!({ "iat": 1_700_000_100, "auth_time": auth_time });
        for (claims, elapsed_s, anew) in [
            (at(1_700_000_098.into()), 0, true),
            (at(1_700_000_098.5.into()), 0, true),
            (at(1_700_000_040.into()), 60, true),
            // Before the question: the provider remembered somebody and asked nobody.
            (at(1_700_000_040.into()), 30, false),
            (at(1_600_000_000.into()), 600, false),
            // After the token was made.
            (at(1_700_000_200.into()), 600, false),
            // A clock of ours that was put back.
            (at(1_700_000_040.into()), -3_600, false),
            (at("yesterday".into()), 600, false),
            (serde_json::json!({ "iat": 1_700_000_100 }), 600, false),
        ] {
            assert_eq!(signed_in_anew(&claims, elapsed_s), anew, "{claims} {elapsed_s}");
        }
    }

    #[test]
    fn the_providers_second_factor_counts_only_where_the_settings_say_so() {
        let claims = serde_json::json!({ "sub": "u", "amr": ["pwd", "otp"], "acr": "gold" });
        for (amr, acr, strong) in [
            (&[][..], &[][..], false),
            (&["otp"][..], &[][..], true),
            (&["hwk"][..], &[][..], false),
            (&[][..], &["gold"][..], true),
            (&["mfa"][..], &["silver"][..], false),
        ] {
            assert_eq!(told(&oidc("sub", amr, acr), &claims).unwrap().strong, strong, "{amr:?} {acr:?}");
        }
        let none = serde_json::json!({ "sub": "u" });
        assert!(!told(&oidc("sub", &["otp"], &["gold"]), &none).unwrap().strong);
    }
}
