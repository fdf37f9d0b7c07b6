// The pages on which words stand side by side.

/** Where more pages may have a phrase, positions are loaded; fewer texts cost less, and show the results as well. */
const FEW_TEXTS = 5;

/** An impact above all that there are. */
const NO_IMPACT = 255;

/**
 * What has been found for a part of a query: the postings of an entry, or of a phrase.
 * @typedef {{ pages: number[] | Uint32Array, impacts: number[] | Uint8Array }} Postings
 */

/**
 * The pages that have all of these entries, each with the least of its impacts.
 * @param {Entry[]} entries
 */
const intersection = (entries) => {
  const [rarest, ...others] = [...entries].sort((a, b) => a.pages.length - b.pages.length);
  /** @type {Map<number, number>} */
  let common = new Map();
  rarest?.pages.forEach((page, n) => common.set(page, rarest.impacts[n]));
  for (const { pages, impacts } of others) {
    /** @type {Map<number, number>} */
    const both = new Map();
    pages.forEach((page, n) => {
      if (common.has(page)) both.set(page, Math.min(impacts[n], common.get(page) ?? NO_IMPACT));
    });
    common = both;
  }
  return common;
};

/**
 * Takes away the pages on which the entries do not stand side by side; gives whether all positions are known.
 * @param {Index} index
 * @param {Entry[]} entries in the order of the phrase
 * @param {Map<number, number>} pages
 */
const keepAdjacent = async (index, entries, pages) => {
  const files = await Promise.all(entries.map(({ shard }) => index.positionsOf(shard)));
  /** By page, where the phrase may begin by what is known of the words so far.
   * @type {Map<number, Set<number>>} */
  const beginnings = new Map();
  let allKnown = true;
  for (const [offset, entry] of entries.entries()) {
    const next = positionsReader(files[offset], entry);
    if (!next) {
      allKnown = false;
      continue;
    }
    for (const page of entry.pages) {
      const positions = next();
      if (!pages.has(page)) continue;
      const before = beginnings.get(page);
      const begins = positions.map((position) => position - offset).filter((begin) => before?.has(begin) ?? true);
      if (begins.length > 0) beginnings.set(page, new Set(begins));
      else pages.delete(page);
    }
  }
  return allKnown;
};

/**
 * The pages with all words of a phrase, as good as the least of them; `unverified` where only the texts can tell
 * whether the words stand side by side.
 * @param {Index} index
 * @param {string[]} phrase its words
 * @param {boolean} mustKnow whether positions are asked even if few texts would tell
 * @returns {Promise<Postings & { unverified: boolean }>}
 */
const phrasePostings = async (index, phrase, mustKnow) => {
  const entries = await index.find(phrase);
  const pages = intersection(entries);
  if (entries.length < phrase.length) pages.clear();
  const worthPositions = mustKnow ? pages.size > 0 : pages.size * index.pagesPerText > FEW_TEXTS;
  const verified = worthPositions && (await keepAdjacent(index, entries, pages));
  return { unverified: !verified, pages: [...pages.keys()], impacts: [...pages.values()] };
};
