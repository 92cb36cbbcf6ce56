//! Installing and the daily work by command line.

use std::{fs, process::Output};

use super::world::{Demo, run, run_with, said};

#[test]
fn a_new_installation_has_three_administrators_and_everything_but_a_backup() {
    let work = tempfile::tempdir().unwrap();
    let dir = work.path().join("office").display().to_string();
    let made = run(&["init", "--dir", &dir]);
    assert!(made.status.success(), "{}", said(&made));
    for name in ["sysadmin", "secadmin", "audadmin"] {
        assert!(said(&made).contains(name));
    }
    assert!(!run(&["init", "--dir", &dir]).status.success(), "a folder in use is never overwritten");
    let doctor = run(&["doctor", "--dir", &dir]);
    assert!(!doctor.status.success() && said(&doctor).matches('✗').count() == 1, "{}", said(&doctor));
    let checked = run(&["config", "check", "--dir", &dir]);
    assert!(checked.status.success(), "{}", said(&checked));
    let current = run(&["migrate", "--dir", &dir]);
    assert!(said(&current).contains("up to date"), "{}", said(&current));
}

#[test]
fn unknown_settings_and_wrong_values_are_errors_that_name_the_key() {
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("linli.toml");
    for (text, named) in [
        ("colour = \"red\"\n", "colour"),
        ("division_code = \"31\"\n", "division_code"),
        ("database_url = \"mysql://x\"\n", "database_url"),
        ("public_address = \"http://linli.example.cn\"\n", "public_address"),
        ("[oidc]\nissuer = \"https://sso.example.cn\"\nclient_id = \"linli\"\n", "public_address"),
        (
            "public_address = \"https://l.cn\"\n[oidc]\nissuer = \"http://sso.example.cn\"\nclient_id = \"linli\"\n",
            "oidc.issuer",
        ),
        ("[tls]\ncertificate = \"a\"\nkey = \"b\"\nport = 1\n", "port"),
    ] {
        fs::write(&file, text).unwrap();
        let output = run(&["config", "check", "--config", file.to_str().unwrap()]);
        assert!(!output.status.success() && said(&output).contains(named), "{}", said(&output));
    }
}

#[test]
fn a_policy_pack_with_points_that_do_not_add_up_is_refused_with_file_and_line() {
    let work = tempfile::tempdir().unwrap();
    for (name, text) in policy_pack::Pack::embedded_files() {
        let text = if name == "scoring.toml" { text.replacen("points = 15", "points = 14", 1) } else { text };
        fs::write(work.path().join(name), text).unwrap();
    }
    let path = work.path().to_str().unwrap();
    for (lang, reason) in [("zh", "分值合计应为 25，实为 24"), ("en", "the points should add up to 25, they give 24")]
    {
        let output = run(&["policy", "check", path, "--lang", lang]);
        let told = said(&output);
        let line = told.lines().find(|l| l.contains(reason)).unwrap_or_else(|| panic!("no “{reason}”: {told}"));
        let (_, place) = line.split_once("scoring.toml:").unwrap_or_else(|| panic!("no file: {line}"));
        assert!(!output.status.success() && place.starts_with(|c: char| c.is_ascii_digit()), "no line number: {line}");
    }
}

/// A secret is no argument, where everybody on the machine could read it.
fn secrets_come_by_file_or_standard_input(demo: &Demo, dir: &str) {
    let month = "2031-02";
    let survey = |step: &str, account: &str, more: &[&str], words: &str| {
        let mut args = vec!["survey", step, month, "--as", account, "--dir", dir];
        args.extend(more);
        run_with(&args, words)
    };
    let good = |output: Output| assert!(output.status.success(), "{}", said(&output));
    good(survey("frame", "population-office", &[], ""));
    let refused = survey("commit", "population-office", &["--secret", "seven lanterns over the river"], "");
    assert!(!refused.status.success() && said(&refused).contains("--secret"), "{}", said(&refused));
    let kept = demo.path().join("secret.txt");
    fs::write(&kept, "seven lanterns over the river\n").unwrap();
    let kept = kept.to_str().unwrap();
    good(survey("commit", "population-office", &["--secret-file", kept], ""));
    good(survey("commit", "assessor", &["--secret-file", "-"], "a plum tree behind the school\n"));
    good(survey("announce", "population-office", &[], ""));
    let wrong = survey("draw", "assessor", &[], "a pear tree behind the school\n");
    assert!(!wrong.status.success(), "{}", said(&wrong));
    good(survey("draw", "assessor", &[], "a plum tree behind the school\n"));
    good(survey("draw", "population-office", &["--secret-file", kept], ""));
}

