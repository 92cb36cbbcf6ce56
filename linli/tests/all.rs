//! The whole program: every route, crashes, backups, moves, and the commands.

mod all {
    mod commands;
    mod crashes;
    mod engines;
    mod journeys;
    mod keeping;
    mod routes;
    mod world;
}
