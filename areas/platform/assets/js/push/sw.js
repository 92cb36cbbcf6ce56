// Shows what is pushed to this device and leads there. It is in charge of no page, keeps nothing and answers no request:
// the worker of the phone page stays the only one that does. Where the push service gives another address, it says so.
const PLAIN = { title: "邻里 Linli", body: "", path: "/notices", tag: "notice", lang: "zh-CN" };

addEventListener("install", () => skipWaiting());

const said = (event) => {
  try {
    return { ...PLAIN, ...event.data.json() };
  } catch {
    // Something was sent, and a notice that says no more than that is better than none.
    return PLAIN;
  }
};

addEventListener("push", (event) => {
  const { title, body, path, tag, lang } = said(event);
  const shown = { body, tag, lang, renotify: true, icon: "/static/img/linli-192.png", data: { path } };
  event.waitUntil(registration.showNotification(title, shown));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const asked = new URL(event.notification.data?.path ?? PLAIN.path, location.origin);
  const there = asked.origin === location.origin ? asked : new URL(PLAIN.path, location.origin);
  event.waitUntil(clients.openWindow(there.href));
});

const base64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const RETRIES_AFTER_MS = [0, 5_000, 20_000];

// The old address and its secret prove which device it is; nobody needs to be signed in.
const exchange = async (before, after) => {
  const told = new URLSearchParams({
    old_endpoint: before.endpoint,
    old_auth: base64(before.getKey("auth")),
    endpoint: after.endpoint,
    p256dh: base64(after.getKey("p256dh")),
    auth: base64(after.getKey("auth")),
  });
  for (const pause of RETRIES_AFTER_MS) {
    await new Promise((done) => setTimeout(done, pause));
    try {
      const answer = await fetch("/push/renewal", { method: "POST", body: told, credentials: "omit", headers: { accept: "application/json" } });
      // What was refused once is refused again; the account's page offers to join anew.
      if (answer.status < 500) return;
    } catch {
      // Without network: once more.
    }
  }
};

addEventListener("pushsubscriptionchange", (event) => {
  const { oldSubscription: before, newSubscription: after } = event;
  // A browser that does not say which one it was leaves nothing to prove it with.
  if (!before) return;
  const renewed = async () => {
    const { applicationServerKey } = before.options;
    await exchange(before, after ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })));
  };
  event.waitUntil(renewed());
});
