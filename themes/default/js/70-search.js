// The heading that a result of the search leads to takes the focus; the search leaves word in the name of the window.
const arrive = () => {
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1))) || $("h1");
  at.tabIndex = -1;
  at.focus();
};
// Search: its script and styles come at the first intent. Without them the form leads to the search page.
{
  const form = $(".find"), field = form.q, { script, style } = form.dataset, page = $("#fp-search");
  const get = (tag, props) => new Promise((onload, onerror) => document.head.append(make(tag, { ...props, onload, onerror })));
  let ready;
  const load = () => ready ||= Promise.all([get("link", { rel: "stylesheet", href: style }), get("script", { src: script })]).catch(() => ready = 0);
  const open = async (e, otherwise) => { e.preventDefault(); await load() ? seek() : otherwise?.(); };
  if (!page) {
    on(field, "focus", load);
    on(field, "click", open);
    on(field, "input", (e) => e.isComposing || open(e));
    on(form, "submit", (e) => open(e, () => form.submit()));
  }
  on(document, "keydown", (e) => {
    const ctrl = e.ctrlKey || e.metaKey;
    if (typing(e) || e.altKey || (ctrl ? e.key !== "k" : e.key !== "/" || stored("keys"))) return;
    if (page) { e.preventDefault(); field.focus(); } else open(e, () => field.focus());
  });
  if (window.name === "found") { window.name = ""; arrive(); }
}
