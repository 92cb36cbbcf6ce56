// The page locks after idle time and at the day's end: the key is let go, and what was on the screen too.
/** Calls `lock` after so many minutes without a touch, and `over` once the day is over. */
export const watch = ({ minutes, endsAt, now, lock, over }) => {
  let last = now();
  const look = () => {
    if (now() >= endsAt()) over();
    else if (now() - last >= minutes() * 60_000_000) lock();
  };
  // A touch after a long sleep must not keep open what should be locked.
  const touched = () => {
    look();
    last = now();
  };
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  setInterval(look, 5000);
  return { restart: () => { last = now(); } };
};
