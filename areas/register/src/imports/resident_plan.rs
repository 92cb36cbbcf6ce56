//! What the rows of a table of residents would do: register, change, move, or nothing.

use std::collections::{HashMap, HashSet};

use cn_identity::{DocumentKind, identify};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    ids::GridId,
    import::{CellProblem, MappedRow},
    reader::Reader,
    sealed::MachineRun,
    store::Query,
    vals,
};
use sea_orm::FromQueryResult;

use super::{
    cell, of_rule,
    places::{self, HomeAt, Places},
    problem, with_arg, words,
};
use crate::{
    ids::{AddressId, EmployerId, HomeId, ResidentId},
    residents::{self, Change},
    rules::{self, Person, Written},
};

pub(super) const NAME: usize = 0;
pub(super) const DOC_KIND: usize = 1;
pub(super) const DOC_NO: usize = 2;
pub(super) const PHONE: usize = 3;
pub(super) const SEX: usize = 4;
pub(super) const BIRTH: usize = 5;
pub(super) const LOCAL: usize = 6;
pub(super) const ADDRESS: usize = 7;
pub(super) const EMPLOYER: usize = 8;
pub(super) const SINCE: usize = 9;
pub(super) const SEEN: usize = 10;

/// A row that satisfies the rules.
pub(super) struct Planned {
    pub(super) row: u64,
    pub(super) person: Person,
    pub(super) local: Option<bool>,
    pub(super) address: AddressId,
    /// The home at the address; none yet where the import will make one.
    pub(super) home: Option<HomeId>,
    pub(super) employer: Option<EmployerId>,
    pub(super) since: Day,
    /// When the row was learnt, where the table says it.
    pub(super) seen_at: Option<At>,
    pub(super) act: Act,
}

/// What a row does.
pub(super) enum Act {
    Register,
    /// Of a current record at a version: change these facts, and move if the address is another.
    Update {
        id: ResidentId,
        version: i64,
        change: Change,
        moves: bool,
    },
}

impl Act {
    /// The text key of the preview's count.
    pub(super) fn count(&self) -> &'static str {
        match self {
            Act::Register => "register-new",
            Act::Update { moves: true, .. } => "register-moved",
            Act::Update { change, .. } if !change.fields().is_empty() => "register-changed",
            Act::Update { .. } => "register-same",
        }
    }
}

pub(super) struct Plan {
    pub(super) problems: Vec<CellProblem>,
    pub(super) rows: Vec<Planned>,
}

/// Makes the plan. The names of persons known already are compared by the recorded machine run.
pub(super) async fn plan(
    app: &App,
    q: &impl Query,
    reader: &Reader,
    run: &MachineRun,
    rows: &[MappedRow],
) -> Result<Plan> {
    let mut places = Places::load(app).await?;
    let employers = Employers::load(q).await?;
    let mut plan = Plan { problems: Vec::new(), rows: Vec::with_capacity(rows.len()) };
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in rows {
        let Some(planned) = read(row, app.store.now(), &mut places, &employers, &mut plan.problems) else { continue };
        if let Some(first) = seen.insert(planned.person.doc.number.clone(), row.row) {
            let twice = problem(row.row, "resident-doc-no", "person-twice", true);
            plan.problems.push(with_arg(twice, "row", first));
            continue;
        }
        plan.rows.push(planned);
    }
    let addresses: Vec<AddressId> = plan.rows.iter().map(|r| r.address).collect::<HashSet<_>>().into_iter().collect();
    let homes = places::homes_at(q, reader, &addresses).await?;
    for row in &mut plan.rows {
        row.home = homes.get(&row.address).map(|h: &HomeAt| h.home_id);
    }
    compare(app, q, reader, run, &mut plan).await?;
    Ok(plan)
}

