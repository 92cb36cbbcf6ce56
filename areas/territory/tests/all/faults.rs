//! Bad boundary files, each with its message.

use linli_territory::{
    CommitteeKind, Committees, Datum, Known,
    boundary::{
        GridShape,
        read::{self, BoundaryFault, FeatureFault, MAX_GRID_VERTICES},
        report,
    },
};
use proptest::prelude::*;
use serde_json::json;

use super::{feature, file, square};

fn committees() -> Committees {
    let known = |code: &str, name: &str| Known {
        code: code.into(),
        name: name.into(),
        official_name: format!("{name}村委会"),
        kind: CommitteeKind::Village,
        aliases: vec![],
    };
    Committees::new(vec![known("310118003218", "泾阳村"), known("310118003216", "新桥村")])
}

fn read(text: &str) -> Result<Vec<read::ReadGrid>, Vec<BoundaryFault>> {
    read::read(text, Datum::Wgs84, &committees())
}

fn fault_of(features: &[serde_json::Value]) -> (Option<usize>, FeatureFault) {
    let faults = read(&file(features)).unwrap_err();
    let BoundaryFault::Feature { number, fault } = faults[0].clone() else { panic!("{faults:?}") };
    (Some(number), fault)
}

fn ring(points: &[[f64; 2]]) -> serde_json::Value {
    feature("002", "泾阳村", &json!({ "type": "Polygon", "coordinates": [points] }))
}

