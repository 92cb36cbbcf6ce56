//! The plain shapes that a town hands out. Where one thing points to another it does so by index: a
//! home's `address` is the position of the address in [`Town::addresses`](crate::Town::addresses), and so on.

use crate::private::Private;
use jiff::civil::Date;
use serde::Serialize;

/// A closed ring of longitude and latitude in degrees of WGS 84, counter-clockwise, first point repeated.
pub type Ring = Vec<[f64; 2]>;

/// What stands before every address text.
pub const ADDRESS_PREFIX: &str = "上海市青浦区香花桥街道";

/// The assessment group of a committee (考核 二(一)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Group {
    /// Residential.
    A,
    /// Mixed.
    B,
    /// Rural.
    C,
    /// Relocated villages.
    D,
}

/// A villages' or residents' committee (村居).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Committee {
    /// The statistical division code, 12 digits.
    pub code: &'static str,
    /// The official name.
    pub name: &'static str,
    /// The name that the scheme uses (R1).
    pub short_name: &'static str,
    /// The assessment group.
    pub group: Group,
    /// The community police team (社区警务队) whose area it is in, 1 to 4.
    pub police_team: u8,
    /// The boundary, on an invented map.
    pub ring: Ring,
}

/// A micro-grid (微网格).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grid {
    /// The committee's code and three digits.
    pub code: String,
    /// The name.
    pub name: String,
    /// The committee, by index.
    pub committee: u32,
    /// The committee's code.
    pub committee_code: &'static str,
    /// The boundary, on an invented map.
    pub ring: Ring,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum PremisesKind {
    /// A flat of one household (成套住宅).
    Flat,
    /// A house in a village (农村宅基房).
    House,
    /// A flat or house let by the room (合租房).
    SharedLet,
    /// A dormitory room (集体宿舍).
    Dormitory,
    /// A shop front (商铺).
    Shop,
    /// A basement (地下室).
    Basement,
    /// A field hut (田间棚).
    FieldHut,
    /// A hut on a building site (工地活动房).
    SiteHut,
    /// A plant, store or office without homes (厂房).
    Workplace,
}

/// A standard address (标准地址).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Address {
    /// The position in the town's list.
    pub id: u32,
    /// The address from the road or village on; [`ADDRESS_PREFIX`] stands before it. Unique in the town.
    pub text: Box<str>,
    /// The micro-grid, by index.
    pub grid: u32,
    /// Longitude in degrees, WGS 84.
    pub lon: f64,
    /// Latitude in degrees, WGS 84.
    pub lat: f64,
    /// What stands there.
    pub premises_kind: PremisesKind,
}

/// The label of premises that decides how often they are visited (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// 10 or more people, shared lets, dormitories: every 10 days.
    Crowded,
    /// Shops, basements and huts that are lived in: every 15 days.
    Informal,
    /// Nobody lives there: every 30 days.
    Vacant,
}

/// Who decides over a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Tenancy {
    /// The owners live there alone.
    OwnerOccupied,
    /// The owners live there and let rooms.
    PartLet,
    /// Let.
    Let,
    /// Provided by an employer.
    Employer,
}

/// Somebody who lets a home.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Landlord {
    /// The name.
    pub name: Private,
    /// The mobile.
    pub mobile: Private,
}

/// A home (实有房屋).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Home {
    /// The position in the town's list.
    pub id: u32,
    /// The address, by index.
    pub address: u32,
    /// What kind of premises it is.
    pub kind: PremisesKind,
    /// Who decides over it.
    pub tenancy: Tenancy,
    /// How many people it takes at most.
    pub places: u8,
    /// The owner's name; none for what an employer provides.
    pub owner_name: Option<Private>,
    /// The landlord, where something is let.
    pub landlord: Option<Landlord>,
    /// The employer that provides it, by index.
    pub employer: Option<u32>,
}

/// An employer (实有单位).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Employer {
    /// The position in the town's list.
    pub id: u32,
    /// The unified social credit code (GB 32100), with a division code that was never issued.
    pub org_code: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The line of business, in Chinese.
    pub business: &'static str,
    /// The address, by index.
    pub address: u32,
    /// Everyone who works there, those who live elsewhere included, at the start.
    pub staff_count: u32,
}

/// Sex, as the resident number has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

/// The kind of an identity document (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum DocKind {
    /// Resident identity card (居民身份证), GB 11643.
    ResidentId,
    /// Residence permit of Hong Kong, Macau and Taiwan residents (港澳台居民居住证).
    HmtResidencePermit,
    /// Travel permit of Hong Kong, Macau and Taiwan residents (来往内地/大陆通行证).
    HmtTravelPermit,
    /// Passport.
    Passport,
}

/// What is true of a person, or held to be true by the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// The name.
    pub name: Private,
    /// The kind of document.
    pub doc_kind: DocKind,
    /// The document's number; see the crate's page for why it belongs to nobody.
    pub doc_no: Private,
    /// The mobile, for those who have one.
    pub mobile: Option<Private>,
    /// The date of birth.
    pub birth: Date,
    /// The sex.
    pub sex: Sex,
    /// The home that is the main residence, by index.
    pub home: u32,
    /// The household; people of one household live in one home.
    pub household: u32,
    /// Whether the household registration is local.
    pub local: bool,
    /// Since when the person lives in the home.
    pub since: Date,
    /// The employer in the town, by index.
    pub employer: Option<u32>,
}

/// A resident as the register has it (实有人口).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resident {
    /// The person, the same number in truth and register.
    pub id: u32,
    /// What the register holds to be true.
    #[serde(flatten)]
    pub facts: Facts,
    /// When somebody last saw that the person lives there.
    pub verified_on: Option<Date>,
}

/// The post that somebody works in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Post {
    /// 微网格长
    GridLeader,
    /// 社区民警
    CommunityOfficer,
    /// 社区综合协管员
    Coordinator,
    /// 专职网格员
    GridWorker,
    /// 社工
    SocialWorker,
    /// 物业保安
    PropertyGuard,
    /// 企业人事联络员
    HrLiaison,
    /// 房产中介
    HousingAgent,
    /// 志愿者
    Volunteer,
    /// 村居书记
    CommitteeSecretary,
    /// 警务队长
    PoliceTeamLeader,
    /// 人口办负责人
    OfficeHead,
    /// 人口办数据管理员
    OfficeSteward,
    /// 派出所分管领导
    StationLeader,
    /// 派出所数据管理员
    StationSteward,
    /// 抽查员
    Surveyor,
    /// 督查员
    Inspector,
    /// 考核组成员
    Assessor,
    /// 系统管理员
    Administrator,
    /// 安全管理员
    SecurityOfficer,
    /// 审计管理员
    Auditor,
}

/// Somebody who works for the register, or helps it as an N member (R3).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Staff {
    /// The position in the town's list.
    pub id: u32,
    /// The name.
    pub name: Private,
    /// The mobile.
    pub mobile: Private,
    /// The post.
    pub post: Post,
    /// The micro-grids of the appointment, by index; empty where the post is not bound to any.
    pub grids: Vec<u32>,
    /// The committee, by index, where the post belongs to one.
    pub committee: Option<u32>,
    /// The employer that a liaison speaks for, by index.
    pub employer: Option<u32>,
    /// Since when.
    pub since: Date,
}
