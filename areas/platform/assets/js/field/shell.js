// The service worker keeps the shell of this page, and of nothing else.
/** Registers it. A newer shell takes over only when `mayReload` says that nothing is being filled in. */
export const register = async (mayReload) => {
  if (!("serviceWorker" in navigator)) return;
  const had = Boolean(navigator.serviceWorker.controller);
  let reloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!had || reloading) return;
    reloading = true;
    location.reload();
  });
  try {
    const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field", updateViaCache: "none" });
    const offer = () => { if (registration.waiting && mayReload()) registration.waiting.postMessage("take-over"); };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    document.addEventListener("visibilitychange", offer);
  } catch {
    // Without it the page works while there is a network.
  }
};
