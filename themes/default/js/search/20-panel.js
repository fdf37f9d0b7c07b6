// The panel of the search, which the dialog and the search page share: filters, what was found, and what to do next.
const searchPanel = (field, panel, after, begun = () => {}) => {
  const number = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
  const SAY = {
    filters: "Filters", show: "Show ", remove: "Remove ", clear: "Clear all", any: ": any", loading: "Loading …", start: "Type a word, or choose filters.",
    without: (words) => `Nothing has all words. Without “${words}”:`, instead: ([typed, used]) => `Showing results for “${used}”, as nothing says “${typed}”.`,
    none: "Nothing found", near: "Nearest words:", drop: "Leave out:", tags: "See all tags",
    failed: "The search could not be loaded.", again: "Try again", list: "See everything in a list",
  };
  const form = $(".find"), { root, tags } = form.dataset, engine = searchEngine(new URL(root, location).href);
  const part = (tag, className, ...kids) => make(tag, { className }, ...kids);
  const act = (f, className, ...kids) => { const b = make("button", { type: "button", className }, ...kids); on(b, "click", f); return b; };
  const [list, item, whole, named] = panel.id ? ["ol", "li", "div", "a"] : ["div", "div", "a", "span"];
  const chosen = new Set(), boxes = [], self = { limit: 10 };
  const status = make("p", { className: "meta", role: "status", textContent: SAY.start }), chips = make("ul", { className: "chips all", ariaLabel: SAY.filters }), notes = part("div", "notes"), side = make("div", { className: "side", role: "region", ariaLabel: SAY.filters, tabIndex: panel.id ? -1 : 0 });
  const hits = self.hits = make(list, { className: "hits", id: "fp-hits", hidden: true }), fold = act(() => { panel.classList.toggle("filtering"); count(); }, "button fold-side");
  let facets = [], ready, turn = 0, total = 0;

  // What is chosen: terms, or a facet as a whole. A key stands for itself and all below it.
  const picked = () => facets.flatMap((f) => {
    const terms = f.terms.filter((t) => chosen.has(t.key));
    return terms[1] && terms.length === f.terms.length ? { f, key: f.slug, title: f.name + SAY.any } : terms.map((t) => ({ f, ...t }));
  });
  const below = (key, name) => (key + "/").startsWith(name + "/");
  const chip = ({ f, key, title }) => act(() => {
    for (const k of chosen) if (below(k, key)) chosen.delete(k);
    self.run("filter");
    ($("button", chips) || field).focus();
  }, "chip look-" + f.look, icon(f.look), part("span", "sr", SAY.remove), title, icon("close"));
  const count = () => {
    const all = picked(), open = panel.classList.contains("filtering");
    chips.replaceChildren(...all[0] ? [...all.map(chip), act(() => { chosen.clear(); self.run("filter"); field.focus(); }, "button", SAY.clear)].map((b) => make("li", {}, b)) : []);
    fold.ariaExpanded = open;
    fold.textContent = open ? SAY.show + number(total, "result") : SAY.filters + (all[0] ? ` (${all.length})` : "");
    return all;
  };
  self.address = () => {
    const q = field.value.trim(), query = new URLSearchParams([...q ? [["q", q]] : [], ...picked().map((p) => ["in", p.key])]) + "";
    return form.action + (query && "?" + query.replaceAll("%2F", "/"));
  };
  // Chooses the terms of an address.
  self.choose = (names) => {
    chosen.clear();
    for (const f of facets) for (const { key } of f.terms) if (names.some((name) => below(key, name))) chosen.add(key);
  };

  // One search. A later one makes it worthless.
  self.run = async (cause) => {
    const mine = ++turn, live = () => mine === turn, filters = {};
    self.busy = true;
    count();
    setTimeout(() => { if (live() && self.busy) status.textContent = SAY.loading; }, 150);
    try {
      await (ready ||= engine.facets().then(begin, (e) => { ready = 0; throw e; }));
      for (const key of chosen) {
        const [kind, term] = key.split("/");
        (filters[kind] ||= []).push(term);
      }
      // The first results at once; the others, and the numbers of the filters, when those are shown.
      const pause = new Promise((done) => setTimeout(done, cause === "type" ? 120 : 0));
      for (const options of [...cause === "more" ? [] : [{ limit: 3, counts: false, pause }], { limit: self.limit }]) {
        const got = live() && await engine.search(field.value, filters, { ...options, live });
        if (got && live()) draw(got, cause, options.limit > 3);
      }
    } catch {
      if (live()) {
        show(SAY.failed, [part("p", "row", act(() => { self.run(cause); field.focus(); }, "button", SAY.again), make("a", { href: form.action }, SAY.list))], []);
        after(cause, 1, 0);
      }
    }
  };
  const begin = (all) => {
    facets = all.filter((f) => f.terms[0]);
    panel.classList.toggle("plain", !facets[0]);
    side.append(...facets.map((f) => make("fieldset", {}, part("legend", "kind look-" + f.look, icon(f.look), f.name), ...f.terms.map(({ key, title }) => {
      const check = make("input", { type: "checkbox" }), n = part("span", "count");
      on(check, "change", () => { chosen[check.checked ? "add" : "delete"](key); self.run("filter"); });
      boxes.push([check, n, key]);
      return make("label", {}, check, make("span", {}, title), n);
    }))));
    begun();
  };

  // Texts of the site reach the page as text and nothing else.
  const marked = (parts) => parts.map((p) => typeof p === "string" ? p : make("mark", {}, p[0]));
  const kind = (look, name, text) => part("span", "kind look-" + look, icon(name), text);
  const hit = ({ url, title, excerpt }, ...more) =>
    make(whole, { className: "hit", href: url }, make(named, { className: "name", href: url }, ...marked(title)), part("span", "says", ...marked(excerpt)), ...more);
  const result = (r) => {
    const look = r.kind === "term" ? facets.find((f) => f.name === r.label)?.look : "page";
    const icons = { decision: "choice", question: "choice", outcome: "choice", track: "post", glossary: "book" };
    const terms = facets.flatMap((f) => f.terms.filter((t) => r.terms.includes(t.key)).map((t) => kind(f.look, f.look, t.title)));
    const marks = [...r.label ? [kind(look, icons[r.kind] || look, r.label)] : [], ...terms.slice(0, 4), terms[4] ? "+" + (terms.length - 4) : ""];
    return make(item, {}, hit(r, part("span", "marks", ...marks)), ...r.headings.map((h) => hit(h)));
  };
  const show = (says, say, results, more) => {
    self.busy = false;
    status.textContent = says;
    notes.replaceChildren(...say);
    if (more) hits.append(...results.slice(hits.children.length).map(result)); else hits.replaceChildren(...results.map(result));
    hits.hidden = !results[0];
  };
  const draw = (got, cause, last) => {
    total = got.total;
    const all = count(), idle = !field.value.trim() && !all[0], say = [];
    for (const [check, n, key] of last ? boxes : []) {
      n.textContent = got.counts[key] || 0;
      check.checked = chosen.has(key);
      check.disabled = !got.counts[key] && !check.checked && check !== document.activeElement;
    }
    const row = (text, kids) => say.push(part("p", "row", text, ...kids));
    if (total) {
      for (const pair of got.instead) row(SAY.instead(pair), []);
      if (got.dropped[0]) row(SAY.without(got.dropped.join("”, “")), []);
    } else if (!idle && last) {
      const few = all.filter((p) => p.f.terms.some((t) => got.counts[t.key]));
      if (all[0]) row(SAY.drop, (few[0] ? few : all).map(chip));
      if (got.near[0]) row(SAY.near, got.near.map((word) => act(() => { field.value = word; self.run("near"); field.focus(); }, "button", word)));
      row("", [make("a", { href: tags }, SAY.tags)]);
    }
    show(idle ? SAY.start : (total ? number(total, "result") : SAY.none) + (all[0] ? ", " + number(all.length, "filter") : ""), say, got.results, last);
    after(cause, idle, total, last);
  };

  // A result opened here: the heading that it leads to takes the focus.
  on(hits, "click", (e) => {
    const a = e.target.closest("a");
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
    panel.closest("dialog")?.close();
    if (a.hash && a.pathname === location.pathname) setTimeout(arrive); else window.name = "found";
  });
  on(field, "input", (e) => e.isComposing || self.run("type"));
  on(field, "compositionend", () => self.run("type"));
  self.found = part("div", "found", part("div", "row", status, fold), chips, notes, hits);
  panel.prepend(side, self.found);
  count();
  return self;
};
