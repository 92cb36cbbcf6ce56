//! Invented names. Surnames are about as frequent as in the country, given names are put together.

use crate::dice::Dice;
use crate::model::Sex;

/// Surnames with their share in ten-thousandths, about; the rest stand for all others.
const SURNAMES: [(&str, u32); 60] = [
    ("王", 720),
    ("李", 719),
    ("张", 680),
    ("刘", 538),
    ("陈", 453),
    ("杨", 308),
    ("黄", 223),
    ("赵", 229),
    ("吴", 205),
    ("周", 212),
    ("徐", 166),
    ("孙", 154),
    ("马", 129),
    ("朱", 126),
    ("胡", 131),
    ("郭", 115),
    ("何", 117),
    ("林", 107),
    ("高", 100),
    ("罗", 95),
    ("郑", 93),
    ("梁", 85),
    ("谢", 79),
    ("宋", 81),
    ("唐", 74),
    ("许", 73),
    ("韩", 68),
    ("邓", 62),
    ("冯", 64),
    ("曹", 57),
    ("彭", 57),
    ("曾", 58),
    ("肖", 56),
    ("田", 52),
    ("董", 51),
    ("潘", 51),
    ("袁", 51),
    ("蔡", 53),
    ("蒋", 51),
    ("余", 48),
    ("于", 48),
    ("杜", 47),
    ("叶", 46),
    ("程", 46),
    ("魏", 45),
    ("苏", 47),
    ("吕", 46),
    ("丁", 43),
    ("沈", 50),
    ("任", 42),
    ("姚", 42),
    ("卢", 42),
    ("傅", 39),
    ("钟", 41),
    ("姜", 39),
    ("崔", 38),
    ("谭", 38),
    ("陆", 40),
    ("顾", 35),
    ("诸", 8),
];
const DOUBLE_SURNAMES: [&str; 8] = ["欧阳", "上官", "司马", "诸葛", "夏侯", "司徒", "东方", "尉迟"];
const MALE: &str = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林浩泽瑞轩博文哲晨阳航志远建国庆海东";
const FEMALE: &str = "芳娜敏静丽艳娟霞秀玲燕红梅琳雪婷慧莹洁倩颖欣怡佳悦萍云兰桂英淑珍月华诗涵梓萱雨彤思琪晓蕾妍";
/// Characters that few systems hold: beyond the basic plane, as GB 18030-2022 level 3 asks for.
const RARE: &str = "𬀩𫖯𬭎𬬭𫍯𬍛𫘦𬱖𪩘𬸣";
const FOREIGN: [(&str, Sex); 10] = [
    ("MARIA GARCIA", Sex::Female),
    ("JOHN SMITH", Sex::Male),
    ("安娜·施密特", Sex::Female),
    ("TANAKA KENJI", Sex::Male),
    ("KIM MINJI", Sex::Female),
    ("NGUYEN VAN AN", Sex::Male),
    ("SOPHIE MARTIN", Sex::Female),
    ("O'BRIEN LIAM", Sex::Male),
    ("马克·约翰逊", Sex::Male),
    ("JEAN-PAUL DURAND", Sex::Male),
];

/// The characters and weights that names are drawn from.
#[derive(Clone)]
pub(crate) struct Names {
    weights: Vec<u32>,
    male: Vec<char>,
    female: Vec<char>,
    rare: Vec<char>,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self {
            weights: SURNAMES.iter().map(|(_, weight)| *weight).collect(),
            male: MALE.chars().collect(),
            female: FEMALE.chars().collect(),
            rare: RARE.chars().collect(),
        }
    }

    pub(crate) fn surname(&self, dice: &mut Dice) -> &'static str {
        if dice.chance(0.004) {
            return DOUBLE_SURNAMES[dice.below(DOUBLE_SURNAMES.len() as u32) as usize];
        }
        SURNAMES[dice.weighted(&self.weights)].0
    }

    pub(crate) fn full(&self, surname: &str, sex: Sex, dice: &mut Dice) -> String {
        let characters = if sex == Sex::Male { &self.male } else { &self.female };
        let mut name = String::with_capacity(12);
        name.push_str(surname);
        for _ in 0..if dice.chance(0.25) { 1 } else { 2 } {
            name.push(*dice.pick(characters));
        }
        name
    }

    /// A name that ends in a rare character.
    pub(crate) fn rare(&self, surname: &str, dice: &mut Dice) -> String {
        format!("{surname}{}", dice.pick(&self.rare))
    }

    pub(crate) fn anybody(&self, dice: &mut Dice) -> String {
        let sex = if dice.chance(0.5) { Sex::Male } else { Sex::Female };
        let surname = self.surname(dice);
        self.full(surname, sex, dice)
    }

    /// The name with its last character written wrong.
    pub(crate) fn slipped(&self, name: &str, dice: &mut Dice) -> String {
        let mut characters: Vec<char> = name.chars().collect();
        let last = characters.pop();
        let wrong = loop {
            let wrong = *dice.pick(&self.male);
            if Some(wrong) != last {
                break wrong;
            }
        };
        characters.push(wrong);
        characters.into_iter().collect()
    }
}

pub(crate) fn foreign(dice: &mut Dice) -> (&'static str, Sex) {
    *dice.pick(&FOREIGN)
}
