//! Frames and receipts of surveys.

use std::sync::LazyLock;

use survey_sample::{Digest, Frame, Receipt, verify};

use super::text;

const FRAME: &str = "pseudonym,stratum,committee,people\n0a1b,residential,310118003001,3\n0c2d,village,,0\n0e3f,village,310118003201,12\n";

/// A frame: the canonical form of what can be read is itself, and so is its digest.
pub fn survey_frame(data: &[u8]) {
    let text = text(data);
    if let Ok(frame) = Frame::parse_csv(&text) {
        let canonical = frame.to_csv();
        let again = Frame::parse_csv(&canonical).expect("the canonical form can be read");
        assert_eq!(again.to_csv(), canonical, "the canonical form stays itself");
        assert_eq!(again.digest(), frame.digest());
    }
    let _ = Digest::parse(&text);
}

/// A small frame, and variants of its form.
pub fn survey_frame_seeds() -> Vec<Vec<u8>> {
    let variants = [FRAME.to_owned(), FRAME.replace('\n', "\r\n"), format!("\u{FEFF}{FRAME}"), "a".repeat(64)];
    variants.into_iter().map(String::into_bytes).collect()
}

/// A receipt: what can be read can be written and read, and checking it against a frame ends in an answer.
pub fn survey_receipt(data: &[u8]) {
    static SMALL: LazyLock<Frame> = LazyLock::new(|| Frame::parse_csv(FRAME).expect("the frame above is one"));
    if let Ok(receipt) = Receipt::parse_json(&text(data)) {
        let again = Receipt::parse_json(&receipt.to_json()).expect("what was written can be read");
        assert_eq!(again, receipt);
        let _ = verify(&receipt, &SMALL);
    }
}

/// A receipt with every field.
pub fn survey_receipt_seeds() -> Vec<Vec<u8>> {
    vec![include_bytes!("../../seeds/receipt.json").to_vec(), b"{\"format\":\"survey-sample/1\"}".to_vec()]
}
