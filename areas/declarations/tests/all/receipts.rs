//! The receipt: what stands on the paper, and what its page tells whom.

use std::sync::{Arc, Mutex};

use http::StatusCode;
use linli_declarations::receipt::{self, CHECKS, VALID_DAYS};
use linli_platform::{
    Result,
    app::{App, Installation, Typesetter},
    testing::{self, Client},
};

use super::world::{ADDRESSES, NAME, areas, number, worlds};

/// Keeps what would be printed.
#[derive(Default)]
pub struct Papers(Mutex<Option<serde_json::Value>>);

impl Papers {
    /// What was printed last.
    pub fn taken(&self) -> serde_json::Value {
        self.0.lock().unwrap().take().unwrap()
    }
}

impl Typesetter for Papers {
    fn pdf(&self, _: &str, data: serde_json::Value) -> Result<Vec<u8>> {
        *self.0.lock().unwrap() = Some(data);
        Ok(b"%PDF".to_vec())
    }
}

#[tokio::test]
async fn anybody_checks_a_receipt_without_seeing_personal_data_and_a_changed_paper_is_found() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let papers = Arc::new(Papers::default());
        let given = Installation { documents: papers.clone(), ..testing::installation(world.store()) };
        let app = App::assemble(&areas(), given).unwrap();
        receipt::issue(&app, &world.t(), &own, "https://linli.test").await.unwrap();
        let paper = papers.taken();
        let text = paper.to_string();
        assert!(text.contains(NAME) && text.contains(ADDRESSES[0]), "{}", world.engine());
        assert!(!text.contains(&number(1)), "the number is masked but for its end");
        let url = paper["url"].as_str().unwrap().to_owned();
        let code = url.rsplit('/').next().unwrap();
        let last_four = &number(1)[14..];

        let anybody = Client::new(&world.app, &areas());
        let page = anybody.get(&format!("/verify/{code}")).await;
        assert_eq!(page.status, StatusCode::OK);
        for personal in [NAME, ADDRESSES[0], "新府中路", last_four] {
            assert!(!page.text.contains(personal), "{personal}");
        }
        assert_eq!(receipt::compare(world.store(), code, NAME, last_four).await.unwrap(), Some(true));
        assert_eq!(receipt::compare(world.store(), code, "欧阳山", last_four).await.unwrap(), Some(false));
        assert_eq!(receipt::compare(world.store(), code, NAME, "0000").await.unwrap(), Some(false));
        for _ in 3..CHECKS {
            receipt::compare(world.store(), code, NAME, "0000").await.unwrap();
        }
        assert_eq!(receipt::compare(world.store(), code, NAME, last_four).await.unwrap(), None, "not without end");
        let unknown = anybody.get("/verify/AAAAAAAAAAAAAAAAAAAAAA").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        let readings = linli_declarations::own::readings(&world.store().reads(), &own, 5, 0).await.unwrap();
        assert_eq!(readings.len(), 1, "printing is a reading");
        world.later_s((VALID_DAYS + 1) * 24 * 3600);
        assert!(receipt::look(world.store(), code).await.unwrap().is_none());
    }
}
