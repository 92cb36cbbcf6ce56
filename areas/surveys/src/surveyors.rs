//! Surveyors (测查员): at least three to a committee, none of whom works in a grid that was drawn from.

use std::collections::{BTreeMap, HashMap, HashSet};

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::Day,
    ids::{AccountId, GridId},
    store::Query,
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;

/// An account with the role of a surveyor.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Surveyor {
    /// The account.
    pub account_id: AccountId,
    /// Name shown.
    pub display_name: String,
}

const HOLDS: &str = "r.from_day <= $2 AND (r.until_day IS NULL OR r.until_day > $2)";

/// Who is a surveyor on a day.
pub async fn on(q: &impl Query, day: Day) -> Result<Vec<Surveyor>> {
    let sql = format!(
        "SELECT DISTINCT a.account_id, a.display_name FROM account a
         JOIN account_role r ON r.division_code = a.division_code AND r.account_id = a.account_id
         WHERE a.division_code = $1 AND r.role = $3 AND a.disabled = FALSE AND {HOLDS}
         ORDER BY a.display_name, a.account_id"
    );
    q.rows(&sql, vals![q.division(), day, Role::Surveyor.code()]).await
}

/// Where each account works on a day: grids and committees of its other roles, as written in them.
pub(crate) async fn workplaces(q: &impl Query, day: Day) -> Result<HashMap<AccountId, HashSet<String>>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        area: String,
    }
    let sql = format!(
        "SELECT r.account_id, r.area FROM account_role r
         WHERE r.division_code = $1 AND {HOLDS} AND r.area_kind IN ('grid', 'committee')"
    );
    let mut places: HashMap<AccountId, HashSet<String>> = HashMap::new();
    for row in q.rows::<Row>(&sql, vals![q.division(), day]).await? {
        places.entry(row.account_id).or_default().insert(row.area);
    }
    Ok(places)
}

/// A drawn home on its way to a surveyor.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct DrawnHome {
    pub home_id: HomeId,
    pub committee_code: String,
    pub grid_id: Option<GridId>,
}

/// Shares the drawn homes out: in each committee among the least burdened of those who may go there, neighbouring
/// grids to the same one. Homes come by committee, grid and place.
///
/// # Errors
/// `survey-surveyors` where fewer than `least` may go.
pub(crate) fn share_out(
    homes: &[DrawnHome],
    surveyors: &[AccountId],
    workplaces: &HashMap<AccountId, HashSet<String>>,
    least: usize,
) -> Result<Vec<(HomeId, AccountId)>> {
    let mut by_committee: BTreeMap<&str, Vec<&DrawnHome>> = BTreeMap::new();
    for home in homes {
        by_committee.entry(&home.committee_code).or_default().push(home);
    }
    let mut load: HashMap<AccountId, usize> = HashMap::new();
    let mut shares = Vec::with_capacity(homes.len());
    for (committee, mut homes) in by_committee {
        homes.sort_by_key(|h| h.grid_id);
        let mut able: Vec<AccountId> = surveyors
            .iter()
            .copied()
            .filter(|s| workplaces.get(s).is_none_or(|at| !works_among(at, committee, &homes)))
            .collect();
        if able.len() < least {
            let error = AppError::rule("survey-surveyors").arg("committee", committee);
            return Err(error.arg("have", able.len()).arg("needed", least));
        }
        able.sort_by_key(|s| (load.get(s).copied().unwrap_or(0), *s));
        able.truncate(least.max(1));
        for (n, home) in homes.iter().enumerate() {
            // Even parts one after another: the first of n homes to the first surveyor, the last to the last.
            let surveyor = able[n * able.len() / homes.len()];
            *load.entry(surveyor).or_default() += 1;
            shares.push((home.home_id, surveyor));
        }
    }
    Ok(shares)
}

/// Whether somebody who works in these places works in the committee or in one of the drawn grids.
pub(crate) fn works_among(places: &HashSet<String>, committee: &str, homes: &[&DrawnHome]) -> bool {
    places.contains(committee) || homes.iter().any(|h| h.grid_id.is_some_and(|grid| places.contains(&grid.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }
    fn homes(committee: &str, grid: u128, count: u128) -> Vec<DrawnHome> {
        let home = |n| DrawnHome {
            home_id: HomeId(Uuid::from_u128(grid * 1000 + n)),
            committee_code: committee.into(),
            grid_id: Some(GridId(Uuid::from_u128(grid))),
        };
        (0..count).map(home).collect()
    }

    #[test]
    fn fewer_than_three_surveyors_are_refused() {
        let two = [account(1), account(2)];
        let refused = share_out(&homes("c1", 7, 15), &two, &HashMap::new(), 3).unwrap_err();
        assert!(refused.is("survey-surveyors"));
        assert!(refused.args.contains(&("have", "2".to_owned())));
    }

    #[test]
    fn nobody_surveys_a_grid_or_committee_of_their_own_work() {
        let all: Vec<_> = (1..=5).map(account).collect();
        let works = HashMap::from([
            (account(1), HashSet::from([GridId(Uuid::from_u128(7)).to_string()])),
            (account(2), HashSet::from(["c1".to_owned()])),
        ]);
        let shares = share_out(&homes("c1", 7, 16), &all, &works, 3).unwrap();
        assert_eq!(shares.len(), 16);
        let who: HashSet<_> = shares.iter().map(|(_, s)| *s).collect();
        assert_eq!(who, HashSet::from([account(3), account(4), account(5)]));
        let three = share_out(&homes("c1", 7, 16), &all[..4], &works, 3);
        assert!(three.is_err_and(|e| e.is("survey-surveyors")));
    }

    #[test]
    fn the_burden_is_even_over_the_committees() {
        let all: Vec<_> = (1..=6).map(account).collect();
        let mut drawn = homes("c1", 7, 18);
        drawn.extend(homes("c2", 8, 18));
        let shares = share_out(&drawn, &all, &HashMap::new(), 3).unwrap();
        for surveyor in all {
            assert_eq!(shares.iter().filter(|(_, s)| *s == surveyor).count(), 6, "{surveyor}");
        }
    }
}
