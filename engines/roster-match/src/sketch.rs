//! A quick reading of two addresses: whether they are plainly the same door or plainly elsewhere. What it cannot
//! tell is parsed.

use smallvec::SmallVec;

use crate::names;

/// Characters that only separate numbers or name their kind.
fn is_unit(c: char) -> bool {
    matches!(
        c,
        '弄' | '号'
            | '室'
            | '楼'
            | '层'
            | '幢'
            | '栋'
            | '座'
            | '单'
            | '元'
            | '组'
            | '队'
            | '户'
            | '-'
            | '—'
            | '–'
            | '－'
            | '、'
            | '，'
            | ','
            | '.'
            | ' '
            | '\u{3000}'
            | '（'
            | '）'
            | '('
            | ')'
            | '#'
    )
}

/// Numerals and marks by which doors differ; with one of them inside, the parser has to look.
fn is_telling(c: char) -> bool {
    matches!(
        c,
        '〇' | '零'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '两'
            | '甲'
            | '乙'
            | '丙'
            | '丁'
            | '附'
            | '临'
            | '内'
            | '之'
            | '至'
            | '~'
            | '～'
            | '/'
    )
}

fn ends_a_place(c: char) -> bool {
    matches!(c, '省' | '市' | '区' | '县' | '镇' | '乡')
}

/// What stands before the first number, the numbers, and whatever else stands between them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Sketch {
    lead: SmallVec<[char; 32]>,
    pub numbers: SmallVec<[u32; 6]>,
    first_unit: Option<char>,
    extra: u64,
    telling: bool,
}

impl Sketch {
    pub(crate) fn of(text: &str) -> Self {
        let mut sketch = Self::default();
        let mut open: Option<u32> = None;
        let mut floor = None;
        let simplified = names::simplifier();
        for c in text.chars() {
            if let Some(digit) = digit(c) {
                open = Some(open.unwrap_or(0).saturating_mul(10).saturating_add(digit));
                continue;
            }
            let c = simplified(c);
            if let Some(number) = open.take() {
                sketch.number(number, &mut floor);
                if matches!(c, '层' | '楼') {
                    floor = Some(number);
                }
                let unit = if c.is_whitespace() { '-' } else { c };
                sketch.first_unit = sketch.first_unit.or(Some(unit));
            }
            sketch.other(c);
        }
        if let Some(number) = open {
            sketch.number(number, &mut floor);
        }
        sketch
    }

    /// 3层301: the floor is said twice.
    fn number(&mut self, number: u32, floor: &mut Option<u32>) {
        if let Some(said) = floor.take()
            && self.numbers.len() > 1
            && number / 100 == said
            && self.numbers.last() == Some(&said)
        {
            self.numbers.pop();
        }
        self.numbers.push(number);
    }

    fn other(&mut self, c: char) {
        if self.numbers.is_empty() {
            if !c.is_whitespace() {
                self.lead.push(c);
            }
        } else if is_telling(c) {
            self.telling = true;
        } else if !is_unit(c) {
            self.extra = (self.extra ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3).rotate_left(7);
        }
    }

    /// The place (road, village or estate) without province, city, district and town, and its district.
    fn place(&self) -> (&[char], Option<&[char]>) {
        let lead = &self.lead[..];
        let town = lead.windows(2).rposition(|pair| pair == ['街', '道']).map(|at| at + 2);
        let end = lead.iter().rposition(|c| ends_a_place(*c)).map(|at| at + 1);
        let district =
            lead.iter().rposition(|c| matches!(c, '区' | '县')).and_then(|at| lead.get(at.checked_sub(2)?..at));
        (&lead[town.max(end).unwrap_or(0)..], district)
    }

    /// True when the other's place stands at the end of what this one writes before its numbers, behind parts of the other's
    /// province, district and town (香花桥天达路, 上海浦青香花桥天达路), or with one slip in it behind exact ones.
    fn names_place_of(&self, other: &Self) -> bool {
        let (place, _) = other.place();
        let all = divisions(&other.lead[..other.lead.len() - place.len()]);
        if all.len() < 2 || place.len() < 2 {
            return false;
        }
        let longest = place.len() + usize::from(self.numbers.len() > 1);
        let shortest = place.len() - usize::from(self.numbers.len() > 1);
        (shortest..=longest.min(self.lead.len())).any(|length| {
            let (before, name) = self.lead.split_at(self.lead.len() - length);
            if name == place {
                return is_of_divisions(before, &all);
            }
            self.numbers.len() > 1 && {
                let text = divisions(before);
                text.len() > 1 && all.windows(text.len()).any(|part| part == &text[..]) && one_slip(name, place)
            }
        })
    }

