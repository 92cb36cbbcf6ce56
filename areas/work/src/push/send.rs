//! Sending: each message is encrypted for its device (RFC 8291), signed by the installation (RFC 8292) and posted to the
//! browser's push service, past the guard and never into the own network.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures::StreamExt as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use linli_platform::{
    AppError, Result,
    app::App,
    push::{PushSettings, Subscription, address, vapid::Vapid},
    reader::Reader,
    texts::{Lang, T},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use web_push_native::{Auth, WebPushBuilder, p256::PublicKey};

use super::{
    PushKind,
    queue::{self, Due, Ended},
};
use crate::{ids::NoticeId, outward::guard::Guard};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// Requests at once.
const AT_ONCE: usize = 8;
/// How long a push service keeps a message for a device that is off: a day.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How often somebody looks whether something is due.
const LOOKS_EVERY: Duration = Duration::from_secs(3);
/// The longest that a push service may ask to be left alone.
const ALONE_MAX_S: i64 = 3600;

/// Resolves names to public addresses alone: a name that leads into the own network leads nowhere.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|a| address::is_public(a.ip())).collect();
            if public.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The way to the push services.
struct Services {
    client: reqwest::Client,
    settings: Arc<PushSettings>,
    vapid: Vapid,
}

impl Services {
    fn new(app: &App, settings: Arc<PushSettings>) -> Result<Services> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none());
        let client = if settings.private_addresses { client } else { client.dns_resolver(Arc::new(PublicOnly)) };
        let client = client.build().map_err(AppError::internal)?;
        Ok(Services { client, settings, vapid: Vapid::of(app.store.keys(), app.store.rng())? })
    }
    fn of(app: &App) -> Result<Arc<Services>> {
        if let Some(known) = app.caches.get::<Services>() {
            return Ok(known);
        }
        let new = Arc::new(Services::new(app, PushSettings::of(app))?);
        app.caches.put(new.clone());
        Ok(new)
    }
    /// Posts one message. Neither the address nor what the other side says reaches the log.
    async fn post(&self, app: &App, to: &Subscription, kind: PushKind, message: String) -> Ended {
        // The settings may have changed since the device joined.
        if address::check(&to.endpoint, &self.settings).is_err() {
            return Ended::Never("address");
        }
        let now = app.store.now();
        let Some(mut request) = encrypted(to, message) else { return Ended::Never("address") };
        let Some(word) = self.vapid.authorization(&to.endpoint, &self.settings, now) else {
            return Ended::Never("address");
        };
        let Ok(word) = HeaderValue::from_str(&word) else { return Ended::Never("address") };
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, word);
        headers.insert(HeaderName::from_static("urgency"), HeaderValue::from_static("normal"));
        // What has not reached the device yet gives way to a newer one of its kind.
        headers.insert(HeaderName::from_static("topic"), HeaderValue::from_static(kind.code()));
        match self.client.execute(request).await {
            Ok(answer) => said(answer.status(), answer.headers().get(header::RETRY_AFTER)),
            Err(e) if e.is_timeout() => Ended::Later("timeout", 0),
            Err(_) => Ended::Later("unreachable", 0),
        }
    }
}

/// The request that carries a message which only the device can read; none for what is no key or address.
fn encrypted(to: &Subscription, message: String) -> Option<reqwest::Request> {
    let key = PublicKey::from_sec1_bytes(&to.key()?).ok()?;
    let secret = Auth::from(to.secret()?);
    let builder = WebPushBuilder::new(to.endpoint.parse().ok()?, key, secret).with_valid_duration(KEPT);
    builder.build(message.into_bytes()).ok()?.try_into().ok()
}

/// What a push service said, by RFC 8030: taken; no such subscription; too often, too busy; refused.
fn said(status: StatusCode, retry_after: Option<&HeaderValue>) -> Ended {
    match status {
        s if s.is_success() => Ended::Arrived,
        StatusCode::NOT_FOUND | StatusCode::GONE => Ended::Gone,
        s if s.is_server_error() || s == StatusCode::TOO_MANY_REQUESTS => {
            let asked = retry_after.and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse::<i64>().ok());
            Ended::Later("busy", asked.unwrap_or(0).clamp(0, ALONE_MAX_S))
        }
        _ => Ended::Never("rejected"),
    }
}

/// What a device is told: that there is something new, of which kind, and where it is read. None where the guard holds it.
fn message(t: &T, guard: &Guard, kind: PushKind, notice: NoticeId) -> Option<String> {
    let (title, body) = (t.s("push-title"), t.code("push-kind", kind.code()));
    guard.check(&format!("{title} {body}")).ok()?;
    let said = serde_json::json!({
        "title": title, "body": body, "tag": kind.code(), "lang": t.lang.code(), "path": format!("/notices/{notice}"),
    });
    Some(said.to_string())
}

/// Looks for what is due as long as the process lives.
pub async fn run_forever(app: App) {
    if !linli_platform::push::is_on(&app) {
        return;
    }
    if let Err(e) = Vapid::of(app.store.keys(), app.store.rng()) {
        tracing::warn!(code = e.code, "the key of web push could not be read or made");
    }
    loop {
        if let Err(e) = deliver(&app).await {
            tracing::warn!(code = e.code, "messages to devices wait");
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Sends what is due now; how many messages reached their push service.
///
/// # Errors
/// Those of the store; what was sent before is noted.
pub async fn deliver(app: &App) -> Result<usize> {
    queue::spread(app).await?;
    let due = queue::take(app).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let (guard, services) = (Guard::of(app).await?, Services::of(app)?);
    let send = async |(due, to): (Due, Subscription)| {
        let t = T::new(app.texts.clone(), Lang::from_code(&due.language));
        let ended = match message(&t, &guard, due.kind(), due.notice_id) {
            Some(message) => services.post(app, &to, due.kind(), message).await,
            None => Ended::Never("held"),
        };
        (due, ended)
    };
    let mut sending = futures::stream::iter(due).map(send).buffer_unordered(AT_ONCE);
    let mut arrived = 0;
    while let Some((due, ended)) = sending.next().await {
        let tx = app.store.begin(&Reader::system()).await?;
        queue::end(&tx, &due, ended).await?;
        tx.commit().await?;
        arrived += usize::from(ended == Ended::Arrived);
    }
    Ok(arrived)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_push_service_said_decides_whether_it_is_tried_again() {
        for (status, retry_after, ended) in [
            (201, None, Ended::Arrived),
            (200, None, Ended::Arrived),
            (404, None, Ended::Gone),
            (410, None, Ended::Gone),
            (429, Some("120"), Ended::Later("busy", 120)),
            (429, Some("999999"), Ended::Later("busy", ALONE_MAX_S)),
            (429, Some("-5"), Ended::Later("busy", 0)),
            (503, Some("Wed, 21 Oct 2026 07:28:00 GMT"), Ended::Later("busy", 0)),
            (500, None, Ended::Later("busy", 0)),
            (400, None, Ended::Never("rejected")),
            (403, None, Ended::Never("rejected")),
            (413, None, Ended::Never("rejected")),
            (302, None, Ended::Never("rejected")),
        ] {
            let asked = retry_after.map(HeaderValue::from_static);
            assert_eq!(said(StatusCode::from_u16(status).unwrap(), asked.as_ref()), ended, "{status}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_leads_nowhere() {
        assert!(PublicOnly.resolve("localhost".parse().unwrap()).await.is_err());
    }
}
