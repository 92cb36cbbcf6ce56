//! The files of a pack, and the pack that is compiled in.

/// The files of a pack, all of them and no others.
pub const FILES: [&str; 15] = [
    "pack.toml",
    "territory.toml",
    "team.toml",
    "register.toml",
    "intervals.toml",
    "deadlines.toml",
    "survey.toml",
    "meetings.toml",
    "shifts.toml",
    "scoring.toml",
    "ledgers.toml",
    "scenes.toml",
    "documents.toml",
    "work.toml",
    "governance.toml",
];

/// The pack compiled in, file by file in the order of [`FILES`].
pub(crate) const EMBEDDED: [&str; 15] = [
    include_str!("../policies/xianghuaqiao-2023/pack.toml"),
    include_str!("../policies/xianghuaqiao-2023/territory.toml"),
    include_str!("../policies/xianghuaqiao-2023/team.toml"),
    include_str!("../policies/xianghuaqiao-2023/register.toml"),
    include_str!("../policies/xianghuaqiao-2023/intervals.toml"),
    include_str!("../policies/xianghuaqiao-2023/deadlines.toml"),
    include_str!("../policies/xianghuaqiao-2023/survey.toml"),
    include_str!("../policies/xianghuaqiao-2023/meetings.toml"),
    include_str!("../policies/xianghuaqiao-2023/shifts.toml"),
    include_str!("../policies/xianghuaqiao-2023/scoring.toml"),
    include_str!("../policies/xianghuaqiao-2023/ledgers.toml"),
    include_str!("../policies/xianghuaqiao-2023/scenes.toml"),
    include_str!("../policies/xianghuaqiao-2023/documents.toml"),
    include_str!("../policies/xianghuaqiao-2023/work.toml"),
    include_str!("../policies/xianghuaqiao-2023/governance.toml"),
];
