//! What the tests need beside Rust: a PostgreSQL of their own, a Chromium with its driver, Chinese fonts, a token
//! (SoftHSM) with a tool that looks into it, LibreOffice, axe-core, and Node with npm for the provider of identities. As
//! root on Debian they are installed; otherwise it is said what to install.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::files;

/// The library of a token that is software alone.
pub const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// Debian packages, and a file that shows each is there.
const PACKAGES: &[(&str, &[&str])] = &[
    ("postgresql", &["/usr/lib/postgresql"]),
    ("chromium", &["/usr/bin/chromium"]),
    ("chromium-driver", &["/usr/bin/chromedriver"]),
    ("fonts-noto-cjk", &["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"]),
    ("softhsm2", &[SOFTHSM]),
    ("opensc", &["/usr/bin/pkcs11-tool"]),
    ("nodejs", &["/usr/bin/node", "/usr/local/bin/node"]),
    ("libreoffice-calc", &["/usr/bin/soffice", "/usr/bin/libreoffice"]),
    ("libreoffice-writer", &["/usr/lib/libreoffice/program/libswlo.so"]),
    ("poppler-utils", &["/usr/bin/pdftotext"]),
    ("npm", &["/usr/bin/npm", "/usr/local/bin/npm"]),
];

/// What the pages are looked at with; from npm, because Debian has none.
const AXE: &str = "axe-core@4.14.1";

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

/// axe-core's script, installed beside what is built unless it is there.
pub fn axe() -> Result<PathBuf, String> {
    let built = env::var_os("CARGO_TARGET_DIR").map_or_else(|| files::root().join("target"), PathBuf::from);
    let folder = built.join("tests-need");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        println!("installing {AXE}");
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
        run(npm.arg(&folder).arg(AXE).stdout(Stdio::null()))?;
    }
    Ok(script)
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

    /// A new, empty database of this name, as a URL.
    pub fn database(&self, name: &str) -> Result<String, String> {
        let base = self.url.trim_end_matches("postgres");
        let sql = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        );
        run(self.command("psql").args(["-q", "-c", &sql, &self.url]))?;
        Ok(format!("{base}{name}"))
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
