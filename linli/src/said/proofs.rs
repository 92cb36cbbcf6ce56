//! What does not hold of a draw, or of a log.

use linli_platform::{log::LogFault, texts::T};
use linli_surveys::VerifyError;
use survey_sample::{DrawError, DualError, EstimateError, FrameError, Mismatch, ReceiptError, SeedError};
use transparency_log::{Finding, Tampering};

use super::{Said, Why};

/// The first thing that does not hold of a draw.
pub(crate) fn draw_text(t: &T, e: &VerifyError) -> String {
    match e {
        VerifyError::Receipt(e) => Said::plain("cli-draw-receipt").arg("reason", e).text(t),
        VerifyError::Format(format) => Said::plain("cli-draw-format").arg("format", format).text(t),
        VerifyError::Frame(e) => Why::from(e).text(t),
        VerifyError::Plans { found, announced } => {
            Said::plain("cli-draw-plans").arg("found", found).arg("announced", announced).text(t)
        }
        VerifyError::Again => Said::plain("cli-draw-again").text(t),
        VerifyError::Draw { committee, mismatch } => {
            let reason = mismatch_said(mismatch).text(t);
            match committee {
                Some(committee) => {
                    Said::plain("cli-draw-committee").arg("committee", committee).arg("reason", reason).text(t)
                }
                None => reason,
            }
        }
    }
}

/// Why there is no receipt of a draw.
pub(crate) fn receipt_text(e: &ReceiptError) -> Why {
    match e {
        ReceiptError::Seed(e) => Why::new(e, seed_said(e)),
        ReceiptError::Draw(e) => Why::new(e, draw_said(e)),
        ReceiptError::Json(e) => super::written(&e.to_string()),
    }
}

fn draw_said(e: &DrawError) -> Said {
    Said::plain(match e {
        DrawError::NothingToDraw => "cli-draw-nothing",
        DrawError::EmptyPlan => "cli-draw-empty-plan",
    })
}

impl From<&EstimateError> for Why {
    fn from(e: &EstimateError) -> Self {
        let said = match e {
            EstimateError::NothingSurveyed => Said::plain("cli-estimate-nothing"),
            EstimateError::MoreHitsThanTotal(n) => Said::plain("cli-estimate-more-hits").arg("number", n + 1),
            EstimateError::UnknownStratum(name) => Said::plain("cli-estimate-stratum").arg("name", name),
            EstimateError::MoreThanFrame { stratum, surveyed, frame } => Said::plain("cli-estimate-more-homes")
                .arg("name", stratum)
                .arg("surveyed", surveyed)
                .arg("frame", frame),
            EstimateError::NoChance(n) => Said::plain("cli-estimate-no-chance").arg("number", n + 1),
            EstimateError::Level(level) => Said::plain("cli-estimate-level").arg("level", level),
        };
        Why::new(e, said)
    }
}

impl From<&DualError> for Why {
    fn from(e: &DualError) -> Self {
        let said = match e {
            DualError::NobodyOnBoth => Said::plain("cli-estimate-nobody-on-both"),
            DualError::Level(level) => Said::plain("cli-estimate-level").arg("level", level),
        };
        Why::new(e, said)
    }
}

fn mismatch_said(mismatch: &Mismatch) -> Said {
    match mismatch {
        Mismatch::Format(format) => Said::plain("cli-draw-format").arg("format", format),
        Mismatch::Frame { expected, found } => {
            Said::plain("cli-draw-frame").arg("expected", expected).arg("found", found)
        }
        Mismatch::Parties(e) => seed_said(e),
        Mismatch::NotAsAnnounced(what) => Said::plain("cli-draw-not-announced").arg("what", what),
        Mismatch::Seed => Said::plain("cli-draw-seed"),
        Mismatch::Draw(e) => draw_said(e),
        Mismatch::Stratum(name) => Said::plain("cli-draw-stratum").arg("name", name),
        Mismatch::HouseholdMissing(name) => Said::plain("cli-draw-household-missing").arg("name", name),
        Mismatch::HouseholdAdded(name) => Said::plain("cli-draw-household-added").arg("name", name),
        Mismatch::Order => Said::plain("cli-draw-order"),
        Mismatch::Shortfall => Said::plain("cli-draw-shortfall"),
    }
}

fn seed_said(e: &SeedError) -> Said {
    match e {
        SeedError::TooFewParties(count) => Said::plain("cli-draw-few-parties").arg("count", count),
        SeedError::DuplicateParty(party) => Said::plain("cli-draw-party-twice").arg("party", party),
        SeedError::CopiedCommitment(party) => Said::plain("cli-draw-copied").arg("party", party),
        SeedError::NotOpened(party) => Said::plain("cli-draw-not-opened").arg("party", party),
        SeedError::NotCommitted(party) => Said::plain("cli-draw-not-committed").arg("party", party),
        SeedError::OpeningDiffers(party) => Said::plain("cli-draw-opening-differs").arg("party", party),
    }
}

impl From<&FrameError> for Why {
    fn from(e: &FrameError) -> Self {
        let said = match e {
            FrameError::Heading => Said::plain("cli-frame-heading"),
            FrameError::Fields { found, .. } => Said::plain("cli-frame-fields").arg("found", found),
            FrameError::People { value, .. } => Said::plain("cli-frame-people").arg("value", value),
            FrameError::Field { value, .. } => Said::plain("cli-frame-field").arg("value", value),
            FrameError::Duplicate(name) => Said::plain("cli-frame-duplicate").arg("name", name),
        };
        Why::new(e, said)
    }
}

