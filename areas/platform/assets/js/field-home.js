// The home at its door: the one main button says how many people are still missing. Without this, the server says so.
(() => {
  const form = document.getElementById("visit");
  const button = document.getElementById("finish");
  if (!form || !button) return;
  const people = [...form.querySelectorAll(".people .person")];
  const count = () => {
    const left = people.filter((p) => !p.querySelector(".choice :checked"));
    button.textContent = left.length ? form.dataset.left.replace("{n}", left.length) : form.dataset.done;
    button.classList.toggle("quiet", left.length > 0);
    button.classList.toggle("go", left.length === 0);
    return left;
  };
  form.addEventListener("change", () => {
    people.forEach((p) => p.querySelector(".choice :checked") && p.classList.remove("missing"));
    count();
  });
  // Asked too early, it leads to the first person who is missing instead of failing afterwards.
  button.addEventListener("click", (event) => {
    const left = count();
    if (!left.length) return;
    event.preventDefault();
    left.forEach((p) => p.classList.add("missing"));
    left[0].scrollIntoView({ block: "center" });
    left[0].focus({ preventScroll: true });
  });
  count();
})();
