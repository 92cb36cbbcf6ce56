// The phone page: what is open, what is shown, and when it sends.
import { endDay, keeping, open } from "./db.js";
import { by, say } from "./dom.js";
import * as outbox from "./outbox.js";
import { LANGUAGES, language, load, t } from "./texts.js";
import { isOver, minuteOf, nowUs } from "./time.js";

const SYNC_EVERY_MS = 60_000;
const LOCK_MINUTES = 5;
const STALE_US = 3_600_000_000;
/** What the first screen does not need is loaded when it is first asked for. */
const later = { api: () => import("./api.js"), day: () => import("./day.js"), vault: () => import("./vault.js") };
const views = {
  start: () => import("./views/start.js"), locked: () => import("./views/locked.js"), today: () => import("./views/today.js"),
  home: () => import("./views/home.js"), map: () => import("./views/map.js"), entries: () => import("./views/entries.js"), me: () => import("./views/me.js"),
};

const app = { keep: null, key: null, day: null, filter: "open", view: null, counts: { waiting: 0, asking: 0 }, syncState: "", syncedAt: 0, sun: false };

app.online = () => navigator.onLine;
app.minutes = () => app.day?.rules?.lock_minutes ?? LOCK_MINUTES;
app.lastSync = () => (app.syncedAt ? t("phone-synced-at", { at: minuteOf(app.syncedAt) }) : t("phone-never-synced"));

const chip = async () => {
  app.counts = await outbox.counts(app.keep);
  const { waiting, asking } = app.counts;
  const line = by("sync");
  const parts = [app.online() ? "" : t("phone-offline"), asking ? t("phone-asking-n", { n: asking }) : waiting ? t("phone-waiting-n", { n: waiting }) : ""].filter(Boolean);
  line.textContent = parts.join(" · ") || (app.day ? t("phone-all-sent") : "");
  line.className = `sync${parts.length ? "" : " sent"}${asking ? " late" : ""}`;
};

const shown = async (name, ...rest) => {
  app.view = name;
  await chip();
  const module = await views[name]();
  if (app.view === name) await module[name](app, ...rest);
};

// Where one is stands in the history as a place or a number of the list, so that the phone's back key works.
const remember = (place, n) => {
  const state = { place, n: n ?? null };
  const mark = n ? `#home-${n}` : `#${place}`;
  if (location.hash === mark) history.replaceState(state, "", mark);
  else history.pushState(state, "", mark);
};

const placed = async (place, n) => {
  if (!app.day && place !== "entries") return app.home();
  if (place !== "home") return shown(place in views ? place : "today");
  const item = (await app.list()).find((i) => i.home.n === n);
  return item ? shown("home", item) : shown("today");
};

app.go = async (place, n = null) => {
  await saved;
  say("");
  remember(place, n);
  await placed(place, n);
};

/** Where one is when nothing else was asked for. */
app.home = async () => {
  if (app.day) return placed("today");
  const row = await app.keep.get("vault", "day");
  if (row && isOver(row, nowUs())) return app.end("over");
  return row ? shown("locked", row) : shown("start");
};

app.list = async () => {
  const states = new Map((await outbox.entries(app.keep)).map((row) => [row.entry_id, row.state === "sending" ? "waiting" : row.state]));
  const { homes } = await later.day();
  return (await homes(app.keep, app.key, app.day)).map((item) => ({ ...item, state: item.done ? (states.get(item.done.entry_id) ?? null) : null }));
};

let saved = Promise.resolve();
app.keepDraft = (draft, done) => {
  const { key } = app;
  const copy = structuredClone(draft);
  saved = saved.then(async () => key && (await later.day()).keepDraft(app.keep, key, copy, done));
};

const opened = async (key, day) => {
  app.key = key;
  app.day = day;
  clock?.restart();
  const { place, n } = history.state ?? {};
  await placed(place ?? "today", n);
  await app.sync();
  // What is an hour old is asked for again: new tasks, homes handed over, and whether this phone was revoked.
  if (app.day && app.online() && nowUs() - app.day.made_at > STALE_US) await app.refresh();
};

