//! Posts (岗位): what somebody is appointed to, the role it gives, and whether it writes to the register.

use linli_platform::access::{AreaKind, Role};

macro_rules! posts {
    ($($(#[$doc:meta])* $variant:ident = $code:literal => $role:ident, [$($word:literal),*]);+ $(;)?) => {
        /// A post. Fluent texts: `post-<code>` and, what it does in a sentence, `post-duty-<code>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Post { $($(#[$doc])* $variant),+ }
        impl Post {
            /// Every post, in the order in which a team is shown.
            pub const ALL: &'static [Post] = &[$(Post::$variant),+];
            /// The stable code, as stored.
            pub fn code(self) -> &'static str { match self { $(Post::$variant => $code),+ } }
            /// By code.
            pub fn from_code(code: &str) -> Option<Post> { match code { $($code => Some(Post::$variant),)+ _ => None } }
            /// The role that the post gives to an account.
            pub fn role(self) -> Role { match self { $(Post::$variant => Role::$role),+ } }
            /// The ways in which tables write it.
            fn words(self) -> &'static [&'static str] { match self { $(Post::$variant => &[$($word),*]),+ } }
        }
    };
}

posts! {
    /// Grid leader (微网格长).
    GridLeader = "grid-leader" => GridLeader, ["微网格长", "网格长"];
    /// Community officer (社区民警).
    Officer = "officer" => Officer, ["社区民警", "民警"];
    /// Coordinator (社区综合协管员).
    Coordinator = "coordinator" => Coordinator, ["社区综合协管员", "综合协管员", "协管员"];
    /// Full-time grid worker (专职网格员).
    GridWorker = "grid-worker" => GridWorker, ["专职网格员", "网格员"];
    /// Social worker (社工).
    SocialWorker = "social-worker" => Volunteer, ["社工", "社区工作者"];
    /// Property guard (物业保安).
    PropertyGuard = "property-guard" => Volunteer, ["物业保安", "保安", "物业人员"];
    /// Estate agent (房产中介人员).
    EstateAgent = "estate-agent" => Volunteer, ["房产中介人员", "房产中介", "中介"];
    /// Volunteer (志愿者).
    Volunteer = "volunteer" => Volunteer, ["志愿者", "平安志愿者"];
    /// Employer's HR liaison (企业人事联络员).
    HrLiaison = "hr-liaison" => HrLiaison, ["企业人事联络员", "人事联络员", "企业联络员"];
    /// Committee secretary (村居书记).
    CommitteeSecretary = "committee-secretary" => CommitteeSecretary, ["村居书记", "书记", "党组织书记"];
    /// Police-team leader (社区警务队长).
    TeamLeader = "team-leader" => TeamLeader, ["社区警务队长", "警务队长"];
    /// Task force (专班).
    TaskForce = "task-force" => TaskForce, ["专班", "专班成员", "街道分管领导"];
    /// Police station (派出所).
    Station = "station" => Station, ["派出所"];
    /// Population office (人口办).
    PopulationOffice = "population-office" => PopulationOffice, ["人口办"];
    /// Urban-operation centre (城运中心).
    OperationCentre = "operation-centre" => OperationCentre, ["城运中心"];
    /// Data steward (数据核查专管员).
    DataSteward = "data-steward" => DataSteward, ["数据核查专管员", "专管员"];
    /// Surveyor (测查员).
    Surveyor = "surveyor" => Surveyor, ["测查员"];
    /// Assessor (考核组).
    Assessor = "assessor" => Assessor, ["考核组", "考核员"];
    /// System administrator (系统管理员).
    SystemAdmin = "system-admin" => SystemAdmin, [];
    /// Security officer (安全管理员).
    SecurityOfficer = "security-officer" => SecurityOfficer, [];
    /// Auditor (审计管理员).
    Auditor = "auditor" => Auditor, [];
}

impl Post {
    /// From a cell of a table: the code, or one of the words for it.
    pub fn read(text: &str) -> Option<Post> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        Post::ALL.iter().copied().find(|p| p.code() == text || p.words().contains(&text.as_str()))
    }
    /// The kind of area it is held for.
    pub fn area_kind(self) -> AreaKind {
        self.role().area_kind()
    }
    /// Whether it is one of the N (N 类成员): volunteers and liaisons, the full-time grid worker among them (R3).
    pub fn is_n(self) -> bool {
        use Post::{EstateAgent, GridWorker, HrLiaison, PropertyGuard, SocialWorker, Volunteer};
        matches!(self, GridWorker | SocialWorker | PropertyGuard | EstateAgent | Volunteer | HrLiaison)
    }
    /// Whether it is one of the three: leader, officer, coordinator.
    pub fn is_of_three(self) -> bool {
        matches!(self, Post::GridLeader | Post::Officer | Post::Coordinator)
    }
    /// How many may hold it in one grid at a time; none is no limit (R3: one leader, one officer, one or more
    /// coordinators). Stand-ins do not count.
    pub fn most_per_grid(self) -> Option<usize> {
        matches!(self, Post::GridLeader | Post::Officer).then_some(1)
    }
    /// Whether a team's member with this post writes to the register: the three and full-time grid workers; other
    /// N members report (R3).
    pub fn writes_register(self) -> bool {
        self.is_of_three() || self == Post::GridWorker
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_platform::access::Action;
    use policy_pack::Pack;

    #[test]
    fn the_three_and_full_time_grid_workers_write_to_the_register_and_other_members_report() {
        for post in Post::ALL.iter().filter(|p| p.is_n() || p.is_of_three()) {
            assert_eq!(post.writes_register(), post.role().allows(Action::RegisterWrite), "{post:?}");
        }
    }

    #[test]
    fn the_posts_say_what_the_policy_pack_says() {
        let pack = Pack::embedded();
        for (post, id) in [
            (Post::GridLeader, "grid-leader"),
            (Post::Officer, "community-officer"),
            (Post::Coordinator, "coordinator"),
        ] {
            let role = pack.team.roles.iter().find(|r| r.id.code() == id).unwrap();
            assert_eq!(role.max_per_grid.map(|n| n as usize), post.most_per_grid(), "{post:?}");
            assert_eq!(role.writes_register, post.writes_register(), "{post:?}");
        }
        for kind in &pack.team.member_kinds {
            let id = if kind.id == "full-time-grid-worker" { "grid-worker" } else { kind.id.as_str() };
            let post = Post::from_code(id).unwrap();
            assert!(post.is_n());
            assert_eq!(kind.writes_register, post.writes_register(), "{post:?}");
        }
    }

    #[test]
    fn a_post_is_read_by_code_and_by_the_words_of_the_field() {
        for (text, post) in
            [("grid-leader", Post::GridLeader), ("社区综合 协管员", Post::Coordinator), ("社工", Post::SocialWorker)]
        {
            assert_eq!(Post::read(text), Some(post));
        }
        assert_eq!(Post::read("科长"), None);
    }
}
