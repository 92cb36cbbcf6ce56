//! What the area promises of tasks, notices and the channel, on every engine that is there.

mod all {
    mod channel;
    mod kinds;
    mod notices;
    mod tasks;
    mod world;
}
