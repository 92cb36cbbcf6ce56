use std::{collections::HashMap, sync::Arc};

use cn_identity::make::resident_number;
use linli_platform::reader::Reader;
use linli_register::{
    Slice,
    residents::{self, Entered, NewResident},
};

use super::world::{World, worlds};

fn crowd(w: &World, n: u16) -> Vec<NewResident> {
    (0..n)
        .map(|i| {
            let birth = (1950 + (i % 50).cast_signed(), 1 + (i / 50 % 12) as u8, 1 + (i / 600 % 28) as u8);
            let mut person = w.person("曾小明", 101, usize::from(i % 3));
            person.doc_no = resident_number("990101", birth, 101 + i % 7).as_str().to_owned();
            person.phone = Some(format!("1991{i:07}"));
            person
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_residents_are_registered_in_one_transaction() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let ids = residents::register_many(&tx, crowd(&w, 5_000), Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids.len(), 5_000);
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        let run = Arc::new(tx.machine_run("roster-comparison").await.unwrap());
        tx.commit().await.unwrap();
        let mut rows = HashMap::new();
        residents::machine_rows(&w.store().reads(), &run, |r| {
            rows.insert(r.resident_id, r.phone.map(|p| p.for_engine().to_owned()));
        })
        .await
        .unwrap();
        assert_eq!(rows.len(), 5_000, "{}", w.engine());
        assert_eq!(rows[&ids[4_999]].as_deref(), Some("19910004999"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_stands_twice_in_a_bulk_load_is_refused_as_a_whole() {
    for w in worlds().await {
        let mut people = crowd(&w, 1_000);
        people[999].doc_no = people[0].doc_no.clone();
        let tx = w.store().begin(&w.office()).await.unwrap();
        let refused = residents::register_many(&tx, people, Entered::Now).await.unwrap_err();
        assert_eq!(refused.code, "two-main-residences", "{}", w.engine());
        drop(tx);
        let (q, office) = (w.store().reads(), w.office());
        let all = residents::list(&q, &office, &residents::Filter::default(), Slice::first(1)).await.unwrap();
        assert_eq!(all.total, 0);
    }
}
