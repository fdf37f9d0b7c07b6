// What a missing address says, and how near another is to it. No DOM.

/** Letters without case and marks. @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The words of a part of an address, or of a phrase.
 * @param {string} text
 * @returns {string[]}
 */
const wordsOf = (text) => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * The parts of an address below the site's root, decoded, without what only names a file.
 * @param {string} path
 * @param {string} root
 */
const pathParts = (path, root) => {
  let below = path.startsWith(root) ? path.slice(root.length) : path;
  try {
    below = decodeURIComponent(below);
  } catch {
    // Shown as it is written.
  }
  const parts = below.split("/").filter((part) => part);
  const last = parts.pop()?.replace(/\.(html?|md|php|aspx?)$/i, "");
  return last && last !== "index" ? [...parts, last] : parts;
};

/**
 * How many letters have to be put in, left out or changed to make one text of the other.
 * @param {string} one
 * @param {string} other
 */
const distance = (one, other) => {
  let row = [...other, ""].map((_, n) => n);
  [...one].forEach((letter, n) => {
    let above = n;
    row = row.reduce((/** @type {number[]} */ next, up, at) => {
      next.push(at === 0 ? n + 1 : Math.min(up + 1, next[at - 1] + 1, above + Number(letter !== other[at - 1])));
      above = up;
      return next;
    }, []);
  });
  return row[other.length];
};

/** Longer texts are compared by their words alone. */
const LONGEST = 80;

/**
 * How much of two texts is alike, 1 where all is: by letters, or by words where these stand in another order.
 * @param {string} one
 * @param {string} other
 */
const likeness = (one, other) => {
  const [these, those] = [wordsOf(one), wordsOf(other)];
  const most = Math.max(these.length, those.length);
  if (most === 0) return 0;
  const shared = these.filter((word) => those.includes(word)).length / most;
  const [text, second] = [these.join(" "), those.join(" ")];
  const longest = Math.max(text.length, second.length);
  return longest > LONGEST ? shared : Math.max(shared, 1 - distance(text, second) / longest);
};