fn read(
    row: &MappedRow,
    now: At,
    places: &mut Places,
    employers: &Employers,
    problems: &mut Vec<CellProblem>,
) -> Option<Planned> {
    let before = problems.iter().filter(|p| p.fatal).count();
    let today = now.day();
    let doc_kind = doc_kind(row, problems);
    let birth = match cell(row, BIRTH) {
        "" => None,
        text => words::day(text).or_else(|| {
            problems.push(problem(row.row, "resident-birth", "not-a-day", true));
            None
        }),
    };
    let sex = match cell(row, SEX) {
        "" => None,
        text => words::sex(text).or_else(|| {
            problems.push(problem(row.row, "resident-sex", "word-unknown", true));
            None
        }),
    };
    let written = Written {
        name: cell(row, NAME),
        doc_kind,
        doc_no: cell(row, DOC_NO),
        doc_confirmed: false,
        phone: cell(row, PHONE),
        sex,
        birth: birth.map(|d| d.0),
    };
    let (person, found) = rules::check(&written, today);
    problems.extend(found.into_iter().map(|p| of_rule(row.row, column_of(p.field), p)));
    let local = match cell(row, LOCAL) {
        "" => None,
        text => words::local(text).or_else(|| {
            problems.push(problem(row.row, "resident-local", "word-unknown", true));
            None
        }),
    };
    let employer = employers.read(row, problems);
    let since = since(row, today, problems);
    let seen_at = super::seen(row, SEEN, "resident-seen", now, problems);
    let address = places.at(row.row, "resident-address", cell(row, ADDRESS)).map_err(|p| problems.push(p)).ok()?;
    if problems.iter().filter(|p| p.fatal).count() > before {
        return None;
    }
    let (person, act) = (person?, Act::Register);
    Some(Planned { row: row.row, person, local, address, home: None, employer, since, seen_at, act })
}

/// Since when somebody lives there; today where the row does not say, or not well.
fn since(row: &MappedRow, today: Day, problems: &mut Vec<CellProblem>) -> Day {
    let code = match (cell(row, SINCE), words::day(cell(row, SINCE))) {
        ("", _) => return today,
        (_, Some(day)) if day <= today => return day,
        (_, Some(_)) => "since-future",
        (_, None) => "not-a-day",
    };
    problems.push(problem(row.row, "resident-since", code, true));
    today
}

pub(super) fn doc_kind(row: &MappedRow, problems: &mut Vec<CellProblem>) -> DocumentKind {
    match cell(row, DOC_KIND) {
        "" => match identify(cell(row, DOC_NO)).kind {
            Some(DocumentKind::Organisation) | None => DocumentKind::Resident,
            Some(kind) => kind,
        },
        text => words::doc_kind(text).unwrap_or_else(|| {
            problems.push(problem(row.row, "resident-doc-kind", "word-unknown", true));
            DocumentKind::Resident
        }),
    }
}

/// The column of a field that the rules name.
fn column_of(field: &str) -> &'static str {
    match field {
        "name" => "resident-name",
        "doc_no" => "resident-doc-no",
        "phone" => "resident-phone",
        "sex" => "resident-sex",
        "birth" => "resident-birth",
        _ => "",
    }
}

/// Employers by code and by name.
pub(super) struct Employers {
    by_text: HashMap<String, Option<EmployerId>>,
}

impl Employers {
    pub(super) async fn load(q: &impl Query) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Row {
            employer_id: EmployerId,
            org_code: String,
            name: String,
        }
        let rows: Vec<Row> = q
            .rows(
                "SELECT employer_id, org_code, name FROM employer WHERE division_code = $1 AND state = 'current'",
                vals![q.division()],
            )
            .await?;
        let mut by_text: HashMap<String, Option<EmployerId>> = HashMap::new();
        for row in rows {
            // Two employers of one name: the cell has to say the code.
            by_text.entry(row.name).and_modify(|id| *id = None).or_insert(Some(row.employer_id));
            by_text.entry(row.org_code).or_insert(Some(row.employer_id));
        }
        Ok(Employers { by_text })
    }
    /// An unknown employer is a warning: the person is registered all the same.
    fn read(&self, row: &MappedRow, problems: &mut Vec<CellProblem>) -> Option<EmployerId> {
        self.find(row, cell(row, EMPLOYER), false, problems)
    }
    /// The employer that a text means; a message where it means none, which stops the row where the employer is what the
    /// table is about.
    pub(super) fn find(
        &self,
        row: &MappedRow,
        text: &str,
        needed: bool,
        problems: &mut Vec<CellProblem>,
    ) -> Option<EmployerId> {
        if text.is_empty() {
            return None;
        }
        let found = self.by_text.get(text).copied();
        if !matches!(found, Some(Some(_))) {
            let code = match (found.is_some(), needed) {
                (true, false) => "employer-ambiguous",
                (false, false) => "employer-unknown",
                (true, true) => "employer-many",
                (false, true) => "employer-none",
            };
            problems.push(problem(row.row, "resident-employer", code, needed));
        }
        found.flatten()
    }
}

