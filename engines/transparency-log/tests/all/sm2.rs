//! Notes under the other profile: SM2 with SM3.

use transparency_log::{Checkpoint, KeyError, KeyKind, NoteError, NoteSigner, SignedNote, VerifierKey};

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::sm2_from_seed("log.example", &[seed; 32]).unwrap()
}

#[test]
fn a_checkpoint_signed_with_sm2_reads_back_and_one_changed_byte_is_found() {
    let key = signer(5).verifier();
    assert_eq!(key.kind(), KeyKind::Sm2);
    assert_eq!(VerifierKey::parse(&key.to_string()).as_ref(), Ok(&key));
    let note = Checkpoint::new("log.example", 77, [5; 32]).sign(&signer(5)).unwrap().to_string();
    assert_eq!(Checkpoint::parse_and_verify(&note, &key).unwrap().size, 77);
    let changed = note.replacen("77", "78", 1);
    assert!(Checkpoint::parse_and_verify(&changed, &key).is_err());
    assert!(Checkpoint::parse_and_verify(&note, &signer(6).verifier()).is_err());
}

#[test]
fn the_same_seed_signs_the_same_text_in_the_same_way() {
    let sign = || SignedNote::sign("text\n", &signer(5)).unwrap().to_string();
    assert_eq!(sign(), sign());
}

#[test]
fn one_note_bears_signatures_of_both_profiles() {
    let ed25519 = NoteSigner::from_seed("log.example", &[5; 32]).unwrap();
    let mut note = Checkpoint::new("log.example", 77, [5; 32]).sign(&ed25519).unwrap();
    note.add_signature(&signer(5));
    for key in [ed25519.verifier(), signer(5).verifier()] {
        assert_eq!(Checkpoint::parse_and_verify(&note.to_string(), &key).unwrap().size, 77);
    }
    let error = note.verify(&signer(6).verifier()).unwrap_err();
    assert_eq!(error, NoteError::NotSignedBy("log.example".into()));
}

#[test]
fn bytes_that_are_no_secret_key_are_refused() {
    assert_eq!(NoteSigner::sm2_from_seed("log.example", &[0; 32]).unwrap_err(), KeyError::Seed);
    assert_eq!(NoteSigner::sm2_from_seed("log.example", &[0xff; 32]).unwrap_err(), KeyError::Seed);
}

/// The signature of GM/T 0003.5-2012, annex A (key, message "message digest", default identity), as a note's
/// signature would carry it: r and s after one another, under the uncompressed point.
#[test]
fn the_example_of_the_standard_is_genuine() {
    use sm2::dsa::signature::Verifier;
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    };
    let point = hex("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020\
        CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
    let signature = hex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3\
        B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes("1234567812345678", &point).unwrap();
    let signature = sm2::dsa::Signature::from_slice(&signature).unwrap();
    key.verify(b"message digest", &signature).unwrap();
}
