//! Who may do what in working together: meetings (R30), shifts (R31), supervision (R32), staff matters (R33) and
//! rectification (R27).

use super::{Action, Role};

/// What a role allows of it.
pub(super) fn allowed(role: Role) -> &'static [Action] {
    use Action::*;
    match role {
        Role::TaskForce => &[MeetingRead, ShiftRead, InspectionRead, InspectionPlan, SuggestionMake, SuggestionAnswer],
        Role::Station => {
            &[MeetingRead, ShiftRead, InspectionRead, InspectionPlan, SuggestionMake, MeasureRead, MeasureDecide]
        }
        Role::PopulationOffice => &[
            MeetingRead,
            ShiftRead,
            InspectionRead,
            InspectionPlan,
            SuggestionMake,
            MeasureRead,
            MeasureDecide,
            ListingDecide,
        ],
        Role::CommitteeSecretary => {
            &[MeetingRead, ShiftRead, InspectionRead, InspectionRecord, SuggestionMake, MeasureRead, MeasureDecide]
        }
        Role::TeamLeader => &[
            MeetingRead,
            MeetingConvene,
            ShiftRead,
            ShiftAcknowledge,
            InspectionRead,
            InspectionRecord,
            SuggestionMake,
            ListingDecide,
        ],
        Role::GridLeader => &[
            MeetingRead,
            MeetingConvene,
            ShiftRead,
            ShiftPlan,
            InspectionRead,
            InspectionRecord,
            FindingCorrect,
            SuggestionMake,
            MeasureRead,
            RectificationWork,
        ],
        Role::Officer => &[
            MeetingRead,
            ShiftRead,
            ShiftPlan,
            ShiftWork,
            InspectionRead,
            InspectionRecord,
            FindingCorrect,
            SuggestionMake,
            MeasureRead,
            RectificationWork,
        ],
        Role::Coordinator => &[
            MeetingRead,
            ShiftRead,
            ShiftWork,
            InspectionRead,
            InspectionRecord,
            FindingCorrect,
            SuggestionMake,
            MeasureRead,
            RectificationWork,
        ],
        Role::GridWorker => &[MeetingRead, ShiftRead, ShiftWork, InspectionRead, SuggestionMake],
        Role::Volunteer | Role::HrLiaison => &[MeetingRead, SuggestionMake],
        _ => &[],
    }
}
