// What a result shows of its page: texts with the words of the query marked, best side by side.

/** How many words an excerpt has, in how many of them words of the query are counted, and what stands before these. */
const EXCERPT = { words: 30, counted: 25, before: 5 };

/** What a stretch of text gains by each word of the query, by so many occurrences, and by two words in their order. */
const STRETCH = { word: 2, occurrences: 5, inOrder: 1 };

/** A heading counts as much more than the text below it. */
const HEADING = 2;

/** The most headings of a page that are shown below it. */
const MOST_HEADINGS = 1;

/**
 * A text in parts: strings, and lists of one string where that is marked.
 * @typedef {(string | [string])[]} Marked
 */

/**
 * Which word of a query a word is, counted from 1, if it is any.
 * @typedef {(word: string) => number | boolean | undefined} Matcher
 */

/** @typedef {{ url: string, title: Marked, excerpt: Marked }} Hit */

/**
 * @typedef {Hit & { look: string, label: string, terms: string[], also: Marked[], headings: Hit[] }} Result `also` is what
 *   else a page is called, where the query says that
 */

/**
 * The part of a text between two places.
 * @param {Tokenizer} tokenizer
 * @param {string} text
 * @param {Matcher} matcher
 * @param {number} [from]
 * @param {number} [to]
 * @returns {Marked}
 */
const markWords = (tokenizer, text, matcher, from = 0, to = text.length) => {
  /** @type {Marked} */
  const parts = [];
  let at = from;
  /** @type {[string] | undefined} */
  let mark;
  for (const { word, start, end } of tokenizer.tokens(text)) {
    if (start < from || end <= at || end > to || !matcher(word)) continue;
    if (start > at || !mark) {
      mark = [""];
      parts.push(text.slice(at, start), mark);
    }
    mark[0] += text.slice(Math.max(at, start), end);
    at = end;
  }
  parts.push(text.slice(at, to));
  return parts.filter((part) => part[0]);
};

/**
 * How good the best stretch of a text is that begins with a word of the query, and the position of that word.
 * @param {ReturnType<Matcher>[]} hits for each word of the text which of the query it is
 */
const bestStretch = (hits) => {
  let best = { score: 0, at: 0 };
  hits.forEach((hit, at) => {
    if (!hit) return;
    const near = hits.slice(at, at + EXCERPT.counted);
    const found = near.filter((hit) => hit);
    const inOrder = near.filter((hit, n) => hit && Number(hit) - 1 === near[n - 1]);
    const score =
      new Set(found).size * STRETCH.word + found.length / STRETCH.occurrences + inOrder.length * STRETCH.inOrder;
    if (score > best.score) best = { score, at };
  });
  return best;
};

/**
 * The best stretch of a text: how good it is, and its words.
 * @param {Tokenizer} tokenizer
 * @param {string} text
 * @param {Matcher} matcher
 * @returns {{ score: number, excerpt: Marked }}
 */
const excerptOf = (tokenizer, text, matcher) => {
  const tokens = tokenizer.tokens(text);
  const { score, at } = bestStretch(tokens.map(({ word }) => matcher(word)));
  const first = at > EXCERPT.before ? at - EXCERPT.before : 0;
  const next = tokens[first + EXCERPT.words];
  const marked = markWords(tokenizer, text, matcher, first ? tokens[first].start : 0, next?.end);
  return { score, excerpt: [first ? "… " : "", ...marked, next ? " …" : ""] };
};

/**
 * The other names of a page, those with words of the query first, if these are not all in its title.
 * @param {Tokenizer} tokenizer
 * @param {string} title
 * @param {string[]} also
 * @param {Matcher} matcher
 */
const alsoFound = (tokenizer, title, also, matcher) => {
  const inTitle = new Set(tokenizer.words(title).map(matcher));
  const isFound = (/** @type {string} */ name) =>
    tokenizer.words(name).some((word) => matcher(word) && !inTitle.has(matcher(word)));
  const names = also.some(isFound) ? [...also].sort((a, b) => Number(isFound(b)) - Number(isFound(a))) : [];
  return names.map((name) => markWords(tokenizer, name, matcher));
};

/**
 * @param {Tokenizer} tokenizer
 * @param {PageText} page
 * @param {Matcher} matcher
 * @returns {Result}
 */
const resultOf = (tokenizer, [url, title, look, label, terms, summary, sections, also], matcher) => {
  /** @type {{ score: number, hit: Hit }[]} */
  const headings = [];
  let best = excerptOf(tokenizer, summary, matcher);
  for (const [id, heading, text] of sections) {
    const here = excerptOf(tokenizer, text, matcher);
    if (id) {
      const score = here.score + excerptOf(tokenizer, heading, matcher).score * HEADING;
      const hit = { url: `${url}#${id}`, title: markWords(tokenizer, heading, matcher), excerpt: here.excerpt };
      headings.push({ score, hit });
    } else if (here.score > best.score || !summary) {
      best = here;
    }
  }
  const found = headings.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  return {
    url,
    title: markWords(tokenizer, title, matcher),
    look,
    label,
    terms,
    also: alsoFound(tokenizer, title, also, matcher),
    excerpt: best.excerpt,
    headings: found.slice(0, MOST_HEADINGS).map(({ hit }) => hit),
  };
};
