//! The proof that the log holds a reading, checked as anybody could check it.

use linli_declarations::own;
use linli_platform::{log, reading_proof, record};
use transparency_log::{Checkpoint, VerifierKey, leaf_hash, verify_inclusion};

use super::world::{NAME, worlds};

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn every_reading_has_a_proof_that_holds_against_the_signed_checkpoint_and_for_nothing_else() {
    use sha2::{Digest as _, Sha256};
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        own::open(world.store(), &person).await.unwrap();
        let q = world.store().reads();
        let reading = own::readings(&q, &person, 1, 0).await.unwrap().remove(0);
        assert_eq!(reading.position, None, "it waits to be taken in");
        assert_eq!(reading_proof::of(&q, person.resident.0, reading.access_id).await.unwrap(), None);
        log::sequence(world.store(), "test").await.unwrap();
        let proof = reading_proof::of(&q, person.resident.0, reading.access_id).await.unwrap().unwrap();
        assert!(proof.record.contains("own-record") && proof.record.contains("resident"), "{}", proof.record);
        let key = VerifierKey::parse(&proof.key).unwrap();
        let checkpoint = Checkpoint::parse_and_verify(&proof.checkpoint, &key).unwrap();
        let holds = |text: &str| {
            let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
            let salt: [u8; 16] = bytes(&proof.salt).try_into().unwrap();
            let leaf = leaf_hash(&record::leaf_data(&salt, &digest));
            let path: Vec<[u8; 32]> = proof.path.iter().map(|h| bytes(h).try_into().unwrap()).collect();
            verify_inclusion(&leaf, proof.position, checkpoint.size, &path, &checkpoint.root).is_ok()
        };
        assert!(holds(&proof.record), "{}", world.engine());
        assert!(!holds(&proof.record.replace("own-record", "data-check")), "another purpose is not what was logged");
        let stranger = world.store().new_id::<uuid::Uuid>();
        assert!(reading_proof::of(&q, stranger, reading.access_id).await.unwrap_err().is("not-found"));
    }
}
