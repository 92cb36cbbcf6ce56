// A home at its door: everyone is settled with one tap each, or the door stayed shut.
import { by, button, h, show, tag } from "../dom.js";
import { code, t } from "../texts.js";
import { minuteOf, plusDays } from "../time.js";
import { blank, isBegun } from "../draft.js";
import { missing, NEWCOMERS_MAX } from "../visit.js";
import { doneLine } from "./today.js";
import { changed } from "./change.js";
import { newcomer } from "./newcomer.js";
import { hazards, hazardTags, photo, photoMissing } from "./premises.js";

const CHOICES = ["here", "moved-out", "changed"];
const OPENS = ["nobody-home", "refused", "locked", "demolished"];

const backTo = (app, place, label = t("phone-back")) => h("button", { type: "button", class: "back", "aria-label": label, onclick: () => app.go(place) }, "‹");

const about = (app, home) => {
  const last = home.last_visit;
  return h("section", { class: "card note" },
    home.tone ? tag(t(`phone-${home.reason.key}`, { n: home.reason.n }), home.tone) : null, tag(code("label", home.label)),
    (home.labels ?? []).filter((l) => l !== home.label).map((l) => tag(code("label", l))),
    hazardTags(app, home),
    `${home.gap_days ? `${t("phone-gap", { n: home.gap_days })} ` : ""}${code("home-kind", home.kind)}`,
    last ? h("p", {}, t("phone-last-visit", { at: minuteOf(last.at), outcome: code("visit-outcome", last.outcome) })) : null,
    (home.notes ?? []).length ? h("p", {}, home.notes.map((n) => code("visit-note", n)).join(" · ")) : null,
    home.officer_joins ? h("p", {}, t("phone-officer-joins")) : null);
};

const recognise = (app, p) => [
  code("sex", p.sex), p.birth_year ? t("phone-age", { n: Math.max(0, Number(app.day.day.slice(0, 4)) - p.birth_year) }) : "",
  p.relation_code ? code("relation", p.relation_code) : "", p.tail ? t("phone-tail", { tail: p.tail }) : "",
].filter(Boolean).join(" · ");

const member = (app, page, p) => {
  const said = page.draft.people[p.resident_id] ?? {};
  const choose = (choice) => () => {
    page.draft.people[p.resident_id] = { ...said, choice, day: said.day ?? app.day.day, field: said.field ?? "phone" };
    page.keep();
    page.draw(`[data-of="${p.resident_id}"][value="${choice}"]`);
  };
  const options = CHOICES.map((choice) => h("label", { class: choice === "moved-out" ? "gone" : null },
    h("input", { type: "radio", name: `c-${p.resident_id}`, value: choice, "data-of": p.resident_id, checked: said.choice === choice, autocomplete: "off", onchange: choose(choice) }), t(`phone-${choice}`)));
  return h("div", { class: `person${page.asked && !said.choice ? " missing" : ""}`, id: `p-${p.resident_id}`, tabindex: "-1" },
    h("div", { class: "who" }, h("b", {}, p.name), h("span", {}, recognise(app, p))),
    h("div", { class: "choice", role: "radiogroup", "aria-label": p.name }, options),
    changed(app, page, p, said));
};

const task = (app, page, row) => {
  const choose = (event) => { page.draft.tasks[row.task_id] = event.target.value; page.keep(); };
  const options = [h("option", { value: "" }, t("phone-task-leave")), ...(row.outcomes ?? []).map((o) => h("option", { value: o }, code("task-outcome", o)))];
  return h("div", { class: "person" }, h("div", { class: "who" }, h("b", {}, code("task", row.kind)), h("span", {}, row.note ?? "")),
    h("select", { class: "form-select", "aria-label": `${code("task", row.kind)} ${t("phone-task-outcome")}`, autocomplete: "off", onchange: choose, value: page.draft.tasks[row.task_id] ?? "" }, options));
};

const newcomerLine = (app, page, typed, n) => h("div", { class: "person" },
  h("div", { class: "who" }, h("b", {}, typed.name || t("phone-unnamed")), h("span", {}, code("doc-kind", typed.doc_kind))),
  h("div", { class: "pair" }, button(t("phone-edit"), () => newcomer(app, page, n), "quiet"), button(t("phone-remove"), () => { page.draft.newcomers.splice(n, 1); page.keep(); page.draw("#add"); }, "quiet")));

const notes = (app, page) => {
  const codes = app.day.choices?.notes ?? [];
  if (!codes.length) return null;
  const turn = (note) => (event) => {
    page.draft.notes = event.target.checked ? [...page.draft.notes, note] : page.draft.notes.filter((n) => n !== note);
    page.keep();
  };
  return h("details", { class: "card", open: page.draft.notes.length > 0 }, h("summary", {}, t("phone-notes")), codes.map((note) =>
    h("label", { class: "form-check" }, h("input", { type: "checkbox", class: "form-check-input", autocomplete: "off", checked: page.draft.notes.includes(note), onchange: turn(note) }), h("span", {}, code("visit-note", note)))));
};

