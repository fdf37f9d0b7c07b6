// The filters: by kind of page and by topic, those that most results have, and chips for what is chosen.
/** What the bundle of the search makes elements with. */
const dom = searchBundle.elements;

/**
 * What something is, behind its symbol.
 * @param {string} look
 * @param {string} name
 */
const kind = (look, name) => dom.classed("span", `kind look-${look}`, icon(look), name);

/** So many topics are offered; the others where somebody asks for them. */
const SHOWN_TOPICS = 5;

/**
 * A term that can be chosen.
 * @typedef {{ look: string, key: string, title: string }} Choice
 */

/**
 * What can be chosen, in two lists: kinds of page, and terms with those of most results first.
 * @param {Facet[]} facets
 * @param {Record<string, number>} counts
 * @param {number} total of the results
 * @param {string[]} chosen
 */
const offered = (facets, counts, total, chosen) => {
  const isChosen = (/** @type {string} */ key, /** @type {string} */ facet) =>
    chosen.includes(key) || chosen.includes(facet);
  const all = facets.flatMap(({ slug, look, terms }) =>
    terms.map(({ key, title }) => {
      const checked = isChosen(key, slug);
      return { look, key, title, slug, checked, count: counts[key] ?? 0 };
    }),
  );
  // A choice that leaves all results, or none, would not help.
  const helps = (/** @type {typeof all[number]} */ { key, count, slug }) =>
    chosen.includes(key) ||
    (count > 0 && (count !== total || all.some((other) => other.slug === slug && other.checked)));
  const useful = all.filter(helps);
  const topics = useful
    .filter(({ slug }) => slug !== "")
    .sort((a, b) => Number(chosen.includes(b.key)) - Number(chosen.includes(a.key)) || b.count - a.count);
  return { kinds: useful.filter(({ slug }) => slug === ""), topics };
};

/**
 * What is chosen, by its keys, in the order of the facets.
 * @param {Facet[]} facets
 * @param {string[]} keys
 */
const chosenOf = (facets, keys) => {
  /** @type {Choice[]} */
  const chosen = [];
  for (const { slug, name, look, terms } of facets) {
    if (keys.includes(slug)) chosen.push({ look, key: slug, title: say(words.any, { facet: name }) });
    for (const { key, title } of terms) if (keys.includes(key)) chosen.push({ look, key, title });
  }
  return chosen;
};

/** @param {PanelState} state */
const createFilters = (state) => {
  const { panel, line, field, engine, run } = state;
  const side = make("div", { className: "side", role: "region", ariaLabel: say(words.filters) });
  const chips = dom.classed("ul", "chips all");
  let showsAll = false;
  const fold = dom.action(() => {
    panel.classList.toggle("filtering");
    nameFold();
  }, "button fold-side");
  const nameFold = () => {
    const isOpen = panel.classList.contains("filtering");
    const count = state.chosen.length;
    fold.ariaExpanded = String(isOpen);
    if (isOpen) fold.textContent = say(words.show, { results: state.found });
    else fold.textContent = count > 0 ? say(words.filters_chosen, { count }) : say(words.filters);
  };
  /** @param {string[]} keys */
  const choose = (keys) => {
    state.chosen = keys;
    run("filter");
  };
  /**
   * A button that leaves only those choices that stay.
   * @param {(key: string) => boolean} stays
   * @param {string} className
   * @param {...(Node | string)} children
   */
  const reducer = (stays, className, ...children) =>
    dom.action(
      () => {
        choose(state.chosen.filter(stays));
        field.focus();
      },
      className,
      ...children,
    );
  /** @param {Choice} choice */
  const chip = ({ look, key, title }) => {
    const remove = dom.classed("span", "sr", say(words.remove) + " ");
    return reducer((other) => other !== key, `chip look-${look}`, icon(look), remove, title, icon("close"));
  };

  /**
   * @param {Answer} answer
   */
  const show = async (answer) => {
    const asked = state.chosen;
    const { facets, counts } = await engine.ask(async (index) => {
      const counts = answer.failures ? await countTerms(index, answer.failures) : {};
      return { facets: await index.facets(), counts };
    });
    if (asked !== state.chosen) return;
    const known = new Set(facets.flatMap(({ slug, terms }) => [slug, ...terms.map(({ key }) => key)]));
    if (!asked.every((key) => known.has(key))) {
      // An address may ask for what the site has no longer.
      state.chosen = asked.filter((key) => known.has(key));
      run(undefined);
      return;
    }
    const { kinds, topics } = offered(facets, counts, answer.total, asked);
    /** @param {ReturnType<typeof offered>["topics"][number]} choice */
    const label = ({ look, key, title, slug, checked, count }) => {
      const check = make("input", { type: "checkbox", checked, value: key });
      check.onchange = () => {
        // A facet as a whole becomes its terms, of which one goes.
        const whole = facets.filter((facet) => facet.slug === slug && asked.includes(slug));
        const keys = [
          ...asked.filter((other) => other !== slug),
          ...whole.flatMap(({ terms }) => terms.map(({ key }) => key)),
        ];
        choose(check.checked ? [...keys, key] : keys.filter((other) => other !== key));
      };
      return make("label", {}, check, kind(look, title), dom.classed("span", "count", String(count)));
    };
    /**
     * @param {string} name
     * @param {ReturnType<typeof offered>["topics"]} choices
     * @param {...Node} more
     */
    const fieldset = (name, choices, ...more) =>
      choices.length > 0 ? [make("fieldset", {}, make("legend", {}, name), ...choices.map(label), ...more)] : [];
    const checkedCount = topics.filter(({ key }) => asked.includes(key)).length;
    const shownCount = showsAll ? topics.length : Math.max(SHOWN_TOPICS, checkedCount);
    const rest = topics.length - shownCount;
    const more = dom.action(
      () => {
        showsAll = true;
        void show(answer).then(() =>
          $$("input", side)
            .at(shownCount + kinds.length)
            ?.focus(),
        );
      },
      "link",
      say(words.more_topics, { count: rest }),
    );
    const focused = /** @type {HTMLInputElement | null} */ (
      side.contains(document.activeElement) ? document.activeElement : null
    );
    side.replaceChildren(
      ...fieldset(facets.find(({ slug }) => slug === "")?.name ?? "", kinds),
      ...fieldset(say(words.topic), topics.slice(0, shownCount), ...(rest > 0 ? [more] : [])),
    );
    if (focused)
      $$("input", side)
        .find((input) => /** @type {HTMLInputElement} */ (input).value === focused.value)
        ?.focus();
    const all = chosenOf(facets, asked).map(chip);
    if (all.length > 0) all.push(reducer(() => false, "button", say(words.clear_all)));
    chips.replaceChildren(...all.map((item) => make("li", {}, item)));
    chips.ariaLabel = say(words.filters);
    panel.classList.toggle("plain", kinds.length + topics.length === 0);
    if (!side.isConnected) panel.prepend(side);
    nameFold();
  };
  // Their room is there before anything stands in it, so that nothing moves.
  line.append(fold);
  line.after(chips);
  nameFold();
  return show;
};
