// Hazards and the photo: the same rules as the server's, and what room photos may take.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { blank, isBegun } from "../../../platform/assets/js/field/draft.js";
import { KEPT_PHOTOS_MOST, photosWaiting, prune } from "../../../platform/assets/js/field/outbox.js";
import { base64, BYTES_MOST, LONGEST_PX, sizeOf, smallEnough } from "../../../platform/assets/js/field/photo.js";
import { asksPhoto, lastDay, nameOf, photoRule } from "../../../platform/assets/js/field/premises.js";
import { BATCH_CHARS, sync } from "../../../platform/assets/js/field/sync.js";
import { entryOf, inShort } from "../../../platform/assets/js/field/visit.js";
import { memory } from "./memory.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/premises.json", import.meta.url), "utf8"));
const ids = { entry_id: "e1", made_at: 5, assignment_made_at: 1 };
const home = { home_id: "h1", label: "informal", people: [], tasks: [], hazards: [{ code: "dog", until: "2027-01-01" }] };
const day = { day: "2026-11-23", rules: { photo_required: vectors.rules } };

test("a hazard lasts as long as the vectors say", () => {
  for (const v of vectors.hazards) assert.equal(lastDay(v.max_days, v.noted, v.said), v.until, JSON.stringify(v));
});

test("a photo is asked for where the vectors say, and nowhere else", () => {
  for (const v of vectors.photos) assert.equal(photoRule(vectors.rules, v.category, v.outcome)?.id ?? null, v.asks, JSON.stringify(v));
  assert.equal(photoRule(undefined, "informal", "verified"), null, "an older assignment asks for none");
});

test("the entry says which hazards are so and which no longer, whether anybody opened or not", () => {
  for (const outcome of ["", "nobody-home"]) {
    const draft = { ...blank("h1"), outcome, hazards: { "gas-smell": { so: true, until: "2026-11-30" }, "bare-wires": { so: true, until: "" }, dog: { so: false } } };
    assert.ok(isBegun(draft));
    const entry = entryOf(home, draft, ids);
    assert.deepEqual(entry.hazards, [{ code: "gas-smell", until: "2026-11-30" }, { code: "bare-wires" }]);
    assert.deepEqual(entry.hazards_gone, ["dog"]);
  }
  assert.ok(!("hazards" in entryOf(home, blank("h1"), ids)), "nothing said is nothing sent");
  assert.equal(nameOf([{ code: "dog", en: "Dog", "zh-CN": "犬只" }], "dog", "en"), "Dog");
  assert.equal(nameOf([], "newer", "en"), "newer");
});

test("a photo goes along only where a rule asks for it, and the day's list keeps none", () => {
  const draft = { ...blank("h1"), photo: { at: 9, jpeg: "/9j/", bytes: 3 } };
  assert.ok(isBegun(draft));
  assert.deepEqual(entryOf(home, draft, ids, Boolean(asksPhoto(day, home, draft))).photo, { at: 9, jpeg: "/9j/" });
  const elsewhere = { ...home, label: "crowded" };
  assert.ok(!("photo" in entryOf(elsewhere, draft, ids, Boolean(asksPhoto(day, elsewhere, draft)))));
  assert.ok(!JSON.stringify(inShort(home, draft, entryOf(home, draft, ids, true))).includes("/9j/"));
});

test("a picture is drawn no larger than 1600 pixels and encoded until it is small enough", async () => {
  assert.deepEqual(sizeOf(4000, 3000), { width: LONGEST_PX, height: 1200 });
  assert.deepEqual(sizeOf(3000, 4000), { width: 1200, height: LONGEST_PX });
  assert.deepEqual(sizeOf(640, 480), { width: 640, height: 480 });
  assert.deepEqual(sizeOf(10000, 1), { width: LONGEST_PX, height: 1 });
  const tried = [];
  const encode = async (quality) => { tried.push(quality); return { type: "image/jpeg", size: quality > 0.5 ? BYTES_MOST + 1 : BYTES_MOST }; };
  assert.equal((await smallEnough(encode)).size, BYTES_MOST);
  assert.ok(tried.length > 1 && tried.every((q, n) => n === 0 || q < tried[n - 1]));
  assert.equal(await smallEnough(async () => ({ type: "image/png", size: 5 })), null, "another format is none");
  assert.equal(await smallEnough(async () => ({ type: "image/jpeg", size: BYTES_MOST + 1 })), null);
  const bytes = new Uint8Array(100_001).map((_, n) => n * 7);
  assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
});

const row = (n, length, more = {}) => ({ entry_id: `e${n}`, key_id: "k", enc: "x", ct: "c".repeat(length), home_id: `h${n}`, device_id: "d1", made_at: n, state: "waiting", tries: 0, ...more });

test("photos are sent a few at a time, so that no request is too long", async () => {
  const keep = memory();
  for (let n = 0; n < 9; n += 1) await keep.put("outbox", row(n, n % 2 ? 700_000 : 900));
  await keep.put("outbox", row(9, BATCH_CHARS + 1));
  assert.equal(await photosWaiting(keep), 4 * 700_000 + BATCH_CHARS + 1);
  const lengths = [];
  const post = async (body) => {
    lengths.push(body.entries.reduce((sum, e) => sum + e.ct.length, 0));
    return { status: 200, body: { epoch: "a", results: body.entries.map((e) => ({ entry_id: e.entry_id, state: "done" })) } };
  };
  assert.deepEqual(await sync({ keep, post, now: () => 1 }), { how: "went", waiting: 0 });
  assert.ok(lengths.length >= 3 && lengths.filter((l) => l > BATCH_CHARS).length === 1, lengths.join());
});

test("of entries that were entered, those with photos give way, the oldest first; what asks for a hand stays", async () => {
  const keep = memory();
  const each = 4_000_000;
  for (let n = 0; n < 6; n += 1) await keep.put("kept", { ...row(n, each), state: "done", acked_at: n });
  await keep.put("kept", { ...row(6, each), state: "conflict", acked_at: 0 });
  await keep.put("kept", { ...row(7, 900), state: "done", acked_at: 0 });
  await prune(keep, 10);
  const left = (await keep.all("kept")).map((r) => r.entry_id).sort();
  assert.deepEqual(left, ["e2", "e3", "e4", "e5", "e6", "e7"], `${KEPT_PHOTOS_MOST / each} of them fit`);
  assert.equal((await keep.all("log")).at(-1).what, "dropped");
});
