// The numbers and names that the server's engine is tested with, read by the phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { residentCheck } from "../../../platform/assets/js/field/identity/check.js";
import { checkDocument } from "../../../platform/assets/js/field/identity/documents.js";
import { checkName, checkPerson, checkPhone } from "../../../platform/assets/js/field/identity/person.js";

const vectors = (name) => {
  const file = new URL(`../../../../engines/cn-identity/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).vectors;
};

const rule = (found) => (found.error ? (found.error.inner ? "inner-check" : found.error.code) : "ok");

test("every resident number of the shared vectors is judged as the server judges it", () => {
  const all = vectors("resident");
  assert.ok(all.length >= 40);
  for (const v of all) {
    const found = checkDocument("resident", v.input);
    // An area of permits is another kind's number; the vectors tell of the form alone.
    if (found.error?.code === "kind") {
      assert.equal(v.rule, "ok", v.input);
      continue;
    }
    assert.equal(rule(found), v.rule, v.input);
    if (v.valid) assert.equal(found.number, v.normalised, v.input);
  }
});

test("every document of the shared vectors is judged as one of its kind", () => {
  const all = vectors("documents").filter((v) => v.kind !== "unknown");
  assert.ok(all.length >= 130);
  for (const v of all) {
    const found = checkDocument(v.kind, v.input);
    assert.equal(rule(found), v.rule, `${v.kind} ${v.input}`);
    if (v.valid) assert.equal(found.number, v.normalised, `${v.kind} ${v.input}`);
  }
});

test("names keep what they are, with one kind of middle dot", () => {
  const all = vectors("names").filter((v) => v.checked !== null && !/[\uE815-\uE864]/.test(v.input));
  assert.ok(all.length >= 10);
  for (const v of all) assert.equal(checkName(v.input).name, v.checked, v.input);
  assert.equal(checkName("王\t小明").error.code, "control");
  assert.equal(checkName("　").error.code, "empty");
  assert.equal(checkName("名".repeat(51)).error.code, "too-long");
});

test("a mobile is read as people and spreadsheets write it", () => {
  for (const [written, phone] of [
    ["+86 154-0000-1234", "15400001234"],
    ["15400001234.0", "15400001234"],
    ["1.5400001234E+10", "15400001234"],
    ["8615400001234", "15400001234"],
    ["", null],
  ]) assert.equal(checkPhone(written).phone, phone, written);
  for (const [written, code] of [["59700000", "length"], ["021-59700000", "prefix"], ["12345678901", "prefix"], ["1540000123a", "character"], ["1.54E+10", "excel"]])
    assert.equal(checkPhone(written).error?.code, code, written);
});

test("an end of 000 needs the card, and then passes only where the check holds", () => {
  const body = "99010119900307";
  let confirmed = 0;
  for (let n = 0; n < 100; n += 1) {
    const number = `${body.slice(0, 12)}${String(n).padStart(2, "0")}0000`.slice(0, 18);
    assert.ok(checkDocument("resident", number).error, number);
    confirmed += checkDocument("resident", number, true).error ? 0 : 1;
  }
  assert.ok(confirmed > 0 && confirmed < 30, `${confirmed}`);
});

test("a person is checked field by field, and a warning stops nobody", () => {
  const typed = { name: "沈一", doc_kind: "resident", doc_no: "990101199003070023", phone: "", sex: "male", birth: "1990-03-08", since: "2026-11-24" };
  const { problems, told } = checkPerson(typed, "2026-11-23");
  assert.deepEqual(problems.filter((p) => p.fatal).map((p) => [p.field, p.code]), [["since", "since-future"]]);
  assert.deepEqual(problems.filter((p) => !p.fatal).map((p) => p.code), ["birth-differs", "sex-differs"]);
  assert.deepEqual(told, { birth: "1990-03-07", sex: "female" });
  const body = "99010120300307002";
  const unborn = checkPerson({ ...typed, doc_no: body + residentCheck(body), birth: "", since: "" }, "2026-11-23").problems;
  assert.deepEqual(unborn.filter((p) => p.fatal).map((p) => [p.field, p.code]), [["doc_no", "birth-future"]]);
});
