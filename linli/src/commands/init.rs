//! `linli init`, `linli migrate`: a new installation, and its schema brought up to date.

use std::{
    fs,
    path::{Path, PathBuf},
};

use linli_platform::{
    access::Role,
    accounts::{self, NewAccount},
    clock::{Clock, Rng},
    config::Config,
    keys::KeyRing,
    reader::Reader,
    store::{SchemaState, Store},
    texts::T,
};
use policy_pack::Pack;

use crate::{
    areas::migrations,
    failure::{Failure, Outcome},
    start,
};

/// What a new installation is made with.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder: made if it is not there, refused if something is in it.
    #[arg(long)]
    pub dir: PathBuf,
    /// PostgreSQL database; without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Folder of the keys, best on another disk; without it, `keys` in the folder.
    #[arg(long, value_name = "DIR")]
    pub key_dir: Option<PathBuf>,
    /// Cipher profile: `aes` (AES-256-GCM, SHA-256, Ed25519) or `sm` (SM4-GCM, SM3, SM2).
    #[arg(long, value_name = "PROFILE", default_value = "aes", value_parser = ["aes", "sm"])]
    pub profile: String,
    /// Library of a token (PKCS#11) in which the root key is made; its PIN comes from `LINLI_TOKEN__PIN` or a file.
    #[arg(long, value_name = "LIBRARY", requires = "token_label")]
    pub token_module: Option<PathBuf>,
    /// The token's label.
    #[arg(long, value_name = "LABEL", requires = "token_module")]
    pub token_label: Option<String>,
    /// The key's label in the token.
    #[arg(long, value_name = "LABEL", default_value = "linli-root")]
    pub token_key: String,
    /// Owner-only file with the token's PIN.
    #[arg(long, value_name = "FILE", requires = "token_module")]
    pub token_pin_file: Option<PathBuf>,
    /// The policy pack to begin with; without it, the one that comes with the program.
    #[arg(long, value_name = "DIR")]
    pub policy: Option<PathBuf>,
    /// Statistical code of the sub-district, 12 digits.
    #[arg(long, default_value = "310118003000")]
    pub division: String,
}

/// The three who administrate, and must be three people (R38).
const ADMINISTRATORS: [(&str, Role); 3] =
    [("sysadmin", Role::SystemAdmin), ("secadmin", Role::SecurityOfficer), ("audadmin", Role::Auditor)];

/// Makes a folder, keys, settings, database, policy pack and the first three administrators.
///
/// # Errors
/// `cli-init-not-empty`; a policy pack with faults; no database.
pub async fn init(options: Init, t: &T) -> Outcome {
    let dir = &options.dir;
    let empty = fs::read_dir(dir).map(|mut entries| entries.next().is_none()).unwrap_or(true);
    if !empty {
        return Err(Failure::say("cli-init-not-empty").arg("dir", dir.display()));
    }
    let files = match &options.policy {
        Some(pack) => {
            start::read_pack(pack)?;
            read_files(pack)?
        }
        None => Pack::embedded_files().into_iter().collect(),
    };
    fs::create_dir_all(dir).map_err(Failure::file(dir))?;
    let dir = fs::canonicalize(dir).map_err(Failure::file(dir))?;
    let config = settings(&options, &dir)?;
    write_pack(&dir.join("policy"), &files)?;
    KeyRing::create(&config.key_settings(), &Rng::system())?;
    let store = start::connect(&config, Clock::system(), Rng::system()).await?;
    store.migrate(&migrations()).await?;
    let passwords = first_accounts(&store).await?;
    fill_territory(&store, &start::pack(&config)?).await?;
    say(t, &dir, &config, &passwords);
    Ok(())
}

fn read_files(dir: &Path) -> Outcome<Vec<(String, String)>> {
    let mut files = Vec::new();
    for name in policy_pack::FILES {
        let path = dir.join(name);
        files.push(((*name).to_owned(), fs::read_to_string(&path).map_err(Failure::file(&path))?));
    }
    Ok(files)
}

fn write_pack(dir: &Path, files: &[(String, String)]) -> Outcome {
    fs::create_dir_all(dir).map_err(Failure::file(dir))?;
    for (name, text) in files {
        let path = dir.join(name);
        fs::write(&path, text).map_err(Failure::file(&path))?;
    }
    Ok(())
}

