//! Models and rows of rosters.

use std::sync::LazyLock;

use roster_match::{
    Matcher, Model, Options, Register, RegisterPerson, RosterRow,
    link::{self, Config},
    tables::{AddressTable, RegisterTable, RosterTable, TableError, read_columns},
};

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

const ADDRESS_TABLE: &str = "addr_id,text\nA1,外青松公路5800弄12号301室\n2,\"大盈村3组15号，东首\"\n";
const REGISTER_TABLE: &str = "pid,name,doc_type,doc_no,phone,addr_id,employer_id\n\
    p1,张小满,resident,990101199003070023,15400000001,A1,E1\n7,李大海,resident,,15400000002,2,E1\n";
const ROSTER_TABLE: &str = "row_id,employer_id,employer,name,id_no,phone,address\n\
    r1,E1,泽禾,張小滿,990101199003070023,15400000001,外青松公路5800弄12-301\n\"r,2\",E1,泽禾,\"王\"\"新人\",,,\n";

/// The tables of a comparison from any bytes: each row that is read has a result, and what is wrong has a line.
pub fn roster_tables(data: &[u8]) {
    let told = |e: TableError| assert!(e.line > 0 && !e.problem.to_string().is_empty(), "a line is told");
    let small = RosterTable::read(ROSTER_TABLE.as_bytes()).expect("the roster above is one");
    let addresses = AddressTable::read(ADDRESS_TABLE.as_bytes()).expect("the addresses above are some");
    match RegisterTable::read(data, addresses, &small, Options::default()) {
        Ok(register) => {
            let rows = small.rows();
            let results = Matcher::new(&register.register, &Model::default()).compare(&rows);
            assert_eq!(results.len(), rows.len(), "each row has one result");
        }
        Err(e) => told(e),
    }
    if let Err(e) = AddressTable::read(data) {
        told(e);
    }
    match RosterTable::read(data) {
        Ok(roster) => {
            let names = read_columns(data, &["name"]).expect("what is a roster has names");
            assert_eq!(names.first().map(Vec::len), Some(roster.rows().len()), "both readers see the same rows");
        }
        Err(e) => told(e),
    }
}

/// The three tables, with a byte order mark, other ends of lines and quotation marks that nothing closes.
pub fn roster_tables_seeds() -> Vec<Vec<u8>> {
    let tables = [ADDRESS_TABLE, REGISTER_TABLE, ROSTER_TABLE];
    let forms = tables.into_iter().flat_map(|table| {
        [table.to_owned(), table.replace('\n', "\r\n"), format!("\u{FEFF}{table}"), table.replacen(',', ",\"", 1)]
    });
    forms.map(String::into_bytes).collect()
}

/// A configuration of a linkage: what can be read links a small table.
pub fn link_config(data: &[u8]) {
    let Ok(config) = Config::from_toml(&text(data)) else { return };
    let [columns, _] = config.columns();
    let cells = ["张小满", "990101199003070023", "张小满", ""].map(str::to_owned).to_vec();
    let table = vec![cells; columns.len()];
    for one in &link::link(&table, None, &config).links {
        assert!((0.0..=1.0).contains(&one.probability) && one.left != one.right, "a probability, of two rows");
    }
}

/// The configurations that are measured with.
pub fn link_config_seeds() -> Vec<Vec<u8>> {
    let febrl = include_str!("../../../engines/roster-match/benches/peers/febrl.toml");
    let pseudopeople = include_str!("../../../engines/roster-match/benches/peers/pseudopeople.toml");
    vec![febrl.into(), pseudopeople.into(), b"id = \"n\"\n[[field]]\nname = \"name\"\n".to_vec()]
}
