//! Tile paths (C2SP tlog-tiles, "Merkle Tree").

use proptest::prelude::*;
use transparency_log::Tile;

#[test]
fn paths_of_the_specification_hold() {
    for (tile, path) in [
        (Tile { level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"),
        (Tile { level: 63, index: 0, width: 1 }, "tile/63/000.p/1"),
        (Tile { level: 1, index: 1000, width: 255 }, "tile/1/x001/000.p/255"),
    ] {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse_path(path), Ok(tile));
    }
}

#[test]
fn every_other_spelling_is_refused() {
    for path in [
        "",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/67",
        "tile/00/067",
        "tile/+1/067",
        "tile/64/067",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/01",
        "tile/0/067.p/",
        "tile/0/+67",
        "/tile/0/067",
        "tile/0/067/",
        "tile/entries/067",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(Tile::parse_path(path).is_err(), "{path}");
    }
}

proptest! {
    #[test]
    fn a_path_reads_back_as_its_tile(level in 0_u8..=63, index in any::<u64>(), width in 1_u16..=256) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(Tile::parse_path(&tile.path()), Ok(tile));
    }

    #[test]
    fn reading_a_path_never_panics(path in "(tile/)?[0-9x/.p+]{0,24}") {
        if let Ok(tile) = Tile::parse_path(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }
}
