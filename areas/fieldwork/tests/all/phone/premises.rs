//! Hazards of premises and the photo that a rule asks for.

use std::io::Cursor;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, StatusCode};
use image::{ImageFormat, RgbImage};
use linli_fieldwork::{
    expire,
    phone::entry::{Noted, Taken},
    photo,
    visit::Choice,
};
use linli_platform::{
    access::Role,
    picture::{self, BadPicture},
    reader::Reader,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::hazards;
use linli_work::TaskKind;
use serde_json::json;

use super::{
    super::world::office,
    rig::{Phone, Rig, rigs},
};

/// What a camera writes beside a picture, and nobody may find again.
const PLANTED: [&str; 3] = ["GPS 31.2304N 121.4737E planted-place", "planted-comment", "planted-tail"];

/// A JPEG as a camera's file has it: with a place, a comment, and something behind its end.
fn of_camera(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    let mut plain = Vec::new();
    picture.write_to(&mut Cursor::new(&mut plain), ImageFormat::Jpeg).unwrap();
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    };
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), PLANTED[0].as_bytes()].concat();
    [&plain[..2], &segment(0xe1, &exif), &segment(0xfe, PLANTED[1].as_bytes()), &plain[2..], PLANTED[2].as_bytes()]
        .concat()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|w| w == words.as_bytes())
}

/// The markers of a JPEG's segments up to its scan.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let (mut all, mut at) = (Vec::new(), 2);
    while at + 4 <= jpeg.len() && jpeg[at] == 0xff && jpeg[at + 1] != 0xda {
        all.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    all
}

#[test]
fn a_picture_is_made_anew_without_place_comment_or_anything_but_what_can_be_seen() {
    for (width, height, kept) in [(640, 480, (640, 480)), (2000, 1000, (1600, 800)), (500, 2000, (400, 1600))] {
        let sent = of_camera(width, height);
        assert!(PLANTED.iter().all(|words| holds(&sent, words)), "the camera's file has it all");
        let made = picture::clean(&sent).unwrap();
        assert!(PLANTED.iter().all(|words| !holds(&made, words)));
        assert!(segments(&made).iter().all(|m| [0xe0, 0xdb, 0xc0, 0xc4].contains(m)), "{:x?}", segments(&made));
        assert!(made.len() <= picture::BYTES_MAX);
        let size = image::load_from_memory(&made).unwrap();
        assert_eq!((size.width(), size.height()), kept);
    }
}

#[test]
fn what_is_no_picture_of_the_page_is_refused_whatever_it_says_to_be() {
    let good = of_camera(64, 48);
    let frame = good.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    let mut bomb = good.clone();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(picture::clean(&bomb).is_err(), "65535 by 65535 pixels are not decoded");
    assert_eq!(picture::clean(&vec![0; picture::BYTES_MAX + 1]), Err(BadPicture::TooLarge));
    let mut png = Vec::new();
    png.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    png.resize(200, 0);
    for other in [&b""[..], b"<svg onload=alert(1)>", &png, &good[..40], b"GIF89a"] {
        assert_eq!(picture::clean(other), Err(BadPicture::Broken));
    }
}

async fn labelled(rig: &Rig, home: usize, label: &str) {
    let tx = rig.world.store().begin(&Reader::system()).await.unwrap();
    let sql = "UPDATE home SET label = $3 WHERE division_code = $1 AND home_id = $2";
    tx.execute(sql, vals![tx.division(), rig.world.homes[home], label]).await.unwrap();
    tx.housekeeping("a test labels a home");
    tx.commit().await.unwrap();
}

async fn sent_photo(rig: &Rig, phone: &Phone, home: usize, jpeg: &[u8]) -> (&'static str, Option<String>) {
    let mut entry = rig.entry(phone, rig.world.homes[home], "here").await;
    entry.photo = Some(Taken { at: rig.now(), jpeg: STANDARD.encode(jpeg) });
    let answer = rig.send(phone, &rig.sealed(phone, &entry)).await;
    (answer.state, answer.reason)
}

