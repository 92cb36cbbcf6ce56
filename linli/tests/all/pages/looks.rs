//! Who looks at which page, in which language, colours and width.

use linli_platform::access::Role;

use super::{
    axe, keyboard, plain,
    walk::{Place, Walk},
};
use crate::all::journeys::{
    browser::{Browser, journey},
    entrances,
    files::{number, row, workbook},
    own_page,
};

/// What was found, in lines that say who saw it where.
#[derive(Default)]
pub struct Findings {
    pub pages: usize,
    pub links: Vec<String>,
    pub unreached: Vec<String>,
    pub axe: Vec<String>,
    pub keyboard: Vec<String>,
    /// Menus that the tabulator went through.
    menus: keyboard::Menus,
    pub plain: Vec<String>,
}

/// Pages that no link of the demonstration leads to, and why.
const ELSEWHERE: [(&str, &str); 42] = [
    ("/evaluations/{year}", "once a year is over and published; the area's tests publish one"),
    ("/evaluations/{year}/evaluation.json", "a file, for another program"),
    ("/evaluations/{year}/evaluation.pdf", "once a year is published and its paper issued; the area's tests open it"),
    ("/evaluations/{year}/evaluation.docx", "the same as a Word file"),
    ("/ledgers/{file}", "a workbook; the area's own tests open it"),
    ("/declarations/liaisons/new", "from the page of a let home, which the walk need not meet"),
    ("/sign-in", "where everybody begins; looked at with its empty form"),
    ("/sign-in/code/passkey", "somebody with a passkey, between password and passkey; the journeys have one"),
    ("/sign-in/passkey", "offered where passkeys work, by a script's leave; the journeys sign in so"),
    ("/sign-in/sso", "single sign-on is off in the demonstration"),
    ("/sign-in/sso/callback", "single sign-on is off in the demonstration"),
    ("/sign-in/sso/ended", "single sign-on is off in the demonstration"),
    ("/account/sso", "single sign-on is off in the demonstration"),
    ("/account/proof/sso", "single sign-on is off in the demonstration"),
    ("/admin/accounts/{id}/sso", "single sign-on is off in the demonstration"),
    ("/account/proof/passkey", "for whoever has a passkey; the journeys have one"),
    ("/me/requests/{id}", "once something is asked for; the journeys ask"),
    ("/acting/code", "between number and code"),
    ("/letting/code", "between number and code"),
    ("/newcomers/code", "between number and code"),
    ("/newcomers/receipt", "after a newcomer has declared"),
    ("/surveys/{id}/homes/{home}", "while a survey is under way; the journeys draw one and answer at its doors"),
    (
        "/sign-in/code",
        "somebody with a second factor, between password and code; accounts of the demonstration have none",
    ),
    ("/account/proof", "shown where an export asks for the password again; the demonstration does not ask"),
    ("/me/code", "between number and code; looked at on the way in"),
    ("/verify/{code}", "by the code of a printed receipt"),
    ("/residents/{id}/merge/{other}", "from a search for a duplicate; the journeys look at it"),
    ("/imports/templates/{file}", "a workbook"),
    ("/jobs/{id}", "while a job runs"),
    ("/calendar/{token}", "a calendar's feed, for another program"),
    ("/channel/robots", "the grid leader's; the area's tests open it"),
    ("/field/assignment", "for the phone page's scripts"),
    ("/field/devices/{id}/state", "for the phone page's scripts"),
    ("/field/entries/{id}", "for the phone page's scripts"),
    ("/field/manifest.webmanifest", "for the browser"),
    ("/field/sw.js", "for the browser"),
    ("/field/visits/{id}/photo", "after a visit for which a rule asks for a photo; the area's tests take one"),
    ("/push/sw.js", "for the browser"),
    ("/notices/{id}", "leads on to the work"),
    ("/meetings/{id}/attendance", "by the code that the convener shows; the journeys sign in so"),
    ("/meetings/{id}/presence", "the convener's while a meeting is on; the journeys show it"),
    ("/scenes/{id}", "once a scene is recorded; the area's tests record one"),
];

/// Forms that are sent with nothing in them, so that the messages are looked at too: who, where, which form.
const SENT_EMPTY: [(&str, &str, &str); 8] = [
    ("", "/sign-in", "/sign-in"),
    ("", "/me/entrance", "/me/codes"),
    ("population-office", "/residents/new", "/residents"),
    ("population-office", "/addresses/new", "/addresses"),
    ("population-office", "/residents", "/residents/search"),
    ("population-office", "/team/appointments/new", "/team/appointments"),
    ("system-admin", "/admin/accounts/new", "/admin/accounts"),
    ("officer", "/account/password", "/account/password"),
];