/// Writes `linli.toml` and reads it back as every later command will.
fn settings(options: &Init, dir: &Path) -> Outcome<Config> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::from("# Settings of this installation. `linli config check` reads them over.\n\n");
    text.push_str(&format!("division_code = {}\n", quoted(&options.division)));
    text.push_str(&format!("data_dir = {}\n", quoted(&dir.display().to_string())));
    text.push_str(&format!("policy_dir = {}\n", quoted(&dir.join("policy").display().to_string())));
    if let Some(url) = &options.database {
        text.push_str(&format!("database_url = {}\n", quoted(url)));
    }
    if let Some(keys) = &options.key_dir {
        fs::create_dir_all(keys).map_err(Failure::file(keys))?;
        let keys = fs::canonicalize(keys).map_err(Failure::file(keys))?;
        text.push_str(&format!("key_dir = {}\n", quoted(&keys.display().to_string())));
    }
    text.push_str(&format!("profile = {}\n", quoted(&options.profile)));
    text.push_str("\n# listen = \"0.0.0.0:443\"\n# behind_tls_proxy = true\n");
    text.push_str("# The address that browsers see: passkeys are bound to it, so set it once and for good.\n");
    text.push_str("# public_address = \"https://linli.example.cn\"\n");
    text.push_str("\n# [tls]\n# certificate = \"/etc/linli/certificate.pem\"\n# key = \"/etc/linli/key.pem\"\n");
    let roles: Vec<String> = ADMINISTRATORS.iter().map(|(_, role)| quoted(role.code())).collect();
    text.push_str(&format!("\n[access]\nsecond_factor_roles = [{}]\nstep_up = true\n", roles.join(", ")));
    if let (Some(module), Some(label)) = (&options.token_module, &options.token_label) {
        let (module, key) = (quoted(&module.display().to_string()), quoted(&options.token_key));
        text.push_str(&format!("\n[token]\nmodule = {module}\nlabel = {}\nkey = {key}\n", quoted(label)));
        if let Some(pin) = &options.token_pin_file {
            let pin = fs::canonicalize(pin).map_err(Failure::file(pin))?;
            text.push_str(&format!("pin_file = {}\n", quoted(&pin.display().to_string())));
        }
    }
    let file = dir.join(start::CONFIG_FILE);
    fs::write(&file, text).map_err(Failure::file(&file))?;
    private(&file)?;
    start::load_config(None, Some(dir), &[])
}

/// The settings may hold the database's password.
fn private(file: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(Failure::file(file))
}

/// The first three accounts, each with a password that is shown once and has to be changed.
async fn first_accounts(store: &Store) -> Outcome<Vec<(&'static str, Role, String)>> {
    let mut made = Vec::new();
    let mut new = Vec::new();
    for (name, role) in ADMINISTRATORS {
        let password = one_time_password(store.rng());
        new.push(NewAccount {
            sign_in_name: name.into(),
            display_name: name.into(),
            password_hash: accounts::hash_password(store.rng(), password.clone()).await?,
            roles: vec![(role, store.division().to_owned())],
            must_change: true,
        });
        made.push((name, role, password));
    }
    let tx = store.begin(&Reader::system()).await?;
    accounts::create_many(&tx, new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Four groups of five characters that are not mistaken for one another: 98 bits.
fn one_time_password(rng: &Rng) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let bytes: [u8; 20] = rng.bytes();
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(*b) % LETTERS.len()])).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The pack's committees, so that the first import finds them.
async fn fill_territory(store: &Store, pack: &Pack) -> Outcome {
    let tx = store.begin(&Reader::system()).await?;
    linli_territory::setup_from_pack(&tx, pack).await?;
    tx.commit().await?;
    Ok(())
}

fn say(t: &T, dir: &Path, config: &Config, passwords: &[(&'static str, Role, String)]) {
    crate::say!("{}", t.a("cli-init-done", "dir", dir.display()));
    crate::say!("{}", t.a("cli-init-keys", "dir", config.keys().display()));
    let place =
        [("place", config.key_settings().root_place()), ("profile", t.code("cli-profile", config.profile.code()))];
    crate::say!("{}\n", t.all("cli-init-root", &place));
    crate::say!("{}", t.s("cli-init-administrators"));
    for (name, role, password) in passwords {
        crate::say!("  {name:<10} {password}   {}", t.code("role", role.code()));
    }
    crate::say!("\n{}", t.a("cli-init-next", "dir", dir.display()));
}

/// Brings the schema up to date.
///
/// # Errors
/// `schema-newer`; those of the database.
pub async fn migrate(config: &Config, t: &T) -> Outcome {
    let store = start::connect(config, Clock::system(), Rng::system()).await?;
    let before = store.schema_state(&migrations()).await?;
    let steps = store.migrate(&migrations()).await?;
    match before {
        SchemaState::Current => crate::say!("{}", t.s("cli-migrate-current")),
        _ => crate::say!("{}", t.n("cli-migrate-done", steps)),
    }
    Ok(())
}