#[tokio::test]
async fn a_photo_is_kept_sealed_only_where_the_rule_asks_and_each_look_is_on_record() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        assert_eq!(phone.assignment["rules"]["photo_required"][0]["id"], "informal-dwelling");
        let sent = of_camera(800, 600);
        assert_eq!(sent_photo(&rig, &phone, 0, &sent).await.0, "done", "no rule asks for one here");
        assert_eq!(rig.world.count("visit_photo").await, 0);
        labelled(&rig, 1, "informal").await;
        assert_eq!(sent_photo(&rig, &phone, 1, &sent).await, ("done", None), "{}", rig.world.test.engine);
        let reads = rig.world.store().reads();
        let rows = photo::list(&reads, &rig.reader(one).await, Some(rig.world.homes[1])).await.unwrap();
        assert_eq!((rows.len(), rows[0].rule.as_str()), (1, "informal-dwelling"));
        let id = rows[0].photo_id;

        // Nobody sees it in a list; a look is a reading; another grid's leader knows of none.
        let client = rig.client(one).await;
        let list = client.get("/fieldwork/photos").await;
        assert!(list.status == StatusCode::OK && !list.text.contains("data:image"), "{}", list.text);
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_kind = 'visit-photo'";
        assert_eq!(rig.count(readings).await, 0);
        let opened = client.post(&format!("/fieldwork/photos/{id}/reading"), &[]).await;
        assert_eq!((opened.status, opened.header("cache-control")), (StatusCode::OK, "no-store"), "{}", opened.text);
        assert_eq!(rig.count(readings).await, 1);
        let shown = opened
            .text
            .split("base64,")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .replace("&#43;", "+")
            .replace("&#x2b;", "+");
        let shown = STANDARD.decode(shown).unwrap();
        assert!(PLANTED.iter().all(|words| !holds(&shown, words)));
        assert_eq!(image::load_from_memory(&shown).unwrap().width(), 800);
        let other = rig.client(rig.colleague("other", &[(Role::GridLeader, 1)]).await).await;
        assert!(!other.get("/fieldwork/photos").await.text.contains(&id.to_string()));
        for path in ["reading", "removal"] {
            let told = other.post(&format!("/fieldwork/photos/{id}/{path}"), &[]).await;
            assert_eq!(told.status, StatusCode::NOT_FOUND);
        }

        // Taken away, it is gone with its key.
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        let before = rig.count(keys).await;
        let removed = client.post(&format!("/fieldwork/photos/{id}/removal"), &[]).await;
        assert_eq!((removed.status, rig.world.count("visit_photo").await), (StatusCode::SEE_OTHER, 0));
        assert_eq!(rig.count(keys).await, before - 1);
    }
}

/// Sends a form with a file.
async fn upload(client: &Client, path: &str, file: &[u8]) -> testing::Answer {
    let head =
        "--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--x--\r\n"].concat();
    let request = Request::post(path)
        .header("content-type", "multipart/form-data; boundary=x")
        .header("origin", "http://linli.test")
        .header("sec-fetch-site", "same-origin");
    client.send(request.body(axum::body::Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_visit_on_the_online_page_asks_for_the_photo_where_the_rule_does_and_goes_on_without_one() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let (client, reader) = (rig.client(one).await, rig.reader(one).await);
        let plain = rig.world.record(&reader, rig.world.visit(0, Choice::StillHere).await).await.unwrap().visit_id;
        assert_eq!(client.get(&format!("/field/visits/{plain}/photo")).await.status, 404, "no rule asks here");
        labelled(&rig, 1, "informal").await;
        let home = rig.world.homes[1];
        let visit = rig.world.visit(1, Choice::StillHere).await;
        let mut form = vec![("entry_id".to_owned(), visit.entry_id.to_string())];
        form.push(("seen_at".into(), rig.now().0.to_string()));
        form.extend(visit.people.iter().map(|p| (format!("c-{}", p.resident_id), "here".into())));
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let recorded = client.post(&format!("/field/homes/{home}/visit"), &form).await;
        let path = recorded.location().to_owned();
        assert!(path.starts_with("/field/visits/") && path.ends_with("/photo"), "{}: {path}", rig.world.test.engine);
        assert!(client.get(&path).await.text.contains("非正规居住场所外观"), "the rule is named");
        for (file, said) in [(&b""[..], "还没有选择照片"), (b"no picture", "不能作为照片使用")] {
            let refused = upload(&client, &path, file).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(said), "{}", refused.text);
        }
        let other = rig.client(rig.colleague("other", &[(Role::Coordinator, 0)]).await).await;
        assert_eq!(upload(&other, &path, &of_camera(80, 60)).await.status, 404, "the visitor's own alone");
        // Larger than the phone page would send, and turned by a note beside the picture.
        assert_eq!(upload(&client, &path, &of_camera(3000, 2000)).await.location(), "/field/online");
        let rows = photo::list(&rig.world.store().reads(), &reader, Some(home)).await.unwrap();
        assert_eq!((rows.len(), rows[0].rule.as_str()), (1, "informal-dwelling"));
        assert_eq!(client.get(&path).await.status, 404, "it is there now");
    }
}

/// A camera's file that says which way is up.
fn turned(jpeg: &[u8]) -> Vec<u8> {
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length[..], exif, &jpeg[2..]].concat()
}

