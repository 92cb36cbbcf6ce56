//! The proof that the log holds a reading, checked as anybody could check it.

use linli_declarations::own;
use linli_platform::{log, log_proofs};
use transparency_log::VerifierKey;

use super::world::{NAME, worlds};

#[tokio::test]
async fn every_reading_has_a_proof_that_holds_against_the_signed_checkpoint_and_for_nothing_else() {
    for world in worlds().await {
        let (_, person) = world.enter(1, NAME).await;
        own::open(world.store(), &person).await.unwrap();
        let q = world.store().reads();
        let reading = own::readings(&q, &person, 1, 0).await.unwrap().remove(0);
        assert_eq!(reading.position, None, "it waits to be taken in");
        let id = reading.access_id.0;
        assert!(log_proofs::of_reading(&q, person.resident.0, id).await.unwrap_err().is("log-waits"));
        log::sequence(world.store(), "test").await.unwrap();
        let proof = log_proofs::of_reading(&q, person.resident.0, id).await.unwrap();
        assert!(proof.record.contains("own-record") && proof.record.contains("resident"), "{}", proof.record);
        let key = VerifierKey::parse(&proof.key).unwrap();
        assert_eq!(proof.check(&key), Ok(()), "{}", world.engine());
        let record = proof.record.replace("own-record", "data-check");
        let other = log_proofs::LogProof { record, ..proof };
        assert!(other.check(&key).is_err(), "another purpose is not what was logged");
        let stranger = world.store().new_id::<uuid::Uuid>();
        assert!(log_proofs::of_reading(&q, stranger, id).await.unwrap_err().is("not-found"));
    }
}
