//! Residents' own pages: the entrance, the own record, what is asked for and how it is answered.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod answers;
    mod asking;
    mod care;
    mod entrance;
    mod expiring;
    mod gateway;
    mod letting;
    mod newcomers;
    mod notices;
    mod pages;
    mod proof;
    mod receipts;
    mod representatives;
    mod sources;
    mod world;
}
