//! The closed lists of the register. What is stored is the code; pages show `<list>-<code>` from the texts.

use cn_identity::DocumentKind;
use linli_platform::codes;

codes! {
    /// Where a fact comes from (信息来源).
    Source, "source" {
        /// Seen at the door (上门采集).
        DoorVisit = "door-visit",
        /// Declared by the person (自主申报).
        SelfDeclaration = "self-declaration",
        /// Told by the landlord or agent (出租人申报).
        Landlord = "landlord",
        /// Told by the employer (用人单位申报).
        Employer = "employer",
        /// On an employer's roster (花名册).
        Roster = "roster",
        /// From a data check (数据核查).
        DataCheck = "data-check",
        /// The person at the counter (窗口办理).
        Counter = "counter",
        /// From an imported table (批量导入).
        Import = "import",
    }
}

codes! {
    /// What kind of premises a home is (房屋类型).
    HomeKind, "home-kind" {
        /// A flat of one household (成套住宅).
        Flat = "flat",
        /// A house in a village (农村宅基房).
        House = "house",
        /// Let by the room (合租房).
        SharedLet = "shared-let",
        /// A dormitory (集体宿舍).
        Dormitory = "dormitory",
        /// A shop that is lived in (沿街商铺).
        Shop = "shop",
        /// A basement (地下室).
        Basement = "basement",
        /// A field hut (田间窝棚).
        FieldHut = "field-hut",
        /// A hut on a building site (工地板房).
        SiteHut = "site-hut",
        /// Premises without homes (非居住房屋).
        Workplace = "workplace",
        /// Anything else (其他).
        Other = "other",
    }
}

codes! {
    /// Who decides over a home (租住形式).
    Tenancy, "tenancy" {
        /// The owners live there alone (自住).
        OwnerOccupied = "owner-occupied",
        /// The owners live there and let rooms (部分出租).
        PartLet = "part-let",
        /// Let (出租).
        Let = "let",
        /// Provided by an employer (单位提供).
        Employer = "employer",
        /// Not known yet (未知).
        Unknown = "unknown",
    }
}

codes! {
    /// Whether somebody lives there (居住状态).
    Occupancy, "occupancy" {
        /// Lived in (有人居住).
        Occupied = "occupied",
        /// Empty (空置).
        Vacant = "vacant",
        /// Not known yet (未知).
        Unknown = "unknown",
    }
}

codes! {
    /// The label of premises that decides how often they are visited (房屋标签, R18).
    Label, "label" {
        /// Crowded or fast-changing (人员密集或流动频繁).
        Crowded = "crowded",
        /// Informal dwelling (非正规居住场所).
        Informal = "informal",
        /// Vacant (空置).
        Vacant = "vacant",
        /// Care visits that the residents asked for, with consent on file (关爱走访).
        Care = "care",
    }
}

codes! {
    /// Why a registration is cancelled (注销原因).
    CancelReason, "cancel-reason" {
        /// Moved out of the sub-district (迁离本街道).
        MovedAway = "moved-away",
        /// Left and not found (已离开，去向未申报).
        Left = "left",
        /// Died (死亡).
        Died = "died",
        /// Registered twice (重复登记).
        Duplicate = "duplicate",
        /// Registered in error (登记有误).
        Error = "error",
    }
}

codes! {
    /// Sex as the document tells it (性别).
    SexCode, "sex" {
        /// 女
        Female = "female",
        /// 男
        Male = "male",
        /// Neither told nor in the number (未填).
        Unstated = "unstated",
    }
}

codes! {
    /// A fact of a registration (登记项目): each has its own source, and its own time of seeing and of entering.
    Fact, "register-field" {
        /// 姓名
        Name = "name",
        /// Kind and number of the document (证件).
        Document = "document",
        /// 手机号
        Phone = "phone",
        /// 性别
        Sex = "sex",
        /// 出生日期
        Birth = "birth",
        /// Household registration, local or elsewhere (户籍类型).
        Local = "local",
        /// The home of the main residence (居住地址).
        Residence = "residence",
        /// 工作单位
        Employer = "employer",
    }
}

codes! {
    /// A fact of a home (房屋登记项目), each with its own source and times. The label has a history of its own (R18).
    HomeFact, "register-field" {
        /// 房屋类型
        Kind = "home-kind",
        /// 租住形式
        Tenancy = "home-tenancy",
        /// 居住状态
        Occupancy = "home-occupancy",
        /// 可住人数
        Places = "home-places",
        /// 产权人
        Owner = "home-owner",
        /// 出租人
        Landlord = "home-landlord",
        /// 出租人电话
        LandlordPhone = "home-landlord-phone",
        /// 中介机构
        Agent = "home-agent",
        /// The employer that provides it (提供住房的单位).
        Employer = "home-employer",
    }
}

