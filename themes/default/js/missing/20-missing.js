// The page for addresses that are not there. The search is filled from the address, and the likeliest pages are offered:
// those whose address is near, or that are also known by its words, then what the search finds, and the section.

/** So many pages are offered. */
const OFFERED = 3;

/** From here on two addresses, or an address and other words, may be the same with a slip in it. */
const ALIKE = 0.6;

/**
 * @typedef {object} Offer
 * @property {string} url
 * @property {string} title
 * @property {(Node | string)[]} why
 */

{
  const root = new URL(/** @type {HTMLAnchorElement} */ (the(".brand")).href).pathname;
  const parts = pathParts(location.pathname, root);
  const last = parts.at(-1) ?? "";
  const asked = wordsOf(last).join(" ");
  const likely = the("#fp-likely");

  /** @param {string} text */
  const mark = (text) => make("mark", {}, text);

  /**
   * Of all, those that are alike, the most alike first.
   * @template Item
   * @param {Item[]} all
   * @param {(item: Item) => string[]} names
   * @returns {{ item: Item, name: string }[]}
   */
  const alike = (all, names) => {
    const scored = all.map((item) => {
      const named = names(item).map((name) => ({ name, score: likeness(last, name) }));
      return { item, ...named.reduce((a, b) => (b.score > a.score ? b : a), { name: "", score: 0 }) };
    });
    return scored.filter(({ score }) => score >= ALIKE).sort((a, b) => b.score - a.score);
  };

  /** @type {HTMLAnchorElement[]} */
  const listed = [...document.querySelectorAll(/** @type {"a"} */ ("#fp-contents a[href]"))];

  /** The last part of an address. @param {string} path */
  const nameOf = (path) => pathParts(path, root).slice(-1);
  /** An address whose last part is near. @param {string} path */
  const nearAddress = (path) => [
    ...pathParts(path, root)
      .slice(0, -1)
      .map((part) => part + " / "),
    mark(nameOf(path)[0]),
  ];

  /** Pages of the contents list whose address is near. */
  const byAddress = () => {
    const near = alike(listed, (link) => nameOf(link.pathname));
    return near.map(({ item }) => ({ url: item.href, title: item.text, why: nearAddress(item.pathname) }));
  };

  /** What is also known by words like those of the address. */
  const byOtherWords = () => {
    const { content } = /** @type {HTMLTemplateElement} */ (the("#fp-known"));
    const known = [...content.querySelectorAll("a")];
    return alike(known, (link) => (link.dataset.also ?? "").split("|")).map(({ item, name }) => {
      const [before, after] = say(words.also, { words: "\n" }).split("\n");
      return { url: item.href, title: item.text, why: [before, mark(name), after] };
    });
  };

  /** The innermost section that the address names. */
  const section = () => {
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const above = parts.slice(0, depth).join("/");
      const link = listed.find(({ pathname }) => pathParts(pathname, root).join("/") === above);
      // Its own entry is called an overview of it.
      const title = link?.closest("details")?.querySelector("summary > span")?.textContent ?? link?.text ?? "";
      if (link) return [{ url: link.href, title, why: [say(words.section)] }];
    }
    return [];
  };

  /** What the search finds by the words of the address. @returns {Promise<Offer[]>} */
  const bySearch = async () => {
    const form = /** @type {HTMLFormElement} */ (the(".find"));
    if (!asked || !(await searchBundle.begin())) return [];
    const engine = /** @type {typeof searchEngine} */ (searchBundle.engine)(String(form.dataset.root));
    const answer = await engine.search(asked, {}, { limit: OFFERED });
    const results = answer?.results ?? [];
    const near = alike(results, ({ url }) => nameOf(url)).map(({ item }) => item);
    return results.map((result) => {
      const { url, title, excerpt } = result;
      const says = excerpt.map((part) => (typeof part === "string" ? part : mark(part[0])));
      return { url, title: title.flat().join(""), why: near.includes(result) ? nearAddress(url) : says };
    });
  };

  /**
   * The likeliest, then the section, each page once.
   * @param {Offer[]} offers the likeliest first
   * @param {Offer[]} above the section, if there is one
   */
  const chosen = (offers, above) => {
    /** @type {Map<string, Offer>} */
    const distinct = new Map();
    for (const offer of [...above, ...offers]) {
      const { href } = new URL(offer.url, location.href);
      if (!distinct.has(href)) distinct.set(href, offer);
    }
    const others = [...distinct.values()].slice(above.length, OFFERED);
    return [...others, ...above];
  };
  /** @param {Offer[]} offers */
  const show = (offers) => {
    if (offers.length === 0) return;
    const line = (/** @type {Offer} */ { url, title, why }) =>
      make("li", {}, make("a", { href: url }, title), make("span", { className: "meta" }, ...why));
    likely.replaceChildren(
      make("h2", {}, say(words.perhaps)),
      make("ul", { className: "likely" }, ...offers.map(line)),
    );
  };

  /** The address as people write it. */
  const shownPath = () => {
    try {
      return decodeURI(location.pathname);
    } catch {
      return location.pathname;
    }
  };

  const offer = async () => {
    const near = [...byAddress().slice(0, 2), ...byOtherWords().slice(0, 2)];
    const above = section();
    const offers = chosen(near, above);
    show(offers);
    if (offers.length === OFFERED) return;
    const found = await bySearch().catch(() => []);
    show(chosen([...near, ...found], above));
  };

  if (!location.pathname.endsWith("/404.html")) {
    const address = the("#fp-address");
    the("code", address).textContent = shownPath();
    address.hidden = false;
    /** @type {HTMLInputElement} */ (the(".seek-words [name=q]")).value = asked;
    const report = /** @type {HTMLAnchorElement | null} */ ($("#fp-report"));
    if (report) {
      const about = encodeURIComponent(String(report.dataset.about));
      report.href = report.href.replace(about, encodeURIComponent(location.href));
    }
    void offer();
  }
}
