// Narrowing the articles of a kind of topics to those with one other topic, in place of the search that the links lead to.
{
  const filters = $$(".filters [data-key]");
  const lines = $$("[data-terms]");
  const rest = /** @type {HTMLDetailsElement | null} */ ($("#fp-rest"));
  const wasOpen = rest?.open ?? false;

  for (const filter of filters) {
    on(filter, "click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const isChosen = filter.ariaCurrent !== "true";
      for (const other of filters) other.ariaCurrent = other === filter && isChosen ? "true" : null;
      const key = String(filter.dataset.key);
      let shown = 0;
      for (const line of lines) {
        line.hidden = isChosen && !String(line.dataset.terms).split(" ").includes(key);
        if (!line.hidden) shown += 1;
      }
      if (rest) rest.open = isChosen || wasOpen;
      the("#fp-found").textContent = say(words.narrowed, { shown, count: lines.length });
    });
  }
}
