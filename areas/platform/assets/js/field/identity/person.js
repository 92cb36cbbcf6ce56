// What a registration must satisfy (R7): name, document, mobile, birth date. Messages are `cell-<code>`, as the server's.
import { compact, isBlank, isInvisible, scientific, wholeOfFloat } from "./clean.js";
import { checkDocument } from "./documents.js";

/** The most characters of a name. */
const NAME_MAX = 50;
/** Above this age a number deserves a second look. */
const MAX_AGE_YEARS = 120;

const MIDDLE_DOTS = "·\u0387\u1427\u16EB\u2022\u2024\u2027\u2219\u22C5\u2981\u25CF\u25E6\u2E31\u2E33\u30FB\uA78F\uFE52\uFF0E\uFF65";
const FULL_STOPS = ".\u3002\uFF61";
const IDEOGRAPH = /^[\u3400-\u9FFF\uE815-\uE864\uF900-\uFAFF\u{20000}-\u{3FFFD}]$/u;
const CONTROL = /^[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]$/u;

const trimmed = (input) => {
  const chars = Array.from(input);
  const empty = (c) => isBlank(c) || isInvisible(c);
  let [start, end] = [0, chars.length];
  while (start < end && empty(chars[start])) start += 1;
  while (end > start && empty(chars[end - 1])) end -= 1;
  return chars.slice(start, end).filter((c) => !isInvisible(c));
};

/** Checks a name: `{ name }` or `{ error }`. */
export const checkName = (input) => {
  const chars = trimmed(input);
  const name = [];
  chars.forEach((c, n) => {
    const between = FULL_STOPS.includes(c) && IDEOGRAPH.test(name.at(-1) ?? "") && IDEOGRAPH.test(chars[n + 1] ?? "");
    if (!MIDDLE_DOTS.includes(c) && !between) name.push(c);
    else if (name.at(-1) !== "·") name.push("·");
  });
  const control = name.findIndex((c) => CONTROL.test(c));
  if (control >= 0) return { error: { code: "control", args: { position: control + 1 } } };
  if (name.length === 0) return { error: { code: "empty", args: {} } };
  if (name.length > NAME_MAX) return { error: { code: "too-long", args: { max: NAME_MAX, got: name.length } } };
  return { name: name.join("") };
};

/** Checks a mobile: `{ phone }` (null for none) or `{ error }`. */
export const checkPhone = (input) => {
  let text = compact(input);
  const parts = scientific(text);
  if (wholeOfFloat(text)) text = wholeOfFloat(text);
  else if (parts && parts.digits.length !== parts.wholeDigits) return { error: { code: "excel", args: {} } };
  else if (parts) text = parts.digits;
  text = text.replace(/[-\u2010-\u2015\u2212().]/gu, "");
  if (text.startsWith("+86")) text = text.slice(3);
  else if (text.startsWith("0086")) text = text.slice(4);
  else if (text.startsWith("86") && text.length === 13) text = text.slice(2);
  if (!text) return { phone: null };
  const chars = Array.from(text);
  const bad = chars.findIndex((c) => !/^\d$/.test(c));
  if (bad >= 0) return { error: { code: "character", args: { position: bad + 1, found: chars[bad] } } };
  if (chars.length !== 11) return { error: { code: "length", args: { got: chars.length } } };
  return /^1[3-9]/.test(text) ? { phone: text } : { error: { code: "prefix", args: {} } };
};

const problem = (field, code, args, fatal = true) => ({ field, code, args, fatal });

const birthProblems = (written, told, today) => {
  const problems = [];
  if (told && written && told !== written) problems.push(problem("birth", "birth-differs", {}, false));
  const birth = told ?? written;
  if (birth && birth > today) problems.push(problem(told ? "doc_no" : "birth", "birth-future", {}));
  else if (birth && Number(today.slice(0, 4)) - Number(birth.slice(0, 4)) > MAX_AGE_YEARS)
    problems.push(problem("birth", "birth-old", { years: MAX_AGE_YEARS }, false));
  return problems;
};

/** Checks a person as typed: what is wrong by field, in the order of the form. Warnings stop nobody. */
export const checkPerson = (typed, today) => {
  const problems = [];
  const name = checkName(typed.name ?? "");
  if (name.error) problems.push(problem("name", `name-${name.error.code}`, name.error.args));
  const doc = checkDocument(typed.doc_kind, typed.doc_no ?? "", typed.confirmed);
  if (doc.error) problems.push(problem("doc_no", `number-${doc.error.code}`, doc.error.args));
  const phone = checkPhone(typed.phone ?? "");
  if (phone.error) problems.push(problem("phone", `phone-${phone.error.code}`, phone.error.args));
  problems.push(...birthProblems(typed.birth || null, doc.birth ?? null, today));
  if (doc.sex && ["male", "female"].includes(typed.sex) && doc.sex !== typed.sex)
    problems.push(problem("sex", "sex-differs", { sex: doc.sex }, false));
  if (typed.since && typed.since > today) problems.push(problem("since", "since-future", {}));
  if (typed.employer?.trim()) {
    const employer = checkDocument("organisation", typed.employer);
    if (employer.error) problems.push(problem("employer", `number-${employer.error.code}`, employer.error.args));
  }
  return { problems, told: doc.error ? {} : { birth: doc.birth, sex: doc.sex } };
};
