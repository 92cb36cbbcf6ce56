// A visit being filled in: who is settled, what is missing, and the entry that it becomes. Everyone in the home must be
// settled before it counts (上门一户, 核查全员); a door that nobody opens settles nobody.
import { checkDocument } from "./identity/documents.js";
import { checkName, checkPerson, checkPhone } from "./identity/person.js";

/** The most newcomers of one visit, as on the server. */
export const NEWCOMERS_MAX = 20;

const ofChange = {
  phone: (value) => checkPhone(value).error ?? (value.trim() ? null : { code: "empty" }),
  name: (value) => checkName(value).error,
  document: (value, said) => checkDocument(said.doc_kind ?? "resident", value, said.confirmed === true).error,
  employer: (value) => checkDocument("organisation", value).error,
};
const PREFIX = { phone: "phone", name: "name", document: "number", employer: "number" };

/** What is wrong with one person's choice: `{ field, code, args }`, or null. */
export const choiceProblem = (said, today) => {
  if (!said?.choice) return { field: "choice", code: "unsettled" };
  if (said.choice === "moved-out") {
    if (!/^\d{4}-\d\d-\d\d$/.test(said.day ?? "")) return { field: "day", code: "phone-day-missing" };
    return said.day > today ? { field: "day", code: "cell-since-future" } : null;
  }
  if (said.choice !== "changed") return null;
  if (!said.field) return { field: "field", code: "phone-change-missing" };
  const error = ofChange[said.field]?.(said.value ?? "", said);
  if (!error) return null;
  if (error.code === "empty") return { field: "value", code: "phone-value-missing" };
  return { field: "value", code: `cell-${PREFIX[said.field]}-${error.code}`, args: error.args };
};

/** Who is not settled, and what else is wrong, in the order of the page. */
export const missing = (home, draft, today) => {
  const people = home.people.filter((p) => choiceProblem(draft.people[p.resident_id], today)).map((p) => p.resident_id);
  const newcomers = draft.newcomers.map((n, place) => ({ n, place })).filter(({ n }) => checkPerson(n, today).problems.some((p) => p.fatal));
  return { people, newcomers: newcomers.map(({ place }) => place), left: people.length + newcomers.length };
};

const changes = (said) => {
  const value = (said.value ?? "").trim();
  switch (said.field) {
    case "phone": return { phone: checkPhone(value).phone };
    case "name": return { name: checkName(value).name };
    case "document": return { doc: { kind: said.doc_kind ?? "resident", no: value, confirmed: said.confirmed === true } };
    case "local-yes": return { local: true };
    case "local-no": return { local: false };
    case "employer": return { employer: value };
    default: return { employer: null };
  }
};

const person = (member, said) => {
  const row = { resident_id: member.resident_id, version: member.version, choice: said.choice };
  if (said.choice === "moved-out") row.day = said.day;
  if (said.choice === "changed") row.changes = changes(said);
  return row;
};

const newcomer = (typed) => {
  const row = { name: typed.name, doc_kind: typed.doc_kind, doc_no: typed.doc_no, confirmed: typed.confirmed === true, local: typed.local === "local", since: typed.since };
  for (const field of ["phone", "sex", "birth", "employer"]) if (typed[field]?.trim()) row[field] = typed[field].trim();
  return row;
};

// Of the place, whether anybody opened or not: hazards, and the photo where a rule asks for one.
const premises = (draft, asked) => {
  const said = Object.entries(draft.hazards ?? {});
  const of = {};
  const noted = said.filter(([, s]) => s.so).map(([code, s]) => (s.until ? { code, until: s.until } : { code }));
  const gone = said.filter(([, s]) => !s.so).map(([code]) => code);
  if (noted.length) of.hazards = noted;
  if (gone.length) of.hazards_gone = gone;
  if (asked && draft.photo) of.photo = { at: draft.photo.at, jpeg: draft.photo.jpeg };
  return of;
};

/** The entry of a finished visit. `ids`: `{ entry_id, made_at, assignment_made_at }`; `photo`: whether a rule asks for one. */
export const entryOf = (home, draft, ids, photo = false) => {
  const absent = draft.outcome !== "" && draft.outcome !== "verified";
  const entry = { v: 1, entry_id: ids.entry_id, kind: "visit", made_at: ids.made_at, assignment_made_at: ids.assignment_made_at,
    home_id: home.home_id, outcome: absent ? draft.outcome : "verified", people: [], newcomers: [], tasks: [], notes: [...draft.notes] };
  if (draft.next_day) entry.next_day = draft.next_day;
  if (draft.corrects) entry.corrects = draft.corrects;
  Object.assign(entry, premises(draft, photo));
  if (absent) return entry;
  entry.people = home.people.map((p) => person(p, draft.people[p.resident_id]));
  entry.newcomers = draft.newcomers.map(newcomer);
  entry.tasks = Object.entries(draft.tasks).filter(([, outcome]) => outcome).map(([task_id, outcome]) => ({ task_id, outcome }));
  return entry;
};

/** What the day's list says of a finished visit: counts, no person. */
export const inShort = (home, draft, entry) => {
  const count = (choice) => entry.people.filter((p) => p.choice === choice).length;
  return { entry_id: entry.entry_id, at: entry.made_at, outcome: entry.outcome, here: count("here"), gone: count("moved-out"),
    changed: count("changed"), registered: entry.newcomers.length, next_day: entry.next_day ?? null, home };
};
