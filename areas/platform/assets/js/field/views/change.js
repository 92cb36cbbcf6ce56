// What belongs to a choice at the door: the day somebody moved out, or the fact that changed.
import { by, h } from "../dom.js";
import { cell, code, t } from "../texts.js";
import { choiceProblem } from "../visit.js";

const VALUED = ["phone", "name", "document", "employer"];
const CHANGES = ["phone", "name", "document", "local-yes", "local-no", "employer", "employer-none"];

const labelled = (label, id, control, hint = null) => [h("label", { class: "form-label", for: id }, label), control, hint];

// A message that changes in place: drawing the page anew under a finger would take the button away that it presses.
const judged = (app, page, said, id) => {
  const line = h("p", { id: `w-${id}`, "aria-live": "polite", class: "invalid-feedback" });
  const judge = (shown) => {
    const problem = shown ? choiceProblem(said, app.day.day) : null;
    line.textContent = problem ? cell(problem.code, problem.args) : "";
    by(id)?.classList.toggle("is-invalid", problem !== null);
    by(id)?.setAttribute("aria-invalid", problem !== null ? "true" : "false");
  };
  return { line, judge };
};

const moved = (app, page, p, said) => {
  const id = `d-${p.resident_id}`;
  const { line, judge } = judged(app, page, said, id);
  const set = (event) => { said.day = event.target.value; page.keep(); judge(true); page.foot(); };
  return h("div", { class: "more-of" }, labelled(t("phone-moved-day"), id,
    h("input", { class: "form-control", type: "date", id, autocomplete: "off", max: app.day.day, value: said.day ?? "", oninput: set, "aria-describedby": `w-${id}` }),
    h("p", { class: "note" }, t("phone-moved-note"))), line);
};

const valueField = (app, page, p, said) => {
  const id = `x-${p.resident_id}`;
  const { line, judge } = judged(app, page, said, id);
  const set = (event) => { said.value = event.target.value; page.keep(); judge(line.textContent !== ""); page.foot(); };
  const kind = said.field === "phone" ? { type: "tel", inputmode: "tel" } : { type: "text" };
  return [labelled(t("phone-new-value"), id,
    h("input", { class: "form-control", id, ...kind, autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 50, value: said.value ?? "", oninput: set, onblur: () => judge(Boolean(said.value)), "aria-describedby": `w-${id}` })), line];
};

const documentFields = (app, page, p, said) => {
  const id = `k-${p.resident_id}`;
  const kinds = app.day.choices?.doc_kinds ?? ["resident"];
  const set = (event) => { said.doc_kind = event.target.value; page.keep(); page.draw(`#${id}`); };
  const confirm = (event) => { said.confirmed = event.target.checked; page.keep(); page.draw(`#y-${p.resident_id}`); };
  return [labelled(t("phone-doc-kind"), id, h("select", { class: "form-select", id, autocomplete: "off", onchange: set, value: said.doc_kind ?? "resident" }, kinds.map((k) => h("option", { value: k }, code("doc-kind", k))))),
    h("label", { class: "form-check" }, h("input", { type: "checkbox", class: "form-check-input", id: `y-${p.resident_id}`, autocomplete: "off", checked: said.confirmed === true, onchange: confirm }), h("span", {}, t("phone-confirmed")))];
};

const fact = (app, page, p, said) => {
  const id = `f-${p.resident_id}`;
  const set = (event) => { said.field = event.target.value; said.value = ""; page.keep(); page.draw(`#${id}`); };
  const options = (app.day.choices?.changes ?? CHANGES).map((c) => h("option", { value: c }, code("field-change", c)));
  return h("div", { class: "more-of" },
    labelled(t("phone-what-changed"), id, h("select", { class: "form-select", id, autocomplete: "off", onchange: set, value: said.field ?? "phone" }, options)),
    said.field === "document" ? documentFields(app, page, p, said) : null,
    VALUED.includes(said.field ?? "phone") ? valueField(app, page, p, said) : null);
};

/** What is asked beside the choice, or nothing. */
export const changed = (app, page, p, said) => {
  if (said.choice === "moved-out") return moved(app, page, p, said);
  return said.choice === "changed" ? fact(app, page, p, said) : null;
};