fn long() -> bool {
    std::env::var_os("LINLI_LONG").is_some()
}

/// In which colours and width a page is looked at: the two that differ most, or all four.
fn looks() -> &'static [(bool, u32)] {
    if long() { &[(false, 1440), (true, 390), (true, 1440), (false, 390)] } else { &[(false, 1440), (true, 390)] }
}

/// Walks through all pages.
pub fn look_at_everything() -> Findings {
    let mut found = Findings::default();
    journey("pages", async |b| {
        let with_axe = axe::bring(b).await;
        let mut walk = if long() { Walk::new(3, true) } else { Walk::new(1, false) };
        prepare(b).await;
        let eyes = Eyes { with_axe, beside: true };
        for who in walkers() {
            b.sign_in(who).await;
            let mut from = vec!["/", "/account", "/notices", "/agreement", "/account/password"];
            if who == "coordinator" {
                // What a search at the door leads to.
                from.push("/field/new?q=1");
            }
            walk.go(b, who, &from, async |b, place| eyes.look(b, place, &mut found).await).await;
        }
        residents(b, &mut walk, &eyes, &mut found).await;
        without_account(b, &mut walk, &eyes, &mut found).await;
        messages(b, &eyes, &mut found).await;
        if long() {
            english(b, with_axe, &mut found).await;
        }
        found.pages = walk.pages();
        let unreached = walk.unreached().filter(|p| ELSEWHERE.iter().all(|(known, _)| known != p));
        found.unreached = unreached.map(str::to_owned).collect();
        found.links = std::mem::take(&mut walk.broken);
    });
    found
}

/// Who together come to every page.
const WALKERS: [&str; 9] = [
    "population-office",
    "officer",
    "coordinator",
    "volunteer",
    "hr-liaison",
    "surveyor",
    "system-admin",
    "security-officer",
    "auditor",
];

/// The roles that walk: those who come to every page, and in the long run the others too.
fn walkers() -> impl Iterator<Item = &'static str> {
    let others = Role::ALL.iter().map(|r| r.code()).filter(|r| long() && !WALKERS.contains(r));
    WALKERS.into_iter().chain(others)
}

/// How a page is looked at.
struct Eyes {
    with_axe: bool,
    /// Keyboard and the page without scripts as well, which do not depend on the language.
    beside: bool,
}

impl Eyes {
    async fn look(&self, b: &Browser, place: &Place, found: &mut Findings) {
        eprintln!("{} {}", place.who, place.path);
        self.axe(b, place, found).await;
        if self.beside {
            if !long() {
                keyboard::shorten(b, place, &mut found.menus).await;
            }
            found.keyboard.extend(keyboard::findings(b, place).await);
            found.plain.extend(plain::findings(b, place).await);
        }
    }

    /// The page as it stands, which may be an answer that no link leads to.
    async fn axe(&self, b: &Browser, place: &Place, found: &mut Findings) {
        for (dark, width) in looks().iter().filter(|_| self.with_axe) {
            b.dark(*dark).await;
            b.width(*width).await;
            let how = format!("{} {width}", if *dark { "dark" } else { "light" });
            found.axe.extend(axe::findings(b, place, &how).await);
        }
        b.dark(false).await;
        b.width(1440).await;
    }
}

/// Leaves a table between upload and confirmation, so that its pages can be walked.
async fn prepare(b: &Browser) {
    b.sign_in("population-office").await;
    b.goto("/addresses").await;
    let address = b.text_of("#list tbody tr td").await;
    let file = b.town.folder.join("pages.xlsx");
    let rows = [
        row("司马步云", &number(1990, 81), "15400000081", &address),
        row("司马步月", &number(1990, 82), "15400000082", "没有这样的路 1 号"),
    ];
    workbook(&file, &rows);
    for confirmed in [false, true] {
        b.goto("/imports/new?kind=residents").await;
        b.choose("#f-kind", "residents").await;
        b.fill("#f-file", &file.display().to_string()).await;
        b.click("form[action='/imports'] button[type=submit]").await;
        b.find("form[action$='/mapping']").await;
        if confirmed {
            b.click("form[action$='/mapping'] button[type=submit]").await;
            b.find("form[action$='/confirmation']").await;
        }
    }
}

