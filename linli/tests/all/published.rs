//! The log as files, audited from outside, and witnessed by a process of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use super::world::{Demo, program, run, said};

/// A witness on a port of its own; killed when dropped.
struct Witness {
    child: Child,
    url: String,
    key: String,
}

impl Witness {
    fn start(state: &Path, log: &str) -> Witness {
        let mut child = program()
            .args(["witness", "--name", "witness.example/w1", "--listen", "127.0.0.1:0", "--log", log, "--state"])
            .arg(state)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let word = |begin: &str| line.split_whitespace().find(|word| word.starts_with(begin)).unwrap().to_owned();
        Witness { url: word("http://"), key: word("witness.example/w1+"), child }
    }

    /// Ends it as a power cut does.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_log_is_audited_and_witnessed_and_what_is_changed_in_it_is_found() {
    let demo = Demo::build().await;
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    let dir = demo.path().display().to_string();
    let export = |to: &str| run(&["log", "export", &at(to), "--dir", &dir]);
    let exported = export("log");
    assert!(exported.status.success(), "{}", said(&exported));
    let key = fs::read_to_string(work.path().join("log/log.vkey")).unwrap().trim().to_owned();
    assert!(said(&exported).contains(&key), "the key is shown, to be published elsewhere");
    assert!(export("log").status.success(), "bringing it up to date again changes nothing");

    let verified = run(&["log", "verify", &at("log")]);
    assert!(verified.status.success() && said(&verified).contains("is whole"), "{}", said(&verified));
    assert!(said(&verified).contains("--key") && said(&verified).contains("--checkpoint"), "{}", said(&verified));
    fs::copy(at("log/checkpoint"), at("kept")).unwrap();

    // Somebody else sees it grow.
    let witness = Witness::start(&work.path().join("witness"), &at("log/log.vkey"));
    let cosign = |witness: &Witness| {
        run(&["log", "cosign", &at("log"), "--witness", &witness.url, "--witness-key", &witness.key])
    };
    let cosigned = cosign(&witness);
    assert!(cosigned.status.success(), "{}", said(&cosigned));
    let witness_key = witness.key.clone();
    let all = ["log", "verify", &at("log"), "--key", &key, "--checkpoint", &at("kept"), "--witness", &witness_key];
    let audit = || run(&all);
    assert!(audit().status.success(), "{}", said(&audit()));

    // It remembers what it has cosigned over a power cut, and goes on from there.
    witness.kill();
    let witness = Witness::start(&work.path().join("witness"), &key);
    assert_eq!(witness.key, witness_key);
    let second = run(&["witness", "--state", &at("witness"), "--name", "w", "--log", &key, "--listen", "127.0.0.1:0"]);
    assert!(!second.status.success() && said(&second).contains("already"), "{}", said(&second));
    let again = cosign(&witness);
    assert!(again.status.success(), "{}", said(&again));
    witness.kill();
    fs::remove_file(work.path().join("witness/witness.state")).unwrap();
    let gone = run(&["witness", "--state", &at("witness"), "--name", "w", "--log", &key]);
    assert!(!gone.status.success() && said(&gone).contains("is gone"), "{}", said(&gone));

    // One changed byte anywhere, a file too many, a file too few.
    for file in files(&work.path().join("log")) {
        let bytes = fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        let place = changed.len() / 2;
        changed[place] ^= 1;
        fs::write(&file, &changed).unwrap();
        let found = audit();
        assert!(!found.status.success(), "{} was changed: {}", file.display(), said(&found));
        let refused = export("log");
        assert!(!refused.status.success(), "{} is not written over: {}", file.display(), said(&refused));
        fs::write(&file, bytes).unwrap();
        assert!(audit().status.success());
    }
    fs::write(work.path().join("log/tile/notes"), "x").unwrap();
    assert!(said(&audit()).contains("tile/notes does not belong"), "{}", said(&audit()));
    fs::remove_file(work.path().join("log/tile/notes")).unwrap();
    fs::rename(at("log/tile/0"), at("elsewhere")).unwrap();
    assert!(said(&audit()).contains("is missing"), "{}", said(&audit()));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_installations_log_is_not_published_into_the_same_folder() {
    let (one, other) = (Demo::build().await, Demo::build().await);
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("log").display().to_string();
    let export = |demo: &Demo| run(&["log", "export", &folder, "--sm2", "--dir", &demo.path().display().to_string()]);
    assert!(export(&one).status.success());
    let refused = export(&other);
    assert!(!refused.status.success() && said(&refused).contains("log.vkey"), "{}", said(&refused));
    assert_eq!(fs::read_to_string(work.path().join("log/log.vkey")).unwrap().lines().count(), 2);
    assert!(run(&["log", "verify", &folder]).status.success());
}
