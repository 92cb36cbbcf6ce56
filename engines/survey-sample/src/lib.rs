#![doc = include_str!("../README.md")]

mod digest;
mod draw;
mod estimate;
mod frame;
mod interval;
mod receipt;
mod seed;
mod size;

pub use digest::{Digest, DigestError};
pub use draw::{Draw, DrawError, Drawn, Method, Plan, Shortfall, StratumDraw, draw, rank};
pub use estimate::{
    Cluster, Design, Estimate, EstimateError, IntervalMethod, Surveyed, Verdict, accuracy, over_registration, ratio,
    registration_rate, verdict,
};
pub use frame::{Frame, FrameError, Unit};
pub use interval::{Interval, clopper_pearson, one_sided_lower, wilson};
pub use receipt::{Announcement, Mismatch, Receipt, ReceiptError, verify, verify_announced};
pub use seed::{Commitment, Opening, PartyCommitment, PartyOpening, Seed, SeedError, derive_seed};
pub use size::{sample_needed, smallest_sample};
