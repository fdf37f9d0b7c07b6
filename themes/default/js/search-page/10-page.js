// The search page: the panel over the lists that are there without a script, and everything in the address.
{
  const form = $(".find"), panel = $("#fp-search"), listing = $(".listing", panel);
  let last;
  const search = searchPanel(form.q, panel, (cause, idle, total) => {
    listing.hidden = !idle;
    more.hidden = idle || search.hits.children.length >= total;
    const to = search.address();
    // Words typed in one go are one step back, a filter is another. Some browsers refuse many steps in a short time.
    if (cause && to !== location.href) {
      try { history[cause === "type" && last === "type" ? "replaceState" : "pushState"](0, "", to); } catch {}
    }
    last = cause;
  }, (text) => {
    more.textContent = text;
    read();
  });
  const read = () => {
    const query = new URLSearchParams(location.search);
    form.q.value = query.get("q");
    search.choose(query.getAll("in"));
  };
  const more = button("");
  on(more, "click", () => { search.limit += 10; search.run("more"); });
  more.hidden = true;
  search.found.append(more);
  on(form, "submit", (e) => { e.preventDefault(); search.run("enter"); });
  on(window, "popstate", () => { read(); search.run(); });
  for (const e of $$(".no-search, .by-tag")) e.remove();
  listing.hidden = !!location.search;
  read();
  search.run();
}
