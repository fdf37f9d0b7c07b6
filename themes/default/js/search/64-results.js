// The list of results. In the dialog, where each is an option, a result is a link as a whole; on the search page its
// title is.

/** So many terms are shown by a result; of the others, their number. */
const SHOWN_TERMS = 4;

/**
 * @param {boolean} isPage
 * @param {() => Choice[]} choices the terms that results may have
 */
const createResults = (isPage, choices) => {
  const list = make(isPage ? "ol" : "div", { className: "hits", id: "fp-hits" });

  /**
   * @param {Hit} hit
   * @param {...Node} more
   */
  const hitNode = ({ url, title, excerpt }, ...more) => {
    const texts = [classed("span", "says", ...markedNodes(excerpt)), ...more];
    if (!isPage) {
      const name = classed("span", "name", ...markedNodes(title));
      return make("a", { className: "hit", href: url }, name, ...texts);
    }
    const name = make("a", { className: "name", href: url }, ...markedNodes(title));
    return classed("div", "hit", name, ...texts);
  };
  /** @param {Result} result */
  const resultNode = (result) => {
    const terms = choices().filter(({ key }) => result.terms.includes(key));
    const marks = terms.slice(0, SHOWN_TERMS).map(({ look, title }) => kind(look, title));
    const label = result.label ? kind(result.look, result.label) : "";
    const hidden = terms.length > SHOWN_TERMS ? "+" + (terms.length - SHOWN_TERMS) : "";
    const page = hitNode(result, classed("span", "marks", label, ...marks, hidden));
    return make(isPage ? "li" : "div", {}, page, ...result.headings.map((heading) => hitNode(heading)));
  };
  /**
   * Shows results; so many of those that are shown stay.
   * @param {Result[]} results
   * @param {number} [kept]
   */
  const show = (results, kept = 0) => {
    list.replaceChildren(...[...list.children].slice(0, kept), ...results.slice(kept).map(resultNode));
  };
  return { list, show };
};
