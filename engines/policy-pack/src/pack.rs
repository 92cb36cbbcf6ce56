//! A whole pack: reading, checking, looking up.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::files::{EMBEDDED, FILES};
use crate::source::{Content, Node, Source};
use crate::{
    Category, Committee, Deadline, DeadlineId, Deadlines, Document, Duty, Governance, Group, ItemOfScore, Label,
    Ledger, Meeting, MeetingId, Meetings, Problem, Purpose, PurposeId, Reason, RegisterRules, Retention, RetentionId,
    Role, RoleId, Scene, Scoring, Shifts, Survey, Task, TaskId, Team, Territory, Visits, Work, check, digest,
};

/// What the pack is (`pack.toml`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Version of the file format; 1.
    pub format: u32,
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Number of the paper that the rules were issued with.
    pub issued_as: String,
    /// First day on which the rules hold.
    pub effective_from: Date,
    /// The sub-district's division code, nine digits.
    pub division_code: String,
    /// The sub-district's name.
    pub division_name: String,
}

/// The typed rules of all files.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What the pack is.
    pub meta: Meta,
    /// Committees, groups, boundaries.
    pub territory: Territory,
    /// Roles, members, duties.
    pub team: Team,
    /// What the register holds.
    pub register: RegisterRules,
    /// Verification, labels, gaps.
    pub visits: Visits,
    /// Deadlines and retention.
    pub deadlines: Deadlines,
    /// Monthly survey.
    pub survey: Survey,
    /// Meetings.
    pub meetings: Meetings,
    /// Shifts.
    pub shifts: Shifts,
    /// Assessment.
    pub scoring: Scoring,
    /// Six ledgers.
    pub ledgers: Vec<Ledger>,
    /// Sixteen scenes.
    pub scenes: Vec<Scene>,
    /// Documents.
    pub documents: Vec<Document>,
    /// Tasks, purposes, levels.
    pub work: Work,
    /// Bodies, measures, administrators.
    pub governance: Governance,
}

/// Where a rule of the pack comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// File of the pack.
    pub file: String,
    /// Path of the rule in it, such as `min_households` or `deadline.entry`.
    pub path: String,
    /// The clause.
    pub clause: String,
    /// The rule of REQUIREMENTS.md, such as `R25`.
    pub rule: String,
}

/// The checked rules of a sub-district (政策包). Dereferences to its [`Rules`]: `pack.survey.min_households`.
///
/// ```
/// use policy_pack::{DeadlineId, Pack, Unit};
/// let pack = Pack::embedded();
/// assert_eq!(*pack.survey.min_households, 15);
/// assert_eq!(pack.survey.min_households.clause, "附件2 四");
/// let entry = pack.deadline(DeadlineId::Entry);
/// assert_eq!((entry.amount, entry.unit), (24, Unit::Hours));
/// assert_eq!(pack.max_gap_days("dormitory"), Some(10));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    rules: Rules,
    citations: Vec<Citation>,
    digest: String,
}

impl std::ops::Deref for Pack {
    type Target = Rules;

