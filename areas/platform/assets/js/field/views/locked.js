// Locked: nothing of the day can be seen or read until the PIN or the phone's passkey opens it.
import { button, h, show } from "../dom.js";
import { t } from "../texts.js";
import { pad } from "./pin.js";

export const locked = (app, { passkey, wrapped }) => {
  const line = h("p", { class: "pin-said", role: "alert" });
  const tryPin = async (pin) => {
    const found = await app.unlockWithPin(pin);
    if (found.left) line.textContent = t("phone-pin-wrong", { n: found.left });
  };
  const tryPasskey = async () => {
    if (!(await app.unlockWithPasskey())) line.textContent = t("phone-passkey-no");
  };
  const { waiting } = app.counts;
  show({
    title: t("phone-locked"), under: wrapped ? t("phone-locked-under") : "",
    main: [
      line, wrapped ? pad({ label: t("phone-pin-enter"), go: t("phone-unlock"), done: tryPin }) : null,
      passkey && wrapped ? button(t("phone-unlock-passkey"), tryPasskey) : null,
      h("p", { class: "note" }, waiting ? t("phone-waiting-sealed", { n: waiting }) : t("phone-nothing-waiting")),
      h("details", { class: "card" }, h("summary", {}, t(wrapped ? "phone-pin-forgotten" : "phone-passkey-lost")), h("p", {}, t("phone-pin-lost")), button(t("phone-end-now"), () => app.end("ended"), "quiet")),
    ],
    foot: wrapped ? null : button(t("phone-unlock-passkey"), tryPasskey, "go"),
  });
};
