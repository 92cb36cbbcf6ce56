//! The whole program: every route, crashes, backups, moves, and the commands.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod api;
    mod bad_input;
    mod commands;
    mod crashes;
    mod engines;
    mod hidden;
    mod journeys;
    mod keeping;
    mod keys;
    mod matrix;
    mod pages;
    mod papers;
    mod plans;
    mod published;
    mod records;
    mod routes;
    mod storm;
    mod tables;
    mod towns;
    mod world;
}
