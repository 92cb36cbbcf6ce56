//! What lies outside of the scope does not exist: the answer is the same as for what never was.

use linli_platform::{
    accounts,
    store::{Query as _, Store},
    testing::{Answer, Client},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::world::{Demo, account};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Something of a grid that is none of the coordinator's.
async fn elsewhere(store: &Store, table: &str, own: &[Uuid]) -> Uuid {
    let mut values = vals![store.division()];
    values.extend(own.iter().map(|grid| sea_orm::Value::from(*grid)));
    let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT {table}_id AS id FROM {table} WHERE division_code = $1 AND grid_id IS NOT NULL
         AND grid_id NOT IN ({}) ORDER BY {table}_id LIMIT 1",
        marks.join(", ")
    );
    let row: Option<Row> = store.reads().row(&sql, values).await.unwrap();
    row.unwrap_or_else(|| panic!("another grid has a {table}")).id
}

/// Status, headers, and the body with the id taken out.
fn shown(answer: &Answer, id: Uuid) -> (u16, Vec<(String, String)>, String) {
    let id = id.to_string();
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().replace(&id, "ID")));
    (answer.status.as_u16(), headers.collect(), answer.text.replace(&id, "ID"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_answers_as_what_is_not_there() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let store = &started.app.store;
    let coordinator = account(store, "coordinator").await;
    let held = accounts::roles_of(&store.reads(), coordinator).await.unwrap();
    let own: Vec<Uuid> = held.iter().map(|h| h.area.parse().unwrap()).collect();
    let client = Client::signed_in(&started.app, &started.areas, coordinator).await;
    let absent: Uuid = "01932c00-0000-7000-8000-000000000000".parse().unwrap();
    let mut compared = 0;
    for (table, pages, changes) in [
        (
            "resident",
            &["/residents/{}", "/residents/{}/access", "/residents/{}/change", "/residents/{}/move"][..],
            &["/residents/{}/reading", "/residents/{}/change", "/residents/{}/cancellation"][..],
        ),
        ("home", &["/homes/{}", "/field/homes/{}"], &["/homes/{}/label", "/homes/{}/reading"]),
        ("employer", &["/employers/{}"], &["/employers/{}/reading"]),
        ("task", &["/tasks/{}"], &["/tasks/{}/closure", "/tasks/{}/reading", "/tasks/{}/assignment"]),
    ] {
        let hidden = elsewhere(store, table, &own).await;
        for page in pages {
            let at = |id: Uuid| page.replace("{}", &id.to_string());
            let (one, other) = (client.get(&at(hidden)).await, client.get(&at(absent)).await);
            assert_eq!(shown(&one, hidden), shown(&other, absent), "GET {page}");
            assert!(one.status.is_client_error(), "GET {page}: {}", one.status);
            compared += 1;
        }
        for change in changes {
            let form = [("purpose", "counter-service"), ("version", "1"), ("day", "2026-01-01"), ("reason", "left")];
            let at = |id: Uuid| change.replace("{}", &id.to_string());
            let (one, other) = (client.post(&at(hidden), &form).await, client.post(&at(absent), &form).await);
            assert_eq!(shown(&one, hidden), shown(&other, absent), "POST {change}");
            assert!(one.status.is_client_error(), "POST {change}: {}", one.status);
            compared += 1;
        }
    }
    assert!(compared > 12, "{compared}");
}