/// Every table that cannot be imported ends in file, line and column, in the language asked for.
fn bad_tables_are_told_with_their_place(dir: &str, at: &dyn Fn(&str) -> String) {
    let utf8 = "姓名,证件号码,住址\n甲甲,1,新试验路1弄1号101室\n".as_bytes().to_vec();
    let mixed = [&utf8[..], b"\xd5\xc5,2,\xff\n"].concat();
    fs::write(at("mixed.csv"), mixed).unwrap();
    fs::write(at("quote.csv"), "姓名,证件号码,住址\n甲甲,\"1,路\n").unwrap();
    fs::write(at("missing.csv"), "姓名,证件号码\n甲甲,1\n").unwrap();
    fs::write(at("cell.csv"), utf8).unwrap();
    for (file, place, zh, en) in [
        ("nowhere.csv", "", "没有这个文件", "there is no such file"),
        ("mixed.csv", ":3:1", "文字编码", "encoding"),
        ("quote.csv", ":2:2", "引号", "quotation mark"),
        ("missing.csv", ":1", "“居住地址”", "“Address”"),
        ("cell.csv", ":2:", "证件号码", "Document number"),
    ] {
        for (lang, reason) in [("zh", zh), ("en", en)] {
            let as_office = ["--as", "population-office", "--dir", dir, "--lang", lang];
            let output = run(&[&["import", "residents", &at(file)][..], &as_office].concat());
            let told = said(&output);
            let named = told.contains(&format!("{}{place}", at(file))) && told.contains(reason);
            assert!(!output.status.success() && named, "{file} {lang}: {told}");
            assert!(!told.contains("resident-address") && !told.contains("internal"), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_runs_by_command_line() {
    let demo = Demo::build().await;
    let dir = demo.path().display().to_string();
    let at = |name: &str| demo.path().join(name).display().to_string();
    let good = |args: &[&str]| {
        let output = run(args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    };

    fs::write(at("a.csv"), "标准地址,村居,民族\n上海市青浦区香花桥街道新试验路1弄1号101室,香花居委会,x\n").unwrap();
    let dry = good(&["import", "addresses", &at("a.csv"), "--dry-run", "--as", "population-office", "--dir", &dir]);
    assert!(dry.contains("never stored") && dry.contains("0 records"), "{dry}");
    let written = good(&["import", "addresses", &at("a.csv"), "--as", "population-office", "--dir", &dir]);
    assert!(written.contains("1 records"), "{written}");
    let refused = run(&["import", "addresses", &at("a.csv"), "--as", "coordinator", "--dir", &dir]);
    assert!(!refused.status.success(), "a coordinator does not import");
    fs::write(at("bad.csv"), "标准地址,村居\n上海市青浦区香花桥街道新试验路2弄1号101室,无此村\n").unwrap();
    let bad = run(&["import", "addresses", &at("bad.csv"), "--as", "population-office", "--dir", &dir]);
    assert!(!bad.status.success() && said(&bad).contains("2:"), "{}", said(&bad));
    fs::write(at("no.xlsx"), b"PK\x03\x04 no workbook").unwrap();
    assert!(!run(&["import", "homes", &at("no.xlsx"), "--as", "population-office", "--dir", &dir]).status.success());
    bad_tables_are_told_with_their_place(&dir, &at);

    let sample = fs::read_dir(demo.path().join("samples")).unwrap().flatten().next().unwrap().path();
    let name = sample.file_stem().unwrap().to_string_lossy().replace("-花名册", "");
    let roster = ["roster", sample.to_str().unwrap(), "--employer", &name, "--as", "population-office", "--dir", &dir];
    assert!(good(&roster).contains("Registered at the same address"));

    secrets_come_by_file_or_standard_input(&demo, &dir);
    let month = "2031-01";
    let none = run(&["survey", "results", month, "--as", "assessor", "--dir", &dir]);
    assert!(!none.status.success());
    good(&["score", "--month", month, "--as", "assessor", "--dir", &dir]);
    good(&["bulletin", "--month", month, "--out", &at("b.pdf"), "--as", "assessor", "--dir", &dir]);
    assert!(fs::read(at("b.pdf")).unwrap().starts_with(b"%PDF"));
    assert!(!run(&["find", "wx", "--as", "nobody", "--dir", &dir]).status.success());
    assert!(!run(&["find", "wx", "--as", "auditor", "--dir", &dir]).status.success(), "an auditor reads no register");
}
