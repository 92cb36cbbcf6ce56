//! Hand-overs from other jurisdictions: entered, answered in time or late, and what becomes of them.

use cn_identity::DocumentKind;
use http::StatusCode;
use linli_platform::{
    access::Role,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::{
    TransferId,
    codes::Source,
    history,
    inward::{self, Acceptance, NewInward},
    residents, rules, transfers,
};

use super::world::{World, areas, mobile, number, worlds};

const OFFICE: &str = "华新镇社区事务受理中心";

fn offer(w: &World, name: &str, seq: u16, address: usize) -> NewInward {
    let written = rules::Written {
        name,
        doc_kind: DocumentKind::Resident,
        doc_no: &number(seq),
        doc_confirmed: false,
        phone: &mobile(seq),
        sex: None,
        birth: None,
    };
    let (person, _) = rules::check(&written, w.today());
    NewInward {
        from_office: OFFICE.into(),
        reference: format!("华受〔2026〕{seq}号"),
        person: person.unwrap(),
        address: w.addresses[address],
        offered_day: w.today().plus_days(-1),
    }
}

async fn entered(w: &World, name: &str, seq: u16, address: usize) -> TransferId {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let id = inward::enter(&tx, offer(w, name, seq, address), transfers::due_at(&w.app).unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn at_home(w: &World, home: usize) -> Acceptance {
    Acceptance { home: w.homes[home], since: w.today(), local: false }
}

#[tokio::test]
async fn an_accepted_offer_becomes_a_registration_and_its_reading_the_persons_own() {
    for w in worlds().await {
        let id = entered(&w, "欧阳远", 2, 0).await;
        let q = w.store().reads();
        let list = inward::list(&q, &w.coordinator(0), 50).await.unwrap();
        assert_eq!((list.len(), list[0].name_masked.as_str(), list[0].state.as_str()), (1, "欧**", "offered"));
        assert!(inward::list(&q, &w.coordinator(1), 50).await.unwrap().is_empty(), "another grid's: {}", w.engine());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let open = inward::open(&tx, id, 1).await.unwrap();
        assert_eq!((open.name.text(), open.doc.text()), ("欧阳远", number(2).as_str()));
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let elsewhere = inward::accept(&tx, id, 1, at_home(&w, 2), Source::DoorVisit).await;
        assert_eq!(elsewhere.unwrap_err().code, "not-found", "a home of another grid");
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let person = inward::accept(&tx, id, 1, at_home(&w, 0), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        let row = residents::find(&q, &w.office(), person).await.unwrap();
        assert_eq!((row.name_masked.as_str(), row.home_id, row.state.as_str()), ("欧**", Some(w.homes[0]), "current"));
        let readings = history::readings(&q, &w.office(), person).await.unwrap();
        assert_eq!(readings.len(), 1, "the reading of the offer is the person's to see");
        assert_eq!(readings[0].purpose, "transfer");
        let kinds: Vec<String> =
            history::of_resident(&q, &w.office(), person).await.unwrap().into_iter().map(|s| s.kind).collect();
        for kind in ["resident.registered", "resident.inward-accepted", "resident.inward-offered"] {
            assert!(kinds.iter().any(|k| k == kind), "{kind}: {kinds:?}");
        }
        let sealed = "SELECT COUNT(*) FROM inward_transfer WHERE division_code = $1
                      AND (name_sealed IS NOT NULL OR doc_sealed IS NOT NULL OR doc_blind IS NOT NULL)";
        assert_eq!(q.number(sealed, vals![q.division()]).await.unwrap(), 0, "what was offered went with the answer");
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let again = inward::accept(&tx, id, 2, at_home(&w, 0), Source::DoorVisit).await;
        assert_eq!(again.unwrap_err().code, "stale-version");
    }
}

#[tokio::test]
async fn a_refused_offer_can_be_made_again_and_nobody_is_offered_twice() {
    for w in worlds().await {
        let id = entered(&w, "欧阳远", 2, 0).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        let due = transfers::due_at(&w.app).unwrap();
        let twice = inward::enter(&tx, offer(&w, "欧阳远", 2, 1), due).await;
        assert_eq!(twice.unwrap_err().code, "inward-open", "{}", w.engine());
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        assert_eq!(inward::refuse(&tx, id, 1, "because").await.unwrap_err().code, "refusal-unknown");
        inward::refuse(&tx, id, 1, "not-found-there").await.unwrap();
        tx.commit().await.unwrap();
        let row = inward::find(&w.store().reads(), &w.coordinator(0), id).await.unwrap();
        assert_eq!((row.state.as_str(), row.refusal.as_deref()), ("refused", Some("not-found-there")));
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1 AND subject_id = $2";
        let left = w.store().reads().number(keys, vals![w.store().division(), id]).await.unwrap();
        assert_eq!(left, 0, "its key is gone");
        entered(&w, "欧阳远", 2, 0).await;
    }
}

#[tokio::test]
async fn somebody_registered_already_keeps_the_record_and_sees_the_reading() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let here = residents::register(&tx, w.person("欧阳远", 2, 0)).await.unwrap();
        let there = residents::register(&tx, w.person("欧阳近", 4, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let known = entered(&w, "欧阳远", 2, 0).await;
        let elsewhere = entered(&w, "欧阳近", 4, 0).await;
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        inward::open(&tx, known, 1).await.unwrap();
        assert_eq!(inward::accept(&tx, known, 1, at_home(&w, 0), Source::DoorVisit).await.unwrap(), here);
        tx.commit().await.unwrap();
        let q = w.store().reads();
        assert_eq!(history::readings(&q, &w.office(), here).await.unwrap().len(), 1, "{}", w.engine());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let refused = inward::accept(&tx, elsewhere, 1, at_home(&w, 0), Source::DoorVisit).await;
        assert_eq!(refused.unwrap_err().code, "two-main-residences");
        drop(tx);
        assert_eq!(residents::find(&q, &w.office(), there).await.unwrap().home_id, Some(w.homes[2]));
    }
}

#[tokio::test]
async fn an_offer_is_entered_looked_at_and_answered_on_its_pages() {
    for w in worlds().await.into_iter().take(1) {
        let account = testing::account(w.store(), "me", &[(Role::Coordinator, &w.grids[0].to_string())]).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        assert_eq!(me.get("/inward-transfers/new").await.status, StatusCode::OK);
        let wrong = me.post("/inward-transfers", &[("name", "欧阳远"), ("doc_no", "12"), ("office", "王小明")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["office", "doc_no", "address"] {
            assert!(wrong.text.contains(&format!("#f-{field}")), "{field}: {}", wrong.text);
        }
        assert!(wrong.text.contains("欧阳远"), "what was typed stays");
        let no = number(2);
        let offer = |address: &'static str| {
            vec![
                ("office", OFFICE),
                ("reference", "华受2号"),
                ("name", "欧阳远"),
                ("doc_kind", "resident"),
                ("address", address),
            ]
        };
        let mut elsewhere = offer("大盈村3组12号");
        elsewhere.push(("doc_no", &no));
        assert!(me.post("/inward-transfers", &elsewhere).await.text.contains("#f-address"));
        let mut own = offer("新府中路501弄12号301室");
        own.push(("doc_no", &no));
        let made = me.post("/inward-transfers", &own).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = made.location().to_owned();
        for path in ["/transfers", &page] {
            let shown = me.get(path).await.text;
            assert!(shown.contains("欧**") && !shown.contains("欧阳远") && !shown.contains(&no), "{path}: {shown}");
        }
        let read = me.post(&format!("{page}/reading"), &[("version", "1")]).await;
        assert!(read.text.contains("欧阳远") && read.text.contains(&no), "{}", read.text);
        let nowhere = me.post(&format!("{page}/acceptance"), &[("version", "1"), ("address", "哪里路1号")]).await;
        assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nowhere.text.contains("哪里路1号"));
        let address = ("address", "新府中路501弄12号302室");
        let accepted =
            me.post(&format!("{page}/acceptance"), &[("version", "1"), address, ("local", "elsewhere")]).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        assert!(me.get(accepted.location()).await.text.contains("接收转入"));
        assert!(me.get(&page).await.text.contains("答复对方的回执编号"));
    }
}
