// Which pages answer a query, and which of them best. docs/search.md says why it is so.

/** The byte of an impact, as src/search/impact.rs makes it: half of it for the page's text, half for its title. */
const IMPACT = {
  /** BM25's share, in steps, and what each of them is worth */
  textSteps: 15,
  textStep: 0.15,
  /** no score is nothing */
  least: 0.01,
  /** the high half of a word of another name of the page, what it is worth, and how little of a title it covers */
  otherName: 15,
  nameWorth: 2,
  nameShare: 0.01,
  /** a word of the title, and one that the title begins with, of a title of one word */
  titleWord: 4.2,
  titleStart: 4.6,
  /** of the worth of a title's word, what does not depend on the number of words, and what is divided by each */
  titleFixed: 0.78,
  titlePerWord: 0.22,
};

const RANK = {
  /** how much a word says that is on every page */
  leastRarity: 0.1,
  /** what was quoted is never done without */
  phraseShare: 9,
  /** of a query of `many` words and phrases, pages must have what carries so much of it */
  many: 4,
  enough: 0.6,
  /** sums in another order differ in the last digits */
  rounding: 0.9999,
  /** a word covers a part of the title as itself or as another form, but not as a beginning or a replacement */
  covers: 0.7,
  /** the score of a page is so many times as high if its title has all words, and if it has no others */
  allInTitle: 1.25,
  wholeTitle: 1.5,
  /** the shares of all words of a title, added up */
  whole: 0.99,
};

/** By the byte of an impact, the share of its title that a word covers, and the score of a word of weight 1. */
const [TITLE_SHARES, SCORES] = (() => {
  const shares = new Float64Array(256);
  const scores = new Float64Array(256);
  for (let impact = 0; impact < 256; impact++) {
    const [title, text] = [impact >> 4, impact & IMPACT.textSteps];
    scores[impact] = IMPACT.least + text * IMPACT.textStep;
    if (title === 0) continue;
    if (title === IMPACT.otherName) {
      shares[impact] = IMPACT.nameShare;
      scores[impact] += IMPACT.nameWorth;
      continue;
    }
    const length = (title + 1) >> 1;
    const worth = title % 2 ? IMPACT.titleWord : IMPACT.titleStart;
    shares[impact] = 1 / length;
    scores[impact] += worth / (IMPACT.titleFixed + IMPACT.titlePerWord * length);
  }
  return [shares, scores];
})();

/** What fails everything: filters are the other bits. */
const NO_MATCH = -1;

/**
 * Which filters each page fails, a bit for each facet that is filtered by, and `NO_MATCH` if it does not answer the
 * query.
 * @typedef {{ fails: Int32Array, otherFacets: (term: Entry) => number }} Failures `otherFacets` is the bits of all
 *   facets but that of a term
 */

/**
 * @typedef {object} Ranking
 * @property {number[]} pages those that answer the query and pass all filters, the best first
 * @property {Failures} failures
 * @property {string[]} absent words and phrases that none of these pages has
 */

/**
 * By facet, the terms of which a page must have one.
 * @typedef {Record<string, string[]>} Filters
 */

/**
 * @param {Index} index
 * @param {Filters} filters
 * @returns {Promise<Failures>}
 */
const applyFilters = async (index, filters) => {
  const facets = Object.keys(filters);
  const allFacets = (1 << facets.length) - 1;
  const fails = new Int32Array(index.pageCount).fill(allFacets);
  /** @param {Entry} term */
  const otherFacets = ({ word }) => ~(1 << facets.indexOf(word.slice(MARK.term.length).split("/")[0]));
  const keys = facets.flatMap((facet) => filters[facet].map((term) => `${MARK.term}${facet}/${term}`));
  for (const term of await index.find(keys)) {
    for (const page of term.pages) fails[page] &= otherFacets(term);
  }
  return { fails, otherFacets };
};

/**
 * For each page its score, how much of the query it has, and how much of its title the query covers by how many words.
 * @param {Index} index
 * @param {Query} query
 */
