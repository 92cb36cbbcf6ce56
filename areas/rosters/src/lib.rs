//! rosters
