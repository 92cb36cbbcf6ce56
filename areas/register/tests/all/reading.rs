use linli_platform::{access::Role, reader::Purpose, store::Query as _, testing, vals};
use linli_register::{Slice, addresses, counter, employers, history, homes, residents};

use super::world::{mobile, number, worlds};

#[tokio::test]
async fn a_record_is_opened_only_with_a_purpose_that_has_a_task_and_it_is_recorded() {
    for w in worlds().await {
        let me = w.coordinator(0);
        let tx = w.store().begin(&me).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();

        let tx = w.store().begin(&me).await.unwrap();
        let refused = residents::open(&tx, id, Purpose::CounterService).await.unwrap_err();
        assert_eq!(refused.code, "basis-missing", "{}", w.engine());
        drop(tx);

        let tx = w.store().begin(&me).await.unwrap();
        counter::open(&tx, id).await.unwrap();
        let open = residents::open(&tx, id, Purpose::CounterService).await.unwrap();
        assert_eq!((open.name.text(), open.doc.text()), ("王小明", number(2).as_str()));
        assert_eq!(open.phone.as_ref().unwrap().text(), mobile(2));
        assert_eq!(open.birth().as_deref(), Some("1990-03-07"));
        assert!(!format!("{open:?}").contains("王小明"));
        tx.commit().await.unwrap();

        let readings = history::readings(&w.store().reads(), &me, id).await.unwrap();
        assert_eq!(readings.len(), 1);
        assert_eq!((readings[0].purpose.as_str(), readings[0].role.as_str()), ("counter-service", "coordinator"));
        let leaves = "SELECT COUNT(*) FROM log_leaf WHERE division_code = $1 AND kind = 'access'";
        assert_eq!(w.store().reads().number(leaves, vals![w.store().division()]).await.unwrap(), 1);

        // Another purpose has no open task; another account has no case; outside the grid there is nobody.
        let tx = w.store().begin(&me).await.unwrap();
        let other = residents::open(&tx, id, Purpose::SurveyInterview).await.unwrap_err();
        assert_eq!(other.code, "basis-missing");
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        assert_eq!(residents::open(&tx, id, Purpose::CounterService).await.unwrap_err().code, "basis-missing");
        drop(tx);
        let tx = w.store().begin(&w.coordinator(1)).await.unwrap();
        assert_eq!(residents::open(&tx, id, Purpose::CounterService).await.unwrap_err().code, "not-found");
        assert_eq!(counter::open(&tx, id).await.unwrap_err().code, "not-found");
        drop(tx);
        let leader = testing::in_grids(w.store(), Role::TeamLeader, &w.grids);
        let tx = w.store().begin(&leader).await.unwrap();
        assert_eq!(counter::open(&tx, id).await.unwrap_err().code, "forbidden");
    }
}

#[tokio::test]
async fn what_is_rolled_back_was_neither_read_nor_recorded() {
    for w in worlds().await {
        let me = w.coordinator(0);
        let tx = w.store().begin(&me).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        counter::open(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&me).await.unwrap();
        residents::open(&tx, id, Purpose::CounterService).await.unwrap();
        drop(tx);
        assert!(history::readings(&w.store().reads(), &me, id).await.unwrap().is_empty(), "{}", w.engine());
    }
}

