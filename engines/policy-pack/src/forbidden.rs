//! Headings and words that the register never takes (boundaries 1, 2, 3 and 5).

use crate::Lang;

/// What a forbidden heading is about (boundary 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForbiddenKind {
    /// 民族.
    Ethnicity,
    /// 宗教.
    Religion,
    /// 政治面貌.
    Politics,
    /// 犯罪记录.
    CriminalRecord,
    /// 生物特征.
    Biometrics,
    /// 健康.
    Health,
}

impl ForbiddenKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Ethnicity, Self::Religion, Self::Politics, Self::CriminalRecord, Self::Biometrics, Self::Health];

    /// The kind's name for messages.
    #[must_use]
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Ethnicity, Lang::Zh) => "民族",
            (Self::Ethnicity, Lang::En) => "ethnicity",
            (Self::Religion, Lang::Zh) => "宗教信仰",
            (Self::Religion, Lang::En) => "religion",
            (Self::Politics, Lang::Zh) => "政治观点",
            (Self::Politics, Lang::En) => "political views",
            (Self::CriminalRecord, Lang::Zh) => "犯罪记录",
            (Self::CriminalRecord, Lang::En) => "criminal record",
            (Self::Biometrics, Lang::Zh) => "生物特征",
            (Self::Biometrics, Lang::En) => "biometrics",
            (Self::Health, Lang::Zh) => "健康状况",
            (Self::Health, Lang::En) => "health",
        }
    }

    /// Chinese fragments; a heading that contains one is of this kind. Traditional forms are included.
    const fn chinese(self) -> &'static [&'static str] {
        match self {
            Self::Ethnicity => &["民族", "族别", "族別", "族裔", "种族", "種族", "族称", "族群", "汉族", "少数民"],
            Self::Religion => &["宗教", "信仰", "教派", "教徒", "信教", "教会", "教會"],
            Self::Politics => &[
                "政治",
                "党派",
                "黨派",
                "党员",
                "黨員",
                "团员",
                "團員",
                "党团",
                "黨團",
                "入党",
                "是否党",
                "党籍",
                "政见",
            ],
            Self::CriminalRecord => &[
                "犯罪",
                "前科",
                "案底",
                "刑事",
                "刑满",
                "刑释",
                "刑拘",
                "服刑",
                "判刑",
                "违法记录",
                "违法犯罪",
                "違法",
                "涉案",
                "涉毒",
                "吸毒",
                "在逃",
                "社区矫正",
                "矫正",
                "劣迹",
                "处罚记录",
                "拘留",
                "无犯罪",
                "戒毒",
            ],
            Self::Biometrics => &[
                "指纹",
                "指紋",
                "人脸",
                "人臉",
                "面部",
                "脸部",
                "虹膜",
                "声纹",
                "聲紋",
                "掌纹",
                "指静脉",
                "步态",
                "生物特征",
                "生物特徵",
                "生物识别",
                "基因",
                "脱氧核糖",
            ],
            Self::Health => &[
                "健康",
                "疾病",
                "病史",
                "病情",
                "患病",
                "残疾",
                "殘疾",
                "残障",
                "精神障碍",
                "精神病",
                "疫苗",
                "接种",
                "核酸",
                "抗原",
                "体检",
                "體檢",
                "传染",
                "傳染",
                "怀孕",
                "孕情",
                "孕周",
                "血型",
                "过敏",
                "慢病",
                "慢性病",
                "就诊",
                "诊断",
                "體溫",
                "体温",
                "失能",
            ],
        }
    }

    /// English words and pinyin; a heading with one as a word is of this kind. A space means words in a row; a
    /// star at the end, any ending.
    const fn latin(self) -> &'static [&'static str] {
        match self {
            Self::Ethnicity => &["ethnic*", "race", "racial", "minority", "minzu", "nation group", "tribe"],
            Self::Religion => &["religio*", "faith", "belief*", "church", "denomination", "zongjiao", "xinyang"],
            Self::Politics => &[
                "politic*",
                "party member*",
                "party affiliation",
                "party membership",
                "cpc",
                "ccp",
                "communist",
                "zzmm",
                "zhengzhi*",
                "dangyuan",
            ],
            Self::CriminalRecord => &[
                "crime*",
                "criminal*",
                "conviction*",
                "convict*",
                "felon*",
                "offence*",
                "offense*",
                "prison*",
                "arrest*",
                "police record*",
                "drug*",
                "qianke",
                "fanzui",
            ],
            Self::Biometrics => &[
                "biometric*",
                "fingerprint*",
                "finger print*",
                "face id",
                "faceid",
                "face image",
                "face photo",
                "facial*",
                "iris",
                "retina*",
                "voiceprint*",
                "voice print*",
                "palm*",
                "gait",
                "dna",
                "genetic*",
                "zhiwen",
            ],
            Self::Health => &[
                "health*",
                "disease*",
                "illness*",
                "disab*",
                "medical*",
                "medicine",
                "diagnos*",
                "vaccin*",
                "covid*",
                "hiv",
                "aids",
                "mental*",
                "psychiatr*",
                "blood type",
                "blood group",
                "pregnan*",
                "infect*",
                "allerg*",
                "jiankang",
                "jibing",
                "canji",
            ],
        }
    }
}

