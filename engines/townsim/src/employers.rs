//! Employers, and who works there on the first day.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::found::Founded;
use crate::map::Map;
use crate::model::Group;
use crate::people::works;

/// An employer before it has an address.
pub(crate) struct Company {
    pub(crate) grid: usize,
    pub(crate) name: String,
    pub(crate) business: &'static str,
    pub(crate) staff: u32,
    pub(crate) dormitory: bool,
}

/// The employers of 50 or more: name, business, and staff above 50 for each thousand residents.
const LARGE: [(&str, &str, u32); 10] = [
    ("泽禾精密机械", "制造业", 20),
    ("云帆电子科技", "制造业", 16),
    ("新塘服装", "制造业", 12),
    ("捷达通快递", "快递物流", 9),
    ("汇泽食品", "制造业", 7),
    ("盈港建筑工程", "建筑业", 6),
    ("金穗包装材料", "制造业", 4),
    ("柳浜物业服务", "物业管理", 3),
    ("青禾仓储", "快递物流", 2),
    ("白鹭人力资源", "职业中介", 1),
];
const LARGE_WITH_DORMITORIES: usize = 7;
const SMALL: [(&str, &str); 12] = [
    ("便利店", "零售"),
    ("面馆", "餐饮"),
    ("五金店", "零售"),
    ("理发店", "居民服务"),
    ("水果店", "零售"),
    ("修车行", "居民服务"),
    ("早餐店", "餐饮"),
    ("房产经纪门店", "房产中介"),
    ("快递驿站", "快递物流"),
    ("洗衣店", "居民服务"),
    ("超市", "市场超市"),
    ("广告图文店", "居民服务"),
];
const BRANDS: [&str; 16] = [
    "福来", "顺兴", "好邻", "同乐", "三和", "嘉惠", "万顺", "老街", "喜洋", "聚友", "小林", "百味", "永盛", "一品",
    "康达", "春晓",
];

/// The share of staff who live outside the town.
pub(crate) const OUTSIDE_SHARE: f64 = 0.12;

/// The large employers, each in a grid of its own outside the residential committees.
pub(crate) fn companies(map: &Map, residents: u32, dice: &mut Dice) -> Vec<Company> {
    let built_up = |grid: &usize| map.committees[map.grids[*grid].committee as usize].group != Group::A;
    let mut grids: Vec<usize> = (0..map.grids.len()).filter(built_up).collect();
    dice.shuffle(&mut grids);
    let company = |(index, ((name, business, share), grid)): (usize, (&(&str, &'static str, u32), usize))| Company {
        grid,
        name: format!("上海{name}有限公司"),
        business,
        staff: 50 + residents / 1_000 * share,
        dormitory: index < LARGE_WITH_DORMITORIES,
    };
    LARGE.iter().zip(grids).enumerate().map(company).collect()
}

/// A shop or workshop; `number` is how many employers there are before it.
pub(crate) fn small(grid: usize, number: usize, dice: &mut Dice) -> Company {
    let (trade, business) = *dice.pick(&SMALL);
    let brand = dice.pick(&BRANDS);
    let name = format!("青浦区{brand}{}{trade}", number + 1);
    Company { grid, name, business, staff: 1 + dice.below(12), dormitory: false }
}

/// Gives work in the town to those of working age, until the employers' places are filled. Everybody
/// else works elsewhere or not at all.
pub(crate) fn employ(founded: &mut Founded, today: Day, dice: &mut Dice) {
    let mut open: Vec<u32> =
        founded.employers.iter().map(|e| (f64::from(e.staff_count) * (1.0 - OUTSIDE_SHARE)).round() as u32).collect();
    let mut free = Vec::new();
    for (person, facts) in founded.truth.inhabitants() {
        match facts.employer {
            Some(employer) => open[employer as usize] = open[employer as usize].saturating_sub(1),
            None if works(facts, today) => free.push(person),
            None => {}
        }
    }
    dice.shuffle(&mut free);
    let places = open.iter().enumerate().flat_map(|(id, count)| std::iter::repeat_n(id as u32, *count as usize));
    for (person, employer) in free.into_iter().zip(places) {
        founded.truth.facts_mut(person).employer = Some(employer);
    }
}
