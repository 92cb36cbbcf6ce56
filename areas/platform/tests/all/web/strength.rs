//! How strongly somebody is signed in: the second factor, showing again who it is, how many people may be opened, and
//! the own sessions.

use http::StatusCode;
use linli_platform::{
    access::{Action, Role},
    accounts,
    app::{App, Installation},
    area::{Area, Route},
    basis,
    clock::At,
    event::SubjectRef,
    ids::AccountId,
    notices,
    proof::{self, AccessSettings},
    reader::{Purpose, Reader, Scope},
    sealed::{Bind, Sealed},
    second_factor,
    store::{Query, SealedField, Store, migrations},
    testing::{self, BEGIN, Client, DIVISION, PASSWORD, TestStore},
    vals,
    web::Paging,
};
use uuid::Uuid;

const NAME: &str = "wang.wei";

/// An area with one export and one page that opens a record.
fn areas() -> Vec<Area> {
    let routes = vec![Route::get("/things.xlsx", Action::Export, async || "a table")];
    vec![Area { name: "things", routes, ..Area::default() }]
}

fn app(store: &Store, access: AccessSettings) -> App {
    App::assemble(&areas(), Installation { access, ..testing::installation(store) }).unwrap()
}

fn asks_admins() -> AccessSettings {
    AccessSettings { second_factor_roles: vec![Role::SystemAdmin], step_up: false }
}

async fn try_in(client: &Client, path: &str, field: &str, given: &str) -> StatusCode {
    client.post(path, &[("name", NAME), (field, given)]).await.status
}

async fn enrolled(app: &App, account: AccountId, t: &TestStore) -> (second_factor::Enrolment, Vec<String>) {
    let me = Reader { account, ..Reader::system() };
    let tx = t.store.begin(&me).await.unwrap();
    second_factor::begin(&tx).await.unwrap();
    let secret = second_factor::pending(&tx, account).await.unwrap().unwrap();
    let codes = second_factor::confirm(&tx, &secret.code_at(app.store.now())).await.unwrap();
    tx.commit().await.unwrap();
    (secret, codes)
}

#[tokio::test]
async fn a_role_that_asks_for_a_second_factor_opens_nothing_before_it_is_set_up() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
        let app = app(&t.store, asks_admins());
        let client = Client::new(&app, &areas());
        assert_eq!(try_in(&client, "/sign-in", "password", PASSWORD).await, StatusCode::SEE_OTHER);
        for path in ["/admin/accounts", "/account", "/account/sessions"] {
            assert_eq!(client.get(path).await.location(), "/account/second-factor", "{path} on {}", t.engine);
        }
        let begun = client.post("/account/second-factor/secret", &[]).await;
        assert_eq!(begun.location(), "/account/second-factor");
        let page = client.get("/account/second-factor").await;
        assert!(page.text.contains("<svg class=\"qr\"") && !page.text.contains("style="), "{}", page.text);
        let secret = second_factor::pending(&t.store.reads(), id).await.unwrap().unwrap();
        assert!(page.text.contains(&secret.by_hand()));
        let confirm = "/account/second-factor/confirmation";
        let wrong = client.post(confirm, &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("href=\"#f-code\""), "the message is at the field");
        let done = client.post(confirm, &[("code", &secret.code_at(BEGIN))]).await;
        assert_eq!(done.text.matches("<li><code>").count(), second_factor::RECOVERY_CODES);
        assert_eq!(client.get("/admin/accounts").await.status, StatusCode::OK, "from now on");
        let removal = client.post("/account/second-factor/removal", &[]).await;
        assert_eq!(removal.status, StatusCode::UNPROCESSABLE_ENTITY, "the role asks for it");
    }
}

#[tokio::test]
async fn after_the_password_comes_the_code_and_each_code_counts_once() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
        let app = app(&t.store, AccessSettings::default());
        let (secret, _) = enrolled(&app, id, &t).await;
        let client = Client::new(&app, &areas());
        let next = [("name", NAME), ("password", PASSWORD), ("next", "/admin/jobs")];
        assert_eq!(client.post("/sign-in", &next).await.location(), "/sign-in/code?next=/admin/jobs");
        let half = client.cookie("linli").unwrap();
        assert_eq!(client.get("/admin/jobs").await.location(), "/sign-in/code", "the password alone opens nothing");
        assert!(!client.get("/sign-in/code").await.text.contains("/admin/jobs\""), "nor does it show the menu");

        let used = secret.code_at(BEGIN);
        assert_eq!(try_in(&client, "/sign-in/code", "given", &used).await, StatusCode::UNPROCESSABLE_ENTITY);
        t.clock.set(BEGIN.plus_s(30));
        let given = [("given", secret.code_at(BEGIN.plus_s(30))), ("next", "/admin/jobs".into())];
        let given: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(client.post("/sign-in/code", &given).await.location(), "/admin/jobs", "{}", t.engine);
        assert_ne!(client.cookie("linli").unwrap(), half, "a new session");
        assert_eq!(client.get("/admin/jobs").await.status, StatusCode::OK);

        let other = Client::new(&app, &areas());
        try_in(&other, "/sign-in", "password", PASSWORD).await;
        let again = other.post("/sign-in/code", &given).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the same digits a second time");
        t.clock.set(BEGIN.plus_s(30 + 601));
        assert!(other.get("/sign-in/code").await.location().starts_with("/sign-in"), "a code has ten minutes");
    }
}

