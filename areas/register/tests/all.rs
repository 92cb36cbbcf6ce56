//! The register's promises, on every engine that is there.

mod all {
    mod bulk;
    mod figures;
    mod importing;
    mod pages;
    mod people;
    mod reading;
    mod rules;
    mod searching;
    mod world;
}
