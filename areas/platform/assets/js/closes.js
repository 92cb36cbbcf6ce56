// Takes opened data off a page that has a form beside it, after the minutes it names; other pages leave by themselves.
(() => {
  for (const part of document.querySelectorAll("[data-closes-minutes]")) {
    setTimeout(() => part.remove(), Number(part.dataset.closesMinutes) * 60_000);
  }
})();
