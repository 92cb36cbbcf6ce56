//! What a phone sends: sealed envelopes, and what is in them.

use linli_platform::clock::{At, Day};
use linli_register::{HomeId, ResidentId};
use linli_work::TaskId;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ids::{DeviceId, EntryId};

/// Entries of one sending at most.
pub const ENTRIES_MAX: usize = 50;
/// Characters of one sealed entry at most: a photo in base64, sealed, and in base64 again.
pub const SEALED_MAX_CHARS: usize = 768 * 1024;
/// Bytes of an entry in clear at most, the photo apart.
const CLEAR_MAX_BYTES: usize = 48 * 1024;
/// Hazards of one visit at most.
const HAZARDS_MAX: usize = 30;
/// People of one visit at most, registered ones and newcomers each.
const PEOPLE_MAX: usize = 500;

/// One sending (`POST /field/entries`).
#[derive(Debug, Deserialize)]
pub struct Sending {
    /// The phone.
    pub device_id: DeviceId,
    /// The epoch that the phone knows, if it has heard of one; it is told the current one.
    #[serde(default)]
    pub epoch: Option<String>,
    /// The entries.
    pub entries: Vec<Envelope>,
}

/// One sealed entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// Its id, made on the phone.
    pub entry_id: String,
    /// The key it is sealed to.
    pub key_id: String,
    /// The encapsulated key, base64url.
    pub enc: String,
    /// The ciphertext, base64url.
    pub ct: String,
}

impl Envelope {
    /// By which an entry that is sent again is known to be the same.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::new().chain_update(&self.key_id).chain_update([0]).chain_update(&self.ct).finalize().to_vec()
    }
}

/// An entry in clear: a visit. All of it is personal; there is no `Debug` of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Version of the form; 1.
    pub v: u8,
    /// Its id, the envelope's.
    pub entry_id: EntryId,
    /// `visit`.
    pub kind: String,
    /// When somebody stood at the door, by the phone's clock.
    pub made_at: At,
    /// When the assignment was taken that it rests on.
    #[serde(default)]
    pub assignment_made_at: Option<At>,
    /// The home.
    pub home_id: HomeId,
    /// How it ended: a code of [`VisitOutcome`](crate::visit::VisitOutcome).
    pub outcome: String,
    /// When to come again.
    #[serde(default)]
    pub next_day: Option<Day>,
    /// One choice for each person.
    #[serde(default)]
    pub people: Vec<Person>,
    /// People who were not registered there.
    #[serde(default)]
    pub newcomers: Vec<Newcomer>,
    /// How tasks ended.
    #[serde(default)]
    pub tasks: Vec<Said>,
    /// Notes about the premises, as codes.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Hazards of the premises, as codes, each with its last day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Noted>,
    /// Hazards that are no longer so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards_gone: Vec<String>,
    /// A photo of the premises, where the rule asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Taken>,
    /// The earlier entry that this one puts right.
    #[serde(default)]
    pub corrects: Option<EntryId>,
}

impl Entry {
    /// An entry from its clear bytes, if it is one of this id that this program understands.
    pub fn read(clear: &[u8], id: EntryId) -> Option<Entry> {
        let entry: Entry = serde_json::from_slice(clear).ok()?;
        let known = entry.v == 1 && entry.kind == "visit" && entry.entry_id == id;
        let small = entry.people.len() <= PEOPLE_MAX && entry.newcomers.len() <= PEOPLE_MAX;
        let few = entry.hazards.len() <= HAZARDS_MAX && entry.hazards_gone.len() <= HAZARDS_MAX;
        let photo = entry.photo.as_ref().map_or(0, |p| p.jpeg.len());
        let short = clear.len().saturating_sub(photo) <= CLEAR_MAX_BYTES;
        (known && small && few && short).then_some(entry)
    }
    /// When the assignment was taken; the moment of the entry where the phone did not say.
    pub fn rests_on(&self) -> At {
        self.assignment_made_at.unwrap_or(self.made_at)
    }
}

