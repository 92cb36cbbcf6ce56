//! Owner, landlord and liaison are opened as residents are: by purpose, in scope, on record.

use http::StatusCode;
use linli_platform::{
    access::Role,
    basis,
    event::SubjectRef,
    reader::{Purpose, Reader},
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::{
    HomeId, Told,
    codes::{HomeKind, Source, Tenancy},
    contacts::{self, Of},
    home_change::{self, HomeChange},
    homes,
};

use super::world::{World, areas, worlds};

/// A let home of the first grid, with owner and landlord.
async fn let_home(w: &World) -> HomeId {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let id = w.homes[0];
    let change = HomeChange {
        kind: Some(HomeKind::Flat),
        tenancy: Some(Tenancy::Let),
        owner: Some(Some("欧阳产权".into())),
        landlord: Some(Some("=HYPERLINK(\"x\")".into())),
        landlord_phone: Some(Some("19900000077".into())),
        ..HomeChange::default()
    };
    let version = homes::find(&tx, &w.office(), id).await.unwrap().version;
    home_change::change(&tx, id, version, change, None, Told::seen(Source::Landlord, tx.now())).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// An open task on a subject.
async fn task(w: &World, subject: SubjectRef, purpose: Purpose) -> uuid::Uuid {
    let tx = w.store().begin(&Reader::system()).await.unwrap();
    let id = w.store().new_id::<HomeId>().0;
    basis::open(&tx, subject, purpose, id, None, None).await.unwrap();
    tx.housekeeping("a task of another area");
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn the_contacts_of_a_home_open_for_an_open_task_in_scope_and_the_reading_is_recorded() {
    for w in worlds().await {
        let home = let_home(&w).await;
        let me = w.coordinator(0);
        let open = async |reader: &Reader, purpose| {
            let tx = w.store().begin(reader).await.unwrap();
            let opened = contacts::open(&tx, Of::Home(home), purpose).await;
            if opened.is_ok() {
                tx.commit().await.unwrap();
            }
            opened
        };
        let early = open(&me, Purpose::FieldVerification).await.unwrap_err();
        assert_eq!(early.code, "basis-missing", "{}", w.engine());
        let task = task(&w, SubjectRef::new("home", home, Some(w.grids[0])), Purpose::FieldVerification).await;
        let opened = open(&me, Purpose::FieldVerification).await.unwrap();
        let values: Vec<&str> = opened.iter().map(|c| c.value.text()).collect();
        assert_eq!(values, ["欧阳产权", "=HYPERLINK(\"x\")", "19900000077"]);
        assert!(!format!("{opened:?}").contains("欧阳"), "masked in every other form");
        let read = contacts::readings(&w.store().reads(), home.0).await.unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].role.as_str(), read[0].purpose.as_str()), ("coordinator", "field-verification"));
        for (reader, code) in [
            (w.coordinator(1), "not-found"),
            (testing::in_grids(w.store(), Role::Volunteer, &[w.grids[0]]), "forbidden"),
        ] {
            assert_eq!(open(&reader, Purpose::FieldVerification).await.unwrap_err().code, code);
        }
        assert_eq!(open(&me, Purpose::DataCheck).await.unwrap_err().code, "basis-missing");
        let tx = w.store().begin(&Reader::system()).await.unwrap();
        basis::close(&tx, task).await.unwrap();
        tx.housekeeping("the task ends");
        tx.commit().await.unwrap();
        assert_eq!(
            open(&me, Purpose::FieldVerification).await.unwrap_err().code,
            "basis-missing",
            "it ends with the task"
        );
        let leaves = "SELECT COUNT(*) FROM log_leaf WHERE division_code = $1 AND kind = 'access'";
        assert_eq!(w.store().reads().number(leaves, vals![w.store().division()]).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_pages_offer_it_only_where_a_task_is_open_and_show_it_once() {
    for w in worlds().await {
        let home = let_home(&w).await;
        let account = testing::account(w.store(), "office", &[(Role::PopulationOffice, w.store().division())]).await;
        let office = Client::signed_in(&w.app, &areas(), account).await;
        for (path, subject, shown, masked) in [
            (
                format!("/homes/{home}"),
                SubjectRef::new("home", home, Some(w.grids[0])),
                "=HYPERLINK(&#34;x&#34;)",
                "欧阳产权",
            ),
            (
                format!("/employers/{}", w.employer),
                SubjectRef::new("employer", w.employer, Some(w.grids[1])),
                "13900001111",
                "钱多多",
            ),
        ] {
            let before = office.get(&path).await.text;
            assert!(!before.contains(&format!("{path}/reading")) && !before.contains(masked), "{path}: {}", w.engine());
            let fields = [("purpose", "roster-review")];
            assert_eq!(office.post(&format!("{path}/reading"), &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            task(&w, subject, Purpose::RosterReview).await;
            assert!(office.get(&path).await.text.contains(&format!("{path}/reading")), "{path}");
            let opened = office.post(&format!("{path}/reading"), &fields).await;
            assert!(opened.text.contains(shown) && opened.text.contains(masked), "{}", opened.text);
            assert!(opened.header("cache-control").contains("no-store"));
        }
    }
}
