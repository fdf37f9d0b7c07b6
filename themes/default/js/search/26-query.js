// A query, read: its words and phrases with what has been found for each, and what must not be there.

/** So many characters of a query are read. */
const LONGEST_QUERY = 400;

/** So many of its words are sought. */
const MOST_WORDS = 20;

/** `-`, then text in quotation marks or one without a space. */
const QUERY_PART = /(-?)(?:"([^"]*)"|([^\s"]+))/g;

/**
 * A word or phrase of a query.
 * @typedef {object} Term
 * @property {string} name as it was typed
 * @property {string[][]} marks the words to mark, those in one list standing for the same word of the query
 * @property {boolean} [isPhrase]
 * @property {boolean} [unverified] whether only texts can tell if a phrase is there
 * @property {boolean} [optional] whether it is still being typed, and too short to ask for
 * @property {[postings: Postings, weight: number][]} found
 */

/**
 * @typedef {object} Query
 * @property {Term[]} terms all that something was found for
 * @property {Postings[]} excluded
 * @property {string | undefined} unfinished the word that is still being typed
 * @property {boolean} isEmpty whether it asks for nothing
 * @property {string[]} dropped the words and phrases that nothing was found for
 * @property {[typed: string, used: string][]} instead words that were replaced
 */

/**
 * The word that stands for one which is not in the index, if there is any.
 * @param {Index} index
 * @param {string} word
 * @param {boolean} unfinished
 */
const replacementOf = async (index, word, unfinished) => {
  const steps = word.length < SPELLING.long ? 1 : 2;
  const [used] = word.length < SPELLING.shortest ? [] : await nearestWords(index, word, steps, unfinished);
  return used;
};

/**
 * Finds words of a query, which says what was done without and what was replaced.
 * @param {Index} index
 * @param {Query} query
 * @param {string[]} wanted
 * @returns {Promise<Term[]>}
 */
const findWords = async (index, query, wanted) => {
  const terms = wanted.slice(0, MOST_WORDS).map(async (name) => {
    const unfinished = name === query.unfinished;
    const optional = unfinished && isShort(name) && wanted.length > 1;
    let found = await meanings(index, name, unfinished);
    let used;
    if (found.length === 0 && !optional) {
      used = await replacementOf(index, name, unfinished);
      const instead = used === undefined ? [] : await meanings(index, used);
      found = instead.map(([entry, weight]) => [entry, weight * WEIGHT.replaced]);
    }
    return { name, marks: [found.map(([entry]) => entry.word)], optional, found, used };
  });
  const all = await Promise.all(terms);
  // In the order of the query, whatever was loaded first.
  for (const { name, optional, found, used } of all) {
    if (used !== undefined) query.instead.push([name, used]);
    else if (found.length === 0 && !optional) query.dropped.push(name);
  }
  return all;
};

/**
 * @param {Index} index
 * @param {string} text
 * @param {string[]} unquoted phrases, as they were typed, of which the words are sought instead
 * @returns {Promise<Query>}
 */
const readQuery = async (index, text, unquoted) => {
  /** @type {Query} */
  const query = { terms: [], excluded: [], unfinished: undefined, isEmpty: false, dropped: [], instead: [] };
  /** @type {Set<string>} */
  const wanted = new Set();
  /** @type {string | undefined} */
  let last;
  // In scripts without spaces it matters for pairs of characters how these are composed.
  const parts = text.slice(0, LONGEST_QUERY).normalize().matchAll(QUERY_PART);
  for (const [name, minus, quoted, bare] of parts) {
    const tokens = index.tokenizer.words(quoted ?? bare ?? "");
    last = !minus && bare ? tokens.at(-1) : undefined;
    const isPhrase = tokens.length > 1 && Boolean(minus || quoted);
    const phrase =
      isPhrase && !unquoted.includes(name) ? await phrasePostings(index, tokens, Boolean(minus)) : undefined;
    if (minus) {
      if (phrase) query.excluded.push(phrase);
      else for (const word of tokens) query.excluded.push(...(await meanings(index, word)).map(([entry]) => entry));
      continue;
    }
    if (phrase && phrase.pages.length > 0) {
      const { unverified } = phrase;
      const marks = tokens.map((word) => [word]);
      const isKnown = query.terms.some((term) => term.name === name);
      if (!isKnown) query.terms.push({ name, marks, isPhrase, unverified, found: [[phrase, 1]] });
      continue;
    }
    if (isPhrase && !query.dropped.includes(name)) query.dropped.push(name);
    for (const word of tokens) wanted.add(word);
  }
  query.unfinished = /\s$/.test(text) ? undefined : last;
  query.isEmpty = query.terms.length === 0 && wanted.size === 0;
  const terms = await findWords(index, query, [...wanted]);
  query.terms.push(...terms.filter(({ found }) => found.length > 0));
  return query;
};
