// Days and times of Asia/Shanghai, which has had no summer time since 1991.
const OFFSET_MS = 8 * 3600 * 1000;
const shanghai = (us) => new Date(us / 1000 + OFFSET_MS).toISOString();

/** Microseconds since 1970, by this phone's clock: recorded, never trusted. */
export const nowUs = () => Date.now() * 1000;
/** `2026-11-23`. */
export const dayOf = (us) => shanghai(us).slice(0, 10);
/** `09:42`. */
export const clockOf = (us) => shanghai(us).slice(11, 16);
/** `11-23 09:42`. */
export const minuteOf = (us) => shanghai(us).slice(5, 16).replace("T", " ");
/** The day some days later. */
export const plusDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Whether the day of a vault is over. A clock that was set back does not lengthen it. */
export const isOver = (vault, now) => Math.max(now, vault.seen_at) >= vault.ends_at;
