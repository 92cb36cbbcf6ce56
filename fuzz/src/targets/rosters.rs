//! Models and rows of rosters.

use std::sync::LazyLock;

use roster_match::{Matcher, Model, Options, Register, RegisterPerson, RosterRow};

use super::{lines, text};

const PEOPLE: [(&str, &str, &str); 5] = [
    ("张小满", "990101199003070023", "15400000001"),
    ("李大海", "", "15400000002"),
    ("阿依古丽·买买提", "990101198512120019", ""),
    ("王新人", "E90000012", "15400000009"),
    ("張小滿", "990101199003070103", "15400000001"),
];
const ADDRESSES: [&str; 3] = ["外青松公路5800弄12号301室", "外青松公路5800弄12号302室", "大盈村3组15号"];

/// A stored model: what can be read can be written and read again.
pub fn roster_model(data: &[u8]) {
    if let Ok(model) = Model::from_toml(&text(data))
        && let Ok(written) = model.to_toml()
    {
        assert!(Model::from_toml(&written).is_ok(), "what was written can be read");
    }
}

/// The model that ships, and a table.
pub fn roster_model_seeds() -> Vec<Vec<u8>> {
    let shipped = Model::default().to_toml().expect("the default model can be written");
    vec![shipped.into_bytes(), b"[name]\nexact = [0.9, 0.01]\n".to_vec()]
}

/// Rows of cells: one cell a line, four cells a row. Each row has one result, with a probability.
pub fn roster_rows(data: &[u8]) {
    static REGISTER: LazyLock<Register> = LazyLock::new(|| {
        let people = PEOPLE.iter().enumerate().map(|(n, (name, doc_no, phone))| RegisterPerson {
            pid: n as u64,
            name,
            doc_no,
            phone,
            addr: (n % 3) as u32,
            employer: 1,
        });
        Register::build(people, ADDRESSES, Options::default())
    });
    let text = text(data);
    let cells: Vec<&str> = text.split('\n').collect();
    let rows: Vec<RosterRow<'_>> = cells
        .chunks(4)
        .take(8)
        .enumerate()
        .map(|(n, cells)| {
            let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
            RosterRow { row: n as u64, employer: 1, name: cell(0), id_no: cell(1), phone: cell(2), address: cell(3) }
        })
        .collect();
    let model = Model::default();
    let results = Matcher::new(&REGISTER, &model).compare(&rows);
    assert_eq!(results.len(), rows.len(), "each row has one result");
    for result in &results {
        assert!((0.0..=1.0).contains(&result.probability), "a probability");
    }
}

/// Rows that fit, nearly fit, and do not.
pub fn roster_rows_seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = PEOPLE
        .iter()
        .map(|(name, number, phone)| format!("{name}\n{number}\n{phone}\n{}", ADDRESSES[0]).into_bytes())
        .collect();
    seeds.extend(
        lines("张小满 9.90101E+17 154-0000-0001 5800弄12-301")
            .into_iter()
            .map(|line| line.into_iter().map(|b| if b == b' ' { b'\n' } else { b }).collect()),
    );
    seeds
}