/// A resident's own pages, entered as a resident does.
async fn residents(b: &Browser, walk: &mut Walk, eyes: &Eyes, found: &mut Findings) {
    let (name, doc) = ("慕容步月", number(1988, 91));
    let record = own_page::register(b, name, &doc, "15400000091").await;
    // Opened by the coordinator at the counter: the page that closes by itself.
    b.goto(&record).await;
    b.click("form[action$='/reading'] button[type=submit]").await;
    b.see(&doc).await;
    eyes.axe(b, &at("coordinator", "/residents/{id}/reading", &record), found).await;
    b.goto("/me/entrance").await;
    own_page::enter(b, name, &doc, "0091").await;
    let from = ["/me", "/me/readings", "/me/requests/new?kind=move", "/me/requests/new?kind=move-along"];
    walk.go(b, "resident", &from, async |b, place| eyes.look(b, place, found).await).await;
    b.goto("/me").await;
    b.click("form[action='/me/reading'] button").await;
    b.see(&doc).await;
    eyes.axe(b, &at("resident", "/me/reading", "/me"), found).await;
    for nothing in ["/verify/AAAAAAAAAAAAAAAAAAAAAA", "/no-such-page"] {
        b.goto(nothing).await;
        eyes.axe(b, &at("resident", nothing, nothing), found).await;
    }
}

/// What newcomers, landlords and people appointed see behind their entrances.
async fn without_account(b: &Browser, walk: &mut Walk, eyes: &Eyes, found: &mut Findings) {
    let (name, doc) = ("慕容初步", number(1984, 93));
    entrances::enter(b, "newcomers", (name, &doc), Some("15400000093"), "0093").await;
    walk.go(b, "newcomer", &["/newcomers/form"], async |b, place| eyes.look(b, place, found).await).await;
    b.goto("/newcomers/form").await;
    b.press("增加一名").await;
    eyes.axe(b, &at("newcomer", "/newcomers/requests", "/newcomers/form"), found).await;
    entrances::enter_as_landlord(b).await;
    let home = b.attr("a[href^='/letting/homes/']", "href").await;
    let forms = ["tenant-in", "tenant-out", "tenancy-start"].map(|kind| format!("{home}/{kind}"));
    let from: Vec<&str> =
        ["/letting", "/letting/terms", home.as_str()].into_iter().chain(forms.iter().map(String::as_str)).collect();
    walk.go(b, "landlord", &from, async |b, place| eyes.look(b, place, found).await).await;
    let (name, doc) = entrances::known(b, "acting");
    entrances::enter(b, "acting", (&name, &doc), None, "0301").await;
    walk.go(b, "appointed", &["/acting"], async |b, place| eyes.look(b, place, found).await).await;
}

/// Forms with their messages.
async fn messages(b: &Browser, eyes: &Eyes, found: &mut Findings) {
    for (who, path, form) in SENT_EMPTY {
        match who {
            "" => b.forget().await,
            _ => b.sign_in(who).await,
        }
        b.goto(path).await;
        let send = format!(
            "const f = document.querySelector(\"form[action='{form}']\"); f.noValidate = true; f.removeAttribute('hx-post');
             for (const e of f.elements) {{ if (e.type !== 'hidden' && e.tagName === 'INPUT') e.value = ''; }}
             HTMLFormElement.prototype.submit.call(f);"
        );
        b.script(&send).await;
        b.wait("the messages", async || b.has(".is-invalid, .error-summary, [role=alert]").await).await;
        eyes.axe(b, &at(who, form, path), found).await;
    }
}

/// The whole walk again in the other language.
async fn english(b: &Browser, with_axe: bool, found: &mut Findings) {
    let eyes = Eyes { with_axe, beside: false };
    let mut walk = Walk::new(1, true);
    for who in walkers() {
        b.sign_in(who).await;
        // The browser's language and not the account's, which others use at the same time.
        b.script("document.cookie = 'linli-lang=en; path=/'").await;
        b.goto("/account").await;
        assert_eq!(b.attr("html", "lang").await, "en");
        walk.go(b, who, &["/", "/account"], async |b, place| eyes.look(b, place, found).await).await;
    }
}

fn at(who: &str, route: &'static str, path: &str) -> Place {
    Place { who: who.to_owned(), route, path: path.to_owned() }
}