app.begin = async (pin, wantsPasskey) => {
  const [{ begin }, passkey] = await Promise.all([import("./work.js"), import("./passkey.js")]);
  const found = await begin(app.keep, pin, wantsPasskey ? () => passkey.forNewDay(app.keep, t("phone-title")) : null);
  if (found.how) return (await views.start()).refused(app, found.how);
  history.replaceState(null, "", "#today");
  navigator.storage?.persist?.();
  await opened(found.key, found.day);
  if (wantsPasskey && !(await app.keep.get("vault", "day")).passkey) say(t("phone-passkey-none"), "soon");
};

const unlocked = async (key) => opened(key, await (await later.day()).assignment(app.keep, key));

app.unlockWithPin = async (pin) => {
  const found = await (await later.vault()).openWithPin(app.keep, pin);
  if (found.key) await unlocked(found.key);
  if (found.gone) await app.end("wiped");
  return found;
};

app.unlockWithPasskey = async () => {
  const [row, passkey] = [await app.keep.get("vault", "day"), await import("./passkey.js")];
  const secret = row?.passkey ? await passkey.forThisDay(row.passkey) : null;
  const key = secret ? await (await later.vault()).openWithPrf(app.keep, secret) : null;
  if (key) await unlocked(key);
  return Boolean(key);
};

const letGo = () => {
  app.key = null;
  app.day = null;
  by("main").replaceChildren();
};

app.lock = async () => {
  if (!app.key) return;
  await saved;
  say("");
  letGo();
  await app.home();
};

/** The day ends on this phone: by itself, by its person, or because it must. */
app.end = async (why) => {
  letGo();
  await endDay(app.keep);
  await outbox.note(app.keep, nowUs(), why);
  if (why === "signed-out") {
    await (await later.api()).signOut();
    location.assign("/sign-in");
    return;
  }
  history.replaceState(null, "", location.pathname);
  await shown("start", t(`phone-ended-${why}`));
};

const sealedAway = async (page) => {
  const [{ seal }, { entryOf, inShort }, { uuidv7 }, { finish }, { asksPhoto }] = await Promise.all([import("./seal.js"), import("./visit.js"), import("./bytes.js"), later.day(), import("./premises.js")]);
  await saved;
  const entry = entryOf(page.home, page.draft, { entry_id: uuidv7(), made_at: nowUs(), assignment_made_at: app.day.made_at }, Boolean(asksPhoto(app.day, page.home, page.draft)));
  const sealed = await seal(entry, app.day.key, app.day.device_id);
  const about = { home_id: page.home.home_id, made_at: entry.made_at, device_id: app.day.device_id };
  await finish(app.keep, app.key, sealed, about, inShort(page.home, page.draft, entry));
};

app.finish = async (page) => {
  // A second tap on the button is not a second visit.
  if (page.finishing) return;
  page.finishing = true;
  try {
    await sealedAway(page);
  } catch (e) {
    page.finishing = false;
    throw e;
  }
  await app.go("today");
  say(t(app.online() ? "phone-finished-sending" : "phone-finished-waiting"), "ok");
  app.sync();
};

app.takeBack = async (entryId) => {
  const how = await outbox.takeBack(app.keep, entryId, (await later.api()).entry, nowUs());
  say(t(`phone-back-${how}`), how === "taken" ? "ok" : "soon");
  if (how === "sent") await app.sync();
  await placed(app.view === "home" ? "today" : app.view);
};

/** A sent visit is corrected by another entry; a refused one is filled in again. */
app.anew = async (page) => {
  page.begin();
  page.draft.corrects = page.done.entry_id;
  page.draw();
};

app.settle = async (entryId) => {
  const row = await app.keep.get("kept", entryId);
  if (row) await app.keep.put("kept", { ...row, settled: true });
  await placed("entries");
};

