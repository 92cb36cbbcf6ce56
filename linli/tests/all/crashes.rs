//! Power cuts: what was acknowledged is there afterwards, and an import is there whole or not at all.

use std::{
    fmt::Write as _,
    fs,
    time::{Duration, Instant},
};

use linli_platform::{
    ids::ImportId,
    import::{self, Case, State},
    jobs::{self, Job},
    reader::Reader,
    store::{Query as _, Store},
    vals,
};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use uuid::Uuid;

use super::world::{Demo, Server, program, rows, run, said};

pub async fn signed_in(server: &Server, name: &str) -> (Client, String) {
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
    let page =
        client.get(format!("{}/field/online", server.address)).header(header::COOKIE, &cookie).send().await.unwrap();
    let homes = homes(&page.text().await.unwrap());
    assert!(!homes.is_empty(), "the coordinator has homes today");
    let before = (rows(&store, "visit").await, visit_events(&store).await);
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
    // One more may have been written whose answer the power cut took away; none is there in part.
    let now = (rows(&store, "visit").await, visit_events(&store).await);
    let new = now.0 - before.0;
    assert_eq!(new, now.1 - before.1, "every visit has its event");
    let sent = i64::try_from(acknowledged.len()).unwrap();
    assert!(new == sent || new == sent + 1, "{new} visits were written, {sent} acknowledged");
    let (client, cookie) = signed_in(&server, "coordinator").await;
    let page =
        client.get(format!("{}/field/online", server.address)).header(header::COOKIE, cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    server.kill();
    let verified = run(&["log", "verify", "--dir", demo.path().to_str().unwrap()]);
    assert!(verified.status.success(), "{}", said(&verified));
}

async fn visit_events(store: &Store) -> i64 {
    let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'home.visited'";
    store.reads().number(sql, vals![store.division()]).await.unwrap()
}

/// Rows of the table that the import is killed at.
const ROWS: usize = 4_000;
/// The same through the page, where it has to take longer than a look at it.
const ROWS_OF_PAGE: usize = 40_000;

/// A table of addresses that nobody has.
fn table(rows: usize) -> String {
    let mut table = String::from("标准地址,村居\n");
    for n in 1..=rows {
        writeln!(table, "上海市青浦区香花桥街道新试验路{n}弄{}号101室,香花居委会", n % 90 + 1).unwrap();
    }
    table
}

/// Somebody of the office at the pages, who signs in anew after each power cut.
struct Office {
    server: Server,
    client: Client,
    cookie: String,
}

impl Office {
    async fn at(demo: &Demo) -> Office {
        Office::on(Server::start(demo.path())).await
    }
    async fn on(server: Server) -> Office {
        let (client, cookie) = signed_in(&server, "population-office").await;
        Office { server, client, cookie }
    }
    async fn get(&self, path: &str) -> String {
        let url = format!("{}{path}", self.server.address);
        let answer = self.client.get(url).header(header::COOKIE, &self.cookie).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }
    /// Sends a form; where it leads to.
    async fn post(&self, path: &str, kind: &str, body: String) -> String {
        let request = self.client.post(format!("{}{path}", self.server.address)).header(header::COOKIE, &self.cookie);
        let answer = request.header(header::CONTENT_TYPE, kind).body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }
    async fn press(&self, path: &str, form: String) -> String {
        self.post(path, "application/x-www-form-urlencoded", form).await
    }
    async fn upload(&self, table: &str) -> String {
        let mark = "a-power-cut";
        let body = format!(
            "--{mark}\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\naddresses\r\n--{mark}\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{table}\r\n--{mark}--\r\n"
        );
        self.post("/imports", &format!("multipart/form-data; boundary={mark}"), body).await
    }
}

async fn case(store: &Store, id: ImportId) -> Case {
    import::find(&store.reads(), &Reader::system(), id).await.unwrap()
}

async fn job(store: &Store, id: ImportId) -> Job {
    let job = case(store, id).await.job.expect("a job works on it");
    jobs::find(&store.reads(), &Reader::system(), job).await.unwrap()
}

/// Waits until something is so; a minute at most.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so().await {
        assert!(Instant::now() < end, "waited for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Uploads the table and confirms it; where the import is shown.
async fn confirmed(office: &Office, store: &Store) -> (String, ImportId) {
    let path = office.upload(&table(ROWS_OF_PAGE)).await;
    let id: ImportId = path.rsplit('/').next().unwrap().parse().unwrap();
    let mapping = case(store, id).await.mapping;
    let columns = (0..).zip(&mapping.0).map(|(i, m): (usize, _)| format!("c{i}={}", m.as_deref().unwrap_or_default()));
    office.press(&format!("{path}/mapping"), columns.collect::<Vec<_>>().join("&")).await;
    until("the check", async || case(store, id).await.state == State::Checked).await;
    office.press(&format!("{path}/confirmation"), format!("rows={ROWS_OF_PAGE}")).await;
    (path, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_during_an_import_through_the_page_leaves_nothing_half_and_loses_nothing_confirmed() {
    let demo = Demo::build().await;
    let store = demo.store().await;
    let before = rows(&store, "address").await;
    let office = Office::at(&demo).await;
    let (path, id) = confirmed(&office, &store).await;
    assert!(office.get(&path).await.contains("正在写入"), "the page says what is going on");
    let mut server = office.server;
    // The power goes three times while the import is written; each time another server takes it up at once.
    for attempt in 1..=jobs::ATTEMPTS {
        let begun = async || {
            let job = job(&store, id).await;
            job.attempts == attempt && job.state == "running"
        };
        until("the writing to begin", begun).await;
        server.kill();
        assert_eq!(case(&store, id).await.state, State::Applying, "what was confirmed is not forgotten");
        assert_eq!(rows(&store, "address").await, before, "and nothing of it is half in");
        server = Server::start(demo.path());
    }
    let office = Office::on(server).await;
    // After the third time it waits for a person, who is told.
    until("the job to have failed", async || job(&store, id).await.has_failed()).await;
    let page = office.get(&path).await;
    assert!(page.contains("写入中断，什么也没有写入") && page.contains("程序多次在任务完成前停止"), "{page}");
    assert_eq!(rows(&store, "address").await, before);
    assert_eq!(office.press(&format!("{path}/resumption"), String::new()).await, path);
    until("the import", async || case(&store, id).await.state == State::Applied).await;
    until("the job", async || job(&store, id).await.state == "done").await;
    let whole = ROWS_OF_PAGE as i64;
    assert_eq!(rows(&store, "address").await, before + whole, "it is in, whole and once");
    assert_eq!(case(&store, id).await.summary.applied_rows, whole);
    assert!(office.get(&path).await.contains(&format!("已写入 {whole} 行")));
    let events = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'import.applied' AND subject_id = $2";
    assert_eq!(store.reads().number(events, vals![store.division(), id]).await.unwrap(), 1);
    office.server.kill();
    let verified = run(&["log", "verify", "--dir", demo.path().to_str().unwrap()]);
    assert!(verified.status.success(), "{}", said(&verified));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_during_an_import_leaves_all_of_it_or_nothing() {
    let demo = Demo::build().await;
    let file = demo.path().join("addresses.csv");
    fs::write(&file, table(ROWS)).unwrap();
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
