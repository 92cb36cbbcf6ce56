//! A browser as the journeys use it: what somebody sees and does, each with a deadline.

use std::{
    panic::AssertUnwindSafe,
    path::PathBuf,
    time::{Duration, Instant},
};

use axum::http::Method;
use futures::FutureExt;
use serde_json::{Value, json};
use thirtyfour::{
    By, ChromiumLikeCapabilities, DesiredCapabilities, Key, WebDriver, WebElement,
    common::command::{Command, ExtensionCommand},
    error::WebDriverResult,
};

use super::town::{Town, town};

/// The password of everybody in the demonstration.
const PASSWORD: &str = "linli-demo-2023";
/// How long something may take to appear.
pub(super) const SOON: Duration = Duration::from_secs(20);
/// The two widths that people look at: a phone and a desk.
const WIDTHS: [u32; 2] = [1440, 390];

/// What a browser is asked for at its start.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    /// Pages' scripts do not run.
    pub without_scripts: bool,
}

/// A browser on the demonstration.
pub struct Browser {
    pub driver: WebDriver,
    /// What is shared.
    pub town: &'static Town,
    pub(super) downloads: PathBuf,
    pub(super) profile: PathBuf,
    url: String,
}

/// Walks a journey in a browser of its own. A journey that fails leaves a picture `failed-<name>`.
pub fn journey(name: &str, walk: impl AsyncFnOnce(&mut Browser)) {
    journey_with(name, Wanted::default(), walk);
}

/// The same, with a browser as wanted.
pub fn journey_with(name: &str, wanted: Wanted, walk: impl AsyncFnOnce(&mut Browser)) {
    let Some(town) = town() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut browser = Browser::open(town, name, wanted).await;
        let walked = AssertUnwindSafe(walk(&mut browser)).catch_unwind().await;
        if walked.is_err() {
            browser.leave_evidence(name).await;
        }
        browser.driver.clone().quit().await.unwrap();
        if let Err(reason) = walked {
            std::panic::resume_unwind(reason);
        }
    });
}

/// A command of the browser's debugging protocol, or another one of the driver: where it is sent, and what.
#[derive(Debug)]
struct Protocol(&'static str, Value);

impl ExtensionCommand for Protocol {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.1.clone())
    }
    fn method(&self) -> Method {
        Method::POST
    }
    fn endpoint(&self) -> std::sync::Arc<str> {
        self.0.into()
    }
}

impl Browser {
    pub(super) async fn open(town: &'static Town, name: &str, wanted: Wanted) -> Browser {
        let own = town.folder.join(name);
        let (downloads, profile) = (own.join("downloads"), own.join("profile"));
        std::fs::create_dir_all(&downloads).unwrap();
        let mut asked = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=zh-CN",
            "--window-size=1440,900",
            // A page of the tests may speak to the browser's own debugger.
            "--remote-allow-origins=*",
            &format!("--user-data-dir={}", profile.display()),
        ] {
            asked.add_arg(argument).unwrap();
        }
        let mut settings = json!({
            "intl.accept_languages": "zh-CN,zh",
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "plugins.always_open_pdf_externally": true,
        });
        if wanted.without_scripts {
            settings["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        asked.add_experimental_option("prefs", settings).unwrap();
        let driver = WebDriver::new(&town.driver, asked).await.expect("Chromium starts");
        let browser = Browser { driver, town, downloads, profile, url: town.url.clone() };
        tokio::join!(browser.dark(false), browser.width(1440));
        browser
    }

    /// In light or dark colours. Without animations, what was scrolled to stands still.
    pub async fn dark(&self, dark: bool) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.protocol("Emulation.setEmulatedMedia", json!({ "features": [scheme, still] })).await;
    }

    /// A second browser on the same demonstration, of somebody else; [`close`](Browser::close) it.
    pub async fn another(&self, name: &str) -> Browser {
        Browser::open(self.town, name, Wanted::default()).await
    }

    /// Ends a second browser.
    pub async fn close(self) {
        self.driver.quit().await.unwrap();
    }

