//! Power cuts: what was acknowledged is there afterwards, and an import is there whole or not at all.

use std::{fmt::Write as _, fs, time::Duration};

use linli_platform::{store::Query as _, vals};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use uuid::Uuid;

use super::world::{Demo, Server, program, rows, run, said};

async fn signed_in(server: &Server, name: &str) -> (Client, String) {
    linli::serve::install_crypto();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = format!("name={name}&password={}", linli::demo::PASSWORD);
    let answer = client
        .post(format!("{}/sign-in", server.address))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    (client, cookie.split(';').next().unwrap().to_owned())
}

/// Homes of a page of the day, by their links.
fn homes(page: &str) -> Vec<String> {
    let links = page.split("/field/homes/").skip(1).filter_map(|rest| rest.get(..36));
    let mut homes: Vec<String> = links.filter(|id| id.parse::<Uuid>().is_ok()).map(str::to_owned).collect();
    homes.sort();
    homes.dedup();
    homes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_during_visits_loses_no_visit_that_was_acknowledged() {
    let demo = Demo::build().await;
    let store = demo.store().await;
    let server = Server::start(demo.path());
    let (client, cookie) = signed_in(&server, "coordinator").await;
    let page = client.get(format!("{}/field", server.address)).header(header::COOKIE, &cookie).send().await.unwrap();
    let homes = homes(&page.text().await.unwrap());
    assert!(!homes.is_empty(), "the coordinator has homes today");
    let visiting = {
        let (address, client, cookie) = (server.address.clone(), client.clone(), cookie.clone());
        let (homes, store) = (homes.clone(), store.clone());
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for home in homes.iter().cycle() {
                let entry: Uuid = store.new_id();
                let form = format!("entry_id={entry}&seen_at={}&outcome=nobody-home", store.now().0);
                let sent = client
                    .post(format!("{address}/field/homes/{home}/visit"))
                    .header(header::COOKIE, &cookie)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form)
                    .send()
                    .await;
                match sent {
                    Ok(answer) => {
                        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
                        acknowledged.push(entry);
                    }
                    // The power is gone.
                    Err(_) => break,
                }
            }
            acknowledged
        })
    };
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    server.kill();
    let acknowledged = visiting.await.unwrap();
    assert!(!acknowledged.is_empty(), "no visit was acknowledged before the power was cut");

    let server = Server::start(demo.path());
    for entry in &acknowledged {
        let sql = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND entry_id = $2";
        let found = store.reads().number(sql, vals![store.division(), *entry]).await.unwrap();
        assert_eq!(found, 1, "visit {entry} was acknowledged");
    }
    let (client, cookie) = signed_in(&server, "coordinator").await;
    let page = client.get(format!("{}/field", server.address)).header(header::COOKIE, cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
}

/// Rows of the table that the import is killed at.
const ROWS: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_during_an_import_leaves_all_of_it_or_nothing() {
    let demo = Demo::build().await;
    let mut table = String::from("标准地址,村居\n");
    for n in 1..=ROWS {
        writeln!(table, "上海市青浦区香花桥街道新试验路{n}弄{}号101室,香花居委会", n % 90 + 1).unwrap();
    }
    let file = demo.path().join("addresses.csv");
    fs::write(&file, table).unwrap();
    let store = demo.store().await;
    let before = rows(&store, "address").await;
    let (dir, path) = (demo.path().to_str().unwrap(), file.to_str().unwrap());
    let args = ["import", "addresses", path, "--as", "population-office", "--dir", dir];
    let whole = before + ROWS as i64;
    let mut finished = false;
    for wait_ms in [60, 150, 300, 500, 700, 900] {
        let mut child = program().args(args).stdout(std::process::Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let _ = child.kill();
        child.wait().unwrap();
        let now = rows(&store, "address").await;
        assert!(now == before || now == whole, "{} of {ROWS} rows after {wait_ms} ms", now - before);
        let cases = rows(&store, "import_case").await;
        assert_eq!(cases, i64::from(now == whole), "an import is noted if and only if it is there");
        finished = now == whole;
        if finished {
            break;
        }
    }
    if !finished {
        let output = run(&args);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(rows(&store, "address").await, whole);
    }
    assert!(run(&["log", "verify", "--dir", dir]).status.success());
}
