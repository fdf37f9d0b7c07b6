// Helpers, then the theme button: system, light, dark. Only an explicit choice is stored.
const $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
const on = (e, type, f) => e.addEventListener(type, f);
const make = (tag, props, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };
const stored = (k, v) => { try { return v === undefined ? localStorage.getItem(k) : v ? localStorage.setItem(k, v) : localStorage.removeItem(k); } catch {} };
const icon = (name) => {
  const svg = $(".icon").cloneNode(true), use = svg.firstChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + name));
  return svg;
};
const button = (className, ...kids) => make("button", { type: "button", className: "button " + className }, ...kids);
{
  const modes = ["", "light", "dark"], root = document.documentElement.dataset, b = button("");
  const show = () => {
    const m = root.theme || "system";
    b.replaceChildren(icon(m), make("span", {}, make("span", { className: "sr" }, "Theme: "), m[0].toUpperCase() + m.slice(1)));
  };
  on(b, "click", () => { stored("theme", root.theme = modes[(modes.indexOf(root.theme) + 1) % 3]); show(); });
  show();
  $("#fp-theme").append(b);
}
