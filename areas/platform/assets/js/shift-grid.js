// A week's grid by drag: a chip or another cell is dropped on a cell; Alt and the arrows go from cell to cell. Without
// this file every cell is a list to choose from.
(() => {
  const grid = document.querySelector(".shift-grid");
  if (!grid) return;
  const chips = document.querySelector(".shift-chips");
  if (chips) chips.hidden = false;
  let dragged = null;
  const cellOf = (target) => target.closest?.("td")?.querySelector(".shift-cell");
  document.addEventListener("dragstart", (event) => {
    const chip = event.target.closest?.("[data-cell]");
    const cell = cellOf(event.target);
    dragged = chip ? { value: chip.dataset.cell } : cell ? { value: cell.value, from: cell } : null;
    if (dragged) event.dataTransfer.setData("text/plain", dragged.value);
  });
  for (const cell of grid.querySelectorAll(".shift-cell")) {
    const place = cell.closest("td");
    place.draggable = true;
    place.addEventListener("dragover", (event) => {
      if (dragged) event.preventDefault();
    });
    place.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (dragged.from) dragged.from.value = cell.value;
      cell.value = dragged.value;
      dragged = null;
      cell.focus();
    });
  }
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest?.(".shift-cell");
    if (!event.altKey || !step || !cell) return;
    const place = cell.closest("td");
    const row = grid.tBodies[0].rows[place.parentElement.sectionRowIndex + step[0]];
    const next = row?.cells[place.cellIndex + step[1]]?.querySelector(".shift-cell");
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
})();
