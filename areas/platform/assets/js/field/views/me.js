// One's own: language, contrast, locking, the day's end, and work that needs the network.
import { button, h, show } from "../dom.js";
import { language, t } from "../texts.js";
import { clockOf } from "../time.js";
import { nav } from "./nav.js";

const WAYS = [["/field/online", "phone-work-online"], ["/field/new", "phone-way-new"], ["/field/paper", "phone-way-paper"], ["/field/conflicts", "phone-way-conflicts"], ["/field/me", "phone-way-me"]];

const endCard = (app) => {
  const { waiting } = app.counts;
  return h("details", { class: "card" }, h("summary", {}, t("phone-end-day")), h("p", {}, t("phone-end-what")),
    waiting ? h("p", { class: "flash soon" }, t("phone-waiting-sealed", { n: waiting })) : null,
    button(t("phone-end-and-sign-out"), () => app.end("signed-out"), "go"), button(t("phone-end-only"), () => app.end("ended"), "quiet"));
};

export const me = (app) => {
  const other = language() === "en" ? "zh-CN" : "en";
  show({
    title: t("phone-me"), under: t("phone-until", { at: clockOf(app.day.ends_at - 60_000_000) }),
    main: [
      button(t("phone-lock-now"), () => app.lock()),
      button(t(other === "en" ? "phone-to-english" : "phone-to-chinese"), () => app.speak(other), "quiet", { lang: other }),
      h("label", { class: "form-check card" }, h("input", { type: "checkbox", class: "form-check-input", autocomplete: "off", checked: app.sun, onchange: (event) => app.setSun(event.target.checked) }), h("span", {}, t("phone-sun"))),
      h("p", { class: "note" }, t("phone-lock-hint", { n: app.minutes() })),
      h("h2", {}, t("phone-needs-network")),
      WAYS.map(([href, key]) => h("a", { class: "btn quiet", href }, t(key))),
      endCard(app),
      h("details", { class: "card" }, h("summary", {}, t("phone-about")), h("p", {}, t("phone-start-safe")), h("p", {}, t("phone-pin-lost")), h("p", {}, t("phone-install"))),
    ],
    foot: nav(app, "me"),
  });
};
