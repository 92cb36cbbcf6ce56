// Resident numbers (公民身份号码), GB 11643-1999.
import { compact, fromFloat, withoutDashes } from "./clean.js";
import { isDate, residentCheck } from "./check.js";

/** What is wrong: a code of `cell-number-<code>` with its arguments; never the number. */
export const wrong = (code, args = {}) => ({ error: { code, args } });
/** Damage by a spreadsheet; `holds`: the check is right nevertheless, so that a person may confirm it from the card. */
export const damaged = (holds = false) => ({ error: { code: "excel", args: {}, holds } });

const undamaged = (text) => {
  const float = fromFloat(text);
  if (float) return float.lost ? null : float.digits;
  return withoutDashes(text);
};

const firstWrong = (text, fits) => {
  const chars = Array.from(text);
  const place = chars.findIndex((c, n) => !fits(c, n));
  return place < 0 ? null : wrong("character", { position: place + 1, found: chars[place] });
};

const eighteen = (text) => {
  const length = Array.from(text).length;
  if (length === 0) return wrong("empty");
  if (length === 15) {
    const bad = firstWrong(text, (c) => /^\d$/.test(c));
    if (bad) return bad;
    const body = `${text.slice(0, 6)}19${text.slice(6)}`;
    return { number: body + residentCheck(body) };
  }
  if (length !== 18) return wrong("length", { got: length });
  return firstWrong(text, (c, n) => /^\d$/.test(c) || (n === 17 && c === "X")) ?? { number: text };
};

const fromDigits = (text) => {
  const found = eighteen(text);
  if (found.error) return found;
  const { number } = found;
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
  if (!isDate(Number(year), Number(month), Number(day))) return wrong("date");
  const expected = residentCheck(number.slice(0, 17));
  if (number[17] !== expected) return wrong("check", { position: 18, expected });
  return { number, birth: `${year}-${month}-${day}`, sex: Number(number[16]) % 2 === 1 ? "male" : "female" };
};

/** Checks a compact text as a resident number: `{ number, birth, sex }` or `{ error }`. */
export const residentOf = (text) => {
  const digits = undamaged(text);
  if (digits === null) return damaged();
  const found = fromDigits(digits);
  const rounded = [15, 18].includes(digits.length) && /^\d*000$/.test(digits);
  return rounded ? damaged(!found.error) : found;
};

/** Checks a number that a person has compared with the card: a true end of 000 passes. */
export const confirmedResident = (input) => {
  const digits = undamaged(compact(input));
  return digits === null ? damaged() : fromDigits(digits);
};

export { firstWrong };
