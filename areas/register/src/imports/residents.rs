//! Import of residents.

use std::collections::{BTreeMap, HashMap};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    app::App,
    import::{CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    sealed::MachineRun,
    store::Tx,
};

use super::{
    SEEN_HEADINGS, column, refuse_fatal,
    resident_plan::{Act, Plan, Planned, plan},
};
use crate::{
    codes::{HomeKind, Occupancy, Source},
    directory,
    homes::{self, NewHome},
    ids::{AddressId, HomeId},
    residents::{self, Entered, NewResident},
    told::Told,
};

/// The table of residents.
pub(super) struct ResidentImport;

const COLUMNS: &[ColumnSpec] = &[
    column("resident-name", &["姓名", "名字", "人员姓名", "name"], true, true),
    column("resident-doc-kind", &["证件种类", "证件类型", "证件名称", "doc_type", "doc_kind"], false, false),
    column(
        "resident-doc-no",
        &["证件号码", "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号", "id_no", "doc_no"],
        true,
        true,
    ),
    column(
        "resident-phone",
        &["手机号", "手机号码", "联系电话", "手机", "电话", "联系方式", "phone", "mobile"],
        false,
        true,
    ),
    column("resident-sex", &["性别", "sex", "gender"], false, false),
    column("resident-birth", &["出生日期", "出生年月日", "生日", "birth", "birth_date"], false, true),
    column(
        "resident-local",
        &["户籍类型", "户籍类别", "是否本地户籍", "人口类型", "人口类别", "household_registration"],
        false,
        false,
    ),
    column(
        "resident-address",
        &["现住址", "住址", "居住地址", "现居住地址", "现居住地", "居住地", "地址", "address"],
        true,
        false,
    ),
    column("resident-employer", &["工作单位", "从业单位", "单位", "单位名称", "服务处所", "employer"], false, false),
    column(
        "resident-since",
        &["居住起始日期", "来沪居住日期", "入住日期", "登记日期", "居住日期", "since"],
        false,
        false,
    ),
    column("resident-seen", SEEN_HEADINGS, false, false),
];

/// The machine run that compares names of persons known already.
pub(super) const RUN: &str = "import-comparison";

pub(super) async fn record_run(app: &App, reader: &Reader) -> Result<MachineRun> {
    let tx = app.store.begin(reader).await?;
    let run = tx.machine_run(RUN).await?;
    tx.commit().await?;
    Ok(run)
}

/// Homes for rows at an address that has none yet.
async fn make_homes(tx: &Tx, plan: &Plan) -> Result<HashMap<AddressId, HomeId>> {
    let mut addresses: Vec<AddressId> = plan.rows.iter().filter(|r| r.home.is_none()).map(|r| r.address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let new = addresses
        .iter()
        .map(|a| NewHome { occupancy: Occupancy::Occupied, ..NewHome::at(*a, HomeKind::Other) })
        .collect();
    let homes = homes::insert_many(tx, new).await?;
    Ok(addresses.into_iter().zip(homes).collect())
}

fn new_resident(row: &Planned, home: HomeId) -> NewResident {
    NewResident {
        resident_id: None,
        name: row.person.name.clone(),
        doc_kind: row.person.doc.kind,
        doc_no: row.person.doc.number.clone(),
        doc_confirmed: false,
        phone: row.person.phone.as_ref().map(|p| p.as_str().to_owned()),
        sex: Some(row.person.sex),
        birth: row.person.birth,
        local: row.local.unwrap_or(false),
        home_id: home,
        employer_id: row.employer,
        since_day: row.since,
        source: Source::Import,
        seen_at: row.seen_at,
        entered_at: None,
    }
}

async fn carry_out(tx: &Tx, plan: Plan) -> Result<u64> {
    let made = make_homes(tx, &plan).await?;
    let mut new = Vec::new();
    let mut done = 0u64;
    for row in plan.rows {
        let home = row.home.or_else(|| made.get(&row.address).copied()).ok_or_else(AppError::not_found)?;
        match row.act {
            Act::Register => new.push(new_resident(&row, home)),
            Act::Update { id, mut version, change, moves } => {
                let told = Told { seen_at: row.seen_at, ..Told::from(Source::Import) };
                let changes = !change.fields().is_empty();
                if changes {
                    version = residents::change(tx, id, version, change, told).await?;
                }
                if moves {
                    residents::move_to(tx, id, version, home, row.since, told).await?;
                }
                done += u64::from(changes || moves);
            }
        }
    }
    done += residents::register_many(tx, new, Entered::Now).await?.len() as u64;
    Ok(done)
}

impl ImportKind for ResidentImport {
    fn name(&self) -> &'static str {
        "residents"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        rows: &'a [MappedRow],
    ) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let run = record_run(app, reader).await?;
            let plan = plan(app, &app.store.reads(), reader, &run, rows).await?;
            let mut counts: BTreeMap<&str, i64> = BTreeMap::from([("register-new", 0)]);
            for row in &plan.rows {
                *counts.entry(row.act.count()).or_default() += 1;
            }
            let homes = plan.rows.iter().filter(|r| r.home.is_none()).map(|r| r.address);
            let homes = homes.collect::<std::collections::HashSet<_>>().len();
            counts.insert("register-homes", i64::try_from(homes).unwrap_or(i64::MAX));
            let counts = counts.into_iter().map(|(k, n)| (k.to_owned(), n)).collect();
            Ok(CheckOutcome { problems: plan.problems, counts })
        })
    }
    fn apply<'a>(
        &'a self,
        app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        _: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let run = tx.machine_run(RUN).await?;
            let plan = plan(app, tx, tx.reader(), &run, rows).await?;
            refuse_fatal(&plan.problems)?;
            carry_out(tx, plan).await
        })
    }
    fn applied<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { directory::rebuild(app).await.map(|_| ()) })
    }
}
