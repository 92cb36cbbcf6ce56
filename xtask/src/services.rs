//! What the tests need beside Rust: a PostgreSQL of their own, a Chromium with its driver, Chinese fonts,
//! LibreOffice, and Node with npm for the provider of identities. As root on Debian they are installed; otherwise it is said what to install.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Debian packages, and a file that shows each is there.
const PACKAGES: &[(&str, &[&str])] = &[
    ("postgresql", &["/usr/lib/postgresql"]),
    ("chromium", &["/usr/bin/chromium"]),
    ("chromium-driver", &["/usr/bin/chromedriver"]),
    ("fonts-noto-cjk", &["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"]),
    ("nodejs", &["/usr/bin/node"]),
    ("npm", &["/usr/bin/npm"]),
    ("libreoffice-calc", &["/usr/bin/soffice", "/usr/bin/libreoffice"]),
];

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"))
}

/// Installs what is missing, or says what to install.
pub fn ensure() -> Result<(), String> {
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|(_, files)| !files.iter().any(|f| Path::new(f).exists())).map(|(p, _)| *p).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root() {
        return Err(format!(
            "the tests need these Debian packages: {list}\n  sudo apt-get install --no-install-recommends {list}"
        ));
    }
    println!("installing {list}");
    run(Command::new("apt-get").arg("update").stdout(Stdio::null()))?;
    run(Command::new("apt-get")
        .args(["install", "-y", "--no-install-recommends"])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null()))
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}

/// A PostgreSQL server of our own in a temporary folder; dropping it stops the server and removes the folder.
pub struct Postgres {
    bin: PathBuf,
    dir: PathBuf,
    /// The URL of its maintenance database.
    pub url: String,
}

impl Postgres {
    /// Starts one on a free port.
    pub fn start() -> Result<Self, String> {
        let bin = newest_bin().ok_or("no PostgreSQL found below /usr/lib/postgresql")?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
        let dir = env::temp_dir().join(format!("linli-postgres-{port}"));
        fs::create_dir_all(&dir).map_err(|e| e.to_string())?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&dir))?;
        }
        let data = dir.join("data");
        let server = Postgres { bin, dir, url: format!("postgres://postgres@127.0.0.1:{port}/postgres") };
        run(server
            .command("initdb")
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data)
            .stdout(Stdio::null()))?;
        let options =
            format!("-p {port} -c listen_addresses=127.0.0.1 -k {} -c max_connections=300", server.dir.display());
        run(server
            .command("pg_ctl")
            .args(["-w", "-o", &options, "-l"])
            .arg(server.dir.join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start")
            .stdout(Stdio::null()))?;
        Ok(server)
    }

    /// A command of PostgreSQL; the server refuses to run as root, so root steps aside for `postgres`.
    fn command(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stop = run(self
            .command("pg_ctl")
            .args(["-m", "immediate", "-D"])
            .arg(self.dir.join("data"))
            .arg("stop")
            .stdout(Stdio::null()));
        if let Err(e) = stop.and_then(|()| fs::remove_dir_all(&self.dir).map_err(|e| e.to_string())) {
            eprintln!("PostgreSQL in {} was not cleared away: {e}", self.dir.display());
        }
    }
}

fn newest_bin() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}
