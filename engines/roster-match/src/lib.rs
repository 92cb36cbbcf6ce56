//! roster-match