/// What was found of one registered person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    /// The record.
    pub resident_id: ResidentId,
    /// Its version in the assignment.
    pub version: i64,
    /// `here`, `moved-out`, `changed`.
    pub choice: String,
    /// Since when the person has moved out.
    #[serde(default)]
    pub day: Option<Day>,
    /// What changed.
    #[serde(default)]
    pub changes: Option<Changes>,
}

/// Facts that changed; what is absent did not.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Mobile; an empty one takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<Doc>,
    /// Household registration local.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<bool>,
    /// Organisation code of the employer; null takes it away.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub employer: Option<Option<String>>,
}

/// A document.
#[derive(Clone, Serialize, Deserialize)]
pub struct Doc {
    /// Kind, a code.
    pub kind: String,
    /// Number as written.
    pub no: String,
    /// Whether it was compared with the card.
    #[serde(default)]
    pub confirmed: bool,
}

/// Somebody who was not registered there.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Newcomer {
    /// Name.
    pub name: String,
    /// Kind of document, a code.
    pub doc_kind: String,
    /// Its number as written.
    pub doc_no: String,
    /// Whether it was compared with the card.
    #[serde(default)]
    pub confirmed: bool,
    /// Mobile.
    #[serde(default)]
    pub phone: Option<String>,
    /// Sex, where the number does not tell it.
    #[serde(default)]
    pub sex: Option<String>,
    /// Birth date, where the number does not tell it.
    #[serde(default)]
    pub birth: Option<Day>,
    /// Household registration local.
    #[serde(default)]
    pub local: bool,
    /// Since when.
    #[serde(default)]
    pub since: Option<Day>,
    /// Organisation code of the employer.
    #[serde(default)]
    pub employer: Option<String>,
}

/// A hazard of the premises.
#[derive(Clone, Serialize, Deserialize)]
pub struct Noted {
    /// A code of the pack's list.
    pub code: String,
    /// The last day on which it holds; absent, as long as the pack allows.
    #[serde(default)]
    pub until: Option<Day>,
}

/// A photo of the premises.
#[derive(Clone, Serialize, Deserialize)]
pub struct Taken {
    /// When it was taken, by the phone's clock.
    pub at: At,
    /// The JPEG in base64.
    pub jpeg: String,
}

/// How a task ended.
#[derive(Clone, Serialize, Deserialize)]
pub struct Said {
    /// The task.
    pub task_id: TaskId,
    /// A code of [`Outcome`](linli_work::Outcome).
    pub outcome: String,
}

/// Tells "null" from "absent".
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn json(extra: &str) -> String {
        format!(
            r#"{{"v":1,"entry_id":"00000000-0000-0000-0000-000000000001","kind":"visit","made_at":5,
            "home_id":"00000000-0000-0000-0000-000000000002","outcome":"verified"{extra}}}"#
        )
    }

    #[test]
    fn an_entry_of_another_id_form_or_kind_is_none() {
        let id = EntryId(Uuid::from_u128(1));
        assert!(Entry::read(json("").as_bytes(), id).is_some());
        assert!(Entry::read(json("").as_bytes(), EntryId(Uuid::from_u128(9))).is_none());
        for (from, to) in [("\"v\":1", "\"v\":2"), ("\"visit\"", "\"trace\""), ("\"made_at\":5", "\"made_at\":\"5\"")] {
            assert!(Entry::read(json("").replace(from, to).as_bytes(), id).is_none(), "{to}");
        }
    }

    #[test]
    fn an_employer_that_is_taken_away_is_told_from_one_that_did_not_change() {
        let person = |changes: &str| {
            let people = format!(
                r#","people":[{{"resident_id":"00000000-0000-0000-0000-000000000003","version":1,"choice":"changed","changes":{changes}}}]"#
            );
            let entry = Entry::read(json(&people).as_bytes(), EntryId(Uuid::from_u128(1))).unwrap();
            entry.people[0].changes.clone().unwrap().employer
        };
        assert_eq!(person("{}"), None);
        assert_eq!(person(r#"{"employer":null}"#), Some(None));
        assert_eq!(person(r#"{"employer":"9131"}"#), Some(Some("9131".into())));
    }
}
