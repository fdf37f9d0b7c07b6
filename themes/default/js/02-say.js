// What is shown: phrases of `words`, which begins each bundle, with values in the place of their names.

/**
 * A text, or one for each plural category of the language (https://cldr.unicode.org/index/cldr-spec/plural-rules).
 * @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Phrase
 */

const plurals = (() => {
  try {
    return new Intl.PluralRules(document.documentElement.lang);
  } catch {
    return new Intl.PluralRules("en");
  }
})();

/**
 * The text of a phrase. `{name}` stands for a value, and `count` chooses among plural forms.
 * @param {Phrase} phrase
 * @param {Record<string, string | number>} [values]
 */
const say = (phrase, values = {}) => {
  const text = typeof phrase === "string" ? phrase : (phrase[plurals.select(Number(values.count))] ?? phrase.other);
  return String(text).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
};
