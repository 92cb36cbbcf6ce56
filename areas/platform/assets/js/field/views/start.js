// The day's start: taking today's work onto this phone.
import { by, button, h, show } from "../dom.js";
import { language, t } from "../texts.js";

const onlineLinks = () => h("p", { class: "note" }, h("a", { href: "/field/online" }, t("phone-work-online")));

/** Before today's work is on the phone. `why`: a text on what happened before, such as the day that ended. */
export const start = (app, why = "") => {
  const waiting = app.counts.waiting;
  const main = [
    why ? h("p", { class: "flash soon", role: "status" }, why) : null,
    h("section", { class: "card" }, h("h2", {}, t("phone-start-lead")), h("p", {}, t("phone-start-what")), h("p", { class: "note" }, t("phone-start-safe"))),
    waiting ? button(t("phone-waiting-sealed", { n: waiting }), () => app.go("entries"), "quiet") : null,
    app.online() ? null : h("p", { class: "flash soon" }, t("phone-start-offline")),
    button(t(language() === "en" ? "phone-to-chinese" : "phone-to-english"), () => app.speak(language() === "en" ? "zh-CN" : "en"), "quiet", { lang: language() === "en" ? "zh-CN" : "en" }),
    onlineLinks(),
  ];
  const foot = button(t("phone-take"), () => choosePin(app), "go");
  show({ title: t("phone-title"), under: t("phone-start-under"), main, foot });
};

const choosePin = async (app) => {
  const [{ pinProblem }, passkey, { pad }] = await Promise.all([import("../vault.js"), import("../passkey.js"), import("./pin.js")]);
  let first = null;
  const canPasskey = await passkey.isPossible();
  const box = h("input", { type: "checkbox", class: "form-check-input", autocomplete: "off" });
  const line = h("p", { class: "pin-said", role: "alert" });
  const lead = h("p", {}, t("phone-pin-choose"));
  const begin = async (pin) => {
    const problem = pinProblem(pin);
    if (!first && problem) { line.textContent = t(`phone-pin-${problem}`); return; }
    if (!first) {
      first = pin;
      line.textContent = "";
      lead.textContent = t("phone-pin-again");
      by("title").firstChild.textContent = t("phone-pin-again-title");
      return;
    }
    if (first !== pin) {
      first = null;
      lead.textContent = t("phone-pin-choose");
      line.textContent = t("phone-pin-differs");
      return;
    }
    await app.begin(pin, box.checked);
  };
  show({
    title: t("phone-pin-title"), back: h("button", { type: "button", class: "back", "aria-label": t("phone-back"), onclick: () => start(app) }, "‹"),
    main: [
      lead, line, pad({ label: t("phone-pin-title"), go: t("phone-pin-next"), done: begin }),
      canPasskey ? [button(t("phone-passkey-alone"), () => app.begin(null, true), "quiet"), h("p", { class: "note" }, t("phone-passkey-better")),
        h("label", { class: "form-check" }, box, h("span", {}, t("phone-passkey-too")))] : null,
      h("p", { class: "note" }, t("phone-pin-lost")),
    ],
  });
};

/** The day's work could not be taken: why, and what to do. */
export const refused = (app, how) => {
  const signIn = how === "sign-in" ? h("a", { class: "btn go", href: "/sign-in?next=%2Ffield" }, t("phone-sign-in")) : button(t("phone-try-again"), () => start(app), "go");
  show({ title: t("phone-title"), main: [h("p", { class: "flash soon", role: "alert" }, t(`phone-begin-${how}`)), onlineLinks()], foot: signIn });
};
