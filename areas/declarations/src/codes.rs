//! The closed lists of the area. What is stored is the code; pages show `<list>-<code>` from the texts.

use linli_platform::{codes, reader::Purpose};
use linli_work::{Outcome, TaskKind};
use policy_pack::DeadlineId;

codes! {
    /// What a resident asks for (申报种类). Fluent text: `declaration-kind-<code>`.
    Kind {
        /// Moved to another home of the sub-district (变更居住地址).
        Move = "move",
        /// Somebody joins the own home (同住人员登记).
        MoveIn = "move-in",
        /// Leaves the sub-district (离开申报).
        MoveOut = "move-out",
        /// A fact has changed (信息变更).
        Change = "change",
        /// A fact is wrong (更正).
        Correction = "correction",
        /// A fact or the record is to be deleted (删除).
        Deletion = "deletion",
        /// Somebody of the household moves along, named by the resident; or a child, by its guardian (同住人随迁).
        MoveAlong = "move-along",
        /// Somebody of the household, or a child, leaves the sub-district too (同住人一并离开).
        LeaveAlong = "leave-along",
        /// A fact about a child under 14 is wrong, the guardian says (监护人代为更正, PIPL 31).
        ChildCorrection = "child-correction",
        /// Somebody who is not registered yet declares the own move in, with the household (新来人员登记).
        Newcomer = "newcomer",
        /// A landlord or agent: tenants moved in (租客入住, R13).
        TenantIn = "tenant-in",
        /// A landlord or agent: a tenant moved out (租客搬离).
        TenantOut = "tenant-out",
        /// A landlord or agent: a tenancy starts (租赁开始).
        TenancyStart = "tenancy-start",
        /// A landlord or agent: a tenancy ends, everybody leaves (租赁结束).
        TenancyEnd = "tenancy-end",
    }
}

impl Kind {
    /// What somebody who is registered can ask for, on the own page or at the counter.
    pub const OF_RESIDENTS: &'static [Kind] = &[
        Kind::Move,
        Kind::MoveIn,
        Kind::MoveOut,
        Kind::Change,
        Kind::Correction,
        Kind::Deletion,
        Kind::MoveAlong,
        Kind::LeaveAlong,
        Kind::ChildCorrection,
    ];
    /// What a resident declares for somebody else, named by name and number.
    pub const FOR_OTHERS: &'static [Kind] = &[Kind::MoveAlong, Kind::LeaveAlong, Kind::ChildCorrection];
    /// What a landlord or agent declares of a home.
    pub const OF_LETTING: &'static [Kind] = &[Kind::TenantIn, Kind::TenantOut, Kind::TenancyStart, Kind::TenancyEnd];
    /// Whether it is about somebody whom the resident names.
    pub fn is_for_another(self) -> bool {
        Kind::FOR_OTHERS.contains(&self)
    }
    /// What is declared of others of the household beside the own; none where it is about one person.
    pub fn along(self) -> Option<Kind> {
        match self {
            Kind::Move => Some(Kind::MoveAlong),
            Kind::MoveOut => Some(Kind::LeaveAlong),
            _ => None,
        }
    }
    /// Whether it is about a home, not about the record of somebody who is registered.
    pub fn is_of_a_home(self) -> bool {
        self == Kind::Newcomer || Kind::OF_LETTING.contains(&self)
    }
}

impl Kind {
    /// What its review entitles staff to (boundary 7).
    pub fn purpose(self) -> Purpose {
        match self {
            Kind::Correction | Kind::Deletion | Kind::ChildCorrection => Purpose::CorrectionRequest,
            _ => Purpose::DeclarationReview,
        }
    }
    /// The task it becomes.
    pub fn task(self) -> TaskKind {
        match self {
            Kind::Correction | Kind::Deletion | Kind::ChildCorrection => TaskKind::Correction,
            _ => TaskKind::Declaration,
        }
    }
    /// By when it is answered: PIPL 50 for corrections and deletions, the office's own promise for declarations.
    pub fn deadline(self) -> DeadlineId {
        match self {
            Kind::Correction | Kind::Deletion | Kind::ChildCorrection => DeadlineId::CorrectionAnswer,
            _ => DeadlineId::DeclarationAnswer,
        }
    }
    /// The reasons for which it can be refused, in the order of the form.
    pub fn refusals(self) -> &'static [Refusal] {
        use Refusal::*;
        match self {
            Kind::Correction => &[FactConfirmed, EvidenceMissing, NotInRegister, OtherPersonDeclares],
            Kind::Deletion => &[StatutoryDuty, StillLivesHere, RetentionRuns, EvidenceMissing],
            Kind::MoveIn => &[OtherPersonDeclares, NotThere, EvidenceMissing],
            Kind::Move | Kind::MoveOut => &[NotThere, StillLivesHere, EvidenceMissing],
            // None of them tells whether somebody of this name and number is registered.
            Kind::MoveAlong | Kind::LeaveAlong => &[OtherPersonDeclares, NotThere, EvidenceMissing],
            Kind::ChildCorrection => &[FactConfirmed, EvidenceMissing, OtherPersonDeclares],
            Kind::Change => &[EvidenceMissing, FactConfirmed, NotThere],
            Kind::Newcomer | Kind::TenantIn | Kind::TenancyStart => &[NotThere, EvidenceMissing, OtherPersonDeclares],
            Kind::TenantOut | Kind::TenancyEnd => &[StillLivesHere, NotInRegister, EvidenceMissing],
        }
    }
}

