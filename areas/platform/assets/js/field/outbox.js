// Entries that wait, and what became of those that were sent.
/** Acknowledged entries stay sealed on the phone for so long, for a server that was restored. */
export const KEPT_DAYS = 30;
const LOG_MOST = 200;

/** Writes a line of the sync log: codes, counts and times. */
export const note = async (keep, at, what, rest = {}) => {
  await keep.add("log", { at, what, ...rest });
  const rows = await keep.all("log");
  for (const row of rows.slice(0, Math.max(0, rows.length - LOG_MOST))) await keep.drop("log", row.n);
};

/** Everything that can be said of the entries of an account, the newest first. */
export const entries = async (keep) => {
  const waiting = (await keep.all("outbox")).map((row) => ({ ...row, place: "outbox" }));
  const kept = (await keep.all("kept")).map((row) => ({ ...row, place: "kept" }));
  return [...waiting, ...kept].sort((a, b) => b.made_at - a.made_at);
};

/** How many wait, and how many ask for somebody's hand. */
export const counts = async (keep) => {
  const kept = await keep.all("kept");
  return {
    waiting: (await keep.all("outbox")).length,
    asking: kept.filter((row) => ["refused", "conflict"].includes(row.state) && !row.settled).length,
  };
};

/** An entry that holds a photo is told by its length. */
const LONG = 64 * 1024;
/** Characters of acknowledged entries with photos that are kept for a restored server at most. */
export const KEPT_PHOTOS_MOST = 16_000_000;

/** Characters of entries with photos that wait to be sent. */
export const photosWaiting = async (keep) =>
  (await keep.all("outbox")).filter((row) => row.ct.length > LONG).reduce((sum, row) => sum + row.ct.length, 0);

/** Of what was entered and holds a photo, the oldest goes when it takes too much room. */
const makeRoom = async (keep, now) => {
  const long = (await keep.all("kept")).filter((row) => row.state === "done" && row.ct.length > LONG).sort((a, b) => b.acked_at - a.acked_at);
  let [sum, gone] = [0, 0];
  for (const row of long) {
    sum += row.ct.length;
    if (sum <= KEPT_PHOTOS_MOST) continue;
    await keep.drop("kept", row.entry_id);
    gone += 1;
  }
  if (gone) await note(keep, now, "dropped", { count: gone });
};

/** Old acknowledged entries go. */
export const prune = async (keep, now) => {
  await makeRoom(keep, now);
  const before = now - KEPT_DAYS * 86_400_000_000;
  for (const row of await keep.all("kept")) if (row.acked_at < before) await keep.drop("kept", row.entry_id);
};

/**
 * Takes back an entry that was not sent. `ask`: tells what the server has of it (`null`: nothing), for one whose
 * sending was begun. Returns `taken`, `sent` or `unknown` (no network to ask).
 */
export const takeBack = async (keep, entryId, ask, at) => {
  const row = await keep.get("outbox", entryId);
  if (!row) return "sent";
  if (row.tries > 0) {
    const answer = await ask(row);
    if (answer === undefined) return "unknown";
    if (answer !== null) return "sent";
  }
  await keep.together(["outbox", "draft"], (tx) => {
    tx.drop("outbox", entryId);
    tx.drop("draft", row.home_id);
  });
  await note(keep, at, "taken-back");
  return "taken";
};
