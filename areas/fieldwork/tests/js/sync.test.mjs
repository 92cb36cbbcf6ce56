// Sending over a network that doubles, truncates, reorders and replays, to a server that is restored from a backup:
// no double effect, no loss, every conflict visible.
import assert from "node:assert/strict";
import test from "node:test";

import { counts, KEPT_DAYS, prune, takeBack } from "../../../platform/assets/js/field/outbox.js";
import { BATCH, follow, sync } from "../../../platform/assets/js/field/sync.js";
import { dice, memory } from "./memory.mjs";

const SCHEDULES = Number(process.env.LINLI_PHONE_SCHEDULES ?? 300);

/** The server by the contract: an entry that is known has its result already. */
const server = () => {
  const state = { epoch: "a", known: new Map(), applied: [], revoked: false };
  const judge = (id) => ({ 0: { state: "refused", reason: "bad-number" }, 1: { state: "conflict", conflict_id: `c-${id}`, fields: [] } })[Number(id.slice(1)) % 10] ?? { state: "done" };
  const one = (id) => {
    if (!state.known.has(id)) {
      state.known.set(id, { entry_id: id, ...judge(id) });
      state.applied.push(id);
    }
    return state.known.get(id);
  };
  const answer = (body) => ({ status: 200, body: { epoch: state.epoch, revoked: state.revoked, results: body.entries.map((e) => one(e.entry_id)) } });
  const restore = (copy) => {
    state.known = new Map(copy.known);
    state.applied = [...copy.applied];
    state.epoch = `${state.epoch}'`;
  };
  return { state, answer, restore, backup: () => ({ known: new Map(state.known), applied: [...state.applied] }) };
};

const wait = (keep, n, more = {}) => keep.put("outbox", { entry_id: `e${n}`, key_id: "k", enc: "x", ct: `sealed ${n}`, home_id: `h${n}`, device_id: "d1", made_at: n, state: "waiting", tries: 0, ...more });

/** A network that loses requests or answers, sends twice, cuts off and shuffles the results. */
const network = (roll, home, replays) => async (body) => {
  const what = roll(8);
  if (what === 0) throw new TypeError("no network");
  if (what === 1) return { status: 503, body: null };
  if (replays.length && roll(3) === 0) home.answer(replays[roll(replays.length)]);
  replays.push(body);
  const answer = home.answer(body);
  if (what === 2) home.answer(body);
  if (what === 3) throw new TypeError("the answer was lost");
  if (what === 4) throw new SyntaxError("the answer was cut off");
  if (what === 5) answer.body.results = answer.body.results.slice(0, roll(answer.body.results.length + 1));
  if (what === 6) answer.body.results = [...answer.body.results].reverse().concat(answer.body.results.slice(0, 2));
  if (what === 7) answer.body.results = answer.body.results.map((r) => (roll(4) === 0 ? { entry_id: r.entry_id, state: "retry" } : r));
  return answer;
};

const quiet = (home) => async (body) => home.answer(body);

const walk = async (seed) => {
  const roll = dice(seed);
  const [keep, home, replays] = [memory(), server(), []];
  const post = network(roll, home, replays);
  let [made, copy] = [0, home.backup()];
  for (let step = 0; step < 12; step += 1) {
    for (let n = roll(9); n > 0; n -= 1) await wait(keep, (made += 1));
    if (roll(5) === 0) copy = home.backup();
    if (roll(7) === 0) home.restore(copy);
    await sync({ keep, post, now: () => step });
  }
  for (let n = 0; n < 4; n += 1) await sync({ keep, post: quiet(home), now: () => 100 + n });
  // A restore that no answer has told of yet is learnt with the next entry.
  await wait(keep, (made += 1));
  await sync({ keep, post: quiet(home), now: () => 200 });
  await sync({ keep, post: quiet(home), now: () => 201 });
  return { keep, home, made };
};

test(`in ${SCHEDULES} schedules nothing is lost, nothing is done twice, every conflict is seen`, async () => {
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    const { keep, home, made } = await walk(seed);
    const kept = await keep.all("kept");
    assert.deepEqual(await keep.all("outbox"), [], `seed ${seed}: nothing waits any more`);
    assert.equal(kept.length, made, `seed ${seed}: each entry was answered`);
    assert.equal(home.state.applied.length, made, `seed ${seed}: each entry had its effect`);
    assert.equal(new Set(home.state.applied).size, made, `seed ${seed}: and only once`);
    for (const row of kept) assert.equal(row.state, home.state.known.get(row.entry_id).state, `seed ${seed} ${row.entry_id}`);
    const asking = kept.filter((r) => r.state !== "done").length;
    assert.equal((await counts(keep)).asking, asking, `seed ${seed}: what asks for a hand is counted`);
    if (made >= 10) assert.ok(asking > 0, `seed ${seed}`);
  }
});

