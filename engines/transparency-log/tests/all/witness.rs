//! The witness cosigns only what is consistent with all it cosigned before.

use proptest::prelude::*;
use transparency_log::{
    AddCheckpoint, Checkpoint, Cosigner, Frontier, Hash, KeyKind, MemoryTiles, NoteError, NoteSigner, Refusal,
    SignedNote, StateError, VerifierKey, WitnessState, consistency_proof, judge,
};

use crate::{leaf, leaves, log};

const ORIGIN: &str = "log.example";

fn signer() -> NoteSigner {
    NoteSigner::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness() -> Cosigner {
    Cosigner::from_seed("witness.example", &[2; 32]).unwrap()
}

fn signed(size: u64, root: Hash) -> SignedNote {
    Checkpoint::new(ORIGIN, size, root).sign(&signer()).unwrap()
}

/// The request of an honest log.
fn request(old_size: u64, frontier: &Frontier, tiles: &MemoryTiles) -> AddCheckpoint {
    let proof = consistency_proof(old_size, frontier.size(), tiles).unwrap();
    AddCheckpoint { old_size, proof, note: signed(frontier.size(), frontier.root()) }
}

fn judged(request: &AddCheckpoint, state: &WitnessState) -> Result<WitnessState, Refusal> {
    judge(&request.to_string(), &[signer().verifier()], state).map(|accepted| state.with(&accepted.checkpoint))
}

#[test]
fn a_growing_log_is_cosigned_step_by_step() {
    let mut state = WitnessState::default();
    let mut last = 0;
    for size in [0, 1, 1, 2, 256, 300, 300, 66_000] {
        let (frontier, tiles) = log(size);
        let request = request(last, &frontier, &tiles);
        let accepted = judge(&request.to_string(), &[signer().verifier()], &state).unwrap();
        state = state.with(&accepted.checkpoint);
        last = size;
        let mut note = request.note.clone();
        let answer = accepted.answer(&witness(), 1_795_000_000 + size);
        assert_eq!(note.take_cosignatures(&answer, &[witness().verifier()]), Ok(1));
        assert_eq!(note.cosigned_at(&witness().verifier()), Ok(1_795_000_000 + size));
        note.verify(&signer().verifier()).unwrap();
    }
    assert_eq!(state.latest(ORIGIN), (66_000, log(66_000).0.root()));
    assert_eq!(state.origins().collect::<Vec<_>>(), [ORIGIN]);
}

#[test]
fn each_refusal_has_the_status_that_the_protocol_gives_it() {
    let (frontier, tiles) = log(300);
    let (later, later_tiles) = log(400);
    let state = WitnessState::default().with(&Checkpoint::new(ORIGIN, 300, frontier.root()));
    let good = request(300, &later, &later_tiles);
    judged(&good, &state).unwrap();

    let unknown = Checkpoint::new("other.example", 400, later.root());
    let unknown = unknown.sign(&NoteSigner::from_seed("other.example", &[1; 32]).unwrap()).unwrap();
    let stranger = NoteSigner::from_seed(ORIGIN, &[5; 32]).unwrap();
    let by_stranger = Checkpoint::new(ORIGIN, 400, later.root()).sign(&stranger).unwrap();
    let mut forked = leaves(300);
    forked[299] = leaf(7);
    let mut fork = Frontier::new();
    let fork_tiles: MemoryTiles = fork.append(&forked).unwrap().into_iter().collect();
    let same_size_fork = AddCheckpoint { old_size: 300, proof: vec![], note: signed(300, fork.root()) };
    let grown = fork.append(&leaves(400)[300..]).unwrap();
    let mut grown_tiles = fork_tiles;
    grown_tiles.apply(grown);
    let mut short = good.clone();
    short.proof.pop();

    let cases = [
        ("an unknown log", AddCheckpoint { note: unknown, ..good.clone() }, 404, None),
        ("signed by somebody else", AddCheckpoint { note: by_stranger, ..good.clone() }, 403, None),
        ("old above new", AddCheckpoint { old_size: 401, ..good.clone() }, 400, None),
        ("another old size", request(299, &later, &later_tiles), 409, Some("300\n")),
        ("nothing known, though it is", request(0, &later, &later_tiles), 409, Some("300\n")),
        ("a rollback", request(200, &frontier, &tiles), 409, Some("300\n")),
        ("a fork of the same size", same_size_fork, 409, Some("300\n")),
        ("a fork that has grown", request(300, &fork, &grown_tiles), 422, None),
        ("a proof cut short", short, 422, None),
        (
            "a proof where none is needed",
            AddCheckpoint { old_size: 300, proof: vec![[0; 32]], note: signed(300, frontier.root()) },
            422,
            None,
        ),
    ];
    for (case, request, status, size) in cases {
        let refusal = judged(&request, &state).unwrap_err();
        assert_eq!(refusal.status(), status, "{case}: {refusal}");
        let (media_type, body) = refusal.body();
        assert_eq!(media_type == "text/x.tlog.size", size.is_some(), "{case}");
        assert!(size.is_none_or(|size| size == body), "{case}: {body}");
    }
}

#[test]
fn a_request_that_cannot_be_read_is_a_bad_request() {
    let good = request(0, &log(3).0, &log(3).1).to_string();
    judge(&good, &[signer().verifier()], &WitnessState::default()).unwrap();
    for bad in [
        String::new(),
        good.replacen("old 0", "old 00", 1),
        good.replacen("old 0", "old -1", 1),
        good.replacen("old 0", "old", 1),
        good.replacen("old 0\n", "old 0\nAAAA\n", 1),
        good.replacen("old 0\n", &format!("old 0\n{}", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".repeat(64)), 1),
        good.replacen("\n3\n", "\n03\n", 1),
        good.replacen("\n3\n", "\n", 1),
        good.split("\u{2014}").next().unwrap().to_owned(),
        "old 0".into(),
        "old 0\n".into(),
    ] {
        let refusal = judge(&bad, &[signer().verifier()], &WitnessState::default()).unwrap_err();
        assert_eq!(refusal.status(), 400, "{bad:?}: {refusal}");
    }
}

#[test]
fn a_log_may_change_its_key_while_both_are_known() {
    let new = NoteSigner::from_seed(ORIGIN, &[6; 32]).unwrap();
    let (frontier, tiles) = log(5);
    let mut request = request(0, &frontier, &tiles);
    request.note.add_signature(&new);
    for keys in [vec![signer().verifier()], vec![new.verifier()], vec![signer().verifier(), new.verifier()]] {
        judge(&request.to_string(), &keys, &WitnessState::default()).unwrap();
    }
    let refusal = judge(&request.to_string(), &[witness().verifier()], &WitnessState::default()).unwrap_err();
    assert_eq!(refusal.status(), 404, "a witness's key is no log's");
}

#[test]
fn the_state_reads_back_and_damage_to_it_is_found() {
    let state = WitnessState::default().with(&Checkpoint::new("b.example", 1 << 40, [1; 32])).with(&Checkpoint::new(
        "a.example",
        7,
        [2; 32],
    ));
    for state in [WitnessState::default(), state] {
        let text = state.to_string();
        assert_eq!(WitnessState::parse(&text), Ok(state));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(WitnessState::parse(&changed).is_err(), "{at}");
            assert!(WitnessState::parse(&text[..at]).is_err(), "{at}");
        }
    }
    assert_eq!(WitnessState::parse(""), Err(StateError::Format));
}

#[test]
fn a_cosignature_binds_time_and_text_and_is_no_signature_of_a_log() {
    let mut note = signed(3, [3; 32]);
    let line = note.cosign(&witness(), 1_679_315_147).to_string();
    assert!(line.starts_with("\u{2014} witness.example "));
    let key = witness().verifier();
    assert_eq!(key.kind(), KeyKind::Cosignature);
    assert_eq!(VerifierKey::parse(&key.to_string()).as_ref(), Ok(&key));
    assert_eq!(SignedNote::parse(&note.to_string()).unwrap().cosigned_at(&key), Ok(1_679_315_147));
    let error = note.cosigned_at(&signer().verifier()).unwrap_err();
    assert_eq!(error, NoteError::NotAWitness(ORIGIN.into()));
    assert!(Checkpoint::parse_and_verify(&note.to_string(), &key).is_err());
    // A later cosignature takes the place of an earlier one.
    let later = format!("{}\n", signed(3, [3; 32]).cosign(&witness(), 1_679_315_200));
    assert_eq!(note.take_cosignatures(&later, std::slice::from_ref(&key)), Ok(1));
    assert_eq!((note.signatures().len(), note.cosigned_at(&key)), (2, Ok(1_679_315_200)));
    let line = later.trim_end().to_owned();
    // A line of somebody else, and a genuine line twice, are passed over.
    let other = Cosigner::from_seed("other.example", &[3; 32]).unwrap();
    let by_other = signed(3, [3; 32]).cosign(&other, 5).to_string();
    assert_eq!(note.take_cosignatures(&format!("{by_other}\n{line}\n"), &[key]), Ok(1), "the same again counts");
    assert_eq!(note.take_cosignatures("no line\n", &[]), Err(NoteError::SignatureLine(1)));
}

/// The example of C2SP tlog-cosignature: names, key identifiers and time can be read, without its keys.
#[test]
fn the_example_of_the_specification_is_read() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let note = SignedNote::parse(text).unwrap();
    assert_eq!(note.to_string(), text);
    let cosignature = &note.signatures()[1];
    assert_eq!((cosignature.name.as_str(), cosignature.key_id), ("witness.example.com/w1", 0x8d66_cf3f));
    assert_eq!(u64::from_be_bytes(cosignature.bytes[..8].try_into().unwrap()), 1_679_315_147);
    assert_eq!(Checkpoint::parse_text(note.text()).unwrap().size, 20_852_163);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 2))]

    #[test]
    fn no_changed_request_moves_the_witness(old in 0_u64..300, more in 1_u64..300, place in any::<prop::sample::Index>(), with in "[ -~\n]") {
        let state = WitnessState::default().with(&Checkpoint::new(ORIGIN, old, log(old).0.root()));
        let (frontier, tiles) = log(old + more);
        let good = request(old, &frontier, &tiles);
        prop_assert!(judged(&good, &state).is_ok());
        let mut characters: Vec<char> = good.to_string().chars().collect();
        let place = place.index(characters.len());
        let with = with.chars().next().unwrap();
        prop_assume!(characters[place] != with);
        characters[place] = with;
        let changed: String = characters.into_iter().collect();
        prop_assert!(judge(&changed, &[signer().verifier()], &state).is_err(), "{changed}");
    }
}
