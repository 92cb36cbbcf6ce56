//! Why a pair was judged as it was, as data and as sentences of the field.

use crate::levels::{AddressLevel, EmployerLevel, NameLevel, NumberLevel, Pattern, PhoneLevel};

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// One finding about a pair, or a rule that kept it from being decided by machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The numbers are equal.
    NumberEqual,
    /// One character of the number is wrong, missing or too many.
    NumberOneOff {
        /// Where, from 1.
        position: u8,
    },
    /// Two neighbouring characters of the number are exchanged.
    NumberTransposed {
        /// The first of the two, from 1.
        position: u8,
    },
    /// A spreadsheet destroyed the number's end; what is left agrees.
    NumberDamaged,
    /// The number is not valid; two characters of it differ.
    NumberNear,
    /// The number is not valid; its date of birth agrees.
    NumberSameBirth,
    /// The numbers are unlike, and the row's is not valid.
    NumberUnlike,
    /// Two valid numbers of two people.
    NumberOfOther,
    /// One side has no usable number.
    NumberMissing,
    /// The names are equal.
    NameEqual,
    /// The names are equal but for traditional or variant characters, blanks or marks.
    NameVariant,
    /// The names sound alike.
    NameHomophone,
    /// One character of the name differs.
    NameOneCharacter,
    /// The names differ.
    NameDiffers,
    /// One side has no name.
    NameMissing,
    /// The telephone numbers are equal.
    PhoneEqual,
    /// One digit of the telephone number differs.
    PhoneOneOff,
    /// The telephone numbers differ.
    PhoneDiffers,
    /// One side has no telephone number.
    PhoneMissing,
    /// The same door, as far as the row tells.
    AddressSameDoor,
    /// The same building, another room.
    AddressSameBuilding,
    /// The same road or village, another house.
    AddressSameRoad,
    /// Another address.
    AddressDiffers,
    /// No address to compare.
    AddressMissing,
    /// Registered at the same employer.
    EmployerSame,
    /// Registered at another employer.
    EmployerDiffers,
    /// The register names no employer.
    EmployerMissing,
    /// The number belongs to somebody with another name: a person decides.
    NumberUnderOtherName,
    /// More than one registered person fits: a person decides.
    SeveralCandidates,
    /// Only what a household shares agrees: no match by machine.
    HouseholdOnly,
    /// The number belongs to somebody else; the name, and telephone or door, to this person, and none of them to the other.
    NumberOfRegistered,
    /// Nobody in the register is like the row.
    NobodyLike,
    /// Somebody is like the row, but in too little.
    NobodyEnough,
    /// The number is valid, and nobody in the register has it.
    NumberNotRegistered,
}

/// A reason with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What was found.
    pub reason: Reason,
    /// Evidence in bits (log2 of the likelihood ratio): positive speaks for the same person; 0 for rules.
    pub weight_bits: f64,
}

