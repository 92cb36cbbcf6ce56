// Numbers of documents (证件号码), checked as one of a kind: the same rules as the server's.
import { compact, fromFloat, withoutDashes } from "./clean.js";
import { creditCheck, isDate, isOfCredit, organisationCheck, sevenThreeOne } from "./check.js";
import { confirmedResident, damaged, firstWrong, residentOf, wrong } from "./resident.js";

const PERMIT_AREAS = ["810000", "820000", "830000"];
const PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split(" ");
/** The longest number of another document, and of a passport. */
const OTHER_MAX = 30;
const PASSPORT_MAX = 20;
/** Length of the second machine-readable line of a passport (ICAO Doc 9303 part 4). */
const MRZ_LINE = 44;

const length = (text) => Array.from(text).length;
const isDigit = (c) => /^\d$/.test(c);

const resident = (text) => {
  const found = residentOf(text);
  if (!found.error && PERMIT_AREAS.includes(found.number.slice(0, 6))) return wrong("kind", { kind: "hmt-permit" });
  return found;
};

const hmtPermit = (text) => {
  const found = residentOf(text);
  if (!found.error && !PERMIT_AREAS.includes(found.number.slice(0, 6))) return wrong("kind", { kind: "resident" });
  return found;
};

const newForeign = (text) => {
  const found = residentOf(text);
  if (found.error) return found;
  if (text[0] !== "9") return wrong("character", { position: 1, found: text[0] });
  if (!PROVINCES.includes(found.number.slice(1, 3))) return wrong("character", { position: 2, found: text[1] });
  return { number: found.number, birth: found.birth };
};

const oldForeign = (text) => {
  const bad = firstWrong(text, (c, n) => (n < 3 ? /^[A-Z]$/.test(c) : isDigit(c)));
  if (bad) return bad;
  if (!isDate(2000, Number(text.slice(9, 11)), Number(text.slice(11, 13)))) return wrong("date");
  const expected = sevenThreeOne(text.slice(0, 14));
  return text[14] === expected ? { number: text } : wrong("check", { position: 15, expected });
};

const foreignPermanent = (input) => {
  if (fromFloat(input)?.lost) return damaged();
  const text = withoutDashes(input);
  const got = length(text);
  if (got === 0) return wrong("empty");
  if (got === 15) return oldForeign(text);
  return got === 18 ? newForeign(text) : wrong("length", { got });
};

const travelPermit = (input) => {
  const text = withoutDashes(input);
  if (!text) return wrong("empty");
  const skipped = /^[HM]/.test(text) ? 1 : 0;
  const bad = firstWrong(text, (c, n) => n < skipped || isDigit(c));
  if (bad) return bad;
  return [8, 10].includes(text.length - skipped) ? { number: text } : wrong("length", { got: text.length });
};

const passport = (input) => {
  if (input.length === MRZ_LINE && input.includes("<") && /^[\x20-\x7e]*$/.test(input)) {
    const expected = sevenThreeOne(input.slice(0, 9));
    if (input[9] !== expected) return wrong("check", { position: 10, expected });
    return passport(input.slice(0, 9).replace(/<+$/, ""));
  }
  const text = withoutDashes(input);
  if (!text) return wrong("empty");
  const bad = firstWrong(text, (c) => /^[0-9A-Za-z]$/.test(c));
  if (bad) return bad;
  return text.length > PASSPORT_MAX ? wrong("length", { got: text.length }) : { number: text };
};

const creditFits = (c, n) => (n >= 2 && n < 8 ? isDigit(c) : isOfCredit(c));

const credit = (input) => {
  if (fromFloat(input)?.lost) return damaged();
  const text = withoutDashes(input);
  const got = length(text);
  if (got === 0) return wrong("empty");
  if (got !== 18) return wrong("length", { got });
  const found = creditOf(text);
  return /^\d{15}000$/.test(text) ? damaged(!found.error) : found;
};

const creditOf = (text) => {
  const bad = firstWrong(text, creditFits);
  if (bad) return bad;
  const inner = organisationCheck(text.slice(8, 16));
  if (text[16] !== inner) return { error: { code: "check", inner: true, args: { position: 17, expected: inner } } };
  const expected = creditCheck(text.slice(0, 17));
  return text[17] === expected ? { number: text } : wrong("check", { position: 18, expected });
};

const organisationCode = (input) => {
  const text = withoutDashes(input);
  const got = length(text);
  if (got !== 9) return got === 0 ? wrong("empty") : wrong("length", { got });
  const bad = firstWrong(text, (c, n) => isDigit(c) || c === "X" || (n < 8 && /^[A-Z]$/.test(c)));
  if (bad) return bad;
  const expected = organisationCheck(text.slice(0, 8));
  return text[8] === expected ? { number: text } : wrong("check", { position: 9, expected });
};

const organisation = (text) => {
  const found = credit(text);
  return found.error?.code === "length" ? organisationCode(text) : found;
};

const other = (text) => {
  const bad = firstWrong(text, (c) => /^[\p{Alphabetic}\p{N}\-/.()〔〕]$/u.test(c));
  if (bad) return bad;
  const got = length(text);
  if (got === 0) return wrong("empty");
  return got > OTHER_MAX ? wrong("length", { got }) : { number: text };
};

const KINDS = {
  resident,
  "hmt-permit": hmtPermit,
  "foreign-permanent": foreignPermanent,
  "travel-permit": travelPermit,
  passport,
  organisation,
  other,
};

/** Checks a number as one of a kind: `{ number, birth?, sex? }`, or `{ error: { code, args } }`. `confirmed`: read from the card. */
export const checkDocument = (kind, input, confirmed = false) => {
  const found = (KINDS[kind] ?? other)(compact(input));
  if (kind === "resident" && confirmed && found.error?.code === "excel" && found.error.holds) return confirmedResident(input);
  return found;
};
