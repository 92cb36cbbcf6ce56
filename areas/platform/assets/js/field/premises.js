// Rules of the premises, shared with the server by vectors: hazards with their last day, and when a photo is asked for.
import { plusDays } from "./time.js";

/** The last day of a hazard that was noted on `noted` and is said to last until `said` (empty: nobody said): never longer
 * than its days allow. Null where it was over before it was noted. */
export const lastDay = (maxDays, noted, said) => {
  const longest = plusDays(noted, maxDays);
  if (!said) return longest;
  if (said < noted) return null;
  return said < longest ? said : longest;
};

/** The rule that asks for a photo at premises of a category and a visit that ended so, or null. */
export const photoRule = (rules, category, outcome) =>
  (rules ?? []).find((r) => (r.categories.length === 0 || r.categories.includes(category)) && r.outcomes.includes(outcome)) ?? null;

/** The rule that asks for a photo at a home, as its visit is filled in so far. */
export const asksPhoto = (day, home, draft) => photoRule(day.rules?.photo_required, home.label ?? null, draft.outcome || "verified");

/** The name of a hazard or rule in a language; its code where the list has it no more. */
export const nameOf = (list, code, language) => {
  const found = (list ?? []).find((one) => (one.code ?? one.id) === code);
  return found?.[language] ?? code;
};
