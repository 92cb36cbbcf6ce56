// The page's words, in Chinese and English.
export const LANGUAGES = ["zh-CN", "en"];
let words = {};
let lang = "zh-CN";

export const language = () => lang;

/** Loads a language; both are kept by the service worker. */
export const load = async (wanted) => {
  lang = LANGUAGES.includes(wanted) ? wanted : "zh-CN";
  const answer = await fetch(`/field/texts.json?lang=${lang}`, { credentials: "same-origin" });
  words = await answer.json();
  document.documentElement.lang = lang;
};

const fill = (pattern, args) => pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? String(args[name]) : whole));

/** A text with its arguments; `<key>-one` stands for one, where there is such a text. */
export const t = (key, args = {}) => {
  const one = args.n === 1 ? words[`${key}-one`] : undefined;
  return fill(one ?? words[key] ?? key, args);
};

/** Whether there is such a text. */
export const has = (key) => key in words;

/** The text of a code, or the code where a newer server has one more. */
export const code = (prefix, value) => (value ? (words[`${prefix}-${value}`] ?? value) : "");

/** A message of the identity rules: a kind of document and a sex are codes within it. */
export const cell = (key, given = {}) => {
  const args = { ...given };
  if (args.kind) args.kind = code("doc-kind", args.kind);
  if (args.sex) args.sex = code("sex", args.sex);
  return t(key, args);
};
