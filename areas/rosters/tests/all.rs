//! The promises of the rosters, on every engine that is there.

mod all {
    mod access;
    mod bulk;
    mod cells;
    mod comparison;
    mod duty;
    mod pages;
    mod world;
}
