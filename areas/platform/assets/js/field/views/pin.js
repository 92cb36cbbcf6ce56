// The PIN pad: buttons of the page's own, so that no input field and no password store of the browser holds the PIN.
import { h } from "../dom.js";
import { t } from "../texts.js";

const MOST = 12;

/** A pad that calls `done(pin)`. Digits, backspace and enter of a keyboard work too, while it is on the page. */
export const pad = ({ label, go, done }) => {
  let pin = "";
  let busy = false;
  const dots = h("p", { class: "pin-dots", "aria-hidden": "true" });
  const heard = h("p", { class: "visually-hidden", "aria-live": "polite" });
  const drawn = () => {
    dots.textContent = pin ? "●".repeat(pin.length) : "○○○○○○";
    heard.textContent = t("phone-pin-typed", { n: pin.length });
    confirm.classList.toggle("go", pin.length >= 6);
  };
  const type = (digit) => { if (!busy && pin.length < MOST) { pin += digit; drawn(); } };
  const back = () => { if (!busy) { pin = pin.slice(0, -1); drawn(); } };
  const finish = async () => {
    if (busy || !pin) return;
    busy = true;
    const typed = pin;
    pin = "";
    confirm.setAttribute("aria-busy", "true");
    confirm.textContent = t("phone-pin-checking");
    await done(typed);
    busy = false;
    confirm.removeAttribute("aria-busy");
    confirm.textContent = go;
    drawn();
  };
  const key = (digit) => h("button", { type: "button", class: "pin-key", onclick: () => type(digit) }, digit);
  const confirm = h("button", { type: "button", class: "btn", onclick: finish }, go);
  const wipe = h("button", { type: "button", class: "pin-key", "aria-label": t("phone-pin-back"), onclick: back }, "⌫");
  const element = h("section", { class: "pin", role: "group", "aria-label": label, tabindex: "-1" },
    dots, heard, h("div", { class: "pin-keys" }, ..."123456789".split("").map(key), h("span", {}), key("0"), wipe), confirm);
  const typed = (event) => {
    if (!element.isConnected) return removeEventListener("keydown", typed);
    if (/^\d$/.test(event.key)) type(event.key);
    else if (event.key === "Backspace") back();
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON" && event.target.tagName !== "A") finish();
  };
  addEventListener("keydown", typed);
  drawn();
  return element;
};
