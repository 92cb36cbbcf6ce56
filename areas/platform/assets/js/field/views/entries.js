// What waits, what was sent, what asks for somebody's hand, and the log of sending.
import { button, h, show, tag } from "../dom.js";
import { entries as all } from "../outbox.js";
import { has, t } from "../texts.js";
import { minuteOf } from "../time.js";
import { nav } from "./nav.js";

const TONES = { waiting: "soon", sending: "soon", done: "ok", refused: "late", conflict: "late" };

const placeOf = (places, row) => places.get(row.home_id)?.address ?? t("phone-sealed-home");

const reason = (row) => {
  const key = `phone-refused-${row.reason}`;
  return h("p", {}, has(key) ? t(key) : t("phone-refused-other", { code: row.reason ?? "" }));
};

// A field in question: of a person (masked, while the day is open), of a newcomer, of the home.
const inQuestion = (home, f) => {
  const person = f.about === "person" ? home?.people.find((p) => p.resident_id === f.id)?.name : null;
  const key = `phone-about-${f.about}-${String(f.field).replaceAll("_", "-")}`;
  const what = t(has(key) ? key : `phone-about-${f.about}`);
  return person ? `${person}${t("phone-colon")}${what}` : what;
};

const asked = (home, row) => (row.fields.length ? h("ul", { class: "note" }, row.fields.map((f) => h("li", {}, inQuestion(home, f)))) : null);

const conflict = (home, row) => [
  h("p", {}, t(has(`phone-conflict-${row.reason}`) ? `phone-conflict-${row.reason}` : "phone-in-conflict")), asked(home, row),
  // What is a colleague's now is decided there, and what came from a revoked phone by somebody else.
  row.conflict_id && !["handed-over", "device-revoked"].includes(row.reason) ? h("a", { class: "btn", href: `/field/conflicts/${row.conflict_id}` }, t("phone-conflict-choose")) : null,
];

const entry = (app, places, row) => {
  const state = row.state === "sending" ? "waiting" : row.state;
  const home = places.get(row.home_id);
  const asks = ["refused", "conflict"].includes(state) && !row.settled;
  return h("div", { class: "person entry", "data-state": state },
    h("div", { class: "who" }, h("b", {}, placeOf(places, row)), tag(t(`phone-state-${state}`), TONES[state])),
    h("p", { class: "note" }, minuteOf(row.made_at), row.acked_at ? ` · ${t("phone-answered-at", { at: minuteOf(row.acked_at) })}` : ""),
    state === "refused" ? [reason(row), asked(home, row)] : null, state === "conflict" ? conflict(home, row) : null,
    state === "waiting" ? button(t("phone-take-back"), () => app.takeBack(row.entry_id), "quiet") : null,
    asks && state === "refused" && home ? button(t("phone-anew"), () => app.go("home", home.n)) : null,
    asks ? button(t("phone-settled"), () => app.settle(row.entry_id), "quiet") : null);
};

const section = (app, places, title, rows, none) => [h("h2", {}, `${title} ${rows.length || ""}`.trim()),
  rows.length ? h("section", { class: "card" }, rows.map((row) => entry(app, places, row))) : none ? h("p", { class: "empty" }, none) : null];

const log = (rows) => h("details", { class: "card" }, h("summary", {}, t("phone-log")),
  rows.length ? h("ul", { class: "log" }, rows.slice(-40).reverse().map((row) => h("li", {}, h("time", {}, minuteOf(row.at)), t(`phone-log-${row.what}`, { n: row.count ?? 0 })))) : h("p", {}, t("phone-log-none")));

/** Draws the entries of this phone. Locked, it shows states and times alone. */
export const entries = async (app) => {
  const rows = await all(app.keep);
  const places = new Map(app.day ? (await app.list()).map((i) => [i.home.home_id, i.home]) : []);
  const asking = rows.filter((r) => ["refused", "conflict"].includes(r.state) && !r.settled);
  const waiting = rows.filter((r) => r.place === "outbox");
  const others = rows.filter((r) => r.place === "kept" && !asking.includes(r));
  const sign = app.syncState === "sign-in" ? h("p", { class: "flash soon" }, t("phone-sync-sign-in"), " ", h("a", { href: "/sign-in?next=%2Ffield" }, t("phone-sign-in"))) : null;
  const problem = ["other-account", "unknown-device", "stuck"].includes(app.syncState) ? h("p", { class: "flash soon" }, t(`phone-sync-${app.syncState}`)) : null;
  show({
    title: t("phone-entries"), under: app.lastSync(),
    back: app.day ? null : h("button", { type: "button", class: "back", "aria-label": t("phone-back"), onclick: () => app.home() }, "‹"),
    main: [sign, problem,
      asking.length ? section(app, places, t("phone-asking"), asking) : null,
      section(app, places, t("phone-waiting"), waiting, t("phone-nothing-waiting")),
      waiting.length ? button(app.online() ? t("phone-send-now") : t("phone-send-later"), () => app.sync(true), "go") : null,
      others.length ? section(app, places, t("phone-sent"), others.slice(0, 60)) : null,
      h("p", { class: "note" }, t("phone-kept-days")), log(await app.keep.all("log"))],
    foot: app.day ? nav(app, "entries") : null,
  });
};
