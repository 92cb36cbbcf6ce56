//! An invented map: one lattice of bent lines, of which committees and micro-grids are blocks. Since every
//! boundary runs through all lattice points on it, neighbours share identical vertices, and there is
//! neither gap nor overlap.

use crate::dice::{Dice, Stream};
use crate::model::{Committee, Grid, Group, Ring};

const COLUMNS: usize = 60;
const WEST: f64 = 121.03;
const SOUTH: f64 = 31.14;
const CELL_LON: f64 = 0.10 / COLUMNS as f64;
const CELL_LAT: f64 = 0.075 / 36.0;
/// How many lattice lines lie between two places where the bending is drawn.
const BEND_EVERY: usize = 12;
/// Heights, in cells, of the bands of committees from south to north.
const BAND_HEIGHTS: [usize; 5] = [8, 7, 6, 7, 8];
/// Which groups stand side by side in each band: the centre is built up, the edges are villages.
const BANDS: [&[(Group, usize)]; 5] = [
    &[(Group::C, 6)],
    &[(Group::D, 4), (Group::C, 3)],
    &[(Group::A, 9)],
    &[(Group::B, 4), (Group::D, 3)],
    &[(Group::C, 6)],
];
const COMMITTEES: &str = include_str!("../data/committees.csv");

/// A block of lattice cells, upper bounds excluded.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    west: usize,
    south: usize,
    east: usize,
    north: usize,
}

pub(crate) struct Map {
    lattice: Vec<[f64; 2]>,
    pub(crate) committees: Vec<Committee>,
    pub(crate) grids: Vec<Grid>,
    /// One block a grid.
    pub(crate) blocks: Vec<Block>,
    pub(crate) outline: Ring,
}

impl Map {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, Stream::Map);
        let rows = BAND_HEIGHTS.iter().sum();
        let mut map = Self {
            lattice: lattice(&mut dice, rows),
            committees: committees(),
            grids: Vec::new(),
            blocks: Vec::new(),
            outline: Vec::new(),
        };
        map.outline = map.ring(Block { west: 0, south: 0, east: COLUMNS, north: rows });
        let blocks = map.place_committees(&mut dice);
        for (index, block) in blocks.iter().enumerate() {
            map.committees[index].ring = map.ring(*block);
            map.committees[index].police_team = police_team(*block, rows);
            map.divide(index, *block, &mut dice);
        }
        map
    }

    /// A point well inside a block.
    pub(crate) fn point_in(&self, block: Block, dice: &mut Dice) -> [f64; 2] {
        let x = block.west + dice.below((block.east - block.west) as u32) as usize;
        let y = block.south + dice.below((block.north - block.south) as u32) as usize;
        let (u, v) = (0.1 + 0.8 * dice.unit(), 0.1 + 0.8 * dice.unit());
        let corner = |x, y| self.lattice[y * (COLUMNS + 1) + x];
        let between = |axis: usize| {
            let low = corner(x, y)[axis] * (1.0 - u) + corner(x + 1, y)[axis] * u;
            let high = corner(x, y + 1)[axis] * (1.0 - u) + corner(x + 1, y + 1)[axis] * u;
            rounded(low * (1.0 - v) + high * v)
        };
        [between(0), between(1)]
    }

    /// One block for each committee, in the committees' order.
    fn place_committees(&self, dice: &mut Dice) -> Vec<Block> {
        let mut placed = vec![None; self.committees.len()];
        let mut south = 0;
        for (band, height) in BANDS.iter().zip(BAND_HEIGHTS) {
            let groups = band.iter().flat_map(|(group, count)| std::iter::repeat_n(*group, *count));
            let cuts = cuts(0, COLUMNS, band.iter().map(|(_, count)| count).sum(), dice);
            for (group, span) in groups.zip(cuts.windows(2)) {
                let next = (0..placed.len())
                    .find(|index| placed[*index].is_none() && self.committees[*index].group == group)
                    .expect("the bands hold as many committees of each group as the list");
                let block = Block { west: span[0], south, east: span[1], north: south + height };
                placed[next] = Some(block);
            }
            south += height;
        }
        placed.into_iter().map(|block| block.expect("the bands hold every committee")).collect()
    }

    /// Divides a committee into two rows of two to four micro-grids.
    fn divide(&mut self, committee: usize, block: Block, dice: &mut Dice) {
        let Committee { code, short_name, .. } = self.committees[committee];
        let middle = block.south + (block.north - block.south) / 2;
        let mut number = 0;
        for (south, north) in [(block.south, middle), (middle, block.north)] {
            let count = 2 + dice.weighted(&[35, 45, 20]);
            for span in cuts(block.west, block.east, count, dice).windows(2) {
                number += 1;
                let block = Block { west: span[0], south, east: span[1], north };
                self.blocks.push(block);
                self.grids.push(Grid {
                    code: format!("{code}{number:03}"),
                    name: format!("{short_name}第{number}微网格"),
                    committee: committee as u32,
                    committee_code: code,
                    ring: self.ring(block),
                });
            }
        }
    }

    fn ring(&self, block: Block) -> Ring {
        let Block { west, south, east, north } = block;
        let path = (west..east)
            .map(|x| (x, south))
            .chain((south..north).map(|y| (east, y)))
            .chain((west + 1..=east).rev().map(|x| (x, north)))
            .chain((south + 1..=north).rev().map(|y| (west, y)))
            .chain(std::iter::once((west, south)));
        path.map(|(x, y)| self.lattice[y * (COLUMNS + 1) + x]).collect()
    }
}

