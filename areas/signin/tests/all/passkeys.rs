//! Adding a passkey, signing in with it, and what it counts as.

use http::StatusCode;
use linli_platform::{
    access::Role,
    notices,
    proof::AccessSettings,
    second_factor,
    testing::{self, BEGIN, Client, DIVISION},
    web::Paging,
};
use linli_signin::passkeys;

use super::{
    device::Device,
    world::{NAME, add, admin, answer, app, areas, asks_admins, by_password, challenge, events, migrations, send},
};

#[tokio::test]
async fn a_passkey_is_the_second_factor_that_a_role_asks_for_and_signs_in_by_itself() {
    for t in testing::stores(migrations).await {
        let id = admin(&t.store).await;
        let app = app(&t.store, asks_admins());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        assert_eq!(client.get("/admin/accounts").await.location(), "/account/second-factor", "{}", t.engine);
        let page = client.get("/account/second-factor").await;
        assert!(page.text.contains("href=\"/account/passkeys\""), "{}", page.text);

        let mut device = Device::new(1);
        let added = add(&client, &mut device).await;
        assert_eq!(added.status, StatusCode::OK);
        assert_eq!(added.text.matches("<li><code>").count(), second_factor::RECOVERY_CODES, "once, with the first");
        assert_eq!(client.get("/admin/accounts").await.status, StatusCode::OK, "nothing more is asked for");
        assert_eq!(events(&t.store, "account.passkey-added", id).await, 1);

        let elsewhere = Client::new(&app, &areas());
        let offered = elsewhere.get("/sign-in?next=/admin/jobs").await;
        assert!(offered.text.contains("href=\"/sign-in/passkey?next=/admin/jobs\""), "{}", offered.text);
        let done = answer(&elsewhere, "/sign-in/passkey", &mut device).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account"));
        assert_eq!(elsewhere.get("/admin/accounts").await.status, StatusCode::OK);
        let kept = &passkeys::of_account(&t.store.reads(), id).await.unwrap()[0];
        assert_eq!((kept.name.as_str(), kept.used_at), ("办公电脑", Some(BEGIN)));
        let sessions = elsewhere.get("/account/sessions").await;
        assert!(sessions.text.contains("<small>通行密钥</small>"), "the way is told: {}", sessions.text);
    }
}

#[tokio::test]
async fn after_the_password_a_passkey_or_a_recovery_code_is_asked_for() {
    for t in testing::stores(migrations).await {
        admin(&t.store).await;
        let app = app(&t.store, AccessSettings::default());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        let mut device = Device::new(2);
        let shown = add(&client, &mut device).await.text;
        let code = shown.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();

        let half = Client::new(&app, &areas());
        assert_eq!(by_password(&half, NAME).await.location(), "/sign-in/code", "{}", t.engine);
        assert_eq!(half.get("/account").await.location(), "/sign-in/code", "the password alone opens nothing");
        assert!(half.get("/sign-in/code").await.text.contains("href=\"/sign-in/code/passkey\""));
        let token = half.cookie("linli").unwrap();
        let done = answer(&half, "/sign-in/code/passkey", &mut device).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account"));
        assert_ne!(half.cookie("linli").unwrap(), token, "a new session");
        assert_eq!(half.get("/account").await.status, StatusCode::OK);

        for status in [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY] {
            let other = Client::new(&app, &areas());
            by_password(&other, NAME).await;
            assert_eq!(other.post("/sign-in/code", &[("given", &code)]).await.status, status, "each code once");
        }
    }
}

