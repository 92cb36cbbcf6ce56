//! What the compiler does not check.

use std::{collections::BTreeMap, fs};

use crate::{files, floors, texts, vendored};

/// Rust files may have so many lines; longer ones stand in `xtask/length-ratchet.txt` and may only shrink.
const MAX_LINES: usize = 400;
const RATCHET: &str = "xtask/length-ratchet.txt";

/// Beginnings of paths that exist on one machine only.
const FOREIGN_WORDS: &[&str] = &["/root/", "/home/"];

/// Runs every check and lists every problem.
pub fn run() -> Result<(), String> {
    let mut problems = Vec::new();
    problems.extend(lengths()?);
    problems.extend(floors::check()?);
    problems.extend(texts::check()?);
    problems.extend(vendored::check()?);
    problems.extend(words()?);
    if problems.is_empty() {
        println!("tidy: nothing to mend");
        return Ok(());
    }
    Err(format!("{}\ntidy: {} to mend", problems.join("\n"), problems.len()))
}

fn ratchet() -> Result<BTreeMap<String, usize>, String> {
    let text = fs::read_to_string(files::root().join(RATCHET)).map_err(|e| format!("{RATCHET}: {e}"))?;
    text.lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| {
            let (lines, path) = l.split_once(' ').ok_or(format!("{RATCHET}: `{l}` is not `LINES PATH`"))?;
            let lines = lines.parse().map_err(|e| format!("{RATCHET}: `{l}`: {e}"))?;
            Ok((path.to_owned(), lines))
        })
        .collect()
}

fn lengths() -> Result<Vec<String>, String> {
    let mut allowed = ratchet()?;
    let mut problems = Vec::new();
    for path in files::all()?.iter().filter(|p| files::ends(p, &["rs"])) {
        let name = path.to_string_lossy().into_owned();
        let lines = files::text(path).map_or(0, |t| t.lines().count());
        match allowed.remove(&name) {
            Some(limit) if lines > limit => {
                problems.push(format!("{name}: grew from {limit} to {lines} lines; cut it"))
            }
            Some(limit) if lines <= MAX_LINES => {
                problems.push(format!("{name}: {lines} lines now; take it out of {RATCHET} (was {limit})"));
            }
            Some(limit) if lines < limit => problems.push(format!("{name}: shrank to {lines}; lower it in {RATCHET}")),
            None if lines > MAX_LINES => problems.push(format!("{name}: {lines} lines, more than {MAX_LINES}; cut it")),
            _ => {}
        }
    }
    problems.extend(allowed.keys().map(|gone| format!("{gone}: stands in {RATCHET} and is gone")));
    Ok(problems)
}

/// What a template may not hold, because its page comes in two languages.
const OF_ONE_LANGUAGE: [char; 7] = ['、', '，', '。', '：', '；', '（', '）'];

fn words() -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    for path in files::all()? {
        let checked = files::ends(&path, &["rs", "md", "toml", "html", "js", "css", "ftl", "sh", "yml"]);
        if !checked
            || path.starts_with("areas/platform/assets/vendor")
            || path == std::path::Path::new("xtask/src/tidy.rs")
        {
            continue;
        }
        let Some(text) = files::text(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            for word in FOREIGN_WORDS.iter().filter(|w| line.contains(**w)) {
                problems.push(format!("{}:{}: `{word}` is a path of one machine", path.display(), number + 1));
            }
            if files::ends(&path, &["html"]) && line.contains(OF_ONE_LANGUAGE) {
                problems.push(format!(
                    "{}:{}: punctuation of one language; write `page.t.comma()`, `page.t.colon()` or a text",
                    path.display(),
                    number + 1
                ));
            }
            if files::ends(&path, &["html"]) && (line.contains(" style=\"") || line.contains(" onclick=")) {
                problems.push(format!(
                    "{}:{}: inline styles and handlers are forbidden by the page policy",
                    path.display(),
                    number + 1
                ));
            }
        }
    }
    Ok(problems)
}
