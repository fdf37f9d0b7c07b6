// The panel of the search, which the dialog and the search page share: filters, what was found, and what to do next.
const searchPanel = (field, panel, after, begun = () => {}) => {
  const number = (n, what) => n + what + (n === 1 ? "" : "s");
  const SAY = {
    filters: "Filters", show: "Show ", remove: "Remove ", clear: "Clear all", any: ": any", loading: "Loading …", start: "Type a word, or choose filters.",
    without: (words) => `Nothing has all words. Without “${words}”:`, instead: ([typed, used]) => `Showing results for “${used}”, as nothing says “${typed}”.`,
    none: "Nothing found", near: "Nearest words:", drop: "Leave out:", tags: "See all tags", more: " or more",
    failed: "The search could not be loaded.", again: "Try again", list: "See everything in a list",
  };
  const form = $(".find"), { root, tags } = form.dataset, engine = searchEngine(new URL(root, location).href);
  const part = (tag, className, ...kids) => make(tag, { className }, ...kids);
  const act = (onclick, className, ...kids) => make("button", { type: "button", className, onclick }, ...kids);
  const [list, item, whole, named] = panel.id ? ["ol", "li", "div", "a"] : ["div", "div", "a", "span"];
  const self = { limit: 10 };
  const status = make("p", { className: "meta", role: "status", textContent: SAY.start }), chips = make("ul", { className: "chips all", ariaLabel: SAY.filters }), notes = part("div", "notes"), side = make("div", { className: "side", role: "region", ariaLabel: SAY.filters, tabIndex: panel.id ? -1 : 0 });
  const hits = self.hits = make(list, { className: "hits", id: "fp-hits", hidden: true }), fold = act(() => { panel.classList.toggle("filtering"); count(); }, "button fold-side");
  let facets, turn = 0, total;

  // What is chosen: terms, or a facet as a whole. A key stands for itself and all below it, an empty one for all.
  const chosen = (f) => f.terms.filter((t) => t.check.checked);
  const picked = () => (facets || []).flatMap((f) => {
    const terms = chosen(f);
    return terms[1] && terms.length === f.terms.length ? { ...f, key: f.slug, title: f.name + SAY.any } : terms.map((t) => ({ ...f, ...t, terms: [t] }));
  });
  const choose = (names, yes) => facets?.forEach((f) => f.terms.forEach(({ key, check }) => {
    if (names.some((name) => (key + "/").startsWith(name && name + "/"))) check.checked = yes;
  }));
  // Chooses the terms of an address.
  self.choose = (names) => { choose([""], false); choose(names, true); };
  const remove = (key, ...look) => act(() => {
    choose([key], false);
    self.run("filter");
    ($("button", chips) || field).focus();
  }, ...look);
  const chip = ({ look, key, title }) => remove(key, "chip look-" + look, icon(look), part("span", "sr", SAY.remove), title, icon("close"));
  const count = () => {
    const all = picked(), open = panel.classList.contains("filtering");
    chips.replaceChildren(...all[0] ? [...all.map(chip), remove("", "button", SAY.clear)].map((b) => make("li", {}, b)) : []);
    fold.ariaExpanded = open;
    fold.textContent = open ? SAY.show + total : SAY.filters + (all[0] ? ` (${all.length})` : "");
    return all;
  };
  self.address = () => {
    const q = field.value.trim(), query = new URLSearchParams([...q ? [["q", q]] : [], ...picked().map((p) => ["in", p.key])]) + "";
    return form.action + (query && "?" + query.replaceAll("%2F", "/"));
  };

  // One search. A later one makes it worthless.
  self.run = async (cause) => {
    const mine = ++turn, live = () => mine === turn, filters = {};
    self.busy = true;
    count();
    setTimeout(() => { if (live() && self.busy) status.textContent = SAY.loading; }, 150);
    try {
      const all = await engine.facets();
      if (!facets) begin(all);
      for (const f of facets) filters[f.slug] = chosen(f).map((t) => t.key.split("/")[1]);
      const got = live() && await engine.search(field.value, filters, {
        limit: self.limit, live, first: cause !== "more" && ((got) => draw(got, cause)),
        pause: cause === "type" && new Promise((done) => setTimeout(done, 120)),
      });
      if (got) draw(got, cause, true);
    } catch {
      if (live()) {
        show(SAY.failed, [part("p", "row", act(() => { self.run(cause); field.focus(); }, "button", SAY.again), make("a", { href: form.action }, SAY.list))], []);
        after(cause, true, 0, true);
      }
    }
  };
  const begin = (all) => {
    facets = all;
    panel.classList.toggle("plain", !all[0]);
    side.append(...all.map((f) => make("fieldset", {}, part("legend", "kind look-" + f.look, icon(f.look), f.name), ...f.terms.map((t) => {
      on(t.check = make("input", { type: "checkbox" }), "change", () => self.run("filter"));
      return make("label", {}, t.check, make("span", {}, t.title), t.tally = part("span", "count"));
    }))));
    begun();
  };

  // Texts of the site reach the page as text and nothing else.
  const marked = (parts) => parts.map((p) => p.trim ? p : make("mark", {}, ...p));
  const kind = (look, text) => part("span", "kind look-" + look, icon(look), text);
  const hit = ({ url, title, excerpt }, ...more) =>
    make(whole, { className: "hit", href: url }, make(named, { className: "name", href: url }, ...marked(title)), part("span", "says", ...marked(excerpt)), ...more);
  const result = (r) => {
    const terms = facets.flatMap((f) => f.terms.filter((t) => r.terms.includes(t.key)).map((t) => kind(f.look, t.title)));
    const marks = [...r.label ? [kind(r.look, r.label)] : [], ...terms.slice(0, 4), terms[4] ? "+" + (terms.length - 4) : ""];
    return make(item, {}, hit(r, part("span", "marks", ...marks)), ...r.headings.map((h) => hit(h)));
  };
  // Of what is shown, so many stay.
  const show = (says, say, results, kept = 0) => {
    self.busy = false;
    status.textContent = says;
    notes.replaceChildren(...say);
    hits.replaceChildren(...[...hits.children].slice(0, kept), ...results.slice(kept).map(result));
    hits.hidden = !results[0];
  };
  const draw = (got, cause, last) => {
    total = number(got.total, " result") + (got.more ? SAY.more : "");
    const all = count(), idle = !field.value.trim() && !all[0], say = [];
    if (last) for (const { key, check, tally } of facets.flatMap((f) => f.terms)) {
      tally.textContent = got.counts[key];
      check.disabled = !got.counts[key] && !check.checked && check !== document.activeElement;
    }
    const row = (text, ...kids) => say.push(part("p", "row", text, ...kids));
    if (got.total) {
      for (const pair of got.instead) row(SAY.instead(pair));
      if (got.dropped[0]) row(SAY.without(got.dropped.join("”, “")));
    } else if (!idle) {
      const few = all.filter((p) => p.terms.some((t) => got.counts[t.key]));
      if (all[0]) row(SAY.drop, ...(few[0] ? few : all).map(chip));
      if (got.near[0]) row(SAY.near, ...got.near.map((word) => act(() => { field.value = word; self.run("near"); field.focus(); }, "button", word)));
      row("", make("a", { href: tags }, SAY.tags));
    }
    show(idle ? SAY.start : (got.total ? total : SAY.none) + (all[0] ? ", " + number(all.length, " filter") : ""), say, got.results, last && got.kept ? hits.children.length : 0);
    hits.ariaBusy = !last;
    after(cause, idle, got.more ? Infinity : got.total, last);
  };

  // A result opened here: the heading that it leads to takes the focus.
  on(hits, "click", (e) => {
    const a = e.target.closest("a");
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
    panel.closest("dialog")?.close();
    if (a.hash && a.pathname === location.pathname) setTimeout(arrive); else window.name = "found";
  });
  for (const type of ["input", "compositionend"]) on(field, type, (e) => e.isComposing || self.run("type"));
  self.found = part("div", "found", part("div", "row", status, fold), chips, notes, hits);
  panel.prepend(side, self.found);
  count();
  return self;
};
