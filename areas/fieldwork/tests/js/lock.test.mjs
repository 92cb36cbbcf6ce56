// The page locks after idle time and at the day's end, whatever woke it.
import assert from "node:assert/strict";
import test from "node:test";

import { watch } from "../../../platform/assets/js/field/lock.js";
import { drawing, frame, MARGIN, SIDE } from "../../../platform/assets/js/field/map.js";

const MINUTE = 60_000_000;

/** A browser's events and its clock, by hand. */
const stage = () => {
  const heard = {};
  const listen = (kind, what) => { (heard[kind] ??= []).push(what); };
  const state = { now: 0, locked: 0, over: 0, tick: null };
  Object.assign(globalThis, { addEventListener: listen, document: { addEventListener: listen }, setInterval: (what) => { state.tick = what; } });
  const watched = watch({ minutes: () => 5, endsAt: () => 100 * MINUTE, now: () => state.now, lock: () => { state.locked += 1; }, over: () => { state.over += 1; } });
  return { state, watched, happens: (kind) => heard[kind].forEach((what) => what()) };
};

test("five minutes without a touch lock the page, a touch in between begins them anew", () => {
  const { state, happens } = stage();
  state.now = 4 * MINUTE;
  happens("pointerdown");
  state.now = 8.9 * MINUTE;
  state.tick();
  assert.equal(state.locked, 0);
  state.now = 9 * MINUTE;
  state.tick();
  assert.equal(state.locked, 1);
});

test("the touch that wakes a page that slept locks it first", () => {
  const { state, happens } = stage();
  state.now = 6 * MINUTE;
  happens("pointerdown");
  assert.equal(state.locked, 1);
});

test("a page that comes back from the background looks at once", () => {
  for (const kind of ["visibilitychange", "pageshow"]) {
    const { state, happens } = stage();
    state.now = 30 * MINUTE;
    happens(kind);
    assert.equal(state.locked, 1, kind);
  }
});

test("at the day's end it is over, not locked", () => {
  const { state } = stage();
  state.now = 100 * MINUTE;
  state.tick();
  assert.deepEqual([state.over, state.locked], [1, 0]);
});

test("the map holds every home with north up and nothing stretched, and says how many have no place", () => {
  const at = frame([[121.1, 31.1], [121.12, 31.14]]);
  const [x, y] = at([121.1, 31.14]);
  assert.ok(Math.abs(x - MARGIN) < 1e-9 && Math.abs(y - MARGIN) < 1e-9);
  const [east, south] = at([121.12, 31.1]);
  assert.ok(east < SIDE && Math.abs(south - (SIDE - MARGIN)) < 1e-6);
  assert.equal(frame([]), null);
  const homes = [{ home: { lon: 121.1, lat: 31.1 } }, { home: { lon: null, lat: null } }];
  const drawn = drawing([{ outline: [[121, 31], [121.2, 31], [121.2, 31.2]] }, { outline: [] }], homes);
  assert.deepEqual([drawn.outlines.length, drawn.pins.length, drawn.nowhere], [1, 1, 1]);
  assert.ok(drawn.pins.every((p) => p.x >= 0 && p.x <= SIDE && p.y >= 0 && p.y <= SIDE));
});
