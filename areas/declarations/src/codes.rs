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
    }
}

impl Kind {
    /// What its review entitles staff to (boundary 7).
    pub fn purpose(self) -> Purpose {
        self.task().purpose()
    }
    /// The task it becomes.
    pub fn task(self) -> TaskKind {
        match self {
            Kind::Correction | Kind::Deletion => TaskKind::Correction,
            _ => TaskKind::Declaration,
        }
    }
    /// By when it is answered: PIPL 50 for corrections and deletions, the office's own promise for declarations.
    pub fn deadline(self) -> DeadlineId {
        match self {
            Kind::Correction | Kind::Deletion => DeadlineId::CorrectionAnswer,
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
            Kind::Change => &[EvidenceMissing, FactConfirmed, NotThere],
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
        (Kind::Move, _) | (_, Some(Field::Address)) => Outcome::Moved,
        (Kind::MoveIn, _) => Outcome::Registered,
        (Kind::MoveOut, _) | (_, Some(Field::Record)) => Outcome::Cancelled,
        _ => Outcome::Changed,
    }
}
