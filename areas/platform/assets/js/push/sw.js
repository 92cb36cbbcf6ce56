// Shows what is pushed to this device and leads there. It is in charge of no page, keeps nothing and answers no request:
// the worker of the phone page stays the only one that does.
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
