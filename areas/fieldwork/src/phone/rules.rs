//! The pack's rules of premises as the phone has to know them: which hazards there are, and when a photo is asked for.
//! Both sides go by the same vectors (`tests/vectors/premises.json`).

use policy_pack::Pack;
use serde_json::{Value, json};

/// The hazards that can be noted, each with its names and its longest time.
pub fn hazards(pack: &Pack) -> Value {
    let of =
        |h: &policy_pack::Hazard| json!({ "code": h.id, "zh-CN": h.name, "en": h.name_en, "max_days": h.max_days });
    pack.visits.hazards.iter().map(of).collect()
}

/// The rules that ask for a photo.
pub fn photos(pack: &Pack) -> Value {
    let of = |r: &policy_pack::PhotoRule| json!({ "id": r.id, "zh-CN": r.name, "en": r.name_en, "categories": r.categories, "outcomes": r.outcomes });
    pack.visits.photos.iter().map(of).collect()
}
