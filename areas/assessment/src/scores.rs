//! Computing and reading a month's scores (R34, R35). Each line keeps what it rests on.

use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    clock::Month,
    event::NewEvent,
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};
use policy_pack::{Pack, Points};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    entries::{Entries, EntryKey},
    evidence::{self, Evidence},
    round,
    rules::Found,
    scheme::{self, Basis, Scheme},
};

/// A committee's score of a month. Points are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Score {
    /// Committee.
    pub committee_code: String,
    /// Its name.
    pub name: String,
    /// Assessment group, A to D.
    pub group_code: String,
    /// Deducted from the basic points.
    pub deducted: i64,
    /// Bonus points.
    pub bonus: i64,
    /// Basic points less deductions and plus bonus.
    pub total: i64,
    /// Rank within the group; equals share one.
    pub rank_in_group: i64,
    /// Rank over all committees.
    pub rank_overall: i64,
}

impl Score {
    /// The total as written: `81.5`.
    pub fn total_text(&self) -> String {
        Points::from_hundredths(self.total).to_string()
    }
    /// Deductions as written.
    pub fn deducted_text(&self) -> String {
        Points::from_hundredths(self.deducted).to_string()
    }
    /// Bonus as written.
    pub fn bonus_text(&self) -> String {
        Points::from_hundredths(self.bonus).to_string()
    }
}

/// One item of a committee's score.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Line {
    /// Item of the policy pack.
    pub item_id: String,
    /// Points the item has, in hundredths.
    pub points: i64,
    /// Points deducted, in hundredths.
    pub deducted: i64,
    /// What was found, as JSON of [`Found`].
    pub found: String,
    /// `yes` where the figure is not there yet.
    pub missing: String,
}

impl Line {
    /// What was found.
    pub fn found(&self) -> Found {
        serde_json::from_str(&self.found).unwrap_or_default()
    }
}

/// Computes the month for every committee and replaces what was computed before. A published month goes back to draft,
/// to be published as a later version, since committees would otherwise have objected to other figures.
///
/// # Errors
/// `round-final` once the month is final; `objections-open` while a committee waits for an answer about the published
/// figures.
pub async fn compute(app: &App, tx: &Tx, month: Month) -> Result<usize> {
    let before = round::refuse_final(tx, month).await?;
    if before.as_ref().is_some_and(|r| r.state == "published") {
        round::refuse_open_objections(tx, month).await?;
    }
    let evidence = evidence::gather(app, tx, month).await?;
    let of = |c: &policy_pack::Committee| {
        let group = app.pack.group_of(&c.code).map(|g| g.id.to_string());
        of_committee(&app.pack, &c.code, group.unwrap_or_default(), &evidence)
    };
    let (bases, missing): (Vec<Basis>, Vec<Vec<bool>>) = app.pack.territory.committees.iter().map(of).unzip();
    store(app, tx, month, &bases, &missing, before.map(|r| r.state)).await?;
    Ok(bases.len())
}

/// What a committee's score rests on, and for which items a figure is missing, in the order of the scheme.
fn of_committee(pack: &Pack, code: &str, group: String, evidence: &Evidence) -> (Basis, Vec<bool>) {
    let of = |item: &policy_pack::ItemOfScore| {
        let (found, missing) = evidence.of(item.evidence, code);
        ((item.id.clone(), found), missing)
    };
    let (found, missing) = pack.scoring.items.iter().map(of).unzip();
    let bonus = Points::from_hundredths(evidence.entry(code, EntryKey::Bonus).unwrap_or(0));
    (Basis { committee: code.to_owned(), group, found, bonus }, missing)
}

