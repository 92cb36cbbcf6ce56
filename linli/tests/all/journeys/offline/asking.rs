//! What the server does not take as it is: refused with what to do, or in conflict and decided field by field.

use super::{
    field::{Field, a_while, all_sent, choose, cut, finish, next_home, place, take, unlock},
    walk,
};
use crate::all::journeys::browser::Browser;

/// Says of somebody that a fact changed.
async fn change(b: &Browser, person: &str, fact: &str, value: &str) {
    choose(b, person, "changed").await;
    b.choose(&format!("#f-{person}"), fact).await;
    b.fill(&format!("#x-{person}"), value).await;
    a_while().await;
}

/// Opens homes until one has somebody; the others are recorded as locked.
async fn inhabited(b: &Browser, done: &mut usize) -> Vec<String> {
    loop {
        let people = next_home(b).await;
        if !people.is_empty() {
            return people;
        }
        b.click("#shut summary").await;
        b.click("#shut label:has(input[value='locked'])").await;
        b.see("记录本次上门").await;
        *done += 1;
        finish(b, *done).await;
    }
}

async fn settle_others(b: &Browser, people: &[String]) {
    for person in &people[1..] {
        choose(b, person, "here").await;
    }
}

/// A colleague visits the same home with network and notes another mobile of the same person.
async fn visit_online(b: &Browser, home: &str, person: &str, phone: &str) {
    b.goto(home).await;
    for choice in b.find_all(".people .choice label:first-child").await {
        choice.scroll_into_view().await.unwrap();
        choice.click().await.unwrap();
    }
    b.click(&format!("label:has(input[name='c-{person}'][value='changed'])")).await;
    b.choose(&format!("#f-f-{person}"), "phone").await;
    b.fill(&format!("#f-x-{person}"), phone).await;
    b.click("#finish").await;
    b.wait("the visit to be recorded", async || b.path().await != home && !b.path().await.ends_with("/visit")).await;
}

#[test]
fn what_is_refused_says_what_to_do_and_a_conflict_is_decided_field_by_field() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        let who = field.officer(6, 1).await;
        field.start();
        let phone = field.phone("field-asking").await;
        take(&phone, &who).await;
        cut(&phone, true).await;
        let mut done = 0;

        // A number of an employer that is right and that the register does not know.
        let people = inhabited(&phone, &mut done).await;
        settle_others(&phone, &people).await;
        let employer = cn_identity::OrgCode::from_sixteen("91990101MA7QX0Y9").unwrap();
        change(&phone, &people[0], "employer", employer.as_str()).await;
        done += 1;
        finish(&phone, done).await;
        // A mobile that a colleague changes in the meantime.
        let people = inhabited(&phone, &mut done).await;
        settle_others(&phone, &people).await;
        change(&phone, &people[0], "phone", "15400000081").await;
        done += 1;
        finish(&phone, done).await;
        let outbox = super::stored(&phone, "outbox").await;
        let newest = outbox.iter().max_by_key(|row| row["made_at"].as_i64()).unwrap();
        let home = format!("/field/homes/{}", newest["home_id"].as_str().unwrap());

        let colleague = field.phone("field-colleague").await;
        colleague.sign_in(&who).await;
        visit_online(&colleague, &home, &people[0], "15400000082").await;

        cut(&phone, false).await;
        unlock(&phone).await;
        all_sent(&phone).await;
        place(&phone, "entries").await;
        phone.find(".entry[data-state='refused']").await;
        phone.see("登记中没有这个统一社会信用代码的单位").await;
        phone.find(".entry[data-state='conflict']").await;
        phone.see("登记在此期间有变更").await;
        phone.see("手机号码").await;
        phone.shot("field-asking").await;
        phone.width(390).await;

        // The refused one leads to its home again; the other is decided at the desk.
        let path = phone.attr(".entry[data-state='conflict'] a.btn", "href").await;
        phone.click(".entry[data-state='refused'] .btn").await;
        phone.press("更正，重新填写").await;
        phone.see("正在更正已经报过的走访").await;
        let office = field.phone("field-deciding").await;
        office.width(1440).await;
        office.sign_in(&who).await;
        office.goto(&path).await;
        office.press("打开条目").await;
        office.see("走访时录入").await;
        office.see("登记中现为").await;
        office.shot("field-conflict").await;
        office.click("form[action$='/decision'] label:has(input[value='phone'])").await;
        office.press("按选择采用").await;
        office.see("已采用").await;

        unlock(&phone).await;
        place(&phone, "entries").await;
        phone.wait("the decision", async || !phone.has(".entry[data-state='conflict']").await).await;
        field.stop();
    });
}
