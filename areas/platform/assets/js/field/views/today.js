// Today: how far the day is, and the homes in walking order.
import { progress } from "../day.js";
import { button, h, show, tag } from "../dom.js";
import { code, t } from "../texts.js";
import { clockOf } from "../time.js";
import { nav } from "./nav.js";
import { hazardTags } from "./premises.js";

const RADIUS = 35;
const ROUND = 2 * Math.PI * RADIUS;

const ring = ({ done, total }) => h("svg", { class: "ring", viewBox: "0 0 84 84", role: "img", "aria-label": t("phone-done-of", { done, total }) },
  h("circle", { class: "ring-track", cx: 42, cy: 42, r: RADIUS }),
  done ? h("circle", { class: "ring-done", cx: 42, cy: 42, r: RADIUS, "stroke-dasharray": `${((ROUND * done) / total).toFixed(1)} ${ROUND.toFixed(1)}`, transform: "rotate(-90 42 42)" }) : null,
  h("text", { x: 42, y: 48 }, `${done}/${total}`));

const far = (home) => {
  if (!Number.isFinite(home.far_m)) return "";
  return home.far_m < 15 ? t("phone-same-place") : t("phone-metres", { n: home.far_m });
};

/** What a finished visit says in the list. */
export const doneLine = (done, state) => {
  const parts = [clockOf(done.at), code("visit-outcome", done.outcome)];
  for (const kind of ["here", "gone", "changed", "registered"]) if (done[kind]) parts.push(t(`phone-short-${kind}`, { n: done[kind] }));
  return [state ? tag(t(`phone-state-${state}`), { done: "ok", refused: "late", conflict: "late" }[state] ?? "soon") : null, parts.join(" · ")];
};

const why = (app, home) => [
  home.tone ? tag(t(`phone-${home.reason.key}`, { n: home.reason.n }), home.tone) : null,
  home.tasks.length ? tag(t("phone-tasks-here", { n: home.tasks.length })) : null,
  home.label ? tag(code("label", home.label)) : null,
  ...hazardTags(app, home),
  home.tone || home.label ? null : `${t(`phone-${home.reason.key}`, { n: home.reason.n })} · `,
  t("phone-registered-here", { n: home.people.length }),
];

/** One home of the list. */
export const stop = (app, item) => {
  const { home, done } = item;
  const asks = ["refused", "conflict"].includes(item.state);
  const kind = asks || (!done && home.tone === "late") ? "late" : done ? "done" : "";
  const follow = (event) => { event.preventDefault(); app.go("home", home.n); };
  return h("a", { class: `card stop ${kind}`.trim(), href: `#home-${home.n}`, onclick: follow },
    h("span", { class: "n" }, done && !asks ? "✓" : String(home.n)),
    h("div", {}, h("b", {}, home.address), h("span", {}, done ? doneLine(done, item.state) : [item.draft ? tag(t("phone-begun"), "soon") : null, why(app, home)])),
    h("span", { class: "far" }, done ? "" : far(home)));
};

const FILTERS = ["open", "done", "all"];

const filter = (app, list) => h("div", { class: "choice", role: "radiogroup", "aria-label": t("phone-filter") }, FILTERS.map((kind) => {
  const n = list.filter((i) => kind === "all" || Boolean(i.done) === (kind === "done")).length;
  const choose = () => { app.filter = kind; today(app, false); };
  return h("label", {}, h("input", { type: "radio", name: "filter", value: kind, checked: app.filter === kind, autocomplete: "off", onchange: choose }), `${t(`phone-filter-${kind}`)} ${n}`);
}));

const head = (app, p) => h("section", { class: "card day" }, ring(p), h("div", {},
  h("b", {}, p.left ? t("phone-left-homes", { n: p.left }) : t("phone-day-done")),
  app.day.walk_m ? h("p", {}, t("phone-walk", { km: (app.day.walk_m / 1000).toFixed(1) })) : null,
  Number.isFinite(app.day.month_percent) ? h("p", {}, t("phone-coverage", { n: app.day.month_percent })) : null));

/** Draws today's list. */
export const today = async (app, focus = true) => {
  const list = await app.list();
  const shown = list.filter((i) => app.filter === "all" || Boolean(i.done) === (app.filter === "done"));
  const grids = app.day.grids.length > 3 ? t("phone-grids", { n: app.day.grids.length }) : app.day.grids.map((g) => g.name).join(" · ");
  const empty = list.length === 0 ? t("phone-nothing-due") : t(`phone-none-${app.filter}`);
  const main = [
    head(app, progress(list)), filter(app, list),
    shown.map((item) => stop(app, item)),
    shown.length ? null : h("p", { class: "empty" }, empty),
    app.day.left_over ? h("p", { class: "note" }, t("phone-left-over", { n: app.day.left_over })) : null,
    app.online() ? button(t("phone-refresh"), () => app.refresh(true), "quiet") : null,
  ];
  const [, month, day] = app.day.day.split("-");
  show({ title: t("phone-today", { month: Number(month), day: Number(day) }), under: grids, main, foot: nav(app, "today"), focus });
  if (!focus) document.querySelector("#main input:checked")?.focus({ preventScroll: true });
};
