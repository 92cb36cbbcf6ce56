// Taking the day's work onto the phone and renewing it: devices, assignment, vault.
import * as api from "./api.js";
import { uuidv7 } from "./bytes.js";
import { keepAssignment } from "./day.js";
import { endDay } from "./db.js";
import { meetEpoch } from "./sync.js";
import { nowUs } from "./time.js";
import { create } from "./vault.js";

const label = () => (Math.min(screen.width, screen.height) >= 600 ? "tablet" : "phone");

/** So many people share one phone at most; each has an id of their own for it. */
const DEVICES_MOST = 5;
/** Answers about an id that is somebody else's, or that the server does not know. */
const NOT_OURS = [404, 409];

const named = { 401: "sign-in", 403: "forbidden", 410: "revoked", 503: "stuck" };

const failed = async (answer, device) => {
  if (answer.status === 401 && device && (await api.isRevoked(device))) return { how: "revoked" };
  return { how: named[answer.status] ?? "stuck" };
};

const registered = async (keep) => {
  const device_id = uuidv7();
  const answer = await api.register(device_id, label());
  if (answer.status !== 200 && answer.status !== 201 && answer.status !== 204) return { how: named[answer.status] ?? "stuck" };
  const others = (await keep.get("meta", "devices"))?.ids ?? [];
  await keep.put("meta", { id: "devices", ids: [device_id, ...others].slice(0, DEVICES_MOST) });
  return { device_id };
};

const assigned = async (device, answer) => {
  if (answer.status !== 200 || !answer.body?.homes) return failed(answer, device);
  return { day: { ...answer.body, device_id: device } };
};

/** Asks for today's assignment: `{ day }`, or `{ how }` it failed. A phone that the server does not know is registered. */
export const ask = async (keep) => {
  try {
    for (const device of (await keep.get("meta", "devices"))?.ids ?? []) {
      const answer = await api.assignment(device);
      if (!NOT_OURS.includes(answer.status)) return await assigned(device, answer);
    }
    const { device_id, how } = await registered(keep);
    return how ? { how } : await assigned(device_id, await api.assignment(device_id));
  } catch {
    return { how: "offline" };
  }
};

const meet = async (keep, day) => {
  const epoch = (await keep.get("meta", "epoch"))?.epoch;
  if (epoch !== day.epoch) await meetEpoch(keep, day.epoch, nowUs());
};

/** Begins the day, opened by a PIN (or none) and by a passkey where `prf` asks for its secret: the assignment is on the phone under a new key, or `{ how }` it could not be taken. */
export const begin = async (keep, pin, prf) => {
  const asked = await ask(keep);
  if (asked.how) return asked;
  const { day } = asked;
  const secret = prf ? await prf() : null;
  if (!pin && !secret) return { how: "passkey-none" };
  await endDay(keep);
  const { row, key } = await create({ pin, prf: secret, endsAt: day.ends_at, now: nowUs() });
  await keep.put("vault", row);
  await keepAssignment(keep, key, day);
  await meet(keep, day);
  return { key, day };
};

/** A newer assignment of the same day, or `{ how }`. Somebody else's is never taken. */
export const renew = async (keep, key, day) => {
  const asked = await ask(keep);
  if (asked.how) return asked;
  if (asked.day.account !== day.account || asked.day.day !== day.day) return { how: "another-day" };
  await keepAssignment(keep, key, asked.day);
  await meet(keep, asked.day);
  return asked;
};