#[tokio::test]
async fn a_cameras_picture_is_upright_smaller_and_without_what_stood_beside_it() {
    let mut plain = Vec::new();
    let picture = RgbImage::from_pixel(3000, 1500, image::Rgb([90, 120, 150]));
    picture.write_to(&mut Cursor::new(&mut plain), ImageFormat::Jpeg).unwrap();
    let made = STANDARD.decode(picture::from_camera(turned(&plain)).await.unwrap().base64()).unwrap();
    let size = image::load_from_memory(&made).unwrap();
    assert_eq!((size.width(), size.height()), (800, 1600));
    assert!(!holds(&made, "Exif"));
    let large = picture::from_camera(vec![0; picture::CAMERA_BYTES_MAX + 1]).await;
    assert_eq!(large, Err(BadPicture::TooLarge));
}

#[tokio::test]
async fn a_photo_goes_when_its_time_is_over_and_a_broken_one_refuses_the_entry() {
    for rig in rigs().await {
        let phone = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        labelled(&rig, 1, "informal").await;
        let broken = sent_photo(&rig, &phone, 1, b"no picture").await;
        assert_eq!((broken.0, broken.1.as_deref()), ("refused", Some("bad-photo")));
        assert_eq!((rig.world.count("visit").await, rig.world.count("visit_photo").await), (0, 0));
        assert_eq!(sent_photo(&rig, &phone, 1, &of_camera(1600, 1200)).await.0, "done");
        rig.later(20 * 24 * 3600);
        expire::expire(&rig.app).await.unwrap();
        assert_eq!(rig.world.count("visit_photo").await, 1);
        rig.later(20 * 24 * 3600);
        expire::expire(&rig.app).await.unwrap();
        assert_eq!(rig.world.count("visit_photo").await, 0, "{}", rig.world.test.engine);
        assert_eq!(rig.world.count("visit").await, 1, "the visit stays for its own time");
    }
}

#[tokio::test]
async fn a_hazard_noted_at_a_visit_is_told_to_whoever_comes_next_until_its_last_day() {
    for rig in rigs().await {
        let phone = rig.phone(rig.colleague("one", &[(Role::Coordinator, 0)]).await).await;
        let today = rig.now().day();
        let noted = |code: &str, until| Noted { code: code.into(), until };
        // A dog keeps the door shut: nobody is settled, and the place is told of all the same.
        let mut entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        (entry.outcome, entry.people) = ("nobody-home".into(), Vec::new());
        entry.hazards = vec![
            noted("dog", None),
            noted("gas-smell", Some(today.plus_days(300))),
            noted("bare-wires", Some(today.plus_days(-1))),
            noted("a-person", None),
        ];
        assert_eq!(rig.send(&phone, &rig.sealed(&phone, &entry)).await.state, "done");
        let known = async || {
            let rows = hazards::of_home(&rig.world.store().reads(), rig.world.homes[0]).await.unwrap();
            rows.into_iter().map(|h| (h.code, h.until_day)).collect::<Vec<_>>()
        };
        let both = vec![("dog".to_owned(), today.plus_days(180)), ("gas-smell".to_owned(), today.plus_days(7))];
        assert_eq!(known().await, both, "{}", rig.world.test.engine);

        // Whoever comes next is told, on the phone, on the page at the door, at the desk and on paper.
        let next = rig.colleague("next", &[(Role::GridWorker, 0)]).await;
        rig.later(24 * 3600);
        // What cannot wait belongs to every day's list.
        let subject = rig.world.home(0, 0);
        rig.world.task(TaskKind::HomeVerification, subject, 0, 4).await;
        let told = rig.phone(next).await;
        let homes = told.assignment["homes"].as_array().unwrap().clone();
        let home = homes.iter().find(|h| h["home_id"] == json!(rig.world.homes[0])).unwrap();
        assert_eq!(
            home["hazards"],
            json!([{ "code": "dog", "until": both[0].1 }, { "code": "gas-smell", "until": both[1].1 }])
        );
        let client = rig.client(next).await;
        for path in ["/field/homes/", "/homes/"] {
            let page = client.get(&format!("{path}{}", rig.world.homes[0])).await;
            assert!(page.text.contains("犬只") && page.text.contains("燃气异味"), "{path} {}", page.text);
        }

        // No longer so: said at the next visit. What somebody noted later than a visit stays.
        let mut entry = rig.entry(&told, rig.world.homes[0], "here").await;
        entry.hazards_gone = vec!["gas-smell".into(), "dog".into()];
        let tx = rig.world.store().begin(&office(rig.world.store())).await.unwrap();
        let later = today.plus_days(2);
        hazards::note(&tx, &rig.app.pack, rig.world.homes[0], "dog", later.start(), None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rig.send(&told, &rig.sealed(&told, &entry)).await.state, "done");
        assert_eq!(known().await, vec![("dog".to_owned(), later.plus_days(180))]);

        // Past its last day it is gone by itself.
        rig.later(185 * 24 * 3600);
        assert_eq!(known().await, vec![]);
    }
}
