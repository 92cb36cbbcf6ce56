//! The survey's promises, on every engine that is there.

mod all {
    mod answers;
    mod draws;
    mod pages;
    mod past;
    mod texts;
    mod town;
}
