//! The binary's parts: which areas there are, how an installation is put together and served, the demonstration, and
//! the commands.
//!
//! `linli` walks the list of [`areas`] and injects what areas cannot know: the answer to "who sees what"
//! (`team`), where premises lie (`register`), and the typesetter (`documents`). Nothing here is a rule of the work.

/// Prints a line; whoever listens may have gone away, which is no fault of the command.
#[macro_export]
macro_rules! say {
    ($($arg:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($arg)*);
    }};
}

pub mod areas;
pub mod commands;
pub mod demo;
pub mod failure;
mod messages;
pub mod privacy;
mod said;
pub mod serve;
mod signing_in;
pub mod start;
pub mod usage;

pub use areas::areas;
pub use failure::{Failure, Outcome};
