//! A resident names the others of the household who move along, and a guardian a child; nothing tells who is registered.

use http::StatusCode;
use linli_declarations::{DeclarationId, Refusal, decide, review};
use linli_platform::{AppError, reader::Reader, store::Query as _, testing::Client, vals, web::Paging};
use linli_register::{
    HomeId, ResidentId,
    codes::CancelReason,
    residents::{self, Entered, MaskedResident},
};
use linli_work::Outcome;

use super::{
    pages::{entered, shape},
    world::{ADDRESSES, World, number, office, resident, worlds},
};

const CHILD: &str = "欧阳小满";

fn childs_number() -> String {
    cn_identity::make::resident_number("990101", (2018, 3, 7), 1).as_str().to_owned()
}

/// Registers a child of eight in a home.
async fn child(world: &World, home: HomeId) -> ResidentId {
    let tx = world.store().begin(&office(world.store())).await.unwrap();
    let new =
        residents::NewResident { doc_no: childs_number(), phone: None, ..resident(world.store(), CHILD, 9, home) };
    let ids = residents::register_many(&tx, vec![new], Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
    ids[0]
}

async fn filed(client: &Client, form: &[(&str, &str)]) -> String {
    let answer = client.post("/me/requests", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().to_owned()
}

/// What waits of a kind.
async fn waiting(world: &World, kind: &str) -> Vec<DeclarationId> {
    let (cases, _) =
        review::list(&world.store().reads(), &office(world.store()), review::Tab::Open, &Paging::default())
            .await
            .unwrap();
    cases.into_iter().filter(|c| c.kind == kind).map(|c| c.declaration_id).collect()
}

async fn accept(world: &World, id: DeclarationId) -> Result<Outcome, AppError> {
    let staff = world.coordinator(0);
    let tx = world.store().begin(&staff).await?;
    let opened = review::open(&tx, id).await?;
    assert!(opened.record.is_none(), "the record of whoever declares is not opened for it");
    tx.commit().await?;
    let tx = world.store().begin(&staff).await?;
    let became = decide::accept(&world.app, &tx, id, 1, CancelReason::MovedAway).await?;
    tx.commit().await?;
    Ok(became)
}

async fn record(world: &World, id: ResidentId) -> MaskedResident {
    residents::find(&world.store().reads(), &Reader::system(), id).await.unwrap()
}

fn day(world: &World) -> String {
    world.store().now().day().to_string()
}

#[tokio::test]
async fn who_moves_along_is_named_and_each_is_decided_and_answered_separately() {
    for world in worlds().await {
        let client = entered(&world).await;
        let form = client.get("/me/requests/new?kind=move").await.text;
        assert!(!form.contains("欧阳山") && !form.contains("欧*"), "nobody else of the home is shown");
        let more = client.post("/me/requests", &[("kind", "move"), ("address", "某处"), ("more", "1")]).await;
        assert!(more.text.contains("name=\"name_1\"") && more.text.contains("value=\"某处\""), "{}", more.text);
        let (no, day) = (number(2), day(&world));
        let own = [("kind", "move"), ("address", ADDRESSES[1]), ("day", &day)];
        let with = |name| [&own[..], &[("name_1", name), ("doc_no_1", &*no)]].concat();
        let bad = client.post("/me/requests", &[&own[..], &[("name_1", "欧阳山"), ("doc_no_1", "12")]].concat()).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("id=\"e-doc_no_1\"") && bad.text.contains("value=\"欧阳山\""), "{}", bad.text);
        assert_eq!(filed(&client, &with("欧阳山")).await, "/me");
        let (moves, along) = (waiting(&world, "move").await, waiting(&world, "move-along").await);
        assert_eq!((moves.len(), along.len()), (1, 1), "{}", world.engine());
        let staff = world.coordinator(0);
        let tx = world.store().begin(&staff).await.unwrap();
        decide::refuse(&tx, moves[0], 1, Refusal::NotThere).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(accept(&world, along[0]).await.unwrap(), Outcome::Moved);
        let homes = (record(&world, world.person).await.home_id, record(&world, world.relative).await.home_id);
        assert_eq!(homes, (Some(world.homes[0]), Some(world.homes[1])));
        let key = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1 AND subject_id = $2";
        let q = world.store().reads();
        let left = q.number(key, vals![q.division(), along[0]]).await.unwrap();
        assert_eq!(left, 0, "what was typed of somebody else is not kept beside the register");
        let page = client.get("/me").await.text;
        assert!(page.contains("已办理") && page.contains("不予办理"), "both answers, apart: {page}");
    }
}

#[tokio::test]
async fn the_form_answers_alike_whether_or_not_somebody_of_that_name_and_number_is_registered() {
    for world in worlds().await {
        child(&world, world.homes[0]).await;
        let (registered, stranger) = (childs_number(), {
            let other = cn_identity::make::resident_number("990101", (2018, 3, 7), 33);
            other.as_str().to_owned()
        });
        let day = day(&world);
        let mut answers = Vec::new();
        for (name, no) in [(CHILD, &registered), ("无此童", &registered), (CHILD, &stranger)] {
            let client = entered(&world).await;
            let one = [
                ("kind", "move-along"),
                ("address", ADDRESSES[1]),
                ("day", &*day),
                ("name_1", name),
                ("doc_no_1", no),
                ("guardian_1", "true"),
            ];
            let answer = client.post("/me/requests", &one).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            let (status, location, cookies) = shape(&answer);
            answers.push((status, location.len(), cookies, answer.text));
            world.later_s(16 * 60);
        }
        assert!(answers.windows(2).all(|w| w[0] == w[1]), "{}", world.engine());
        let mut became = Vec::new();
        for id in waiting(&world, "move-along").await {
            became.push(accept(&world, id).await.map_err(|e| e.code));
        }
        let unknown = became.iter().filter(|b| **b == Err("other-unknown")).count();
        assert_eq!((became.len(), unknown), (3, 2), "staff find out, and the register keeps to the number: {became:?}");
    }
}

#[tokio::test]
async fn a_guardian_declares_the_move_the_leaving_and_the_correction_of_a_child_under_fourteen_and_of_nobody_else() {
    for world in worlds().await {
        // The child lives with the other parent.
        let id = child(&world, world.homes[1]).await;
        let client = entered(&world).await;
        let (no, day, adult) = (childs_number(), day(&world), number(2));
        let named = |no: &'_ str, guardian: &'static str| {
            vec![("name_1", CHILD.to_owned()), ("doc_no_1", no.to_owned()), ("guardian_1", guardian.to_owned())]
        };
        let send = async |what: &[(&str, &str)], who: Vec<(&str, String)>| {
            let who = who.iter().map(|(k, v)| (*k, v.as_str()));
            client.post("/me/requests", &what.iter().copied().chain(who).collect::<Vec<_>>()).await
        };
        let correct = [("kind", "child-correction"), ("field", "name"), ("value", "欧阳小曼")];
        for (who, message) in [
            (named(&no, ""), "只能由监护人"),
            (named(&adult, "true"), "已满 14 周岁"),
            (vec![("guardian_1", "true".to_owned())], "e-name_1"),
        ] {
            let answer = send(&correct, who).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(message) && answer.text.contains("value=\"欧阳小曼\""), "{}", answer.text);
        }
        assert_eq!(send(&correct, named(&no, "true")).await.status, StatusCode::SEE_OTHER);
        let move_to = [("kind", "move-along"), ("address", ADDRESSES[0]), ("day", &*day)];
        assert_eq!(send(&move_to, named(&no, "true")).await.status, StatusCode::SEE_OTHER);
        let case = waiting(&world, "child-correction").await[0];
        assert_eq!(accept(&world, case).await.unwrap(), Outcome::Changed, "{}", world.engine());
        // The name that was right when it was declared is another now: staff see it and refuse.
        let case = waiting(&world, "move-along").await[0];
        assert!(accept(&world, case).await.unwrap_err().is("other-unknown"));
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        decide::refuse(&tx, case, 1, Refusal::OtherPersonDeclares).await.unwrap();
        tx.commit().await.unwrap();
        let renamed =
            vec![("name_1", "欧阳小曼".to_owned()), ("doc_no_1", no.clone()), ("guardian_1", "true".to_owned())];
        assert_eq!(send(&move_to, renamed.clone()).await.status, StatusCode::SEE_OTHER);
        assert_eq!(accept(&world, waiting(&world, "move-along").await[0]).await.unwrap(), Outcome::Moved);
        assert_eq!(record(&world, id).await.home_id, Some(world.homes[0]));
        let leave = [("kind", "leave-along"), ("day", &*day)];
        assert_eq!(send(&leave, renamed).await.status, StatusCode::SEE_OTHER);
        assert_eq!(accept(&world, waiting(&world, "leave-along").await[0]).await.unwrap(), Outcome::Cancelled);
        assert_eq!(record(&world, id).await.state, "cancelled");
    }
}

#[tokio::test]
async fn an_adult_of_another_home_is_not_moved_along_by_somebody_who_knows_name_and_number() {
    for world in worlds().await {
        let tx = world.store().begin(&office(world.store())).await.unwrap();
        let other = vec![resident(world.store(), "赵邻居", 20, world.homes[1])];
        residents::register_many(&tx, other, Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        let client = entered(&world).await;
        let (no, day) = (number(20), day(&world));
        let form = [("kind", "move-out"), ("day", &*day), ("name_1", "赵邻居"), ("doc_no_1", &*no)];
        assert_eq!(filed(&client, &form).await, "/me");
        let case = waiting(&world, "leave-along").await[0];
        assert!(accept(&world, case).await.unwrap_err().is("other-elsewhere"), "{}", world.engine());
    }
}
