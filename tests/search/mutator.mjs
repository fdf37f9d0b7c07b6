// Searches that nobody typed, made from some that somebody did: the same numbers give the same searches, on every
// machine. tests/fuzz/mutator.rs does so for texts.

/** No query grows beyond this. */
const LONGEST = 100_000;

/** How often a shorter input is tried. */
const MOST_TRIES = 600;

const MASK = (1n << 64n) - 1n;

/** Numbers that look as if drawn by lot (`SplitMix64`; Steele, Lea and Flood, 2014). */
export class Random {
  #state;

  /** The numbers of one round. */
  constructor(seed, round) {
    this.#state = (BigInt(seed) ^ (BigInt(round) * 0xd1342543de82ef95n)) & MASK;
    this.next();
  }

  next() {
    this.#state = (this.#state + 0x9e3779b97f4a7c15n) & MASK;
    let mixed = this.#state;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return mixed ^ (mixed >> 31n);
  }

  /** A number below `bound`, which is not zero. */
  below(bound) {
    return Number(this.next() % BigInt(bound));
  }

  pick(among) {
    return among[this.below(among.length)];
  }

  /** A short range of a length that is not zero. */
  range(length) {
    const longest = Math.min(this.pick([4, 16, 64, length]), length);
    const long = 1 + this.below(longest);
    const start = this.below(length - long + 1);
    return [start, start + long];
  }
}

/** What has a meaning to the engine, to JavaScript, to HTML or to an address, and what is rare. */
const DICTIONARY = [
  // Operators.
  ...['"', '""', '-"', '" "', "-", "--", " -", "+", "+#", "c++", "c# ", "'", "’", "_", "‐", "\u2011", "a'b", "l’", " "],
  ...["facet:", "colour:red", "in=", "AND", "OR", "NOT", "*", "~", "^", "(", ")", "title:", "“", "”", "«", "−", "–"],
  // JavaScript and its regular expressions.
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "undefined", "null", "NaN"],
  ...["\\", "\\b", "\\u{", "[", "]", "(?=", "(?<", "{9}", "$", "$&", "$1", "$`", "|", ".*", "^$", "/g", "[^]"],
  // HTML and addresses.
  ...[
    "<b>",
    "</mark>",
    "<mark>",
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "&lt;",
    "&#0;",
    "<!--",
  ],
  ...[
    "javascript:alert(1)",
    "%",
    "%00",
    "%zz",
    "%ff",
    "&",
    "#",
    "?",
    "=",
    "&in=colour/red",
    "&q=",
    "//e.example/",
    "../",
  ],
  ...["{typed}", "{count}", "{{", "${x}"],
  // Controls, and the marks that entries of the index begin with.
  ...[
    "\0",
    "\x01",
    "\x01a",
    "\x02",
    "\x02colour/red",
    "\x03",
    "\x030",
    "\x04",
    "\t",
    "\n",
    "\r\n",
    "\v",
    "\x1b",
    "\x7f",
  ],
  ...["\x85", "\xa0", "\xad", "\u1680", "\u2003", "\u2028", "\u2029", "\u3000", "\u200b", "\u200c", "\u200d", "\u202e"],
  ...["\u2066", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\ud800", "\udbff", "\udc00", "\udfff", "\ude00\ud83d"],
  // Marks, and letters that change their number when they are folded.
  ...["\u0301", "e\u0301", "\u0308\u0301", "\u0338", "\u0345", "\u034f", "\u0306", "и\u0306", "й", "\u05b8", "\u064e"],
  ...[
    "\u3099",
    "\u309a",
    "か\u3099",
    "が",
    "\u20dd",
    "\ufe0f",
    "\ufe20",
    "\u0e31",
    "\u0e33",
    "\u093f",
    "\u094d",
    "\u200d",
  ],
  ...[
    "ß",
    "ẞ",
    "ﬃ",
    "ﷺ",
    "İ",
    "ı",
    "ŉ",
    "ǅ",
    "ΐ",
    "ς",
    "Σ",
    "ﬅ",
    "K",
    "Å",
    "Ω",
    "ſ",
    "ᾳ",
    "æ",
    "Ⅷ",
    "①",
    "½",
    "㎏",
    "㍿",
  ],
  // Scripts.
  ...[
    "Ελληνικά",
    "мой",
    "Ⴀⴀა",
    "ᏣᎳᎩ",
    "Հայ",
    "שלום",
    "שָׁלוֹם",
    "كتاب",
    "كِتَاب",
    "अनुच्छेद",
    "বাংলা",
    "தமிழ்",
    "తెలుగు",
    "ไทย",
    "ภาษาไทย",
  ],
  ...[
    "ລາວ",
    "မြန်မာ",
    "ខ្មែរ",
    "བོད",
    "ⵜⵉⴼ",
    "ግዕዝ",
    "한국어",
    "검색",
    "\u1112\u1161\u11ab",
    "検索",
    "全文検索",
    "搜索引擎",
    "々",
    "〆",
    "ｶﾞ",
    "ﾟ",
  ],
  ...["﨑", "\ufa10", "𠀀", "𠮷野", "𐐀", "𝔘𝔫𝔦", "𞤀", "𒀀", "ꙮ", "ᠮᠣᠩ", "Ａ", "٣", "೧", "𝟙"],
  // Emoji.
  ...["🙂", "👩‍👩‍👧", "🏳️‍🌈", "🇬🇧", "1️⃣", "❤️", "🎉🎉", "👍🏽"],
];