#[tokio::test]
async fn a_counter_case_ends_by_itself_and_when_it_is_closed() {
    for w in worlds().await {
        let me = w.coordinator(0);
        let tx = w.store().begin(&me).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        counter::open(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let opened = w.store().now();
        w.test.clock.set(opened.plus_s(counter::CASE_S + 1));
        let tx = w.store().begin(&me).await.unwrap();
        assert_eq!(residents::open(&tx, id, Purpose::CounterService).await.unwrap_err().code, "basis-missing");
        counter::open(&tx, id).await.unwrap();
        residents::open(&tx, id, Purpose::CounterService).await.unwrap();
        counter::close(&tx, id).await.unwrap();
        assert_eq!(residents::open(&tx, id, Purpose::CounterService).await.unwrap_err().code, "basis-missing");
        tx.commit().await.unwrap();
        assert_eq!(history::readings(&w.store().reads(), &me, id).await.unwrap().len(), 1, "{}", w.engine());
    }
}

#[tokio::test]
async fn outside_the_own_grids_there_is_nothing_not_even_a_count() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (q, other) = (w.store().reads(), w.coordinator(1));
        let ten = Slice::first(10);
        let people = residents::list(&q, &other, &residents::Filter::default(), ten).await.unwrap();
        assert_eq!((people.rows.len(), people.total), (0, 0), "{}", w.engine());
        assert_eq!(residents::find(&q, &other, id).await.unwrap_err().code, "not-found");
        assert_eq!(homes::household(&q, &other, w.homes[0]).await.unwrap_err().code, "not-found");
        assert_eq!(homes::list(&q, &other, &homes::Filter::default(), ten).await.unwrap().total, 1);
        assert_eq!(addresses::list(&q, &other, &addresses::Filter::default(), ten).await.unwrap().total, 1);
        assert_eq!(employers::list(&q, &w.coordinator(0), &employers::Filter::default(), ten).await.unwrap().total, 0);
        assert_eq!(history::of_resident(&q, &other, id).await.unwrap_err().code, "not-found");
        assert_eq!(history::readings(&q, &other, id).await.unwrap_err().code, "not-found");
        let (name, no, phone) = ("王小明".to_owned(), number(2), mobile(2));
        for text in [name.as_str(), "wxm", "wangxiao", &no, &phone, "新府中路501弄12号301室", "新府中路"] {
            let seen = residents::search(&w.app, &w.coordinator(0), text, ten).await.unwrap();
            assert_eq!(seen.total, 1, "{text} {}", w.engine());
            let unseen = residents::search(&w.app, &other, text, ten).await.unwrap();
            assert_eq!((unseen.rows.len(), unseen.total, unseen.more), (0, 0, false), "{text}");
        }
        let doc_kind = cn_identity::DocumentKind::Resident;
        let typing = residents::Typing { name: &name, doc_kind, doc_no: &no, phone: &phone };
        assert!(residents::candidates(&w.app, &other, typing).await.unwrap().is_empty());
        let known = residents::candidates(&w.app, &w.coordinator(0), typing).await.unwrap();
        assert_eq!(known[0].reasons, ["same-number", "same-mobile", "same-name"]);
    }
}

#[tokio::test]
async fn the_database_file_holds_no_name_number_or_mobile_in_clear() {
    for w in worlds().await.into_iter().filter(|w| w.engine() == "sqlite") {
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("司徒慕容雪", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let (number, mobile) = (number(2), mobile(2));
        let mut scanned = 0;
        for entry in std::fs::read_dir(w.test.dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            scanned += bytes.len();
            for secret in ["司徒慕容雪", &number, &mobile, "1990-03-07", "钱多多", "13900001111"] {
                let there = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!there, "{secret} stands in the file");
            }
        }
        assert!(scanned > 50_000, "the scan saw the database");
    }
}

#[tokio::test]
async fn only_the_roles_of_the_counter_open_a_record_because_somebody_stands_there() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        for role in Role::ALL {
            let reader = testing::in_grids(w.store(), *role, &w.grids);
            let tx = w.store().begin(&reader).await.unwrap();
            let opened = counter::open(&tx, id).await.map(|_| ()).map_err(|e| e.code);
            let serves = matches!(role, Role::Coordinator | Role::PopulationOffice | Role::Station);
            assert_eq!(opened, if serves { Ok(()) } else { Err("forbidden") }, "{role} on {}", w.engine());
        }
        // A case that an earlier role left open entitles to nothing without the role.
        let me = w.coordinator(0);
        let tx = w.store().begin(&me).await.unwrap();
        counter::open(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let later = linli_platform::reader::Reader { roles: vec![Role::GridWorker], ..me };
        let tx = w.store().begin(&later).await.unwrap();
        assert_eq!(residents::open(&tx, id, Purpose::CounterService).await.unwrap_err().code, "forbidden");
    }
}