#[tokio::test]
async fn a_passkey_shows_again_who_it_is() {
    for t in testing::stores(migrations).await {
        admin(&t.store).await;
        let app = app(&t.store, AccessSettings::default());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        let mut device = Device::new(3);
        add(&client, &mut device).await;
        let minutes = i64::from(*app.pack.governance.access.step_up_minutes);
        t.clock.set(BEGIN.plus_s(60 * minutes));
        let refused = client.post("/account/passkeys/challenge", &[]).await;
        assert!(refused.location().starts_with("/account/proof"), "{}: {}", t.engine, refused.location());
        let page = client.get("/account/proof?next=/account/passkeys").await;
        assert!(page.text.contains("href=\"/account/proof/passkey?next=/account/passkeys\""), "{}", page.text);
        let password = client.post("/account/proof", &[("given", testing::PASSWORD)]).await;
        assert_eq!(password.status, StatusCode::UNPROCESSABLE_ENTITY, "the first factor is not enough");
        assert_eq!(answer(&client, "/account/proof/passkey", &mut device).await.location(), "/account");
        assert_eq!(client.post("/account/passkeys/challenge", &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn changing_the_own_passkeys_asks_for_a_recent_proof_whatever_records_ask() {
    for t in testing::stores(migrations).await {
        let id = admin(&t.store).await;
        let app = app(&t.store, AccessSettings::default());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        let mut device = Device::new(4);
        let (ceremony, options) = challenge(&client, "/account/passkeys").await;
        let credential = device.create(&options);
        t.clock.set(BEGIN.plus_s(60 * i64::from(*app.pack.governance.access.step_up_minutes)));
        let form = [("name", "电脑"), ("ceremony", ceremony.as_str()), ("credential", credential.as_str())];
        let late = client.post("/account/passkeys", &form).await;
        assert!(late.location().starts_with("/account/proof"), "{}", t.engine);
        client.post("/account/proof", &[("given", testing::PASSWORD)]).await;
        add(&client, &mut device).await;
        let kept = passkeys::of_account(&t.store.reads(), id).await.unwrap();
        let removal = format!("/account/passkeys/{}/removal", kept[0].passkey_id);
        let proved = t.clock.now();
        t.clock.set(proved.plus_s(60 * i64::from(*app.pack.governance.access.step_up_minutes)));
        assert!(client.post(&removal, &[]).await.location().starts_with("/account/proof"));
        answer(&client, "/account/proof/passkey", &mut device).await;
        assert_eq!(client.post(&removal, &[]).await.location(), "/account/passkeys");
        assert!(passkeys::of_account(&t.store.reads(), id).await.unwrap().is_empty());
        assert_eq!(second_factor::recovery_left(&t.store.reads(), id).await.unwrap(), 0, "they went with the last");
        assert_eq!(events(&t.store, "account.passkey-removed", id).await, 1);
        let gone = answer(&Client::new(&app, &areas()), "/sign-in/passkey", &mut device).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_last_second_factor_that_a_role_asks_for_stays_until_there_is_another() {
    for t in testing::stores(migrations).await {
        let id = admin(&t.store).await;
        let app = app(&t.store, asks_admins());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        add(&client, &mut Device::new(5)).await;
        let first = passkeys::of_account(&t.store.reads(), id).await.unwrap()[0].passkey_id;
        let removal = format!("/account/passkeys/{first}/removal");
        let kept = client.post(&removal, &[]).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
        let second = add(&client, &mut Device::new(6)).await;
        assert_eq!(second.location(), "/account/passkeys", "recovery codes are there already");
        assert_eq!(client.post(&removal, &[]).await.location(), "/account/passkeys");
    }
}

#[tokio::test]
async fn an_administrator_takes_lost_passkeys_away_and_the_security_officer_hears_of_it() {
    for t in testing::stores(migrations).await {
        let person = testing::account(&t.store, "zhang.san", &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let theirs = Client::new(&app, &areas());
        by_password(&theirs, "zhang.san").await;
        add(&theirs, &mut Device::new(7)).await;
        let boss = Client::signed_in(&app, &areas(), admin(&t.store).await).await;
        let path = format!("/admin/accounts/{person}");
        assert!(boss.get(&path).await.text.contains("second-factor-removal"), "{}", t.engine);
        assert_eq!(boss.post(&format!("{path}/second-factor-removal"), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(passkeys::of_account(&t.store.reads(), person).await.unwrap().is_empty());
        assert_eq!(events(&t.store, "account.passkey-removed", person).await, 1);
        let (told, _) = notices::list(&t.store.reads(), Paging::default()).await.unwrap();
        assert_eq!((told.len(), told[0].kind.as_str()), (1, "factor-removed"));
        assert!(theirs.get("/account").await.location().starts_with("/sign-in"), "signed out everywhere");
        assert_eq!(by_password(&theirs, "zhang.san").await.location(), "/", "the password is enough again");
    }
}

#[tokio::test]
async fn a_key_whose_counter_went_backwards_is_refused_and_the_security_officer_hears_of_it() {
    for t in testing::stores(migrations).await {
        let id = testing::account(&t.store, NAME, &[(Role::Coordinator, DIVISION)]).await;
        let app = app(&t.store, AccessSettings::default());
        let client = Client::new(&app, &areas());
        by_password(&client, NAME).await;
        let mut device = Device::new(8);
        add(&client, &mut device).await;
        device.counter = 40;
        assert_eq!(answer(&Client::new(&app, &areas()), "/sign-in/passkey", &mut device).await.status, 303);
        device.counter = 40;
        let (ceremony, options) = challenge(&client, "/sign-in/passkey").await;
        let copy = device.get(&options);
        let refused = send(&Client::new(&app, &areas()), "/sign-in/passkey", &ceremony, &copy).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
        assert_eq!(events(&t.store, "account.passkey-suspect", id).await, 1);
        let (told, _) = notices::list(&t.store.reads(), Paging::default()).await.unwrap();
        assert_eq!((told.len(), told[0].kind.as_str(), told[0].account_id), (1, "passkey-suspect", id));
    }
}
