//! What a client may do.

use crate::access::{Action, codes};

codes! {
    /// One thing that a client may be admitted to (接口权限). Fluent text: `api-scope-<code>`.
    ApiScope {
        /// Committees and grids out (村居、微网格).
        Territory = "territory",
        /// Standard addresses out (标准地址, R6).
        Addresses = "addresses",
        /// The month's counts by grid and committee out (R10, R16, R17).
        Figures = "figures",
        /// Surveys' receipts and rates, scores and bulletins out, as published (R25, R26, R35).
        Results = "results",
        /// Declarations in, and the state of the own ones out (R12, 随申办).
        Declarations = "declarations",
        /// Registration receipts checked (登记凭证核验).
        Receipts = "receipts",
        /// Employers' rosters in, and the state of the own ones out (R14, 一网通办).
        Rosters = "rosters",
        /// Orders for the teams in, and the state of the own ones out (R20, 城运中心).
        Orders = "orders",
        /// Clues about premises in, and the state of the own ones out (R22, 十六类场景).
        Scenes = "scenes",
    }
}

impl ApiScope {
    /// The action of the matrix that it gives to a client's requests, where the store asks for one. Declarations, orders,
    /// scenes and receipts need none: whoever brings them reads nothing.
    pub fn action(self) -> Action {
        match self {
            ApiScope::Territory | ApiScope::Addresses => Action::TerritoryRead,
            ApiScope::Figures => Action::Overview,
            ApiScope::Results => Action::SurveyRead,
            ApiScope::Rosters => Action::RosterSend,
            ApiScope::Declarations | ApiScope::Receipts | ApiScope::Orders | ApiScope::Scenes => Action::Public,
        }
    }
}
