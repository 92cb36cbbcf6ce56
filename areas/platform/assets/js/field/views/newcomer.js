// Somebody new at the door: what is typed is checked while typing, by the server's rules.
import { by, button, h, show } from "../dom.js";
import { checkPerson } from "../identity/person.js";
import { cell, code, t } from "../texts.js";

const FIELDS = ["name", "doc_no", "phone", "since", "employer", "birth", "sex"];

const empty = (app) => ({ name: "", doc_kind: "resident", doc_no: "", confirmed: false, phone: "", local: "elsewhere", since: app.day.day, employer: "", birth: "", sex: "" });

/** The form; `n`: the place among the newcomers of the visit, or null for one more. */
export const newcomer = (app, page, n) => {
  const typed = { ...empty(app), ...(n === null ? {} : page.draft.newcomers[n]) };
  const left = new Set(n === null ? [] : FIELDS);
  // What is being typed is part of the visit's draft, so that a call or a lock in between loses nothing.
  let place = n;
  const keep = () => {
    if (place === null) place = page.draft.newcomers.push(typed) - 1;
    else page.draft.newcomers[place] = typed;
    page.keep();
  };
  const leave = () => {
    if (place !== null && ![typed.name, typed.doc_no, typed.phone].some((v) => v.trim())) { page.draft.newcomers.splice(place, 1); page.keep(); }
    page.draw("#add");
  };

  const told = h("p", { class: "form-hint", id: "told", role: "status" });
  const judge = () => {
    const { problems, told: found } = checkPerson(typed, app.day.day);
    for (const field of FIELDS) {
      const first = problems.find((p) => p.field === field);
      const line = by(`w-${field}`);
      const open = first && (left.has(field) || first.code === "number-kind");
      line.textContent = open ? cell(`cell-${first.code}`, first.args) : "";
      line.className = first?.fatal ? "invalid-feedback" : "form-hint";
      by(`n-${field}`)?.classList.toggle("is-invalid", Boolean(open && first.fatal));
      by(`n-${field}`)?.setAttribute("aria-invalid", open && first.fatal ? "true" : "false");
    }
    told.textContent = found.birth ? t("phone-number-tells", { sex: code("sex", found.sex ?? "unstated"), birth: found.birth }) : "";
    return problems;
  };
  const set = (field) => (event) => {
    typed[field] = event.target.value;
    // A number is judged as soon as it is whole; everything else once its field is left.
    if (field === "doc_no" && typed.doc_kind === "resident" && typed.doc_no.replace(/\s/g, "").length >= 18) left.add("doc_no");
    if (field === "phone" && typed.phone.replace(/\D/g, "").length >= 11) left.add("phone");
    keep();
    judge();
  };
  const leftField = (field) => () => { if (typed[field]) left.add(field); judge(); };
  const input = (field, label, attributes = {}, hint = null) => h("div", { class: "mb-3" },
    h("label", { class: "form-label", for: `n-${field}` }, label),
    h("input", { class: "form-control", id: `n-${field}`, type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": `w-${field}`, value: typed[field], oninput: set(field), onblur: leftField(field), ...attributes }),
    hint ? h("span", { class: "form-hint" }, hint) : null, h("p", { id: `w-${field}`, "aria-live": "polite" }));
  const choose = (field, label, codes, prefix, blankText = null) => h("div", { class: "mb-3" },
    h("label", { class: "form-label", for: `n-${field}` }, label),
    h("select", { class: "form-select", id: `n-${field}`, autocomplete: "off", value: typed[field], onchange: (event) => { typed[field] = event.target.value; keep(); judge(); } },
      blankText ? h("option", { value: "" }, blankText) : null, codes.map((c) => h("option", { value: c }, code(prefix, c)))),
    field === "sex" ? h("p", { id: "w-sex", "aria-live": "polite" }) : null);
  const local = (value, label) => h("label", {}, h("input", { type: "radio", name: "local", value, autocomplete: "off", checked: typed.local === value, onchange: () => { typed.local = value; keep(); } }), label);
  const confirm = (event) => { typed.confirmed = event.target.checked; left.add("doc_no"); keep(); judge(); };

  const save = () => {
    FIELDS.forEach((field) => left.add(field));
    keep();
    const first = judge().find((p) => p.fatal);
    if (!first) return page.draw("#add");
    const field = by(`n-${first.field}`);
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.scrollIntoView({ block: "center" });
  };
  show({
    title: t("phone-new-person"), under: page.home.address, back: h("button", { type: "button", class: "back", "aria-label": t("phone-back"), onclick: leave }, "‹"),
    main: [h("form", { class: "card", autocomplete: "off", onsubmit: (event) => { event.preventDefault(); save(); } },
      input("name", t("phone-name"), { maxlength: 50 }),
      choose("doc_kind", t("phone-doc-kind"), app.day.choices?.doc_kinds ?? ["resident"], "doc-kind"),
      input("doc_no", t("phone-doc-no"), { maxlength: 44, autocapitalize: "characters" }, t("phone-doc-no-hint")), told,
      h("label", { class: "form-check" }, h("input", { type: "checkbox", class: "form-check-input", autocomplete: "off", checked: typed.confirmed, onchange: confirm }), h("span", {}, t("phone-confirmed"))),
      input("phone", t("phone-mobile"), { type: "tel", inputmode: "tel", maxlength: 20 }),
      h("fieldset", { class: "mb-3" }, h("legend", { class: "form-label" }, t("phone-local")), h("div", { class: "choice two" }, local("elsewhere", t("phone-elsewhere")), local("local", t("phone-is-local")))),
      input("since", t("phone-since"), { type: "date", max: app.day.day }),
      input("employer", t("phone-employer"), { maxlength: 18, autocapitalize: "characters" }, t("phone-employer-hint")),
      h("details", { class: "more", open: Boolean(typed.birth || typed.sex) }, h("summary", {}, t("phone-birth-sex")),
        input("birth", t("phone-birth"), { type: "date", max: app.day.day }),
        choose("sex", t("phone-sex"), app.day.choices?.sexes ?? ["female", "male"], "sex", t("phone-from-number"))))],
    foot: button(t("phone-save-person"), save, "go", { id: "save" }),
  });
  judge();
  by("n-name").focus();
};