#[test]
fn a_file_that_is_no_feature_collection_is_told_what_it_is_not() {
    assert_eq!(read("PK\u{3}\u{4}").unwrap_err(), [BoundaryFault::NotJson { line: 1, column: 1 }]);
    assert_eq!(read("[1, 2").unwrap_err(), [BoundaryFault::NotJson { line: 1, column: 5 }]);
    for text in ["{}", "[]", r#"{"type":"Feature"}"#, r#"{"type":"FeatureCollection","features":7}"#] {
        assert_eq!(read(text).unwrap_err(), [BoundaryFault::NotFeatureCollection], "{text}");
    }
    assert_eq!(read(r#"{"type":"FeatureCollection","features":[]}"#).unwrap_err(), [BoundaryFault::Empty]);
    let big = " ".repeat(read::MAX_BYTES + 1);
    assert_eq!(read(&big).unwrap_err(), [BoundaryFault::TooLarge { bytes: big.len() }]);
    assert!(read(&format!("\u{feff}{}", file(&[square("001", "泾阳村", 0, 0, 5)]))).is_ok(), "a byte-order mark");
}

#[test]
fn every_fault_of_a_feature_is_told_with_its_number() {
    let good = square("001", "泾阳村", 0, 0, 5);
    let bow_tie = [[121.0, 31.0], [121.01, 31.01], [121.01, 31.0], [121.0, 31.01], [121.0, 31.0]];
    let eight = [
        [121.0, 31.0],
        [121.01, 31.0],
        [121.005, 31.005],
        [121.01, 31.01],
        [121.0, 31.01],
        [121.005, 31.005],
        [121.0, 31.0],
    ];
    let many: Vec<[f64; 2]> = (0..=MAX_GRID_VERTICES).map(|i| [121.0 + i as f64 * 1e-6, 31.0]).collect();
    let cases = [
        (ring(&bow_tie), FeatureFault::CrossingRing),
        (ring(&eight), FeatureFault::CrossingRing),
        (ring(&bow_tie[..3]), FeatureFault::OpenRing),
        (ring(&[[121.0, 31.0], [121.01, 31.0], [121.0, 31.0]]), FeatureFault::TooFewCorners),
        (
            ring(&[[31.0, 121.0], [31.0, 121.01], [31.01, 121.0], [31.0, 121.0]]),
            FeatureFault::OutOfRange { lon: 31.0, lat: 121.0 },
        ),
        (ring(&many), FeatureFault::TooManyVertices { count: MAX_GRID_VERTICES + 1 }),
        (square("002", "外滩", 10, 0, 5), FeatureFault::UnknownCommittee { written: "外滩".into() }),
        (
            square("002", "泾阴村", 10, 0, 5),
            FeatureFault::UnsureCommittee { written: "泾阴村".into(), suggestions: "泾阳村".into() },
        ),
        (square("001", "泾阳村", 10, 0, 5), FeatureFault::DuplicateCode { code: "001".into(), first: 1 }),
        (square(" ", "泾阳村", 10, 0, 5), FeatureFault::MissingProperty { name: "grid_code" }),
        (square("002", "", 10, 0, 5), FeatureFault::MissingProperty { name: "committee" }),
        (
            feature("002", "泾阳村", &json!({ "type": "Point", "coordinates": [121.0, 31.0] })),
            FeatureFault::NotPolygon { found: "Point" },
        ),
        (feature("002", "泾阳村", &json!(null)), FeatureFault::NoGeometry),
        (json!({ "type": "Feature", "properties": {}, "geometry": { "type": "Polygon" } }), FeatureFault::Malformed),
        (json!("nothing"), FeatureFault::Malformed),
    ];
    for (bad, expected) in cases {
        assert_eq!(fault_of(&[good.clone(), bad]), (Some(2), expected));
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let faults = read(&file(&[square("1", "外滩", 0, 0, 5), square("2", "泾阳村", 5, 0, 5), square("3", "", 0, 5, 5)]));
    let numbers: Vec<_> = faults.unwrap_err().iter().map(BoundaryFault::number).collect();
    assert_eq!(numbers, [Some(1), Some(3)]);
}

#[test]
fn grids_further_apart_than_a_sub_district_are_a_fault_of_the_file() {
    let far = read(&file(&[square("1", "泾阳村", 0, 0, 5), square("2", "泾阳村", 2000, 0, 5)])).unwrap_err();
    assert_eq!(far, [BoundaryFault::TooWide]);
}

fn shapes(features: &[serde_json::Value]) -> Vec<GridShape> {
    let grid = |g: read::ReadGrid| GridShape {
        grid_id: uuid::Uuid::from_u128(g.number as u128).into(),
        code: g.code,
        name: g.name,
        committee_code: g.committee_code,
        shape: g.shape,
    };
    read(&file(features)).unwrap().into_iter().map(grid).collect()
}

#[test]
fn overlapping_grids_are_told_with_both_codes_and_square_metres() {
    // Two squares of 10/1000 degree that share a strip of 1/1000: some 95 m by 1,109 m.
    let report = report::geometry(&shapes(&[square("a", "泾阳村", 0, 0, 10), square("b", "泾阳村", 9, 0, 10)]));
    assert_eq!(report.overlaps.len(), 1);
    let overlap = &report.overlaps[0];
    assert_eq!((overlap.a.as_str(), overlap.b.as_str()), ("a", "b"));
    assert!((105_000.0..107_000.0).contains(&overlap.m2), "{}", overlap.m2);
    assert!(report.gaps.is_empty());
}

#[test]
fn neighbours_that_share_a_border_neither_overlap_nor_gap() {
    let report = report::geometry(&shapes(&[square("a", "泾阳村", 0, 0, 10), square("b", "泾阳村", 10, 0, 10)]));
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.pieces, 1);
}

#[test]
fn an_overlap_below_one_square_metre_is_a_sliver_and_not_told() {
    // 1e-7 degree is about 1 cm, so the strip has some 0.1 m2.
    let mut close = square("b", "泾阳村", 10, 0, 1);
    for point in close["geometry"]["coordinates"][0].as_array_mut().unwrap() {
        let lon = point[0].as_f64().unwrap();
        point[0] = json!(lon - 5e-9);
    }
    let report = report::geometry(&shapes(&[square("a", "泾阳村", 0, 0, 10), close]));
    assert!(report.overlaps.is_empty(), "{report:?}");
}

#[test]
fn ground_enclosed_by_grids_but_in_none_is_a_gap() {
    // Eight squares around an empty one.
    let around = [(0, 0), (5, 0), (10, 0), (0, 5), (10, 5), (0, 10), (5, 10), (10, 10)];
    let all: Vec<_> =
        around.iter().enumerate().map(|(i, (x, y))| square(&format!("g{i}"), "泾阳村", *x, *y, 5)).collect();
    let report = report::geometry(&shapes(&all));
    assert_eq!((report.overlaps.len(), report.gaps.len()), (0, 1));
    let gap = &report.gaps[0];
    assert!((gap.at.0 - 121.0075).abs() < 0.003 && (gap.at.1 - 31.0075).abs() < 0.003);
    assert!((260_000.0..270_000.0).contains(&gap.m2), "{}", gap.m2);
}

#[test]
fn gcj_02_coordinates_are_turned_back() {
    let text = file(&[square("1", "泾阳村", 50, 170, 5)]);
    let shifted = read::read(&text, Datum::Gcj02, &committees()).unwrap();
    let plain = read(&text).unwrap();
    let corner = |grids: &[read::ReadGrid]| grids[0].shape.0[0].exterior().0[0];
    let (moved, was) = (corner(&shifted), corner(&plain));
    // In Shanghai the shift is some 0.0045 degrees west and 0.002 north.
    assert!((0.003..0.006).contains(&(was.x - moved.x)), "{}", was.x - moved.x);
    assert!((0.001..0.004).contains(&(moved.y - was.y).abs()), "{}", moved.y - was.y);
}

proptest! {
    #[test]
    fn any_text_is_refused_or_read_but_never_a_panic(text in "\\PC{0,200}") {
        let _ = read(&text);
    }
    #[test]
    fn any_ring_is_refused_or_read(points in proptest::collection::vec((120.9f64..121.2, 30.9f64..31.2), 0..12)) {
        let mut all: Vec<[f64; 2]> = points.iter().map(|(x, y)| [*x, *y]).collect();
        all.extend(all.first().copied());
        if let Ok(grids) = read(&file(&[ring(&all)])) {
            prop_assert_eq!(grids.len(), 1);
        }
    }
}
