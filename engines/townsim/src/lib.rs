//! townsim
