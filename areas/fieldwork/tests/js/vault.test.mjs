// The day on the phone: what opens it, what ends it, and that nothing of it can be read without.
import assert from "node:assert/strict";
import test from "node:test";

import * as day from "../../../platform/assets/js/field/day.js";
import { isOver } from "../../../platform/assets/js/field/time.js";
import * as vault from "../../../platform/assets/js/field/vault.js";
import { blank } from "../../../platform/assets/js/field/draft.js";
import { memory } from "./memory.mjs";

const PIN = "493027";
const assignment = { homes: [{ home_id: "h1", n: 1, address: "盈港路2001弄7号", people: [{ resident_id: "r1", name: "沈*" }], tasks: [] }], grids: [] };
const NOW = 1_000_000_000_000;
const [END, ROUNDS] = [NOW + 3_600_000_000, 1000];

const begun = async (more = {}) => {
  const keep = memory();
  const { row, key } = await vault.create({ pin: PIN, endsAt: END, now: NOW, rounds: ROUNDS, ...more });
  await keep.put("vault", row);
  await day.keepAssignment(keep, key, assignment);
  return { keep, key };
};

test("the PIN opens the day again, and nothing of it can be read on the phone before", async () => {
  const { keep, key } = await begun();
  await day.keepDraft(keep, key, { ...blank("h1"), newcomers: [{ name: "慕容晚舟", doc_no: "990101199003070023" }] });
  for (const word of ["盈港路", "沈*", "慕容晚舟", "990101199003070023", PIN]) assert.ok(!keep.bytes().includes(Buffer.from(word).toString("latin1")), word);
  const opened = await vault.openWithPin(keep, PIN);
  assert.deepEqual(await day.assignment(keep, opened.key), assignment);
  assert.equal((await day.atHome(keep, opened.key, "h1")).draft.newcomers[0].name, "慕容晚舟");
});

test("neither the key in memory nor one that was unwrapped can be taken out", async () => {
  const { keep, key } = await begun();
  await assert.rejects(crypto.subtle.exportKey("raw", key));
  const opened = await vault.openWithPin(keep, PIN);
  await assert.rejects(crypto.subtle.exportKey("raw", opened.key));
});

test("five wrong PINs delete the day, a right one in between begins the count anew, the outbox stays", async () => {
  const { keep } = await begun();
  await keep.put("outbox", { entry_id: "e1", ct: "sealed" });
  for (const left of [4, 3]) assert.deepEqual(await vault.openWithPin(keep, "000111"), { left });
  assert.ok((await vault.openWithPin(keep, PIN)).key);
  for (const left of [4, 3, 2, 1]) assert.deepEqual(await vault.openWithPin(keep, "000111"), { left });
  assert.deepEqual(await vault.openWithPin(keep, "000111"), { gone: true });
  for (const store of ["vault", "assignment", "draft"]) assert.deepEqual(await keep.all(store), [], store);
  assert.equal((await keep.all("outbox")).length, 1);
  assert.deepEqual(await vault.openWithPin(keep, PIN), { gone: true });
});

test("a try is counted before it is made", async () => {
  const { keep } = await begun();
  const stuck = { ...keep, put: async (store, row) => { await keep.put(store, row); throw new Error("the phone was switched off"); } };
  await assert.rejects(vault.openWithPin(stuck, "000111"));
  assert.equal((await keep.get("vault", "day")).tries_left, vault.TRIES - 1);
});

test("a passkey's secret opens the same day, another one's does not", async () => {
  const prf = { secret: new Uint8Array(32).fill(7), salt: new Uint8Array(32).fill(1), credential: "AQID" };
  const { keep } = await begun({ prf });
  assert.equal(await vault.openWithPrf(keep, new Uint8Array(32).fill(8)), null);
  assert.deepEqual(await day.assignment(keep, await vault.openWithPrf(keep, prf.secret)), assignment);
});

test("a day under a passkey alone has nothing that a PIN could be guessed on", async () => {
  const prf = { secret: new Uint8Array(32).fill(7), salt: new Uint8Array(32).fill(1), credential: "AQID" };
  const { keep } = await begun({ pin: null, prf });
  assert.equal((await keep.get("vault", "day")).wrapped, null);
  for (let n = 0; n < 7; n += 1) assert.deepEqual(await vault.openWithPin(keep, PIN), { left: vault.TRIES });
  assert.deepEqual(await day.assignment(keep, await vault.openWithPrf(keep, prf.secret)), assignment);
});

test("the day is over at its end, and a clock set back does not lengthen it", async () => {
  const { keep } = await begun();
  const row = () => keep.get("vault", "day");
  assert.equal(isOver(await row(), NOW), false);
  assert.equal(isOver(await row(), END), true);
  await vault.seen(keep, END + 1);
  assert.equal(isOver(await row(), NOW), true);
});

test("a draft of one home cannot be passed off as another's", async () => {
  const { keep, key } = await begun();
  await day.keepDraft(keep, key, { ...blank("h1"), outcome: "locked" });
  const row = await keep.get("draft", "h1");
  await keep.put("draft", { ...row, home_id: "h2" });
  await assert.rejects(day.atHome(keep, key, "h2"));
});

test("a PIN has six digits and is no run, no repetition", () => {
  for (const [pin, problem] of [["12345", "short"], ["abcdef", "short"], ["111111", "easy"], ["123456", "easy"], ["987654", "easy"], ["121212", "easy"], ["123123", "easy"], [PIN, null], ["20261123", null]])
    assert.equal(vault.pinProblem(pin), problem, pin);
});

test("guessing is dear: at least 600,000 rounds of PBKDF2", () => assert.ok(vault.ROUNDS >= 600_000));
