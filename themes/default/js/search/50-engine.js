// The search engine: queries in, results out, no DOM. The index and the ideas behind it are described in docs/search.md.

/** Results that are shown as soon as they can be. */
const FIRST_RESULTS = 3;

/** Results whose excerpts come from texts; those of the others come from cards, where there are cards. */
const RICH_RESULTS = 5;

/** To find phrases whose positions are unknown, so many times as many texts are read as results are wanted. */
const TEXTS_READ = 4;

/** The same where many pages share a file of texts. */
const TEXTS_READ_OF_MANY = 2;

/** So many steps from a word that was not found are words that are near it. */
const NEAR_STEPS = 3;

/** So many of these are offered. */
const NEAR_WORDS = 3;

/** What a host answers where a file is gone, because the site was published anew. */
const GONE = 404;

/**
 * @typedef {object} SearchOptions
 * @property {number} [limit] how many results to show
 * @property {() => boolean} [live] whether anybody still waits
 * @property {((answer: Answer) => void) | false} [first] takes the first results as soon as they are there
 * @property {Promise<void> | false} [pause] before results are loaded
 */

/**
 * @typedef {object} Answer
 * @property {number} total how many pages are found, as far as is known
 * @property {boolean} more whether there may be more than `total`
 * @property {Result[]} results
 * @property {string[]} dropped words and phrases of the query that the results do not have
 * @property {string[]} had words of the query that the best of them have, where not all have all
 * @property {number} whole how many pages have all that they must have
 * @property {[typed: string, used: string][]} instead words that were replaced
 * @property {boolean} [kept] whether `results` begins with what `first` got
 * @property {Failures} [failures] which filters each page fails, from which terms are counted
 * @property {string[]} [near] words to search for instead, where nothing was found
 */

/** The answer to no question. @type {Answer} */
const NO_ANSWER = { total: 0, more: false, results: [], dropped: [], had: [], whole: 0, instead: [] };

/**
 * Which words to mark.
 * @param {Query} query
 * @returns {Matcher}
 */
const matcherOf = ({ terms, unfinished }) => {
  /** @type {Map<string, number>} */
  const marks = new Map();
  for (const [n, group] of terms.flatMap((term) => term.marks).entries()) {
    for (const word of group) marks.set(word, n + 1);
  }
  return (word) => marks.get(word) ?? (unfinished !== undefined && word.startsWith(unfinished));
};

/**
 * Whether the texts of a page hold all these phrases.
 * @param {Tokenizer} tokenizer
 * @param {PageText} page
 * @param {Term[]} phrases
 */
const holdsPhrases = (tokenizer, [, title, , , , summary, sections], phrases) => {
  const texts = [title, summary, ...sections.flat()].map((text) => ` ${tokenizer.words(text).join(" ")} `);
  return phrases.every(({ marks }) => texts.some((text) => text.includes(` ${marks.join(" ")} `)));
};

/**
 * Makes results of pages, the best first.
 * @param {Index} index
 * @param {Query} query
 * @param {number[]} pages
 * @param {{ had: string[], whole: number }} shares
 * @param {() => boolean} live
 */
const resultsOf = (index, query, pages, shares, live) => {
  const phrases = query.terms.filter(({ unverified }) => unverified);
  const matcher = matcherOf(query);
  const hasCards = index.pagesPerCard > 0;
  /**
   * @param {number} limit
   * @param {number} rich how many of the results need their texts
   * @returns {Promise<Answer>}
   */
  return async (limit, rich) => {
    const { dropped, instead } = query;
    /** @type {Result[]} */
    const results = [];
    const mostRead = limit * (hasCards ? TEXTS_READ_OF_MANY : TEXTS_READ);
    let at = 0;
    while (at < pages.length && at < mostRead && results.length < limit && live()) {
      const load = (/** @type {number} */ page, /** @type {number} */ n) =>
        hasCards && n >= rich && phrases.length === 0 ? index.card(page) : index.text(page);
      const texts = await Promise.all(pages.slice(at, at + limit).map(load));
      const held = texts.filter((text) => holdsPhrases(index.tokenizer, text, phrases));
      results.push(...held.slice(0, limit - results.length).map((text) => resultOf(index.tokenizer, text, matcher)));
      at += limit;
    }
    const isKnown = phrases.length === 0;
    return {
      total: isKnown ? pages.length : results.length,
      more: !isKnown && at < pages.length,
      results,
      dropped,
      ...shares,
      instead,
    };
  };
};

/**
 * One search of an index; nothing where nobody waits any more.
 * @param {Index} index
 * @param {string} text
 * @param {Filters} filters
 * @param {SearchOptions} options
 * @param {string[]} [unquoted] phrases of which the words are sought instead
 * @returns {Promise<Answer | null>}
 */
const searchIndex = async (index, text, filters, options, unquoted = []) => {
  const { limit = 10, live = () => true, first, pause } = options;
  const query = await readQuery(index, text, unquoted);
  if (!live()) return null;
  const { pages, failures, absent, whole } = await rankPages(index, query, filters);
  query.dropped.push(...absent);
  const isPart = pages.length > whole || query.dropped.length > 0;
  const isHad = (/** @type {Term} */ term) => !term.optional && !absent.includes(term.name);
  const had = isPart ? query.terms.filter(isHad).map(({ name }) => name) : [];
  const show = resultsOf(index, query, pages, { had, whole }, live);
  const unverified = query.terms.filter((term) => term.unverified);
  await pause;

  const wantsFew = pages.length > 0 && (first || unverified.length > 0);
  const few = wantsFew ? await show(FIRST_RESULTS, 0) : null;
  if (few?.total === 0) {
    // No text holds the phrase, so its words are sought.
    const names = unverified.map(({ name }) => name);
    return searchIndex(index, text, filters, options, names);
  }
  if (few && first && live()) first(few);

  const isLost = pages.length === 0 && query.dropped.length > 0;
  const [lost] = isLost ? index.tokenizer.words(query.dropped[0]) : [];
  const near = isLost ? (await nearestWords(index, lost, NEAR_STEPS)).slice(0, NEAR_WORDS) : [];
  const answer = await show(limit, RICH_RESULTS);
  index.tokenizer.tidy();
  return live() ? { ...answer, failures, near, kept: few !== null && index.pagesPerCard === 0 } : null;
};

/**
 * The search of a site, by the address of its index.
 * @param {string} rootUrl
 * @param {(url: string, options: RequestInit) => Promise<Response>} load
 */
const searchEngine = (rootUrl, load = fetch) => {
  /** @type {Promise<Index> | null} */
  let opened = null;
  /**
   * After a failure all is asked for anew; where a part is gone, the site was published anew, and the search goes on.
   * @template Value
   * @param {(index: Index) => Promise<Value>} ask
   * @param {boolean} [isSecond]
   * @returns {Promise<Value>}
   */
  const attempt = async (ask, isSecond = false) => {
    const index = (opened ??= openIndex(rootUrl, load));
    try {
      return await ask(await index);
    } catch (error) {
      if (opened === index) opened = null;
      const isGone = error instanceof Error && error.cause === GONE;
      if (!isGone || isSecond) throw error;
      return attempt(ask, true);
    }
  };
  return {
    /** Asks the index itself. */
    ask: attempt,
    /**
     * @param {string} query
     * @param {Filters} [filters]
     * @param {SearchOptions} [options]
     */
    search: (query, filters = {}, options = {}) => attempt((index) => searchIndex(index, query, filters, options)),
  };
};