impl Reason {
    /// The reason as a sentence without its full stop.
    ///
    /// ```
    /// use roster_match::{Lang, Reason};
    /// assert_eq!(Reason::NumberOneOff { position: 9 }.text(Lang::Zh), "证件号一位之差（第 9 位）");
    /// ```
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        let mut text = String::new();
        self.push_text(lang, &mut text);
        text
    }

    /// Writes the sentence behind a text.
    pub(crate) fn push_text(self, lang: Lang, out: &mut String) {
        let (zh, en) = self.fixed();
        let text = match (self, lang) {
            (Self::NumberOneOff { position }, Lang::Zh) => format!("证件号一位之差（第 {position} 位）"),
            (Self::NumberOneOff { position }, Lang::En) => {
                format!("The number is one character off (position {position})")
            }
            (Self::NumberTransposed { position }, Lang::Zh) => {
                format!("证件号相邻两位颠倒（第 {position}、{} 位）", position.saturating_add(1))
            }
            (Self::NumberTransposed { position }, Lang::En) => {
                let next = position.saturating_add(1);
                format!("Two characters of the number are exchanged (positions {position} and {next})")
            }
            (_, Lang::Zh) => return out.push_str(zh),
            (_, Lang::En) => return out.push_str(en),
        };
        out.push_str(&text);
    }

    fn fixed(self) -> (&'static str, &'static str) {
        match self {
            Self::NumberEqual => ("证件号一致", "The numbers are equal"),
            Self::NumberOneOff { .. } => ("证件号一位之差", "The number is one character off"),
            Self::NumberTransposed { .. } => ("证件号相邻两位颠倒", "Two characters of the number are exchanged"),
            Self::NumberDamaged => {
                ("证件号末尾被表格软件损坏，其余部分一致", "A spreadsheet damaged the number's end; the rest agrees")
            }
            Self::NumberNear => {
                ("证件号无效，与登记的相差两处", "The number is not valid; two characters of it differ")
            }
            Self::NumberSameBirth => {
                ("证件号无效，但出生日期一致", "The number is not valid, but its date of birth agrees")
            }
            Self::NumberUnlike => ("证件号无效，且与登记不符", "The number is not valid and unlike the registered one"),
            Self::NumberOfOther => {
                ("证件号有效，但与登记的不是同一号码", "The number is valid, but another than the registered one")
            }
            Self::NumberMissing => ("没有可比的证件号", "There is no number to compare"),
            Self::NameEqual => ("姓名一致", "The names are equal"),
            Self::NameVariant => {
                ("姓名一致（繁简、异体或空格之差）", "The names are equal but for variant characters or blanks")
            }
            Self::NameHomophone => ("姓名同音", "The names sound alike"),
            Self::NameOneCharacter => ("姓名一字之差", "One character of the name differs"),
            Self::NameDiffers => ("姓名不同", "The names differ"),
            Self::NameMissing => ("没有可比的姓名", "There is no name to compare"),
            Self::PhoneEqual => ("手机号一致", "The telephone numbers are equal"),
            Self::PhoneOneOff => ("手机号一位之差", "The telephone number is one digit off"),
            Self::PhoneDiffers => ("手机号不同", "The telephone numbers differ"),
            Self::PhoneMissing => ("没有可比的手机号", "There is no telephone number to compare"),
            Self::AddressSameDoor => {
                ("地址为同一户室（容许一处笔误）", "The address is the same door, but for one slip of writing at most")
            }
            Self::AddressSameBuilding => ("同一楼栋，室号不同", "The same building, another room"),
            Self::AddressSameRoad => ("同一道路或村居，门牌不同", "The same road or village, another house"),
            Self::AddressDiffers => ("地址不同", "The addresses differ"),
            Self::AddressMissing => ("没有可比的地址", "There is no address to compare"),
            Self::EmployerSame => ("登记在同一单位", "Registered at the same employer"),
            Self::EmployerDiffers => ("登记在其他单位", "Registered at another employer"),
            Self::EmployerMissing => ("登记中没有单位", "The register names no employer"),
            Self::NumberUnderOtherName => (
                "该证件号登记在另一姓名之下，须人工核对",
                "The number is registered under another name; a person decides",
            ),
            Self::SeveralCandidates => {
                ("有多名登记人员相符，须人工核对", "Several registered people fit; a person decides")
            }
            Self::HouseholdOnly => {
                ("仅同住人共有的信息一致，不能自动认定", "Only what a household shares agrees; no match by machine")
            }
            Self::NumberOfRegistered => (
                "该证件号在登记中属于他人，姓名以及手机号或户室为此人",
                "The number is registered to somebody else; the name, and telephone or door, are this person's",
            ),
            Self::NobodyLike => ("登记中没有相近的人员", "Nobody in the register is like this row"),
            Self::NobodyEnough => {
                ("与登记人员的相符之处不足以认定", "What agrees with somebody in the register is too little")
            }
            Self::NumberNotRegistered => {
                ("证件号有效，但登记中没有此号码的人", "The number is valid, and nobody in the register has it")
            }
        }
    }
}

/// The findings of a pair: number, name, telephone, address, employer.
pub(crate) fn of_pair(pattern: &Pattern, position: u8, written_plainly: bool) -> [Reason; 5] {
    [
        match pattern.number {
            NumberLevel::Exact => Reason::NumberEqual,
            NumberLevel::OneOff => Reason::NumberOneOff { position },
            NumberLevel::Transposed => Reason::NumberTransposed { position },
            NumberLevel::Damaged => Reason::NumberDamaged,
            NumberLevel::Near => Reason::NumberNear,
            NumberLevel::SameBirth => Reason::NumberSameBirth,
            NumberLevel::Unlike => Reason::NumberUnlike,
            NumberLevel::OtherPerson => Reason::NumberOfOther,
            NumberLevel::Missing => Reason::NumberMissing,
        },
        match pattern.name {
            NameLevel::Exact if written_plainly => Reason::NameEqual,
            NameLevel::Exact => Reason::NameVariant,
            NameLevel::Homophone => Reason::NameHomophone,
            NameLevel::OneCharacter => Reason::NameOneCharacter,
            NameLevel::Different => Reason::NameDiffers,
            NameLevel::Missing => Reason::NameMissing,
        },
        match pattern.phone {
            PhoneLevel::Exact => Reason::PhoneEqual,
            PhoneLevel::OneOff => Reason::PhoneOneOff,
            PhoneLevel::Different => Reason::PhoneDiffers,
            PhoneLevel::Missing => Reason::PhoneMissing,
        },
        match pattern.address {
            AddressLevel::SameDoor => Reason::AddressSameDoor,
            AddressLevel::SameBuilding => Reason::AddressSameBuilding,
            AddressLevel::SameRoadOrVillage => Reason::AddressSameRoad,
            AddressLevel::Different => Reason::AddressDiffers,
            AddressLevel::Missing => Reason::AddressMissing,
        },
        match pattern.employer {
            EmployerLevel::Same => Reason::EmployerSame,
            EmployerLevel::Different => Reason::EmployerDiffers,
            EmployerLevel::Missing => Reason::EmployerMissing,
        },
    ]
}
