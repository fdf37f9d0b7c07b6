// The words that one which is not in the index may stand for.

/** How many words of the index, and how many steps away, a word may be that stands for one that is not there. */
const SPELLING = {
  /** words of fewer letters are not replaced */
  shortest: 4,
  /** words of so many letters may be two steps away */
  long: 8,
  /** a step count that means: too many */
  tooMany: 9,
  /** what a word costs is less than this */
  worst: 8,
  /** a word on 2^30 times the pages is a step nearer */
  doublings: 30,
  /** another first letter is a rare slip */
  otherFirstLetter: 0.4,
  /** a word that begins alike but for four letters is mostly another form: between one slip and two */
  sameStart: 1.45,
  /** letters that the end of such a form may have, and the least that it keeps */
  ending: 4,
  shortestStart: 5,
  /** a word that begins alike for such a share is more likely meant than two words in one */
  sameShare: 0.7,
  /** so many ways to cut it in two are tried */
  splits: 2,
  /** and thirty letters by which the two lengths differ cost a step */
  lengths: 30,
};

/**
 * Steps from one word to another: letters added, left out, changed or swapped (optimal string alignment distance).
 * At least `tooMany` where they are more than `most`. Of an unfinished word the end may be missing.
 * @param {string} from
 * @param {string} to
 * @param {number} most
 * @param {boolean} unfinished
 * @returns {number}
 */
const editDistance = (from, to, most, unfinished) => {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  if (same === from.length && (unfinished || same === to.length)) return 0;
  if (most === 0) return SPELLING.tooMany;
  /**
   * @param {number} i letters of `from` that the step takes
   * @param {number} j letters of `to` that it takes
   */
  const after = (i, j) => editDistance(from.slice(same + i), to.slice(same + j), most - 1, unfinished);
  const isSwapped = from[same] === to[same + 1] && from[same + 1] === to[same];
  return 1 + Math.min(after(1, 1), after(1, 0), after(0, 1), isSwapped ? after(2, 2) : SPELLING.tooMany);
};

/**
 * Words that one which is not there may stand for, the likeliest first. A slip spares the beginning of a word, which
 * leads to its shard, or its end, which leads to a list of words with that end.
 * @param {Index} index
 * @param {string} typed
 * @param {number} most steps
 * @param {boolean} [unfinished] whether the end may be missing
 */
const nearestWords = async (index, typed, most, unfinished = false) => {
  /** @type {Map<string, number>} */
  const costs = new Map();
  const start = typed.slice(0, Math.max(SPELLING.shortestStart, typed.length - SPELLING.ending));
  /**
   * @param {string} word
   * @param {number} level the binary logarithm of the number of its pages
   * @param {boolean} unfinished
   */
  const consider = (word, level, unfinished) => {
    let cost = editDistance(typed, word, most, unfinished) - level / SPELLING.doublings;
    if (typed[0] !== word[0]) cost += SPELLING.otherFirstLetter;
    if (word.startsWith(start)) {
      cost = Math.min(cost, SPELLING.sameStart + Math.abs(word.length - typed.length) / SPELLING.lengths);
    }
    if (cost < SPELLING.worst) costs.set(word, cost);
  };
  for (const [word, { pages }] of await index.entriesOf(index.shardOf(typed))) {
    if (word > FIRST_WORD) consider(word, Math.log2(pages.length), unfinished);
  }
  // As `ending` in src/search/spelling.rs reckons.
  const ending = typed.charCodeAt(typed.length - 1) * 31 + typed.charCodeAt(typed.length - 2);
  for (const spelling of await index.spellings(ending)) consider(spelling.slice(1), parseInt(spelling[0], 36), false);
  return [...costs].sort((a, b) => a[1] - b[1]).map(([word]) => word);
};
