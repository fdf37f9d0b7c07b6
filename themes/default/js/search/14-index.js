// The index of a site as it was published at one time. Files are loaded and read once; the root alone may change under
// its name.

/**
 * What is known of a page. A card has no sections.
 * @typedef {[url: string, title: string, look: string, label: string, terms: string[], summary: string,
 *   sections: [id: string, heading: string, text: string][], also: string[]]} PageText
 */

/**
 * A facet and its terms as the interface shows them.
 * @typedef {{ slug: string, name: string, look: string, terms: { key: string, title: string, count: number }[] }} Facet
 */

/**
 * @typedef {object} Index
 * @property {number} pageCount
 * @property {number} pagesPerText how many pages share a file of texts
 * @property {number} pagesPerCard how many pages share a file of cards; 0 where there are none
 * @property {Tokenizer} tokenizer
 * @property {(word: string) => number} shardOf the shard that a word lies in
 * @property {(shard: number) => Promise<Map<string, Entry>>} entriesOf
 * @property {(keys: string[]) => Promise<Entry[]>} find the entries of those words that have one
 * @property {(shard: number) => Promise<Uint8Array>} positionsOf
 * @property {(ending: number) => Promise<string[]>} spellings words of like endings, each behind its level
 * @property {(page: number) => Promise<PageText>} text
 * @property {(page: number) => Promise<PageText>} card
 * @property {() => Promise<Facet[]>} facets
 * @property {string[]} asking words that questions begin with
 * @property {string[]} small words that need not be found
 */

/** Entries that are no words begin with one of these, so that one format serves all. */
const MARK = {
  /** the first letters of words in titles, and the pages with such titles */
  titlePrefix: "\x01",
  /** a term by its key, and its pages */
  term: "\x02",
  /** the order of titles: the high and the low byte of each page's rank, as impacts */
  titleRank: "\x03",
};

/** Words come after every mark. */
const FIRST_WORD = "\x04";

/** Names of files have so many characters, and stand in the root one after the other. */
const NAME_LENGTH = 10;

/**
 * A form of a word by which words are in the order of code points, which is that of the index.
 * @param {string} word
 */
const inOrder = (word) =>
  word.replace(/[\ud800-\uffff]/g, (unit) =>
    String.fromCharCode(unit.charCodeAt(0) + (unit < "\ue000" ? 0x2000 : -0x800)),
  );

/** @param {Response} response */
const bytesOf = async (response) => new Uint8Array(await response.arrayBuffer());

/** @param {Response} response */
const jsonOf = (response) => response.json();

/**
 * @param {string} rootUrl
 * @param {(url: string, options: RequestInit) => Promise<Response>} load
 * @returns {Promise<Index>}
 */
const openIndex = async (rootUrl, load) => {
  /** @type {Map<string, Promise<any>>} */
  const parts = new Map();
  /**
   * @template Part
   * @param {string} path
   * @param {(response: Response) => Part | Promise<Part>} read
   * @param {RequestCache} [cache]
   * @returns {Promise<Part>}
   */
  const part = (path, read, cache) =>
    remembered(parts, path, async () => {
      const response = await load(rootUrl.replace(/[^/]*$/, path), { cache });
      if (!response.ok) throw new Error(`${path}: ${response.status}`, { cause: response.status });
      if (path.endsWith("json") || !response.body) return read(response);
      return read(new Response(response.body.pipeThrough(new DecompressionStream("gzip"))));
    });

  // In the order of `Root` in src/search/assemble.rs.
  const [
    pageCount,
    pagesPerText,
    pagesPerCard,
    pagesPerName,
    shardsPerName,
    separators,
    shardNames,
    textNames,
    spellingLists,
    facetsFile,
    ...wordRules
  ] = await part("root.bin", jsonOf, "no-cache");

  let word = "";
  /** What the words of each shard begin with or come after. @type {string[]} */
  const firstWords = separators
    .split(" ")
    .map((/** @type {string} */ coded) => (word = word.slice(0, parseInt(coded[0], 36)) + coded.slice(1)));

  /**
   * The path of the nth file, of which so many share a name.
   * @param {string} names
   * @param {number} n
   * @param {number} perName
   * @param {string} ending
   */
  const path = (names, n, perName, ending) => {
    const name = names.substr(Math.floor(n / perName) * NAME_LENGTH, NAME_LENGTH);
    return `parts/${name}/${n % perName}${ending}`;
  };
  /**
   * @param {number} page
   * @param {number} perFile
   * @param {string} ending
   * @returns {Promise<PageText>}
   */
  const textFrom = async (page, perFile, ending) => {
    const file = path(textNames, Math.floor(page / perFile), pagesPerName / perFile, ending);
    return (await part(file, jsonOf))[page % perFile];
  };
  /** @param {string} word */
  const shardOf = (word) => {
    const ordered = inOrder(word);
    return firstWords.findLastIndex((first) => inOrder(first) <= ordered);
  };
  /** @param {number} shard */
  const entriesOf = (shard) =>
    part(path(shardNames, shard, shardsPerName, ".bin"), async (response) =>
      decodeShard(await bytesOf(response), shard),
    );
  /** @param {string[]} keys words, or what is filed under a mark */
  const find = async (keys) => {
    const found = await Promise.all(keys.map(async (key) => (await entriesOf(shardOf(key))).get(key)));
    return found.filter((entry) => entry !== undefined);
  };

  return {
    pageCount,
    pagesPerText,
    pagesPerCard,
    tokenizer: createTokenizer(wordRules[0], wordRules[1], wordRules[2]),
    shardOf,
    entriesOf,
    find,
    positionsOf: (shard) => part(path(shardNames, shard, shardsPerName, "p.bin"), bytesOf),
    spellings: async (ending) => {
      const list = spellingLists[ending % spellingLists.length];
      return list ? part(list, jsonOf) : [];
    },
    text: (page) => textFrom(page, pagesPerText, ".json"),
    card: (page) => textFrom(page, pagesPerCard, "c.json"),
    facets: () => part(facetsFile, jsonOf),
    asking: wordRules[3],
    small: wordRules[4],
  };
};
