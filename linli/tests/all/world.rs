//! Small demonstrations, and the program as a child process.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Instant,
};

use linli::{
    areas, demo,
    start::{self, Started},
};
use linli_platform::{
    accounts,
    clock::{Clock, Rng},
    ids::AccountId,
    store::Store,
    texts::Lang,
};
use tempfile::TempDir;

/// A finished demonstration of about 600 residents.
pub struct Demo {
    pub dir: TempDir,
}

impl Demo {
    /// Builds it.
    pub async fn build() -> Demo {
        Demo::with(600, "aes").await
    }
    /// Builds one of about so many residents.
    pub async fn of(residents: u32) -> Demo {
        Demo::with(residents, "aes").await
    }
    /// Builds it with keys of a cipher profile.
    pub async fn build_of(profile: &str) -> Demo {
        Demo::with(600, profile).await
    }
    async fn with(residents: u32, profile: &str) -> Demo {
        let dir = tempfile::tempdir().unwrap();
        let options = demo::Options {
            residents,
            months: 2,
            seed: 7,
            dir: dir.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            build_only: true,
            database: None,
            profile: profile.into(),
        };
        demo::run(options, &areas::texts(Lang::En).unwrap(), Instant::now()).await.unwrap();
        Demo { dir }
    }
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
    /// The installation, open in this process.
    pub async fn open(&self) -> Started {
        start::open(&start::load_config(None, Some(self.path()), &[]).unwrap()).await.unwrap()
    }
    /// Its store alone.
    pub async fn store(&self) -> Store {
        let config = start::load_config(None, Some(self.path()), &[]).unwrap();
        start::connect(&config, Clock::system(), Rng::system()).await.unwrap()
    }
}

/// The account with a sign-in name.
pub async fn account(store: &Store, name: &str) -> AccountId {
    accounts::find_by_name(&store.reads(), name).await.unwrap().unwrap_or_else(|| panic!("{name} signs in")).account_id
}

/// The program, without what the environment of the tests would tell it.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.env_remove("LINLI_TEST_POSTGRES").args(["--lang", "en"]);
    command
}

/// Runs the program to its end.
pub fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

/// Runs the program to its end with this on its standard input.
pub fn run_with(args: &[&str], input: &str) -> Output {
    let mut command = program();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that does not ask may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What it wrote, both streams.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A server on a port of its own; killed when dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts it and waits until it serves.
    pub fn start(dir: &Path) -> Server {
        Server::start_with(dir, "warn", Stdio::null())
    }
    /// The same with all that it logs going somewhere.
    pub fn start_with(dir: &Path, level: &str, log: Stdio) -> Server {
        Server::start_at(dir, "127.0.0.1:0", level, log)
    }
    /// The same at an address of its own.
    pub fn start_at(dir: &Path, listen: &str, level: &str, log: Stdio) -> Server {
        let mut child = program()
            .env("LINLI_LOG", level)
            .args(["serve", "--listen", listen, "--dir"])
            .arg(dir)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let line = out.lines().map_while(Result::ok).find(|l| l.contains("http://"));
        let line = line.expect("the server says where it serves");
        let address = line.split_whitespace().find(|w| w.starts_with("http://")).unwrap();
        Server { address: address.trim_end_matches('/').to_owned(), child }
    }
    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Rows of a table.
pub async fn rows(store: &Store, table: &str) -> i64 {
    use linli_platform::{store::Query as _, vals};
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
    store.reads().number(&sql, vals![store.division()]).await.unwrap()
}
