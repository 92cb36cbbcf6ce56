//! Signing in, staying signed in, and what ends it.

use http::StatusCode;
use linli_platform::{
    access::Role,
    accounts,
    clock::Clock,
    reader::Reader,
    sessions,
    store::{Query, Store, migrations},
    testing::{self, BEGIN, Client, DIVISION, PASSWORD},
    vals,
};

const NAME: &str = "wang.wei";

async fn events(store: &Store, kind: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = $2";
    store.reads().number(sql, vals![store.division(), kind]).await.unwrap()
}

async fn try_in(client: &Client, password: &str) -> StatusCode {
    client.post("/sign-in", &[("name", NAME), ("password", password)]).await.status
}

#[tokio::test]
async fn who_signs_in_comes_to_the_page_asked_for_and_leaves_with_nothing() {
    for t in testing::stores(migrations).await {
        testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
        let app = testing::app(&t.store, &[]);
        let client = Client::new(&app, &[]);

        let refused = client.get("/admin/accounts?q=li").await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", t.engine);
        assert_eq!(refused.location(), "/sign-in?next=/admin/accounts%3Fq%3Dli");
        let form = client.get(refused.location()).await;
        assert!(form.text.contains(r#"name="next" value="/admin/accounts?q=li""#), "{}", form.text);

        let next = [("name", " Wang.Wei "), ("password", PASSWORD), ("next", "/admin/accounts?q=li")];
        let entered = client.post("/sign-in", &next).await;
        assert_eq!(entered.location(), "/admin/accounts?q=li", "{}", entered.text);
        let cookie = entered.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(client.get("/admin/accounts").await.status, StatusCode::OK);
        assert_eq!(client.get("/sign-in").await.location(), "/", "the sign-in page is for those who are not");

        let token = client.cookie("linli").unwrap();
        assert_eq!(client.post("/sign-out", &[]).await.location(), "/sign-in");
        client.set_cookie("linli", &token);
        assert_eq!(client.get("/account").await.location(), "/sign-in?next=/account", "the token is dead");
        assert_eq!(events(&t.store, "account.signed-in").await, 1);
        assert_eq!(events(&t.store, "account.signed-out").await, 1);
    }
}

#[tokio::test]
async fn the_store_holds_no_token() {
    let t = testing::sqlite(migrations()).await;
    testing::account(&t.store, NAME, &[]).await;
    let client = Client::new(&testing::app(&t.store, &[]), &[]);
    try_in(&client, PASSWORD).await;
    let token = client.cookie("linli").unwrap();
    let by_token = t
        .store
        .reads()
        .number(
            "SELECT COUNT(*) FROM session WHERE division_code = $1 AND token_hash = $2",
            vals![t.store.division(), token.into_bytes()],
        )
        .await
        .unwrap();
    assert_eq!(by_token, 0);
    assert_eq!(t.store.reads().number("SELECT COUNT(*) FROM session", vec![]).await.unwrap(), 1);
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    for t in testing::stores(migrations).await {
        testing::account(&t.store, NAME, &[]).await;
        let client = Client::new(&testing::app(&t.store, &[]), &[]);
        for _ in 0..accounts::TRIES {
            assert_eq!(try_in(&client, "wrong-lantern-42").await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(try_in(&client, PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "locked, {}", t.engine);
        assert_eq!(events(&t.store, "account.locked").await, 1);
        t.clock.set(BEGIN.plus_s(accounts::LOCK_S - 1));
        assert_eq!(try_in(&client, PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "still locked");
        t.clock.set(BEGIN.plus_s(accounts::LOCK_S));
        assert_eq!(
            try_in(&client, "wrong-lantern-42").await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "the count begins anew"
        );
        assert_eq!(try_in(&client, PASSWORD).await, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn four_wrong_passwords_and_the_right_one_start_the_count_anew() {
    let t = testing::sqlite(migrations()).await;
    testing::account(&t.store, NAME, &[]).await;
    let client = Client::new(&testing::app(&t.store, &[]), &[]);
    for _ in 0..2 {
        for _ in 1..accounts::TRIES {
            try_in(&client, "wrong-lantern-42").await;
        }
        assert_eq!(try_in(&client, PASSWORD).await, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_disabled_account_read_the_same() {
    let t = testing::sqlite(migrations()).await;
    testing::account(&t.store, NAME, &[]).await;
    let gone = testing::account(&t.store, "li.na", &[]).await;
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    accounts::set_disabled(&tx, gone, true).await.unwrap();
    tx.commit().await.unwrap();
    let client = Client::new(&testing::app(&t.store, &[]), &[]);
    let mut pages = Vec::new();
    for (name, password) in [(NAME, "wrong-lantern-42"), ("li.na", PASSWORD), ("nobody", PASSWORD)] {
        let answer = client.post("/sign-in", &[("name", name), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.text.contains(password), "a password never comes back");
        pages.push(answer.text.replace(name, "NAME"));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

async fn signed_in(store: &Store) -> Client {
    let id = testing::account(store, NAME, &[]).await;
    Client::signed_in(&testing::app(store, &[]), &[], id).await
}

async fn is_in(client: &Client, clock: &Clock, after_s: i64) -> bool {
    clock.set(BEGIN.plus_s(after_s));
    client.get("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() {
    for t in testing::stores(migrations).await {
        let client = signed_in(&t.store).await;
        assert!(is_in(&client, &t.clock, sessions::IDLE_S - 1).await, "{}", t.engine);
        assert!(is_in(&client, &t.clock, 2 * (sessions::IDLE_S - 1)).await, "use has been noted");
        assert!(!is_in(&client, &t.clock, 2 * (sessions::IDLE_S - 1) + sessions::IDLE_S).await);
    }
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let t = testing::sqlite(migrations()).await;
    let client = signed_in(&t.store).await;
    let mut after_s = 0;
    while after_s + 1200 < sessions::ABSOLUTE_S {
        after_s += 1200;
        assert!(is_in(&client, &t.clock, after_s).await, "after {after_s} s");
    }
    assert!(!is_in(&client, &t.clock, sessions::ABSOLUTE_S).await);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let client = Client::signed_in(&testing::app(&t.store, &[]), &[], id).await;
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    accounts::set_disabled(&tx, id, true).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(client.get("/account").await.status, StatusCode::SEE_OTHER);
}