test("nothing leaves the phone before it was answered", async () => {
  const keep = memory();
  await wait(keep, 1);
  for (const answer of [{ status: 503, body: null }, { status: 200, body: null }, { status: 200, body: { epoch: "a", results: [] } }, { status: 500, body: {} }]) {
    await sync({ keep, post: async () => answer, now: () => 1 });
    assert.equal((await keep.all("outbox")).length, 1, JSON.stringify(answer));
  }
});

test("a session that ended leaves everything waiting, and a revoked phone ends its day", async () => {
  const keep = memory();
  await wait(keep, 2);
  await keep.put("vault", { id: "day" });
  const post = async () => ({ status: 401, body: { sign_in: true } });
  assert.equal((await sync({ keep, post, now: () => 1 })).how, "sign-in");
  assert.equal((await keep.all("vault")).length, 1);
  assert.equal((await sync({ keep, post, now: () => 1, revoked: async () => true })).how, "revoked");
  assert.deepEqual([(await keep.all("vault")).length, (await keep.all("outbox")).length], [0, 1]);
  const home = server();
  home.state.revoked = true;
  await keep.put("assignment", { id: "day" });
  assert.equal((await sync({ keep, post: quiet(home), now: () => 1 })).how, "revoked");
  assert.deepEqual([(await keep.all("assignment")).length, (await keep.all("outbox")).length, (await keep.all("kept")).length], [0, 0, 1]);
});

test("a batch that is refused whole is halved until the one is found that hinders; the others arrive", async () => {
  const [keep, home] = [memory(), server()];
  for (let n = 10; n < 90; n += 1) await wait(keep, n);
  const sizes = [];
  const post = async (body) => {
    sizes.push(body.entries.length);
    return body.entries.some((e) => e.entry_id === "e57") ? { status: 413, body: null } : home.answer(body);
  };
  await sync({ keep, post, now: () => 1 });
  assert.deepEqual((await keep.all("outbox")).map((r) => r.entry_id), ["e57"]);
  assert.ok(sizes.every((n) => n <= BATCH));
});

test("entries of two people on one phone are sent each under their own device", async () => {
  const [keep, home] = [memory(), server()];
  await wait(keep, 3);
  await wait(keep, 4, { device_id: "d2" });
  const post = async (body) => (body.device_id === "d2" ? { status: 409, body: { other_account: true } } : home.answer(body));
  assert.deepEqual(await sync({ keep, post, now: () => 1 }), { how: "other-account", waiting: 1 });
  assert.equal((await keep.all("outbox"))[0].entry_id, "e4");
});

test("an entry can be taken back until the server has it", async () => {
  const keep = memory();
  await wait(keep, 5);
  assert.equal(await takeBack(keep, "e5", () => assert.fail("it was never sent"), 1), "taken");
  await wait(keep, 6, { tries: 1 });
  assert.equal(await takeBack(keep, "e6", async () => undefined, 1), "unknown");
  assert.equal(await takeBack(keep, "e6", async () => ({ state: "done" }), 1), "sent");
  assert.equal((await keep.all("outbox")).length, 1);
  assert.equal(await takeBack(keep, "e6", async () => null, 1), "taken");
  assert.equal(await takeBack(keep, "e6", async () => null, 1), "sent");
});

test("a conflict that was decided is followed to its end, and what is old goes after thirty days", async () => {
  const [keep, home] = [memory(), server()];
  await wait(keep, 11);
  await sync({ keep, post: quiet(home), now: () => 1 });
  assert.equal((await counts(keep)).asking, 1);
  assert.equal(await follow(keep, async () => undefined, 2), 0);
  assert.equal(await follow(keep, async () => ({ state: "refused", reason: "set-aside" }), 2), 1);
  assert.equal((await keep.get("kept", "e11")).reason, "set-aside");
  await prune(keep, 2 + KEPT_DAYS * 86_400_000_000);
  assert.equal((await keep.all("kept")).length, 1);
  await prune(keep, 3 + KEPT_DAYS * 86_400_000_000);
  assert.equal((await keep.all("kept")).length, 0);
});