    fn deref(&self) -> &Rules {
        &self.rules
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetaFile {
    pack: Meta,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerFile {
    ledger: Vec<Ledger>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneFile {
    scene: Vec<Scene>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile {
    document: Vec<Document>,
}

impl Pack {
    /// Reads and checks a pack from the texts of its files, by file name. The caller reads the files.
    ///
    /// # Errors
    /// Every problem found, ordered by file, line and column. A file that cannot be read at all hides what
    /// depends on it.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let mut problems = wrong_files(files);
        let mut sources = BTreeMap::new();
        for (file, text) in files.iter().filter(|(file, _)| FILES.contains(&file.as_str())) {
            match Source::parse(file, text) {
                Ok(source) => {
                    sources.insert(file.clone(), source);
                }
                Err(problem) => problems.push(problem),
            }
        }
        problems.extend(check::shape(&sources));
        let rules = typed(&sources, &mut problems);
        if let Some(rules) = &rules {
            problems.extend(check::rules(&sources, rules));
        }
        problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        problems.dedup();
        match rules {
            Some(rules) if problems.is_empty() => Ok(Self {
                rules,
                citations: sources.iter().flat_map(|(file, source)| citations(file, &source.root)).collect(),
                digest: digest::of(&tables(files)),
            }),
            _ => Err(problems),
        }
    }

    /// The pack `xianghuaqiao-2023`, compiled in.
    #[must_use]
    pub fn embedded() -> Self {
        Self::from_files(&Self::embedded_files()).expect("the embedded pack is checked by the tests")
    }

    /// The texts of the pack that is compiled in, to start another sub-district's from.
    #[must_use]
    pub fn embedded_files() -> BTreeMap<String, String> {
        FILES.iter().zip(EMBEDDED).map(|(file, text)| ((*file).to_owned(), text.to_owned())).collect()
    }

    /// SHA-256 in hex over the canonical content, 64 characters. Every result names it. Comments, blanks and the
    /// order of keys do not change it.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digest.clone()
    }

    /// Where each rule comes from, in the order of files and within them.
    #[must_use]
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }

    /// The deadline with this id.
    #[must_use]
    pub fn deadline(&self, id: DeadlineId) -> &Deadline {
        self.deadlines.deadlines.iter().find(|d| d.id == id).expect("a checked pack has every deadline")
    }

    /// The retention time with this id.
    #[must_use]
    pub fn retention(&self, id: RetentionId) -> &Retention {
        self.deadlines.retentions.iter().find(|r| r.id == id).expect("a checked pack has every retention time")
    }

    /// The role with this id.
    #[must_use]
    pub fn role(&self, id: RoleId) -> &Role {
        self.team.roles.iter().find(|role| role.id == id).expect("a checked pack has every role")
    }

    /// The duties of a role, in the order of the pack.
    pub fn duties_of(&self, role: RoleId) -> impl Iterator<Item = &Duty> {
        self.team.duties.iter().filter(move |duty| duty.role == role)
    }

    /// The meeting with this id.
    #[must_use]
    pub fn meeting(&self, id: MeetingId) -> &Meeting {
        self.meetings.meetings.iter().find(|m| m.id == id).expect("a checked pack has every meeting")
    }

    /// The kind of task with this id, if the pack has it.
    #[must_use]
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.work.tasks.iter().find(|task| task.id == id)
    }

    /// The purpose with this id, if the pack has it.
    #[must_use]
    pub fn purpose(&self, id: PurposeId) -> Option<&Purpose> {
        self.work.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// The premises label with this id.
    #[must_use]
    pub fn label(&self, id: &str) -> Option<&Label> {
        self.visits.labels.iter().find(|label| label.id == id)
    }

    /// The category of a label.
    #[must_use]
    pub fn category_of(&self, label: &str) -> Option<&Category> {
        let label = self.label(label)?;
        self.visits.categories.iter().find(|category| category.id == label.category)
    }

    /// The longest gap between two visits of premises with this label, in days.
    #[must_use]
    pub fn max_gap_days(&self, label: &str) -> Option<u32> {
        Some(self.category_of(label)?.max_gap_days)
    }

    /// The scene with this id.
    #[must_use]
    pub fn scene(&self, id: &str) -> Option<&Scene> {
        self.scenes.iter().find(|scene| scene.id == id)
    }

    /// The scoring items of a section, in the order of the pack.
    pub fn items_of(&self, section: &str) -> impl Iterator<Item = &ItemOfScore> {
        self.scoring.items.iter().filter(move |item| item.section == section)
    }

    /// The committee with this division code.
    #[must_use]
    pub fn committee(&self, code: &str) -> Option<&Committee> {
        self.territory.committees.iter().find(|committee| committee.code == code)
    }

    /// The committee that is written so: short name, official name or alias; blanks do not matter.
    #[must_use]
    pub fn committee_named(&self, name: &str) -> Option<&Committee> {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        self.territory.committees.iter().find(|committee| committee.names().any(|own| own == name))
    }

    /// The assessment group of the committee with this code.
    #[must_use]
    pub fn group_of(&self, code: &str) -> Option<&Group> {
        let committee = self.committee(code)?;
        self.territory.groups.iter().find(|group| group.id == committee.group)
    }
}

fn wrong_files(files: &BTreeMap<String, String>) -> Vec<Problem> {
    let problem = |file: &str, reason| Problem { file: file.to_owned(), line: 1, column: 1, reason };
    let unknown = files.keys().filter(|file| !FILES.contains(&file.as_str()));
    let missing = FILES.iter().filter(|file| !files.contains_key(**file));
    unknown
        .map(|file| problem(file, Reason::UnknownFile))
        .chain(missing.map(|file| problem(file, Reason::MissingFile)))
        .collect()
}

fn read<T: DeserializeOwned>(sources: &BTreeMap<String, Source>, file: &str, problems: &mut Vec<Problem>) -> Option<T> {
    match sources.get(file)?.read() {
        Ok(rules) => Some(rules),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Reads every file before giving up, so that all problems show at once.
fn typed(sources: &BTreeMap<String, Source>, problems: &mut Vec<Problem>) -> Option<Rules> {
    let meta = read::<MetaFile>(sources, "pack.toml", problems);
    let territory = read(sources, "territory.toml", problems);
    let team = read(sources, "team.toml", problems);
    let register = read(sources, "register.toml", problems);
    let visits = read(sources, "intervals.toml", problems);
    let deadlines = read(sources, "deadlines.toml", problems);
    let survey = read(sources, "survey.toml", problems);
    let meetings = read(sources, "meetings.toml", problems);
    let shifts = read(sources, "shifts.toml", problems);
    let scoring = read(sources, "scoring.toml", problems);
    let ledgers = read::<LedgerFile>(sources, "ledgers.toml", problems);
    let scenes = read::<SceneFile>(sources, "scenes.toml", problems);
    let documents = read::<DocumentFile>(sources, "documents.toml", problems);
    let work = read(sources, "work.toml", problems);
    let governance = read(sources, "governance.toml", problems);
    Some(Rules {
        meta: meta?.pack,
        territory: territory?,
        team: team?,
        register: register?,
        visits: visits?,
        deadlines: deadlines?,
        survey: survey?,
        meetings: meetings?,
        shifts: shifts?,
        scoring: scoring?,
        ledgers: ledgers?.ledger,
        scenes: scenes?.scene,
        documents: documents?.document,
        work: work?,
        governance: governance?,
    })
}

fn tables(files: &BTreeMap<String, String>) -> BTreeMap<String, toml::Table> {
    files.iter().filter_map(|(file, text)| Some((file.clone(), text.parse().ok()?))).collect()
}

fn citations(file: &str, root: &Node) -> Vec<Citation> {
    let mut found = Vec::new();
    cite(file, root, String::new(), &mut found);
    found
}

fn cite(file: &str, node: &Node, path: String, found: &mut Vec<Citation>) {
    let text = |key: &str| node.get(key).and_then(Node::text);
    if let (Some(clause), Some(rule)) = (text("clause"), text("rule")) {
        let (file, clause, rule) = (file.to_owned(), clause.to_owned(), rule.to_owned());
        found.push(Citation { file, path: path.clone(), clause, rule });
    }
    match &node.content {
        Content::Table(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                cite(file, value, path, found);
            }
        }
        Content::Array(nodes) => {
            for (place, value) in nodes.iter().enumerate() {
                let id = value.get("id").or_else(|| value.get("code")).and_then(Node::text);
                let id = id.map_or_else(|| place.to_string(), str::to_owned);
                cite(file, value, format!("{path}.{id}"), found);
            }
        }
        Content::Text(_) | Content::Other => {}
    }
}
