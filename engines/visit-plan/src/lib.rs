//! visit-plan
