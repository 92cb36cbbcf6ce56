//! The walking order: nearest neighbour, improved by 2-opt and Or-opt.

/// Mean radius of the earth (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Sweeps over all exchanges at most; a bound on time, seldom reached.
const MAX_SWEEPS: usize = 60;
/// An exchange that saves less is rounding.
const LEAST_SAVING_M: f64 = 1e-6;

/// A point by longitude and latitude in degrees (经纬度).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    lon: f64,
    lat: f64,
}

impl Point {
    /// A point, if longitude is within ±180 and latitude within ±90 degrees.
    pub fn new(lon: f64, lat: f64) -> Option<Point> {
        (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some(Point { lon, lat })
    }

    /// Longitude in degrees.
    pub fn lon(&self) -> f64 {
        self.lon
    }

    /// Latitude in degrees.
    pub fn lat(&self) -> f64 {
        self.lat
    }

    /// Straight-line distance in metres on the plane that touches the earth between the points
    /// (equirectangular); within a town the error is below one in a thousand.
    pub fn distance_m(&self, other: &Point) -> f64 {
        let plane = Plane { lat: (self.lat + other.lat) / 2.0 };
        let ((ax, ay), (bx, by)) = (plane.metres(self), plane.metres(other));
        (ax - bx).hypot(ay - by)
    }
}

/// Equirectangular projection with true length at one latitude.
struct Plane {
    lat: f64,
}

impl Plane {
    fn metres(&self, point: &Point) -> (f64, f64) {
        let east = point.lon.to_radians() * self.lat.to_radians().cos();
        (EARTH_RADIUS_M * east, EARTH_RADIUS_M * point.lat.to_radians())
    }
}

/// An order to walk points in.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Positions of the points as given, in walking order.
    pub order: Vec<usize>,
    /// Length from the start to the last point, in metres.
    pub total_m: f64,
}

/// Start and points on a plane; index 0 is the start.
struct Map {
    places: Vec<(f64, f64)>,
}

impl Map {
    fn new(start: Point, points: &[Point]) -> Map {
        let plane = Plane { lat: start.lat };
        Map { places: std::iter::once(&start).chain(points).map(|point| plane.metres(point)).collect() }
    }

    fn distance_m(&self, a: usize, b: usize) -> f64 {
        let ((ax, ay), (bx, by)) = (self.places[a], self.places[b]);
        (ax - bx).hypot(ay - by)
    }

    fn nearest_neighbours(&self) -> Vec<usize> {
        let mut path = vec![0];
        let mut left: Vec<usize> = (1..self.places.len()).collect();
        let mut here = 0;
        while !left.is_empty() {
            let distance = |position: &usize| self.distance_m(here, left[*position]);
            let nearest = (0..left.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
            // `remove` keeps the order given, so that equal distances are broken the same way.
            here = left.remove(nearest.expect("something is left"));
            path.push(here);
        }
        path
    }

    /// What turning round `path[from..=to]` saves, in metres. The end of the path is open.
    fn saving_m(&self, path: &[usize], from: usize, to: usize) -> f64 {
        let before = self.distance_m(path[from - 1], path[from]) - self.distance_m(path[from - 1], path[to]);
        match path.get(to + 1) {
            Some(next) => before + self.distance_m(path[to], *next) - self.distance_m(path[from], *next),
            None => before,
        }
    }

    /// Turns stretches round wherever that is shorter; whether anything was.
    fn two_opt(&self, path: &mut [usize]) -> bool {
        let mut improved = false;
        for from in 1..path.len() {
            for to in from + 1..path.len() {
                if self.saving_m(path, from, to) > LEAST_SAVING_M {
                    path[from..=to].reverse();
                    improved = true;
                }
            }
        }
        improved
    }

    /// What it costs, in metres, to walk the stretch `first` to `last` between two neighbours of the
    /// path; after the end of the path there is no second neighbour.
    fn detour_m(&self, before: usize, first: usize, last: usize, after: Option<&usize>) -> f64 {
        let way_on = |next: &usize| self.distance_m(last, *next) - self.distance_m(before, *next);
        self.distance_m(before, first) + after.map_or(0.0, way_on)
    }

    /// Moves stretches of up to three places elsewhere wherever that is shorter; whether any was.
    fn or_opt(&self, path: &mut [usize]) -> bool {
        let mut improved = false;
        let end = path.len();
        let stretches = (1..=3).flat_map(|length| (1..end).map(move |from| (length, from)));
        for (length, from) in stretches.filter(|(length, from)| from + length <= end) {
            let to = from + length - 1;
            let (first, last) = (path[from], path[to]);
            let now_m = self.detour_m(path[from - 1], first, last, path.get(to + 1));
            let elsewhere = (0..from - 1).chain(to + 1..end);
            let shorter = |slot: &usize| {
                let there_m = self.detour_m(path[*slot], first, last, path.get(slot + 1));
                now_m - there_m > LEAST_SAVING_M
            };
            let Some(slot) = elsewhere.into_iter().find(shorter) else { continue };
            if slot < from {
                path[slot + 1..=to].rotate_right(length);
            } else {
                path[from..=slot].rotate_left(length);
            }
            improved = true;
        }
        improved
    }

    fn route(&self, path: &[usize]) -> Route {
        let total_m = path.windows(2).map(|step| self.distance_m(step[0], step[1])).sum();
        Route { order: path.iter().skip(1).map(|place| place - 1).collect(), total_m }
    }
}

/// Walks to the nearest point not yet visited, again and again.
pub fn nearest_neighbour_order(start: Point, points: &[Point]) -> Route {
    let map = Map::new(start, points);
    map.route(&map.nearest_neighbours())
}

/// A short walk (步行顺序) from `start` over all points, not returning: the nearest neighbour's
/// order, improved by turning stretches round (2-opt) and moving them (Or-opt) until nothing helps. Meant for a day's
/// visits; time grows with the square of their number.
pub fn walking_order(start: Point, points: &[Point]) -> Route {
    let map = Map::new(start, points);
    let mut path = map.nearest_neighbours();
    for _ in 0..MAX_SWEEPS {
        let turned = map.two_opt(&mut path);
        let moved = map.or_opt(&mut path);
        if !turned && !moved {
            break;
        }
    }
    map.route(&path)
}
