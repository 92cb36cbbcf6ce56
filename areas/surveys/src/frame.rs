//! The frame (抽样框): the homes of the committees by kind of premises, under keyed pseudonyms, fixed and published
//! before anybody commits to a share of the seed.

use std::collections::{BTreeMap, HashMap};

use linli_platform::{AppError, Result, ids::GridId, keys::KeyRing, store::Query, vals};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use survey_sample::{Frame, Unit};

use crate::{codes::Stratum, ids::SurveyId};

/// Length of a pseudonym: 80 bits, so that two homes of a city do not share one.
const PSEUDONYM_BYTES: usize = 10;

/// A home that can be drawn.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct FrameHome {
    pub home_id: HomeId,
    pub grid_id: Option<GridId>,
    pub committee_code: String,
    pub kind: String,
    pub label: Option<String>,
    #[sea_orm(skip)]
    pub people: i64,
}

/// The homes as they stand, with the people registered in them. Read once, it serves several past rounds.
pub struct HomesNow(Vec<FrameHome>);

impl HomesNow {
    /// Reads every home of the sub-district, or of one committee.
    pub async fn read(q: &impl Query, committee: Option<&str>) -> Result<Self> {
        Ok(HomesNow(read_homes(q, committee).await?))
    }
}

/// A frame with what only the holder of the key knows: which home stands behind a pseudonym.
pub(crate) struct KeyedFrame {
    pub frame: Frame,
    pub homes: HashMap<String, (HomeId, Option<GridId>)>,
    pub strata: Vec<StratumCount>,
}

/// Homes and people of one kind of premises in one grid, when the frame was fixed.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct StratumCount {
    pub committee_code: String,
    pub grid_id: Option<GridId>,
    pub stratum: String,
    pub homes: i64,
    pub people: i64,
}

/// The pseudonym of a home in one survey: another survey has another, so that rounds cannot be joined.
pub(crate) fn pseudonym(keys: &KeyRing, survey: SurveyId, home: HomeId) -> String {
    written(&keys.blind_index("survey", &format!("{survey}/{home}")))
}

/// Every pseudonym that a home may have: of one key, and of the former one while keys are exchanged.
fn pseudonyms(keys: &KeyRing, survey: SurveyId, home: HomeId) -> Vec<String> {
    keys.blind_forms("survey", &format!("{survey}/{home}")).iter().map(|mac| written(mac)).collect()
}

fn written(mac: &[u8]) -> String {
    use std::fmt::Write as _;
    mac.iter().take(PSEUDONYM_BYTES).fold(String::with_capacity(2 * PSEUDONYM_BYTES), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn read_homes(q: &impl Query, committee: Option<&str>) -> Result<Vec<FrameHome>> {
    let mut homes = places(q, committee).await?;
    // Counted in one pass over the residents: a count for each home can take an engine without statistics minutes.
    let sql = "SELECT home_id, COUNT(*) AS people FROM resident
               WHERE division_code = $1 AND state = 'current' AND home_id IS NOT NULL GROUP BY home_id";
    let people: Vec<HomePeople> = q.rows(sql, vals![q.division()]).await?;
    let people: HashMap<HomeId, i64> = people.into_iter().map(|p| (p.home_id, p.people)).collect();
    for home in &mut homes {
        home.people = people.get(&home.home_id).copied().unwrap_or(0);
    }
    Ok(homes)
}

#[derive(FromQueryResult)]
struct HomePeople {
    home_id: HomeId,
    people: i64,
}

async fn places(q: &impl Query, committee: Option<&str>) -> Result<Vec<FrameHome>> {
    let mut values = vals![q.division()];
    let narrowed = match committee {
        Some(code) => {
            values.push(code.into());
            " AND a.committee_code = $2"
        }
        None => "",
    };
    let sql = format!(
        "SELECT h.home_id, h.grid_id, a.committee_code, h.kind, h.label
         FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE h.division_code = $1 AND h.kind <> 'workplace' AND a.state <> 'demolished'{narrowed}"
    );
    q.rows(&sql, values).await
}

/// Puts homes under their pseudonyms, those of one committee where one is named.
pub(crate) fn build(keys: &KeyRing, survey: SurveyId, committee: Option<&str>, homes: &HomesNow) -> Result<KeyedFrame> {
    let mut units = Vec::with_capacity(homes.0.len());
    let mut known = HashMap::with_capacity(homes.0.len());
    let mut counts: BTreeMap<(String, Option<GridId>, &str), (i64, i64)> = BTreeMap::new();
    for home in homes.0.iter().filter(|h| committee.is_none_or(|c| c == h.committee_code)) {
        let Some(stratum) = Stratum::of(&home.kind, home.label.as_deref()) else { continue };
        let pseudonym = pseudonym(keys, survey, home.home_id);
        let count = counts.entry((home.committee_code.clone(), home.grid_id, stratum.code())).or_default();
        *count = (count.0 + 1, count.1 + home.people);
        known.insert(pseudonym.clone(), (home.home_id, home.grid_id));
        units.push(Unit {
            pseudonym,
            stratum: stratum.code().to_owned(),
            committee: Some(home.committee_code.clone()),
            people: u32::try_from(home.people).unwrap_or(u32::MAX),
        });
    }
    if units.is_empty() {
        return Err(AppError::rule("survey-frame-empty"));
    }
    let strata = counts
        .into_iter()
        .map(|((committee_code, grid_id, stratum), (homes, people))| StratumCount {
            committee_code,
            grid_id,
            stratum: stratum.to_owned(),
            homes,
            people,
        })
        .collect();
    let frame = Frame::new(units).map_err(AppError::internal)?;
    Ok(KeyedFrame { frame, homes: known, strata })
}

/// The published frame of a survey.
pub async fn csv(q: &impl Query, survey: SurveyId) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Row {
        csv: String,
    }
    let sql = "SELECT csv FROM survey_frame WHERE division_code = $1 AND survey_id = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), survey]).await?;
    row.map(|r| r.csv).ok_or_else(AppError::not_found)
}

/// The published frame again, with the homes behind its pseudonyms. Homes that came later are in no frame.
pub(crate) async fn load(q: &impl Query, survey: SurveyId, committee: Option<&str>) -> Result<KeyedFrame> {
    let frame = Frame::parse_csv(&csv(q, survey).await?).map_err(AppError::internal)?;
    let keys = q.store().keys().clone();
    let homes = places(q, committee).await?;
    let known = |h: FrameHome| {
        pseudonyms(&keys, survey, h.home_id).into_iter().map(move |pseudonym| (pseudonym, (h.home_id, h.grid_id)))
    };
    let homes = homes.into_iter().flat_map(known).collect();
    Ok(KeyedFrame { frame, homes, strata: strata(q, survey).await? })
}

/// The frame's numbers by committee, grid and kind of premises.
pub(crate) async fn strata(q: &impl Query, survey: SurveyId) -> Result<Vec<StratumCount>> {
    let sql = "SELECT committee_code, grid_id, stratum, homes, people FROM survey_stratum
               WHERE division_code = $1 AND survey_id = $2 ORDER BY line";
    q.rows(sql, vals![q.division(), survey]).await
}