/// A current record as a table is compared with it.
#[derive(FromQueryResult)]
pub(super) struct Known {
    pub(super) resident_id: ResidentId,
    pub(super) version: i64,
    doc_blind: Vec<u8>,
    phone_blind: Option<Vec<u8>>,
    is_local: bool,
    home_id: Option<HomeId>,
    pub(super) grid_id: Option<GridId>,
    pub(super) employer_id: Option<EmployerId>,
}

/// Current records by blind index.
pub(super) async fn known(q: &impl Query, blinds: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, Known>> {
    let mut all = HashMap::new();
    for chunk in blinds.chunks(5_000) {
        let mut values = vals![q.division()];
        let marks = crate::sql::marks(&mut values, chunk.iter().cloned());
        let sql = format!(
            "SELECT resident_id, version, doc_blind, phone_blind, is_local, home_id, grid_id, employer_id FROM resident
             WHERE division_code = $1 AND state = 'current' AND doc_blind IN ({marks})"
        );
        let rows: Vec<Known> = q.rows(&sql, values).await?;
        all.extend(rows.into_iter().map(|r| (r.doc_blind.clone(), r)));
    }
    Ok(all)
}

/// The names of records as keys for comparing.
pub(super) async fn names_of(
    q: &impl Query,
    run: &MachineRun,
    ids: &[ResidentId],
) -> Result<HashMap<ResidentId, String>> {
    let names = residents::machine_names(q, run, ids).await?;
    Ok(names.into_iter().map(|n| (n.resident_id, cn_identity::name::key(n.name.for_engine()))).collect())
}

/// Compares rows with the register by number; of persons known already, says what changes.
async fn compare(app: &App, q: &impl Query, reader: &Reader, run: &MachineRun, plan: &mut Plan) -> Result<()> {
    let keys = app.store.keys().clone();
    let blinds: Vec<Vec<Vec<u8>>> = plan.rows.iter().map(|r| keys.blind_forms("doc", &r.person.doc.number)).collect();
    let known = known(q, &blinds.concat()).await?;
    if known.is_empty() {
        return Ok(());
    }
    let ids: Vec<ResidentId> = known.values().map(|k| k.resident_id).collect();
    let names = names_of(q, run, &ids).await?;
    let rows = std::mem::take(&mut plan.rows);
    for (mut row, forms) in rows.into_iter().zip(&blinds) {
        let Some(k) = forms.iter().find_map(|form| known.get(form)) else {
            plan.rows.push(row);
            continue;
        };
        if !reader.scope.contains(k.grid_id) {
            plan.problems.push(problem(row.row, "resident-doc-no", "two-main-residences", true));
            continue;
        }
        let name = names.get(&k.resident_id).ok_or_else(|| AppError::internal("a current resident without a name"))?;
        if *name != cn_identity::name::key(&row.person.name) {
            plan.problems.push(problem(row.row, "resident-name", "number-of-another", true));
            continue;
        }
        let phone = row.person.phone.as_ref();
        let same_phone = |p: &&cn_identity::Mobile| {
            let forms = keys.blind_forms("mobile", p.as_str());
            k.phone_blind.as_ref().is_some_and(|stored| forms.contains(stored))
        };
        let change = Change {
            phone: phone.filter(|p| !same_phone(p)).map(|p| p.as_str().to_owned()),
            local: row.local.filter(|l| *l != k.is_local),
            employer: row.employer.filter(|e| Some(*e) != k.employer_id).map(Some),
            ..Change::default()
        };
        let moves = row.home.is_none() || row.home != k.home_id;
        if moves {
            plan.problems.push(problem(row.row, "resident-address", "moves-here", false));
        }
        row.act = Act::Update { id: k.resident_id, version: k.version, change, moves };
        plan.rows.push(row);
    }
    Ok(())
}
