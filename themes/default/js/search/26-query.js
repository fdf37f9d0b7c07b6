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
 * @property {boolean} [optional] whether pages need not have it: it says little, or it is still being typed and too short
 * @property {[postings: Postings, weight: number][]} found
 */

/**
 * @typedef {object} Query
 * @property {Term[]} terms all that something was found for
 * @property {Postings[]} excluded
 * @property {string | undefined} unfinished the word that is still being typed
 * @property {boolean} isEmpty whether it asks for nothing
 * @property {boolean} isQuestion
 * @property {string[]} dropped the words and phrases that nothing was found for
 * @property {[typed: string, used: string][]} instead words that were replaced
 */

/**
 * Two words that were typed as one.
 * @param {Index} index
 * @param {string} typed
 */
const splitWord = async (index, typed) => {
  const known = [...(await index.entriesOf(index.shardOf(typed))).keys()];
  const isFront = (/** @type {string} */ word) =>
    word.length > 1 && typed.startsWith(word) && !index.small.includes(word);
  const rests = known.filter(isFront).map((word) => typed.slice(word.length));
  // The longest beginnings are the likeliest, and each end costs a shard.
  const [rest] = await index.find(
    rests
      .filter(({ length }) => length > 2)
      .slice(-SPELLING.splits)
      .reverse(),
  );
  return rest && [typed.slice(0, -rest.word.length), rest.word];
};

/**
 * The words that stand for one which is not in the index, if there are any: one that is near it, two that were typed as
 * one, or one that is further away.
 * @param {Index} index
 * @param {string} word
 * @param {boolean} unfinished
 * @returns {Promise<string[]>}
 */
const replacementOf = async (index, word, unfinished) => {
  if (word.length < SPELLING.shortest) return [];
  const [used] = await nearestWords(index, word, word.length < SPELLING.long ? 1 : 2, unfinished);
  const isNear =
    used?.startsWith(word.slice(0, Math.ceil(word.length * SPELLING.sameShare))) ||
    (used && editDistance(word, used, 1, unfinished) < SPELLING.tooMany);
  return (!isNear && (await splitWord(index, word))) || (used ? [used] : []);
};

/**
 * Words of a query that may be one word of the index: `start-ups` or `burn out`.
 * @typedef {{ words: string[], whole: string, weight: number }} Compound
 */

/**
 * Finds words of a query, which says what was done without and what was replaced.
 * @param {Index} index
 * @param {Query} query
 * @param {string[]} wanted
 * @param {Compound[]} compounds
 * @returns {Promise<Term[]>}
 */
const findWords = async (index, query, wanted, compounds) => {
  const isSmall = (/** @type {string} */ name) => index.small.includes(name) || index.asking.includes(name);
  const mayBeLeft = query.terms.length > 0 || !wanted.every(isSmall);
  const wholes = compounds.map(async ({ words: parts, whole, weight }) => {
    const found = await meanings(index, whole, parts.at(-1) === query.unfinished);
    return { parts, found: found.map(([entry, share]) => /** @type {Meaning} */ ([entry, share * weight])) };
  });
  const joined = await Promise.all(wholes);
  const terms = wanted.slice(0, MOST_WORDS).map(async (name) => {
    const unfinished = name === query.unfinished;
    const tooShort = unfinished && isShort(name) && wanted.length > 1;
    const optional = tooShort || (mayBeLeft && isSmall(name));
    const inWholes = joined.flatMap(({ parts, found }) => (parts.includes(name) ? found : []));
    const found = [...(await meanings(index, name, unfinished)), ...inWholes];
    const used = found.length > 0 || optional ? [] : await replacementOf(index, name, unfinished);
    const instead = used.map(async (word) => {
      const meant = await meanings(index, word);
      return meant.map(([entry, weight]) => /** @type {Meaning} */ ([entry, weight * WEIGHT.replaced]));
    });
    return { name, optional, used, found: used.length > 0 ? await Promise.all(instead) : [found] };
  });
  const all = await Promise.all(terms);
  // In the order of the query, whatever was loaded first.
  for (const { name, optional, found, used } of all) {
    if (used.length > 0) query.instead.push([name, used.join(" ")]);
    else if (found[0].length === 0 && !optional) query.dropped.push(name);
  }
  return all.flatMap(({ name, optional, used, found }) =>
    found.map((found, n) => ({ name: used[n] ?? name, marks: [found.map(([entry]) => entry.word)], optional, found })),
  );
};

/**
 * The words and phrases of a query as they were typed. A minus leaves out what follows where something else is sought.
 * @param {Index} index
 * @param {string} text
 */
const partsOf = (index, text) => {
  // In scripts without spaces it matters for pairs of characters how these are composed.
  const matches = Array.from(text.slice(0, LONGEST_QUERY).normalize().matchAll(QUERY_PART));
  const parts = matches.map(([name, minus, quoted, bare]) => {
    const tokens = index.tokenizer.words(quoted ?? bare ?? "");
    return { name, quoted, tokens, isExcluded: minus !== "" && !bare?.startsWith("-") };
  });
  const isSought = parts.some(({ tokens, isExcluded }) => !isExcluded && tokens.length > 0);
  return parts.map((part) => ({ ...part, isExcluded: part.isExcluded && isSought }));
};

/**
 * What words that stand side by side may be as one.
 * @param {Index} index
 * @param {{ tokens: string[], quoted?: string, isExcluded: boolean }[]} parts
 */
const compoundsOf = (index, parts) => {
  /** @type {Compound[]} */
  const compounds = [];
  let before = "";
  for (const { tokens, quoted, isExcluded } of parts) {
    if (isExcluded || quoted !== undefined || tokens.length === 0) {
      before = "";
      continue;
    }
    const pair = before + tokens[0];
    // It lies beside its first word, which is loaded in any case.
    if (before && index.shardOf(pair) === index.shardOf(before)) {
      compounds.push({ words: [before, tokens[0]], whole: pair, weight: WEIGHT.pair });
    }
    if (tokens.length > 1) compounds.push({ words: tokens, whole: tokens.join(""), weight: WEIGHT.joined });
    before = tokens.length > 1 ? "" : tokens[0];
  }
  return compounds.filter(({ whole }) => whole.length <= LONGEST_WORD).slice(0, MOST_WORDS);
};

/**
 * @param {Index} index
 * @param {string} text
 * @param {string[]} unquoted phrases, as they were typed, of which the words are sought instead
 * @returns {Promise<Query>}
 */
const readQuery = async (index, text, unquoted) => {
  /** @type {Query} */
  const query = {
    terms: [],
    excluded: [],
    unfinished: undefined,
    isEmpty: false,
    isQuestion: false,
    dropped: [],
    instead: [],
  };
  /** @type {Set<string>} */
  const wanted = new Set();
  /** @type {string | undefined} */
  let last;
  const parts = partsOf(index, text);
  for (const { name, quoted, tokens, isExcluded } of parts) {
    last = !isExcluded && quoted === undefined ? tokens.at(-1) : undefined;
    const isPhrase = tokens.length > 1 && (isExcluded || quoted !== undefined);
    const phrase = isPhrase && !unquoted.includes(name) ? await phrasePostings(index, tokens, isExcluded) : undefined;
    if (isExcluded) {
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
  const [first, second] = wanted;
  const isAsked = index.asking.includes(first) || (index.small.includes(first) && index.asking.includes(second));
  query.isQuestion = wanted.size > 1 && (isAsked || /\?\s*$/.test(text));
  const terms = await findWords(index, query, [...wanted], compoundsOf(index, parts));
  query.terms.push(...terms.filter(({ found }) => found.length > 0));
  return query;
};
