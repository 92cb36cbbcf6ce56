//! What a careful regular expression makes of the same writings, for comparison.

use regex::Regex;

/// Folding as such scripts do it, and one expression for all elements.
pub struct Peer {
    place: Regex,
    door: Regex,
}

impl Peer {
    pub fn new() -> Self {
        let place = r"^(?:上海市?)?(?:[^市区县]{2,4}[区县])?(?:\p{Han}{2,4}?(?:街道|镇|乡))*(?P<village>\p{Han}{1,5}?(?:村|社区|居委会))?";
        let door = concat!(
            r"(?:\p{Han}{1,4}?)??(?:第?(?P<group>\d+)(?:组|队|小组|村民小组))?",
            r"(?P<road>[\p{Han}A-Z\d]{1,8}?(?:路|街|大道|国道))?",
            r"[(]?(?:(?P<lane>\d+)弄)?[)]?(?:\d+支弄)?",
            r"(?:\p{Han}{2,8})??(?:[一二三四]期)?",
            r"(?:(?P<number>\d+(?:-\d+)?[甲乙]?)(?:号|#))?(?:[甲乙]|附\d号)?(?:(?P<building>\d+)(?:号楼|#楼|幢|栋|座|-))?",
            r"(?:(?P<unit>\d+)(?:单元|门|-))?(?:\d+层)?(?:(?P<room>\d{3,4})(?:室|房|户|号室|房间)?)?",
        );
        let compile = |text: &str| Regex::new(text).expect("the expression is fixed");
        Self { place: compile(place), door: compile(door) }
    }

    /// Road, lane, number, building, unit, room, village and group.
    pub fn read(&self, text: &str) -> [Option<String>; 8] {
        let folded: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '　' | '，' | ',' | '、'))
            .map(|c| match c {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
                '號' => '号',
                '樓' => '楼',
                '單' => '单',
                '組' => '组',
                '隊' => '队',
                c => c,
            })
            .collect();
        let place = self.place.captures(&folded);
        let rest = place.as_ref().and_then(|found| found.get(0)).map_or(0, |whole| whole.end());
        let village = place.as_ref().and_then(|found| found.name("village")).map(|name| name.as_str().to_owned());
        let door = self.door.captures(&folded[rest..]);
        let get = |name| door.as_ref().and_then(|found| found.name(name)).map(|value| value.as_str().to_owned());
        [get("road"), get("lane"), get("number"), get("building"), get("unit"), get("room"), village, get("group")]
    }
}
