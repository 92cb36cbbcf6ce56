// What is said of the place at a visit: hazards with their last day, and the photo that a rule asks for.
import { button, h, tag } from "../dom.js";
import { asksPhoto, lastDay, nameOf } from "../premises.js";
import { language, t } from "../texts.js";
import { nowUs } from "../time.js";

const known = (app) => app.day.choices?.hazards ?? [];
const named = (app, code) => nameOf(known(app), code, language());

/** The hazards that hold at a home, as tags. */
export const hazardTags = (app, home) => (home.hazards ?? []).map(({ code, until }) =>
  tag(`${named(app, code)} ${t("phone-hazard-until", { day: until })}`, "late"));

const longest = (app, code) => lastDay(known(app).find((one) => one.code === code).max_days, app.day.day, "");

const lastDayField = (app, page, code, said) => {
  const set = (event) => { said.until = event.target.value; page.keep(); };
  return h("div", { class: "more-of" }, h("label", { class: "form-label", for: `h-${code}` }, t("phone-hazard-last", { name: named(app, code) })),
    h("input", { class: "form-control", type: "date", id: `h-${code}`, autocomplete: "off", min: app.day.day, max: longest(app, code), value: said.until, onchange: set }));
};

/** The list of hazards: ticked is so. One that held and is unticked is no longer so. */
export const hazards = (app, page) => {
  if (!known(app).length) return null;
  page.draft.hazards ??= {};
  const held = new Set((page.home.hazards ?? []).map(({ code }) => code));
  const said = page.draft.hazards;
  const turn = (code) => (event) => {
    const ticked = event.target.checked;
    if (ticked === held.has(code)) delete said[code];
    else said[code] = ticked ? { so: true, until: longest(app, code) } : { so: false };
    page.keep();
    page.draw(`#z-${code}`);
  };
  const line = ({ code }) => {
    const ticked = said[code] ? said[code].so : held.has(code);
    return [h("label", { class: "form-check" }, h("input", { type: "checkbox", class: "form-check-input", id: `z-${code}`, autocomplete: "off", checked: ticked, onchange: turn(code) }), h("span", {}, named(app, code))),
      said[code]?.so ? lastDayField(app, page, code, said[code]) : null];
  };
  return h("details", { class: "card", id: "hazards", open: Object.keys(said).length > 0 }, h("summary", {}, t("phone-hazards")),
    h("p", { class: "note" }, t("phone-hazards-hint")), known(app).map(line));
};

const taken = (app, page) => async (event) => {
  const file = event.target.files?.[0];
  event.target.value = "";
  if (!file) return;
  const { drawnAnew, hasRoom } = await import("../photo.js");
  if (!(await hasRoom(app.keep))) return page.photoSaid(t("phone-photo-full"));
  const picture = await drawnAnew(file);
  if (!picture) return page.photoSaid(t("phone-photo-unusable"));
  page.draft.photo = { at: nowUs(), ...picture };
  page.draft.no_photo = false;
  page.keep();
  page.draw("#photo");
};

/** Whether the photo that a rule asks for is still to be taken. */
export const photoMissing = (app, page) => Boolean(asksPhoto(app.day, page.home, page.draft)) && !page.draft.photo && !page.draft.no_photo;

/** The photo, where a rule asks for one; nothing otherwise. */
export const photo = (app, page) => {
  const rule = asksPhoto(app.day, page.home, page.draft);
  if (!rule) return null;
  const { draft } = page;
  const skip = (event) => { draft.no_photo = event.target.checked; page.keep(); page.foot(); };
  const drop = () => { draft.photo = null; page.keep(); page.draw("#photo"); };
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", id: "photo-file", class: "visually-hidden", autocomplete: "off", onchange: taken(app, page) });
  return h("section", { class: "card", id: "photo", tabindex: "-1" }, h("h2", {}, t("phone-photo")),
    h("p", {}, t("phone-photo-why", { rule: rule[language()] ?? rule.id })), h("p", { class: "note" }, t("phone-photo-safe")),
    draft.photo ? [h("img", { class: "shot", alt: t("phone-photo-alt"), src: `data:image/jpeg;base64,${draft.photo.jpeg}` }), h("p", { role: "status" }, t("phone-photo-taken", { n: Math.ceil(draft.photo.bytes / 1000) }))] : null,
    h("label", { class: "btn", for: "photo-file" }, input, t(draft.photo ? "phone-photo-again" : "phone-photo-take")),
    h("p", { id: "photo-said", role: "alert", class: "note" }),
    draft.photo ? button(t("phone-photo-drop"), drop, "quiet")
      : h("label", { class: "form-check" }, h("input", { type: "checkbox", class: "form-check-input", autocomplete: "off", checked: Boolean(draft.no_photo), onchange: skip }), h("span", {}, t("phone-photo-none"))));
};