/// What an audit of a published log has found; the files are named by the caller's folder.
pub(crate) fn finding_text(t: &T, finding: &Finding) -> String {
    let said = match finding {
        Finding::NoCheckpoint => Said::plain("cli-log-no-checkpoint"),
        Finding::Checkpoint { which, reason } | Finding::Key { which, reason } => {
            return format!("{which}: {}", note_reason(t, reason));
        }
        Finding::NoKey => Said::plain("cli-log-no-key"),
        Finding::OtherKey(key) => Said::plain("cli-log-other-key").arg("key", key),
        Finding::NotSigned { which, name } => Said::plain("cli-log-not-signed").arg("which", which).arg("name", name),
        Finding::OtherLog { which, found, expected } => {
            Said::plain("cli-log-other-log").arg("which", which).arg("found", found).arg("expected", expected)
        }
        Finding::Missing(path) => Said::plain("cli-log-missing").arg("path", path),
        Finding::Length { path, found_bytes, expected_bytes } => {
            Said::plain("cli-log-length").arg("path", path).arg("found", found_bytes).arg("expected", expected_bytes)
        }
        Finding::Hash { path, position } => Said::plain("cli-log-hash").arg("path", path).arg("position", position),
        Finding::Entry { path, position } => Said::plain("cli-log-entry").arg("path", path).arg("position", position),
        Finding::Root { size } => Said::plain("cli-log-root").arg("size", size),
        Finding::RolledBack { kept, now } => Said::plain("cli-log-rolled-back").arg("kept", kept).arg("now", now),
        Finding::Forked { kept } => Said::plain("cli-log-forked").arg("kept", kept),
        Finding::Stray(path) => Said::plain("cli-log-stray").arg("path", path),
        Finding::Unreadable { path, source } => {
            Said::plain("cli-log-unreadable").arg("path", path).arg("reason", source)
        }
    };
    said.text(t)
}

/// Reasons for which a note or a key cannot be read, and the keys of their texts.
const NOTE_REASONS: [(&str, &str); 14] = [
    ("a checkpoint has three lines or more", "cli-note-lines"),
    ("a key of a kind not known here", "cli-note-key-kind"),
    ("a line of the checkpoint is empty", "cli-note-empty-line"),
    ("a signature line cannot be read", "cli-note-signature-line"),
    ("not a point of the curve", "cli-note-key-point"),
    ("the key's hash does not fit it", "cli-note-key-hash"),
    ("the key's name is empty or holds a space", "cli-note-key-name"),
    ("the last line has no end", "cli-note-last-line"),
    ("the note has no signatures", "cli-note-no-signatures"),
    ("the note holds a control character", "cli-note-control"),
    ("the note is over a million bytes long", "cli-note-too-long"),
    ("the size is no plain number", "cli-note-size"),
    ("this is the key of a witness", "cli-note-witness-key"),
    ("there is none", "cli-log-no-checkpoint"),
];

/// A reason that an audit gives as words; what is not among those known stays as it is.
fn note_reason(t: &T, reason: &str) -> String {
    NOTE_REASONS.iter().find(|(words, _)| *words == reason).map_or_else(|| reason.to_owned(), |(_, key)| t.s(key))
}

/// What the check of an installation's own log has found.
pub(crate) fn log_fault_text(t: &T, fault: &LogFault) -> String {
    let said = match fault {
        LogFault::Tree(tampering) => tampering_said(tampering),
        LogFault::Checkpoint(reason) => Said::plain("cli-log-checkpoint").arg("reason", note_reason(t, reason)),
        LogFault::Content { kind, position } => {
            let position = position.map_or_else(|| "?".to_owned(), |at| at.to_string());
            Said::plain("cli-log-content").arg("kind", kind).arg("position", position)
        }
    };
    said.text(t)
}

fn tampering_said(tampering: &Tampering) -> Said {
    match tampering {
        Tampering::LeafCount { expected, found } => {
            Said::plain("cli-log-leaf-count").arg("expected", expected).arg("found", found)
        }
        Tampering::MissingTile(tile) => Said::plain("cli-log-missing").arg("path", tile),
        Tampering::TileLength { tile, found_bytes } => {
            let expected = tile.len_bytes();
            Said::plain("cli-log-length").arg("path", tile).arg("found", found_bytes).arg("expected", expected)
        }
        Tampering::HashDiffers { tile, position, .. } => {
            Said::plain("cli-log-hash").arg("path", tile).arg("position", position)
        }
        Tampering::RootDiffers { size } => Said::plain("cli-log-root").arg("size", size),
        Tampering::OtherLog { earlier, later } => {
            Said::plain("cli-log-two-logs").arg("earlier", earlier).arg("later", later)
        }
        Tampering::RolledBack { earlier, later } => {
            Said::plain("cli-log-rolled-back").arg("kept", earlier).arg("now", later)
        }
        Tampering::Forked { size } => Said::plain("cli-log-forked").arg("kept", size),
        Tampering::Unreadable { tile, source } => {
            Said::plain("cli-log-unreadable").arg("path", tile).arg("reason", source)
        }
    }
}
