//! An address under investigation, as its resident sees it.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    codes::{DoubtCause, DoubtOutcome},
    doubts,
};

use super::{
    pages::entered,
    world::{World, areas, worlds},
};

async fn raise(world: &World) {
    let due = doubts::due_at(&world.app).unwrap();
    let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
    doubts::raise(&tx, world.person, DoubtCause::NotMet, due).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_resident_sees_what_is_doubted_since_when_why_and_until_when_and_can_answer_once() {
    for world in worlds().await {
        let client = entered(&world).await;
        assert!(!client.get("/me").await.text.contains("您的住址正在核实"), "{}", world.engine());
        raise(&world).await;
        let doubt = doubts::open_of(&world.store().reads(), world.person).await.unwrap().unwrap();
        let page = client.get("/me").await.text;
        for part in [
            "您的住址正在核实",
            "工作人员几次上门都没有遇到人",
            &doubt.raised_at.minute_text(),
            &doubt.due_at.minute_text(),
            "/me/requests/new?kind=correction&amp;field=address",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let path = format!("/me/doubts/{}/answer", doubt.doubt_id);
        assert!(page.contains(&path));
        assert_eq!(client.post(&path, &[]).await.location(), "/me");
        let page = client.get("/me").await.text;
        assert!(page.contains("表示住址无误") && !page.contains(&path), "{page}");
        assert_eq!(client.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "said once");
        let account =
            testing::account(world.store(), "grid", &[(Role::Coordinator, &world.grids[0].to_string())]).await;
        let staff = Client::signed_in(&world.app, &areas(), account).await;
        let record = staff.get(&format!("/residents/{}", world.person)).await.text;
        assert!(record.contains("表示住址无误"), "whoever settles it sees the answer: {record}");
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        doubts::settle(&tx, world.person, doubt.doubt_id, 1, DoubtOutcome::Confirmed).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!client.get("/me").await.text.contains("您的住址正在核实"), "settled, it is gone");
    }
}

#[tokio::test]
async fn others_of_the_same_home_neither_see_the_doubt_nor_answer_it() {
    for world in worlds().await {
        raise(&world).await;
        let doubt = doubts::open_of(&world.store().reads(), world.person).await.unwrap().unwrap();
        let (_, relative) = world.enter(2, "欧阳山").await;
        let record = linli_declarations::own::record(&world.store().reads(), &relative).await.unwrap();
        assert!(record.doubt.is_none(), "{}", world.engine());
        let tx = world.store().begin(&relative.reader()).await.unwrap();
        assert!(doubts::say_right(&tx, relative.resident, doubt.doubt_id).await.unwrap_err().is("doubt-settled"));
        assert!(doubts::say_right(&tx, world.person, doubt.doubt_id).await.unwrap_err().is("forbidden"));
    }
}