app.refresh = async (asked = false) => {
  if (!app.key) return;
  const { renew } = await import("./work.js");
  const found = await renew(app.keep, app.key, app.day);
  if (found.how === "revoked") return app.end("revoked");
  if (found.day && app.key) app.day = found.day;
  if (asked) say(t(found.day ? "phone-refreshed" : `phone-begin-${found.how}`), found.day ? "ok" : "soon");
  if (found.day && app.view === "today") await placed("today");
};

const syncOnce = async () => {
  const [{ follow, sync }, api] = await Promise.all([import("./sync.js"), later.api()]);
  const before = app.counts;
  const found = await sync({ keep: app.keep, post: api.entries, now: nowUs, revoked: api.isRevoked });
  if (found.how === "went") await follow(app.keep, api.entry, nowUs());
  app.syncState = found.how;
  if (found.how === "revoked") return app.end("revoked");
  if (found.how === "went") app.syncedAt = nowUs();
  await chip();
  const moved = before.waiting !== app.counts.waiting || before.asking !== app.counts.asking;
  // A page that somebody types into is left as it is.
  if (moved && ["today", "entries", "map"].includes(app.view)) await placed(app.view);
};

/** Sends what waits; one at a time, over all tabs. */
app.sync = async (asked = false) => {
  await chip();
  const { waiting, asking } = app.counts;
  if (!app.online() || (!waiting && !asking)) {
    if (asked) say(t(app.online() ? "phone-nothing-waiting" : "phone-send-later"), "soon");
    return;
  }
  await navigator.locks.request("linli-field-sync", { ifAvailable: !asked }, (lock) => (lock ? syncOnce() : null));
  if (asked && app.view === "entries") await placed("entries");
};

app.speak = async (lang) => {
  await load(lang);
  await app.keep.put("meta", { id: "lang", lang });
  await placed(app.view === "home" ? "today" : app.view);
};

app.setSun = async (sun) => {
  app.sun = sun;
  document.documentElement.toggleAttribute("data-sun", sun);
  await app.keep.put("meta", { id: "sun", sun });
};

let clock;

/** The page cannot work here: says why, and leads to the one that needs a network. */
const cannot = async (key) => {
  await load(document.documentElement.lang).catch(() => {});
  const link = document.createElement("a");
  link.href = "/field/online";
  link.className = "btn go";
  link.textContent = t("phone-work-online");
  const why = document.createElement("p");
  why.className = "flash soon";
  why.textContent = t(key);
  by("main").replaceChildren(why, link);
};

const start = async () => {
  if (!window.isSecureContext || !crypto.subtle || !navigator.locks) return cannot("phone-insecure");
  try {
    app.keep = keeping(await open());
  } catch {
    return cannot("phone-no-store");
  }
  addEventListener("unhandledrejection", () => say(t("phone-went-wrong"), "late"));
  const lang = (await app.keep.get("meta", "lang"))?.lang ?? document.documentElement.lang;
  await load(LANGUAGES.includes(lang) ? lang : language());
  await app.setSun((await app.keep.get("meta", "sun"))?.sun === true);
  by("sync").addEventListener("click", () => app.go("entries"));
  // The way past the menu is no place of the page.
  addEventListener("popstate", (event) => (location.hash === "#main" ? null : placed(event.state?.place ?? "today", event.state?.n)));
  for (const kind of ["online", "offline"]) addEventListener(kind, () => (kind === "online" ? app.sync() : chip()));
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? app.sync() : null));
  setInterval(async () => { (await later.vault()).seen(app.keep, nowUs()); app.sync(); }, SYNC_EVERY_MS);
  await app.home();
  performance.mark("usable");
  document.documentElement.dataset.ready = "true";
  const [{ watch }, { register }] = await Promise.all([import("./lock.js"), import("./shell.js")]);
  clock = watch({ minutes: app.minutes, endsAt: () => app.day?.ends_at ?? Infinity, now: nowUs, lock: app.lock, over: () => app.end("over") });
  register(() => !app.day);
  app.sync();
};

start();
