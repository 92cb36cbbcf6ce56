//! Schemathesis tries a running demonstration against its own document: every operation with examples, at the edges of
//! its schemas, with what the schemas forbid, without a token, and by methods that are not there.

use std::{env, fs, process::Command};

use crate::all::world::{Demo, Server};

/// Cases for each operation; many more in the long run.
fn examples() -> &'static str {
    if env::var_os("LINLI_LONG").is_some() { "400" } else { "12" }
}

/// What is expected of an answer to data that fits the schemas: they cannot say that a check digit is right or that an
/// employer is known, so such a refusal (422) is an answer too, and so is one to a key or a day used before (409).
const SETTINGS: &str = r#"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "400", "401", "403", "404", "409", "422"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing_in_a_running_demonstration() {
    let Some(program) = env::var_os("LINLI_TEST_SCHEMATHESIS") else {
        eprintln!("left out: LINLI_TEST_SCHEMATHESIS names no program (cargo xtask test installs it)");
        return;
    };
    let demo = Demo::build().await;
    let done: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(demo.path().join("demo.json")).unwrap()).unwrap();
    let token = done["token"].as_str().expect("the demonstration has a token").to_owned();
    let server = Server::start(demo.path());
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("schemathesis.toml"), SETTINGS).unwrap();
    let output = Command::new(program)
        .args(["run", &format!("{}/api/v1/openapi.json", server.address)])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        // One worker: two move Python's limit of recursion under each other's feet, and Schemathesis itself fails.
        .args(["--max-examples", examples(), "--seed", "20261123", "--workers", "1", "--continue-on-failure"])
        .args(["--suppress-health-check", "all"])
        .current_dir(work.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("cases"), "{said}");
}
