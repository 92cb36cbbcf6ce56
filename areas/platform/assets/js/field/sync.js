// Sending what waits: each entry is acknowledged by itself, in any order, as often as it takes; the same one twice
// changes nothing. Nothing leaves the phone before the server has said what became of it.
import { endDay } from "./db.js";
import { note, prune } from "./outbox.js";

/** The most entries of one request. */
export const BATCH = 50;
/** Characters of one request at most; one entry goes whatever its length. */
export const BATCH_CHARS = 1_500_000;

const sent = (row) => ({ entry_id: row.entry_id, key_id: row.key_id, enc: row.enc, ct: row.ct });

const acknowledged = (row, result, at, epoch) => ({
  ...row, state: result.state, reason: result.reason ?? null, fields: result.fields ?? [], conflict_id: result.conflict_id ?? null,
  acked_at: at, epoch,
});

/** A restored server lost what it had acknowledged: all that is kept of the old epoch waits again. */
export const meetEpoch = async (keep, epoch, at) => {
  const old = (await keep.all("kept")).filter((row) => row.epoch !== epoch);
  await keep.together(["kept", "outbox", "meta"], (tx) => {
    for (const row of old) {
      tx.drop("kept", row.entry_id);
      tx.put("outbox", { ...row, state: "waiting" });
    }
    tx.put("meta", { id: "epoch", epoch });
  });
  if (old.length) await note(keep, at, "new-epoch", { count: old.length });
};

const take = async (keep, rows, answer, now) => {
  const results = new Map((answer.results ?? []).map((r) => [r.entry_id, r]));
  const counted = { done: 0, refused: 0, conflict: 0 };
  await keep.together(["outbox", "kept"], (tx) => {
    for (const row of rows) {
      const result = results.get(row.entry_id);
      if (!result || !(result.state in counted)) continue;
      counted[result.state] += 1;
      tx.drop("outbox", row.entry_id);
      tx.put("kept", acknowledged(row, result, now, answer.epoch));
    }
  });
  for (const [state, count] of Object.entries(counted)) if (count) await note(keep, now, state, { count });
  return counted.done + counted.refused + counted.conflict;
};

const begin = async (keep, rows) => {
  await keep.together(["outbox"], (tx) => rows.forEach((row) => tx.put("outbox", { ...row, tries: row.tries + 1, state: "sending" })));
  return rows.map((row) => ({ ...row, tries: row.tries + 1, state: "sending" }));
};

/** One request. Returns how it ended: `went` on, `stuck`, `sign-in`, `other-account`, `unknown-device`, `offline`, `too-much`. */
const sendBatch = async ({ keep, post, revoked, now }, deviceId, rows) => {
  const epoch = (await keep.get("meta", "epoch"))?.epoch ?? null;
  const tried = await begin(keep, rows);
  let answer;
  try {
    answer = await post({ device_id: deviceId, epoch, entries: tried.map(sent) });
  } catch {
    return { how: "offline" };
  }
  if (answer.status === 401) return { how: (await revoked(deviceId)) ? "revoked" : "sign-in" };
  if (answer.status === 409) return { how: "other-account" };
  if (answer.status === 404) return { how: "unknown-device" };
  if (answer.status === 410) return { how: "revoked" };
  if (answer.status === 400 || answer.status === 413 || answer.status === 422) return { how: "too-much" };
  if (answer.status !== 200 || !answer.body) return { how: "stuck" };
  const moved = await take(keep, tried, answer.body, now());
  if (epoch !== answer.body.epoch) await meetEpoch(keep, answer.body.epoch, now());
  if (answer.body.revoked) return { how: "revoked" };
  return { how: moved ? "went" : "stuck" };
};

/** The first entries that together are not too long for one request. */
const fitting = (waiting, size) => {
  let sum = 0;
  const over = waiting.slice(0, size).findIndex((row) => (sum += row.ct.length) > BATCH_CHARS);
  return waiting.slice(0, over === -1 ? size : Math.max(1, over));
};

/** Sends what waits of one device until nothing moves any more. A batch that is refused whole is halved. */
const sendDevice = async (means, deviceId) => {
  const { keep } = means;
  let size = BATCH;
  const tooMuch = new Set();
  for (;;) {
    const waiting = (await keep.all("outbox"))
      .filter((row) => row.device_id === deviceId && !tooMuch.has(row.entry_id))
      .sort((a, b) => a.tries - b.tries || a.made_at - b.made_at);
    if (!waiting.length) return tooMuch.size ? "stuck" : "went";
    const rows = fitting(waiting, size);
    const { how } = await sendBatch(means, deviceId, rows);
    if (how === "too-much" && rows.length > 1) size = Math.ceil(rows.length / 2);
    else if (how === "too-much") tooMuch.add(rows[0].entry_id);
    else if (how !== "went") return how;
  }
};

/** What became of conflicts that a person decided in the meantime. `ask(row)`: the stored result, or nothing. */
export const follow = async (keep, ask, now) => {
  let moved = 0;
  for (const row of (await keep.all("kept")).filter((r) => r.state === "conflict")) {
    const result = await ask(row);
    if (!result || !["done", "refused"].includes(result.state)) continue;
    await keep.put("kept", { ...acknowledged(row, result, now, row.epoch), settled: false });
    await note(keep, now, result.state, { count: 1 });
    moved += 1;
  }
  return moved;
};

/**
 * Sends everything that waits. `post(body)` gives `{ status, body }` or throws without network; `revoked(device)`
 * tells whether a phone that is not signed in any more was revoked.
 * Returns `{ how, waiting }`; `revoked` has ended the day on this phone.
 */
export const sync = async ({ keep, post, now, revoked = async () => false }) => {
  await prune(keep, now());
  const devices = [...new Set((await keep.all("outbox")).map((row) => row.device_id))];
  let how = "went";
  for (const device of devices) {
    const ended = await sendDevice({ keep, post, revoked, now }, device);
    if (ended === "revoked") {
      await endDay(keep);
      await note(keep, now(), "revoked");
    }
    if (ended !== "went") how = ended;
  }
  if (how !== "went" && how !== "revoked") await note(keep, now(), how);
  return { how, waiting: (await keep.all("outbox")).length };
};