/// Words of what the scheme has and Linli leaves out (rows X1 to X4): no pack may use them in a name.
pub const EXCLUDED_WORDS: &[&str] = &[
    "重点人",
    "重点人员",
    "重点人口",
    "重点关注",
    "关注人员",
    "管控",
    "布控",
    "盯防",
    "稳控",
    "可疑",
    "嫌疑",
    "疑似违法",
    "在逃",
    "刑满",
    "刑释",
    "前科",
    "社区矫正",
    "吸毒",
    "涉毒",
    "涉恐",
    "涉邪",
    "上访",
    "信访人",
    "特定民族",
    "少数民族",
    "suspect",
    "suspicious",
    "person of concern",
    "persons of concern",
    "watchlist",
    "watch list",
    "watched person",
    "ex-prisoner",
    "released prisoner",
    "risk score",
];

/// What a column heading is about, if it is about something that is never taken (boundary 1).
///
/// Full and half width, case, blanks and punctuation make no difference. The heading decides, never the values.
///
/// ```
/// use policy_pack::{ForbiddenKind, forbidden_heading};
/// assert_eq!(forbidden_heading("民 族"), Some(ForbiddenKind::Ethnicity));
/// assert_eq!(forbidden_heading("Health_Status"), Some(ForbiddenKind::Health));
/// assert_eq!(forbidden_heading("手机号码"), None);
/// ```
#[must_use]
pub fn forbidden_heading(heading: &str) -> Option<ForbiddenKind> {
    let (joined, words) = (joined(heading), words(heading));
    ForbiddenKind::ALL.into_iter().find(|kind| {
        kind.chinese().iter().any(|part| joined.contains(part))
            || kind.latin().iter().any(|pattern| has_words(&words, pattern))
    })
}

/// The word of [`EXCLUDED_WORDS`] that a text contains.
#[must_use]
pub fn excluded_word(text: &str) -> Option<&'static str> {
    let plain = words(text).join(" ");
    let joined = joined(text);
    EXCLUDED_WORDS
        .iter()
        .copied()
        .find(|word| if word.is_ascii() { plain.contains(&word.replace('-', " ")) } else { joined.contains(word) })
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// Letters alone, in one piece.
fn joined(text: &str) -> String {
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).collect()
}

/// Latin words in small letters; a capital inside a word begins a new one (`healthStatus`).
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in text.chars().map(half_width) {
        let letter = c.is_ascii_alphabetic();
        if !letter || (c.is_ascii_uppercase() && after_small) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter, words.last_mut()) {
            word.push(c.to_ascii_lowercase());
        }
        after_small = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn has_words(words: &[String], pattern: &str) -> bool {
    let wanted: Vec<&str> = pattern.split(' ').collect();
    words.windows(wanted.len()).any(|run| {
        run.iter().zip(&wanted).all(|(word, want)| match want.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == want,
        })
    })
}
