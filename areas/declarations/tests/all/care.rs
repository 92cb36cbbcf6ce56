//! Consent to care visits: the resident's alone, seen at the door only while it is in force.

use http::StatusCode;
use linli_platform::{
    access::Role,
    reader::Reader,
    testing::{self, Client},
};
use linli_register::{
    care,
    codes::Label,
    homes::{self, LabelChange},
};

use super::{
    pages::entered,
    world::{NAME, World, areas, worlds},
};

async fn home(world: &World) -> homes::HomeRow {
    homes::find(&world.store().reads(), &Reader::system(), world.homes[0]).await.unwrap()
}

async fn label(world: &World) -> Result<(), linli_platform::AppError> {
    let (label, reason) = (Some(Label::Care), "facts-changed".into());
    let change = LabelChange { label, reason, care_consent_day: None, seen_at: None };
    let tx = world.store().begin(&world.coordinator(0)).await?;
    homes::set_label(&tx, world.homes[0], home(world).await.version, change).await?;
    tx.commit().await
}

#[tokio::test]
async fn consent_opens_the_care_label_and_taking_it_back_ends_flag_and_label_at_once() {
    for world in worlds().await {
        assert!(label(&world).await.unwrap_err().is("care-consent-missing"), "{}", world.engine());
        let client = entered(&world).await;
        assert_eq!(client.post("/me/care", &[]).await.status, StatusCode::SEE_OTHER);
        assert!(client.get("/me").await.text.contains("您已同意关爱走访"));
        let q = world.store().reads();
        assert!(care::since(&q, world.homes[0]).await.unwrap().is_some());
        label(&world).await.unwrap();
        let account =
            testing::account(world.store(), "grid", &[(Role::Coordinator, &world.grids[0].to_string())]).await;
        let staff = Client::signed_in(&world.app, &areas(), account).await;
        let path = format!("/homes/{}", world.homes[0]);
        assert!(staff.get(&path).await.text.contains("同意关爱走访"));

        assert_eq!(client.post("/me/care/revocation", &[]).await.status, StatusCode::SEE_OTHER);
        assert!(care::since(&q, world.homes[0]).await.unwrap().is_none());
        assert_eq!(home(&world).await.label, None, "the premises lose the label with the last consent");
        assert!(
            !staff.get(&path).await.text.contains("care-flag")
                && !staff.get(&path).await.text.contains("class=\"badge bg-green-lt ok\"")
        );
        let history = client.get("/me").await.text;
        assert!(history.contains("撤回") && history.contains("同意和撤回的记录"), "the resident sees the history");
        assert_eq!(client.post("/me/care/revocation", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_relative_is_not_told_and_cannot_give_or_take_it_back() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let tx = world.store().begin(&own.reader()).await.unwrap();
        care::give(&tx, own.resident).await.unwrap();
        tx.commit().await.unwrap();
        label(&world).await.unwrap();
        let (_, relative) = world.enter(2, "欧阳山").await;
        let q = world.store().reads();
        assert!(care::of_resident(&q, relative.resident).await.unwrap().is_empty(), "{}", world.engine());
        let tx = world.store().begin(&relative.reader()).await.unwrap();
        assert!(care::revoke(&tx, own.resident).await.unwrap_err().is("forbidden"));
        assert!(care::revoke(&tx, relative.resident).await.unwrap_err().is("care-consent-none"));
        drop(tx);
        let staff = world.store().begin(&world.coordinator(0)).await.unwrap();
        assert!(care::give(&staff, own.resident).await.unwrap_err().is("forbidden"), "nobody agrees for somebody else");
        drop(staff);
        assert_eq!(home(&world).await.label.as_deref(), Some("care"));
    }
}

#[tokio::test]
async fn consent_is_erased_with_the_record() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let tx = world.store().begin(&own.reader()).await.unwrap();
        care::give(&tx, own.resident).await.unwrap();
        tx.commit().await.unwrap();
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let eraser = linli_platform::erasures::eraser(&world.app, "resident").unwrap();
        assert!(eraser.erase(&world.app, &tx, world.person.0).await.unwrap());
        tx.commit().await.unwrap();
        let left = "SELECT COUNT(*) FROM care_consent WHERE division_code = $1";
        assert_eq!(world.count(left).await, 0, "{}", world.engine());
    }
}
