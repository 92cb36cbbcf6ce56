// The four places at the thumb.
import { h, icon } from "../dom.js";
import { t } from "../texts.js";

const PLACES = [
  ["today", "M4 7h16M4 12h16M4 17h10"],
  ["map", "M9 4 3 6v14l6-2 6 2 6-2V4l-6 2-6-2Zm0 0v14m6-12v14"],
  ["entries", "M12 4v11m-5-5 5 5 5-5M5 20h14"],
  ["me", "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21c1-5 4-7 8-7s7 2 8 7"],
];

export const nav = (app, here) => h("nav", { "aria-label": t("phone-menu") }, PLACES.map(([place, path]) => {
  const n = place === "entries" ? app.counts.waiting + app.counts.asking : 0;
  const follow = (event) => { event.preventDefault(); app.go(place); };
  return h("a", { href: `#${place}`, onclick: follow, "aria-current": place === here ? "page" : null },
    icon(path), t(`phone-tab-${place}`), n ? h("b", { class: "count" }, String(n)) : null);
}));
