// What a word of a query may mean: entries of the index with weights.

/** How much an entry counts that is not the typed word itself, which counts 1. */
const WEIGHT = {
  /** a page whose title has some word that begins so, where these words are many */
  titlePrefix: 0.6,
  /** a longer word; the more of it is typed, the more is added of `prefixShare` */
  prefix: 0.5,
  prefixShare: 0.4,
  /** another form of the word */
  form: 0.7,
  /** a word that stands for one that is not there, times what its entries count */
  replaced: 0.75,
  /** two words of a query as one, and what a sign joins there */
  pair: 0.9,
  joined: 1.2,
};

/** Longer words are sought in so many shards. */
const PREFIX_SHARDS = 3;

/** An unfinished word of fewer letters whose longer words fill more shards is asked of the titles. */
const LONG_PREFIX = 4;

/** A word on fewer pages is worth loading shards with other forms of it. */
const RARE = 32;

/** So many of them are loaded. */
const FAR_FORMS = 2;

/** @typedef {[entry: Entry, weight: number]} Meaning */

/**
 * @param {Index} index
 * @param {string} word
 * @param {(entries: Entry[], weight: number) => void} add
 */
const addLongerWords = async (index, word, add) => {
  const first = index.shardOf(word);
  const last = index.shardOf(word + "\uffff");
  const isCommon = isShort(word) || (word.length < LONG_PREFIX && last >= first + PREFIX_SHARDS);
  const titles = isCommon ? await index.find([MARK.titlePrefix + word]) : [];
  if (titles.length > 0) {
    add(titles, WEIGHT.titlePrefix);
    return;
  }
  const shards = [];
  for (let shard = first; shard <= last && shard < first + PREFIX_SHARDS; shard++) shards.push(index.entriesOf(shard));
  for (const entries of await Promise.all(shards)) {
    for (const [longer, entry] of entries) {
      if (!longer.startsWith(word)) continue;
      add([entry], WEIGHT.prefix + (WEIGHT.prefixShare * word.length) / longer.length);
    }
  }
};

/**
 * The entries that a word may mean. The word itself counts most, then longer ones, then its other forms.
 * @param {Index} index
 * @param {string} word
 * @param {boolean} [unfinished] whether it may become a longer one
 * @returns {Promise<Meaning[]>}
 */
const meanings = async (index, word, unfinished = false) => {
  /** @type {Map<Entry, number>} */
  const weights = new Map();
  /**
   * @param {Entry[]} entries
   * @param {number} weight
   */
  const add = (entries, weight) => {
    for (const entry of entries) weights.set(entry, Math.max(weight, weights.get(entry) ?? 0));
  };
  if (unfinished) await addLongerWords(index, word, add);
  const [own] = await index.find([word]);
  if (own) {
    const far = own.stemClass.flatMap(({ formsElsewhere }) => formsElsewhere).slice(0, FAR_FORMS);
    const forms = own.pages.length < RARE ? await index.find(far) : [];
    add(
      [own, ...forms].flatMap(({ stemClass }) => stemClass),
      WEIGHT.form,
    );
    add([own], 1);
  }
  return [...weights];
};
