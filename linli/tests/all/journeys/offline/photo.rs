//! A photo that a rule asks for, taken without network: nothing that the camera wrote beside it, and nothing of the
//! picture, can be read on the phone, and it arrives with the visit.

use super::{
    field::{Field, a_while, all_sent, choose, cut, finish, next_home, place, take, unlock},
    nothing_readable, walk,
};
use crate::all::world::account;
use linli_platform::{store::Query as _, vals};
use sea_orm::ConnectionTrait as _;

/// What a camera writes beside a picture.
const PLANTED: &str = "GPS 31.2304N 121.4737E planted-place";
/// An invented house, as the demonstration has it.
const HOUSE: &[u8] = include_bytes!("../../../../src/demo/house.jpg");

/// The picture as a camera's file.
fn of_camera() -> Vec<u8> {
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), PLANTED.as_bytes()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&HOUSE[..2], &[0xff, 0xe1], &length, &exif, &HOUSE[2..]].concat()
}

/// Every home is one at which the rule asks for a photo.
async fn all_informal(field: &Field) {
    let db = sea_orm::Database::connect(format!("sqlite://{}", field.file().display())).await.unwrap();
    db.execute_unprepared("UPDATE home SET label = 'informal'").await.unwrap();
    db.close().await.unwrap();
}

#[test]
fn a_photo_without_network_is_readable_for_the_server_alone_and_arrives_without_its_place() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        all_informal(&field).await;
        let who = field.officer(4, 2).await;
        field.start();
        let phone = field.phone("field-photo").await;
        take(&phone, &who).await;
        cut(&phone, true).await;
        for person in next_home(&phone).await {
            choose(&phone, &person, "here").await;
        }
        phone.see("还差一张房屋照片").await;
        let file = field.file().with_file_name("camera.jpg");
        std::fs::write(&file, of_camera()).unwrap();
        phone.fill("#photo-file", file.to_str().unwrap()).await;
        phone.find("#photo img").await;
        phone.shot("field-photo").await;
        phone.width(390).await;
        let shown = phone.attr("#photo img", "src").await;
        let middle = shown.len() / 2;
        let planted = [PLANTED.to_owned(), shown[middle..middle + 60].to_owned()];
        a_while().await;
        let profile = field.profile("field-photo");
        place_of_draft(&phone).await;
        nothing_readable(&profile, &planted, "while the photo lies in a draft");
        unlock(&phone).await;
        next_home(&phone).await;
        phone.find("#photo img").await;
        finish(&phone, 1).await;
        phone.close().await;
        nothing_readable(&profile, &planted, "once it is sealed");

        let phone = field.phone("field-photo").await;
        // The server still knows the browser: a session is not bound to its window.
        phone.goto("/field").await;
        unlock(&phone).await;
        all_sent(&phone).await;
        phone.goto("/fieldwork/photos").await;
        phone.press("查看照片").await;
        phone.find("main img[src^='data:image/jpeg;base64,']").await;
        let opened = phone.attr("main img[src^='data:image']", "src").await;
        assert!(opened.len() > 1_000, "{opened}");
        phone.close().await;
        nothing_readable(&profile, &[PLANTED.to_owned()], "after it was looked at");
        field.stop();
        let store = field.store().await;
        let officer = account(&store, &who).await;
        let sql = "SELECT COUNT(*) FROM visit_photo WHERE division_code = $1 AND account_id = $2";
        assert_eq!(store.reads().number(sql, vals![store.division(), officer]).await.unwrap(), 1);
        assert!(
            super::scan::files_with(field.file().parent().unwrap(), PLANTED).iter().all(|f| f.ends_with("camera.jpg"))
        );
    });
}

/// Leaves the home, its visit begun, and locks the page.
async fn place_of_draft(phone: &crate::all::journeys::browser::Browser) {
    phone.click("#head .back").await;
    phone.see("未填完").await;
    place(phone, "me").await;
    phone.press("现在锁定").await;
    phone.find(".pin").await;
    a_while().await;
}
