// How many results each filter would leave. It takes the pages of all terms, so it is asked after the results are there.

/**
 * Of each term, by its key, the pages that the filters of the other facets leave.
 * @param {Index} index
 * @param {Failures} failures
 */
const countTerms = async (index, { fails, facets: filtered }) => {
  const facets = await index.facets();
  const keys = facets.flatMap(({ terms }) => terms.map(({ key }) => MARKED_TERM + key));
  /** @type {Record<string, number>} */
  const counts = {};
  for (const term of await index.find(keys)) {
    const key = term.word.slice(MARKED_TERM.length);
    const others = ~(1 << filtered.indexOf(key.split("/")[0]));
    counts[key] = term.pages.reduce((count, page) => (fails[page] & others ? count : count + 1), 0);
  }
  return counts;
};

/** What stands before the key of a term in the index, as `MARK` says. */
const MARKED_TERM = "\x02";
