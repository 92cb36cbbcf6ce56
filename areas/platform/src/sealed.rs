//! Sealed personal values, and the only ways to open them.
//!
//! [`Sealed`] can be bound to and read from the store and has no method that opens it. A person's eyes get a
//! [`Clear`] from [`Tx::unmask`](crate::store::Tx::unmask), which writes the access record in the same
//! transaction; a machine's comparison gets a [`MachineText`] from a recorded [`MachineRun`], and that type
//! cannot be shown: it has neither `Display` nor `Serialize`.
//!
//! ```compile_fail
//! use linli_platform::sealed::Sealed;
//! fn leak(s: &Sealed) -> String { s.open() } // no such method
//! ```
//! ```compile_fail
//! use linli_platform::sealed::MachineText;
//! fn leak(m: &MachineText) -> String { format!("{m}") } // a machine's text cannot be displayed
//! ```
//! ```compile_fail
//! use linli_platform::sealed::Clear;
//! fn forge() -> Clear { Clear("a number that was never recorded".into()) } // the field is private
//! ```

use sea_orm::DeriveValueType;
use uuid::Uuid;
use zeroize::ZeroizeOnDrop;

use crate::{
    clock::Rng,
    error::{AppError, Result},
    ids::RunId,
    keys::{Cipher, KeyError, KeyRing, Secret, WrappedKey},
};

/// A personal value as stored: AES-256-GCM or SM4-GCM, as the subject's data key says, bound to table, column and row.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Where a sealed value lives. Opening it elsewhere fails, so rows cannot be exchanged.
#[derive(Debug, Clone, Copy)]
pub struct Bind {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Row.
    pub row: Uuid,
}

impl Bind {
    fn aad(self) -> Vec<u8> {
        let mut aad = Vec::with_capacity(self.table.len() + self.column.len() + 18);
        aad.extend_from_slice(self.table.as_bytes());
        aad.push(b'.');
        aad.extend_from_slice(self.column.as_bytes());
        aad.push(b'.');
        aad.extend_from_slice(self.row.as_bytes());
        aad
    }
}

/// A subject's data key, unwrapped for sealing. It seals; it does not open.
pub struct SubjectKey {
    cipher: Cipher,
    rng: Rng,
}

impl SubjectKey {
    pub(crate) fn new(secret: &Secret, rng: &Rng) -> Self {
        SubjectKey { cipher: secret.cipher(), rng: rng.clone() }
    }
    /// Seals one value.
    pub fn seal(&self, bind: Bind, clear: &str) -> Sealed {
        Sealed(crate::keys::seal(&self.cipher, &self.rng, &bind.aad(), clear.as_bytes()))
    }
    pub(crate) fn open(&self, bind: Bind, sealed: &Sealed) -> Result<String> {
        crate::keys::open(&self.cipher, &bind.aad(), &sealed.0)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| AppError::internal(KeyError::DoesNotOpen(format!("{}.{}", bind.table, bind.column))))
    }
}

/// A key row as a query returns it beside the sealed columns: `subject_key.epoch`, `subject_key.wrapped`.
#[derive(Debug, Clone, sea_orm::FromQueryResult)]
pub struct KeyRow {
    /// The subject the key belongs to.
    pub subject_id: Uuid,
    /// The epoch it is wrapped in.
    pub epoch: String,
    /// The wrapped key.
    pub wrapped: WrappedKey,
}

/// A personal value opened for a person's eyes; made only where the access record was written.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Clear(String);

impl Clear {
    pub(crate) fn new(text: String) -> Self {
        Clear(text)
    }
    /// The text, for the page that the access record was written for.
    pub fn text(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Debug for Clear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clear(***)")
    }
}

/// A personal value opened for a comparison by machine. It goes into an engine and nowhere else.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct MachineText(String);

impl MachineText {
    /// The text, for an engine's input or for a masked form. Never for a page, a log or a message.
    pub fn for_engine(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Debug for MachineText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MachineText(***)")
    }
}

/// A recorded run of a machine over sealed values: rosters compared, the name directory rebuilt, imports checked.
pub struct MachineRun {
    pub(crate) id: RunId,
    pub(crate) keys: std::sync::Arc<KeyRing>,
    pub(crate) rng: Rng,
}

impl MachineRun {
    /// The run's record.
    pub fn id(&self) -> RunId {
        self.id
    }
    /// Opens values of one subject for the machine; each with its place.
    pub fn open(&self, key: &KeyRow, values: &[(Bind, &Sealed)]) -> Result<Vec<MachineText>> {
        let secret = self.keys.unwrap(&key.epoch, key.subject_id, &key.wrapped)?;
        let key = SubjectKey::new(&secret, &self.rng);
        values.iter().map(|(bind, sealed)| key.open(*bind, sealed).map(MachineText)).collect()
    }
}
