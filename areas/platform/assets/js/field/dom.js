// Elements, made without markup in strings: what a person typed is text and never markup.
const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "circle", "path", "polygon", "text", "g", "rect"]);

const put = (element, name, value) => {
  if (value === false || value === null || value === undefined) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
};

/** An element with attributes, listeners (`onclick`) and children; empty children are left out. */
export const h = (tag, attributes = {}, ...children) => {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  const { value, ...others } = attributes;
  for (const [name, given] of Object.entries(others)) put(element, name, given);
  for (const child of children.flat(3)) if (child !== null && child !== undefined && child !== false) element.append(child);
  // After the children, since a list has its value by them.
  if (value !== undefined) put(element, "value", value);
  return element;
};

const by = (id) => document.getElementById(id);

/** An icon of one path. */
export const icon = (path) => h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: path }));

/** Shows a page: heading, line below it, what stands in it and what stands at the thumb. Focus goes to the heading. */
export const show = ({ title, under = "", back = null, main = [], foot = [], focus = true }) => {
  const heading = h("h1", { tabindex: "-1", id: "title" }, title, under ? h("small", {}, under) : null);
  by("head").replaceChildren(...[back, heading, by("sync")].filter(Boolean));
  by("main").replaceChildren(...main.flat(3).filter(Boolean));
  by("foot").replaceChildren(...[foot].flat(3).filter(Boolean));
  if (focus) {
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
};

/** Says something to those who see it and to those who hear it. */
export const say = (words, tone = "") => {
  const line = by("said");
  line.className = `said ${tone}`;
  line.textContent = words;
  line.hidden = !words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { line.hidden = true; line.textContent = ""; }, 8000);
};

export const button = (label, onclick, kind = "", rest = {}) => h("button", { type: "button", class: `btn ${kind}`.trim(), onclick, ...rest }, label);
export const tag = (words, tone = "") => (words ? h("i", { class: `tag ${tone}`.trim() }, words) : null);
export { by };