/** Filters that no site has. */
const STRANGE_KEYS = [
  "__proto__/red",
  "constructor/name",
  "colour",
  "colour/",
  "/",
  "",
  "toString",
  "\x02/x",
  "nothing/such",
];

/**
 * A search: its text, then the keys of filters.
 * @typedef {[query: string, ...keys: string[]]} Input
 */

/**
 * One change of a query.
 * @param {Random} random
 * @param {string} query
 * @param {Input[]} pool
 * @param {string[]} words
 */
const changed = (random, query, pool, words) => {
  const place = random.below(query.length + 1);
  const insert = (text) => query.slice(0, place) + text + query.slice(place);
  const [start, end] = query ? random.range(query.length) : [0, 0];
  const part = query.slice(start, end);
  const instead = (text) => query.slice(0, start) + text + query.slice(end);
  switch (random.below(15)) {
    case 0:
      return instead("");
    case 1:
      return query.slice(0, place);
    case 2: {
      const often = Math.floor(Math.min(random.pick([2, 3, 8, 64, 300, LONGEST]), LONGEST / (part.length || 1)));
      return instead(part.repeat(often));
    }
    case 3:
      return instead(part.toUpperCase());
    case 4:
      return instead(part.normalize(random.pick(["NFC", "NFD", "NFKC", "NFKD"])));
    case 5:
      return instead(`"${part}"`);
    case 6: {
      const [other] = random.pick(pool);
      return insert(other.slice(...(other ? random.range(other.length) : [])));
    }
    // A slip, also one that cuts a pair of surrogates.
    case 7:
      return instead([...part].reverse().join(""));
    case 8:
      return instead(part.split("").reverse().join(""));
    // Any sign at all.
    case 9:
      return insert(String.fromCharCode(random.below(0x10000)));
    case 10:
      return insert(String.fromCodePoint(random.below(0x110000)));
    case 11:
    case 12:
      return insert(random.pick([" ", "", '"', " -", '-"']) + random.pick(words) + random.pick([" ", "", '"']));
    default:
      return insert(random.pick(DICTIONARY));
  }
};

/**
 * A search made from one of `pool`, with parts of others.
 * @param {Random} random
 * @param {Input[]} pool
 * @param {string[]} words of the sites, and phrases
 * @param {string[]} keys of filters of the sites
 * @returns {Input}
 */
export const mutated = (random, pool, words, keys) => {
  let [query, ...chosen] = random.pick(pool);
  for (let change = random.below(7); change >= 0; change--) {
    query = changed(random, query, pool, words).slice(0, LONGEST);
  }
  if (random.below(8) === 0) chosen = [];
  if (random.below(5) === 0) chosen.push(random.pick(random.below(4) ? keys : STRANGE_KEYS));
  return [query, ...chosen];
};

/**
 * The shortest search that can be reached by taking parts away while `fails` holds, within a bound of tries.
 * @param {Input} input
 * @param {(input: Input) => Promise<boolean>} fails
 * @returns {Promise<Input>}
 */
export const shrunk = async ([query, ...keys], fails) => {
  let tries = 0;
  /** Takes parts away from a text or a list. */
  const shorter = async (list, holds) => {
    for (let size = Math.ceil(list.length / 2); size > 0 && tries < MOST_TRIES;) {
      const { length } = list;
      for (let at = 0; at < list.length && tries < MOST_TRIES; tries++) {
        const without = [...list.slice(0, at), ...list.slice(at + size)];
        if (await holds(without)) list = without;
        else at += size;
      }
      if (list.length === length || size > 1) size = Math.floor(size / 2);
    }
    return list;
  };
  keys = await shorter(keys, (fewer) => fails([query, ...fewer]));
  const units = await shorter(query.split(""), (fewer) => fails([fewer.join(""), ...keys]));
  return [units.join(""), ...keys];
};
