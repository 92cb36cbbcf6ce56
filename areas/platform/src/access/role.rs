//! The roles (角色) of REQUIREMENTS.md.

use super::codes;

codes! {
    /// A role (角色). Fluent text: `role-<code>`.
    Role {
        /// Sub-district leader in charge, task force (街道分管领导、专班).
        TaskForce = "task-force",
        /// Police station (派出所).
        Station = "station",
        /// Population office (人口办).
        PopulationOffice = "population-office",
        /// Urban-operation centre (城运中心).
        OperationCentre = "operation-centre",
        /// Data steward (数据核查专管员).
        DataSteward = "data-steward",
        /// Police-team leader (社区警务队长).
        TeamLeader = "team-leader",
        /// Committee secretary (村居书记).
        CommitteeSecretary = "committee-secretary",
        /// Grid leader (微网格长).
        GridLeader = "grid-leader",
        /// Community officer (社区民警).
        Officer = "officer",
        /// Coordinator (社区综合协管员).
        Coordinator = "coordinator",
        /// Full-time grid worker (专职网格员).
        GridWorker = "grid-worker",
        /// Other N member: volunteer, guard, agent (N 成员).
        Volunteer = "volunteer",
        /// Employer's HR liaison (单位人事联络员).
        HrLiaison = "hr-liaison",
        /// Surveyor with a dated assignment (测查员).
        Surveyor = "surveyor",
        /// Assessor (考核组).
        Assessor = "assessor",
        /// System administrator (系统管理员).
        SystemAdmin = "system-admin",
        /// Security officer (安全管理员).
        SecurityOfficer = "security-officer",
        /// Auditor (审计管理员).
        Auditor = "auditor",
    }
}
