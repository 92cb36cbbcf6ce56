//! What the bench asks, as files for the peers: `WRITE=DIR cargo bench -p cn-address`, then `peers.sh`.

use std::{
    fs::{self, File},
    io::{BufWriter, Result, Write},
    path::Path,
};

use cn_address::{Address, Element, Parser};

use super::{
    doors::{Dice, Door, JUDGED, door, truth},
    town::Question,
    ways::{WAYS, Writer},
};

/// So many rows may a peer learn from.
const LABELLED: usize = 15_000;

fn open(folder: &Path, name: &str) -> Result<BufWriter<File>> {
    fs::create_dir_all(folder)?;
    File::create(folder.join(name)).map(BufWriter::new)
}

/// `writings.tsv`: the way of writing, the text, and what its elements must be; `labelled.tsv`: other writings, with the
/// element of each character. A label is where this parser finds the element, in writings of which it reads all
/// eight rightly, so that no labels are wrong.
pub fn writings(folder: &Path, writings: &[(Door, String)]) -> Result<()> {
    let mut file = open(folder, "writings.tsv")?;
    for (n, (door, text)) in writings.iter().enumerate() {
        let values = truth(door).map(Option::unwrap_or_default);
        writeln!(file, "{}\t{text}\t{}", n % WAYS, values.join("\t"))?;
    }
    let (writer, parser, mut dice) = (Writer::new(), Parser::new(), Dice::new(97));
    let mut file = open(folder, "labelled.tsv")?;
    let mut count = 0;
    while count < LABELLED {
        let door = door(&mut dice);
        let text = writer.write(&door, dice.below(WAYS), &mut dice);
        let address = parser.parse(&text);
        if JUDGED.map(|element| address.get(element).map(str::to_owned)) == truth(&door) {
            writeln!(file, "{text}\t{}", labels(&text, &address).join(" "))?;
            count += 1;
        }
    }
    Ok(())
}

fn labels(text: &str, address: &Address) -> Vec<String> {
    let mut labels = vec![String::from("O"); text.chars().count()];
    let at: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    for piece in address.pieces().filter(|piece| piece.element != Element::Note) {
        let within = (0..at.len()).filter(|&n| piece.span.contains(&at[n]));
        for (nth, n) in within.enumerate() {
            labels[n] = format!("{}-{}", if nth == 0 { "B" } else { "I" }, piece.element.name());
        }
    }
    labels
}

/// `doors.tsv` and `questions.tsv`: the table, and what is asked with the row that is meant, if any.
pub fn questions(folder: &Path, table: &[String], questions: &[Question]) -> Result<()> {
    let mut file = open(folder, "doors.tsv")?;
    for text in table {
        writeln!(file, "{text}")?;
    }
    let mut file = open(folder, "questions.tsv")?;
    for question in questions {
        writeln!(file, "{}\t{}", question.text, question.row.map_or_else(String::new, |row| row.to_string()))?;
    }
    Ok(())
}
