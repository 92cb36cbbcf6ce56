//! Schemathesis (PyPI), which tries the interface for other systems against its own document: in a virtual environment of
//! its own below `target`, installed once.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::files;

/// What is installed. Within one major release its checks mean the same.
const REQUIREMENT: &str = "schemathesis>=4.32,<5";

/// The program, installed if it is not there.
pub fn ensure() -> Result<PathBuf, String> {
    let environment = files::root().join("target/schemathesis");
    let program = environment.join("bin/schemathesis");
    if program.exists() {
        return Ok(program);
    }
    let can = Command::new("python3").args(["-c", "import ensurepip, venv"]).stderr(Stdio::null()).status();
    if !can.is_ok_and(|s| s.success()) {
        return Err(
            "the tests need Python with venv\n  sudo apt-get install --no-install-recommends python3-venv".into()
        );
    }
    println!("installing {REQUIREMENT}");
    run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    run(Command::new(environment.join("bin/pip")).args(["install", "--quiet", REQUIREMENT]))?;
    Ok(program)
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}
