//! The closed lists of the area. The scenes themselves and the kinds of campaign are the policy pack's.

use linli_platform::codes;
use linli_work::Outcome;

codes! {
    /// Where a scene stands.
    SceneState, "scene-state" {
        /// It is with the grid (待处置).
        Open = "open",
        /// It is with whoever can solve it (已流转).
        Passed = "passed",
        /// It is closed (已办结).
        Closed = "closed",
    }
}

codes! {
    /// How a scene ended.
    SceneResult, "scene-result" {
        /// What was seen is no more (已整改).
        Removed = "removed",
        /// Whoever can solve it has taken it over for good (主管单位已立案).
        TakenOver = "taken-over",
        /// Nothing of the kind was found (现场未发现).
        NotThere = "not-there",
    }
}

codes! {
    /// By what means a campaign reaches people.
    Means, "publicity-means" {
        /// A stand (现场摆台).
        Stand = "stand",
        /// Leaflets (发放资料).
        Leaflets = "leaflets",
        /// A talk (讲座).
        Talk = "talk",
        /// From door to door (上门宣传).
        Doors = "doors",
        /// Posters and signs (张贴海报).
        Posters = "posters",
    }
}

impl SceneResult {
    /// How the task of a scene ends.
    pub fn outcome(self) -> Outcome {
        match self {
            SceneResult::Removed => Outcome::Confirmed,
            SceneResult::TakenOver => Outcome::HandedOver,
            SceneResult::NotThere => Outcome::NotThere,
        }
    }
}
