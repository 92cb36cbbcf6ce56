// Cleaning that all numbers share: what spreadsheets, input methods and people add around digits. The same rules as
// the server's; `engines/cn-identity/vectors` is run by both.

/** One full-width character as its half-width form. */
export const halfWidth = (c) => {
  if (c === "\u3000") return " ";
  const code = c.codePointAt(0);
  return code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : c;
};

const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF\u00AD\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;
/** Characters without ink, and selectors of glyph variants. */
export const isInvisible = (c) => INVISIBLE.test(c);
/** Blanks of every script. */
export const isBlank = (c) => /\p{White_Space}/u.test(c);

const QUOTES = "['\"`\\u2018-\\u201F\\u00B4\\u02BC\\u2032\\u2033]";
const QUOTED = new RegExp(`^${QUOTES}+|${QUOTES}+$`, "gu");
const DASHES = /[-\u2010-\u2015\u2212\uFE58\uFE63]/gu;

const asciiUpper = (c) => (c >= "a" && c <= "z" ? c.toUpperCase() : c);

/** Half width, upper case, without blanks, invisible characters and what tells a spreadsheet "this is text". */
export const compact = (input) => {
  const kept = Array.from(input, halfWidth)
    .filter((c) => !isBlank(c) && !isInvisible(c) && !/\p{Cc}/u.test(c))
    .map(asciiUpper)
    .join("");
  const bare = kept.replace(QUOTED, "");
  return (bare.startsWith("=") ? bare.slice(1) : bare).replace(QUOTED, "");
};

/** A compact text without dashes. */
export const withoutDashes = (text) => text.replace(DASHES, "");

/** Scientific notation, such as `3.1E+17`: the digits, and how many stand before the point. */
export const scientific = (text) => {
  const found = /^(\d+)(?:([.,])(\d*))?E(\+?)(\d{1,3})$/.exec(text);
  if (!found || (found[2] === undefined && found[4] === "")) return null;
  return { digits: found[1] + (found[3] ?? ""), wholeDigits: found[1].length + Number(found[5]) };
};

/** The whole part of `123.0` and its like. */
export const wholeOfFloat = (text) => /^(\d+)\.0+$/.exec(text)?.[1] ?? null;

const ungrouped = (text) => (/^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(",", "") : null);

/** Floating point keeps so many digits exactly. */
const EXACT_DIGITS = 15;

/** The digits of a text that went through floating point, and whether some are lost; null without a sign of it. */
export const fromFloat = (text) => {
  if (!/[.,+]/.test(text)) return null;
  const parts = scientific(text);
  if (parts) return { digits: parts.digits, lost: true };
  const point = text.endsWith("0") && text.includes(".") ? text.indexOf(".") : text.length;
  const digits = wholeOfFloat(text) ?? (/^[.0]*$/.test(text.slice(point)) ? ungrouped(text.slice(0, point)) : null);
  return digits === null ? null : { digits, lost: digits.length > EXACT_DIGITS };
};