    /// A command of the browser's debugging protocol, and its answer.
    pub async fn protocol(&self, method: &str, parameters: Value) -> Value {
        let asked = json!({ "cmd": method, "params": parameters });
        let command = Command::ExtensionCommand(Box::new(Protocol("/goog/cdp/execute", asked)));
        self.driver.cmd(command).await.unwrap_or_else(|e| panic!("{method}: {e}")).value_json().unwrap()
    }

    /// Looks through a window of this width.
    pub async fn width(&self, width: u32) {
        let (height, mobile) = if width < 600 { (844, true) } else { (900, false) };
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.protocol("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Opens a page of the demonstration.
    pub async fn goto(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.url)).await.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// From now on pages are opened at `localhost` in place of the number: passkeys are bound to a name.
    pub fn go_by_name(&mut self) {
        self.url = self.town.url.replace("127.0.0.1", "localhost");
    }

    /// Gives the browser a device that keeps passkeys and whose person always enters the PIN.
    pub async fn plug_in_device(&self) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "isUserConsenting": true,
        });
        let command = Command::ExtensionCommand(Box::new(Protocol("/webauthn/authenticator", device)));
        self.driver.cmd(command).await.expect("a virtual device");
    }

    /// Where the browser is, without host.
    pub async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().path().to_owned()
    }

    /// Signs in as the account that is named like its role; whoever was signed in before is signed out.
    pub async fn sign_in(&self, role: &str) {
        self.forget().await;
        self.goto("/sign-in").await;
        self.fill("#f-name", role).await;
        self.fill("#f-password", PASSWORD).await;
        self.click("form[action='/sign-in'] button[type=submit]").await;
        self.wait(&format!("{role} to be signed in"), async || self.path().await != "/sign-in").await;
    }

    /// Whoever was signed in is not any more.
    pub async fn forget(&self) {
        self.driver.delete_all_cookies().await.unwrap();
    }

    /// The first element, once it is there.
    pub async fn find(&self, css: &str) -> WebElement {
        let end = Instant::now() + SOON;
        loop {
            match self.driver.find(By::Css(css)).await {
                Ok(found) => return found,
                Err(e) => assert!(Instant::now() < end, "no {css} on {}: {e}", self.path().await),
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// All elements that are there now.
    pub async fn find_all(&self, css: &str) -> Vec<WebElement> {
        self.driver.find_all(By::Css(css)).await.unwrap()
    }

    /// Whether there is one now.
    pub async fn has(&self, css: &str) -> bool {
        !self.find_all(css).await.is_empty()
    }

    /// Presses what a selector names.
    pub async fn click(&self, css: &str) {
        self.asked(css, async |found| {
            found.scroll_into_view().await?;
            found.click().await
        })
        .await;
    }

    /// Presses what leads to another page or this one anew, and waits until the old is gone: both may look alike.
    pub async fn turn(&self, css: &str) {
        self.script("document.documentElement.dataset.turned = ''").await;
        self.click(css).await;
        self.wait("the next page", async || {
            let new = "return document.readyState === 'complete' && !('turned' in document.documentElement.dataset)";
            self.driver.execute(new, Vec::new()).await.is_ok_and(|found| *found.json() == json!(true))
        })
        .await;
    }

    /// What is chosen in a list, or typed into a field.
    pub async fn chosen(&self, css: &str) -> String {
        self.asked(css, async |found| found.prop("value").await).await.unwrap_or_default()
    }

    /// Searches the register and waits for the answer.
    pub async fn search(&self, what: &str) {
        self.goto("/residents").await;
        self.fill("#f-q", what).await;
        self.click("form[action='/residents/search'] button[type=submit]").await;
        self.find("#list p[role=status]").await;
    }

    /// Presses the link or button that says this, or the one in its place where the page draws itself anew just then.
    pub async fn press(&self, text: &str) {
        let path = format!(
            "//*[self::a or self::button or self::summary or self::label][contains(normalize-space(.), '{text}')]"
        );
        let end = Instant::now() + SOON;
        loop {
            for found in self.driver.find_all(By::XPath(path.clone())).await.unwrap() {
                let shown = found.is_displayed().await.unwrap_or(false) && found.scroll_into_view().await.is_ok();
                match if shown { found.click().await } else { continue } {
                    Ok(()) => return,
                    Err(e) => assert!(Instant::now() < end, "“{text}” cannot be pressed: {e}"),
                }
            }
            assert!(
                Instant::now() < end,
                "nothing to press says “{text}” on {}:\n{}",
                self.path().await,
                self.text().await
            );
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Types into a field in place of what is there; files by their path; days as `2026-11-22`.
    pub async fn fill(&self, css: &str, text: &str) {
        self.asked(css, async |field| self.type_into(&field, text).await).await;
    }

    async fn type_into(&self, field: &WebElement, text: &str) -> WebDriverResult<()> {
        match field.attr("type").await?.unwrap_or_default().as_str() {
            // What is typed into these depends on the browser's language.
            "date" | "month" => {
                let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', { bubbles: true }))";
                self.driver.execute(script, vec![field.to_json()?, json!(text)]).await?;
            }
            "file" => field.send_keys(text).await?,
            _ => {
                field.clear().await?;
                field.send_keys(text).await?;
            }
        }
        Ok(())
    }

    /// Chooses by value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value='{value}']")).await;
    }

    /// Whether the page shows this text now.
    pub async fn shows(&self, text: &str) -> bool {
        self.text().await.contains(text)
    }

    /// Everything that can be read on the page.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page shows this text.
    pub async fn see(&self, text: &str) {
        let end = Instant::now() + SOON;
        while !self.shows(text).await {
            assert!(Instant::now() < end, "“{text}” does not appear on {}:\n{}", self.path().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
    }

    /// Waits until something is so.
    pub async fn wait(&self, what: &str, so: impl AsyncFn() -> bool) {
        let end = Instant::now() + SOON;
        while !so().await {
            assert!(Instant::now() < end, "waited for {what} on {}:\n{}", self.path().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// What the first element answers; the new one where the page is just being replaced.
    async fn asked<T>(&self, css: &str, ask: impl AsyncFn(WebElement) -> WebDriverResult<T>) -> T {
        let end = Instant::now() + SOON;
        loop {
            match ask(self.find(css).await).await {
                Ok(answer) => return answer,
                Err(e) => assert!(Instant::now() < end, "{css}: {e}"),
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// The text of the first element.
    pub async fn text_of(&self, css: &str) -> String {
        self.asked(css, async |found| found.text().await).await
    }

    /// An attribute of the first element.
    pub async fn attr(&self, css: &str, name: &str) -> String {
        let value = self.asked(css, async |found| found.attr(name).await).await;
        value.unwrap_or_else(|| panic!("{css} has no {name}"))
    }

    /// Runs a script in the page and takes what it returns.
    pub async fn script(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap_or_else(|e| panic!("{script}: {e}")).json().clone()
    }

    /// Runs a script that calls its last argument with what it found.
    pub async fn script_later(&self, script: &str) -> Value {
        self.driver.execute_async(script, Vec::new()).await.unwrap_or_else(|e| panic!("{script}: {e}")).json().clone()
    }

    /// Presses the tabulator.
    pub async fn tab(&self) {
        self.keys(&char::from(Key::Tab).to_string()).await;
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Writes the whole page as pictures at both widths into `screenshots/`, which is not kept; no page may be wider than
    /// the phone.
    pub async fn shot(&self, name: &str) {
        for width in WIDTHS {
            self.width(width).await;
            let wide = self.script("return document.documentElement.scrollWidth").await.as_u64().unwrap();
            assert!(wide <= u64::from(width), "{} is {wide} wide in a window of {width}", self.path().await);
            self.picture(&format!("{name}-{width}"), width).await;
        }
        self.width(1440).await;
    }

    async fn picture(&self, name: &str, width: u32) {
        let high = self.script("return document.documentElement.scrollHeight").await.as_u64().unwrap().clamp(844, 6000);
        let size = json!({ "width": width, "height": high, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.protocol("Emulation.setDeviceMetricsOverride", size).await;
        let data = self.driver.screenshot_as_png().await.unwrap();
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), data).unwrap();
    }

    async fn leave_evidence(&self, name: &str) {
        if AssertUnwindSafe(self.picture(&format!("failed-{name}"), 1440)).catch_unwind().await.is_err() {
            eprintln!("no picture of the failure could be taken");
        }
        eprintln!("{name} failed on {}", self.path().await);
    }
}
