#![doc = include_str!("../README.md")]

#[macro_use]
mod macros;
mod check;
mod digest;
mod files;
mod forbidden;
mod pack;
mod problem;
mod rules;
mod source;
mod value;

pub use files::FILES;
pub use forbidden::{EXCLUDED_WORDS, ForbiddenKind, excluded_word, forbidden_heading};
pub use pack::{Citation, Meta, Pack, Rules};
pub use problem::{Lang, Problem, Reason};
pub use rules::deadlines::{Deadline, DeadlineId, Deadlines, Retention, RetentionId, Unit};
pub use rules::governance::{AccessRules, Administrators, Body, Governance, Measure, MeasureKind, Post};
pub use rules::meetings::{AbsenceReason, Meeting, MeetingDay, MeetingId, Meetings};
pub use rules::papers::{Document, DocumentUse, Format, Layout, Ledger, Scene, Solver};
pub use rules::register::{
    AddressForm, ComparisonClass, ComparisonId, Discrepancy, DiscrepancyId, DocumentKind, DocumentKindId, DutyBearer,
    EmployerKind, HomeType, HouseholdRegistration, NoticeId, NoticeKind, RegisterRules, RosterSender,
};
pub use rules::scoring::{
    BackCheck, Deduction, Evidence, ItemOfScore, Listing, ListingCause, Rounds, Scoring, Section, Submission,
};
pub use rules::shifts::Shifts;
pub use rules::survey::Survey;
pub use rules::team::{Duty, MemberKind, Period, Role, RoleId, Source, Team};
pub use rules::territory::{Boundaries, BoundaryCheck, Committee, CommitteeKind, Group, Territory};
pub use rules::visits::{
    CareVisit, Category, FullVerification, Hazard, Label, LabelKeepers, LabelReason, PhotoRule, Rounds as VisitRounds,
    Visits,
};
pub use rules::work::{
    Campaign, CheckItem, DailyReport, Evaluation, Level, Purpose, PurposeId, Stipend, Supervision, Task, TaskId, Work,
};
pub use value::{Item, Points, RuleNumber, Ruled, Subject};
