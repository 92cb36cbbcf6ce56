//! Sending: what is due goes to its robot, one process at a time for each, within the limit, past the guard.

use std::{sync::Arc, time::Duration};

use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    sealed::MachineText,
    texts::{Lang, T},
};
use serde::Deserialize;

use super::{
    guard::Guard,
    outbox::{self, Due},
    robot,
};
use crate::{ids::RobotId, notices};

/// Where robots are addressed.
pub const WECOM: &str = "https://qyapi.weixin.qq.com";
/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a process has a robot: as long as a minute's messages can take.
const LEASE_S: i64 = outbox::A_MINUTE * 12;
/// How often somebody looks whether something is due.
const LOOKS_EVERY: Duration = Duration::from_secs(3);
/// An answer is read up to here.
const ANSWER_MAX_BYTES: usize = 4_096;

/// The way to the robots.
pub struct Outside {
    base: String,
    client: reqwest::Client,
}

impl Outside {
    /// A way through a base address: WeCom's own, or a gateway's in front of it.
    ///
    /// # Errors
    /// `internal` where the process has no means of encryption.
    pub fn new(base: &str) -> Result<Outside> {
        let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build();
        let client = client.map_err(AppError::internal)?;
        Ok(Outside { base: base.trim_end_matches('/').to_owned(), client })
    }
    /// The installation's way.
    fn of(app: &App) -> Result<Arc<Outside>> {
        if let Some(known) = app.caches.get::<Outside>() {
            return Ok(known);
        }
        let new = Arc::new(Outside::new(WECOM)?);
        app.caches.put(new.clone());
        Ok(new)
    }
    /// Posts one text. Neither the address nor what the other side says reaches the log.
    async fn post(&self, key: &MachineText, text: &str) -> Said {
        let url = format!("{}/cgi-bin/webhook/send?key={}", self.base, key.for_engine());
        let body = serde_json::json!({ "msgtype": "text", "text": { "content": text } });
        let answer = match self.client.post(url).json(&body).send().await {
            Ok(answer) => answer,
            Err(e) if e.is_timeout() => return Said::Later("timeout"),
            Err(_) => return Said::Later("unreachable"),
        };
        if answer.status().is_server_error() || answer.status() == http::StatusCode::TOO_MANY_REQUESTS {
            return Said::Later("busy");
        }
        match answer.bytes().await {
            Ok(bytes) if bytes.len() <= ANSWER_MAX_BYTES => Said::of(&bytes),
            _ => Said::Later("unreadable"),
        }
    }
}

/// What the robot said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is in the group.
    Yes,
    /// Not now.
    Later(&'static str),
    /// Never this text.
    Never(&'static str),
    /// There is no such robot.
    NoRobot,
}

impl Said {
    /// By WeCom's codes: 0 is done, 45009 too often, 93000 an address that is none; others refuse the message.
    fn of(answer: &[u8]) -> Said {
        #[derive(Deserialize)]
        struct Answer {
            errcode: i64,
        }
        match serde_json::from_slice::<Answer>(answer).map(|a| a.errcode) {
            Ok(0) => Said::Yes,
            Ok(45009 | -1) => Said::Later("busy"),
            Ok(93000 | 93008 | 40001) => Said::NoRobot,
            Ok(_) => Said::Never("rejected"),
            Err(_) => Said::Later("unreadable"),
        }
    }
}

/// Looks for what is due as long as the process lives.
pub async fn run_forever(app: App) {
    loop {
        if let Err(e) = deliver(&app).await {
            tracing::warn!(code = e.code, "messages to groups wait");
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Sends what is due now; how many messages reached their group.
///
/// # Errors
/// Those of the store; what was sent before is noted.
pub async fn deliver(app: &App) -> Result<usize> {
    let robots = outbox::robots_due(&app.store.reads()).await?;
    if robots.is_empty() {
        return Ok(0);
    }
    let (guard, outside) = (Guard::of(app).await?, Outside::of(app)?);
    let mut sent = 0;
    for robot in robots {
        let tx = app.store.begin(&Reader::system()).await?;
        let Some(due) = outbox::take(&tx, robot, LEASE_S).await? else { continue };
        // Within a minute whose limit is used up nothing is opened.
        let key = if due.is_empty() { None } else { robot::key(&tx, robot).await? };
        tx.commit().await?;
        let done = match key {
            Some(key) => to_robot(app, &guard, &outside, robot, &key, &due).await,
            None => Ok(0),
        };
        let tx = app.store.begin(&Reader::system()).await?;
        outbox::release(&tx, robot).await?;
        tx.commit().await?;
        sent += done?;
    }
    Ok(sent)
}

async fn to_robot(
    app: &App,
    guard: &Guard,
    outside: &Outside,
    robot: RobotId,
    key: &MachineText,
    due: &[Due],
) -> Result<usize> {
    let t = T::new(app.texts.clone(), Lang::Zh);
    let mut sent = 0;
    for one in due {
        let text = notices::show(&t, &one.text_key, &one.args);
        if let Err(fault) = guard.check(&text) {
            let tx = app.store.begin(&Reader::system()).await?;
            outbox::give_up(&tx, one, "refused", fault.code()).await?;
            tx.commit().await?;
            continue;
        }
        let tx = app.store.begin(&Reader::system()).await?;
        outbox::note_attempt(&tx, one).await?;
        tx.commit().await?;
        let said = outside.post(key, &text).await;
        let tx = app.store.begin(&Reader::system()).await?;
        match said {
            Said::Yes => {
                outbox::sent(&tx, one).await?;
                sent += 1;
            }
            Said::Later(why) => outbox::failed(&tx, one, why).await?,
            Said::Never(why) => outbox::give_up(&tx, one, "given-up", why).await?,
            Said::NoRobot => {
                outbox::give_up(&tx, one, "given-up", "robot-gone").await?;
                outbox::robot_gone(&tx, robot).await?;
            }
        }
        tx.commit().await?;
        if said == Said::NoRobot {
            break;
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_robot_said_decides_whether_it_is_tried_again() {
        for (answer, said) in [
            (r#"{"errcode":0,"errmsg":"ok"}"#, Said::Yes),
            (r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#, Said::Later("busy")),
            (r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, Said::NoRobot),
            (r#"{"errcode":40058}"#, Said::Never("rejected")),
            ("<html>", Said::Later("unreadable")),
            ("", Said::Later("unreadable")),
        ] {
            assert_eq!(Said::of(answer.as_bytes()), said, "{answer}");
        }
    }
}