    /// True for the same door, false for another place, nothing when it takes a parser to tell.
    pub(crate) fn same_door(&self, other: &Self) -> Option<bool> {
        let ((place, district), (second, other_district)) = (self.place(), other.place());
        if self.telling || other.telling || place.len() < 2 || second.len() < 2 {
            return None;
        }
        if self.numbers.is_empty() || other.numbers.is_empty() {
            return None;
        }
        if place == second {
            let units = match (self.first_unit, other.first_unit) {
                (Some('-'), _) | (_, Some('-')) | (None, _) | (_, None) => true,
                (a, b) => a == b,
            };
            let districts = district.is_none() || other_district.is_none() || district == other_district;
            let same = self.numbers == other.numbers && self.extra == other.extra && units && districts;
            return same.then_some(true);
        }
        // One slip in the name, while two numbers or more agree: nobody moves to a like-named place's same door.
        let district_apart = district.is_some() && other_district.is_some() && district != other_district;
        if self.numbers.len() > 1
            && self.numbers == other.numbers
            && self.extra == other.extra
            && !district_apart
            && one_slip(place, second)
        {
            return Some(true);
        }
        if self.numbers == other.numbers && self.extra == other.extra && !district_apart && self.names_place_of(other) {
            return Some(true);
        }
        let shared = self.numbers.iter().any(|number| other.numbers.contains(number));
        let alike = place.windows(2).any(|pair| second.windows(2).any(|two| two == pair && !is_kind_of_road(pair)));
        (!shared && !alike && self.numbers.len() > 1 && other.numbers.len() > 1).then_some(false)
    }
}

/// Province, city, district and town without the words for them.
fn divisions(lead: &[char]) -> SmallVec<[char; 16]> {
    lead.iter().copied().filter(|c| !matches!(c, '省' | '市' | '区' | '县' | '镇' | '乡' | '街' | '道')).collect()
}

/// True when the text is a part of the divisions, one slip of writing apart at most where it has three characters.
fn is_of_divisions(text: &[char], all: &[char]) -> bool {
    let text = divisions(text);
    // A character too many at the end belongs to the name: 老外青松公路 is another road.
    let slipped = |part: &[char]| is_one_apart(&text, part) && !text.starts_with(part);
    let near = |part: &[char]| part == &text[..] || text.len() > 2 && slipped(part);
    text.len() > 1 && [text.len() - 1, text.len(), text.len() + 1].iter().any(|&length| all.windows(length).any(near))
}

fn is_one_apart(a: &[char], b: &[char]) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([c, d], [e, f]) => c == f && d == e,
        _ => false,
    }
}

/// One character wrong, left out or added; never one by which neighbouring places are told apart.
fn one_slip(a: &[char], b: &[char]) -> bool {
    let telling = |c: &char| "东西南北中上下前后大小新老支一二三四五六七八九十".contains(*c);
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([], [c]) | ([c], []) => !telling(c) || a.windows(2).chain(b.windows(2)).any(|pair| pair == [*c, *c]),
        ([c], [d]) => !(telling(c) && telling(d)),
        ([c, d], [e, f]) => c == f && d == e,
        _ => false,
    }
}

fn is_kind_of_road(pair: &[char]) -> bool {
    matches!(pair, ['公', '路'] | ['大', '道'] | ['支', '路'] | ['东' | '西' | '南' | '北', '路'])
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The last number written in ASCII digits; 0 when there is none.
pub(crate) fn last_number(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let Some(end) = bytes.iter().rposition(u8::is_ascii_digit) else { return 0 };
    let start = bytes[..end].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
    bytes[start..=end].iter().fold(0u32, |sum, b| sum.wrapping_mul(10).wrapping_add(u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::Sketch;

    #[test]
    fn plain_pairs_are_told_without_a_parser_and_doubtful_ones_are_left_to_it() {
        let standard = "上海市青浦区香花桥街道外青松公路5800弄12号301室";
        for (written, expected) in [
            ("外青松公路5800弄12号301", Some(true)),
            ("青浦区外青松公路５８００弄12-301", Some(true)),
            ("上海青浦香花桥街道外青松公路 5800 弄 12 號 301 室", Some(true)),
            ("外青松公路5800弄12号3层301室", Some(true)),
            ("盈港东路33弄4号502室", Some(false)),
            ("外青松公路5800弄12号302室", None),
            ("青松公路5800弄12号301室", Some(true)),
            ("外清松公路5800弄12号301室", Some(true)),
            ("西外青松公路5800弄12号301室", None),
            ("浦东新区外青松公路5800弄12号301室", None),
            ("外青松公路5800弄十二号301室", None),
            ("外青松公路5800号12弄301室", None),
            ("民惠佳苑12号301室", None),
            ("香花桥外青松公路5800弄12号301室", Some(true)),
            ("上海浦青香花桥外青松公路5800弄12号301室", Some(true)),
            ("花香桥外青松公路5800弄12号301室", Some(true)),
            ("香桥外青松公路5800弄12号301室", None),
            ("青浦香花桥外清松公路5800弄12号301室", Some(true)),
            ("青浦香花桥老外青松公路5800弄12号301室", None),
            ("华新外青松公路5800弄12号301室", None),
            ("", None),
        ] {
            assert_eq!(Sketch::of(written).same_door(&Sketch::of(standard)), expected, "{written}");
        }
    }
}
