// What the page loads at first, compressed as it is sent: at most 150 kB in all, and a good deal less.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

const ASSETS = new URL("../../../platform/assets/", import.meta.url);
const MOST_BYTES = 150_000;

const below = (folder) =>
  readdirSync(new URL(folder, ASSETS), { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? below(`${folder}${e.name}/`) : [`${folder}${e.name}`]));

test("everything that the shell is made of is at most 150 kB compressed", () => {
  const files = [...below("js/field/"), "vendor/hpke/index.js", "vendor/idb/index.js", "css/tokens.css", "css/field.css", "css/field-home.css", "css/field-app.css", "field.webmanifest", "img/linli.svg"];
  assert.ok(files.length > 30, "the scripts were found");
  const bytes = files.map((f) => gzipSync(readFileSync(new URL(f, ASSETS))).length);
  // Both languages, though one page loads one: the texts of the page itself and the codes that it names.
  const texts = ["zh-CN", "en"].map((lang) => gzipSync(readFileSync(new URL(`../../fieldwork/texts/${lang}.ftl`, ASSETS))).length * 2);
  const sum = [...bytes, ...texts].reduce((a, b) => a + b, 0);
  console.log(`shell: ${sum} bytes compressed in ${files.length} files and two languages`);
  assert.ok(sum <= MOST_BYTES, `${sum} bytes`);
});

test("no script of the page reaches for what would keep values in clear", () => {
  for (const file of below("js/field/").concat("js/sign-out.js")) {
    const source = readFileSync(new URL(file, ASSETS), "utf8");
    for (const word of ["localStorage", "sessionStorage", "document.cookie", "document.title", "innerHTML", "insertAdjacentHTML", "console."])
      assert.ok(!source.includes(word), `${file}: ${word}`);
    assert.ok(file.endsWith("sw.js") || !/\bcaches\./.test(source), `${file}: the cache is the service worker's`);
    assert.ok(source.split("\n").length <= 400, `${file} is long`);
  }
});

test("every input of the page tells the browser to remember nothing", () => {
  for (const file of below("js/field/")) {
    const source = readFileSync(new URL(file, ASSETS), "utf8");
    const count = (pattern) => (source.match(pattern) ?? []).length;
    assert.equal(count(/h\("(input|select)"/g), count(/autocomplete: "off"/g) - count(/h\("form"/g), file);
  }
});

test("every text that the scripts name is there in both languages", () => {
  const known = ["zh-CN", "en"].map((lang) => new Set(readFileSync(new URL(`../../fieldwork/texts/${lang}.ftl`, ASSETS), "utf8").match(/^phone-[\w-]+(?= =)/gm)));
  const named = new Set();
  for (const file of below("js/field/")) for (const [, key] of readFileSync(new URL(file, ASSETS), "utf8").matchAll(/"(phone-[a-z-]*[a-z])"/g)) named.add(key);
  assert.ok(named.size > 120, `${named.size}`);
  for (const keys of known) for (const key of named) assert.ok(keys.has(key) || [...keys].some((k) => k.startsWith(`${key}-`)), key);
});
