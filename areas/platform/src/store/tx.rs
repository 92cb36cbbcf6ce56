//! A writing transaction: data, event, access record, job and log leaf together.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait, Value,
    sea_query::{Alias, Expr, Query as SeaQuery},
};
use uuid::Uuid;

use super::{Query as _, Store, deadline, engine};
use crate::{
    access::Action,
    clock::At,
    error::{AppError, Result},
    event::SubjectRef,
    ids::{BasisId, RunId},
    proof,
    reader::{Purpose, Reader},
    record,
    sealed::{Bind, Clear, KeyRow, MachineRun, Sealed, SubjectKey},
};

/// A writing transaction in somebody's name. Dropping it without [`commit`](Tx::commit) undoes everything.
pub struct Tx {
    inner: DatabaseTransaction,
    store: Store,
    reader: Reader,
    now: At,
    wrote: AtomicBool,
    recorded: AtomicBool,
}

/// A sealed value and its place.
#[derive(Clone, Copy)]
pub struct SealedField<'a> {
    /// Where it lives.
    pub bind: Bind,
    /// The value.
    pub sealed: &'a Sealed,
}

impl Tx {
    pub(super) async fn begin(store: Store, db: &DatabaseConnection, reader: Reader) -> Result<Self> {
        store.sends();
        let inner = db.begin_with_options(engine::write_transaction()).await?;
        let now = store.now();
        Ok(Tx { inner, store, reader, now, wrote: AtomicBool::new(false), recorded: AtomicBool::new(false) })
    }
    pub(super) fn raw(&self) -> &DatabaseTransaction {
        &self.inner
    }
    pub(super) fn store_ref(&self) -> &Store {
        &self.store
    }
    /// In whose name it writes.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
    /// The instant of the transaction.
    pub fn now(&self) -> At {
        self.now
    }
    /// A new identifier.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.store.rng().uuid(self.now))
    }
    /// Runs a statement; the number of rows it touched.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        self.wrote.store(true, Ordering::Relaxed);
        let statement = self.store.statement(sql, values);
        Ok(deadline(self.inner.execute_raw(statement)).await?.rows_affected())
    }
    /// Runs a statement that must touch exactly one row; otherwise somebody else changed it in the meantime.
    pub async fn execute_one(&self, sql: &str, values: Vec<Value>) -> Result<()> {
        match self.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(AppError::stale()),
        }
    }
    /// Inserts rows in batches as large as the engine takes.
    pub async fn insert_many(
        &self,
        table: &'static str,
        columns: &[&'static str],
        rows: Vec<Vec<Value>>,
    ) -> Result<()> {
        self.wrote.store(true, Ordering::Relaxed);
        let per_statement = (engine::max_binds(self.store.backend()) / columns.len().max(1)).clamp(1, 2_000);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = SeaQuery::insert();
            insert.into_table(Alias::new(table)).columns(columns.iter().map(|c| Alias::new(*c)));
            for row in rows.by_ref().take(per_statement) {
                insert
                    .values(row.into_iter().map(Expr::value))
                    .map_err(|e| AppError::internal(format!("insert into {table}: {e}")))?;
            }
            self.store.sends();
            deadline(self.inner.execute_raw(self.store.backend().build(&insert))).await?;
        }
        Ok(())
    }
    /// Says that what was written needs no event: sessions, jobs, staging. The word is for the reader of the code.
    pub fn housekeeping(&self, _why: &'static str) {
        self.recorded.store(true, Ordering::Relaxed);
    }
    pub(crate) fn mark_recorded(&self) {
        self.wrote.store(true, Ordering::Relaxed);
        self.recorded.store(true, Ordering::Relaxed);
    }
    /// Makes everything true, or nothing.
    pub async fn commit(self) -> Result<()> {
        if self.wrote.load(Ordering::Relaxed) && !self.recorded.load(Ordering::Relaxed) {
            return Err(AppError::internal("a write without an event or an access record (invariant 5)"));
        }
        self.inner.commit().await?;
        self.store.committed();
        Ok(())
    }

    /// Makes data keys for new subjects and stores them wrapped.
    pub async fn create_keys(&self, subjects: &[Uuid]) -> Result<Vec<SubjectKey>> {
        let mut keys = Vec::with_capacity(subjects.len());
        let mut rows = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let secret = self.store.keys().new_subject_key(self.store.rng());
            let (epoch, wrapped) = self.store.keys().wrap(self.store.rng(), *subject, &secret);
            rows.push(crate::vals![self.store.division(), *subject, epoch, wrapped]);
            keys.push(SubjectKey::new(&secret, self.store.rng()));
        }
        self.insert_many("subject_key", &["division_code", "subject_id", "epoch", "wrapped"], rows).await?;
        Ok(keys)
    }
    /// The existing key of a subject, for sealing changed values.
    pub async fn key_of(&self, subject: Uuid) -> Result<SubjectKey> {
        let row = self.key_row(subject).await?;
        let secret = self.store.keys().unwrap(&row.epoch, subject, &row.wrapped)?;
        Ok(SubjectKey::new(&secret, self.store.rng()))
    }
    async fn key_row(&self, subject: Uuid) -> Result<KeyRow> {
        self.row::<KeyRow>(
            "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND subject_id = $2",
            crate::vals![self.store.division(), subject],
        )
        .await?
        .ok_or_else(AppError::not_found)
    }

    /// Opens values of one subject for the reader's eyes and records it, in this transaction.
    ///
    /// # Errors
    /// `forbidden` if no role of the reader may unmask; `not-found` if the subject lies outside the scope;
    /// `basis-missing` if there is no open task with this purpose on this very record for this reader; `step-up` if the
    /// installation asks for password or code again; `unmask-limit` after so many people within an hour.
    pub async fn unmask(
        &self,
        subject: SubjectRef,
        purpose: Purpose,
        fields: &[SealedField<'_>],
    ) -> Result<Vec<Clear>> {
        self.unmask_concerning(subject, None, purpose, fields).await
    }
    /// The same where what is opened is held under another subject (a task's note, an employer's row) but is about a
    /// resident who is known: the reading is recorded for that resident too, who then sees it (boundary 7).
    pub async fn unmask_concerning(
        &self,
        subject: SubjectRef,
        resident: Option<SubjectRef>,
        purpose: Purpose,
        fields: &[SealedField<'_>],
    ) -> Result<Vec<Clear>> {
        let basis = self.basis_for(subject, purpose).await?;
        self.reader.require_proof(self.now)?;
        proof::within_limit(self, resident.unwrap_or(subject)).await?;
        let key = self.key_row(subject.id).await?;
        let secret = self.store.keys().unwrap(&key.epoch, subject.id, &key.wrapped)?;
        let key = SubjectKey::new(&secret, self.store.rng());
        let names: Vec<&str> = fields.iter().map(|f| f.bind.column).collect();
        record::access(self, subject, purpose, basis, &names.join(",")).await?;
        if let Some(resident) = resident {
            record::access(self, resident, purpose, basis, &names.join(",")).await?;
        }
        fields.iter().map(|f| key.open(f.bind, f.sealed).map(Clear::new)).collect()
    }
    /// The open basis that entitles the reader to open this subject for this purpose.
    pub async fn basis_for(&self, subject: SubjectRef, purpose: Purpose) -> Result<BasisId> {
        if self.reader.resident.is_some() || purpose == Purpose::OwnRecord {
            return self.own_basis(subject, purpose).await;
        }
        let may = self.reader.may(Action::RegisterUnmask) || self.reader.may(Action::SurveyAnswer);
        // Photos on findings are no records of people: whoever sees the finding opens them.
        let may = may || (purpose == Purpose::Inspection && self.reader.may(Action::InspectionRead));
        // The person's presence is a purpose for those who serve a counter, whatever case an earlier role left open.
        let may = may && (purpose != Purpose::CounterService || self.reader.may(Action::CounterServe));
        if self.reader.is_system() || !may {
            return Err(AppError::forbidden());
        }
        if purpose == Purpose::Emergency {
            return match self.reader.emergency_in(subject.grid, self.now) {
                Some(emergency) => Ok(emergency.basis()),
                None if self.reader.works_in(subject.grid) => {
                    Err(AppError::rule("basis-missing").arg("purpose", purpose.code()))
                }
                None => Err(AppError::not_found()),
            };
        }
        let assigned = crate::basis::find(self, subject, purpose).await?;
        match assigned {
            Some(basis) if basis.account_id == Some(self.reader.account) => Ok(basis.basis_id),
            Some(basis) if self.reader.works_in(subject.grid) => Ok(basis.basis_id),
            _ if !self.reader.scope.contains(subject.grid) => Err(AppError::not_found()),
            _ => Err(AppError::rule("basis-missing").arg("purpose", purpose.code())),
        }
    }
    /// The basis of a resident's own visit: for the own record alone, whatever else is open on it.
    async fn own_basis(&self, subject: SubjectRef, purpose: Purpose) -> Result<BasisId> {
        if self.reader.resident != Some(subject.id) || purpose != Purpose::OwnRecord {
            return Err(AppError::not_found());
        }
        let found = crate::basis::find(self, subject, purpose).await?;
        let own = found.filter(|b| b.account_id == Some(self.reader.account));
        own.map(|b| b.basis_id).ok_or_else(AppError::not_found)
    }
    /// Begins a recorded comparison by machine. Each person shown afterwards still needs [`unmask`](Tx::unmask).
    pub async fn machine_run(&self, kind: &'static str) -> Result<MachineRun> {
        let id: RunId = self.new_id();
        record::run(self, id, kind).await?;
        Ok(MachineRun { id, keys: self.store.keys().clone(), rng: self.store.rng().clone() })
    }
}
