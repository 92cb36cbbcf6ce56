// Keeps the shell of the phone page: its frame, styles, scripts and words. Never an assignment, an entry or an answer
// about anybody. The server writes the list of addresses, each of which is the same for everyone.
const SHELL = __SHELL__;
const PREFIX = "linli-field-";
const CACHE = PREFIX + SHELL.version;
const PAGE = "/field";
// A script names its neighbours without the hash that the server lists them by.
const name = (url) => (url.pathname.startsWith("/static/") ? url.pathname : url.pathname + url.search);
const KEPT = new Map(SHELL.files.map((address) => [name(new URL(address, location.origin)), address]));

const fetched = async (cache, address) => {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
};

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([...new Set([PAGE, ...SHELL.files])].map((a) => fetched(cache, a)))));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(PREFIX) && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "take-over") skipWaiting();
});

const fromCache = async (request, address) => (await (await caches.open(CACHE)).match(address)) ?? fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(fromCache(request, PAGE));
  } else if (KEPT.has(name(url))) {
    event.respondWith(fromCache(request, KEPT.get(name(url))));
  }
});
