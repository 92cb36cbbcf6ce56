//! Doors in texts that leave the house: a house number with its road, village or lane, or a room; in Chinese as in English.

use super::guard::digit;

/// Whether a text leads to one door: a house number with its road, village or lane, or a room.
pub(super) fn names_door(text: &str) -> bool {
    has_house(text) || has_room(text) || has_english_door(text)
}

/// A number before 号 that follows a lane, a village or a road.
fn has_house(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.iter().enumerate().filter(|(_, c)| **c == '号').any(|(at, _)| {
        let digits = plain[..at].iter().rev().take_while(|c| digit(**c).is_some()).count();
        let before = at.checked_sub(digits + 1).and_then(|n| plain.get(n));
        digits > 0 && before.is_some_and(|c| "弄组队路街道村巷浜宅".contains(*c))
    })
}

/// Three digits or more before 室 or 房, right behind 号, 幢, 楼 or 单元, or behind the dash after a building's number.
fn has_room(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits_before = |at: usize| plain[..at].iter().rev().take_while(|c| digit(**c).is_some()).count();
    let digits_after = |at: usize| plain[at + 1..].iter().take_while(|c| digit(**c).is_some()).count();
    // 5号楼301: what is numbered is the building, whichever of its words stands right before the room.
    let numbered = |at: usize| {
        digits_before(at) >= 1 || at.checked_sub(1).is_some_and(|b| plain[b] == '号' && digits_before(b) >= 1)
    };
    plain.iter().enumerate().any(|(at, c)| match c {
        '室' | '房' => digits_before(at) >= 3,
        '元' => at >= 1 && plain[at - 1] == '单' && digits_before(at - 1) >= 1 && digits_after(at) >= 3,
        '号' | '幢' | '栋' | '楼' | '弄' => {
            let number = digits_after(at);
            let dash = at + 1 + number;
            let behind = number >= 1 && plain.get(dash) == Some(&'-') && digits_after(dash) >= 3;
            numbered(at) && (number >= 3 && *c != '弄' || behind)
        }
        _ => false,
    })
}

/// Words before a room's number in English.
const ROOM: [&str; 6] = ["room", "rm", "flat", "apt", "apartment", "unit"];

/// What a road is called in English.
const ROAD: [&str; 4] = ["road", "rd", "street", "avenue"];
/// Words that no road's name has: the number before them counts something else.
const BETWEEN: [&str; 6] = ["for", "of", "on", "in", "about", "along"];

/// A room of three digits or more, or a house number with its lane or road: `Room 301`, `No. 12, Lane 501`.
fn has_english_door(text: &str) -> bool {
    let lower = text.to_lowercase();
    // In a Chinese sentence no space stands before them: 请找No. 12.
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let number = |n: usize| words.get(n).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
    words.iter().enumerate().any(|(n, word)| {
        let room = ROOM.contains(word) && number(n + 1) && words[n + 1].len() >= 3;
        let before = n >= 2 && words[n - 2] == "no" && number(n - 1);
        let lane = *word == "lane" && number(n + 1) && (before || words.get(n + 2) == Some(&"no"));
        let road = ROAD.contains(word)
            && (1..=4).any(|back| {
                let named = n > back && number(n - back) && words[n - back - 1] == "no";
                named && !words[n - back + 1..n].iter().any(|w| BETWEEN.contains(w))
            });
        room || lane || road
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_number_is_a_door_and_the_number_of_a_notice_is_none() {
        for (text, door) in [
            ("漕盈路88弄3号", true),
            ("大盈村3组12号", true),
            ("香大东路 300 号", true),
            ("第3号通知", false),
            ("3号会议室", false),
            ("11月3号", false),
        ] {
            assert_eq!(has_house(text), door, "{text}");
        }
    }

    #[test]
    fn a_room_is_a_door_and_a_hall_is_none() {
        for (text, door) in [
            ("301室", true),
            ("12号1203", true),
            ("３０１ 室", true),
            ("3幢402", true),
            ("501弄12-301", true),
            ("501弄小区", false),
            ("５０２室", true),
            ("居委会会议室", false),
            ("3号会议室", false),
            ("二楼会议室", false),
            ("12号前完成", false),
            ("5号楼301", true),
            ("5号楼 1203", true),
            ("3栋2单元402", true),
            ("1203房", true),
            ("126间出租房", false),
            ("2单元门口", false),
            ("5号楼下集合", false),
            ("5号楼30户", false),
        ] {
            assert_eq!(has_room(text), door, "{text}");
        }
    }

    #[test]
    fn a_door_in_english_is_one_and_a_meeting_room_is_none() {
        for (text, door) in [
            ("Room 301", true),
            ("Rm. 1203 please", true),
            ("flat 0402", true),
            ("No. 12, Lane 501", true),
            ("Lane 501, No. 12", true),
            ("请找No. 12, Lane 501", true),
            ("No. 300 Xiangda East Road", true),
            ("Room 3 on Friday", false),
            ("12 rooms in 300 homes", false),
            ("Notice No. 3 for Xiangda Road", false),
            ("the lane 501 estate", false),
            ("unit of 12", false),
        ] {
            assert_eq!(has_english_door(text), door, "{text}");
        }
    }
}
