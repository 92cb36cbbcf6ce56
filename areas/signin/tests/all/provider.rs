//! A real provider of identities as a process: npm's `oidc-provider`, installed once below the target folder.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// The secret that the provider knows.
pub const SECRET: &str = "mossy-lantern";

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port()
}

/// The folder with the provider's program, installed.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-provider");
        fs::create_dir_all(&folder).unwrap();
        let wanted = fs::read_to_string(from.join("package.json")).unwrap();
        let there = folder.join("node_modules/oidc-provider").is_dir()
            && fs::read_to_string(folder.join("package.json")).is_ok_and(|text| text == wanted);
        for file in ["package.json", "provider.mjs"] {
            fs::copy(from.join(file), folder.join(file)).unwrap();
        }
        if !there {
            let done = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(&folder).output();
            let done = done.expect("npm is there (Debian: apt-get install nodejs npm)");
            assert!(done.status.success(), "npm: {}", String::from_utf8_lossy(&done.stderr));
        }
        folder
    })
}

/// A running provider; ended when dropped.
pub struct Running {
    child: Child,
    port: u16,
    site: String,
}

impl Running {
    /// Starts one for a site, which it sends browsers back to.
    pub fn start(site: &str) -> Running {
        Running::on(free_port(), site, "first")
    }
    fn on(port: u16, site: &str, key: &str) -> Running {
        let issuer = format!("http://127.0.0.1:{port}");
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .args([&port.to_string(), &issuer])
            .args([&format!("{site}/sign-in/sso/callback"), &format!("{site}/sign-in"), key])
            .current_dir(installed())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is there (Debian: apt-get install nodejs)");
        let out = BufReader::new(child.stdout.take().unwrap());
        let ready = out.lines().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the provider ended before it was ready");
        Running { child, port, site: site.to_owned() }
    }
    /// The same provider with other keys.
    pub fn with_new_keys(self) -> Running {
        let (port, site) = (self.port, self.site.clone());
        drop(self);
        Running::on(port, &site, "second")
    }
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