async fn store(
    app: &App,
    tx: &Tx,
    month: Month,
    bases: &[Basis],
    missing: &[Vec<bool>],
    before: Option<String>,
) -> Result<()> {
    for table in ["assessment_line", "assessment_score"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE division_code = $1 AND month = $2"),
            vals![tx.division(), month],
        )
        .await?;
    }
    let scheme = Scheme::of(&app.pack);
    let mut scores = Vec::new();
    let mut lines = Vec::new();
    for ((basis, missing), scored) in bases.iter().zip(missing).zip(scheme::score(&scheme, bases)) {
        scores.push(vals![
            tx.division(),
            month,
            basis.committee.as_str(),
            basis.group.as_str(),
            scored.deducted.hundredths(),
            basis.bonus.hundredths(),
            scored.total.hundredths(),
            scored.rank_in_group,
            scored.rank_overall
        ]);
        for ((item, (id, found)), missing) in scheme.items.iter().zip(&basis.found).zip(missing) {
            lines.push(vals![
                tx.division(),
                month,
                basis.committee.as_str(),
                id.as_str(),
                item.points.hundredths(),
                scheme.deducts(id, found).hundredths(),
                serde_json::to_string(found)?,
                if *missing { "yes" } else { "" }
            ]);
        }
    }
    tx.insert_many(
        "assessment_score",
        &[
            "division_code",
            "month",
            "committee_code",
            "group_code",
            "deducted",
            "bonus",
            "total",
            "rank_in_group",
            "rank_overall",
        ],
        scores,
    )
    .await?;
    tx.insert_many(
        "assessment_line",
        &["division_code", "month", "committee_code", "item_id", "points", "deducted", "found", "missing"],
        lines,
    )
    .await?;
    scheme::keep(tx, month, &scheme).await?;
    // A round that became final in the meantime stays final.
    tx.execute_one(
        "INSERT INTO assessment_round (division_code, month, state, pack_digest, computed_at, version)
         VALUES ($1, $2, 'draft', $3, $4, 1)
         ON CONFLICT (division_code, month) DO UPDATE
         SET state = 'draft', pack_digest = $3, computed_at = $4, version = assessment_round.version + 1
         WHERE assessment_round.state <> 'final'",
        vals![tx.division(), month, app.pack.digest(), tx.now()],
    )
    .await?;
    let (committees, pack) = (bases.len(), app.pack.digest());
    let body = json!({ "month": month.to_string(), "committees": committees, "pack": pack, "before": before });
    tx.event(NewEvent::new("assessment.computed", round::subject(month)).body(body)).await?;
    Ok(())
}

/// The scores of a month, best first within each group. Ranking is public among the committees (R35), so it has no
/// scope; what a score rests on has one.
pub async fn of_month(q: &impl Query, month: Month) -> Result<Vec<Score>> {
    q.rows(
        "SELECT s.committee_code, c.name, s.group_code, s.deducted, s.bonus, s.total, s.rank_in_group, s.rank_overall
         FROM assessment_score s
         JOIN committee c ON c.division_code = s.division_code AND c.committee_code = s.committee_code
         WHERE s.division_code = $1 AND s.month = $2 ORDER BY s.group_code, s.rank_in_group, s.committee_code",
        vals![q.division(), month],
    )
    .await
}

/// A committee's totals over the assessment year so far, oldest first: month and points.
pub async fn over_year(q: &impl Query, committee: &str, first: Month, last: Month) -> Result<Vec<(Month, Points)>> {
    #[derive(FromQueryResult)]
    struct Row {
        month: Month,
        total: i64,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT month, total FROM assessment_score
             WHERE division_code = $1 AND committee_code = $2 AND month >= $3 AND month <= $4 ORDER BY month",
            vals![q.division(), committee, first, last],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.month, Points::from_hundredths(r.total))).collect())
}

/// Whether the reader may see what a committee's score rests on.
pub async fn may_open(q: &impl Query, reader: &Reader, committee: &str) -> Result<bool> {
    if reader.is(Role::Assessor) || reader.scope == Scope::Division || reader.committees.iter().any(|c| c == committee)
    {
        return Ok(true);
    }
    let mut values = vals![q.division(), committee];
    let scope = reader.scope.sql("grid_id", &mut values);
    let sql = format!("SELECT COUNT(*) FROM micro_grid WHERE division_code = $1 AND committee_code = $2 AND {scope}");
    Ok(q.number(&sql, values).await? > 0)
}

/// The lines of a committee's score, in the order of the scheme; `not-found` outside the reader's scope.
pub async fn lines(q: &impl Query, reader: &Reader, pack: &Pack, month: Month, committee: &str) -> Result<Vec<Line>> {
    if !may_open(q, reader, committee).await? {
        return Err(AppError::not_found());
    }
    let rows: Vec<Line> = q
        .rows(
            "SELECT item_id, points, deducted, found, missing FROM assessment_line
             WHERE division_code = $1 AND month = $2 AND committee_code = $3",
            vals![q.division(), month, committee],
        )
        .await?;
    let place = |id: &str| pack.scoring.items.iter().position(|i| i.id == id).unwrap_or(usize::MAX);
    let mut rows = rows;
    rows.sort_by_key(|l| place(&l.item_id));
    Ok(rows)
}

/// The entries of a month by committee and key, for evidence and forms.
pub(crate) async fn entries(q: &impl Query, month: Month) -> Result<Entries> {
    Ok(crate::entries::by_key(&crate::entries::of_month(q, month).await?))
}
