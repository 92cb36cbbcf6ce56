//! Messages to a WeCom group (企业微信群机器人, R23): what the grid's channel posts goes outside through a queue, free of
//! personal data.
//!
//! The leader enters the robot's address once ([`robot`]); it is sealed and never shown again. What is to go out waits in
//! an [`outbox`] that respects the robot's limit, is tried again with growing gaps, and is given up where everybody sees
//! it. The [`guard`] looks at every text a last time before it leaves the house ([`send`]).

mod doors;
pub mod guard;
pub mod outbox;
pub mod robot;
pub mod send;

pub use send::run_forever;
