// What was done with a query to find something, and what to do where nothing was found.

/**
 * A paragraph of a phrase whose one value is an element.
 * @param {Phrase} phrase
 * @param {Node} value
 * @param {Record<string, string | number>} [values] the others
 */
const around = (phrase, value, values) => {
  const [before, after = ""] = say(phrase, { ...values, value: "\n" }).split("\n");
  return dom.classed("p", "row", dom.classed("span", "", before, value, after));
};

/** So many topics, and decisions, tracks, are offered. */
const OFFERED_TOPICS = 3;
const OFFERED_DECISIONS = 2;

/**
 * The pages of a kind that most others lead to.
 * @param {PanelState["engine"]} engine
 * @param {string} kind
 * @param {number} count
 */
const offersOf = (engine, kind, count) =>
  engine.ask(async (index) => {
    const [entry] = await index.find([`${MARKED_TERM}/${kind}`]);
    const order = [...(entry?.pages.keys() ?? [])].sort((a, b) => entry.impacts[b] - entry.impacts[a] || a - b);
    const page = index.pagesPerCard > 0 ? index.card : index.text;
    return Promise.all(order.slice(0, count).map((at) => page(entry.pages[at])));
  });

/**
 * What was done with the query to find something.
 * @param {Answer} answer
 */
const notesOf = ({ total, instead, dropped, had, whole }) => {
  if (total === 0) return [];
  /** @param {string} text */
  const strong = (text) => make("strong", {}, text);
  const rows = instead.map(([typed, used]) => around(words.instead, strong(used), { typed }));
  if (had.length > 0 && whole === 0) {
    const none = say(had.length + dropped.length > 2 ? words.none_all : words.none_both);
    rows.push(around(words.some, strong(had.join(", ")), { none }));
  } else if (dropped.length > 0) {
    rows.push(around(words.without, strong(dropped.join(", "))));
  } else if (had.length > 0) {
    rows.push(dom.classed("p", "row", say(words.then_some, { count: whole })));
  }
  return rows;
};

/**
 * @param {PanelState} state
 * @param {Answer} answer
 */
const nothingNodes = async (state, { near = [] }) => {
  const { form, field, engine, chosen, run } = state;
  const rows = [];
  // A filter without which there is something.
  const facets = chosen.length > 0 ? await engine.ask((index) => index.facets()) : [];
  for (const { key, title } of chosenOf(facets, chosen)) {
    const others = chosen.filter((other) => other !== key);
    const answer = await engine.search(field.value, dom.filtersOf(others), { limit: 1 });
    if (!answer || answer.total === 0 || (others.length === 0 && !field.value.trim())) continue;
    const leave = () => {
      state.chosen = others;
      run("filter");
      field.focus();
    };
    const results = say(words.results, { count: answer.total });
    rows.push(around(words.without_filter, dom.action(leave, "link", results), { filter: title }));
  }
  const buttons = near.map((word) => dom.searchFor(state, word));
  if (buttons.length > 0) rows.push(dom.classed("p", "row", say(words.nearest), ...buttons));
  else if (rows.length === 0) rows.push(dom.classed("p", "meta", say(words.nothing_near)));

  const offers = await Promise.all([
    offersOf(engine, "topic", OFFERED_TOPICS),
    offersOf(engine, "decision", OFFERED_DECISIONS),
    offersOf(engine, "track", 1),
  ]);
  const [topics, ...ways] = offers.map((pages) =>
    pages.map(([url, title, look, label, , summary]) => dom.item(look, url, title, summary || label)),
  );
  const { glossary, issue } = form.dataset;
  const word = dom.item("book", glossary, say(words.glossary), say(words.glossary_about));
  rows.push(
    dom.classed(
      "div",
      "columns",
      ...dom.group(say(words.topics_to_try), topics),
      ...dom.group(say(words.ways), [...ways.flat(), word]),
    ),
  );
  if (issue) {
    const ask = make(
      "a",
      { href: issue + encodeURIComponent(say(words.ask_title, { query: field.value.trim() })) },
      say(words.ask),
    );
    rows.push(dom.classed("section", "missing", make("h2", {}, say(words.missing)), around(words.missing_about, ask)));
  }
  return rows;
};

searchBundle.more = (state) => ({
  nothing: (answer) => nothingNodes(state, answer),
  notes: notesOf,
  filters: createFilters(state),
});