const scorePages = ({ pageCount }, { terms, excluded }) => {
  const column = () => new Float32Array(pageCount);
  const [scores, shares, titleShares, titleWords] = [column(), column(), column(), column()];
  // Of the term at hand: the best score of each page, and the share of its title that goes with it.
  const [best, covered] = [column(), column()];
  /** @type {Map<Term, number[]>} */
  const pagesOf = new Map();
  let wholeQuery = 0;
  let neededWords = 0;
  for (const term of terms) {
    /** @type {number[]} */
    const found = [];
    for (const [{ pages, impacts }, weight] of term.found) {
      for (let n = 0; n < pages.length; n++) {
        const page = pages[n];
        const score = weight * SCORES[impacts[n]];
        if (!best[page]) found.push(page);
        if (score <= best[page]) continue;
        best[page] = score;
        covered[page] = weight < RANK.covers ? 0 : TITLE_SHARES[impacts[n]];
      }
    }
    const rarity = Math.log(1 + (pageCount - found.length + 0.5) / (found.length + 0.5));
    const share = term.optional ? 0 : (rarity + RANK.leastRarity) * (term.isPhrase ? RANK.phraseShare : 1);
    const counted = term.optional ? 0 : 1;
    wholeQuery += share;
    neededWords += counted;
    for (const page of found) {
      scores[page] += rarity * best[page];
      shares[page] += share;
      titleShares[page] += covered[page];
      if (covered[page]) titleWords[page] += counted;
      best[page] = 0;
    }
    pagesOf.set(term, found);
  }
  for (const { pages } of excluded) {
    for (const page of pages) shares[page] = -1;
  }
  /**
   * What is called as the query says stands above all that only hold its words.
   * @param {number} page
   */
  const titleFactor = (page) => {
    if (titleWords[page] < neededWords) return 1;
    return titleShares[page] > RANK.whole ? RANK.wholeTitle : RANK.allInTitle;
  };
  return { scores, shares, wholeQuery, pagesOf, titleFactor };
};

/**
 * All pages by their titles.
 * @param {Index} index
 */
const titleRanks = async (index) => {
  const [high, low] = await index.find([MARK.titleRank + "0", MARK.titleRank + "1"]);
  return (/** @type {number} */ page) => high.impacts[page] * 256 + low.impacts[page];
};

/**
 * The pages that answer a query and pass the filters.
 * @param {Index} index
 * @param {Query} query
 * @param {Filters} filters
 * @returns {Promise<Ranking>}
 */
const rankPages = async (index, query, filters) => {
  const { scores, shares, wholeQuery, pagesOf, titleFactor } = scorePages(index, query);
  const failures = await applyFilters(index, filters);
  const { fails } = failures;

  // All words must be there; of many, those that say most. Where no page has them, as many as one has.
  const needed = wholeQuery * (query.terms.length < RANK.many ? 1 : RANK.enough);
  const most = shares.reduce((most, share, page) => (fails[page] ? most : Math.max(most, share)), 0);
  const least = Math.min(most, needed) * RANK.rounding;
  /** @type {number[]} */
  const pages = [];
  shares.forEach((share, page) => {
    if (share < least || (!query.isEmpty && !scores[page])) {
      fails[page] = NO_MATCH;
    } else if (!fails[page]) {
      scores[page] *= titleFactor(page);
      pages.push(page);
    }
  });

  if (query.isEmpty) {
    const asksNothing = Object.keys(filters).length === 0 && query.excluded.length === 0;
    const rank = await titleRanks(index);
    return { pages: asksNothing ? [] : pages.sort((a, b) => rank(a) - rank(b) || a - b), failures, absent: [] };
  }
  pages.sort((a, b) => scores[b] - scores[a] || a - b);
  /** @param {Term} term */
  const isAbsent = (term) => !term.optional && pagesOf.get(term)?.every((page) => fails[page]);
  const absent = pages.length > 0 ? query.terms.filter(isAbsent).map(({ name }) => name) : [];
  return { pages, failures, absent };
};