#[tokio::test]
async fn wrong_codes_lock_like_wrong_passwords_however_often_the_password_is_given() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[]).await;
        let app = app(&t.store, AccessSettings::default());
        enrolled(&app, id, &t).await;
        for _ in 0..accounts::TRIES {
            let client = Client::new(&app, &areas());
            assert_eq!(try_in(&client, "/sign-in", "password", PASSWORD).await, StatusCode::SEE_OTHER, "{}", t.engine);
            assert_eq!(try_in(&client, "/sign-in/code", "given", "000000").await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let client = Client::new(&app, &areas());
        assert_eq!(try_in(&client, "/sign-in", "password", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "locked");
    }
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_the_security_officer_hears_of_it() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let (_, codes) = enrolled(&app, id, &t).await;
        let stored = "SELECT COUNT(*) FROM recovery_code WHERE division_code = $1 AND code_hash = $2";
        let as_written = vals![t.store.division(), codes[0].clone().into_bytes()];
        assert_eq!(t.store.reads().number(stored, as_written).await.unwrap(), 0, "no code is stored");
        for (code, status) in [(&codes[0], StatusCode::SEE_OTHER), (&codes[0], StatusCode::UNPROCESSABLE_ENTITY)] {
            let client = Client::new(&app, &areas());
            try_in(&client, "/sign-in", "password", PASSWORD).await;
            let typed = code.to_uppercase();
            assert_eq!(try_in(&client, "/sign-in/code", "given", &typed).await, status, "{}", t.engine);
        }
        let (told, _) = notices::list(&t.store.reads(), Paging::default()).await.unwrap();
        assert_eq!((told.len(), told[0].kind.as_str(), told[0].number), (1, "recovery-used", 9));
    }
}

