//! The server under load: a process of its own, and what it uses.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use linli_platform::AppError;
use rand::{SeedableRng as _, rngs::StdRng};
use reqwest::{Client, header};

use super::{pace::Kind, sample::Samples};
use crate::failure::Outcome;

/// How long it may take until the server knows all names.
const WARM: Duration = Duration::from_secs(300);

/// The server; ended when dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:…`.
    pub address: String,
}

impl Server {
    /// Starts this very program on the folder, on a port of its own.
    pub fn start(dir: &Path) -> Outcome<Server> {
        let program = std::env::current_exe().map_err(AppError::from)?;
        let mut command = Command::new(program);
        command.args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--dir"]).arg(dir);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(AppError::from)?;
        let out = child.stdout.take().ok_or_else(|| AppError::internal("the server's output"))?;
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let said = lines.find_map(|l| l.split_whitespace().find(|w| w.starts_with("http://")).map(str::to_owned));
        let mut server = Server { child, address: String::new() };
        // What it says further is let go, so that its pipe does not fill.
        std::thread::spawn(move || lines.for_each(drop));
        let said = said.ok_or_else(|| AppError::internal("the server did not start"))?;
        server.address = said.trim_end_matches('/').to_owned();
        Ok(server)
    }

    /// Waits until searches by name and address find somebody: what is kept in memory is there then.
    ///
    /// # Errors
    /// When that takes too long.
    pub async fn wait_until_warm(&self, samples: &Samples) -> Outcome {
        let client = Client::builder().build().map_err(AppError::internal)?;
        let begun = Instant::now();
        let mut rng = StdRng::seed_from_u64(0);
        for kind in [Kind::Name, Kind::Address] {
            loop {
                let question = samples.question(kind, &mut rng);
                let request = client
                    .post(format!("{}{}", self.address, question.path))
                    .header(header::COOKIE, &*question.cookie)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(question.form.unwrap_or_default());
                let text =
                    request.send().await.map_err(AppError::internal)?.text().await.map_err(AppError::internal)?;
                if text.contains("href=\"/residents/0") {
                    break;
                }
                if begun.elapsed() > WARM {
                    return Err(AppError::internal("the server does not find anybody").into());
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        crate::say!("server: finds names and addresses {:.1} s after it serves", begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// Processor time that it has used, of its own and the system's for it.
    pub fn used(&self) -> Duration {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Behind the name in brackets; the twelfth and thirteenth are in hundredths of a second.
        let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Its memory: `RssAnon:` without mapped files, now; `VmHWM:` with them, at most.
    pub fn resident_mb(&self, which: &str) -> u64 {
        resident_mb(self.child.id(), which)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process's memory in MB; 0 where the system does not tell.
pub fn resident_mb(process: u32, which: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix(which));
    let kb: Option<u64> = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
    kb.unwrap_or(0) / 1_000
}