codes! {
    /// The state of what was asked for (办理状态). Fluent text: `declaration-state-<code>`.
    State {
        /// Waits for its answer (待答复).
        Open = "open",
        /// Accepted; the register was written (已办理).
        Accepted = "accepted",
        /// Refused with a reason (不予办理).
        Refused = "refused",
        /// Taken back by the resident (已撤回).
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// How it was brought (申报渠道). Fluent text: `declaration-channel-<code>`.
    Channel {
        /// On the own page (本人网页).
        OwnPage = "own-page",
        /// At the counter, by a member of staff (窗口代办).
        Counter = "counter",
        /// By another system (其他系统).
        Api = "api",
        /// By the code of the grid's sign, without being registered (扫码申报).
        Sign = "sign",
        /// By somebody whom the resident appointed (委托代办).
        Representative = "representative",
        /// By the landlord or agent (出租人、中介申报).
        Letting = "letting",
    }
}

codes! {
    /// The fact that a change, correction or deletion is about. Fluent text: `declaration-field-<code>`.
    Field {
        /// Name (姓名).
        Name = "name",
        /// Document (证件).
        Document = "document",
        /// Mobile (手机号码).
        Phone = "phone",
        /// Sex (性别).
        Sex = "sex",
        /// Birth date (出生日期).
        Birth = "birth",
        /// Household registration local or elsewhere (户籍).
        Local = "local",
        /// Employer (工作单位).
        Employer = "employer",
        /// Address of the main residence (居住地址).
        Address = "address",
        /// The whole record (整条登记).
        Record = "record",
    }
}

impl Field {
    /// Facts that can be declared changed.
    pub const CHANGES: &'static [Field] = &[Field::Phone, Field::Employer, Field::Name, Field::Document, Field::Local];
    /// Facts that can be said to be wrong.
    pub const CORRECTIONS: &'static [Field] = &[
        Field::Name,
        Field::Document,
        Field::Phone,
        Field::Address,
        Field::Employer,
        Field::Sex,
        Field::Birth,
        Field::Local,
    ];
    /// Facts of a child that its guardian can say to be wrong.
    pub const OF_CHILDREN: &'static [Field] =
        &[Field::Name, Field::Document, Field::Birth, Field::Sex, Field::Address, Field::Local];
    /// What can be asked to be deleted.
    pub const DELETIONS: &'static [Field] = &[Field::Phone, Field::Employer, Field::Record];
}

codes! {
    /// Why it was refused (不予办理的理由), a closed list (boundary 12). Fluent text: `declaration-refusal-<code>`.
    Refusal {
        /// Checked: the register is right (经核对，登记无误).
        FactConfirmed = "fact-confirmed",
        /// What would prove it was not shown (未能提供证明).
        EvidenceMissing = "evidence-missing",
        /// Not held in the register (登记中没有这一项).
        NotInRegister = "not-in-register",
        /// The law obliges the office to keep it (法定职责所必需, PIPL 13, 47).
        StatutoryDuty = "statutory-duty",
        /// The person still lives there (仍在此居住).
        StillLivesHere = "still-lives-here",
        /// It is deleted when its retention time ends (保存期限未满, PIPL 47).
        RetentionRuns = "retention-runs",
        /// The other person has to declare (需由其本人办理). Says nothing about that person.
        OtherPersonDeclares = "other-person-declares",
        /// Checked at the door: not so (上门核对不符).
        NotThere = "not-there",
    }
}

/// What a decided case makes of its task.
pub(crate) fn outcome(kind: Kind, field: Option<Field>, handed_over: bool) -> Outcome {
    match (kind, field) {
        _ if handed_over => Outcome::HandedOver,
        (Kind::Move | Kind::MoveAlong, _) | (_, Some(Field::Address)) => Outcome::Moved,
        (Kind::MoveIn | Kind::Newcomer | Kind::TenantIn, _) => Outcome::Registered,
        (Kind::MoveOut | Kind::LeaveAlong, _) | (_, Some(Field::Record)) => Outcome::Cancelled,
        _ => Outcome::Changed,
    }
}

codes! {
    /// An entrance beside the own page (入口), each with visits of its own.
    Door {
        /// Somebody who is not registered yet (新来人员).
        Newcomer = "newcomer",
        /// A landlord or agent (出租人、中介).
        Letting = "letting",
        /// Somebody appointed by a resident (委托代办人).
        Acting = "acting",
    }
}

codes! {
    /// Who answers for homes (房屋申报人). Fluent text: `liaison-kind-<code>`.
    LiaisonKind {
        /// The landlord (出租人).
        Landlord = "landlord",
        /// An agency's liaison (中介机构联络员).
        Agent = "agent",
    }
}

codes! {
    /// The authority in charge that a neglected duty is referred to (主管部门, R13). Fluent text: `authority-<code>`.
    Authority {
        /// The police station (公安派出所).
        Police = "police",
        /// Housing (房屋管理部门).
        Housing = "housing",
        /// Labour inspection (劳动保障监察).
        Labour = "labour",
        /// Market supervision (市场监督管理部门).
        Market = "market",
        /// Fire and rescue (消防救援机构).
        Fire = "fire",
    }
}

codes! {
    /// A duty that a notice reminds of (告知事项, R13). Fluent text: `duty-notice-<code>`, in full `duty-notice-text-<code>`.
    NoticeKind {
        /// Landlords and agents: declare who moves in and out of let homes (出租房屋申报).
        Tenants = "tenants",
        /// Employers: declare staff within two working days of a change (用人单位申报).
        Staff = "staff",
        /// Employers that have to: send rosters (报送花名册).
        Rosters = "rosters",
    }
}
