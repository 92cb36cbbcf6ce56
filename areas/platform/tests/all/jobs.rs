//! A job whose process dies is taken over, fails for good after three times, and can then be begun anew.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Role,
    app::App,
    area::Area,
    ids::JobId,
    jobs::{self, Job, JobKind},
    reader::{Reader, Scope},
    store::{Query as _, migrations},
    testing::{self, Client, DIVISION, TestStore},
    vals,
};

/// Does nothing; while `stuck`, never ends; while `broken`, ends in a fault of ours, or in what a rule refuses.
#[derive(Default)]
struct Idle {
    begun: AtomicUsize,
    stuck: AtomicBool,
    broken: AtomicBool,
    refuses: AtomicBool,
}

impl JobKind for Idle {
    fn kind(&self) -> &'static str {
        "test.idle"
    }
    fn run<'a>(&'a self, _: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::Relaxed);
            if self.stuck.load(Ordering::Relaxed) {
                pending::<()>().await;
            }
            if self.broken.load(Ordering::Relaxed) {
                return Err(AppError::internal("broken"));
            }
            if self.refuses.load(Ordering::Relaxed) {
                return Err(AppError::stale());
            }
            Ok(String::new())
        })
    }
}

struct Office {
    test: TestStore,
    app: App,
    kind: Arc<Idle>,
    job: JobId,
    asker: Reader,
}

fn areas(kind: &Arc<Idle>) -> Vec<Area> {
    vec![Area { name: "idle", jobs: vec![kind.clone()], ..Area::default() }]
}

async fn offices() -> Vec<Office> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        let kind = Arc::new(Idle::default());
        let app = testing::app(&test.store, &areas(&kind));
        let account = testing::account(&test.store, "office", &[(Role::PopulationOffice, DIVISION)]).await;
        let asker = Reader { account, ..testing::reader(&test.store, &[Role::PopulationOffice], Scope::Division) };
        let tx = test.store.begin(&asker).await.unwrap();
        let job = jobs::enqueue(&tx, "test.idle", "", serde_json::Value::Null).await.unwrap();
        tx.commit().await.unwrap();
        all.push(Office { test, app, kind, job, asker });
    }
    all
}

impl Office {
    async fn job(&self) -> Job {
        jobs::find(&self.test.store.reads(), &self.asker, self.job).await.unwrap()
    }
    /// Begins the job in a process that dies at it.
    async fn dies(&self) {
        self.kind.stuck.store(true, Ordering::Relaxed);
        let run = tokio::time::timeout(Duration::from_millis(1_000), jobs::run_one(&self.app)).await;
        assert!(run.is_err(), "the job was begun and has not ended");
        self.kind.stuck.store(false, Ordering::Relaxed);
    }
    /// The lease of whoever ran it ends.
    fn lease_ends(&self) {
        self.test.clock.set(self.test.store.now().plus_s(61));
    }
    async fn restart(&self, reader: &Reader) -> Result<()> {
        let tx = self.test.store.begin(reader).await.unwrap();
        jobs::restart(&tx, self.job).await?;
        tx.commit().await
    }
}

#[tokio::test]
async fn a_job_whose_process_died_is_taken_over_when_its_lease_ends_and_not_before() {
    for office in offices().await {
        office.dies().await;
        assert!(!jobs::run_one(&office.app).await.unwrap(), "somebody may still be at it");
        office.lease_ends();
        assert!(jobs::run_one(&office.app).await.unwrap(), "{}", office.test.engine);
        let job = office.job().await;
        assert_eq!((job.state.as_str(), job.attempts, job.error_code), ("done", 2, None));
    }
}

#[tokio::test]
async fn a_job_that_is_interrupted_three_times_has_failed_until_somebody_begins_it_anew() {
    for office in offices().await {
        for _ in 0..jobs::ATTEMPTS {
            office.dies().await;
            office.lease_ends();
        }
        assert!(!jobs::run_one(&office.app).await.unwrap(), "it is not begun a fourth time");
        assert_eq!(office.kind.begun.load(Ordering::Relaxed), 3, "{}", office.test.engine);
        let job = office.job().await;
        assert_eq!((job.state.as_str(), job.error_code.as_deref()), ("failed", Some(jobs::INTERRUPTED)));

        let client = Client::signed_in(&office.app, &areas(&office.kind), office.asker.account).await;
        let path = format!("/jobs/{}", office.job);
        let page = client.get(&path).await.text;
        assert!(page.contains("程序多次在任务完成前停止") && page.contains("重新开始"), "{page}");
        assert_eq!(client.post(&format!("{path}/attempts"), &[]).await.location(), path);
        assert!(jobs::run_one(&office.app).await.unwrap());
        assert_eq!(office.job().await.state, "done");
        let again = client.post(&format!("{path}/attempts"), &[]).await;
        assert_eq!(again.status.as_u16(), 422, "what is done is not begun anew");
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_tried_three_times_and_what_a_rule_refused_stays_refused() {
    for office in offices().await {
        office.kind.broken.store(true, Ordering::Relaxed);
        while jobs::run_one(&office.app).await.unwrap() {}
        let job = office.job().await;
        assert_eq!((office.kind.begun.load(Ordering::Relaxed), job.state.as_str()), (3, "failed"));
        assert_eq!(job.error_code.as_deref(), Some("internal"));
        office.restart(&office.asker).await.unwrap();
        office.kind.broken.store(false, Ordering::Relaxed);
        office.kind.refuses.store(true, Ordering::Relaxed);
        while jobs::run_one(&office.app).await.unwrap() {}
        assert_eq!(office.job().await.error_code.as_deref(), Some("stale-version"));
        assert!(office.restart(&office.asker).await.unwrap_err().is("job-not-restartable"), "{}", office.test.engine);
    }
}

#[tokio::test]
async fn only_the_asker_and_the_system_administrator_begin_a_failed_job_anew() {
    for office in offices().await {
        office.kind.broken.store(true, Ordering::Relaxed);
        while jobs::run_one(&office.app).await.unwrap() {}
        let colleague = testing::reader(&office.test.store, &[Role::PopulationOffice], Scope::Division);
        assert!(office.restart(&colleague).await.unwrap_err().is("not-found"), "{}", office.test.engine);
        let admin = testing::account(&office.test.store, "sysadmin", &[(Role::SystemAdmin, DIVISION)]).await;
        let admin = Client::signed_in(&office.app, &areas(&office.kind), admin).await;
        assert!(admin.get("/admin/jobs").await.text.contains(&format!("/jobs/{}/attempts", office.job)));
        let begun = admin.post(&format!("/jobs/{}/attempts", office.job), &[]).await;
        assert_eq!(begun.location(), "/admin/jobs");
        let reads = office.test.store.reads();
        let noted = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'job.restarted'";
        assert_eq!(reads.number(noted, vals![reads.division()]).await.unwrap(), 1);
        assert_eq!(office.job().await.state, "waiting");
    }
}
