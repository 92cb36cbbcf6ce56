//! The closed lists of the register. What is stored is the code; pages show `<list>-<code>` from the texts.

use cn_identity::DocumentKind;

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every one, in the order of forms.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The prefix of its texts.
            pub const PREFIX: &'static str = $prefix;
            /// The stable code, as stored.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)+ _ => None } }
            /// Code and text key of each, for a choice on a form.
            pub fn choices() -> Vec<(&'static str, String)> {
                Self::ALL.iter().map(|v| (v.code(), format!("{}-{}", $prefix, v.code()))).collect()
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    };
}

closed_list! {
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

closed_list! {
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

closed_list! {
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

closed_list! {
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

closed_list! {
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

closed_list! {
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

closed_list! {
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

closed_list! {
    /// The life of a standard address (地址状态).
    AddressState, "address-state" {
        /// In use (在用).
        Current = "current",
        /// Demolished (已拆除).
        Demolished = "demolished",
        /// Renumbered; the old text still resolves (已改号).
        Renumbered = "renumbered",
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
