//! Invented names, and how they are written otherwise.

use rand::{Rng, RngExt};

/// Surnames, the commonest first.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
/// Characters of given names, the commonest first.
const GIVEN: &str = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰萍红鹏辉建国庆春梅志文斌宇浩凯健俊帆雪琳晨阳佳欣怡婷雅倩云飞龙峰山海波江河川林森木火金银铜铁石田野草花果树松柏竹菊荷莲德义仁礼信忠孝廉福禄寿喜财宝珍珠玲珑翠碧青蓝紫白素洁清源泉泽润涵淼沛然安宁康乐成功利民生荣昌盛旺兴发达进步前程远大光亮彩晴雨露霜冰秋冬夏月星辰曦旭东南西北中正方圆心思念慧智勤俭朴实诚良善美好学博才子女儿孙小晓少长永恒久新";
/// Characters that sound alike, group by group.
const ALIKE: &[&str] = &[
    "伟维玮炜",
    "芳方",
    "静婧靖",
    "丽莉利力",
    "军君均",
    "勇永泳",
    "明铭鸣",
    "英瑛莺",
    "华骅",
    "志智治",
    "文雯纹",
    "宇羽雨语",
    "佳嘉家",
    "欣新鑫心",
    "云芸昀",
    "峰锋丰",
    "红宏洪鸿",
    "玉钰育",
    "兰岚",
    "萍平苹",
    "辉晖慧惠",
    "建健剑",
    "国帼",
    "庆清青",
    "春椿",
    "梅玫",
    "浩皓昊",
    "凯楷",
    "俊骏竣",
    "雪学",
    "琳林霖",
    "晨辰宸",
    "阳洋扬",
    "怡仪宜",
    "婷庭亭",
    "雅亚",
    "倩茜",
    "飞菲",
    "涛韬",
    "超朝",
    "霞侠",
    "刚钢",
    "强蔷",
    "娟涓",
    "杰洁捷",
    "艳燕彦",
    "秀绣",
    "娜纳",
    "敏闽",
    "磊蕾",
    "斌彬滨",
    "章张",
    "李理",
    "余于俞",
    "程成",
    "肖萧",
    "付傅",
    "蒋讲",
    "许栩",
    "江姜",
    "邱秋",
];
const TRADITIONAL: &str = "张張刘劉陈陳杨楊黄黃赵趙吴吳孙孫马馬郑鄭谢謝韩韓冯馮邓鄧卢盧钟鐘陆陸贾賈韦韋邹鄒龙龍顾顧龚龔严嚴伟偉丽麗强強军軍艳豔涛濤刚剛华華兰蘭红紅鹏鵬辉輝国國庆慶凯凱阳陽云雲飞飛东東义義礼禮宝寶玲玲莲蓮荣榮兴興发發达達进進远遠亮亮学學长長华華";

fn zipf(rng: &mut impl Rng, from: &[char]) -> char {
    // Squaring draws the front of the list oftener.
    let share: f64 = rng.random_range(0.0..1.0);
    from[(share * share * from.len() as f64) as usize]
}

/// Tables as characters, made once.
pub struct Words {
    surnames: Vec<char>,
    given: Vec<char>,
    traditional: Vec<char>,
}

impl Words {
    pub fn new() -> Self {
        Self {
            surnames: SURNAMES.chars().collect(),
            given: GIVEN.chars().collect(),
            traditional: TRADITIONAL.chars().collect(),
        }
    }

    pub fn surname(&self, rng: &mut impl Rng) -> char {
        zipf(rng, &self.surnames)
    }

    /// A name with this surname.
    pub fn name(&self, rng: &mut impl Rng, surname: char) -> String {
        let mut name = String::from(surname);
        let more = match rng.random_range(0..100) {
            0..24 => 1,
            24..99 => 2,
            _ => 3,
        };
        for _ in 0..more {
            name.push(zipf(rng, &self.given));
        }
        name
    }

    /// A name as a roster writes it.
    pub fn written(&self, rng: &mut impl Rng, name: &str, noise: f64) -> String {
        let chars: Vec<char> = name.chars().collect();
        let at = rng.random_range(0..chars.len());
        let draw = rng.random_range(0.0..100.0) / noise;
        let replace = |at: usize, c: char| -> String {
            chars.iter().enumerate().map(|(n, &old)| if n == at { c } else { old }).collect()
        };
        if draw < 2.0 {
            let alike = |c: char| ALIKE.iter().find(|group| group.contains(c));
            let Some(at) = (0..chars.len()).rev().find(|&n| alike(chars[n]).is_some()) else { return name.into() };
            let others: Vec<char> =
                alike(chars[at]).into_iter().flat_map(|g| g.chars()).filter(|&c| c != chars[at]).collect();
            replace(at, others[rng.random_range(0..others.len())])
        } else if draw < 6.0 {
            let traditional = |c: char| self.traditional.chunks(2).find(|pair| pair[0] == c).map_or(c, |pair| pair[1]);
            chars.iter().map(|&c| traditional(c)).collect()
        } else if draw < 8.5 {
            let blank = if rng.random_bool(0.5) { ' ' } else { '\u{3000}' };
            chars.iter().flat_map(|&c| [c, blank]).collect()
        } else if draw < 9.0 {
            // Renamed, mostly with the old surname.
            let surname = if rng.random_bool(0.8) { chars[0] } else { self.surname(rng) };
            self.name(rng, surname)
        } else if draw < 10.0 {
            replace(at.max(1).min(chars.len() - 1), zipf(rng, &self.given))
        } else if draw < 10.2 && chars.len() > 2 {
            chars.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c).collect()
        } else {
            name.into()
        }
    }
}