codes! {
    /// A fact of an employer (单位登记项目), each with its own source and times.
    EmployerFact, "register-field" {
        /// 统一社会信用代码
        OrgCode = "employer-org-code",
        /// 单位名称
        Name = "employer-name",
        /// 行业
        Business = "employer-business",
        /// 场所名称
        Site = "employer-site",
        /// 单位地址
        Address = "employer-address",
        /// 从业人数
        Staff = "employer-staff",
        /// 报送花名册
        Roster = "employer-roster",
        /// 联络员
        Liaison = "employer-liaison",
        /// 联络员电话
        LiaisonPhone = "employer-liaison-phone",
    }
}

codes! {
    /// Whether an employer is there (单位状态).
    EmployerState, "employer-state" {
        /// 在营
        Current = "current",
        /// Closed or moved away (已停业或迁出).
        Closed = "closed",
    }
}

codes! {
    /// Why a fact is put right that was wrong from the beginning (更正原因).
    CorrectionReason, "correction" {
        /// Mistyped or misread at entry (录入有误).
        Mistyped = "mistyped",
        /// Told wrongly by whoever told it (申报有误).
        Mistold = "mistold",
        /// Somebody else's fact (误记了他人信息).
        OthersFact = "others-fact",
    }
}

codes! {
    /// Why the address of a registration is in doubt (住址存疑原因). Causes are about the registration; none is about the
    /// person.
    DoubtCause, "doubt-cause" {
        /// Nobody of the household was met at several visits (多次上门未遇).
        NotMet = "not-met",
        /// The landlord or agent says that the tenancy ended (出租人称已退租).
        LandlordReport = "landlord-report",
        /// A roster names another address (花名册地址不一致).
        RosterDiffers = "roster-differs",
        /// A data check lists a discrepancy (数据核查不一致).
        DataCheck = "data-check",
        /// The resident says that it is not right (本人提出有误).
        ResidentSays = "resident-says",
        /// The house is being demolished or renumbered (房屋拆除或改号).
        HouseChanges = "house-changes",
    }
}

codes! {
    /// How a doubt was settled (核实结果).
    DoubtOutcome, "doubt-outcome" {
        /// The address is right (住址无误).
        Confirmed = "confirmed",
        /// The doubt had no ground (原疑问不成立).
        Unfounded = "unfounded",
        /// The person moved, and the registration with them (已变更住址).
        Moved = "moved",
        /// The address was put right (住址已更正).
        Corrected = "corrected",
        /// The registration was cancelled (已注销).
        Cancelled = "cancelled",
    }
}

impl DoubtOutcome {
    /// What somebody can say; the others come with what is done to the registration.
    pub const SAID: [DoubtOutcome; 2] = [DoubtOutcome::Confirmed, DoubtOutcome::Unfounded];
}

codes! {
    /// What a row of the daily file reports (变更类型).
    ReportKind, "report-kind" {
        /// 新增
        New = "new",
        /// 变更
        Changed = "changed",
        /// 注销
        Cancelled = "cancelled",
    }
}

codes! {
    /// What the official register made of a row (处理结果).
    ReportResult, "report-result" {
        /// 已接收
        Accepted = "accepted",
        /// 已退回
        Rejected = "rejected",
    }
}

codes! {
    /// Why the official register refused a row (退回原因).
    ReportReason, "report-reason" {
        /// The number does not fit the person (证件号码不符).
        Number = "number",
        /// The name does not fit the number (姓名不符).
        Name = "name",
        /// The address is none there (地址不存在).
        Address = "address",
        /// Registered in another jurisdiction (已在别处登记).
        KnownElsewhere = "known-elsewhere",
        /// Anything else (其他).
        Other = "other",
    }
}

codes! {
    /// The life of a standard address (地址状态).
    AddressState, "address-state" {
        /// In use (在用).
        Current = "current",
        /// Demolished (已拆除).
        Demolished = "demolished",
    }
}

impl From<cn_identity::Sex> for SexCode {
    fn from(sex: cn_identity::Sex) -> Self {
        match sex {
            cn_identity::Sex::Female => SexCode::Female,
            cn_identity::Sex::Male => SexCode::Male,
        }
    }
}

/// The kinds of document that people show, for a choice on a form (an organisation's code is none).
pub fn document_choices() -> Vec<(&'static str, String)> {
    DocumentKind::ALL
        .into_iter()
        .filter(|k| *k != DocumentKind::Organisation)
        .map(|k| (k.code(), format!("doc-kind-{}", k.code())))
        .collect()
}
