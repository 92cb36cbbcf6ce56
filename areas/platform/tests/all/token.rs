//! The root key in a token, with SoftHSM. `LINLI_TEST_PKCS11` names its library; the project's test command always sets it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use linli_platform::{
    clock::{Clock, Rng},
    key_rotation::{NewRoot, rotate_root},
    keys::{GivenRoot, KeyError, KeyRing, KeySettings, Pin, Profile, TokenSettings},
    testing::BEGIN,
};

const PIN: &str = "240713";

/// SoftHSM reads where its tokens are from the environment when it is loaded: the test goes on in a process of its own,
/// to which a fresh folder with one token `linli` is given.
fn in_own_process(test: &str) -> Option<(PathBuf, PathBuf)> {
    let module = PathBuf::from(std::env::var_os("LINLI_TEST_PKCS11")?);
    if let Some(conf) = std::env::var_os("SOFTHSM2_CONF") {
        return Some((module, PathBuf::from(conf).parent()?.to_owned()));
    }
    let dir = tempfile::tempdir().unwrap();
    let conf = dir.path().join("softhsm2.conf");
    std::fs::create_dir(dir.path().join("tokens")).unwrap();
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\n", dir.path().join("tokens").display());
    std::fs::write(&conf, text).unwrap();
    let args = ["--init-token", "--free", "--label", "linli", "--so-pin", "5678", "--pin", PIN];
    let made = Command::new("softhsm2-util").args(args).env("SOFTHSM2_CONF", &conf).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let own = std::env::current_exe().unwrap();
    let name = format!("token::{test}");
    let ran = Command::new(own).args([name.as_str(), "--exact", "--nocapture"]).env("SOFTHSM2_CONF", &conf).output();
    let ran = ran.unwrap();
    let told = [String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr)].concat();
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
    None
}

fn token(module: &Path) -> TokenSettings {
    TokenSettings {
        module: module.to_owned(),
        label: Some("linli".into()),
        slot: None,
        key: "linli-root".into(),
        pin: Some(Pin::new(PIN)),
        pin_file: None,
    }
}

fn settings(dir: &Path, token: TokenSettings) -> KeySettings {
    KeySettings { token: Some(token), ..KeySettings::folder(dir) }
}

fn ring(settings: &KeySettings) -> Result<KeyRing, KeyError> {
    KeyRing::open(settings, &Rng::system(), &Clock::fixed(BEGIN))
}

/// What the token's own tool sees of its keys: a line for each object.
fn objects(module: &Path) -> String {
    let args = ["--login", "--pin", PIN, "--token-label", "linli", "--list-objects", "--module"];
    let told = Command::new("pkcs11-tool").args(args).arg(module).output().unwrap();
    String::from_utf8_lossy(&told.stdout).into_owned()
}

#[test]
fn a_root_key_is_made_in_the_token_never_leaves_it_and_opens_the_folder_again() {
    let Some((module, home)) =
        in_own_process("a_root_key_is_made_in_the_token_never_leaves_it_and_opens_the_folder_again")
    else {
        return;
    };
    for profile in Profile::ALL {
        let dir = home.join(profile.code());
        let token = TokenSettings { key: format!("root-{}", profile.code()), ..token(&module) };
        let settings = settings(&dir, token).of_profile(profile);
        KeyRing::create(&settings, &Rng::system()).unwrap();
        assert!(dir.join("root.token").exists() && !dir.join("root.key").exists());
        let made = ring(&settings).unwrap();
        let epoch = made.begin_epoch(&Rng::system(), BEGIN.day().month()).unwrap();
        let again = ring(&settings).unwrap();
        assert_eq!(again.blind_index("doc", "1"), made.blind_index("doc", "1"));
        assert_eq!((again.current_epoch(), again.profile()), (epoch, profile));
        // Without the token the folder is worth nothing, whoever copies it.
        let stolen = KeySettings { token: None, ..settings };
        assert!(matches!(ring(&stolen), Err(KeyError::TokenNotNamed)));
    }
    let told = objects(&module);
    assert_eq!(told.matches("AES length 32").count(), 2, "{told}");
    assert_eq!(told.matches("never extractable").count(), 2, "{told}");
}

