//! One demonstration and one driver of browsers for all journeys, ended when the tests end.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

/// The variable that names the driver, such as `/usr/bin/chromedriver`.
const DRIVER: &str = "LINLI_TEST_BROWSER";
/// How long either may take until it answers.
const READY: Duration = Duration::from_secs(120);

/// Runs a program until the pipe to its standard input closes, which happens however the tests end; then its folder
/// goes too.
const UNTIL_CLOSED: &str = r#"folder=$1; shift; "$@" & cat >/dev/null; kill $!; wait $! 2>/dev/null; rm -rf "$folder""#;

/// What journeys share.
pub struct Town {
    /// Where the demonstration listens, without a slash at the end.
    pub url: String,
    /// Where the driver listens.
    pub driver: String,
    /// A folder for files, gone at the end.
    pub folder: PathBuf,
    /// The newest lines that the demonstration wrote: codes for residents are among them.
    said: Arc<Mutex<Vec<String>>>,
    _kept: Vec<Child>,
}

/// The town, or nothing where no browser is wanted.
pub fn town() -> Option<&'static Town> {
    static TOWN: OnceLock<Option<Town>> = OnceLock::new();
    TOWN.get_or_init(|| driver().map(Town::build)).as_ref()
}

/// The driver's program, if journeys are wanted.
fn driver() -> Option<PathBuf> {
    let named = std::env::var_os(DRIVER).map(PathBuf::from);
    let found = named.clone().filter(|p| p.is_file());
    let wanted = named.is_some() || std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(
        found.is_some() || !wanted,
        "{DRIVER} must name a chromedriver (Debian: apt-get install chromium chromium-driver), it is {named:?}"
    );
    if found.is_none() {
        eprintln!("journeys are skipped: set {DRIVER}=/usr/bin/chromedriver to walk them");
    }
    found
}

impl Town {
    fn build(driver: PathBuf) -> Town {
        linli::serve::install_crypto();
        let folder = std::env::temp_dir().join(format!("linli-journeys-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (app, web) = (free_port(), free_port());
        let listen = format!("127.0.0.1:{app}");
        let data = folder.join("demo").display().to_string();
        let program = env!("CARGO_BIN_EXE_linli");
        let demo = ["demo", "--residents", "800", "--months", "2", "--seed", "7", "--dir", &data, "--listen", &listen];
        let mut child = run(&folder.join("app"), Path::new(program), &demo);
        let said = wait_until_said(&mut child, &listen);
        let driving = run(&folder.join("driver"), &driver, &[&format!("--port={web}"), "--log-level=SEVERE"]);
        wait_until_answered(web);
        Town {
            url: format!("http://{listen}"),
            driver: format!("http://127.0.0.1:{web}"),
            folder,
            said,
            _kept: vec![child, driving],
        }
    }
}

impl Town {
    /// The same browsers for a server that somebody else runs at this address.
    pub fn apart(&self, url: String) -> &'static Town {
        let (driver, folder) = (self.driver.clone(), self.folder.clone());
        Box::leak(Box::new(Town { url, driver, folder, said: Arc::default(), _kept: Vec::new() }))
    }

    /// The code that was sent last to a mobile with this end, once it is there; each is given once.
    pub fn code_for(&self, end: &str) -> String {
        let until = Instant::now() + READY;
        loop {
            let mut said = self.said.lock().expect("no reader panicked");
            let found = said.iter().rposition(|line| line.contains('→') && line.contains(&format!("{end}:")));
            if let Some(line) = found.map(|place| said.remove(place)) {
                let text = line.split("验证码").nth(1).unwrap_or_default().trim_start();
                return text.chars().take_while(char::is_ascii_digit).collect();
            }
            drop(said);
            assert!(Instant::now() < until, "no code was sent to a mobile that ends in {end}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn run(folder: &Path, program: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", UNTIL_CLOSED, "sh"]).arg(folder.parent().unwrap_or(folder)).arg(program).args(arguments);
    command.env("LANG", "zh_CN.UTF-8").stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap_or_else(|e| panic!("{} does not start: {e}", program.display()))
}

/// Reads what the demonstration says until it names its address; somebody must go on reading, or its pipe would fill.
fn wait_until_said(child: &mut Child, address: &str) -> Arc<Mutex<Vec<String>>> {
    let out = child.stdout.take().expect("piped");
    let (found, heard) = std::sync::mpsc::channel();
    let address = address.to_owned();
    let said = Arc::new(Mutex::new(Vec::new()));
    let kept = said.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if line.contains(&address) {
                let _ = found.send(());
            }
            kept.lock().expect("no listener panicked").push(line);
        }
    });
    heard.recv_timeout(READY).expect("the demonstration names its address before it ends");
    said
}

fn wait_until_answered(port: u16) {
    let end = Instant::now() + READY;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "the driver does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A port that nothing listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port()
}
