//! Signed notes and checkpoints.

use proptest::prelude::*;
use transparency_log::{
    Checkpoint, CheckpointError, KeyError, NoteError, NoteSigner, SignedNote, VerifierKey, empty_root,
};

/// Key and note of the documentation of Go's note package, which the format comes from.
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(name: &str) -> NoteSigner {
    NoteSigner::from_seed(name, &[9; 32]).unwrap()
}

#[test]
fn a_note_signed_by_another_implementation_is_accepted() {
    let key = VerifierKey::parse(GO_KEY).unwrap();
    assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", GO_KEY));
    let note = SignedNote::parse(GO_NOTE).unwrap();
    note.verify(&key).unwrap();
    assert_eq!(note.to_string(), GO_NOTE);
}

#[test]
fn the_public_key_of_a_known_log_is_read() {
    let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    assert_eq!(VerifierKey::parse(text).unwrap().to_string(), text);
}

#[test]
fn a_bad_key_says_what_is_wrong() {
    let cases = [
        ("", KeyError::Format),
        ("a+b", KeyError::Format),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Name(String::new())),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::HashDiffers),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::HashDiffers),
        ("PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Kind(2)),
        ("PeterNeumann+c74f20a3+ARpc2QcU", KeyError::Format),
    ];
    for (text, error) in cases {
        assert_eq!(VerifierKey::parse(text), Err(error), "{text}");
    }
    for name in ["", "a b", "a+b", "a\u{3000}b", "a\n"] {
        assert!(NoteSigner::from_seed(name, &[0; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn a_bad_note_says_what_is_wrong() {
    let key = VerifierKey::parse(GO_KEY).unwrap();
    assert_eq!(SignedNote::parse("text\n"), Err(NoteError::NoSignatures));
    assert_eq!(SignedNote::parse("text\n\n"), Err(NoteError::NoSignatures));
    assert_eq!(SignedNote::parse("text\r\n\n\u{2014} a b\n"), Err(NoteError::ControlCharacter));
    assert_eq!(SignedNote::parse("text\n\n\u{2014} a AAAA\n"), Err(NoteError::SignatureLine(1)));
    assert_eq!(SignedNote::parse("text\n\n- a AAAAAAAA\n"), Err(NoteError::SignatureLine(1)));
    let forged = GO_NOTE.replace("problem is", "problem was");
    let error = SignedNote::parse(&forged).unwrap().verify(&key).unwrap_err();
    assert_eq!(error, NoteError::SignatureForged("PeterNeumann".into()));
    let other = signer("someone.example").verifier();
    let error = SignedNote::parse(GO_NOTE).unwrap().verify(&other).unwrap_err();
    assert_eq!(error, NoteError::NotSignedBy("someone.example".into()));
}

#[test]
fn signatures_of_other_keys_are_passed_over() {
    let mut note = Checkpoint::new("log.example", 0, empty_root()).sign(&signer("log.example")).unwrap();
    let witness = NoteSigner::from_seed("witness.example", &[3; 32]).unwrap();
    note.add_signature(&witness);
    let text = note.to_string();
    let checkpoint = Checkpoint::parse_and_verify(&text, &signer("log.example").verifier()).unwrap();
    assert_eq!(checkpoint.size, 0);
    SignedNote::parse(&text).unwrap().verify(&witness.verifier()).unwrap();
    let error = Checkpoint::parse_and_verify(&text, &witness.verifier()).unwrap_err();
    assert!(matches!(error, CheckpointError::OtherOrigin { .. }), "a witness is not the log");
}

#[test]
fn a_checkpoint_that_would_break_the_format_is_not_signed() {
    let good = Checkpoint::new("log.example", 1, empty_root());
    let with = |change: fn(&mut Checkpoint)| {
        let mut checkpoint = good.clone();
        change(&mut checkpoint);
        checkpoint.sign(&signer("log.example")).unwrap_err()
    };
    assert_eq!(with(|c| c.origin.clear()), CheckpointError::Origin);
    assert_eq!(with(|c| c.origin.push('\n')), CheckpointError::Origin);
    assert!(matches!(with(|c| c.size = u64::MAX), CheckpointError::Size(_)));
    assert_eq!(with(|c| c.extensions = vec!["a".into(), String::new()]), CheckpointError::Extension(2));
}

#[test]
fn a_malformed_checkpoint_says_what_is_wrong() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    for (text, expected) in [
        ("a\n1\n".to_owned(), CheckpointError::Lines),
        (format!("a\n1\n{root}"), CheckpointError::Lines),
        (format!("a\n01\n{root}\n"), CheckpointError::Size("01".into())),
        (format!("a\n-1\n{root}\n"), CheckpointError::Size("-1".into())),
        (format!("a\n1\n{}\n", &root[4..]), CheckpointError::Root),
        (format!("\n1\n{root}\n"), CheckpointError::Origin),
        (format!("a\n1\n{root}\n\n"), CheckpointError::Extension(1)),
    ] {
        assert_eq!(Checkpoint::parse_text(&text), Err(expected), "{text:?}");
    }
}

#[test]
fn the_secret_never_shows() {
    assert_eq!(format!("{:?}", signer("log.example")), "NoteSigner { name: \"log.example\", .. }");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn a_signed_checkpoint_reads_back(size in 0_u64..1 << 62, root in any::<[u8; 32]>(), extensions in prop::collection::vec("[a-z=邻里]{1,8}", 0..3)) {
        let checkpoint = Checkpoint { origin: "log.example".into(), size, root, extensions };
        let text = checkpoint.sign(&signer("log.example")).unwrap().to_string();
        let read = Checkpoint::parse_and_verify(&text, &signer("log.example").verifier());
        prop_assert_eq!(read, Ok(checkpoint));
    }

    #[test]
    fn one_changed_character_of_a_checkpoint_is_found(place in any::<prop::sample::Index>(), with in "[ -~\n]") {
        let text = Checkpoint::new("log.example", 77, [5; 32]).sign(&signer("log.example")).unwrap().to_string();
        let mut characters: Vec<char> = text.chars().collect();
        let with = with.chars().next().unwrap();
        let place = place.index(characters.len());
        prop_assume!(characters[place] != with);
        characters[place] = with;
        let changed: String = characters.into_iter().collect();
        prop_assert!(Checkpoint::parse_and_verify(&changed, &signer("log.example").verifier()).is_err());
    }

    #[test]
    fn reading_a_note_never_panics(text in "([a-z]{0,3}\n){0,3}\n?(\u{2014} [a-z]{0,2} [A-Za-z0-9+/=]{0,9}\n){0,2}") {
        if let Ok(note) = SignedNote::parse(&text) {
            prop_assert_eq!(note.to_string(), text);
        }
    }
}