#[test]
fn the_root_key_moves_from_a_file_into_the_token_within_it_and_back_and_nothing_is_lost() {
    let Some((module, home)) =
        in_own_process("the_root_key_moves_from_a_file_into_the_token_within_it_and_back_and_nothing_is_lost")
    else {
        return;
    };
    let dir = home.join("keys");
    let (rng, named) = (Rng::system(), settings(&dir, token(&module)));
    KeyRing::create(&KeySettings::folder(&dir), &rng).unwrap();
    // The settings may name a token long before the key is in it.
    let first = ring(&named).unwrap();
    let epoch = first.begin_epoch(&rng, BEGIN.day().month()).unwrap();
    let same = |settings: &KeySettings| {
        let now = ring(settings).unwrap();
        assert!(now.has_epoch(&epoch));
        assert_eq!(now.blind_index("doc", "1"), first.blind_index("doc", "1"));
    };
    let mark = || std::fs::read_to_string(dir.join("root.token")).unwrap();
    assert_eq!(rotate_root(&named, &NewRoot::Token, &rng).unwrap(), 4, "blind, log, two epochs");
    assert!(!dir.join("root.key").exists());
    same(&named);
    let before = mark();
    rotate_root(&named, &NewRoot::Token, &rng).unwrap();
    assert_ne!(mark(), before, "another key of the token");
    same(&named);
    // Broken off between two files: the token's former key opens what is not done yet.
    let blind = dir.join("blind.key");
    std::fs::copy(&blind, dir.join("blind.key.old")).unwrap();
    let torn = std::fs::read(dir.join("log.key")).unwrap();
    std::fs::write(&blind, torn).unwrap();
    same(&named);
    let given = GivenRoot::parse(&format!("sm:{}", "b4".repeat(32))).unwrap();
    rotate_root(&named, &NewRoot::Given(given.clone()), &rng).unwrap();
    assert!(!dir.join("root.token").exists() && !dir.join("blind.key.old").exists());
    same(&KeySettings { given: Some(given.clone()), ..KeySettings::folder(&dir) });
    let from_given = KeySettings { given: Some(given), ..named.clone() };
    rotate_root(&from_given, &NewRoot::Token, &rng).unwrap();
    same(&named);
    rotate_root(&named, &NewRoot::File, &rng).unwrap();
    same(&KeySettings::folder(&dir));
}

#[test]
fn what_is_wrong_with_a_token_is_said_and_a_wrong_pin_is_tried_once() {
    let Some((module, home)) = in_own_process("what_is_wrong_with_a_token_is_said_and_a_wrong_pin_is_tried_once")
    else {
        return;
    };
    let (dir, rng) = (home.join("keys"), Rng::system());
    let create = |token: TokenSettings| KeyRing::create(&settings(&dir, token), &rng).unwrap_err();
    let good = token(&module);
    let none = create(TokenSettings { module: "/usr/lib/nothing.so".into(), ..good.clone() });
    assert!(matches!(none, KeyError::TokenModule(..)), "{none}");
    let other = create(TokenSettings { label: Some("elsewhere".into()), ..good.clone() });
    assert!(
        matches!(&other, KeyError::TokenMissing(name, seen) if name.contains("elsewhere") && seen.contains("linli"))
    );
    let without = create(TokenSettings { pin: None, ..good.clone() });
    assert!(matches!(without, KeyError::TokenNoPin(_)), "{without}");
    let open = home.join("pin");
    std::fs::write(&open, PIN).unwrap();
    let readable = create(TokenSettings { pin: None, pin_file: Some(open), ..good.clone() });
    assert!(matches!(readable, KeyError::OpenToOthers(_)), "{readable}");
    let wrong = create(TokenSettings { pin: Some(Pin::new("999999")), ..good.clone() });
    assert!(matches!(wrong, KeyError::TokenPin(_)), "{wrong}");
    assert!(!wrong.to_string().contains("999999"));
    assert!(!dir.join("root.token").exists() && !dir.join("root.key").exists(), "nothing was made");
    // The right PIN would now be the second try of this process; it does not try.
    assert!(matches!(create(good.clone()), KeyError::TokenPin(_)));
    assert_eq!(format!("{:?}", Pin::new(PIN)), "Pin(***)");
}

#[test]
fn a_key_that_is_gone_or_could_leave_the_token_is_no_root_key() {
    let Some((module, home)) = in_own_process("a_key_that_is_gone_or_could_leave_the_token_is_no_root_key") else {
        return;
    };
    let (dir, rng) = (home.join("keys"), Rng::system());
    let named = settings(&dir, token(&module));
    KeyRing::create(&named, &rng).unwrap();
    ring(&named).unwrap();
    let renamed = settings(&dir, TokenSettings { key: "another".into(), ..token(&module) });
    assert!(matches!(ring(&renamed), Err(KeyError::TokenKey(name, 0)) if name == "another"));
    let tool = ["--login", "--pin", PIN, "--token-label", "linli", "--keygen", "--key-type", "AES:32", "--extractable"];
    let made = Command::new("pkcs11-tool").args(tool).args(["--label", "loose", "--module"]).arg(&module).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let loose = settings(&home.join("loose"), TokenSettings { key: "loose".into(), ..token(&module) });
    let refused = KeyRing::create(&loose, &rng).unwrap_err();
    assert!(matches!(refused, KeyError::TokenKeyExtractable(_)), "{refused}");
}