#[tokio::test]
async fn an_administrator_takes_a_lost_second_factor_away_and_the_security_officer_hears_of_it() {
    for t in testing::stores_of_each_profile(migrations).await {
        let app = app(&t.store, AccessSettings::default());
        let person = testing::account(&t.store, "li.na", &[]).await;
        enrolled(&app, person, &t).await;
        let auditor = testing::account(&t.store, "auditor", &[(Role::Auditor, DIVISION)]).await;
        enrolled(&app, auditor, &t).await;
        let admin = testing::account(&t.store, NAME, &[(Role::SystemAdmin, DIVISION)]).await;
        let officer = testing::account(&t.store, "officer", &[(Role::SecurityOfficer, DIVISION)]).await;
        let admin = Client::signed_in(&app, &areas(), admin).await;
        let path = |id| format!("/admin/accounts/{id}/second-factor-removal");
        assert_eq!(admin.post(&path(auditor), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "R38");
        assert_eq!(admin.post(&path(person), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!second_factor::is_active(&t.store.reads(), person).await.unwrap());
        let officer = Client::signed_in(&app, &areas(), officer).await;
        let told = officer.get("/security/notices").await;
        assert!(told.text.contains("动态口令被管理员撤销") && told.text.contains("li.na"), "{}", told.text);
        let (rows, _) = notices::list(&t.store.reads(), Paging::default()).await.unwrap();
        let seen = format!("/security/notices/{}/acknowledgement", rows[0].notice_id);
        assert_eq!(officer.post(&seen, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(officer.post(&seen, &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(notices::waiting(&t.store.reads()).await.unwrap(), 0, "{}", t.engine);
    }
}

#[tokio::test]
async fn an_export_asks_again_who_it_is_once_the_minutes_are_over() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[(Role::Station, DIVISION)]).await;
        let asks = AccessSettings { step_up: true, ..AccessSettings::default() };
        let app = app(&t.store, asks);
        let client = Client::signed_in(&app, &areas(), id).await;
        let minutes = i64::from(*app.pack.governance.access.step_up_minutes);
        t.clock.set(BEGIN.plus_s(60 * minutes - 1));
        assert_eq!(client.get("/things.xlsx").await.status, StatusCode::OK, "signing in counts");
        t.clock.set(BEGIN.plus_s(60 * minutes));
        let asked = client.get("/things.xlsx?kind=all").await;
        assert_eq!(asked.location(), "/account/proof?next=/things.xlsx%3Fkind%3Dall", "{}", t.engine);
        let form = client.get(asked.location()).await;
        assert!(form.text.contains("type=\"password\"") && form.text.contains("value=\"/things.xlsx?kind=all\""));
        let wrong = client.post("/account/proof", &[("given", "wrong"), ("next", "/things.xlsx")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = client.post("/account/proof", &[("given", PASSWORD), ("next", "/things.xlsx")]).await;
        assert_eq!(right.location(), "/things.xlsx");
        assert_eq!(client.get("/things.xlsx").await.status, StatusCode::OK);
        for _ in 0..accounts::TRIES {
            client.post("/account/proof", &[("given", "wrong")]).await;
        }
        assert!(client.get("/account").await.location().starts_with("/sign-in"), "an open screen has as few tries");
    }
}

async fn record(t: &TestStore) -> (SubjectRef, Bind, Sealed) {
    let tx = t.store.begin(&Reader::system()).await.unwrap();
    let id: Uuid = tx.new_id();
    let subject = SubjectRef::new("resident", id, None);
    let bind = Bind { table: "thing", column: "name_sealed", row: id };
    let sealed = tx.create_keys(&[id]).await.unwrap()[0].seal(bind, "赵测试");
    basis::open(&tx, subject, Purpose::FieldVerification, id, None, None).await.unwrap();
    tx.housekeeping("a record for the test");
    tx.commit().await.unwrap();
    (subject, bind, sealed)
}

async fn open(t: &TestStore, reader: &Reader, r: &(SubjectRef, Bind, Sealed)) -> Result<(), &'static str> {
    let tx = t.store.begin(reader).await.unwrap();
    let field = SealedField { bind: r.1, sealed: &r.2 };
    tx.unmask(r.0, Purpose::FieldVerification, &[field]).await.map_err(|e| e.code)?;
    tx.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn nobody_opens_more_people_within_an_hour_than_the_policy_allows() {
    for t in testing::stores_of_each_profile(migrations).await {
        let account = testing::account(&t.store, NAME, &[]).await;
        let reader = Reader {
            account,
            people_an_hour: Some(3),
            ..testing::reader(&t.store, &[Role::Coordinator], Scope::Division)
        };
        let mut records = Vec::new();
        for _ in 0..4 {
            records.push(record(&t).await);
        }
        for (n, told) in [(0, 0), (1, 0), (2, 1)] {
            assert_eq!(open(&t, &reader, &records[n]).await, Ok(()), "{}", t.engine);
            assert_eq!(notices::waiting(&t.store.reads()).await.unwrap(), told, "told at the third");
        }
        assert_eq!(open(&t, &reader, &records[3]).await, Err("unmask-limit"));
        assert_eq!(open(&t, &reader, &records[0]).await, Ok(()), "the same person again is no further one");
        assert_eq!(proof::people_opened(&t.store.reads(), account, BEGIN.plus_s(-1)).await.unwrap(), 3);
        t.clock.set(BEGIN.plus_s(3_601));
        assert_eq!(open(&t, &reader, &records[3]).await, Ok(()), "an hour later");
    }
}

#[tokio::test]
async fn a_record_is_opened_only_while_the_proof_holds_and_a_refusal_leaves_no_reading() {
    for t in testing::stores_of_each_profile(migrations).await {
        let one = record(&t).await;
        let reader = testing::reader(&t.store, &[Role::Coordinator], Scope::Division);
        let lapsed = Reader { proof: proof::Proof::Until(BEGIN), ..reader.clone() };
        assert_eq!(open(&t, &lapsed, &one).await, Err("step-up"));
        let sql = "SELECT COUNT(*) FROM access_record WHERE division_code = $1";
        assert_eq!(t.store.reads().number(sql, vals![t.store.division()]).await.unwrap(), 0, "{}", t.engine);
        let holds = Reader { proof: proof::Proof::Until(At(BEGIN.0 + 1)), ..reader };
        assert_eq!(open(&t, &holds, &one).await, Ok(()));
    }
}

#[tokio::test]
async fn who_is_signed_in_sees_the_own_sessions_and_ends_one_or_all() {
    for t in testing::stores_of_each_profile(migrations).await {
        let id = testing::account(&t.store, NAME, &[]).await;
        let app = app(&t.store, AccessSettings::default());
        let (here, there, third) = (
            Client::signed_in(&app, &areas(), id).await,
            Client::signed_in(&app, &areas(), id).await,
            Client::signed_in(&app, &areas(), id).await,
        );
        let stranger = testing::account(&t.store, "li.na", &[]).await;
        let stranger = Client::signed_in(&app, &areas(), stranger).await;
        let page = here.get("/account/sessions").await;
        assert_eq!(page.text.matches("/end\">").count(), 3, "two others, and all: {}", page.text);
        let end = page.text.split("action=\"").find(|p| p.starts_with("/account/sessions/0")).unwrap();
        let end = end.split('"').next().unwrap().to_owned();
        assert_eq!(stranger.post(&end, &[]).await.status, StatusCode::NOT_FOUND, "another's does not exist");
        assert_eq!(here.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
        let mut left = 0;
        for client in [&here, &there, &third] {
            left += usize::from(client.get("/account").await.status == StatusCode::OK);
        }
        assert_eq!(left, 2, "{}", t.engine);
        assert_eq!(here.post("/account/sessions/end", &[]).await.location(), "/sign-in");
        for client in [&here, &there, &third] {
            assert_eq!(client.get("/account").await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(stranger.get("/account").await.status, StatusCode::OK, "nobody else is signed out");
    }
}
