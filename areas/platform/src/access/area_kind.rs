//! What a role is held for.

use super::{Role, codes};

codes! {
    /// The kind of area a role is held for.
    AreaKind {
        /// The whole sub-district.
        Division = "division",
        /// One committee (a team leader holds several).
        Committee = "committee",
        /// One micro-grid.
        Grid = "grid",
        /// One employer.
        Employer = "employer",
        /// Only what is assigned, record by record.
        Assignment = "assignment",
    }
}

impl Role {
    /// The area such a role is held for.
    pub fn area_kind(self) -> AreaKind {
        match self {
            Role::CommitteeSecretary | Role::TeamLeader => AreaKind::Committee,
            Role::GridLeader | Role::Officer | Role::Coordinator | Role::GridWorker | Role::Volunteer => AreaKind::Grid,
            Role::HrLiaison => AreaKind::Employer,
            Role::Surveyor => AreaKind::Assignment,
            _ => AreaKind::Division,
        }
    }
}
