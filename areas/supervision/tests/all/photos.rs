//! Photos on findings: made anew, sealed, on record, in scope, and gone in time.

use std::io::Cursor;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, StatusCode};
use image::{ImageFormat, RgbImage};
use linli_platform::{
    picture::{self, BadPicture},
    store::Query as _,
    testing::{Answer, Client},
    vals,
};
use sea_orm::FromQueryResult;

use super::town::{Town, hour, towns};

/// What a camera writes beside a picture, and nobody may find again.
const PLANTED: &str = "GPS 31.2304N 121.4737E planted-place";

fn file(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG with a place in its Exif part.
fn of_camera() -> Vec<u8> {
    let plain = file(ImageFormat::Jpeg, 800, 600);
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), PLANTED.as_bytes()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length[..], &exif, &plain[2..]].concat()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|w| w == words.as_bytes())
}

async fn upload(client: &Client, path: &str, file: &[u8]) -> Answer {
    let head = "--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--x--\r\n"].concat();
    let request = Request::post(path)
        .header("content-type", "multipart/form-data; boundary=x")
        .header("origin", "http://linli.test")
        .header("sec-fetch-site", "same-origin");
    client.send(request.body(axum::body::Body::from(body)).unwrap()).await
}

/// The pictures on a page.
fn pictures(page: &str) -> Vec<Vec<u8>> {
    let written = page.split("base64,").skip(1).map(|rest| rest.split('"').next().unwrap());
    written.map(|p| STANDARD.decode(p.replace("&#43;", "+").replace("&#x2b;", "+")).unwrap()).collect()
}

/// The ids of the photos on a page.
fn ids(page: &str) -> Vec<String> {
    let links = page.split("/photos/").skip(1).filter_map(|rest| rest.split_once("/reading\""));
    links.map(|(id, _)| id.to_owned()).filter(|id| id.len() == 36).collect()
}

async fn fault(town: &Town) -> String {
    let id = town.planned().await;
    format!("/findings/{}", town.note(id, town.fault("notice-sign", 0)).await.unwrap())
}

