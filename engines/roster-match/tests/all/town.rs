//! A seeded register and a roster with known truth. Everybody is invented; numbers begin with 99, which was
//! never issued.

use cn_identity::make::resident_number;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roster_match::{RegisterPerson, RosterRow};

const SURNAMES: &[char] = &[
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭', '何', '林', '罗',
    '高',
];
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红鹏辉建国庆春梅志文斌宇浩凯健俊帆雪琳晨阳佳欣怡婷雅倩云飞龙峰山海波江河川林森木火金银铜铁石田野草花果树松柏竹菊荷莲";
/// Pairs that sound alike.
const HOMOPHONES: &[(char, char)] = &[
    ('伟', '维'),
    ('芳', '方'),
    ('静', '婧'),
    ('丽', '莉'),
    ('军', '君'),
    ('勇', '永'),
    ('明', '鸣'),
    ('英', '瑛'),
    ('华', '骅'),
    ('志', '智'),
    ('文', '雯'),
    ('宇', '羽'),
    ('佳', '嘉'),
    ('欣', '新'),
    ('云', '芸'),
    ('峰', '锋'),
];
const TRADITIONAL: &[(char, char)] = &[
    ('张', '張'),
    ('刘', '劉'),
    ('陈', '陳'),
    ('杨', '楊'),
    ('赵', '趙'),
    ('吴', '吳'),
    ('伟', '偉'),
    ('丽', '麗'),
    ('强', '強'),
    ('国', '國'),
    ('华', '華'),
    ('红', '紅'),
    ('龙', '龍'),
];
const ROADS: &[&str] = &[
    "外青松公路",
    "盈港东路",
    "盈港西路",
    "香大东路",
    "崧泽大道",
    "青赵公路",
    "北青公路",
    "新桥支路",
    "大盈浦路",
    "天瑞南路",
];

pub struct Person {
    pub name: String,
    pub number: String,
    birth: (i16, u8, u8),
    seq: u16,
    pub phone: String,
    pub addr: usize,
    pub employer: u32,
}

pub struct Row {
    pub employer: u32,
    pub name: String,
    pub id_no: String,
    pub phone: String,
    pub address: String,
    /// The registered person, when there is one.
    pub truth: Option<usize>,
    /// Whether the claimed address is the registered one; nothing when none is given.
    pub same: Option<bool>,
}

pub struct Town {
    pub people: Vec<Person>,
    pub addresses: Vec<String>,
    pub rows: Vec<Row>,
    doors: Vec<[u32; 4]>,
}

impl Town {
    /// `people` registered, `rows` on the roster, and how much noise there is (1.0 is ordinary).
    pub fn grow(seed: u64, people: usize, rows: usize, noise: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut town = Self { people: Vec::new(), addresses: Vec::new(), rows: Vec::new(), doors: Vec::new() };
        for n in 0..(people * 2 / 5).max(10) as u32 {
            let door = [n % ROADS.len() as u32, 100 + n / 600 * 4, 1 + n / 10 % 15, (1 + n / 150 % 4) * 100 + 1];
            town.doors.push(door);
            town.addresses.push(format!(
                "上海市青浦区香花桥街道{}{}弄{}号{}室",
                ROADS[door[0] as usize], door[1], door[2], door[3]
            ));
        }
        for n in 0..people {
            let person = town.person(&mut rng, n, people);
            town.people.push(person);
        }
        for _ in 0..rows {
            let row = if rng.random_bool(0.15) { town.stranger(&mut rng) } else { town.registered(&mut rng, noise) };
            town.rows.push(row);
        }
        town
    }

    fn person(&self, rng: &mut ChaCha8Rng, n: usize, of: usize) -> Person {
        let birth = (rng.random_range(1955..2006), rng.random_range(1..13), rng.random_range(1..29));
        let seq = loop {
            let seq = rng.random_range(1..1000);
            if seq % 100 != 0 {
                break seq;
            }
        };
        let area = format!("99{:04}", rng.random_range(100..1200));
        Person {
            name: name(rng),
            number: resident_number(&area, birth, seq).as_str().to_owned(),
            birth,
            seq,
            phone: phone(rng),
            addr: rng.random_range(0..self.addresses.len()),
            employer: (n * 1000 / of.max(1)) as u32,
        }
    }

