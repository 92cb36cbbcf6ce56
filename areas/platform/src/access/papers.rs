//! Who may do what with numbered documents (R36).

use super::{Action, Role};

/// What a role allows of it.
pub(super) fn allowed(role: Role) -> &'static [Action] {
    use Action::*;
    match role {
        Role::PopulationOffice => &[PaperRead, PaperIssue, PaperKeep],
        Role::TeamLeader | Role::GridLeader => &[PaperRead, PaperIssue],
        Role::TaskForce | Role::Station | Role::CommitteeSecretary | Role::Officer | Role::Coordinator => &[PaperRead],
        _ => &[],
    }
}
