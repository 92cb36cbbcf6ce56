//! Journeys 9: a team meets, from agenda to tasks; a week's shifts are planned, and a broken rule is named.

use super::browser::{Browser, journey};

/// What the meeting decides.
const DECIDED: &str = "月底前走访完出租房较多的三幢楼";

#[test]
fn a_monthly_meeting_from_agenda_to_tasks() {
    journey("9-meeting", async |b| {
        b.sign_in("grid-leader").await;
        b.goto("/meetings?state=missed").await;
        b.shot("journey-9-meetings").await;
        b.press("月例会").await;
        b.see("兜底核查覆盖").await;
        b.see("上次议定事项").await;
        let meeting = b.path().await;
        b.shot("journey-9-agenda").await;
        everybody_came_but_one(b).await;
        b.goto(&meeting).await;
        b.fill("#f-words", DECIDED).await;
        let owner =
            "return [...document.querySelectorAll('#f-owner option')].find(o => o.text.includes('协管员')).value";
        let owner = b.script(owner).await;
        b.choose("#f-owner", owner.as_str().unwrap()).await;
        b.press("加入议定事项").await;
        b.see("已加入").await;
        b.fill("#f-summary", "通报全月核查与测查，布置下月走访。").await;
        b.click("form[action$='/closure'] button[type=submit]").await;
        b.see("1 项议定事项成为任务").await;
        b.shot("journey-9-minutes").await;
        the_decision_is_done_and_returns(b, &meeting).await;
    });
}

/// Ticks the roll: the last has a reason, the others came.
async fn everybody_came_but_one(b: &Browser) {
    b.goto(&format!("{}/attendance", b.path().await)).await;
    let script = "const all = [...document.querySelectorAll('select[name^=who-]')]; \
        all.forEach((s, n) => { s.value = n + 1 === all.length && n > 0 ? 'training' : 'present'; }); return all.length";
    assert!(b.script(script).await.as_u64().unwrap() > 1, "the team is on the roll");
    b.shot("journey-9-roll").await;
    b.click("form[action$='/attendance'] button[type=submit]").await;
    b.see("已记录").await;
}

async fn the_decision_is_done_and_returns(b: &Browser, meeting: &str) {
    b.sign_in("coordinator").await;
    b.goto(meeting).await;
    b.press(DECIDED).await;
    b.see("会议议定事项").await;
    b.choose("#f-outcome", "carried-out").await;
    b.click("form[action$='/closure'] button[type=submit]").await;
    b.wait("the list of tasks", async || b.path().await == "/tasks").await;
    b.goto(meeting).await;
    b.see("已落实").await;
    b.goto("/meetings").await;
    b.press("周例会").await;
    b.see(DECIDED).await;
    b.see("已落实").await;
    b.goto("/meetings/calendar").await;
    b.press("生成链接").await;
    let address = b.text_of("code.by-hand").await;
    let asked = format!("return fetch('{address}').then(r => r.text())");
    let feed = b.script(&asked).await;
    let feed = feed.as_str().unwrap();
    assert!(feed.starts_with("BEGIN:VCALENDAR") && feed.contains("SUMMARY:周例会"), "{feed}");
    b.press("停用链接").await;
    b.see("链接已停用").await;
    let gone = b.script(&format!("return fetch('{address}').then(r => r.status)")).await;
    assert_eq!(gone.as_u64(), Some(404), "a link that was revoked opens nothing");
}

#[test]
fn a_shift_plan_that_breaks_a_rule_says_which() {
    journey("9-shifts", async |b| {
        b.sign_in("officer").await;
        b.goto("/shifts").await;
        b.press("应报备的一周").await;
        b.press("起草计划").await;
        b.see("不符合规定").await;
        b.see("本周错时 0 次，应至少 2 次").await;
        let plan = b.path().await;
        b.press("由程序排班").await;
        b.see("符合全部规定").await;
        b.shot("journey-9-proposed").await;
        // A coordinator's off-hours round is taken away by choosing another cell.
        let late = "const row = [...document.querySelectorAll('.shift-grid tbody tr')].find(r => r.innerText.includes('协管员')); \
            return [...row.querySelectorAll('select')].find(s => s.value === 'late' || s.value === 'long').name";
        let cell = b.script(late).await;
        let cell = format!("select[name='{}']", cell.as_str().unwrap());
        b.choose(&cell, "off").await;
        by_drag_and_keys(b, &cell).await;
        b.press("保存").await;
        b.see("计划已保存").await;
        b.see("本周错时 1 次，应至少 2 次").await;
        b.shot("journey-9-broken").await;
        b.press("报备计划").await;
        b.see("请修改，或勾选后仍然报备").await;
        b.click("#f-knowingly").await;
        b.press("报备计划").await;
        b.see("已报备，其中").await;
        b.sign_in("team-leader").await;
        b.goto(&plan).await;
        b.see("本周错时 1 次，应至少 2 次").await;
        b.press("已阅").await;
        b.see("已记为已阅").await;
        b.shot("journey-9-acknowledged").await;
    });
}

/// A chip is dropped on the cell and the cell is emptied again by what is dropped on it; the arrows go from cell to cell.
async fn by_drag_and_keys(b: &Browser, cell: &str) {
    let drop = |chip: &str| {
        format!(
            "const data = new DataTransfer(); \
             const chip = document.querySelector(\".shift-chips [data-cell='{chip}']\"); \
             const place = document.querySelector(\"{cell}\").closest('td'); \
             const tell = (at, kind) => at.dispatchEvent(new DragEvent(kind, {{ bubbles: true, cancelable: true, dataTransfer: data }})); \
             tell(chip, 'dragstart'); tell(place, 'dragover'); tell(place, 'drop'); \
             return document.querySelector(\"{cell}\").value"
        )
    };
    assert_eq!(b.script(&drop("day")).await.as_str(), Some("day"), "a chip is dropped on a cell");
    assert_eq!(b.script(&drop("off")).await.as_str(), Some("off"));
    let moved = format!(
        "const cell = document.querySelector(\"{cell}\"); cell.focus(); \
         const key = document.activeElement.closest('td').cellIndex > 1 ? 'ArrowLeft' : 'ArrowRight'; \
         cell.dispatchEvent(new KeyboardEvent('keydown', {{ key, altKey: true, bubbles: true, cancelable: true }})); \
         return document.activeElement.name"
    );
    let beside = b.script(&moved).await;
    let (here, there) = (cell.split('\'').nth(1).unwrap(), beside.as_str().unwrap());
    assert!(
        there != here && there.rsplit_once('-').map(|p| p.0) == here.rsplit_once('-').map(|p| p.0),
        "{here} to {there}"
    );
}
