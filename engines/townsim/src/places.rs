//! Written addresses, in the shapes that occur in such a sub-district: lanes with numbers and rooms,
//! buildings with units, sub-lanes, named estates, villages with groups or teams, plants, shop fronts.

use crate::dice::Dice;
use crate::model::Group;

const ROAD_FIRST: [&str; 14] =
    ["香渔", "青禾", "漕浦", "秀溪", "云帆", "石桥", "汇泽", "新塘", "盈港", "金穗", "柳浜", "崧南", "枫塘", "白鹭"];
const ROAD_SUFFIX: [&str; 5] = ["路", "公路", "大道", "街", "支路"];
const NATURAL: [&str; 12] =
    ["横泾", "陆家宅", "南浜", "北庄", "沈家角", "西浜头", "东港", "塘湾", "木桥", "俞家埭", "小河口", "夏家浜"];
const ESTATES: [&str; 4] = ["花苑", "新苑", "家园", "佳苑"];
const BUILDINGS_IN_A_LANE: u32 = 30;

/// How the homes of a lane are written.
#[derive(Clone, Copy)]
enum Shape {
    /// 香渔路501弄3号101室
    Lane,
    /// 香渔公路5800弄12号楼2单元301室
    Unit,
    /// 香渔公路3333弄88支弄12号301室
    SubLane,
    /// 盈中花苑二期12号301室
    Estate,
}

/// The next addresses of one micro-grid. No text comes twice in a town: roads belong to one committee,
/// and lanes, groups and numbers to one grid.
pub(crate) struct Places {
    village: &'static str,
    road: String,
    shape: Shape,
    /// The number of the grid within its committee, from 0.
    place: u32,
    /// Where lanes and house numbers of the grid begin; grids on one road are 2,000 apart.
    first_lane: u32,
    first_number: u32,
    flats: u32,
    floors: u32,
    rooms_a_floor: u32,
    houses: u32,
    numbers: u32,
    huts: u32,
    natural: usize,
}

impl Places {
    /// `committee` counts the committees from 0, `place` the grids within it.
    pub(crate) fn new(committee: u32, village: &'static str, group: Group, place: u32, dice: &mut Dice) -> Self {
        let road = committee * 2 + place % 2;
        let first = ROAD_FIRST[road as usize % ROAD_FIRST.len()];
        let suffix = ROAD_SUFFIX[road as usize / ROAD_FIRST.len() % ROAD_SUFFIX.len()];
        let shape = match group {
            Group::D if dice.chance(0.7) => Shape::Estate,
            _ => [Shape::Lane, Shape::Unit, Shape::SubLane][dice.weighted(&[70, 18, 12])],
        };
        Self {
            village,
            road: format!("{first}{suffix}"),
            shape,
            place,
            first_lane: 2_000 * (place / 2) + 12 + dice.below(1_500),
            first_number: 2_000 * (place / 2) + 2 * dice.below(600),
            flats: 0,
            floors: [5, 6, 11][dice.weighted(&[20, 60, 20])],
            rooms_a_floor: 2 + dice.below(3),
            houses: 0,
            numbers: 0,
            huts: 0,
            natural: dice.below(NATURAL.len() as u32) as usize,
        }
    }

    /// The next flat, and whether it is the first of its building.
    pub(crate) fn flat(&mut self) -> (String, bool) {
        let in_building = self.floors * self.rooms_a_floor;
        let (building, inside) = (self.flats / in_building, self.flats % in_building);
        self.flats += 1;
        let room = (inside / self.rooms_a_floor + 1) * 100 + inside % self.rooms_a_floor + 1;
        let text = match self.shape {
            Shape::Unit => {
                let (building, unit) = (building / 2, building % 2 + 1);
                let number = building % BUILDINGS_IN_A_LANE + 1;
                format!("{}{number}号楼{unit}单元{room}室", self.lane(building))
            }
            _ => format!("{}{}号{room}室", self.lane(building), building % BUILDINGS_IN_A_LANE + 1),
        };
        (text, inside == 0)
    }

    /// The lane or estate that a building stands in.
    fn lane(&self, building: u32) -> String {
        let lane = building / BUILDINGS_IN_A_LANE;
        let number = self.first_lane + 6 * lane;
        match self.shape {
            Shape::Lane | Shape::Unit => format!("{}{number}弄", self.road),
            Shape::SubLane => format!("{}{}弄{}支弄", self.road, self.first_lane, 88 + lane),
            Shape::Estate => {
                let estate = ESTATES[self.place as usize % 4];
                let village = self.village.trim_end_matches('村');
                let phase = 1 + self.place / 4 + 2 * lane;
                format!("{village}{estate}{}期", numeral(phase))
            }
        }
    }

    /// The next basement; it lies under a building of the grid's first lane.
    pub(crate) fn basement(&mut self) -> String {
        self.huts += 1;
        let lane = self.lane((self.huts - 1) / BUILDINGS_IN_A_LANE * BUILDINGS_IN_A_LANE);
        format!("{lane}{}号地下室", (self.huts - 1) % BUILDINGS_IN_A_LANE + 1)
    }

    /// The next house of a village.
    pub(crate) fn house(&mut self) -> String {
        let (in_group, number) = (self.houses % 3, self.houses / 3 + 1);
        self.houses += 1;
        let group = self.place * 3 + in_group + 1;
        let natural = NATURAL[self.natural];
        match (self.natural + self.place as usize) % 4 {
            0 => format!("{}{natural}{group}队{number}号", self.village),
            1 => format!("{}{group}组{number}号", self.village),
            2 if number % 9 == 0 => format!("{}{natural}{group}组{number}号甲", self.village),
            _ => format!("{}{natural}{group}组{number}号", self.village),
        }
    }

    pub(crate) fn field_hut(&mut self) -> String {
        self.huts += 1;
        format!("{}{}组田间棚{}号", self.village, self.place * 3 + 1, self.huts)
    }

    pub(crate) fn site_hut(&mut self, number: u32) -> String {
        self.huts += 1;
        format!("{}{number}号工地活动房{}室", self.road, 100 + self.huts)
    }

    pub(crate) fn shop(&mut self) -> String {
        let number = self.number();
        match (self.numbers + self.place) % 4 {
            0 => format!("{}{number}-1号", self.road),
            1 => format!("{}{number}号商铺", self.road),
            _ => format!("{}{number}号", self.road),
        }
    }

    /// The next house number on the road.
    pub(crate) fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.first_number + 2 * self.numbers
    }

    pub(crate) fn plant(&self, number: u32) -> String {
        format!("{}{number}号1号厂房", self.road)
    }

    pub(crate) fn dormitory(&self, number: u32, room: u32) -> String {
        let (floor, door) = (room / 20 + 1, room % 20 + 1);
        format!("{}{number}号宿舍楼{}室", self.road, floor * 100 + door)
    }
}

/// A small number in Chinese numerals.
fn numeral(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, DIGITS[number as usize % 10]);
    match tens {
        0 => ones.to_owned(),
        1 => format!("十{ones}"),
        _ => format!("{}十{ones}", DIGITS[tens as usize]),
    }
}
