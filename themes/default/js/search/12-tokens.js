// Cuts texts into words and folds these, by the rules of src/search/tokenizer.rs, which the index brings along.

/** How many UTF-16 units of a word count. */
const LONGEST_WORD = 40;

/** How many are looked at, of which diacritics may be taken away. */
const LONGEST_UNFOLDED = 160;

/** How many texts are remembered as words. */
const REMEMBERED_TEXTS = 9999;

/**
 * A folded word, and where it stands in its text.
 * @typedef {{ word: string, start: number, end: number }} Token
 */

/**
 * @typedef {object} Tokenizer
 * @property {(text: string) => Token[]} tokens
 * @property {(text: string) => string[]} words the same without positions
 * @property {() => void} tidy forgets texts when they are many
 */

/**
 * The value of a key, made when it is first asked for.
 * @template Key, Value
 * @param {Map<Key, Value>} known
 * @param {Key} key
 * @param {() => Value} create
 */
const remembered = (known, key, create) => {
  if (!known.has(key)) known.set(key, create());
  return /** @type {Value} */ (known.get(key));
};

/**
 * @param {string} wordPattern matches a name with dots as group 1 or a word as group 2, or looks ahead at a pair of letters
 *   of a script without spaces as group 3; what matches without a group is no word
 * @param {string} diacriticPattern matches a mark that is left out; group 1 stays
 * @param {Record<string, string>} plainLetters what is typed for letters that no decomposition makes plain
 * @returns {Tokenizer}
 */
const createTokenizer = (wordPattern, diacriticPattern, plainLetters) => {
  const wordRule = new RegExp(wordPattern, "gv");
  const diacritics = new RegExp(diacriticPattern, "gv");
  /** @type {Map<string, Token[]>} */
  const known = new Map();

  /** @param {string} word */
  const fold = (word) => {
    if (/^[!-~]*$/.test(word)) return word.slice(0, LONGEST_WORD).toLowerCase();
    const bare = word.slice(0, LONGEST_UNFOLDED).normalize("NFKD").replace(diacritics, "$1").toLowerCase();
    const plain = bare.replace(/./gu, (letter) => plainLetters[letter] || letter);
    return plain.normalize("NFC").slice(0, LONGEST_WORD);
  };
  /** @param {string} text */
  const cut = (text) => {
    const tokens = Array.from(text.matchAll(wordRule), ({ 1: dotted = "", 2: alone, 3: pair, index }) => {
      const original = dotted || (alone ?? pair ?? "");
      // `v1.2.3` is 1.2.3, and `U.S.A.` is usa.
      const plain = dotted.replace(/^v(?=\d)|\.(?!\d)/gi, "");
      return { word: fold(plain || original), start: index, end: index + original.length };
    });
    return tokens.filter(({ word }) => word);
  };
  /** @param {string} text */
  const tokens = (text) => remembered(known, text, () => cut(text));
  return {
    tokens,
    words: (text) => tokens(text).map(({ word }) => word),
    tidy: () => {
      if (known.size > REMEMBERED_TEXTS) known.clear();
    },
  };
};

/**
 * Whether what has been typed of a word is too little to tell what it becomes; not so where words are short.
 * @param {string} word
 */
const isShort = (word) => word.length < 3 && word < "\u0e00";
