//! Reasons as they are stored beside a result: codes, positions and weights, never a value.

use roster_match::{Finding, Lang as EngineLang, Reason};
use serde::{Deserialize, Serialize};

use linli_platform::texts::Lang;

/// A reason with its weight, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredReason {
    /// Stable code.
    pub code: String,
    /// Position in the number, from 1, where the reason has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u8>,
    /// Evidence in bits; positive speaks for the same person, 0 for a rule.
    pub bits: f64,
}

const CODES: &[(Reason, &str)] = &[
    (Reason::NumberEqual, "number-equal"),
    (Reason::NumberOneOff { position: 0 }, "number-one-off"),
    (Reason::NumberTransposed { position: 0 }, "number-transposed"),
    (Reason::NumberDamaged, "number-damaged"),
    (Reason::NumberNear, "number-near"),
    (Reason::NumberSameBirth, "number-same-birth"),
    (Reason::NumberUnlike, "number-unlike"),
    (Reason::NumberOfOther, "number-of-other"),
    (Reason::NumberMissing, "number-missing"),
    (Reason::NameEqual, "name-equal"),
    (Reason::NameVariant, "name-variant"),
    (Reason::NameHomophone, "name-homophone"),
    (Reason::NameOneCharacter, "name-one-character"),
    (Reason::NameDiffers, "name-differs"),
    (Reason::NameMissing, "name-missing"),
    (Reason::PhoneEqual, "phone-equal"),
    (Reason::PhoneOneOff, "phone-one-off"),
    (Reason::PhoneDiffers, "phone-differs"),
    (Reason::PhoneMissing, "phone-missing"),
    (Reason::AddressSameDoor, "address-same-door"),
    (Reason::AddressSameBuilding, "address-same-building"),
    (Reason::AddressSameRoad, "address-same-road"),
    (Reason::AddressDiffers, "address-differs"),
    (Reason::AddressMissing, "address-missing"),
    (Reason::EmployerSame, "employer-same"),
    (Reason::EmployerDiffers, "employer-differs"),
    (Reason::EmployerMissing, "employer-missing"),
    (Reason::NumberUnderOtherName, "number-under-other-name"),
    (Reason::SeveralCandidates, "several-candidates"),
    (Reason::HouseholdOnly, "household-only"),
    (Reason::NumberOfRegistered, "number-of-registered"),
    (Reason::NobodyLike, "nobody-like"),
    (Reason::NobodyEnough, "nobody-enough"),
    (Reason::NumberNotRegistered, "number-not-registered"),
];

fn plain(reason: Reason) -> (Reason, Option<u8>) {
    match reason {
        Reason::NumberOneOff { position } => (Reason::NumberOneOff { position: 0 }, Some(position)),
        Reason::NumberTransposed { position } => (Reason::NumberTransposed { position: 0 }, Some(position)),
        other => (other, None),
    }
}

impl From<&Finding> for StoredReason {
    fn from(finding: &Finding) -> Self {
        let (reason, at) = plain(finding.reason);
        let code = CODES.iter().find(|(r, _)| *r == reason).map_or("", |(_, c)| c);
        StoredReason { code: code.to_owned(), at, bits: (finding.weight_bits * 10.0).round() / 10.0 }
    }
}

impl StoredReason {
    /// The engine's reason.
    pub fn reason(&self) -> Option<Reason> {
        let (reason, _) = CODES.iter().find(|(_, c)| *c == self.code)?;
        Some(match reason {
            Reason::NumberOneOff { .. } => Reason::NumberOneOff { position: self.at.unwrap_or(0) },
            Reason::NumberTransposed { .. } => Reason::NumberTransposed { position: self.at.unwrap_or(0) },
            other => *other,
        })
    }
    /// As a sentence without its full stop.
    pub fn text(&self, lang: Lang) -> String {
        let lang = if lang == Lang::En { EngineLang::En } else { EngineLang::Zh };
        self.reason().map(|r| r.text(lang)).unwrap_or_default()
    }
    /// The weight with its sign: `+9.4`; empty for a rule.
    pub fn weight(&self) -> String {
        if self.bits == 0.0 { String::new() } else { format!("{:+.1}", self.bits).replace('-', "−") }
    }
    fn is(&self, reason: Reason) -> bool {
        self.reason() == Some(reason)
    }
    fn is_rule(&self) -> bool {
        use Reason::{HouseholdOnly, NumberOfRegistered, NumberUnderOtherName, SeveralCandidates};
        [NumberUnderOtherName, NumberOfRegistered, SeveralCandidates, HouseholdOnly].iter().any(|r| self.is(*r))
    }
    fn is_missing(&self) -> bool {
        self.code.ends_with("-missing")
    }
}

/// What stands in the way of an automatic decision comes first, then what weighs most; at most three.
pub fn headline(reasons: &[StoredReason], lang: Lang) -> Vec<String> {
    let mut ordered: Vec<&StoredReason> = reasons.iter().filter(|r| !r.is_missing()).collect();
    ordered.sort_by(|a, b| b.is_rule().cmp(&a.is_rule()).then(b.bits.abs().total_cmp(&a.bits.abs())));
    ordered.iter().take(3).map(|r| r.text(lang)).collect()
}

/// Whether the reasons hold equal numbers and names: sure enough to change a fact by machine.
pub(crate) fn is_certain(reasons: &[StoredReason]) -> bool {
    let has = |reason| reasons.iter().any(|r| r.is(reason));
    has(Reason::NumberEqual) && (has(Reason::NameEqual) || has(Reason::NameVariant))
}

/// Whether the claimed and the registered address are two.
pub(crate) fn address_differs(reasons: &[StoredReason]) -> bool {
    [Reason::AddressSameBuilding, Reason::AddressSameRoad, Reason::AddressDiffers]
        .iter()
        .any(|reason| reasons.iter().any(|r| r.is(*reason)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_being_stored() {
        for (reason, _) in CODES {
            let reason = match reason {
                Reason::NumberOneOff { .. } => Reason::NumberOneOff { position: 9 },
                other => *other,
            };
            let stored = StoredReason::from(&Finding { reason, weight_bits: 1.23 });
            let read: StoredReason = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
            assert_eq!(read.reason(), Some(reason));
            assert!(!read.text(Lang::Zh).is_empty());
        }
    }
    #[test]
    fn a_rule_stands_before_the_weights() {
        let finding = |reason, weight_bits| StoredReason::from(&Finding { reason, weight_bits });
        let reasons = [
            finding(Reason::NameEqual, 9.4),
            finding(Reason::PhoneDiffers, -2.2),
            finding(Reason::NumberMissing, 0.0),
            finding(Reason::SeveralCandidates, 0.0),
        ];
        let texts = headline(&reasons, Lang::Zh);
        assert_eq!(texts, ["有多名登记人员相符，须人工核对", "姓名一致", "手机号不同"]);
        assert_eq!((reasons[0].weight().as_str(), reasons[1].weight().as_str()), ("+9.4", "−2.2"));
    }
}
