#![doc = include_str!("../README.md")]

mod again;
mod by_size;
mod digest;
mod draw;
mod dual;
mod estimate;
mod frame;
mod interval;
mod receipt;
mod replicate;
mod seed;
mod size;
mod variance;

pub use again::{again_size, draw_again};
pub use by_size::Chance;
pub use digest::{Digest, DigestError};
pub use draw::{Draw, DrawError, Drawn, Method, Plan, Shortfall, StratumDraw, draw, rank};
pub use dual::{DualError, DualEstimate, Listed, dual_system};
pub use estimate::{
    Cluster, Design, DrawnOf, Estimate, EstimateError, IntervalMethod, ItemsOf, Surveyed, Verdict, accuracy,
    accuracy_by_item, over_registration, ratio, registration_rate, verdict,
};
pub use frame::{Frame, FrameError, Unit};
pub use interval::{Interval, clopper_pearson, exact_finite, one_sided_lower, wilson};
pub use receipt::{Announcement, Mismatch, Receipt, ReceiptError, verify, verify_announced};
pub use replicate::{Replicate, Replicates, replicate_weights};
pub use seed::{Commitment, Opening, PartyCommitment, PartyOpening, Seed, SeedError, derive_seed};
pub use size::{TooFewPeople, sample_needed, smallest_sample, smallest_sample_of, too_few_people};
