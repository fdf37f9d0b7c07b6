// The list of results. In the dialog, where each is an option, a result is a link as a whole; on the search page its
// title is.

/** @param {boolean} isPage */
const createResults = (isPage) => {
  const list = make(isPage ? "ol" : "div", { className: "hits", id: "fp-hits" });

  /**
   * @param {Hit} hit
   * @param {...(Node | string)} more
   */
  const hitNode = ({ url, title, excerpt }, ...more) => {
    const texts = [...more, classed("span", "says", ...markedNodes(excerpt))];
    if (!isPage) {
      const name = classed("span", "name", ...markedNodes(title));
      return make("a", { className: "hit", href: url }, name, ...texts);
    }
    const name = make("a", { className: "name", href: url }, ...markedNodes(title));
    return classed("div", "hit", name, ...texts);
  };
  /**
   * What else a page is called.
   * @param {Marked[]} names
   */
  const alsoNode = (names) => {
    const listed = names.flatMap((name, n) => [n > 0 ? ", " : "", ...markedNodes(name)]);
    return classed("span", "also", say(words.also) + " ", ...listed);
  };
  /** @param {Result} result */
  const resultNode = ({ look, label, also, headings, ...hit }) => {
    const names = also.length > 0 ? [alsoNode(also)] : [];
    const page = hitNode(hit, classed("span", "label", label), ...names);
    page.prepend(classed("span", `look-${look}`, icon(look)));
    return make(isPage ? "li" : "div", {}, page, ...headings.map((heading) => hitNode(heading)));
  };
  /**
   * Shows results; so many of those that are shown stay.
   * @param {Result[]} results
   * @param {number} [kept]
   */
  const show = (results, kept = 0) => {
    list.replaceChildren(...[...list.children].slice(0, kept), ...results.map(resultNode).slice(kept));
  };
  return { list, show };
};
