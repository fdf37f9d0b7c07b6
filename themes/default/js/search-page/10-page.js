// The search page: the panel over the lists that are there without a script, and everything in the address.
{
  const form = /** @type {HTMLFormElement} */ (the(".find"));
  const panel = the("#fp-search");
  const listing = the(".listing", panel);
  const more = button("", say(words.more_results));
  /** @type {Cause} */
  let lastCause;

  /**
   * Puts the search into the address. Words typed in one go are one step back, a filter is another.
   * @param {Cause} cause
   */
  const keepAddress = (cause) => {
    const address = search.address();
    if (!cause || address === location.href) return;
    try {
      if (cause === "type" && lastCause === "type") history.replaceState(0, "", address);
      else history.pushState(0, "", address);
    } catch {
      // Some browsers refuse many steps in a short time.
    }
  };
  const read = () => {
    const query = new URLSearchParams(location.search);
    form.q.value = query.get("q");
    search.choose(query.getAll("in"));
  };
  /** @type {Shown} */
  const shown = (cause, isIdle, total) => {
    listing.hidden = !isIdle;
    more.hidden = isIdle || search.hits.children.length >= total;
    keepAddress(cause);
    lastCause = cause;
  };
  const search = /** @type {typeof searchPanel} */ (searchBundle.panel)(form.q, panel, shown);

  on(more, "click", search.showMore);
  more.hidden = true;
  search.found.append(more);
  on(form, "submit", (event) => {
    event.preventDefault();
    search.run("enter");
  });
  on(window, "popstate", () => {
    read();
    search.run();
  });
  for (const element of $$(".no-search, .by-topic")) element.remove();
  listing.hidden = location.search !== "";
  panel.classList.toggle("plain", !listing.hidden);
  read();
  search.run();
}
