// Which pages answer a query, and which of them best. docs/search.md says why it is so.

/** The byte of an impact, as src/search/impact.rs makes it: half of it for the page's text, half for its title. */
const IMPACT = {
  /** BM25's share, in steps, and what each of them is worth */
  textSteps: 15,
  textStep: 0.15,
  /** no score is nothing */
  least: 0.01,
  /** the high half of a word of another name of the page is more than this, by the words of that name; its worth, of a
   * name of one word, and what is left of it where the query has not all words of the name */
  otherName: 12,
  nameWord: 4.1,
  partOfName: 0.6,
  /** a word of the title, and one that the title begins with, of a title of one word */
  titleWord: 4.2,
  titleStart: 4.6,
  /** of the worth of a title's word, what does not depend on the number of words, and what is divided by each */
  titleFixed: 0.78,
  titlePerWord: 0.22,
};

const RANK = {
  /** how much of a query a word is that is on every page; of others, the root of their rarity */
  leastRarity: 0.1,
  /** what was quoted is never done without */
  phraseShare: 9,
  /** of a query of `many` words and phrases, pages must have what carries so much of it */
  many: 4,
  enough: 0.5,
  /** of fewer pages, those are found too that have so much of what the best has */
  few: 3,
  some: 0.4,
  /** a page that answers questions, where one is asked, scores so many times as high */
  answers: 1.15,
  /** sums in another order differ in the last digits */
  rounding: 0.9999,
  /** a word covers a part of the title as itself or as another form, but not as a beginning or a replacement */
  covers: 0.7,
  /** the score of a page gains such a share if the query and its title are the same, and of that the part of the one that
   * is in the other, and of the other that is in the one */
  wholeTitle: 0.5,
  /** the shares of all words of a title, added up */
  whole: 0.99,
  /** what a word counts that pages need not have */
  small: 0.5,
};

/**
 * By the byte of an impact, the score of a word of weight 1, the share of its title that it covers, and the same for
 * another name of the page.
 */
const [SCORES, TITLE_SHARES, NAME_SCORES, NAME_SHARES] = (() => {
  const column = () => new Float64Array(256);
  const [scores, shares, nameScores, nameShares] = [column(), column(), column(), column()];
  for (let impact = 0; impact < 256; impact++) {
    const [title, text] = [impact >> 4, impact & IMPACT.textSteps];
    scores[impact] = IMPACT.least + text * IMPACT.textStep;
    if (title === 0) continue;
    const isName = title > IMPACT.otherName;
    const length = isName ? title - IMPACT.otherName : (title + 1) >> 1;
    const worth = isName ? IMPACT.nameWord : title % 2 ? IMPACT.titleWord : IMPACT.titleStart;
    (isName ? nameShares : shares)[impact] = 1 / length;
    (isName ? nameScores : scores)[impact] += worth / (IMPACT.titleFixed + IMPACT.titlePerWord * length);
  }
  return [scores, shares, nameScores, nameShares];
})();

/** What fails everything: filters are the other bits. */
const NO_MATCH = -1;

/**
 * Which filters each page fails, a bit for each facet that is filtered by, and `NO_MATCH` if it does not answer the
 * query.
 * @typedef {{ fails: Int32Array, facets: string[] }} Failures `facets` is those facets in the order of their bits
 */

/**
 * @typedef {object} Ranking
 * @property {number[]} pages those that answer the query and pass all filters, the best first
 * @property {Failures} failures
 * @property {string[]} absent words and phrases that none of these pages has, or where none has all, not the best
 * @property {number} whole how many pages have all that they must have
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
  const keys = facets.flatMap((facet) => filters[facet].map((term) => `${MARK.term}${facet}/${term}`));
  for (const term of await index.find(keys)) {
    const others = ~(1 << facets.indexOf(term.word.slice(MARK.term.length).split("/")[0]));
    for (const page of term.pages) fails[page] &= others;
  }
  return { fails, facets };
};

/**
 * For each page its score, and how much of the query it has.
 * @param {Index} index
 * @param {Query} query
 */