fn committees() -> Vec<Committee> {
    let line = |line: &'static str| {
        let mut cells = line.split(',');
        let mut next = || cells.next().expect("the list has four columns");
        let (code, name, short_name) = (next(), next(), next());
        let group = match next() {
            "A" => Group::A,
            "B" => Group::B,
            "C" => Group::C,
            _ => Group::D,
        };
        Committee { code, name, short_name, group, police_team: 0, ring: Vec::new() }
    };
    COMMITTEES.lines().skip(1).map(line).collect()
}

/// The quarter of the map that a block's corner lies in.
fn police_team(block: Block, rows: usize) -> u8 {
    1 + u8::from(block.west >= COLUMNS / 2) + 2 * u8::from(block.south >= rows / 2)
}

/// `count` spans between two lines, none of them empty: even ones, with inner cuts moved by chance.
fn cuts(from: usize, to: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut cuts: Vec<usize> = (0..=count).map(|i| from + (to - from) * i / count).collect();
    for i in 1..count {
        let lowest = cuts[i - 1] + 1;
        let highest = cuts[i + 1] - 1;
        let moved = cuts[i] as i32 + dice.between(-1, 1);
        cuts[i] = (moved as usize).clamp(lowest, highest.max(lowest));
    }
    cuts
}

/// The lattice's points: bent softly over long distances, and each moved a little for itself. A point
/// moves by at most a fifth of a cell for itself, so that every cell stays convex.
fn lattice(dice: &mut Dice, rows: usize) -> Vec<[f64; 2]> {
    let (wide, high) = (COLUMNS / BEND_EVERY + 1, rows / BEND_EVERY + 1);
    let bends: Vec<[f64; 2]> = (0..wide * high).map(|_| [dice.unit() * 2.0 - 1.0, dice.unit() * 2.0 - 1.0]).collect();
    let bend = |x: usize, y: usize, axis: usize| {
        let (left, below) = ((x / BEND_EVERY).min(wide - 2), (y / BEND_EVERY).min(high - 2));
        let u = (x - left * BEND_EVERY) as f64 / BEND_EVERY as f64;
        let v = (y - below * BEND_EVERY) as f64 / BEND_EVERY as f64;
        let at = |i: usize, j: usize| bends[(below + j) * wide + left + i][axis];
        (at(0, 0) * (1.0 - u) + at(1, 0) * u) * (1.0 - v) + (at(0, 1) * (1.0 - u) + at(1, 1) * u) * v
    };
    let mut points = Vec::with_capacity((COLUMNS + 1) * (rows + 1));
    for y in 0..=rows {
        for x in 0..=COLUMNS {
            let east = x as f64 + bend(x, y, 0) + 0.4 * dice.unit() - 0.2;
            let north = y as f64 + bend(x, y, 1) + 0.4 * dice.unit() - 0.2;
            points.push([rounded(WEST + east * CELL_LON), rounded(SOUTH + north * CELL_LAT)]);
        }
    }
    points
}

/// Rounds to seven places, a centimetre, as GeoJSON files have it.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
