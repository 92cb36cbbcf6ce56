//! Words that offices write into cells, and what they mean.

use cn_identity::DocumentKind;
use linli_platform::clock::{At, Day, shanghai};

use crate::codes::{HomeKind, Label, Occupancy, SexCode, Tenancy};

/// Half width, without blanks, small letters.
fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The first meaning one of whose words stands in the text.
fn meaning<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let text = folded(text);
    words.iter().find(|(word, _)| text.contains(word)).map(|(_, meaning)| *meaning)
}

/// Kind of document.
pub(super) fn doc_kind(text: &str) -> Option<DocumentKind> {
    DocumentKind::from_code(&folded(text)).or_else(|| {
        meaning(
            text,
            &[
                ("永久居留", DocumentKind::ForeignPermanent),
                ("港澳台居民居住证", DocumentKind::HmtPermit),
                ("居住证", DocumentKind::HmtPermit),
                ("通行证", DocumentKind::TravelPermit),
                ("回乡证", DocumentKind::TravelPermit),
                ("台胞证", DocumentKind::TravelPermit),
                ("护照", DocumentKind::Passport),
                ("身份证", DocumentKind::Resident),
                ("户口", DocumentKind::Resident),
                ("其他", DocumentKind::Other),
            ],
        )
    })
}

/// Sex.
pub(super) fn sex(text: &str) -> Option<SexCode> {
    match folded(text).as_str() {
        "男" | "男性" | "male" | "m" | "1" => Some(SexCode::Male),
        "女" | "女性" | "female" | "f" | "2" => Some(SexCode::Female),
        _ => None,
    }
}

/// Household registration: local or elsewhere.
pub(super) fn local(text: &str) -> Option<bool> {
    let words = [
        ("非本", false),
        ("外", false),
        ("来沪", false),
        ("流动", false),
        ("elsewhere", false),
        ("否", false),
        ("本", true),
        ("户籍", true),
        ("沪籍", true),
        ("local", true),
        ("是", true),
    ];
    meaning(text, &words)
}

/// Yes or no.
pub(super) fn yes(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "是" | "有" | "1" | "yes" | "y" | "true" | "√" => Some(true),
        "否" | "无" | "0" | "no" | "n" | "false" | "" => Some(false),
        _ => None,
    }
}

/// Kind of home.
pub(super) fn home_kind(text: &str) -> Option<HomeKind> {
    HomeKind::from_code(&folded(text)).or_else(|| {
        meaning(
            text,
            &[
                ("群租", HomeKind::SharedLet),
                ("合租", HomeKind::SharedLet),
                ("宿舍", HomeKind::Dormitory),
                ("宅基", HomeKind::House),
                ("农村", HomeKind::House),
                ("自建", HomeKind::House),
                ("地下", HomeKind::Basement),
                ("窝棚", HomeKind::FieldHut),
                ("田间", HomeKind::FieldHut),
                ("工棚", HomeKind::SiteHut),
                ("板房", HomeKind::SiteHut),
                ("工地", HomeKind::SiteHut),
                ("商铺", HomeKind::Shop),
                ("店铺", HomeKind::Shop),
                ("门面", HomeKind::Shop),
                ("厂房", HomeKind::Workplace),
                ("仓库", HomeKind::Workplace),
                ("办公", HomeKind::Workplace),
                ("非居住", HomeKind::Workplace),
                ("成套", HomeKind::Flat),
                ("住宅", HomeKind::Flat),
                ("公寓", HomeKind::Flat),
                ("商品房", HomeKind::Flat),
                ("其他", HomeKind::Other),
            ],
        )
    })
}

/// Who decides over a home.
pub(super) fn tenancy(text: &str) -> Option<Tenancy> {
    Tenancy::from_code(&folded(text)).or_else(|| {
        let words = [
            ("部分", Tenancy::PartLet),
            ("自住", Tenancy::OwnerOccupied),
            ("单位", Tenancy::Employer),
            ("租", Tenancy::Let),
            ("未知", Tenancy::Unknown),
        ];
        meaning(text, &words)
    })
}

/// Whether somebody lives there.
pub(super) fn occupancy(text: &str) -> Option<Occupancy> {
    Occupancy::from_code(&folded(text)).or_else(|| {
        let words = [
            ("空", Occupancy::Vacant),
            ("无人", Occupancy::Vacant),
            ("有人", Occupancy::Occupied),
            ("在住", Occupancy::Occupied),
            ("未知", Occupancy::Unknown),
        ];
        meaning(text, &words)
    })
}

/// Label of the premises. A care label comes from a consent on file, never from a table.
pub(super) fn label(text: &str) -> Option<Label> {
    let label = Label::from_code(&folded(text)).or_else(|| {
        let words =
            [("密集", Label::Crowded), ("群租", Label::Crowded), ("非正规", Label::Informal), ("空置", Label::Vacant)];
        meaning(text, &words)
    });
    label.filter(|l| *l != Label::Care)
}

/// A day as tables write it: `2026-01-05`, `2026/1/5`, `2026.1.5`, `2026年1月5日`, `20260105`.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = folded(text);
    let text = text.split('t').next().unwrap_or("");
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).parse().ok();
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty()).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    jiff::civil::Date::new(year, month, day).ok().map(Day)
}

/// An instant as tables write it: a day, and a time of it, in Shanghai; a day alone is its beginning.
pub(super) fn instant(text: &str) -> Option<At> {
    let text = text.trim();
    let (date, time) = text.split_once([' ', 'T', 't', '\u{3000}']).unwrap_or((text, ""));
    let day = day(date)?;
    let time = folded(time);
    if time.is_empty() {
        return Some(day.start());
    }
    let time: jiff::civil::Time = time.split('+').next().unwrap_or("").trim_end_matches('z').parse().ok()?;
    let zoned = day.0.to_datetime(time).to_zoned(shanghai()).ok()?;
    Some(At::from_timestamp(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_offices_are_understood() {
        assert_eq!(doc_kind("居民身份证"), Some(DocumentKind::Resident));
        assert_eq!(doc_kind("外国人永久居留身份证"), Some(DocumentKind::ForeignPermanent));
        assert_eq!(doc_kind("港澳台居民居住证"), Some(DocumentKind::HmtPermit));
        assert_eq!(doc_kind("图书证"), None);
        assert_eq!((local("本市户籍"), local("外省市"), local("非本地户籍")), (Some(true), Some(false), Some(false)));
        assert_eq!(home_kind("农村宅基房"), Some(HomeKind::House));
        assert_eq!(tenancy("部分出租"), Some(Tenancy::PartLet));
        assert_eq!((label("空置房"), label("care"), label("重点人员")), (Some(Label::Vacant), None, None));
        for written in ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "20260105", "２０２６－１－５"]
        {
            assert_eq!(day(written).map(|d| d.to_string()).as_deref(), Some("2026-01-05"), "{written}");
        }
        assert_eq!((day("2026-02-30"), day("昨天")), (None, None));
    }

    #[test]
    fn an_instant_is_a_day_and_a_time_of_it() {
        for (written, at) in [
            ("2026-01-05 14:30", Some("2026-01-05 14:30")),
            ("2026/1/5 14:30:59", Some("2026-01-05 14:30")),
            ("2026年1月5日　１４：３０", Some("2026-01-05 14:30")),
            ("2026-01-05T14:30:00", Some("2026-01-05 14:30")),
            ("2026-01-05", Some("2026-01-05 00:00")),
            ("2026-01-05 25:00", None),
            ("14:30", None),
        ] {
            assert_eq!(instant(written).map(At::minute_text).as_deref(), at, "{written}");
        }
    }
}