const scorePages = ({ pageCount }, { terms, excluded }) => {
  const column = () => new Float32Array(pageCount);
  const [scores, shares, titleShares, inTitle, nameScores, nameShares] = Array.from({ length: 6 }, column);
  // Of the term at hand: the best score of each page, and the impact that goes with it, if it may cover a title.
  const [best, covering] = [column(), new Uint8Array(pageCount)];
  /** @type {Map<Term, number[]>} */
  const pagesOf = new Map();
  let wholeQuery = 0;
  for (const term of terms) {
    /** @type {number[]} */
    const found = [];
    for (const [{ pages, impacts }, weight] of term.found) {
      for (let n = 0; n < pages.length; n++) {
        const [page, impact] = [pages[n], impacts[n]];
        const score = weight * (SCORES[impact] + NAME_SCORES[impact]);
        if (!best[page]) found.push(page);
        if (score <= best[page]) continue;
        best[page] = score;
        covering[page] = weight < RANK.covers ? 0 : impact;
      }
    }
    const rarity = Math.log(1 + (pageCount - found.length + 0.5) / (found.length + 0.5));
    const share = term.optional ? 0 : (Math.sqrt(rarity) + RANK.leastRarity) * (term.isPhrase ? RANK.phraseShare : 1);
    const worth = rarity * (term.optional ? RANK.small : 1);
    wholeQuery += share;
    for (const page of found) {
      const impact = covering[page];
      const ofName = worth * Math.min(best[page], NAME_SCORES[impact]);
      scores[page] += worth * best[page] - ofName;
      nameScores[page] += ofName;
      nameShares[page] += NAME_SHARES[impact];
      titleShares[page] += TITLE_SHARES[impact];
      if (TITLE_SHARES[impact] || NAME_SHARES[impact]) inTitle[page] += share;
      shares[page] += share;
      best[page] = 0;
    }
    pagesOf.set(term, found);
  }
  for (const { pages } of excluded) {
    for (const page of pages) shares[page] = -1;
  }
  // What has more of the query, and what is called as it says, stands above the others.
  scores.forEach((score, page) => {
    const isNamed = nameShares[page] > RANK.whole;
    const covered = Math.min(1, titleShares[page] + (isNamed ? 1 : 0));
    const all = score + nameScores[page] * (isNamed ? 1 : IMPACT.partOfName);
    const title = 1 + (RANK.wholeTitle * covered * inTitle[page]) / (wholeQuery || 1);
    scores[page] = all * title * Math.sqrt(Math.max(0, shares[page]) / (wholeQuery || 1));
  });
  return { scores, shares, wholeQuery, pagesOf };
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
 * The pages that answer questions: decisions, tracks, and articles whose headings are questions.
 * @param {Index} index
 */
const answeringPages = async (index) => {
  const entries = await index.find(["decision", "track", "answers"].map((kind) => `${MARK.term}/${kind}`));
  return new Set(entries.flatMap(({ pages }) => [...pages]));
};

/**
 * The pages that answer a query and pass the filters.
 * @param {Index} index
 * @param {Query} query
 * @param {Filters} filters
 * @returns {Promise<Ranking>}
 */
const rankPages = async (index, query, filters) => {
  const { scores, shares, wholeQuery, pagesOf } = scorePages(index, query);
  const failures = await applyFilters(index, filters);
  const { fails } = failures;
  if (query.isQuestion) {
    for (const page of await answeringPages(index)) scores[page] *= RANK.answers;
  }

  // All words must be there; of many, those that say most. Where few pages have them, some of them are enough.
  const needing = query.terms.filter(({ optional }) => !optional);
  const needed = wholeQuery * (needing.length < RANK.many ? 1 : RANK.enough) * RANK.rounding;
  const most = shares.reduce((most, share, page) => (fails[page] ? most : Math.max(most, share)), 0);
  const has = (/** @type {number} */ page, /** @type {number} */ least) =>
    shares[page] >= least && (query.isEmpty || scores[page] > 0);
  let whole = 0;
  shares.forEach((_, page) => (whole += Number(!fails[page] && has(page, needed))));
  const isFew = whole < RANK.few && needing.length > 1;
  const least = isFew ? Math.min(needed, most * RANK.some) : needed;
  /** @type {number[]} */
  const pages = [];
  shares.forEach((_, page) => {
    if (!has(page, least)) {
      fails[page] = NO_MATCH;
    } else if (!fails[page]) {
      pages.push(page);
    }
  });

  if (query.isEmpty) {
    const asksNothing = Object.keys(filters).length === 0 && query.excluded.length === 0;
    const rank = await titleRanks(index);
    const byTitle = asksNothing ? [] : pages.sort((a, b) => rank(a) - rank(b) || a - b);
    return { pages: byTitle, failures, absent: [], whole };
  }
  // Pages that have all words stand above those that have some.
  const isWhole = (/** @type {number} */ page) => Number(shares[page] >= needed);
  pages.sort((a, b) => isWhole(b) - isWhole(a) || scores[b] - scores[a] || a - b);
  const absentFrom = whole > 0 ? pages : pages.slice(0, 1);
  const there = new Set(absentFrom);
  /** @param {Term} term */
  const isAbsent = (term) => !pagesOf.get(term)?.some((page) => there.has(page));
  const absent = pages.length > 0 ? needing.filter(isAbsent).map(({ name }) => name) : [];
  return { pages, failures, absent, whole };
};
