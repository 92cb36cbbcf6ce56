//! The guard before an order's free text (boundary 12): what messages refuse is refused here too, and on top what asks
//! for personal data or names a door. What concerns single people goes down as a data check, sealed and masked.

use cn_address::{Element, Parser};
use linli_platform::{AppError, free_text::FreeTextFault};
use linli_work::outward::guard::names_somebody;

/// The longest text of an order.
pub const TEXT_CHARS: usize = 500;
/// The longest note of a feedback.
pub const NOTE_CHARS: usize = 200;

/// What a text holds that an order must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// What every free field refuses.
    #[error(transparent)]
    Free(#[from] FreeTextFault),
    /// It asks for personal data.
    #[error("it asks for personal data")]
    Asks,
    /// It names a door.
    #[error("it names a door")]
    Door,
    /// It speaks of a single person by name.
    #[error("it speaks of somebody by name")]
    Named,
    /// It is longer than so many characters.
    #[error("it is longer than {0} characters")]
    TooLong(usize),
}

impl From<TextFault> for AppError {
    fn from(fault: TextFault) -> Self {
        match fault {
            TextFault::Free(free) => free.into(),
            TextFault::Asks => AppError::rule("order-text-asks"),
            TextFault::Door => AppError::rule("order-text-door"),
            TextFault::Named => AppError::rule("order-text-named"),
            TextFault::TooLong(max) => AppError::rule("order-text-long").arg("n", max),
        }
    }
}

/// Words with which personal data is asked for or handed on.
const ASKING: [&str; 14] = [
    "身份证",
    "证件号",
    "手机号",
    "电话号码",
    "联系电话",
    "人员名单",
    "人员姓名",
    "出生日期",
    "户籍地址",
    "人脸",
    "照片",
    "id number",
    "phone number",
    "date of birth",
];
/// Whether a text may go down with an order.
///
/// # Errors
/// [`TextFault`]; what was found is never quoted.
pub fn check(text: &str, max_chars: usize) -> Result<(), TextFault> {
    if text.chars().count() > max_chars {
        return Err(TextFault::TooLong(max_chars));
    }
    linli_platform::free_text::check(text)?;
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let small = text.to_lowercase();
    if ASKING.iter().any(|word| plain.contains(word) || small.contains(word)) {
        return Err(TextFault::Asks);
    }
    if names_somebody(&plain) {
        return Err(TextFault::Named);
    }
    if names_door(text) { Err(TextFault::Door) } else { Ok(()) }
}

/// Whether a part of the text leads to one door: a room, or a number with a building.
fn names_door(text: &str) -> bool {
    let parser = Parser::new();
    text.split(['。', '，', '；', '、', ';', ',', '\n', '（', '）', ' ', '：', ':']).any(|piece| {
        let address = parser.parse(piece);
        let place = [Element::Road, Element::Village, Element::Site, Element::Hamlet, Element::Lane];
        let placed = place.iter().any(|element| address.get(*element).is_some());
        let number = address.get(Element::Number).is_some() || address.get(Element::Building).is_some();
        placed && number && address.get(Element::Room).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_speaks_of_work_and_premises_and_of_nobody() {
        use FreeTextFault::{Number, Word};
        for (text, found) in [
            ("本周内对群租房开展一次集中走访，并反馈完成数。", None),
            ("请各村居周五前补齐花名册，催报未报单位。", None),
            ("新府中路501弄小区出租房较多，请安排错时走访。", None),
            ("12月1日前完成新增门牌的核对，门牌变更另行报送。", None),
            ("Visit the dormitories along the road once more this week.", None),
            ("请联系王小明先生", Some(TextFault::Named)),
            ("请张女士到警务站", Some(TextFault::Named)),
            ("请核实 13900001111 机主", Some(TextFault::Free(Number))),
            ("核查 99010119900307002X", Some(TextFault::Free(Number))),
            ("请报送租客身份证号码", Some(TextFault::Asks)),
            ("附人员 名单", Some(TextFault::Asks)),
            ("Please collect the phone number of every tenant", Some(TextFault::Asks)),
            ("重点人员走访", Some(TextFault::Free(Word))),
            ("到新府中路501弄12号301室看一下", Some(TextFault::Door)),
        ] {
            assert_eq!(check(text, TEXT_CHARS).err(), found, "{text}");
        }
        assert_eq!(check(&"字".repeat(NOTE_CHARS + 1), NOTE_CHARS), Err(TextFault::TooLong(NOTE_CHARS)));
    }
}
