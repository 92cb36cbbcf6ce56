//! What an audit is given, and what it tells.

/// What an auditor knows from elsewhere, and holds the files against.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Public keys of the log, `name+hash+base64`. Without any, the keys in the file `log.vkey` count, which
    /// whoever can rewrite the log can rewrite with it.
    pub keys: Vec<String>,
    /// Public keys of witnesses, each of whom must have cosigned the checkpoint.
    pub witnesses: Vec<String>,
    /// Public keys with which the log signed before it exchanged its key: one of them may have signed a checkpoint that
    /// somebody kept, none signs for the checkpoint of now.
    pub former: Vec<String>,
    /// Checkpoints that somebody kept: the log must have grown from each.
    pub kept: Vec<String>,
    /// Whether the log's entries must be there.
    pub entries: Entries,
}

/// Whether a log is published with its entries; tlog-tiles leaves it to the log to commit to that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entries {
    /// Either all of them or none.
    #[default]
    AllOrNone,
    /// All of them.
    All,
}

/// What an audit without findings has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Which log.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Whether its entries were there, and held against their leaves.
    pub entries: bool,
    /// Files held against the tree.
    pub files: u64,
    /// Whether the key came from the log's own folder alone.
    pub own_key: bool,
    /// Signatures by keys that are not known here; they prove nothing and disprove nothing.
    pub unknown_signatures: usize,
}
