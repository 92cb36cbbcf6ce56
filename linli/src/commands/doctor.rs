//! `linli doctor`: is everything as it should be, and what to do where it is not.

use std::{fs, path::Path};

use linli_documents::Documents;
use linli_platform::{
    clock::{At, Clock, Rng},
    config::Config,
    keys::Profile,
    log,
    store::{SchemaState, Store},
    texts::T,
};

use super::backup::LAST;
use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    start,
};

/// Less free space than this is a fault.
const FREE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// A backup older than this is a fault.
const BACKUP_HOURS: i64 = 36;
/// Before this the machine's clock cannot be right: the program is younger.
const PROGRAM_BUILT: At = At(1_790_000_000_000_000);

/// Findings as they come.
struct Report<'a> {
    t: &'a T,
    faults: usize,
}

impl Report<'_> {
    fn good(&self, check: &str, what: impl ToString) {
        crate::say!("  ✓ {}: {}", self.t.code("cli-doctor", check), what.to_string());
    }
    fn fault(&mut self, check: &str, what: impl ToString, help: &str) {
        self.faults += 1;
        crate::say!("  ✗ {}: {}", self.t.code("cli-doctor", check), what.to_string());
        crate::say!("    → {}", self.t.s(help));
    }
}

/// Checks an installation.
///
/// # Errors
/// `cli-doctor-faults` with their number.
pub async fn run(config: &Config, t: &T) -> Outcome {
    let mut report = Report { t, faults: 0 };
    report.good("config", config.data_dir.display());
    check_clock(&mut report);
    check_space(&mut report, &config.data_dir);
    check_pack(&mut report, config);
    check_fonts(&mut report, config);
    check_backup(&mut report, &config.data_dir);
    match start::connect(config, Clock::system(), Rng::system()).await {
        Ok(store) => {
            let settings = config.key_settings();
            let (aes, sm): (Vec<_>, Vec<_>) =
                store.keys().held().into_iter().partition(|key| key.profile == Profile::Aes);
            report.good("keys", format!("{} · aes {} · sm {}", config.keys().display(), aes.len(), sm.len()));
            report.good("root-key", settings.root_place());
            check_store(&mut report, &store, config).await;
        }
        Err(e) => {
            let (check, help) = match &e {
                Failure::Keys(e) if e.is_of_the_token() => ("root-key", "cli-doctor-help-token"),
                Failure::Keys(_) => ("keys", "cli-doctor-help-keys"),
                _ => ("database", "cli-doctor-help-database"),
            };
            report.fault(check, e.text(t), help);
        }
    }
    match report.faults {
        0 => {
            crate::say!("{}", t.s("cli-doctor-well"));
            Ok(())
        }
        n => Err(Failure::say("cli-doctor-faults").arg("n", n)),
    }
}

fn check_clock(report: &mut Report<'_>) {
    let now = Clock::system().now();
    if now < PROGRAM_BUILT {
        report.fault("clock", now.minute_text(), "cli-doctor-help-clock");
    } else {
        report.good("clock", now.minute_text());
    }
}

fn check_space(report: &mut Report<'_>, dir: &Path) {
    // The standard library does not tell; `df` is on every system this runs on.
    let asked = std::process::Command::new("df").args(["-Pk", "--"]).arg(dir).output();
    let text = asked.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().last().and_then(|l| l.split_whitespace().nth(3)).and_then(|n| n.parse::<u64>().ok());
    match free.map(|kib| kib.saturating_mul(1024)) {
        Some(free) if free < FREE_BYTES => report.fault("space", gib(free), "cli-doctor-help-space"),
        Some(free) => report.good("space", gib(free)),
        None => report.fault("space", "?", "cli-doctor-help-space"),
    }
}

fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1u32 << 30))
}

fn check_pack(report: &mut Report<'_>, config: &Config) {
    match start::pack(config) {
        Ok(pack) => report.good("pack", pack.digest()),
        Err(e) => {
            let text = e.text(report.t);
            report.fault("pack", text, "cli-doctor-help-pack");
        }
    }
}

fn check_fonts(report: &mut Report<'_>, config: &Config) {
    let folders = start::font_folders(config);
    match Documents::new(&folders) {
        Ok(_) => report.good("fonts", folders.first().map_or_else(|| "-".into(), |f| f.display().to_string())),
        Err(e) => report.fault("fonts", e, "cli-doctor-help-fonts"),
    }
}

fn check_backup(report: &mut Report<'_>, dir: &Path) {
    #[derive(serde::Deserialize)]
    struct Last {
        at: At,
        file: String,
    }
    let text = fs::read_to_string(dir.join(LAST)).unwrap_or_default();
    let last: Option<Last> = serde_json::from_str(&text).ok();
    match last {
        Some(l) if l.at.plus_hours(BACKUP_HOURS) >= Clock::system().now() => {
            report.good("backup", format!("{} {}", l.at.minute_text(), l.file));
        }
        Some(l) => report.fault("backup", l.at.minute_text(), "cli-doctor-help-backup"),
        None => report.fault("backup", "-", "cli-doctor-help-backup"),
    }
}

async fn check_store(report: &mut Report<'_>, store: &Store, config: &Config) {
    match store.schema_state(&migrations()).await {
        Ok(SchemaState::Current) => report.good("schema", config.database().masked()),
        Ok(SchemaState::Newer(step)) => return report.fault("schema", step, "cli-doctor-help-newer"),
        Ok(state) => return report.fault("schema", format!("{state:?}"), "cli-doctor-help-schema"),
        Err(e) => {
            let text = Failure::App(e).text(report.t);
            return report.fault("database", text, "cli-doctor-help-database");
        }
    }
    match log::verify(store, None).await {
        Ok(Ok(v)) => report.good("log", format!("{} + {}", v.leaves, v.waiting)),
        Ok(Err(fault)) => report.fault("log", fault, "cli-doctor-help-log"),
        Err(e) => {
            let text = Failure::App(e).text(report.t);
            report.fault("log", text, "cli-doctor-help-log");
        }
    }
}
