// The binary files of the index, as src/search/shard.rs writes them, and lists of words in them as entries.

/**
 * A reader of numbers in seven-bit groups, the lowest first (LEB128), and of runs of bytes.
 * @param {Uint8Array} bytes
 */
const byteReader = (bytes) => {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (!(byte > 127)) return value;
    }
  };
  /** @param {number} length */
  const take = (length) => bytes.subarray(at, (at += length));
  return { varint, take };
};

/**
 * A word and its postings. What begins with a control character is no word: see docs/search.md.
 * @typedef {object} Entry
 * @property {string} word
 * @property {number} shard the shard that it lies in
 * @property {number} row its row there
 * @property {Entry[]} stemClass all words of this shard with its stem, itself among them
 * @property {string[]} formsElsewhere words of other shards with its stem
 * @property {Uint32Array} pages the pages that have it
 * @property {Uint8Array} impacts how much it says about each of them, as 30-rank.js reads it
 */

/**
 * The entries of a shard by their words.
 * @param {Uint8Array} bytes
 * @param {number} shard its number
 */
const decodeShard = (bytes, shard) => {
  const { varint, take } = byteReader(bytes);
  const lines = new TextDecoder().decode(take(varint())).split("\n");
  const column = () => lines.map(varint);
  // What each word shares with the front of the one before; how many rows back a form of it stands; its pages.
  const [sharedLengths, distances, pageCounts] = [column(), column(), column()];
  /** @type {Entry[]} */
  const rows = [];
  let word = "";
  for (const [row, line] of lines.entries()) {
    const [rest, ...formsElsewhere] = line.split(" ");
    word = word.slice(0, sharedLengths[row]) + rest;
    let page = -1;
    const pages = Uint32Array.from({ length: pageCounts[row] }, () => (page += varint()));
    const stemClass = distances[row] ? rows[row - distances[row]].stemClass : [];
    const entry = { word, shard, row, stemClass, formsElsewhere, pages, impacts: new Uint8Array() };
    stemClass.push(entry);
    rows.push(entry);
  }
  for (const entry of rows) entry.impacts = take(entry.pages.length);
  return new Map(rows.map((entry) => [entry.word, entry]));
};

/**
 * A reader of the positions of one entry, page by page; none where the index has no positions of it.
 * @param {Uint8Array} bytes the positions of a whole shard
 * @param {Entry} entry
 */
const positionsReader = (bytes, entry) => {
  const { varint, take } = byteReader(bytes);
  for (let row = 0; row < entry.row; row++) take(varint());
  if (!varint()) return null;
  /** The positions on the next page of the entry. */
  return () => {
    let position = 0;
    return Array.from({ length: varint() }, () => (position += varint()));
  };
};
