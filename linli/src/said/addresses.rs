//! How near two addresses are, and why.

use cn_address::Reason;
use linli_platform::texts::T;

/// Reasons and the keys of their texts.
const REASONS: [(Reason, &str); 21] = [
    (Reason::AllEqual, "cli-address-all-equal"),
    (Reason::RoomDiffers, "cli-address-room-differs"),
    (Reason::RoomMissing, "cli-address-room-missing"),
    (Reason::FloorDiffers, "cli-address-floor-differs"),
    (Reason::UnitDiffers, "cli-address-unit-differs"),
    (Reason::UnitMissing, "cli-address-unit-missing"),
    (Reason::NumberDiffers, "cli-address-number-differs"),
    (Reason::NumberMissing, "cli-address-number-missing"),
    (Reason::LaneDiffers, "cli-address-lane-differs"),
    (Reason::LaneMissing, "cli-address-lane-missing"),
    (Reason::PhaseDiffers, "cli-address-phase-differs"),
    (Reason::GroupDiffers, "cli-address-group-differs"),
    (Reason::HamletDiffers, "cli-address-hamlet-differs"),
    (Reason::SiteDiffers, "cli-address-site-differs"),
    (Reason::RoadDiffers, "cli-address-road-differs"),
    (Reason::VillageDiffers, "cli-address-village-differs"),
    (Reason::DistrictDiffers, "cli-address-district-differs"),
    (Reason::NoCommonPlace, "cli-address-no-common-place"),
    (Reason::NameMisspelt, "cli-address-name-misspelt"),
    (Reason::PlaceMissing, "cli-address-place-missing"),
    (Reason::Ambiguous, "cli-address-ambiguous"),
];

/// The reasons in the user's language, looked up once for tables of any length.
pub(crate) struct Words {
    reasons: Vec<(Reason, String)>,
    /// Nothing of the address is in the table.
    pub nothing: String,
    /// The building is there, the door is not.
    pub no_door: String,
    /// Behind a reason: there are several such doors.
    pub several: String,
}

impl Words {
    /// In the language of the texts.
    pub fn new(t: &T) -> Self {
        Words {
            reasons: REASONS.iter().map(|(reason, key)| (*reason, t.s(key))).collect(),
            nothing: t.s("cli-address-nothing"),
            no_door: t.s("cli-address-no-door"),
            several: t.s("cli-address-several"),
        }
    }
    /// A reason in words.
    pub fn of(&self, reason: Reason) -> &str {
        self.reasons.iter().find(|(one, _)| *one == reason).map_or("", |(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_words_in_both_languages() {
        for lang in [linli_platform::texts::Lang::Zh, linli_platform::texts::Lang::En] {
            let t = crate::areas::texts(lang).expect("the texts fit together");
            let words = Words::new(&t);
            let mut seen: Vec<&str> = REASONS.iter().map(|(reason, _)| words.of(*reason)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), REASONS.len(), "{seen:?}");
        }
    }
}
