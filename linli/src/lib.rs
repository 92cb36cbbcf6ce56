//! The binary's parts: which areas there are, how an installation is put together and served, the demonstration, and
//! the commands.
//!
//! `linli` walks the list of [`areas`] and injects what areas cannot know: the answer to "who sees what"
//! (`team`), where premises lie (`register`), and the typesetter (`documents`). Nothing here is a rule of the work.

pub mod areas;
pub mod commands;
pub mod demo;
pub mod failure;
pub mod serve;
pub mod start;

pub use areas::areas;
pub use failure::{Failure, Outcome};
