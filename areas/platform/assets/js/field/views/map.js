// The map of the day: outlines and numbered homes, drawn on the phone.
import { h, show } from "../dom.js";
import { drawing } from "../map.js";
import { t } from "../texts.js";
import { nav } from "./nav.js";
import { stop } from "./today.js";

const pin = (app, { item, x, y }) => {
  const { home, done } = item;
  const follow = (event) => { event.preventDefault(); app.go("home", home.n); };
  const kind = done ? "done" : home.tone;
  return h("g", {}, h("circle", { class: `pin ${kind}`.trim(), cx: x.toFixed(1), cy: y.toFixed(1), r: 11, onclick: follow }),
    h("text", { class: "pin-n", x: x.toFixed(1), y: y.toFixed(1), dy: 4 }, done ? "✓" : String(home.n)));
};

export const map = async (app) => {
  const list = await app.list();
  const drawn = drawing(app.day.grids, list);
  const open = list.filter((i) => !i.done);
  show({
    title: t("phone-map"),
    main: [
      // The list below leads to the homes for those who cannot see or point at the drawing.
      drawn ? h("section", { class: "card" }, h("svg", { class: "field-map", viewBox: "0 0 360 360", role: "img", "aria-label": t("phone-map-of", { n: drawn.pins.length }) },
        drawn.outlines.map((points) => h("polygon", { class: "grid", points })), drawn.pins.map((p) => pin(app, p)))) : h("p", { class: "empty" }, t("phone-map-none")),
      drawn?.nowhere ? h("p", { class: "note" }, t("phone-map-nowhere", { n: drawn.nowhere })) : null,
      open.map((item) => stop(app, item)),
    ],
    foot: nav(app, "map"),
  });
};
