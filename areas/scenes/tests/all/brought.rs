//! Clues that come as a table or from another system.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use linli_platform::{
    access::{Action, Role},
    api::{
        ApiScope,
        clients::{self, NewClient},
    },
    import,
    reader::{Reader, Scope},
    testing::{self, Answer, Client},
    web::Paging,
};
use linli_scenes::{
    codes::SceneResult,
    import::KIND,
    scenes::{self, Which},
};
use linli_work::notices;
use serde_json::{Value, json};

use super::world::{World, areas, worlds};

impl World {
    fn office(&self) -> Reader {
        testing::reader(self.store(), &[Role::PopulationOffice], Scope::Division).doing(Action::Import)
    }
    async fn import(&self, text: &str) -> linli_platform::Result<import::ImportReport> {
        let path = self.test.dir.path().join("scenes.csv");
        std::fs::write(&path, text).unwrap();
        import::run_file(&self.app, &self.office(), KIND, &path, None, false, false, &|_, _, _| {}).await
    }
    async fn open_in(&self, grid: usize) -> Vec<scenes::Scene> {
        let q = self.store().reads();
        scenes::list(&q, &self.coordinator(grid), Which::Open, &Paging::default()).await.unwrap().0
    }
    /// Another system, admitted for the first grid alone or for the whole sub-district.
    async fn system(&self, scope: ApiScope, everywhere: bool) -> String {
        let area = self.grids[0].to_string();
        let new = NewClient {
            name: "城运中心".into(),
            scopes: vec![scope.code().to_owned()],
            area_kind: if everywhere { "division" } else { "grid" }.into(),
            areas: if everywhere { Vec::new() } else { vec![area] },
            requests_a_minute: 60_000,
            from: self.store().now().day(),
            until: None,
        };
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        let id = clients::admit(&tx, &new).await.unwrap();
        let token = clients::make_token(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        token
    }
}

/// What another system sends and asks.
struct Outside(Client);

impl Outside {
    async fn post(&self, token: &str, key: &str, body: &Value) -> Answer {
        let request = Request::post("/api/v1/scenes")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        self.0.send(request.body(Body::from(body.to_string())).unwrap()).await
    }
    async fn get(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.0.send(request.body(Body::empty()).unwrap()).await
    }
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {}", answer.text))
}

#[tokio::test]
async fn a_table_of_clues_becomes_work_of_its_grids_and_once() {
    for world in worlds().await {
        let table =
            "场景类型,地址,发现人\n消防通道堵塞,新府中路501弄12号301室,张三\nGas hazard,新府中路502弄12号301室,李四\n";
        let done = world.import(table).await.unwrap();
        assert_eq!((done.rows, done.applied), (2, Some(2)), "{}: {:?}", world.test.engine, done.problems);
        assert_eq!(done.dropped_columns.len(), 1, "who found it is not taken");
        let (first, second) = (world.open_in(0).await, world.open_in(1).await);
        assert_eq!((first.len(), first[0].code.as_str()), (1, "fire-exit-blocked"));
        assert_eq!((second.len(), second[0].code.as_str()), (1, "gas-hazard"));
        let told = notices::list(&world.store().reads(), &world.coordinator(0), 9).await.unwrap();
        assert_eq!((told.len(), told[0].href.as_str()), (1, "/scenes"), "the grid's coordinator is told");
        let again = world.import(table).await.unwrap();
        assert_eq!((again.applied, again.problems.len()), (Some(0), 2), "open there already");
        assert!(again.problems.iter().all(|p| !p.fatal && p.code == "scene-there"));
    }
}

#[tokio::test]
async fn a_row_that_is_no_clue_of_the_list_or_has_no_premises_stops_the_table_with_a_message_at_its_cell() {
    for world in worlds().await {
        let table = "场景,地址\n可疑人员,新府中路501弄12号301室\n燃气使用隐患,没有这条路99号\n燃气使用隐患,\n\
                     燃气使用隐患,新府中路501弄12号301室\ngas-hazard,新府中路501弄12号301室\n";
        let done = world.import(table).await.unwrap();
        let found: Vec<(u64, &str)> = done.problems.iter().map(|p| (p.row, &*p.code)).collect();
        assert_eq!((found[0], found[2], found[3]), ((2, "scene-unknown"), (4, "address-empty"), (6, "scene-twice")));
        assert!(found[1].0 == 3 && found[1].1.starts_with("address-unknown"), "{found:?}");
        assert!(done.applied.is_none() && world.open_in(0).await.is_empty(), "all or nothing");
    }
}

#[tokio::test]
async fn another_system_brings_a_clue_once_and_follows_its_own_alone() {
    for world in worlds().await {
        let outside = Outside(Client::new(&world.app, &areas()));
        let token = world.system(ApiScope::Scenes, true).await;
        let other = world.system(ApiScope::Scenes, true).await;
        let kinds = parsed(&outside.get(&token, "/api/v1/scene-kinds").await);
        assert_eq!(kinds["items"].as_array().unwrap().len(), world.app.pack.scenes.len());
        let body = json!({ "kind": "gas-hazard", "address": "新府中路501弄12号301室" });
        let sent = outside.post(&token, "scene-0001", &body).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}: {}", world.test.engine, sent.text);
        assert_eq!(parsed(&sent)["state"], "open");
        let place = sent.location().to_owned();
        assert_eq!(outside.post(&token, "scene-0001", &body).await.text, sent.text, "brought once");
        assert_eq!(world.open_in(0).await.len(), 1);
        assert_eq!(
            world.open_in(0).await[0].made_name.as_deref(),
            Some("城运中心"),
            "the grid sees where it came from"
        );
        let twice = outside.post(&token, "scene-0002", &body).await;
        assert_eq!((twice.status, parsed(&twice)["code"].as_str()), (StatusCode::CONFLICT, Some("scene-already")));
        assert_eq!(outside.get(&other, &place).await.status, 404);
        assert_eq!(parsed(&outside.get(&other, "/api/v1/scenes").await)["items"], json!([]));
        assert_eq!(parsed(&outside.get(&token, "/api/v1/scenes").await)["items"].as_array().unwrap().len(), 1);
        let id = world.open_in(0).await[0].scene_id;
        let close = async |tx: &_| scenes::close(tx, id, 1, SceneResult::Removed).await;
        world.with(&world.coordinator(0), close).await.unwrap();
        let closed = parsed(&outside.get(&token, &place).await);
        assert_eq!((closed["state"].as_str(), closed["result"].as_str()), (Some("closed"), Some("removed")));
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_place_and_never_repeated() {
    for world in worlds().await {
        let outside = Outside(Client::new(&world.app, &areas()));
        let (token, unfit) = (world.system(ApiScope::Scenes, false).await, world.system(ApiScope::Orders, true).await);
        let at = |answer: &Answer| -> Vec<String> {
            let errors = parsed(answer)["errors"].clone();
            errors.as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect()
        };
        for (n, (kind, address, places)) in [
            ("somebody-suspicious", "新府中路501弄12号301室", &["/kind"][..]),
            ("gas-hazard", "没有这条路99号", &["/address"]),
            ("gas-hazard", "新府中路502弄12号301室", &["/address"]),
            ("gas-hazard", " ", &["/address"]),
            ("张三", "李四家", &["/kind", "/address"]),
        ]
        .into_iter()
        .enumerate()
        {
            let body = json!({ "kind": kind, "address": address });
            let answer = outside.post(&token, &format!("wrong-000{n}"), &body).await;
            assert_eq!((answer.status.as_u16(), at(&answer)), (422, places.iter().map(|p| (*p).to_owned()).collect()));
            assert!(!answer.text.contains("张三") && !answer.text.contains("李四"));
        }
        let named = json!({ "kind": "gas-hazard", "address": "新府中路501弄12号301室", "name": "张三" });
        assert_eq!(outside.post(&token, "wrong-0009", &named).await.status, 422, "there is no field for anybody");
        let good = json!({ "kind": "gas-hazard", "address": "新府中路501弄12号301室" });
        assert_eq!(outside.post(&unfit, "wrong-0010", &good).await.status, 403);
        assert!(world.open_in(0).await.is_empty());
    }
}
