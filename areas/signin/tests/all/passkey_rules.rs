//! What is not accepted, and that nobody learns why.

use http::StatusCode;
use linli_platform::{
    accounts,
    app::App,
    proof::AccessSettings,
    reader::Reader,
    testing::{self, BEGIN, Client},
};
use linli_signin::{Settings, ceremony, passkeys};

use super::{
    device::Device,
    world::{NAME, add, app, areas, by_password, challenge, events, migrations, send},
};

const SIGN_IN: &str = "/sign-in/passkey";

async fn with_passkey(app: &App, name: &str, device: &mut Device) -> Client {
    let client = Client::new(app, &areas());
    by_password(&client, name).await;
    assert!(add(&client, device).await.status.as_u16() < 400);
    client
}

#[tokio::test]
async fn whatever_is_wrong_with_a_passkey_reads_the_same() {
    for t in testing::stores(migrations).await {
        let id = testing::account(&t.store, NAME, &[]).await;
        let other = testing::account(&t.store, "zhang.san", &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let mut device = Device::new(1);
        with_passkey(&app, NAME, &mut device).await;
        let mut texts = Vec::new();
        let mut refuse = async |prepared: &mut Device| {
            let client = Client::new(&app, &areas());
            let (ceremony, options) = challenge(&client, SIGN_IN).await;
            let refused = send(&client, SIGN_IN, &ceremony, &prepared.get(&options)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
            assert!(client.cookie("linli").is_none());
            texts.push(refused.text);
        };
        let mut unknown = Device::new(99);
        unknown.claim(id);
        refuse(&mut unknown).await;
        device.claim(other);
        refuse(&mut device).await;
        device.claim(id);
        device.origin = "https://linli.example".into();
        refuse(&mut device).await;
        device.origin = "http://localhost:8080".into();
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        accounts::set_disabled(&tx, id, true).await.unwrap();
        tx.commit().await.unwrap();
        refuse(&mut device).await;
        assert!(texts.windows(2).all(|two| two[0] == two[1]));
        assert_eq!(events(&t.store, "account.sign-in-failed", id).await, 1, "the known key from another site is noted");
    }
}

#[tokio::test]
async fn an_answer_counts_once_and_for_ten_minutes() {
    for t in testing::stores(migrations).await {
        testing::account(&t.store, NAME, &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let mut device = Device::new(2);
        with_passkey(&app, NAME, &mut device).await;
        let client = Client::new(&app, &areas());
        let (ceremony, options) = challenge(&client, SIGN_IN).await;
        let credential = device.get(&options);
        assert_eq!(send(&client, SIGN_IN, &ceremony, &credential).await.status, StatusCode::SEE_OTHER);
        let thief = Client::new(&app, &areas());
        let again = send(&thief, SIGN_IN, &ceremony, &credential).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a second time, {}", t.engine);
        let (ceremony, options) = challenge(&thief, SIGN_IN).await;
        t.clock.set(BEGIN.plus_s(ceremony::LIFETIME_S));
        let late = send(&thief, SIGN_IN, &ceremony, &device.get(&options)).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "too late");
        let (ceremony, options) = challenge(&thief, SIGN_IN).await;
        let (other, _) = challenge(&thief, SIGN_IN).await;
        let crossed = send(&thief, SIGN_IN, &other, &device.get(&options)).await;
        assert_eq!(crossed.status, StatusCode::UNPROCESSABLE_ENTITY, "the answer to another question");
        assert_eq!(send(&thief, SIGN_IN, &ceremony, &device.get(&options)).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn one_accounts_question_is_nothing_in_anothers_session() {
    for t in testing::stores(migrations).await {
        testing::account(&t.store, NAME, &[]).await;
        let second = testing::account(&t.store, "zhang.san", &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let mut device = Device::new(3);
        let first = with_passkey(&app, NAME, &mut device).await;
        let other = with_passkey(&app, "zhang.san", &mut Device::new(4)).await;
        let (ceremony, options) = challenge(&first, "/account/passkeys").await;
        let credential = Device::new(5).create(&options);
        let form = [("name", "x"), ("ceremony", ceremony.as_str()), ("credential", credential.as_str())];
        let refused = other.post("/account/passkeys", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
        assert_eq!(passkeys::of_account(&t.store.reads(), second).await.unwrap().len(), 1);
        let (ceremony, options) = challenge(&other, "/account/proof/passkey").await;
        let borrowed = send(&other, "/account/proof/passkey", &ceremony, &device.get(&options)).await;
        assert_eq!(borrowed.status, StatusCode::UNPROCESSABLE_ENTITY, "another's key proves nothing");
        let kept = passkeys::of_account(&t.store.reads(), second).await.unwrap();
        let removal = format!("/account/passkeys/{}/removal", kept[0].passkey_id);
        assert_eq!(first.post(&removal, &[]).await.status, StatusCode::NOT_FOUND, "nor is it anybody else's to remove");
    }
}

#[tokio::test]
async fn a_form_that_failed_keeps_the_name_and_says_why_at_the_field() {
    for t in testing::stores(migrations).await {
        testing::account(&t.store, NAME, &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let client = with_passkey(&app, NAME, &mut Device::new(6)).await;
        for (name, message) in [
            ("", "请填写 1 至 40 个字的名称"),
            ("平安里 13900001234", "这里不能写证件号或手机号"),
            ("办公电脑", "需要 JavaScript"),
        ] {
            let failed = client.post("/account/passkeys", &[("name", name)]).await;
            assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
            assert!(failed.text.contains("href=\"#f-name\""), "{name}");
            assert!(failed.text.contains(&format!("value=\"{name}\"")), "{name}");
            assert!(failed.text.contains(message), "{name}: {}", failed.text);
        }
        let again = add(&client, &mut Device::new(6)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the same key twice");
    }
}

#[tokio::test]
async fn where_no_address_can_have_passkeys_the_pages_say_what_to_set() {
    let t = testing::sqlite(migrations()).await;
    let id = testing::account(&t.store, NAME, &[]).await;
    let app = app(&t.store, AccessSettings::default());
    Settings { party: None, provider: None }.register(&app);
    let client = Client::signed_in(&app, &areas(), id).await;
    assert!(client.get("/account/passkeys").await.text.contains("public_address"));
    assert_eq!(client.post("/account/passkeys/challenge", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = Client::new(&app, &areas());
    assert!(!nobody.get("/sign-in").await.text.contains("/sign-in/passkey"), "and offer none");
    assert!(nobody.get("/sign-in/passkey").await.text.contains("public_address"));
}

#[tokio::test]
async fn a_page_for_a_passkey_reads_without_scripts_and_names_its_address() {
    let t = testing::sqlite(migrations()).await;
    let app = app(&t.store, AccessSettings::default());
    let page = Client::new(&app, &areas()).get("/sign-in/passkey").await;
    let shown = page.text.split("data-passkey-says=\"scripts\"").nth(1).unwrap();
    assert!(shown.starts_with('>'), "what needs scripts is said until one runs");
    assert!(page.text.contains("href=\"http://localhost:8080\"") && page.text.contains("href=\"/sign-in?next=/\""));
    assert!(!page.text.contains("<script>") && !page.text.contains("style="), "{}", page.text);
}

#[tokio::test]
async fn too_many_open_questions_end_in_a_message_and_not_in_a_full_table() {
    let t = testing::sqlite(migrations()).await;
    let app = app(&t.store, AccessSettings::default());
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let columns = ["division_code", "token_hash", "kind", "account_id", "browser_hash", "state", "made_at"];
    let row = |n: i64| {
        linli_platform::vals![
            testing::DIVISION,
            n.to_be_bytes().to_vec(),
            "passkey-sign-in",
            None::<uuid::Uuid>,
            Vec::<u8>::new(),
            "{}",
            BEGIN
        ]
    };
    tx.insert_many("sign_in_ceremony", &columns, (0..ceremony::OPEN_MAX).map(row).collect()).await.unwrap();
    tx.housekeeping("a test");
    tx.commit().await.unwrap();
    let client = Client::new(&app, &areas());
    let full = client.post("/sign-in/passkey/challenge", &[]).await;
    assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS);
    t.clock.set(BEGIN.plus_s(ceremony::LIFETIME_S));
    challenge(&client, SIGN_IN).await;
}