    fn registered(&self, rng: &mut ChaCha8Rng, noise: f64) -> Row {
        let truth = rng.random_range(0..self.people.len());
        let person = &self.people[truth];
        let moved = rng.random_bool(0.14);
        let addr = if moved { rng.random_range(0..self.addresses.len()) } else { person.addr };
        let given = rng.random_bool(0.9);
        let phone = match rng.random_range(0..100) {
            0..70 => person.phone.clone(),
            70..75 => one_digit(rng, &person.phone),
            75..90 => phone(rng),
            _ => String::new(),
        };
        Row {
            employer: person.employer,
            name: self.damaged_name(rng, &person.name, noise),
            id_no: self.damaged_number(rng, person, noise),
            phone,
            address: if given { self.written(rng, addr) } else { String::new() },
            truth: Some(truth),
            same: given.then_some(addr == person.addr),
        }
    }

    /// Not registered; one in three a trap.
    fn stranger(&self, rng: &mut ChaCha8Rng) -> Row {
        let like = &self.people[rng.random_range(0..self.people.len())];
        let mut one = self.person(rng, 0, 1);
        one.employer = like.employer;
        match rng.random_range(0..9) {
            0 => {
                one.name = like.name.clone();
                one.number = resident_number("990007", like.birth, 123).as_str().to_owned();
            }
            1 => {
                let twin: String = like.name.chars().take(1).chain(name(rng).chars().skip(1)).collect();
                one = Person {
                    name: twin,
                    number: sibling(like),
                    birth: like.birth,
                    seq: like.seq,
                    phone: one.phone,
                    addr: like.addr,
                    employer: like.employer,
                };
            }
            2 => {
                one.phone = like.phone.clone();
                one.addr = like.addr;
            }
            _ => {}
        }
        Row {
            employer: one.employer,
            name: one.name,
            id_no: one.number,
            phone: one.phone,
            address: self.written(rng, one.addr),
            truth: None,
            same: None,
        }
    }

    fn damaged_name(&self, rng: &mut ChaCha8Rng, written: &str, noise: f64) -> String {
        let swap = |pairs: &[(char, char)]| {
            written.chars().map(|c| pairs.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1)).collect::<String>()
        };
        match (rng.random_range(0.0..100.0) / noise) as u32 {
            0..2 => swap(HOMOPHONES),
            2..5 => swap(TRADITIONAL),
            5..7 => written.chars().flat_map(|c| [c, ' ']).collect(),
            7 if rng.random_bool(0.3) => name(rng),
            _ => written.to_owned(),
        }
    }

    fn damaged_number(&self, rng: &mut ChaCha8Rng, person: &Person, noise: f64) -> String {
        let number = &person.number;
        let at = rng.random_range(1..17);
        match (rng.random_range(0.0..100.0) / noise) as u32 {
            0..4 => one_digit(rng, number),
            4..6 => {
                let mut digits: Vec<char> = number.chars().collect();
                digits.swap(at, at - 1);
                digits.into_iter().collect()
            }
            6 => format!("{}{}", &number[..at], &number[at + 1..]),
            7 => format!("{}{}", &number[..at], &number[at - 1..]),
            8 if person.birth.0 < 2000 => format!("{}{}", &number[..6], &number[8..17]),
            9 => number.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect(),
            10 => format!("'{number}"),
            11 => format!("{}.{}E+17", &number[..1], &number[1..6]),
            12 => format!("{}000", &number[..15]),
            13 => self.people[rng.random_range(0..self.people.len())].number.clone(),
            14..17 => String::new(),
            _ => number.clone(),
        }
    }

    fn written(&self, rng: &mut ChaCha8Rng, addr: usize) -> String {
        let [road, lane, number, room] = self.doors[addr];
        let road = ROADS[road as usize];
        match rng.random_range(0..7) {
            0 => format!("{road}{lane}弄{number}号{room}室"),
            1 => format!("{road}{lane}弄{number}号{room}"),
            2 => format!("{road}{lane}弄{number}-{room}"),
            3 => format!("青浦区{road} {lane} 弄 {number} 號 {room} 室"),
            4 => format!("{road}{lane}弄{number}号楼{room}室"),
            5 => format!("香花桥街道{road}{lane}弄{number}号{}层{room}", room / 100),
            _ => self.addresses[addr].clone(),
        }
    }

    pub fn register(&self) -> impl Iterator<Item = RegisterPerson<'_>> {
        self.people.iter().enumerate().map(|(n, person)| RegisterPerson {
            pid: n as u64,
            name: &person.name,
            doc_no: &person.number,
            phone: &person.phone,
            addr: person.addr as u32,
            employer: person.employer,
        })
    }

    pub fn roster(&self) -> Vec<RosterRow<'_>> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(n, row)| RosterRow {
            row: n as u64,
            employer: row.employer,
            name: &row.name,
            id_no: &row.id_no,
            phone: &row.phone,
            address: &row.address,
        })
        .collect()
    }
}

