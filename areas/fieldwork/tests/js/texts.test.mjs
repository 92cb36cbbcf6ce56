// Words: arguments are filled in, one is said as one, and a code of a newer server is shown rather than nothing.
import assert from "node:assert/strict";
import test from "node:test";

import { cell, code, language, load, t } from "../../../platform/assets/js/field/texts.js";
import { clockOf, dayOf, minuteOf, plusDays } from "../../../platform/assets/js/field/time.js";

const words = { "phone-left": "{n} left, {m}", "phone-left-one": "one left", "sex-female": "female", "cell-sex-differs": "it says {sex}" };

test("a text has its arguments, and its own form for one", async () => {
  Object.assign(globalThis, { fetch: async () => ({ json: async () => words }), document: { documentElement: {} } });
  await load("fr");
  assert.equal(language(), "zh-CN", "an unknown language is the first");
  await load("en");
  assert.equal(globalThis.document.documentElement.lang, "en");
  assert.equal(t("phone-left", { n: 3 }), "3 left, {m}");
  assert.equal(t("phone-left", { n: 1 }), "one left");
  assert.equal(code("sex", "female"), "female");
  assert.equal(code("sex", "new-code"), "new-code");
  assert.equal(cell("cell-sex-differs", { sex: "female" }), "it says female");
});

test("days and times are Shanghai's, wherever the phone thinks it is", () => {
  const us = Date.UTC(2026, 10, 22, 16, 5) * 1000;
  assert.equal(dayOf(us), "2026-11-23");
  assert.equal(clockOf(us), "00:05");
  assert.equal(minuteOf(us), "11-23 00:05");
  assert.equal(plusDays("2026-11-30", 1), "2026-12-01");
});
