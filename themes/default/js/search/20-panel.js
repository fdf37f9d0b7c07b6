// Elements with a class, and buttons that do something, for panel and dialog.
const part = (tag, className, ...kids) => make(tag, { className }, ...kids);
const act = (onclick, className, ...kids) => make("button", { type: "button", className, onclick }, ...kids);
// The panel of the search, which the dialog and the search page share: filters, what was found, and what to do next.
const searchPanel = (field, panel, after, begun = () => {}) => {
  // What is said, by its line in `search_words` of components.html, whose lines come with the facets. The lines from
  // `after` on are for dialog and page, which take what is theirs. What is said before or without them, the form has.
  const SAY = {
    start: 0, result: 1, results: 2, more: 3, filter: 4, filters: 5, fold: 6, show: 7, remove: 8, clear: 9, any: 10,
    none: 11, drop: 12, near: 13, tags: 14, instead: 15, without: 16, between: 17, after: 18,
  };
  // A line, and what it says for $1, $2 and so on.
  const say = (...of) => words[of[0]].replace(/\$(.)/g, (_, n) => of[n]);
  const number = (n, one) => say(one + (n !== 1), n);
  const form = $(".find"), { root, tags, says } = form.dataset, [loading, failed, again, otherwise] = says.split("|"), engine = searchEngine(root);
  const [list, item, whole, named] = panel.id ? ["ol", "li", "div", "a"] : ["div", "div", "a", "span"];
  const self = { limit: 10 };
  const status = make("p", { className: "meta", role: "status" }), chips = part("ul", "chips all"), notes = part("div", "notes"), side = make("div", { className: "side", role: "region", tabIndex: panel.id ? -1 : 0 });
  const hits = self.hits = make(list, { className: "hits", id: "fp-hits" }), fold = act(() => { panel.classList.toggle("filtering"); count(); }, "button fold-side");
  let words, facets = [], terms = [], turn = 0, total;

  // What is chosen: terms, or a facet as a whole.
  const picked = () => facets.flatMap((f) => {
    const chosen = f.terms.filter((t) => t.check.checked);
    return chosen[1] && chosen.length === f.terms.length ? { ...f, key: f.slug, title: say(SAY.any, f.name) } : chosen;
  });
  // Chooses the terms of an address.
  self.choose = (keys) => terms.forEach((t) => t.check.checked = keys.includes(t.key) || keys.includes(t.slug));
  const leave = (stays, ...look) => act(() => {
    self.choose(picked().map((p) => p.key).filter(stays));
    self.run("filter");
    ($("button", chips) || field).focus();
  }, ...look);
  const chip = ({ look, key, title }) => leave((k) => k !== key, "chip look-" + look, icon(look), part("span", "sr", say(SAY.remove) + " "), title, icon("close"));
  const count = () => {
    const all = picked(), open = panel.classList.contains("filtering");
    chips.replaceChildren(...all[0] ? [...all.map(chip), leave(() => false, "button", say(SAY.clear))].map((b) => make("li", {}, b)) : []);
    fold.ariaExpanded = open;
    fold.textContent = open ? say(SAY.show, total) : say(SAY.fold) + (all[0] ? ` (${all.length})` : "");
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
    if (words) count();
    setTimeout(() => { if (live() && self.busy) status.textContent = loading; }, 150);
    try {
      const all = await engine.facets();
      if (!words) begin(all);
      for (const { slug, key, check } of terms) if (check.checked) (filters[slug] ||= []).push(key.split("/")[1]);
      const got = live() && await engine.search(field.value, filters, {
        limit: self.limit, live, first: cause !== "more" && ((got) => draw(got, cause)),
        pause: cause === "type" && new Promise((done) => setTimeout(done, 120)),
      });
      if (got) draw(got, cause, true);
    } catch {
      if (live()) {
        show(failed, [part("p", "row", act(() => { self.run(cause); field.focus(); }, "button", again), make("a", { href: form.action }, otherwise))], []);
        after(cause, true, 0, true);
      }
    }
  };
  const begin = (all) => {
    [words, facets] = all;
    side.ariaLabel = chips.ariaLabel = say(SAY.fold);
    status.after(fold);
    panel.classList.toggle("plain", !facets[0]);
    side.append(...facets.map((f) => make("fieldset", {}, make("legend", {}, kind(f.look, f.name)), ...f.terms.map((t) => {
      Object.assign(t, { ...f, ...t, check: make("input", { type: "checkbox", onchange: () => self.run("filter") }), tally: part("span", "count") });
      return make("label", {}, t.check, make("span", {}, t.title), t.tally);
    }))));
    terms = facets.flatMap((f) => f.terms);
    begun(...words.slice(SAY.after));
    count();
  };

  // Texts of the site reach the page as text and nothing else.
  const marked = (parts) => parts.map((p) => p.trim ? p : make("mark", {}, ...p));
  const kind = (look, text) => part("span", "kind look-" + look, icon(look), text);
  const hit = ({ url, title, excerpt }, ...more) =>
    make(whole, { className: "hit", href: url }, make(named, { className: "name", href: url }, ...marked(title)), part("span", "says", ...marked(excerpt)), ...more);
  const result = (r) => {
    const of = terms.filter((t) => r.terms.includes(t.key)).map((t) => kind(t.look, t.title));
    return make(item, {}, hit(r, part("span", "marks", r.label ? kind(r.look, r.label) : "", ...of.slice(0, 4), of[4] ? "+" + (of.length - 4) : "")), ...r.headings.map((h) => hit(h)));
  };
  // Of what is shown, so many stay.
  const show = (says, rows, results, kept = 0) => {
    self.busy = false;
    status.textContent = says;
    notes.replaceChildren(...rows);
    hits.replaceChildren(...[...hits.children].slice(0, kept), ...results.slice(kept).map(result));
  };
  const draw = (got, cause, last) => {
    total = number(got.total, SAY.result);
    if (got.more) total = say(SAY.more, total);
    const all = count(), idle = !all[0] && !field.value.trim(), rows = [];
    if (last) for (const { key, check, tally } of terms) {
      tally.textContent = got.counts[key] || 0;
      check.disabled = !got.counts[key] && !check.checked && check !== document.activeElement;
    }
    const row = (...kids) => rows.push(part("p", "row", ...kids));
    if (got.total) {
      for (const pair of got.instead) row(say(SAY.instead, ...pair));
      if (got.dropped[0]) row(say(SAY.without, got.dropped.join(say(SAY.between))));
    } else if (!idle) {
      if (all[0]) row(say(SAY.drop), ...all.map(chip));
      if (got.near[0]) row(say(SAY.near), ...got.near.map((word) => act(() => { field.value = word; self.run("filter"); field.focus(); }, "button", word)));
      row(make("a", { href: tags }, say(SAY.tags)));
    }
    show(idle ? say(SAY.start) : (got.total ? total : say(SAY.none)) + (all[0] ? ", " + number(all.length, SAY.filter) : ""), rows, got.results, last && got.kept ? hits.children.length : 0);
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
  self.found = part("div", "found", part("div", "row", status), chips, notes, hits);
  panel.prepend(side, self.found);
  return self;
};
