//! Serving: HTTP or TLS, with the background work beside it, until somebody asks it to end.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use linli_platform::{Result, app::App, config::Tls, jobs, log, reader::Reader, texts::T, web};

use crate::{
    failure::{Failure, Outcome},
    start::Started,
};

/// How long requests under way may take after somebody asked for the end.
const GRACE: Duration = Duration::from_secs(10);
/// How often periodic work is asked for; asking twice for the same period changes nothing.
const PERIODIC: Duration = Duration::from_secs(600);
/// Work that is asked for once a day, by whoever comes first.
const DAILY: &[&str] = &[
    "boundary-effect",
    "import.expire",
    "register.expire",
    "rosters.expire",
    "orders.expire",
    "declarations.expire",
    linli_volunteers::expire::KIND,
    linli_work::expire::KIND,
    linli_scenes::expire::KIND,
    "fieldwork.expire",
    "meetings.convene",
    "meetings.expire",
    "shifts.expire",
    "supervision.expire",
    "platform.expire",
    "keys.rewrap",
];

/// Work that is asked for once an hour.
const HOURLY: &[&str] = &["orders.climb", linli_work::escalate::Escalate::KIND, linli_fieldwork::climb::Climb::KIND];

/// Serves until the process is told to end. `ready` hears the address once connections are accepted.
///
/// # Errors
/// Certificate files that cannot be read; an address that is taken.
pub async fn serve(started: Started, ready: impl FnOnce(SocketAddr) + Send + 'static) -> Outcome {
    let Started { app, areas, config } = started;
    let router = web::router(app.clone(), &areas);
    background(&app);
    let handle = Handle::new();
    tokio::spawn(end_on_signal(handle.clone()));
    let listening = handle.clone();
    tokio::spawn(async move {
        if let Some(address) = listening.listening().await {
            ready(address);
        }
    });
    let listen = config.listen;
    let served = match &config.tls {
        Some(tls) => serve_tls(listen, tls, handle, router).await?,
        None => axum_server::bind(listen).handle(handle).serve(service(router)).await,
    };
    served.map_err(|e| Failure::say("cli-cannot-listen").arg("address", listen).arg("reason", e))
}

type Service = axum::extract::connect_info::IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

fn service(router: Router) -> Service {
    router.into_make_service_with_connect_info::<SocketAddr>()
}

async fn serve_tls(
    listen: SocketAddr,
    tls: &Tls,
    handle: Handle<SocketAddr>,
    router: Router,
) -> Outcome<std::io::Result<()>> {
    install_crypto();
    let config = RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await;
    let config =
        config.map_err(|e| Failure::say("cli-certificate").arg("file", tls.certificate.display()).arg("reason", e))?;
    Ok(axum_server::bind_rustls(listen, config).handle(handle).serve(service(router)).await)
}

/// The one cryptographic provider of the process; a second call changes nothing.
pub fn install_crypto() {
    // An error only says that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn background(app: &App) {
    tokio::spawn(jobs::run_forever(app.clone()));
    tokio::spawn(log::run_forever(app.clone()));
    tokio::spawn(linli_work::outward::run_forever(app.clone()));
    tokio::spawn(linli_work::push::run_forever(app.clone()));
    tokio::spawn(periodic(app.clone()));
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(e) = crate::areas::warm_up(&app).await {
            tracing::warn!(code = e.code, "what is kept in memory will be read at first use");
        }
    });
}

async fn periodic(app: App) {
    loop {
        let yesterday = app.store.clock().today().plus_days(-1);
        if let Err(e) = linli_work::channel::DailyReport::ask(&app.store, yesterday).await {
            tracing::warn!(code = e.code, "the daily report was not asked for");
        }
        if let Err(e) = app.store.keys().refresh(app.store.rng(), app.store.clock().today().month()) {
            tracing::warn!(error = %e, "the folder of the keys could not be read again");
        }
        if let Err(e) = ask_for_periodic_work(&app).await {
            tracing::warn!(code = e.code, "periodic work was not asked for");
        }
        tokio::time::sleep(PERIODIC).await;
    }
}

async fn ask_for_periodic_work(app: &App) -> Result<()> {
    let tx = app.store.begin(&Reader::system()).await?;
    let minute = tx.now().minute_text();
    for kind in app.jobs.iter().map(|j| j.kind()) {
        // `2026-11-22 09:12`: the day, or the day with its hour.
        let period = match kind {
            kind if DAILY.contains(&kind) => &minute[..10],
            kind if HOURLY.contains(&kind) => &minute[..13],
            _ => continue,
        };
        jobs::enqueue(&tx, kind, period, serde_json::json!({})).await?;
    }
    tx.housekeeping("periodic work");
    tx.commit().await
}

async fn end_on_signal(handle: Handle<SocketAddr>) {
    asked_to_end().await;
    tracing::info!("ending");
    handle.graceful_shutdown(Some(GRACE));
}

/// Waits until somebody asks the process to end.
pub async fn asked_to_end() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(e) => {
            tracing::error!(error = %e, "the process cannot be ended gracefully");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Says where it serves and how long it took.
pub fn say_ready(t: &T, address: SocketAddr, tls: bool, begun: Instant) {
    let scheme = if tls { "https" } else { "http" };
    let args =
        [("address", format!("{scheme}://{address}/")), ("seconds", format!("{:.1}", begun.elapsed().as_secs_f64()))];
    crate::say!("{}", t.all("cli-ready", &args));
}