fn name(rng: &mut impl Rng) -> String {
    let given: Vec<char> = GIVEN.chars().collect();
    let mut name = String::from(SURNAMES[rng.random_range(0..SURNAMES.len())]);
    for _ in 0..if rng.random_bool(0.7) { 2 } else { 1 } {
        name.push(given[rng.random_range(0..given.len())]);
    }
    name
}

fn phone(rng: &mut impl Rng) -> String {
    format!("1{:010}", rng.random_range(3_000_000_000u64..9_999_999_999))
}

fn one_digit(rng: &mut impl Rng, text: &str) -> String {
    let at = rng.random_range(0..text.len().min(17));
    let digit = text.as_bytes()[at] - b'0';
    let other = (digit + rng.random_range(1..10)) % 10;
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

fn sibling(like: &Person) -> String {
    let seq = if like.seq % 100 > 90 { like.seq - 1 } else { like.seq + 1 };
    resident_number(&like.number[..6], like.birth, seq).as_str().to_owned()
}

/// How well results fit the truth.
#[derive(Debug, Default)]
pub struct Score {
    pub matched: usize,
    pub right: usize,
    pub linkable: usize,
    pub review: usize,
    pub class_given: usize,
    pub class_right: usize,
    pub missing_precision: f64,
}

impl Score {
    pub fn of(town: &Town, results: &[roster_match::RowResult], missing: &[(u32, u64)]) -> Self {
        use roster_match::{Class, Decision};
        let mut score = Self::default();
        let listed: std::collections::HashSet<u64> =
            town.rows.iter().filter_map(|row| row.truth).map(|n| n as u64).collect();
        for (row, result) in town.rows.iter().zip(results) {
            score.linkable += usize::from(row.truth.is_some());
            score.review += usize::from(result.decision == Decision::Review);
            if result.decision != Decision::Match {
                continue;
            }
            score.matched += 1;
            score.right += usize::from(result.pid == row.truth.map(|n| n as u64));
            if let Some(same) = row.same {
                score.class_given += 1;
                score.class_right += usize::from(result.class == if same { Class::Same } else { Class::Diff });
            }
        }
        let gone = missing.iter().filter(|(_, pid)| !listed.contains(pid)).count();
        score.missing_precision = gone as f64 / missing.len().max(1) as f64;
        score
    }

    pub fn precision(&self) -> f64 {
        self.right as f64 / self.matched.max(1) as f64
    }

    pub fn recall(&self) -> f64 {
        self.right as f64 / self.linkable.max(1) as f64
    }

    pub fn class_accuracy(&self) -> f64 {
        self.class_right as f64 / self.class_given.max(1) as f64
    }
}
