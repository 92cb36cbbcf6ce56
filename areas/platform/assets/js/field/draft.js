// A visit being filled in, before anything is judged.
/** A visit that nobody has begun. */
export const blank = (homeId) => ({ home_id: homeId, people: {}, newcomers: [], tasks: {}, notes: [], hazards: {}, photo: null, no_photo: false, outcome: "", next_day: "" });

/** Whether anything was entered. */
export const isBegun = (draft) =>
  Object.keys(draft.people).length + draft.newcomers.length + Object.keys(draft.tasks).length + draft.notes.length + Object.keys(draft.hazards ?? {}).length > 0 ||
  Boolean(draft.photo) || draft.outcome !== "";
