//! Residents' own pages: the entrance, the own record, what is asked for and how it is answered.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod answers;
    mod api;
    mod asking;
    mod care;
    mod doubting;
    mod entrance;
    mod expiring;
    mod gateway;
    mod hard_names;
    mod letting;
    mod newcomers;
    mod notices;
    mod others;
    mod own_readings;
    mod pages;
    mod proof;
    mod receipts;
    mod representatives;
    mod signs;
    mod sources;
    mod world;
}
