// Makes this browser one of the devices that notices are pushed to; where it cannot, says why.
(() => {
  const part = document.querySelector("[data-push]");
  if (!part) return;
  const form = part.querySelector("form");
  const say = (what) => {
    for (const text of part.querySelectorAll("[data-push-says]")) text.hidden = text.dataset.pushSays !== what;
  };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const base64 = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // A worker without pages is never `ready` for this one; it is waited for by its own state.
  const active = async (registration) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (worker.state !== "activated")
      await new Promise((done, failed) =>
        worker.addEventListener("statechange", () => {
          if (worker.state === "activated") done();
          if (worker.state === "redundant") failed(new Error("redundant"));
        }));
    return registration;
  };

  const subscribed = async () => {
    const key = bytes(part.dataset.push);
    const registration = await active(await navigator.serviceWorker.register("/push/sw.js", { scope: "/push/", updateViaCache: "none" }));
    const before = await registration.pushManager.getSubscription();
    // One that is bound to another key would never hear of us.
    if (before && base64(before.options.applicationServerKey) !== part.dataset.push) await before.unsubscribe();
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };

  // Where a network does not lead to the push service, browsers ask for minutes on end.
  const WAITS_MS = 20_000;
  const inTime = (asked) =>
    Promise.race([asked, new Promise((_, failed) => setTimeout(() => failed(new Error("no answer")), WAITS_MS))]);

  let busy = false;
  const join = async () => {
    if (busy) return;
    busy = true;
    say("nothing");
    try {
      if ((await Notification.requestPermission()) !== "granted") return say("denied");
      say("asking");
      const subscription = await inTime(subscribed());
      form.elements.endpoint.value = subscription.endpoint;
      form.elements.p256dh.value = base64(subscription.getKey("p256dh"));
      form.elements.auth.value = base64(subscription.getKey("auth"));
      form.submit();
    } catch (e) {
      say(e.name === "NotAllowedError" ? "denied" : "failed");
    } finally {
      busy = false;
    }
  };

  if (!window.isSecureContext || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return say("browser");
  say("nothing");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    join();
  });
})();