#[tokio::test]
async fn a_photo_of_a_sign_is_made_anew_sealed_and_seen_on_record_by_whoever_sees_the_finding() {
    for town in towns().await {
        let path = fault(&town).await;
        let (group, leader) = (town.client("far-officer").await, town.client("leader").await);
        let form = group.get(&path).await.text;
        assert!(
            form.contains(&format!("action=\"{path}/photos\"")) && form.contains("capture=\"environment\""),
            "{form}"
        );
        assert!(holds(&of_camera(), PLANTED));
        let sent = upload(&group, &format!("{path}/photos"), &of_camera()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}: {}", town.test.engine, sent.text);
        town.test.clock.set(hour("2026-11-16", 9).plus_s(60));
        for other in [file(ImageFormat::Png, 2_000, 1_000), file(ImageFormat::WebP, 300, 400)] {
            let sent = upload(&group, &format!("{path}/photos"), &other).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        }

        // At rest there is neither a place nor a picture.
        #[derive(FromQueryResult)]
        struct Kept {
            photo_sealed: Vec<u8>,
            small_sealed: Vec<u8>,
        }
        let reads = town.store().reads();
        let sql = "SELECT photo_sealed, small_sealed FROM finding_photo WHERE division_code = $1";
        let kept: Vec<Kept> = reads.rows(sql, vals![reads.division()]).await.unwrap();
        assert_eq!(kept.len(), 3);
        for bytes in kept.iter().flat_map(|k| [&k.photo_sealed, &k.small_sealed]) {
            assert!(image::guess_format(bytes).is_err() && STANDARD.decode(bytes).is_err() && !holds(bytes, PLANTED));
        }

        // The list shows none of them; small ones and the large one open on record, to the grid and to the group alike.
        let readings = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_kind = 'finding-photo'
             AND purpose = 'inspection'";
        let force = town.client("task-force").await;
        let listed = leader.get(&path).await.text;
        assert!(listed.contains("far-officer") && pictures(&listed).is_empty(), "{listed}");
        assert_eq!(town.count(readings).await, 0);
        for (n, client) in [&leader, &group, &force].into_iter().enumerate() {
            let opened = client.post(&format!("{path}/photos/reading"), &[]).await;
            assert_eq!(
                (opened.status, opened.header("cache-control")),
                (StatusCode::OK, "no-store"),
                "{}",
                opened.text
            );
            let small = pictures(&opened.text);
            assert_eq!(small.len(), 3, "{}", town.test.engine);
            for bytes in &small {
                assert_eq!(image::guess_format(bytes).unwrap(), ImageFormat::Jpeg);
                let size = image::load_from_memory(bytes).unwrap();
                assert_eq!(size.width().max(size.height()), picture::SMALL_PX.min(size.width().max(size.height())));
                assert!(!holds(bytes, PLANTED) && !holds(bytes, "Exif"));
            }
            assert_eq!(town.count(readings).await, 3 * (i64::try_from(n).unwrap() + 1));
        }
        let first = ids(&listed)[0].clone();
        let large = leader.post(&format!("{path}/photos/{first}/reading"), &[]).await;
        let large = pictures(&large.text).remove(0);
        assert_eq!(image::load_from_memory(&large).unwrap().width(), 800);
        assert!(!holds(&large, PLANTED) && !holds(&large, "Exif"));
        assert_eq!(town.count(readings).await, 10);

        // Another grid's coordinator who is not in the group knows of none of it; who may not see findings, neither.
        let elsewhere = town.client("stranger").await;
        for way in [format!("{path}/photos/reading"), format!("{path}/photos/{first}/reading")] {
            assert_eq!(elsewhere.post(&way, &[]).await.status, StatusCode::NOT_FOUND, "{way}");
            assert_eq!(town.client("guard").await.post(&way, &[]).await.status, StatusCode::FORBIDDEN, "{way}");
        }
        assert_eq!(upload(&elsewhere, &format!("{path}/photos"), &of_camera()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.count(readings).await, 10);
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_answered_at_the_field_in_the_readers_language() {
    for town in towns().await {
        let path = fault(&town).await;
        let group = town.client("far-officer").await;
        let large = vec![0_u8; picture::CAMERA_BYTES_MAX + 1];
        let wide = file(ImageFormat::Png, 9_300, 2);
        let cut = of_camera()[..400].to_vec();
        for (sent, zh, en) in [
            (Vec::new(), "还没有选择照片", "No photo was chosen"),
            (large, "照片太大", "The photo is too large"),
            (wide, "照片太大", "The photo is too large"),
            (cut, "不能作为照片使用", "cannot be used as a photo"),
            (b"<svg onload=alert(1)>".to_vec(), "不能作为照片使用", "cannot be used as a photo"),
            (b"GIF89a".to_vec(), "不能作为照片使用", "cannot be used as a photo"),
        ] {
            for (lang, said) in [("zh-CN", zh), ("en", en)] {
                group.set_cookie("linli-lang", lang);
                let told = upload(&group, &format!("{path}/photos"), &sent).await;
                assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {said}", town.test.engine);
                assert!(told.text.contains(said) && told.text.contains("href=\"#f-photo\""), "{said}: {}", told.text);
            }
        }
        assert_eq!(town.count("SELECT COUNT(*) FROM finding_photo WHERE division_code = $1").await, 0);
    }
}

#[tokio::test]
async fn the_grid_shows_what_it_put_right_and_whoever_took_a_photo_takes_it_away_until_it_is_settled() {
    for town in towns().await {
        let path = fault(&town).await;
        let (group, leader) = (town.client("far-officer").await, town.client("leader").await);
        let theirs = upload(&leader, &format!("{path}/photos"), &of_camera()).await;
        assert!(theirs.status == StatusCode::UNPROCESSABLE_ENTITY && theirs.text.contains("不在这次督查的督查组里"));
        let sent = upload(&leader, &format!("{path}/correction/photos"), &of_camera()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}: {}", town.test.engine, sent.text);
        town.test.clock.set(hour("2026-11-16", 9).plus_s(60));
        assert_eq!(upload(&group, &format!("{path}/photos"), &of_camera()).await.status, StatusCode::SEE_OTHER);
        let shown = group.get(&path).await.text;
        assert!(shown.contains("整改后") && shown.contains("发现时"), "{shown}");
        let photos = ids(&shown);
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        let before = town.count(keys).await;
        let others = group.post(&format!("{path}/photos/{}/removal", photos[0]), &[]).await;
        assert_eq!(others.status, StatusCode::UNPROCESSABLE_ENTITY, "the grid's own");
        let own = leader.post(&format!("{path}/photos/{}/removal", photos[0]), &[]).await;
        assert_eq!((own.status, town.count(keys).await), (StatusCode::SEE_OTHER, before - 1), "{}", own.text);

        // Six of a kind, and no more.
        for _ in 0..5 {
            assert_eq!(upload(&group, &format!("{path}/photos"), &of_camera()).await.status, StatusCode::SEE_OTHER);
        }
        let full = upload(&group, &format!("{path}/photos"), &of_camera()).await;
        assert!(
            full.status == StatusCode::UNPROCESSABLE_ENTITY && full.text.contains("最多保存 6 张"),
            "{}",
            full.text
        );

        leader.post(&format!("{path}/correction"), &[("version", "1"), ("feedback", "已补装")]).await;
        group.post(&format!("{path}/settlement"), &[("version", "2")]).await;
        let late = group.post(&format!("{path}/photos/{}/removal", photos[1]), &[]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
        let late = upload(&group, &format!("{path}/photos"), &of_camera()).await;
        assert!(late.text.contains("已经销号"), "{}", late.text);
        assert!(!group.get(&path).await.text.contains("type=\"file\""));
    }
}

#[tokio::test]
async fn photos_go_when_their_time_is_over_and_never_stay_longer_than_their_finding() {
    for town in towns().await {
        let path = fault(&town).await;
        let group = town.client("far-officer").await;
        assert_eq!(upload(&group, &format!("{path}/photos"), &of_camera()).await.status, StatusCode::SEE_OTHER);
        let photos = "SELECT COUNT(*) FROM finding_photo WHERE division_code = $1";
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        let before = town.count(keys).await;
        for (day, left) in [("2027-05-15", 1), ("2027-05-18", 0)] {
            town.test.clock.set(hour(day, 9));
            town.expire().await;
            assert_eq!(town.count(photos).await, left, "{}: {day}", town.test.engine);
        }
        assert_eq!(town.count(keys).await, before - 1);
        assert_eq!(town.count("SELECT COUNT(*) FROM finding WHERE division_code = $1").await, 1);
    }
}

#[tokio::test]
async fn a_small_picture_is_too_small_to_be_read_and_a_moving_one_stands_still() {
    let large = picture::from_camera(file(ImageFormat::Png, 2_000, 1_500)).await.unwrap();
    let small = STANDARD.decode(large.small().await.unwrap().base64()).unwrap();
    let size = image::load_from_memory(&small).unwrap();
    assert_eq!((size.width(), size.height()), (320, 240));
    // A picture that says to be larger than what may be decoded is refused before it is.
    assert_eq!(picture::from_camera(file(ImageFormat::Png, 9_300, 1)).await, Err(BadPicture::TooLarge));
    assert_eq!(picture::from_camera(b"RIFF\x10\0\0\0WEBPVP8 ".to_vec()).await, Err(BadPicture::Broken));
}
