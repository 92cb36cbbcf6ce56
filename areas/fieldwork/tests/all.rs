//! What field work promises, on every engine that is there.

mod all {
    mod door;
    mod pages;
    mod rules;
    mod today;
    mod visits;
    mod world;
}
