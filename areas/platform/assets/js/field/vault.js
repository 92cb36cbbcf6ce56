// The day key: made in the morning, wrapped by a PIN and, where the phone can, by its passkey; in clear in memory alone.
import { base64url, fromBase64url, random, text, utf8 } from "./bytes.js";
import { endDay } from "./db.js";

/** Rounds of PBKDF2-SHA-256 (OWASP's least for it). A PIN is short: this makes each guess dear, not impossible. */
export const ROUNDS = 600_000;
/** So many wrong PINs, and what the phone holds of the day is gone. */
export const TRIES = 5;
/** The least digits of a PIN. */
export const PIN_LEAST = 6;

const subtle = () => crypto.subtle;
const GCM = { name: "AES-GCM", length: 256 };

/** What is wrong with a PIN as a code, or null: six digits at least, no run and not one digit alone. */
export const pinProblem = (pin) => {
  if (!new RegExp(`^\\d{${PIN_LEAST},12}$`).test(pin)) return "short";
  const steps = new Set(Array.from(pin.slice(1), (c, n) => Number(c) - Number(pin[n])));
  if (steps.size === 1 && [-1, 0, 1].includes([...steps][0])) return "easy";
  return /^(\d{2,3})\1+$/.test(pin) ? "easy" : null;
};

const keyOfPin = async (pin, salt, rounds) => {
  const base = await subtle().importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return subtle().deriveKey(how, base, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
};

const keyOfPrf = async (secret, salt) => {
  const base = await subtle().importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8("linli field day key v1") };
  return subtle().deriveKey(how, base, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
};

const unwrapped = (wrapped, by) =>
  subtle().unwrapKey("raw", fromBase64url(wrapped), by, "AES-KW", GCM, false, ["encrypt", "decrypt"]);

const wrapped = async (day, by) => base64url(await subtle().wrapKey("raw", day, by, "AES-KW"));

/**
 * Makes the day's key and its vault, wrapped by a PIN, by a passkey's secret, or by both; one of them there must be.
 * `prf`: `{ secret, salt, credential }`, or null. Without a PIN no files of the phone can be guessed open.
 * Returns the row to keep and the key, which cannot be taken out of memory.
 */
export const create = async ({ pin = null, prf = null, endsAt, now, rounds = ROUNDS }) => {
  const day = await subtle().generateKey(GCM, true, ["encrypt", "decrypt"]);
  const salt = random(16);
  const row = { id: "day", salt: base64url(salt), rounds, wrapped: null, tries_left: TRIES, ends_at: endsAt, seen_at: now, passkey: null };
  let key = null;
  if (pin) {
    const byPin = await keyOfPin(pin, salt, rounds);
    row.wrapped = await wrapped(day, byPin);
    key = await unwrapped(row.wrapped, byPin);
  }
  if (prf) {
    const byPrf = await keyOfPrf(prf.secret, salt);
    row.passkey = { credential: prf.credential, salt: base64url(prf.salt), wrapped: await wrapped(day, byPrf) };
    key = await unwrapped(row.passkey.wrapped, byPrf);
  }
  return { row, key };
};

/** Opens with a PIN: `{ key }`, or `{ left }` tries, or `{ gone }` after the last one. */
export const openWithPin = async (keep, pin) => {
  const row = await keep.get("vault", "day");
  if (!row) return { gone: true };
  if (!row.wrapped) return { left: row.tries_left };
  // Counted before the try, so that pulling the plug gives no further one.
  await keep.put("vault", { ...row, tries_left: row.tries_left - 1 });
  try {
    const key = await unwrapped(row.wrapped, await keyOfPin(pin, fromBase64url(row.salt), row.rounds));
    await keep.put("vault", { ...row, tries_left: TRIES });
    return { key };
  } catch {
    if (row.tries_left > 1) return { left: row.tries_left - 1 };
    await endDay(keep);
    return { gone: true };
  }
};

/** Opens with what the passkey gave; null where it is another one's. */
export const openWithPrf = async (keep, secret) => {
  const row = await keep.get("vault", "day");
  if (!row?.passkey) return null;
  try {
    const key = await unwrapped(row.passkey.wrapped, await keyOfPrf(secret, fromBase64url(row.salt)));
    await keep.put("vault", { ...row, tries_left: TRIES });
    return key;
  } catch {
    return null;
  }
};

/** Remembers the latest time seen. */
export const seen = async (keep, now) => {
  const row = await keep.get("vault", "day");
  if (row && now > row.seen_at + 60_000_000) await keep.put("vault", { ...row, seen_at: now });
};

/** Encrypts a value under the day key, bound to where it is kept. */
export const closed = async (key, place, value) => {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: utf8(place) };
  return { iv, ct: new Uint8Array(await subtle().encrypt(how, key, utf8(JSON.stringify(value)))) };
};

/** The value again. */
export const opened = async (key, place, row) => {
  const how = { name: "AES-GCM", iv: row.iv, additionalData: utf8(place) };
  return JSON.parse(text(await subtle().decrypt(how, key, row.ct)));
};
