// A visit becomes an entry, and an entry is sealed so that the phone cannot read it any more.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { base64url, fromBase64url, text, utf8, uuidv7 } from "../../../platform/assets/js/field/bytes.js";
import { bound, INFO, seal, suite } from "../../../platform/assets/js/field/seal.js";
import { blank } from "../../../platform/assets/js/field/draft.js";
import { choiceProblem, entryOf, inShort, missing } from "../../../platform/assets/js/field/visit.js";

const TODAY = "2026-11-23";
const home = { home_id: "h1", address: "盈港路2001弄7号", tasks: [], people: [1, 2, 3].map((n) => ({ resident_id: `r${n}`, version: n, name: "沈*" })) };
const ids = { entry_id: "e1", made_at: 5, assignment_made_at: 1 };

test("a visit counts only once everyone is settled", () => {
  const draft = blank("h1");
  assert.deepEqual(missing(home, draft, TODAY).people, ["r1", "r2", "r3"]);
  draft.people.r1 = { choice: "here" };
  draft.people.r2 = { choice: "moved-out", day: "2026-11-24" };
  draft.people.r3 = { choice: "changed", field: "phone", value: "1540000" };
  assert.deepEqual(missing(home, draft, TODAY).people, ["r2", "r3"], "a day to come and a mobile too short settle nobody");
  draft.people.r2.day = "2026-11-20";
  draft.people.r3.value = "15400001234";
  assert.equal(missing(home, draft, TODAY).left, 0);
  draft.newcomers.push({ name: "", doc_kind: "resident", doc_no: "" });
  assert.deepEqual(missing(home, draft, TODAY).newcomers, [0]);
});

test("what is wrong with a choice is said by the same codes as the server's", () => {
  for (const [said, code] of [
    [{ choice: "changed", field: "document", doc_kind: "resident", value: "990101199003070024" }, "cell-number-check"],
    [{ choice: "changed", field: "name", value: "名".repeat(51) }, "cell-name-too-long"],
    [{ choice: "changed", field: "employer", value: "91110000600037341X" }, "cell-number-check"],
    [{ choice: "changed", field: "phone", value: " " }, "phone-value-missing"],
    [{ choice: "moved-out" }, "phone-day-missing"],
  ]) assert.equal(choiceProblem(said, TODAY)?.code, code, JSON.stringify(said));
  assert.equal(choiceProblem({ choice: "changed", field: "local-yes" }, TODAY), null);
});

test("the entry says what was found of each, with the version that was seen", () => {
  const draft = { ...blank("h1"), tasks: { t1: "confirmed", t2: "" }, notes: [], people: {
    r1: { choice: "here" }, r2: { choice: "moved-out", day: "2026-11-20" },
    r3: { choice: "changed", field: "document", doc_kind: "resident", value: " 990101199003070023 ", confirmed: true } } };
  draft.newcomers.push({ name: "慕容晚舟", doc_kind: "resident", doc_no: "990101199003070023", confirmed: false, phone: "", local: "local", since: TODAY, employer: " ", birth: "", sex: "" });
  const entry = entryOf(home, draft, ids);
  assert.deepEqual(entry.people, [
    { resident_id: "r1", version: 1, choice: "here" },
    { resident_id: "r2", version: 2, choice: "moved-out", day: "2026-11-20" },
    { resident_id: "r3", version: 3, choice: "changed", changes: { doc: { kind: "resident", no: "990101199003070023", confirmed: true } } },
  ]);
  assert.deepEqual(entry.newcomers, [{ name: "慕容晚舟", doc_kind: "resident", doc_no: "990101199003070023", confirmed: false, local: true, since: TODAY }]);
  assert.deepEqual([entry.v, entry.kind, entry.outcome, entry.tasks], [1, "visit", "verified", [{ task_id: "t1", outcome: "confirmed" }]]);
  const short = inShort(home, draft, entry);
  assert.deepEqual([short.here, short.gone, short.changed, short.registered], [1, 1, 1, 1]);
});

test("a door that nobody opens settles nobody, whatever was begun before", () => {
  const draft = { ...blank("h1"), outcome: "refused", next_day: "2026-11-25", people: { r1: { choice: "here" } }, newcomers: [{ name: "x" }] };
  const entry = entryOf(home, draft, ids);
  assert.deepEqual([entry.outcome, entry.people, entry.newcomers, entry.next_day], ["refused", [], [], "2026-11-25"]);
});

test("only the server's key opens a sealed entry, and only with what it is bound to", async () => {
  const hpke = suite();
  const pair = await hpke.GenerateKeyPair(true);
  const key = { key_id: "2026-11", public: base64url(await hpke.SerializePublicKey(pair.publicKey)) };
  const entry = { ...entryOf(home, { ...blank("h1"), outcome: "locked" }, ids) };
  const sealed = await seal(entry, key, "d1");
  assert.ok(!JSON.stringify(sealed).includes("locked"));
  const open = (aad) => hpke.Open(pair.privateKey, fromBase64url(sealed.enc), fromBase64url(sealed.ct), { info: utf8(INFO), aad });
  assert.deepEqual(JSON.parse(text(await open(bound("e1", "2026-11", "d1")))), entry);
  await assert.rejects(open(bound("e1", "2026-11", "d2")), "another phone's");
  await assert.rejects(open(bound("e2", "2026-11", "d1")), "another entry's");
});

test("the vector that the server opens too was sealed by this page's way", async () => {
  const v = JSON.parse(readFileSync(new URL("../vectors/sealed.json", import.meta.url), "utf8"));
  const hpke = suite();
  const pair = await hpke.DeriveKeyPair(fromBase64url(v.seed), true);
  assert.equal(base64url(await hpke.SerializePublicKey(pair.publicKey)), v.public);
  const options = { info: utf8(INFO), aad: bound(v.entry_id, v.key_id, v.device_id) };
  assert.equal(text(await hpke.Open(pair.privateKey, fromBase64url(v.enc), fromBase64url(v.ct), options)), v.clear);
});

test("ids of version 7 are in the order of their time and never the same", () => {
  const made = Array.from({ length: 500 }, (_, n) => uuidv7(1_700_000_000_000 + n));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(Array.from({ length: 500 }, () => uuidv7(1))).size, 500);
  assert.match(made[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
