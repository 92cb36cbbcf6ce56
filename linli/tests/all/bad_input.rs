//! Bad input, each with the message that the person at the screen reads. One demonstration, the whole application.

use std::io::{Cursor, Write as _};

use axum::body::Body;
use http::{Request, StatusCode, header};
use linli::start::Started;
use linli_platform::{
    jobs,
    testing::{Answer, Client},
};
use serde_json::json;

use super::world::{Demo, account};

const MARK: &str = "bad-input";

struct Desk {
    started: Started,
    client: Client,
}

/// A form with a file, as a browser sends it.
fn form(path: &str, fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--{MARK}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    let opening =
        format!("--{MARK}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n");
    body.extend(opening.as_bytes());
    body.extend(file);
    write!(body, "\r\n--{MARK}--\r\n").unwrap();
    Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap()
}

impl Desk {
    async fn open(demo: &Demo, role: &str) -> Desk {
        let started = demo.open().await;
        let account = account(&started.app.store, role).await;
        let client = Client::signed_in(&started.app, &started.areas, account).await;
        Desk { started, client }
    }
    async fn upload(&self, kind: &str, file_name: &str, file: &[u8]) -> Answer {
        self.client.send(form("/imports", &[("kind", kind)], file_name, file)).await
    }
    /// Uploads a table, takes its columns as they were guessed, and reads the preview.
    async fn preview(&self, kind: &str, table: &str) -> String {
        let sent = self.upload(kind, "表.csv", table.as_bytes()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let path = sent.location().to_owned();
        let page = self.client.get(&path).await.text;
        let mut chosen = Vec::new();
        for (n, select) in page.split("<select").skip(1).enumerate() {
            let select = select.split("</select>").next().unwrap();
            let value = select
                .split("<option")
                .find(|o| o.contains(" selected"))
                .map_or("", |o| o.split("value=\"").nth(1).unwrap().split('"').next().unwrap());
            chosen.push((format!("c{n}"), value.to_owned()));
        }
        let chosen: Vec<(&str, &str)> = chosen.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let mapped = self.client.post(&format!("{path}/mapping"), &chosen).await;
        assert_eq!(mapped.status, StatusCode::SEE_OTHER, "{}", mapped.text);
        while jobs::run_one(&self.started.app).await.unwrap() {}
        self.client.get(&path).await.text
    }
    /// An address of the register that the reader may write at.
    async fn address(&self) -> String {
        let page = self.client.get("/homes").await.text;
        let list = page.split("id=\"list\"").nth(1).unwrap();
        let link = list.split("href=\"/homes/").nth(1).unwrap();
        link.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
    }
}

fn number(year: i16, sequence: u16) -> String {
    cn_identity::make::resident_number("100101", (year, 3, 7), sequence).as_str().to_owned()
}

/// The same with a wrong check digit, which is the 18th.
fn mistyped(year: i16, sequence: u16) -> String {
    let right = number(year, sequence);
    format!("{}{}", &right[..17], if right.ends_with('5') { '6' } else { '5' })
}

/// A workbook whose one sheet is 64 MB of blanks, packed into some kilobytes.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    archive.write_all(b"<workbook/>").unwrap();
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    for _ in 0..64 {
        archive.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

async fn files_that_are_no_tables(desk: &Desk) {
    for (name, file, reason) in [
        ("说明.pdf", b"%PDF-1.7 not a workbook".to_vec(), "文件不是 .xlsx、.xls 或 .csv 表格，或者已经损坏"),
        ("表.xlsx", b"PK\x03\x04 not a workbook".to_vec(), "文件不是 .xlsx、.xls 或 .csv 表格，或者已经损坏"),
        ("炸弹.xlsx", bomb(), "文件解压后超过"),
    ] {
        let answer = desk.upload("residents", name, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(reason), "{name}: {}", answer.text);
    }
    // A file of 200 MB says so before it is sent, and not one byte of it is taken.
    let mut announced = form("/imports", &[("kind", "residents")], "大.csv", b"a,b\n");
    announced.headers_mut().insert(header::CONTENT_LENGTH, (200 * 1024 * 1024).into());
    let answer = desk.client.send(announced).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    assert!(answer.text.contains("50 MB") || answer.status == StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text);
}

async fn residents(desk: &Desk) {
    let address = desk.address().await;
    let rows = [
        format!("错一位,{},{address}", mistyped(1990, 901)),
        format!("未出生,{},{address}", number(2090, 902)),
        format!("两处住,{},{address}", number(1991, 903)),
        format!("两处住,{},{address}", number(1991, 903)),
    ];
    let page = desk.preview("residents", &format!("姓名,证件号码,现住址\n{}\n", rows.join("\n"))).await;
    for message in [
        "校验位不对：按前面各位推算，第 18 位应为".to_owned(),
        "出生日期在今天之后。".to_owned(),
        "同一证件号码在第 4 行已出现：一人只有一个主要居住地。".to_owned(),
    ] {
        assert!(page.contains(&message), "{message}: {page}");
    }
    assert!(!page.contains(&number(1991, 903)), "the numbers beside the messages are masked");

    // The same three at the form of one person, which keeps what was typed.
    let day = desk.started.app.store.now().day().plus_days(1).to_string();
    let typed = async |doc: &str, birth: &str, kind: &str| {
        let form = [
            ("name", "司徒试错"),
            ("doc_kind", kind),
            ("doc_no", doc),
            ("birth", birth),
            ("sex", "female"),
            ("address", address.as_str()),
        ];
        desk.client.post("/residents", &form).await
    };
    let wrong = typed(&mistyped(1990, 904), "", "resident").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.text.contains("校验位不对") && wrong.text.contains("司徒试错"), "{}", wrong.text);
    let unborn = typed("EX1234567", &day, "passport").await;
    assert_eq!(unborn.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unborn.text);
    assert!(unborn.text.contains("出生日期在今天之后。"), "{}", unborn.text);
    assert_eq!(typed(&number(1992, 905), "", "resident").await.status, StatusCode::SEE_OTHER);
    let second = typed(&number(1992, 905), "", "resident").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", second.text);
    assert!(second.text.contains("一人只有一个主要居住地"), "{}", second.text);
}

async fn an_unknown_committee(desk: &Desk) {
    let table = "标准地址,村居\n上海市青浦区香花桥街道新试验路2弄1号101室,无此村\n";
    let page = desk.preview("addresses", table).await;
    assert!(page.contains("没有叫“无此村”的村居。"), "{page}");
}

async fn crossing_grids(desk: &Desk) {
    let committee = &desk.started.app.pack.territory.committees[0].name;
    let feature = |n: usize, ring: &[[f64; 2]]| {
        json!({
            "type": "Feature",
            "properties": { "grid_code": format!("试-{n}"), "name": format!("试画{n}格"), "committee": committee },
            "geometry": { "type": "Polygon", "coordinates": [ring] },
        })
    };
    let square = [[121.10, 31.17], [121.11, 31.17], [121.11, 31.18], [121.10, 31.18], [121.10, 31.17]];
    let bow = [[121.12, 31.17], [121.13, 31.18], [121.13, 31.17], [121.12, 31.18], [121.12, 31.17]];
    let over = [[121.105, 31.17], [121.115, 31.17], [121.115, 31.18], [121.105, 31.18], [121.105, 31.17]];
    let send = async |features: serde_json::Value| {
        let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
        let fields = [("datum", "wgs84")];
        desk.client.send(form("/territory/boundaries", &fields, "grids.geojson", file.as_bytes())).await
    };
    let crossing = send(json!([feature(1, &square), feature(2, &bow)])).await;
    assert_eq!(crossing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(crossing.text.contains("边界线自相交叉。"), "{}", crossing.text);
    let overlapping = send(json!([feature(1, &square), feature(2, &over)])).await;
    assert_eq!(overlapping.status, StatusCode::SEE_OTHER, "{}", overlapping.text);
    let path = overlapping.location().to_owned();
    assert!(desk.client.get(&path).await.text.contains("试-1 / 试-2"), "both codes are named");
    let day = desk.started.app.store.now().day().plus_days(30).to_string();
    let refused = desk.client.post(&format!("{path}/schedule"), &[("day", &day)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("1 处重叠"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_comes_back_with_a_message_that_says_what_is_wrong() {
    let demo = Demo::build().await;
    let desk = Desk::open(&demo, "population-office").await;
    files_that_are_no_tables(&desk).await;
    residents(&desk).await;
    an_unknown_committee(&desk).await;
    crossing_grids(&desk).await;
}
