//! Notes, keys, tiles, proofs, and what a witness is asked.

use std::sync::LazyLock;

use transparency_log::AddCheckpoint;
use transparency_log::{
    Checkpoint, Cosigner, Frontier, Hash, MemoryTiles, NoteSigner, SignedNote, Tile, VerifierKey, WitnessState,
    consistency_proof, inclusion_proof, judge, leaf_hash, parse_entry_bundle, verify_consistency, verify_inclusion,
};

use super::text;

const ORIGIN: &str = "log.example/linli";
const SIZE: u64 = 300;

struct Log {
    signer: NoteSigner,
    leaves: Vec<Hash>,
    tiles: MemoryTiles,
    /// The tree's root at each size from 0.
    roots: Vec<Hash>,
    note: SignedNote,
}

/// A log of 300 leaves.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let signer = NoteSigner::from_seed(ORIGIN, &[7; 32]).expect("a name and a seed");
    let leaves: Vec<Hash> = (0..SIZE).map(|n| leaf_hash(&n.to_be_bytes())).collect();
    let (mut frontier, mut tiles) = (Frontier::new(), MemoryTiles::default());
    let mut roots = vec![frontier.root()];
    for leaf in &leaves {
        tiles.apply(frontier.append(std::slice::from_ref(leaf)).expect("a small log"));
        roots.push(frontier.root());
    }
    let note = Checkpoint::new(ORIGIN, SIZE, frontier.root()).sign(&signer).expect("a checkpoint can be signed");
    Log { signer, leaves, tiles, roots, note }
});

/// Notes, checkpoints, keys, paths, entry bundles and frontiers: what can be read stays itself when written, and
/// nobody but the signer makes a checkpoint that verifies.
pub fn log_note(data: &[u8]) {
    let text = text(data);
    if let Ok(note) = SignedNote::parse(&text) {
        assert_eq!(SignedNote::parse(&note.to_string()).as_ref().map(ToString::to_string), Ok(note.to_string()));
    }
    let key = LOG.signer.verifier();
    if let Ok(checkpoint) = Checkpoint::parse_and_verify(&text, &key) {
        assert_eq!((checkpoint.size, checkpoint.root), (SIZE, LOG.roots[SIZE as usize]), "the only signed checkpoint");
    }
    let _ = Checkpoint::parse_text(&text);
    let _ = VerifierKey::parse(&text);
    if let Ok(tile) = Tile::parse_path(&text) {
        assert_eq!(tile.path(), text, "a path has one form");
    }
    if let Ok(frontier) = Frontier::from_bytes(data) {
        assert_eq!(frontier.to_bytes(), data, "a frontier has one form");
    }
    let _ = parse_entry_bundle(data).map(|entries| entries.len());
}

/// A signed checkpoint, a key, paths, a frontier.
pub fn log_note_seeds() -> Vec<Vec<u8>> {
    let mut frontier = Frontier::new();
    frontier.append(&LOG.leaves[..11]).expect("a small log");
    let texts =
        [LOG.note.to_string(), LOG.signer.verifier().to_string(), "tile/0/x001/234".into(), "tile/1/000.p/3".into()];
    texts.into_iter().map(String::into_bytes).chain([frontier.to_bytes(), b"\0\x03abc\0\0".to_vec()]).collect()
}

/// Proofs. Bytes: two numbers of two bytes each, then hashes. A true proof holds; one that was changed holds only
/// where nothing was changed.
pub fn log_proof(data: &[u8]) {
    let number = |place: usize| data.get(place..place + 2).map_or(0, |b| u64::from(u16::from_be_bytes([b[0], b[1]])));
    let (a, b) = (number(0), number(2));
    let given: Vec<Hash> = data.get(4..).unwrap_or_default().chunks_exact(32).take(64).filter_map(hash).collect();
    let (log, root) = (&*LOG, &LOG.roots[SIZE as usize]);
    let size = b % SIZE + 1;
    if let Ok(leaf) = usize::try_from(a % size) {
        let index = a % size;
        let true_proof = inclusion_proof(index, size, &log.tiles).expect("the log has it");
        assert!(verify_inclusion(&log.leaves[leaf], index, size, &true_proof, &log.roots[size as usize]).is_ok());
        if verify_inclusion(&log.leaves[leaf], index, size, &given, &log.roots[size as usize]).is_ok() {
            assert_eq!(given, true_proof, "no other proof holds");
        }
    }
    let _ = verify_inclusion(&log.leaves[0], a << 40, b << 41, &given, root);
    let _ = verify_consistency(a, root, b, root, &given);
    let old = size / 2;
    let grown = consistency_proof(old, size, &log.tiles).expect("the log has it");
    let (old_root, new_root) = (&log.roots[old as usize], &log.roots[size as usize]);
    assert!(verify_consistency(old, old_root, size, new_root, &grown).is_ok());
    if verify_consistency(old, old_root, size, new_root, &given).is_ok() {
        assert_eq!(given, grown, "no other proof holds");
    }
}

fn hash(bytes: &[u8]) -> Option<Hash> {
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    Some(Hash::from(bytes))
}

/// True proofs of several sizes.
pub fn log_proof_seeds() -> Vec<Vec<u8>> {
    let cases = [(0_u16, 0_u16), (5, 10), (150, 299), (299, 299), (255, 256)];
    cases
        .into_iter()
        .map(|(a, b)| {
            let size = u64::from(b) % SIZE + 1;
            let proof = inclusion_proof(u64::from(a) % size, size, &LOG.tiles).expect("the log has it");
            let hashes = proof.iter().flat_map(|hash| AsRef::<[u8]>::as_ref(hash).to_vec());
            a.to_be_bytes().into_iter().chain(b.to_be_bytes()).chain(hashes).collect()
        })
        .collect()
}

/// Requests to a witness and what it remembers.
pub fn log_witness(data: &[u8]) {
    let text = text(data);
    if let Ok(request) = AddCheckpoint::parse(&text) {
        assert_eq!(AddCheckpoint::parse(&request.to_string()).as_ref(), Ok(&request));
    }
    if let Ok(state) = WitnessState::parse(&text) {
        let _ = judge(&text, &[LOG.signer.verifier()], &state);
    }
    if judge(&text, &[LOG.signer.verifier()], &WitnessState::default()).is_ok() {
        assert!(text.contains(ORIGIN), "only the log's own checkpoint is accepted");
    }
    let _ = Cosigner::from_seed("witness.example", &[8; 32]);
}

/// A request that is accepted, and nearly so.
pub fn log_witness_seeds() -> Vec<Vec<u8>> {
    let proof = consistency_proof(0, SIZE, &LOG.tiles).expect("the log has it");
    let request = AddCheckpoint { old_size: 0, proof, note: LOG.note.clone() }.to_string();
    let grown = consistency_proof(100, SIZE, &LOG.tiles).expect("the log has it");
    let later = AddCheckpoint { old_size: 100, proof: grown, note: LOG.note.clone() }.to_string();
    vec![request.into_bytes(), later.into_bytes()]
}
