// The filters: a choice for each term of each facet, and chips for what is chosen.

/**
 * A term that can be chosen, with its facet.
 * @typedef {object} Choice
 * @property {string} facet
 * @property {string} look
 * @property {string} key
 * @property {string} title
 * @property {HTMLInputElement} check
 * @property {HTMLElement} tally says how many results it leaves
 */

/**
 * What is chosen: a term, or a facet as a whole.
 * @typedef {{ look: string, key: string, title: string }} Chosen
 */

/**
 * @param {() => void} changed is called after each change by the reader
 * @param {() => HTMLElement} home takes the focus where no chip is left to take it
 */
const createFilters = (changed, home) => {
  /** @type {{ slug: string, name: string, look: string, choices: Choice[] }[]} */
  let facets = [];
  const side = make("div", { className: "side", role: "region" });
  const chips = classed("ul", "chips all");
  const choices = () => facets.flatMap((facet) => facet.choices);

  /** @returns {Chosen[]} */
  const chosen = () =>
    facets.flatMap(({ slug, name, look, choices }) => {
      const checked = choices.filter(({ check }) => check.checked);
      const isWhole = checked.length > 1 && checked.length === choices.length;
      return isWhole ? [{ look, key: slug, title: say(words.any, { facet: name }) }] : checked;
    });
  /**
   * Chooses terms by their keys, and all of a facet by its slug.
   * @param {string[]} keys
   */
  const choose = (keys) => {
    for (const { facet, key, check } of choices()) check.checked = keys.includes(key) || keys.includes(facet);
  };
  /**
   * A button that leaves only those choices that stay.
   * @param {(key: string) => boolean} stays
   * @param {string} className
   * @param {...(Node | string)} children
   */
  const reducer = (stays, className, ...children) =>
    action(
      () => {
        choose(
          chosen()
            .map(({ key }) => key)
            .filter(stays),
        );
        changed();
        ($("button", chips) ?? home()).focus();
      },
      className,
      ...children,
    );
  /**
   * A chip that takes a choice away.
   * @param {Chosen} choice
   */
  const chip = ({ look, key, title }) => {
    const remove = classed("span", "sr", say(words.remove) + " ");
    return reducer((other) => other !== key, `chip look-${look}`, icon(look), remove, title, icon("close"));
  };
  const showChips = () => {
    const all = chosen().map(chip);
    if (all.length > 0) all.push(reducer(() => false, "button", say(words.clear_all)));
    chips.replaceChildren(...all.map((item) => make("li", {}, item)));
  };
  /**
   * Makes the choices.
   * @param {Facet[]} all
   */
  const fill = (all) => {
    facets = all.map(({ slug, name, look, terms }) => ({
      slug,
      name,
      look,
      choices: terms.map(({ key, title }) => {
        const check = make("input", { type: "checkbox", onchange: changed });
        return { facet: slug, look, key, title, check, tally: classed("span", "count") };
      }),
    }));
    const fieldsets = facets.map(({ name, look, choices }) => {
      const labels = choices.map(({ title, check, tally }) => make("label", {}, check, make("span", {}, title), tally));
      return make("fieldset", {}, make("legend", {}, kind(look, name)), ...labels);
    });
    side.append(...fieldsets);
    side.ariaLabel = chips.ariaLabel = say(words.filters);
  };
  /** The chosen terms by facet, as the engine asks for them. */
  const forEngine = () => {
    /** @type {Filters} */
    const filters = {};
    for (const { facet, key, check } of choices()) {
      if (check.checked) (filters[facet] ??= []).push(key.split("/")[1]);
    }
    return filters;
  };
  /**
   * Says by each term what it leaves; what leaves nothing cannot be chosen.
   * @param {Record<string, number>} counts
   */
  const showCounts = (counts) => {
    for (const { key, check, tally } of choices()) {
      tally.textContent = String(counts[key] || 0);
      check.disabled = !counts[key] && !check.checked && check !== document.activeElement;
    }
  };
  return { side, chips, choices, chosen, choose, chip, showChips, fill, forEngine, showCounts };
};