const shut = (app, page) => {
  const codes = (app.day.outcomes ?? OPENS).filter((o) => o !== "verified");
  const choose = (outcome) => () => { page.draft.outcome = outcome; page.keep(); page.draw(`#main input[value="${outcome}"]`); };
  const again = (event) => { page.draft.next_day = event.target.value; page.keep(); };
  const clear = () => { page.draft.outcome = ""; page.draft.next_day = ""; page.keep(); page.draw("#shut summary"); };
  return h("details", { class: "card", id: "shut", open: page.draft.outcome !== "" }, h("summary", {}, t("phone-nobody-opens")),
    h("fieldset", {}, h("legend", { class: "form-label" }, t("phone-how-it-went")), codes.map((o) => h("label", { class: "form-check" },
      h("input", { type: "radio", class: "form-check-input", name: "outcome", value: o, autocomplete: "off", checked: page.draft.outcome === o, onchange: choose(o) }), h("span", {}, code("visit-outcome", o))))),
    h("label", { class: "form-label", for: "next" }, t("phone-next-day")),
    h("input", { class: "form-control", type: "date", id: "next", autocomplete: "off", min: plusDays(app.day.day, 1), value: page.draft.next_day, onchange: again }),
    h("p", { class: "note" }, t("phone-next-day-hint")),
    page.draft.outcome ? button(t("phone-somebody-opens"), clear, "quiet") : null);
};

const finishButton = (app, page) => {
  const { left, people } = page.draft.outcome ? { left: 0, people: [] } : missing(page.home, page.draft, app.day.day);
  if (!left && photoMissing(app, page)) return button(t("phone-photo-missing"), () => page.askPhoto(), "", { id: "finish", "aria-disabled": "true" });
  if (page.draft.outcome) return button(t("phone-record-shut"), () => page.finish(), "go", { id: "finish" });
  if (!left) return button(t("phone-finish"), () => page.finish(), "go", { id: "finish" });
  const names = page.home.people.filter((p) => people.includes(p.resident_id)).map((p) => p.name);
  const label = t("phone-left", { n: left }) + (names.length && names.length <= 3 ? `${t("phone-colon")}${names.join(t("phone-comma"))}` : "");
  return button(label, () => page.ask(), "", { id: "finish", "aria-disabled": "true" });
};

const doneMain = (app, page) => {
  const { done, state } = page;
  const asks = ["refused", "conflict"].includes(state);
  return [about(app, page.home), h("section", { class: "card" }, h("h2", {}, t("phone-visited")), h("p", {}, doneLine(done, state)),
    done.next_day ? h("p", {}, t("phone-again-on", { day: done.next_day })) : null, h("p", { class: "note" }, t(asks ? "phone-asks-hint" : "phone-sealed-hint"))),
    state === "waiting" ? button(t("phone-take-back"), () => app.takeBack(done.entry_id), "quiet") : null,
    asks ? button(t("phone-see-entries"), () => app.go("entries")) : null,
    state && state !== "waiting" ? button(t("phone-anew"), () => app.anew(page), "quiet") : null,
    h("a", { class: "btn quiet", href: `/field/homes/${page.home.home_id}` }, t("phone-open-online"))];
};

const openMain = (app, page) => {
  const { home, draft } = page;
  const closedDoor = draft.outcome !== "";
  return [
    about(app, home),
    draft.corrects ? h("p", { class: "flash soon" }, t("phone-correcting")) : null,
    home.tasks.length && !closedDoor ? [h("h2", {}, t("phone-tasks")), h("section", { class: "card" }, home.tasks.map((row) => task(app, page, row)))] : null,
    closedDoor ? null : h("h2", {}, home.people.length ? t("phone-check-each", { n: home.people.length }) : t("phone-nobody-registered")),
    home.people.length && !closedDoor ? h("section", { class: "card people" }, home.people.map((p) => member(app, page, p))) : null,
    draft.newcomers.length && !closedDoor ? [h("h2", {}, t("phone-newcomers")), h("section", { class: "card" }, draft.newcomers.map((typed, n) => newcomerLine(app, page, typed, n)))] : null,
    closedDoor || draft.newcomers.length >= NEWCOMERS_MAX ? null : button(t("phone-add-newcomer"), () => newcomer(app, page, null), "", { id: "add" }),
    shut(app, page),
    notes(app, page),
    hazards(app, page),
    photo(app, page),
  ];
};

/** Opens a home of the day's list. */
export const home = async (app, item) => {
  const page = { home: item.home, draft: structuredClone(item.draft ?? blank(item.home.home_id)), done: item.done, state: item.state, asked: false };
  const under = item.home.last_verified_day ? t("phone-last-verified", { day: item.home.last_verified_day }) : t("phone-never-verified");
  page.keep = () => app.keepDraft(page.draft, page.done);
  page.draw = (focus = null) => {
    const isDone = page.done && !isBegun(page.draft) && !page.draft.corrects;
    const scroll = window.scrollY;
    const open = ["shut", "hazards"].filter((id) => document.getElementById(id)?.open);
    show({ title: item.home.address, under, back: backTo(app, "today"), main: isDone ? doneMain(app, page) : openMain(app, page), foot: isDone ? null : finishButton(app, page), focus: focus === null });
    for (const id of open) if (by(id)) by(id).open = true;
    if (focus === null) return;
    window.scrollTo(0, scroll);
    document.querySelector(focus)?.focus({ preventScroll: true });
  };
  page.foot = () => by("foot").replaceChildren(finishButton(app, page));
  // Asked too early, the button leads to the first person who is missing.
  page.ask = () => {
    page.asked = true;
    const { people, newcomers } = missing(page.home, page.draft, app.day.day);
    if (!people.length) return newcomer(app, page, newcomers[0]);
    page.draw(`#p-${people[0]}`);
    by(`p-${people[0]}`).scrollIntoView({ block: "center" });
  };
  page.askPhoto = () => {
    by("photo").scrollIntoView({ block: "center" });
    by("photo").focus({ preventScroll: true });
  };
  page.photoSaid = (words) => { if (by("photo-said")) by("photo-said").textContent = words; };
  page.finish = () => app.finish(page);
  page.begin = () => { page.draft = blank(page.home.home_id); };
  page.draw();
  return page;
};
