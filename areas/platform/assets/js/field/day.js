// The day on the phone: the assignment, what is done of it, drafts; all encrypted under the day key.
import { closed, opened } from "./vault.js";
import { blank, isBegun } from "./draft.js";

const placeOf = (homeId) => `draft ${homeId}`;

/** Keeps an assignment. */
export const keepAssignment = async (keep, key, assignment) =>
  keep.put("assignment", { id: "day", ...(await closed(key, "assignment", assignment)) });

/** The assignment, or null. */
export const assignment = async (keep, key) => {
  const row = await keep.get("assignment", "day");
  return row ? opened(key, "assignment", row) : null;
};

/** What is being filled in or was finished at a home: `{ draft?, done? }`. */
export const atHome = async (keep, key, homeId) => {
  const row = await keep.get("draft", homeId);
  return row ? opened(key, placeOf(homeId), row) : { draft: blank(homeId) };
};

/** Keeps a draft, beside what was finished there before; one that nothing stands in goes. */
export const keepDraft = async (keep, key, draft, done = null) => {
  if (!isBegun(draft) && !done) return keep.drop("draft", draft.home_id);
  const value = isBegun(draft) ? { draft, done } : { done };
  return keep.put("draft", { home_id: draft.home_id, ...(await closed(key, placeOf(draft.home_id), value)) });
};

/** Finishes a visit: the sealed entry goes into the outbox and the draft becomes a line of the day's list, at once. */
export const finish = async (keep, key, sealed, about, short) => {
  const row = { home_id: about.home_id, ...(await closed(key, placeOf(about.home_id), { done: short })) };
  await keep.together(["outbox", "draft"], (tx) => {
    tx.put("outbox", { ...sealed, ...about, state: "waiting", tries: 0 });
    tx.put("draft", row);
  });
};

/** The homes of the day with what was done: those of the assignment, and done ones that a newer assignment left out. */
export const homes = async (keep, key, day) => {
  const rows = new Map();
  for (const row of await keep.all("draft")) rows.set(row.home_id, await opened(key, placeOf(row.home_id), row));
  const list = day.homes.map((home) => ({ home, ...(rows.get(home.home_id) ?? {}) }));
  for (const [id, row] of rows)
    if (row.done && !day.homes.some((h) => h.home_id === id)) list.push({ home: row.done.home, done: row.done });
  return list;
};

/** How far the day is. */
export const progress = (list) => {
  const done = list.filter((h) => h.done).length;
  return { done, total: list.length, left: list.length - done };
};
